package dev.pactwatch.web;

import java.util.List;
import java.util.Locale;

/**
 * A small picture of numbers in a row, the newest at the right, drawn as SVG paths in a box of
 * {@value #WIDTH} by {@value #HEIGHT}.
 *
 * @param label what is shown
 * @param value the newest or the sum, in words
 * @param text what the picture says, for who does not see it
 * @param bars path of what is well
 * @param bad path of what is not; empty for nothing
 */
public record Sparkline(String label, String value, String text, String bars, String bad) {

  static final int WIDTH = 120;
  static final int HEIGHT = 28;
  private static final double LEAST = 1.5;

  /**
   * @param values one for each place; null for a gap
   * @param wrong which of them are drawn as bad
   * @param places how many fit, so that pictures beside each other have one scale
   */
  static Sparkline of(
      String label,
      String value,
      String text,
      List<Double> values,
      List<Boolean> wrong,
      int places) {
    double most = values.stream().mapToDouble(one -> one == null ? 0 : one).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    StringBuilder bad = new StringBuilder();
    double step = (double) WIDTH / places;
    for (int i = 0; i < values.size(); i++) {
      Double one = values.get(i);
      if (one == null) {
        continue;
      }
      double height = one == 0 ? LEAST : Math.max(LEAST + 1, one / most * HEIGHT);
      double x = WIDTH - (values.size() - i) * step;
      (Boolean.TRUE.equals(wrong.get(i)) ? bad : bars)
          .append(
              String.format(
                  Locale.ROOT,
                  "M%.1f %dv-%.1fh%.1fv%.1fz",
                  x,
                  HEIGHT,
                  height,
                  step * 0.72,
                  height));
    }
    return new Sparkline(label, value, text, bars.toString(), bad.toString());
  }
}
