package dev.pactwatch.notify.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Several time intervals taken together. */
final class IntervalTimes {

  /** Intervals that follow each other for longer than this are asked again then. */
  private static final Duration HORIZON = Duration.ofDays(400);

  private IntervalTimes() {}

  /** Name of the first that covers the moment; one that does not exist covers nothing. */
  static Optional<String> covering(
      Collection<String> names, Map<String, TimeInterval> intervals, Instant at) {
    return names.stream()
        .filter(name -> intervals.containsKey(name) && intervals.get(name).covers(at))
        .findFirst();
  }

  /**
   * When the first moment after now comes at which any covers, if none does now, or none, if any
   * does. Empty where it never comes or not before the end; after a long time without a break, some
   * moment at which to ask again.
   *
   * @param end null for none
   */
  static Optional<Instant> nextChange(
      Collection<String> names, Map<String, TimeInterval> intervals, Instant now, Instant end) {
    boolean covered = covering(names, intervals, now).isPresent();
    List<TimeInterval> known = names.stream().map(intervals::get).filter(Objects::nonNull).toList();
    Instant at = now;
    while (true) {
      Instant from = at;
      Optional<Instant> next =
          known.stream()
              .map(interval -> interval.nextChange(from))
              .flatMap(Optional::stream)
              .min(Instant::compareTo);
      if (next.isEmpty() || (end != null && !next.get().isBefore(end))) {
        return Optional.empty();
      }
      at = next.get();
      if (covering(names, intervals, at).isPresent() != covered || at.isAfter(now.plus(HORIZON))) {
        return next;
      }
    }
  }
}
