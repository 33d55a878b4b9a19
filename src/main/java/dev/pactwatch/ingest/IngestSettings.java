package dev.pactwatch.ingest;

import java.time.Duration;
import java.util.Set;

/**
 * How feeds are polled.
 *
 * @param floor shortest interval between two polls of a feed
 * @param cap longest interval
 * @param base interval after the first poll of a feed, and the longest one for a feed that had
 *     something new within a week
 * @param workers polls at the same time
 * @param perDomain polls at the same time of one registrable domain
 * @param spacing between two starts on one registrable domain
 * @param hostsOnTheirOwn registrable domains under which many independent sites live: there a
 *     {@code Retry-After} and the limits hold for the host alone
 * @param moveSightings how often a permanent redirect must be seen before it is believed
 * @param moveAge how long it must have been seen
 * @param remember items kept per feed besides those in its latest document
 * @param unconditionalEvery how often a feed is asked without validators, to catch wrong ones
 * @param maxArticleBytes of an article as JSON; larger ones are rejected, for the broker would
 * @param seed of the jitter
 * @param health when an operator is told of a feed
 */
public record IngestSettings(
    Duration floor,
    Duration cap,
    Duration base,
    int workers,
    int perDomain,
    Duration spacing,
    Set<String> hostsOnTheirOwn,
    int moveSightings,
    Duration moveAge,
    int remember,
    Duration unconditionalEvery,
    int maxArticleBytes,
    long seed,
    HealthLimits health) {

  public IngestSettings {
    hostsOnTheirOwn = Set.copyOf(hostsOnTheirOwn);
    if (floor.compareTo(base) > 0 || base.compareTo(cap) > 0) {
      throw new IllegalArgumentException("floor, base and cap must not decrease");
    }
    if (workers < 1 || perDomain < 1 || remember < 0) {
      throw new IllegalArgumentException("workers, perDomain and remember are too small");
    }
  }

  /** 10 minutes to 24 hours around 1 hour; 8 workers; 2 per domain, 5 seconds apart. */
  public static IngestSettings defaults() {
    return new IngestSettings(
        Duration.ofMinutes(10),
        Duration.ofHours(24),
        Duration.ofHours(1),
        8,
        2,
        Duration.ofSeconds(5),
        Set.of(),
        3,
        Duration.ofHours(24),
        200,
        Duration.ofHours(24),
        900_000,
        1L,
        HealthLimits.defaults());
  }

  /** The same with other pauses. */
  public IngestSettings withPauses(Duration floor, Duration base, Duration spacing) {
    return new IngestSettings(
        floor,
        cap,
        base,
        workers,
        perDomain,
        spacing,
        hostsOnTheirOwn,
        moveSightings,
        moveAge,
        remember,
        unconditionalEvery,
        maxArticleBytes,
        seed,
        health);
  }

  /** The same with another number of polls at the same time. */
  public IngestSettings withWorkers(int workers) {
    return new IngestSettings(
        floor,
        cap,
        base,
        workers,
        perDomain,
        spacing,
        hostsOnTheirOwn,
        moveSightings,
        moveAge,
        remember,
        unconditionalEvery,
        maxArticleBytes,
        seed,
        health);
  }

  /** The same with other limits for notices. */
  public IngestSettings withHealth(HealthLimits health) {
    return new IngestSettings(
        floor,
        cap,
        base,
        workers,
        perDomain,
        spacing,
        hostsOnTheirOwn,
        moveSightings,
        moveAge,
        remember,
        unconditionalEvery,
        maxArticleBytes,
        seed,
        health);
  }

  /** The same with other domains whose hosts stand each for itself. */
  public IngestSettings withHostsOnTheirOwn(Set<String> hostsOnTheirOwn) {
    return new IngestSettings(
        floor,
        cap,
        base,
        workers,
        perDomain,
        spacing,
        hostsOnTheirOwn,
        moveSightings,
        moveAge,
        remember,
        unconditionalEvery,
        maxArticleBytes,
        seed,
        health);
  }
}
