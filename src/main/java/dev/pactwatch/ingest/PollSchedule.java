package dev.pactwatch.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Says when to ask a feed again. After a good poll that is the longest of what the polls taught and
 * what the publisher asked for, held between floor and cap; after a bad one an exponential backoff
 * with full jitter. Decides from its arguments and the injected randomness alone.
 *
 * <p>What the polls teach: an interval is too long when less than a third of a document was known
 * already, for then items may have scrolled out unseen; it is good up to two thirds; above, it may
 * grow. For a feed that had something new within a week it grows up to the base only, since here
 * the delay of an alert counts as much as a request saved. Dates of items have no say, so a feed
 * without dates is treated like any other.
 */
public final class PollSchedule {

  private static final Duration LIVELY = Duration.ofDays(7);
  private static final Duration DORMANT = Duration.ofDays(30);
  private static final long STEP_SECONDS = 600;
  private static final int RELAXED = 12;
  private static final int MAX_EXPONENT = 20;
  private static final Duration LONGEST_SKIP = Duration.ofDays(7);

  private final IngestSettings settings;
  private final Random random;

  /**
   * @param random source of the jitter; used under this object's lock
   */
  public PollSchedule(IngestSettings settings, Random random) {
    this.settings = settings;
    this.random = random;
  }

  /** How bad a failure is; a worse one waits longer from the start. */
  public enum Weight {
    /** Likely to pass by itself: timeouts, 5xx. */
    TEMPORARY(0),
    /** The server answers, but not with a feed. */
    SOFT(1),
    /** The server says no, or the address is not one to ask. */
    HARD(3);

    private final int exponent;

    Weight(int exponent) {
      this.exponent = exponent;
    }
  }

  /**
   * A good poll.
   *
   * @param pause since the good poll before; zero for none
   * @param adaptive the interval learnt so far; zero for none
   * @param fresh new and changed items
   * @param known items seen before; for an unchanged document 0
   * @param lastNew when something new last came, this poll included; null for never
   * @param pushed until when a hub that has proved itself pushes; null for not
   */
  public record Good(
      Instant now,
      boolean first,
      Duration pause,
      Duration adaptive,
      int fresh,
      int known,
      Instant lastNew,
      FeedHints hints,
      CacheHints cache,
      Instant pushed) {}

  /** The interval that this poll teaches. */
  public PollDecision.Input learn(Good poll) {
    Duration base = settings.base();
    if (poll.first() || poll.adaptive().isZero()) {
      return new PollDecision.Input("adaptive", base.toSeconds(), "first poll");
    }
    Duration interval = poll.adaptive();
    int items = poll.fresh() + poll.known();
    if (poll.fresh() == 0) {
      return adaptive(
          min(longest(poll), interval.multipliedBy(3).dividedBy(2)),
          items == 0 ? "unchanged" : "nothing new in " + items + " items");
    }
    int overlap = 100 * poll.known() / items;
    String note = overlap + " % of " + items + " items known";
    if (overlap < 33 && poll.pause().compareTo(interval.multipliedBy(3).dividedBy(2)) > 0) {
      // An outage, or a wish of the publisher: what was missed says nothing about the interval.
      return adaptive(interval, note + ", but after a longer pause than planned");
    }
    if (overlap < 33) {
      return adaptive(interval.dividedBy(2), note);
    }
    if (overlap < 67) {
      return adaptive(interval, note);
    }
    return adaptive(min(longest(poll), interval.plusSeconds(STEP_SECONDS)), note);
  }

  private Duration longest(Good poll) {
    Duration quiet =
        poll.lastNew() == null ? DORMANT : Duration.between(poll.lastNew(), poll.now());
    if (quiet.compareTo(LIVELY) < 0) {
      return settings.base();
    }
    return quiet.compareTo(DORMANT) < 0
        ? min(settings.cap(), settings.base().multipliedBy(4))
        : settings.cap();
  }

  private PollDecision.Input adaptive(Duration interval, String note) {
    Duration held = min(settings.cap(), max(settings.floor(), interval));
    return new PollDecision.Input("adaptive", held.toSeconds(), note);
  }

  /** When to come back after a good poll. */
  public PollDecision after(Good poll) {
    List<PollDecision.Input> inputs = new ArrayList<>();
    inputs.add(learn(poll));
    if (poll.hints().ttlMinutes() > 0) {
      inputs.add(
          new PollDecision.Input(
              "ttl",
              seconds(Math.min(poll.hints().ttlMinutes(), 10_000_000) * 60),
              poll.hints().ttlMinutes() + " minutes, says the feed"));
    }
    if (poll.hints().updateSeconds() > 0) {
      inputs.add(
          new PollDecision.Input(
              "sy", seconds(poll.hints().updateSeconds()), "update period of the feed"));
    }
    add(inputs, "max-age", poll.cache().maxAge(), "Cache-Control less Age");
    // max-age overrides Expires where both are given (RFC 9111, 5.3).
    if (poll.cache().maxAge().isEmpty()) {
      add(inputs, "expires", poll.cache().expires(), "Expires");
    }
    add(inputs, "retry-after", poll.cache().retryAfter(), "Retry-After");
    if (poll.pushed() != null) {
      // A poll remains, to see that nothing is missing, and one before the lease ends.
      Duration relaxed = settings.base().multipliedBy(RELAXED);
      Duration lease = Duration.between(poll.now(), poll.pushed());
      inputs.add(
          new PollDecision.Input(
              "push",
              seconds(min(relaxed, lease).toSeconds()),
              "its hub pushes, and has proved it"));
    }
    return decide(poll.now(), inputs, poll.hints(), true);
  }

