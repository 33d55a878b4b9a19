package dev.pactwatch.notify;

import dev.pactwatch.alert.Alert;

/**
 * One revision of an alert on its way to one subscription.
 *
 * @param alert for channels that show it
 * @param json the record's value as it stands in the topic, for channels that pass it on: the same
 *     bytes on every attempt, whatever version of the program makes it
 */
record Delivery(String subscription, Alert alert, byte[] json) {}
