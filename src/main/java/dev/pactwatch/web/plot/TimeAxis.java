package dev.pactwatch.web.plot;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Days as percentages of a picture's width, with ticks at whole months or years.
 *
 * @param from at the left edge, the first of a month
 * @param to at the right edge
 * @param stepMonths between two ticks
 */
public record TimeAxis(LocalDate from, LocalDate to, int stepMonths) {

  private static final int[] STEPS = {1, 2, 3, 6, 12, 24, 60, 120};
  private static final int MOST_TICKS = 8;
  private static final int YEAR = 12;
  private static final double EDGE = 93;
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);

  /**
   * A line across the picture.
   *
   * @param x percentage such as {@code 12.5%}
   * @param label such as {@code 2024} or {@code Jan 2024}
   * @param minor whether a narrow screen does without the label
   * @param last whether the label stands to the left of its line
   */
  public record Tick(String x, String label, boolean minor, boolean last) {}

  /** The axis that shows both days, with some room on the right. */
  public static TimeAxis spanning(LocalDate first, LocalDate last) {
    LocalDate end = last.isAfter(first) ? last : first;
    long months = ChronoUnit.MONTHS.between(first, end) + 1;
    int step = STEPS[STEPS.length - 1];
    for (int candidate : STEPS) {
      if (months / candidate < MOST_TICKS) {
        step = candidate;
        break;
      }
    }
    LocalDate from = step < YEAR ? first.withDayOfMonth(1) : LocalDate.of(first.getYear(), 1, 1);
    long days = ChronoUnit.DAYS.between(from, end);
    return new TimeAxis(from, end.plusDays(Math.max(3, days / 40)), step);
  }

  /** Place of a day, 0 to 100; days beyond an edge stand at it. */
  public double at(LocalDate day) {
    double share = (double) ChronoUnit.DAYS.between(from, day) / ChronoUnit.DAYS.between(from, to);
    return Math.max(0, Math.min(1, share)) * 100;
  }

  /** A place as an attribute, such as {@code 12.5%}. */
  public static String percent(double place) {
    return String.format(Locale.ROOT, "%.2f%%", place);
  }

  /** Oldest first. */
  public List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    for (YearMonth month = YearMonth.from(from);
        month.atDay(1).isBefore(to);
        month = month.plusMonths(stepMonths)) {
      double place = at(month.atDay(1));
      String label =
          stepMonths >= YEAR ? String.valueOf(month.getYear()) : MONTH.format(month.atDay(1));
      boolean minor = stepMonths < YEAR && ticks.size() % 2 == 1;
      ticks.add(new Tick(percent(place), label, minor, place > EDGE));
    }
    return List.copyOf(ticks);
  }
}