  /**
   * When to come back after a bad poll.
   *
   * @param failures in a row, this one included
   */
  public PollDecision afterFailure(
      Instant now, int failures, Weight weight, CacheHints cache, FeedHints hints) {
    List<PollDecision.Input> inputs = new ArrayList<>();
    int exponent = Math.min(MAX_EXPONENT, Math.max(0, failures - 1) + weight.exponent + 1);
    long floor = settings.floor().toSeconds();
    long cap = settings.cap().toSeconds();
    long span = Math.min(cap - floor, Math.max(1, floor) << exponent);
    // Full jitter, above the floor: feeds that failed together do not come back together.
    long wait = floor + below(span + 1);
    inputs.add(
        new PollDecision.Input(
            "backoff",
            wait,
            "failure "
                + failures
                + ", "
                + weight.name().toLowerCase(Locale.ROOT)
                + ", at random up to "
                + (floor + span)));
    add(inputs, "retry-after", cache.retryAfter(), "Retry-After");
    return decide(now, inputs, hints, false);
  }

  /** When to come back after the server asked for time, which is no failure. */
  public PollDecision afterThrottle(
      Instant now, Duration adaptive, CacheHints cache, FeedHints hints) {
    List<PollDecision.Input> inputs = new ArrayList<>();
    Duration interval = adaptive.isZero() ? settings.base() : adaptive;
    inputs.add(new PollDecision.Input("adaptive", interval.toSeconds(), "as before"));
    add(inputs, "retry-after", cache.retryAfter(), "Retry-After");
    return decide(now, inputs, hints, true);
  }

  private static void add(
      List<PollDecision.Input> inputs, String source, OptionalLong value, String note) {
    value.ifPresent(wanted -> inputs.add(new PollDecision.Input(source, seconds(wanted), note)));
  }

  /** A publisher may write any number; a year is as good as for ever here. */
  private static long seconds(long wanted) {
    return Math.min(wanted, Duration.ofDays(365).toSeconds());
  }

  private PollDecision decide(
      Instant now, List<PollDecision.Input> inputs, FeedHints hints, boolean spread) {
    PollDecision.Input winner = inputs.get(0);
    for (PollDecision.Input input : inputs) {
      winner = input.seconds() > winner.seconds() ? input : winner;
    }
    long wait = winner.seconds();
    String because = winner.source();
    long floor = settings.floor().toSeconds();
    long cap = settings.cap().toSeconds();
    if (wait < floor) {
      wait = floor;
      because = "floor";
      inputs.add(new PollDecision.Input("floor", floor, "never more often"));
    } else if (wait > cap) {
      wait = cap;
      because = "cap";
      inputs.add(new PollDecision.Input("cap", cap, "never less often"));
    }
    if (spread && wait < cap) {
      long jitter = Math.min(cap - wait, below(wait / 20 + 1));
      wait += jitter;
      inputs.add(new PollDecision.Input("jitter", jitter, "added, up to a twentieth"));
    }
    Instant at = now.plusSeconds(wait);
    Instant allowed = skip(at, hints);
    if (allowed.isAfter(at)) {
      // Whole seconds, the last one begun: a moment before the hour is still within it.
      wait = Duration.between(now, allowed).plusNanos(999_999_999).toSeconds();
      because = "skip";
      inputs.add(new PollDecision.Input("skip", wait, "skipHours and skipDays of the feed"));
    }
    return new PollDecision(now.plusSeconds(wait), wait, because, inputs);
  }

  /** The first moment that the feed does not ask to skip; a feed that skips all is not believed. */
  private static Instant skip(Instant at, FeedHints hints) {
    Instant candidate = at;
    Instant end = at.plus(LONGEST_SKIP);
    while (candidate.isBefore(end)) {
      ZonedDateTime time = candidate.atZone(ZoneOffset.UTC);
      if (!hints.skipHours().contains(time.getHour())
          && !hints.skipDays().contains(time.getDayOfWeek())) {
        return candidate;
      }
      candidate = candidate.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }
    return at;
  }

  private long below(long bound) {
    synchronized (random) {
      return (long) (random.nextDouble() * bound);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
