/**
 * Polls feeds over HTTP and writes articles. {@link dev.pactwatch.ingest.Poller} decides when and
 * runs the workers, {@link dev.pactwatch.ingest.FeedPoll} does one poll of one feed, {@link
 * dev.pactwatch.ingest.PollSchedule} says when to come back and why, and {@link
 * dev.pactwatch.ingest.FeedLog} makes articles and the feed's new state durable in one step.
 */
package dev.pactwatch.ingest;
