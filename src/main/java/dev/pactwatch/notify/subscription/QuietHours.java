package dev.pactwatch.notify.subscription;

import dev.pactwatch.alert.Severity;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * Hours in which a subscriber is not disturbed: what matches waits for their end.
 *
 * @param from first moment of the quiet
 * @param to its end; earlier than {@code from} for a night, equal for the whole day
 * @param days on which the quiet begins; empty for all
 * @param except the lowest severity that is told all the same; null for none
 */
public record QuietHours(
    LocalTime from, LocalTime to, Set<DayOfWeek> days, ZoneId zone, Severity except) {

  public QuietHours {
    days = Set.copyOf(days);
  }
}
