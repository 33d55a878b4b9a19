package dev.pactwatch.notify.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/** When what matches is told. */
public sealed interface Timing {

  /** Every revision by itself, as soon as it is known. */
  record AtOnce() implements Timing {}

  /** What alerts of one group have in common. */
  enum Label {
    ALERT,
    AGREEMENT,
    ORGANISATIONS,
    RELATION,
    EVENT_TYPE,
    SEVERITY,
    STATUS;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * In groups, with Alertmanager's meaning.
   *
   * @param by what members share; empty puts everything into one group
   * @param groupWait from the first alert of a group to its first message
   * @param groupInterval between messages of a group when something was added
   * @param repeatInterval between messages when nothing was, as long as something is open and not
   *     acknowledged; null for never
   */
  record Grouped(
      List<Label> by, Duration groupWait, Duration groupInterval, Duration repeatInterval)
      implements Timing {

    public Grouped {
      by = List.copyOf(by);
    }
  }

  /** How often a digest is sent. */
  enum Every {
    HOUR,
    DAY,
    WEEK
  }

  /**
   * Everything since the last one in one message.
   *
   * @param at the time of day; of an hourly digest only its minute counts
   * @param on the day of a weekly digest
   * @param zone the subscriber's
   */
  record Digest(Every every, LocalTime at, DayOfWeek on, ZoneId zone) implements Timing {}
}
