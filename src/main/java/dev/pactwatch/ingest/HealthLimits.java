package dev.pactwatch.ingest;

import java.time.Duration;

/**
 * When an operator is told of a feed.
 *
 * @param brokenAfter polls in a row that fail before the feed is broken
 * @param silentGaps how many usual pauses without anything new make a silence
 * @param silentAtLeast no shorter time is a silence: a weekend is none
 */
public record HealthLimits(int brokenAfter, int silentGaps, Duration silentAtLeast) {

  public HealthLimits {
    if (brokenAfter < 1 || silentGaps < 1 || silentAtLeast.isNegative()) {
      throw new IllegalArgumentException("brokenAfter and silentGaps must be 1 or more");
    }
  }

  /** After 5 failures; after 5 usual pauses and 3 days. */
  public static HealthLimits defaults() {
    return new HealthLimits(5, 5, Duration.ofDays(3));
  }
}
