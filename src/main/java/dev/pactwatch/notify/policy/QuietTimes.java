package dev.pactwatch.notify.policy;

import dev.pactwatch.notify.subscription.QuietHours;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/** When it is quiet. */
public final class QuietTimes {

  private static final int DAYS = 8;

  private QuietTimes() {}

  /** The first moment at which the quiet in which this moment lies is over; empty outside of it. */
  public static Optional<Instant> endOfQuiet(QuietHours quiet, Instant at) {
    LocalDate today = at.atZone(quiet.zone()).toLocalDate();
    Instant end = null;
    // A quiet that begins before the last has ended goes on.
    for (int day = -1; day < DAYS; day++) {
      LocalDate date = today.plusDays(day);
      if (!quiet.days().isEmpty() && !quiet.days().contains(date.getDayOfWeek())) {
        continue;
      }
      Instant from = LocalTimes.first(date.atTime(quiet.from()), quiet.zone());
      LocalDate last = quiet.to().isAfter(quiet.from()) ? date : date.plusDays(1);
      Instant to = LocalTimes.first(last.atTime(quiet.to()), quiet.zone());
      Instant until = end == null ? at : end;
      if (!from.isAfter(until) && to.isAfter(until)) {
        end = to;
      }
    }
    return Optional.ofNullable(end);
  }
}
