package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.subscription.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps alerts from being told for a time.
 *
 * @param startsAt first moment of it
 * @param endsAt first moment after it; null only where {@code expireAfterIdle} ends it
 * @param createdBy who answers for it
 * @param during names of time intervals in which alone it holds; empty for all of the time
 * @param expireAfterIdle ends it when nothing has matched for this long; null for never
 * @param lastMatched when something matched last; null for not yet
 */
public record Silence(
    String id,
    Matchers matchers,
    Instant startsAt,
    Instant endsAt,
    String createdBy,
    String comment,
    List<String> during,
    Duration expireAfterIdle,
    AtEnd atEnd,
    Instant lastMatched) {

  private static final int MAX_COMMENT = 2_000;
  private static final Duration LONGEST = Duration.ofDays(5 * 366);

  public Silence {
    during = List.copyOf(during);
  }

  /** What becomes of alerts that are still open when it ends. */
  public enum AtEnd {
    /** They are told then. */
    SEND,
    /** They stay untold, but for withdrawals and later revisions. */
    DROP;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /** Where a silence stands. */
  public enum State {
    /** It has not begun. */
    PENDING,
    /** It keeps what matches from being told. */
    ACTIVE,
    /** It rests until the next of its intervals. */
    RESTING,
    /** It is over for good. */
    EXPIRED;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * @param intervals by name; one that is not there covers nothing
   */
  public State state(Instant now, Map<String, TimeInterval> intervals) {
    if (now.isBefore(startsAt)) {
      return State.PENDING;
    }
    Instant end = end();
    if (end != null && !now.isBefore(end)) {
      return State.EXPIRED;
    }
    return during.isEmpty() || covered(now, intervals) ? State.ACTIVE : State.RESTING;
  }

  /** When the state is another for the first time after now; empty where it never will be. */
  public Optional<Instant> nextChange(Instant now, Map<String, TimeInterval> intervals) {
    State state = state(now, intervals);
    Instant end = end();
    if (state == State.EXPIRED) {
      return Optional.empty();
    }
    if (state == State.PENDING) {
      return Optional.of(startsAt);
    }
    Instant next = during.isEmpty() ? null : nextCover(now, end, intervals);
    if (next == null || (end != null && end.isBefore(next))) {
      return Optional.ofNullable(end);
    }
    return Optional.of(next);
  }

  /** Whether the alert is not to be told now. */
  public boolean silences(Alert alert, Instant now, Map<String, TimeInterval> intervals) {
    return state(now, intervals) == State.ACTIVE && matchers.matches(alert);
  }

  /** The same, of which something matched at this time. */
  public Silence matchedAt(Instant at) {
    return new Silence(
        id, matchers, startsAt, endsAt, createdBy, comment, during, expireAfterIdle, atEnd, at);
  }

  /** The same, which ends no later than at this time. */
  public Silence endedAt(Instant at) {
    Instant end = endsAt == null || at.isBefore(endsAt) ? at : endsAt;
    return new Silence(
        id,
        matchers,
        startsAt,
        end,
        createdBy,
        comment,
        during,
        expireAfterIdle,
        atEnd,
        lastMatched);
  }

  /** The earlier of its end and of what idleness makes its end. */
  private Instant end() {
    if (expireAfterIdle == null) {
      return endsAt;
    }
    Instant since = lastMatched == null || lastMatched.isBefore(startsAt) ? startsAt : lastMatched;
    Instant idle = since.plus(expireAfterIdle);
    return endsAt == null || idle.isBefore(endsAt) ? idle : endsAt;
  }

  private boolean covered(Instant at, Map<String, TimeInterval> intervals) {
    return during.stream()
        .map(intervals::get)
        .anyMatch(interval -> interval != null && interval.covers(at));
  }

  /** When the intervals together begin or cease to cover; null for never before the end. */
  private Instant nextCover(Instant now, Instant end, Map<String, TimeInterval> intervals) {
    return IntervalTimes.nextChange(during, intervals, now, end).orElse(null);
  }

  /**
   * Reads a document: {@code matchers}, {@code starts-at} (default now), {@code ends-at} or {@code
   * lasts}, {@code comment}, {@code during}, {@code expire-after-idle}, {@code at-end}.
   *
   * @param known whether there is a time interval of this name
   */
  public static Silence read(
      Yaml item, String id, String createdBy, Instant now, Predicate<String> known) {
    item.map(
        Set.of(
            "matchers",
            "starts-at",
            "ends-at",
            "lasts",
            "comment",
            "during",
            "expire-after-idle",
            "at-end"));
    Matchers matchers = Matchers.read(item.need("matchers"));
    Instant starts = item.get("starts-at").map(Silence::instant).orElse(now);
    Optional<Yaml> ends = item.get("ends-at");
    Optional<Yaml> lasts = item.get("lasts");
    if (ends.isPresent() && lasts.isPresent()) {
      throw lasts.get().problem("must not stand beside 'ends-at'");
    }
    Instant end =
        ends.map(Silence::instant)
            .or(() -> lasts.map(Durations::readPositive).map(starts::plus))
            .orElse(null);
    Duration idle = item.get("expire-after-idle").map(Durations::readPositive).orElse(null);
    if (end == null && idle == null) {
      throw item.problem("lacks an end: 'ends-at', 'lasts' or 'expire-after-idle'");
    }
    if (end != null
        && (!end.isAfter(starts)
            || !end.isAfter(now)
            || Duration.between(starts, end).compareTo(LONGEST) > 0)) {
      throw ends.or(() -> lasts)
          .orElse(item)
          .problem("must end after its start and after now, and within five years");
    }
    String comment = item.need("comment").text();
    if (comment.isBlank() || comment.length() > MAX_COMMENT) {
      throw item.need("comment").problem("must be a text of up to " + MAX_COMMENT + " characters");
    }
    List<String> during = item.get("during").map(Yaml::texts).orElse(List.of());
    for (String name : during) {
      if (!known.test(name)) {
        throw item.need("during").problem("'" + name + "' is no time interval");
      }
    }
    return new Silence(
        id,
        matchers,
        starts,
        end,
        createdBy,
        comment,
        during,
        idle,
        item.get("at-end").map(value -> value.oneOf(AtEnd.class)).orElse(AtEnd.SEND),
        null);
  }

  private static Instant instant(Yaml field) {
    try {
      return OffsetDateTime.parse(field.text()).toInstant();
    } catch (DateTimeParseException e) {
      throw field.problem(
          "must be a time such as 2026-03-18T09:30:00Z, not '" + field.text() + "'");
    }
  }
}
