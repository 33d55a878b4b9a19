package dev.pactwatch.notify.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * When to try again: unless a subscription has pauses of its own, the schedule of Standard Webhooks
 * 1.0.0, ten attempts over 75 hours 35 minutes and 5 seconds. Each pause is up to a fifth shorter
 * or longer, so that receivers that failed together are not asked together.
 */
final class RetrySchedule {

  /** Of Standard Webhooks. */
  static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final double JITTER = 0.2;

  private final Supplier<? extends RandomGenerator> random;

  RetrySchedule(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  /**
   * The pause before the next attempt; empty when there is none.
   *
   * @param pauses a subscription's own; empty for the usual ones
   * @param attempts made so far, at least 1
   * @param notBefore the least pause, which jitter does not shorten
   */
  Optional<Duration> pause(List<Duration> pauses, int attempts, Optional<Duration> notBefore) {
    List<Duration> schedule = pauses.isEmpty() ? PAUSES : pauses;
    if (attempts > schedule.size()) {
      return Optional.empty();
    }
    double factor = 1 - JITTER + 2 * JITTER * random.get().nextDouble();
    Duration pause = Duration.ofMillis(Math.round(schedule.get(attempts - 1).toMillis() * factor));
    return Optional.of(notBefore.filter(least -> least.compareTo(pause) > 0).orElse(pause));
  }
}
