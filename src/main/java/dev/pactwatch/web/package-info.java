/**
 * What people and programs see of alerts: REST, a resumable live stream, a page.
 *
 * <p>Every instance reads {@code alerts.v1} for itself, without a consumer group, into {@link
 * dev.pactwatch.web.AlertLog}; places in the stream are offsets of the topic, so a client may go on
 * at another instance.
 */
package dev.pactwatch.web;
