package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.time.LocalDate;
import java.util.Optional;

/**
 * How surely a term holds on a day.
 *
 * <p>Rules: an end known to the day is the first day on which the term no longer holds; an end
 * known to the month or year may still hold through it. A record that has ended or was superseded,
 * with no date given, may hold before it was last looked at and not from then on.
 */
public enum Standing {
  /** The day lies inside the range and before the record was last checked. */
  IN_FORCE,
  /** Nothing says it ended, but nobody looked since, or its state is unclear. */
  IN_FORCE_WHEN_LAST_CHECKED,
  /**
   * The day lies in the month or year in which it began or ended, its start is not known, or it was
   * announced without being binding.
   */
  POSSIBLY_IN_FORCE;

  /** Empty when the term does not hold on that day. */
  public static Optional<Standing> of(Agreement agreement, Term term, LocalDate date) {
    PartialDate from = agreement.effectiveFrom();
    boolean possibly = from == null;
    if (from != null) {
      if (date.isBefore(from.first())) {
        return Optional.empty();
      }
      possibly = date.isBefore(from.last());
    }
    for (PartialDate end : new PartialDate[] {agreement.effectiveTo(), term.until()}) {
      if (end == null) {
        continue;
      }
      if (!date.isBefore(end.first())) {
        if (end.precision() == PartialDate.Precision.DAY || date.isAfter(end.last())) {
          return Optional.empty();
        }
        possibly = true;
      }
    }
    String status = agreement.status();
    PartialDate checked = agreement.checkedTo();
    if (agreement.effectiveTo() == null
        && ("ended".equals(status) || "superseded".equals(status))) {
      if (checked == null || !date.isBefore(checked.first())) {
        return Optional.empty();
      }
      possibly = true;
    }
    if (possibly || "announced-nonbinding".equals(status)) {
      return Optional.of(POSSIBLY_IN_FORCE);
    }
    return Optional.of(
        "unclear".equals(status) || (checked != null && date.isAfter(checked.last()))
            ? IN_FORCE_WHEN_LAST_CHECKED
            : IN_FORCE);
  }

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
