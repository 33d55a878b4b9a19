package dev.pactwatch.replay;

import java.time.Instant;

/** Keys of {@link ExternalSort} whose parts are compared one after the other. */
final class SortKeys {

  /** Sorts before everything that parts hold. */
  private static final char SEPARATOR = '\u0001';

  /** Makes every time of a newspaper positive. */
  private static final long SHIFT = 20_000_000_000_000L;

  private static final int DIGITS = 16;

  private SortKeys() {}

  static String of(String... parts) {
    return String.join(String.valueOf(SEPARATOR), parts);
  }

  static String time(Instant time) {
    return number(time.toEpochMilli() + SHIFT);
  }

  /**
   * @param value 0 or more
   */
  static String number(long value) {
    String digits = Long.toString(value);
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
  }
}
