package dev.pactwatch.notify.delivery;

import com.google.common.util.concurrent.RateLimiter;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Target;
import java.time.Instant;

/** What this process knows of a subscription's receiver while it sends. For one thread. */
final class Endpoint {

  /** An endpoint whose attempts take longer than this leaves most of the workers to others. */
  private static final double SLOW_MILLIS = 1_000;

  private static final int AT_ONCE = 8;
  private static final double CHAT_PER_SECOND = 1;
  private static final double WEIGHT = 0.3;

  private final Subscription subscription;
  private final Breaker breaker;
  private final RateLimiter limiter;
  private final int most;
  private int allowed = 1;
  private int underWay;
  private double millis;
  private boolean failing;

  Endpoint(Subscription subscription, Instant pausedUntil) {
    this.subscription = subscription;
    this.breaker = new Breaker(pausedUntil);
    double perSecond = perSecond(subscription);
    this.limiter = perSecond > 0 ? RateLimiter.create(perSecond) : null;
    this.most = atOnce(subscription);
  }

  Subscription subscription() {
    return subscription;
  }

  Breaker breaker() {
    return breaker;
  }

  int underWay() {
    return underWay;
  }

  /** Whether it is to leave workers to others. */
  boolean slow() {
    return failing || millis > SLOW_MILLIS;
  }

  /** How many more may be sent now; takes what it gives from the limit of the rate. */
  int permits(Instant now, int wanted) {
    if (breaker.open()) {
      if (underWay > 0 || now.isBefore(breaker.until())) {
        return 0;
      }
      return Math.min(1, wanted);
    }
    int room = Math.min(wanted, allowed - underWay);
    if (limiter == null || room <= 0) {
      return Math.max(0, room);
    }
    int granted = 0;
    while (granted < room && limiter.tryAcquire()) {
      granted++;
    }
    return granted;
  }

  /** Whether the rate alone holds it back. */
  boolean limited() {
    return limiter != null;
  }

  void started() {
    underWay++;
  }

  /** One has come back that was not sent at all. */
  void unsent() {
    underWay--;
  }

  /**
   * @return whether its breaker has opened or closed by that
   */
  boolean ended(boolean failed, long took, Instant now) {
    underWay--;
    failing = failed;
    millis = (1 - WEIGHT) * millis + WEIGHT * took;
    // Who answers well is asked more at a time, who does not starts over.
    allowed = failed ? 1 : Math.min(most, allowed + 1);
    return breaker.note(failed, now);
  }

  private static int atOnce(Subscription subscription) {
    if (subscription.rate() != null && subscription.rate().atOnce() > 0) {
      return subscription.rate().atOnce();
    }
    // One after the other, for who reads them in the order in which they come.
    return subscription.target() instanceof Target.Console
            || subscription.target() instanceof Target.Chat
            || subscription.target() instanceof Target.Ntfy
        ? 1
        : AT_ONCE;
  }

  private static double perSecond(Subscription subscription) {
    if (subscription.rate() != null && subscription.rate().perMinute() > 0) {
      return subscription.rate().perMinute() / 60.0;
    }
    // What Slack allows; the others are near it.
    return subscription.target() instanceof Target.Chat ? CHAT_PER_SECOND : 0;
  }
}
