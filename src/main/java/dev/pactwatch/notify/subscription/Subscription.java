package dev.pactwatch.notify.subscription;

import java.time.Duration;
import java.util.List;

/**
 * Who is told what, where and how.
 *
 * @param id unique; part of every idempotency key
 * @param owner who answers for it, in words; null where nobody is named
 * @param quiet null for none
 * @param muteTimes names of time intervals in which nothing is told
 * @param activeTimes names of time intervals outside of which nothing is told; empty for always
 * @param rate null for the channel's own
 * @param retries pauses between attempts; empty for the schedule of Standard Webhooks
 * @param latestOnly whether a revision that waits gives way to a newer one of its alert
 * @param notices id of another subscription through which the owner is told when this one fails;
 *     null for none
 */
public record Subscription(
    String id,
    String owner,
    Target target,
    Filter filter,
    Timing timing,
    QuietHours quiet,
    List<String> muteTimes,
    List<String> activeTimes,
    Start start,
    Rate rate,
    List<Duration> retries,
    boolean latestOnly,
    String notices) {

  public Subscription {
    muteTimes = List.copyOf(muteTimes);
    activeTimes = List.copyOf(activeTimes);
    retries = List.copyOf(retries);
  }

  /** Where a subscription begins that is new. */
  public enum Start {
    /** With the oldest alert that is kept. */
    BEGINNING,
    /** With the first alert after the subscription was first read. */
    NOW
  }

  /**
   * The most that is sent. What exceeds it waits.
   *
   * @param perMinute messages; 0 for the channel's own limit
   * @param atOnce messages on their way at the same time; 0 for the channel's own limit
   */
  public record Rate(int perMinute, int atOnce) {}
}
