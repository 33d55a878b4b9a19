package dev.pactwatch.notify.policy;

import dev.pactwatch.notify.subscription.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** When digests are sent. */
public final class DigestTimes {

  private DigestTimes() {}

  /**
   * The first time after this moment. Of a day on which the clock is put forward over the time, the
   * moment it is put forward; of one on which the clock shows it twice, the first. An hourly digest
   * is sent whenever the clock shows its minute, so 25 times on such a day, and 23 on the other.
   */
  public static Instant next(Timing.Digest digest, Instant after) {
    return switch (digest.every()) {
      case HOUR -> nextHour(digest, after);
      case DAY -> nextDay(digest, after, 1);
      case WEEK -> nextDay(digest, after, 7);
    };
  }

  private static Instant nextDay(Timing.Digest digest, Instant after, int days) {
    LocalDate date = after.atZone(digest.zone()).toLocalDate().minusDays(1);
    if (days == 7) {
      date = date.with(TemporalAdjusters.previousOrSame(digest.on()));
    }
    while (true) {
      Instant at = LocalTimes.first(date.atTime(digest.at()), digest.zone());
      if (at.isAfter(after)) {
        return at;
      }
      date = date.plusDays(days);
    }
  }

  private static Instant nextHour(Timing.Digest digest, Instant after) {
    // An hour back, since the clock may show the hour that has begun once more.
    LocalDateTime hour =
        after
            .atZone(digest.zone())
            .toLocalDateTime()
            .truncatedTo(ChronoUnit.HOURS)
            .withMinute(digest.at().getMinute())
            .minusHours(1);
    Instant next = null;
    for (int ahead = 0; ahead < 5; ahead++) {
      for (ZoneOffset offset : digest.zone().getRules().getValidOffsets(hour.plusHours(ahead))) {
        Instant at = hour.plusHours(ahead).toInstant(offset);
        if (at.isAfter(after) && (next == null || at.isBefore(next))) {
          next = at;
        }
      }
    }
    return next;
  }
}
