package dev.pactwatch.notify.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Leaves an endpoint alone that fails most of the time: opens when of at least ten attempts in five
 * minutes at least seven in ten failed, lets one attempt through after thirty seconds, and waits
 * twice as long each time that one fails, up to a quarter of an hour. For one thread.
 */
final class Breaker {

  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int LEAST = 10;
  private static final double SHARE = 0.7;
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private record Attempt(Instant at, boolean failed) {}

  private final Deque<Attempt> attempts = new ArrayDeque<>();
  private int failures;
  private Instant until;
  private Duration pause = FIRST;

  /**
   * @param until when it was open until, before this process began; null where it was not
   */
  Breaker(Instant until) {
    this.until = until;
  }

  /** Until when everything is held back; null where it is not. After that time one may try. */
  Instant until() {
    return until;
  }

  /** Whether it is open, or waits for the one that tries. */
  boolean open() {
    return until != null;
  }

  /**
   * Takes note of an attempt.
   *
   * @return whether it has opened or closed by that
   */
  boolean note(boolean failed, Instant now) {
    if (until != null) {
      if (!failed) {
        until = null;
        pause = FIRST;
        attempts.clear();
        failures = 0;
        return true;
      }
      if (now.isBefore(until)) {
        // One that was under way when it opened.
        return false;
      }
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST) > 0) {
        pause = LONGEST;
      }
      until = now.plus(pause);
      return true;
    }
    attempts.add(new Attempt(now, failed));
    failures += failed ? 1 : 0;
    while (attempts.peek().at().isBefore(now.minus(WINDOW))) {
      failures -= attempts.remove().failed() ? 1 : 0;
    }
    if (attempts.size() >= LEAST && failures >= SHARE * attempts.size()) {
      until = now.plus(pause);
      return true;
    }
    return false;
  }
}
