/**
 * From alerts to subscribers: subscriptions and their filters, channels, retries.
 *
 * <p>Every subscription reads {@code alerts.v1} in a consumer group of its own and commits an
 * offset only once the delivery behind it is settled, so one that fails delays no other and nothing
 * is lost when the process is killed. What is sent again carries the same id and the same bytes.
 */
package dev.pactwatch.notify;
