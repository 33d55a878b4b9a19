package dev.pactwatch.notify.channel;

/**
 * @param number 1 for the first
 * @param manual whether a person asked for it, rather than the schedule
 */
public record Attempt(int number, boolean manual) {}
