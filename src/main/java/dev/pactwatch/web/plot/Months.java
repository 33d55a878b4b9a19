package dev.pactwatch.web.plot;

import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Counts by month as columns, one kind of thing upon the other. Drawn by {@code
 * templates/plots/months.html}. Texts are plain, not escaped.
 *
 * @param key of the document's elements
 * @param unit what is counted, such as {@code reports a month}
 * @param series names of what is stacked, the lowest first
 * @param height pixels
 * @param columns oldest first, without gaps
 */
public record Months(
    String key,
    String title,
    String unit,
    String description,
    List<String> series,
    int height,
    int base,
    List<Line> lines,
    List<Column> columns,
    List<Row> rows) {

  /** A month of the table that has any. */
  public record Row(String label, List<Integer> counts) {}

  /** A level of the scale. */
  public record Line(int y, String label) {}

  /** One month. */
  public record Column(
      String x, String middle, String width, String label, boolean labelled, List<Part> parts) {}

  /**
   * @param series place in {@link Months#series}
   */
  public record Part(int series, int y, int height, int count) {}

  private static final int TOP = 18;
  private static final int PLOT = 120;
  private static final int FOOT = 24;
  private static final int MOST_MONTHS = 36;
  private static final int LEAST_MONTHS = 6;
  private static final int MOST_LABELS = 6;
  private static final double SHARE = 0.72;
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);

  /**
   * @param counts by month, one number per series; at least one month
   */
  public static Months of(
      String key,
      String title,
      String unit,
      List<String> series,
      SortedMap<YearMonth, List<Integer>> counts) {
    YearMonth last = counts.lastKey();
    YearMonth first = counts.firstKey();
    if (first.isBefore(last.minusMonths(MOST_MONTHS - 1L))) {
      first = last.minusMonths(MOST_MONTHS - 1L);
    }
    if (first.isAfter(last.minusMonths(LEAST_MONTHS - 1L))) {
      first = last.minusMonths(LEAST_MONTHS - 1L);
    }
    List<YearMonth> months = new ArrayList<>();
    for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
      months.add(month);
    }
    int most =
        counts.tailMap(first).values().stream()
            .mapToInt(all -> all.stream().mapToInt(Integer::intValue).sum())
            .max()
            .orElse(1);
    int scale = scale(most);
    List<Column> columns = new ArrayList<>();
    double width = 100.0 / months.size();
    int every = (months.size() + MOST_LABELS - 1) / MOST_LABELS;
    for (int i = 0; i < months.size(); i++) {
      List<Integer> values = counts.getOrDefault(months.get(i), List.of());
      List<Part> parts = new ArrayList<>();
      int below = 0;
      for (int j = 0; j < values.size(); j++) {
        int from = PLOT * below / scale;
        below += values.get(j);
        int to = PLOT * below / scale;
        if (values.get(j) > 0) {
          parts.add(new Part(j, TOP + PLOT - to, Math.max(1, to - from), values.get(j)));
        }
      }
      columns.add(
          new Column(
              TimeAxis.percent(width * (i + (1 - SHARE) / 2)),
              TimeAxis.percent(width * (i + 0.5)),
              TimeAxis.percent(width * SHARE),
              MONTH.format(months.get(i)),
              i % every == every / 2,
              List.copyOf(parts)));
    }
    int total = counts.values().stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
    return new Months(
        key,
        title,
        unit,
        total
            + " in all, from "
            + MONTH.format(counts.firstKey())
            + " to "
            + MONTH.format(last)
            + "; the same follows as a table.",
        List.copyOf(series),
        TOP + PLOT + FOOT,
        TOP + PLOT,
        List.of(
            new Line(TOP + PLOT, "0"),
            new Line(TOP + PLOT - PLOT / 2, String.valueOf(scale / 2)),
            new Line(TOP, String.valueOf(scale))),
        List.copyOf(columns),
        counts.entrySet().stream()
            .map(one -> new Row(MONTH.format(one.getKey()), List.copyOf(one.getValue())))
            .toList());
  }

  /** The least even number from 2, 4, 6, 10, 20, 40 and so on that is not less. */
  static int scale(int most) {
    for (int unit = 1; ; unit *= 10) {
      for (int factor : new int[] {2, 4, 6}) {
        if (most <= unit * factor) {
          return unit * factor;
        }
      }
      if (most <= unit * 10) {
        return unit * 10;
      }
    }
  }
}
