package dev.pactwatch.notify.subscription;

import dev.pactwatch.config.Yaml;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 30s}, {@code 1h30m}, {@code 2d}, or ISO 8601. */
public final class Durations {

  private static final Pattern SHORT =
      Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");

  private Durations() {}

  /** Reads a span from zero to a year. */
  public static Duration read(Yaml field) {
    Duration read = parse(field);
    if (read.isNegative() || read.compareTo(Duration.ofDays(366)) > 0) {
      throw field.problem("must lie between 0s and 366d, not '" + field.text() + "'");
    }
    return read;
  }

  /** Reads a span of at least a second. */
  public static Duration readPositive(Yaml field) {
    Duration read = read(field);
    if (read.compareTo(Duration.ofSeconds(1)) < 0) {
      throw field.problem("must be 1s or more, not '" + field.text() + "'");
    }
    return read;
  }

  /** The short form, which {@link #read} reads; ISO 8601 where there is a part of a second. */
  public static String format(Duration span) {
    if (span.getNano() != 0 || span.isNegative()) {
      return span.toString();
    }
    StringBuilder text = new StringBuilder();
    part(text, span.toDays(), 'd');
    part(text, span.toHoursPart(), 'h');
    part(text, span.toMinutesPart(), 'm');
    part(text, span.toSecondsPart(), 's');
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long number, char unit) {
    if (number != 0) {
      text.append(number).append(unit);
    }
  }

  private static Duration parse(Yaml field) {
    String text = field.text();
    Matcher parts = SHORT.matcher(text);
    if (!text.isEmpty() && parts.matches()) {
      return Duration.ofDays(number(parts.group(1)))
          .plusHours(number(parts.group(2)))
          .plusMinutes(number(parts.group(3)))
          .plusSeconds(number(parts.group(4)));
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw field.problem("must be a span such as 30s, 5m, 4h or 2d, not '" + text + "'");
    }
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
