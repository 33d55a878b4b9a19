/** Subscriptions, routing, deliveries, channels. */
package dev.pactwatch.notify;
