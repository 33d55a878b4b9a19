package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;

/**
 * A date known to the day, the month or the year: {@code 2025-01-21}, {@code 2025-01}, {@code
 * 2025}.
 *
 * @param first the first day it can mean
 * @param last the last day it can mean
 */
public record PartialDate(LocalDate first, LocalDate last, Precision precision)
    implements Comparable<PartialDate> {

  public PartialDate {
    // Jackson also takes an object with the fields of a record.
    if (first == null || last == null || precision == null) {
      throw new IllegalArgumentException("must be a date such as 2025-01-21, 2025-01 or 2025");
    }
  }

  /** How exactly a date is known. */
  public enum Precision {
    DAY,
    MONTH,
    YEAR
  }

  /**
   * @throws IllegalArgumentException when the text is no date of one of the three forms
   */
  @JsonCreator
  public static PartialDate parse(String text) {
    try {
      switch (text.length()) {
        case 4 -> {
          int year = Integer.parseInt(text);
          return new PartialDate(
              LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31), Precision.YEAR);
        }
        case 7 -> {
          YearMonth month = YearMonth.parse(text);
          return new PartialDate(month.atDay(1), month.atEndOfMonth(), Precision.MONTH);
        }
        default -> {
          LocalDate day = LocalDate.parse(text);
          return new PartialDate(day, day, Precision.DAY);
        }
      }
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "must be a date such as 2025-01-21, 2025-01 or 2025, not '" + text + "'", e);
    }
  }

  @JsonValue
  @Override
  public String toString() {
    return switch (precision) {
      case DAY -> first.toString();
      case MONTH -> YearMonth.from(first).toString();
      case YEAR -> String.format(java.util.Locale.ROOT, "%04d", first.getYear());
    };
  }

  @Override
  public int compareTo(PartialDate other) {
    return first.compareTo(other.first);
  }
}
