package dev.pactwatch.ingest;

import java.time.DayOfWeek;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a feed says about how often to come.
 *
 * @param ttlMinutes RSS {@code ttl}; 0 for none
 * @param updateSeconds from {@code sy:updatePeriod} and {@code sy:updateFrequency}; 0 for none
 * @param skipHours hours of the day in UTC, 0 to 23, at which not to come
 * @param skipDays days in UTC at which not to come
 * @param hub address of its WebSub hub; null for none
 * @param self address by which the feed names itself; null for none
 */
public record FeedHints(
    long ttlMinutes,
    long updateSeconds,
    Set<Integer> skipHours,
    Set<DayOfWeek> skipDays,
    String hub,
    String self) {

  public static final FeedHints NONE = new FeedHints(0, 0, Set.of(), Set.of(), null, null);

  public FeedHints {
    ttlMinutes = Math.max(0, ttlMinutes);
    updateSeconds = Math.max(0, updateSeconds);
    // Sorted, so that the same hints are always written the same way.
    skipHours = Collections.unmodifiableSet(new TreeSet<>(skipHours));
    skipDays = Collections.unmodifiableSet(new TreeSet<>(skipDays));
  }

  /** The same with what the response's headers say, which is stronger than the document. */
  FeedHints with(Optional<String> otherHub, Optional<String> otherSelf) {
    return new FeedHints(
        ttlMinutes,
        updateSeconds,
        skipHours,
        skipDays,
        otherHub.orElse(hub),
        otherSelf.orElse(self));
  }
}
