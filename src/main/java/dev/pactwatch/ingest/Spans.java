package dev.pactwatch.ingest;

import java.time.Duration;

/** Lengths of time for people. */
public final class Spans {

  private Spans() {}

  /** Such as {@code 3 d 4 h}, {@code 20 min}, {@code 5 s}: at most the two largest units. */
  public static String words(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds >= 86_400) {
      return seconds / 86_400 + " d" + rest(seconds % 86_400 / 3_600, " h");
    }
    if (seconds >= 3_600) {
      return seconds / 3_600 + " h" + rest(seconds % 3_600 / 60, " min");
    }
    return seconds >= 60 ? seconds / 60 + " min" : seconds + " s";
  }

  private static String rest(long n, String unit) {
    return n == 0 ? "" : " " + n + unit;
  }
}
