package dev.pactwatch.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.agreement.PartialDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How pages word what they show. Plain text, not escaped. */
final class Words {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);
  private static final int MOST = 400;

  private Words() {}

  /** {@code 1 alert}, {@code 2 alerts}. */
  static String count(long count, String what) {
    return String.format(Locale.ENGLISH, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }

  /** A label such as {@code in-force} without its dashes. */
  static String label(String label) {
    return label == null ? "" : label.replace('-', ' ');
  }

  static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  static String day(LocalDate day) {
    return DAY.format(day);
  }

  /** As exactly as it is known; the text given where it is not. */
  static String date(PartialDate date, String otherwise) {
    if (date == null) {
      return otherwise;
    }
    return switch (date.precision()) {
      case DAY -> DAY.format(date.first());
      case MONTH -> MONTH.format(YearMonth.from(date.first()));
      case YEAR -> date.toString();
    };
  }

  /** How exactly a date is known; empty where that is the day. */
  static String precision(PartialDate date) {
    if (date == null) {
      return "";
    }
    return switch (date.precision()) {
      case DAY -> "";
      case MONTH -> "the day is not known";
      case YEAR -> "only the year is known";
    };
  }

  static String at(Instant time) {
    return time == null
        ? ""
        : time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  /** A JSON value as people read it; empty for none. */
  static String value(JsonNode node) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return "";
    }
    String text = AlertView.clean(node.isTextual() ? node.textValue() : node.toString());
    return text.length() <= MOST ? text : text.substring(0, MOST) + " ...";
  }

  /** {@code 40 s}, {@code 12 min}, {@code 3.5 h}, {@code 2 d}. */
  static String span(long seconds) {
    if (seconds < 90) {
      return seconds + " s";
    }
    if (seconds < 90 * 60) {
      return Math.round(seconds / 60.0) + " min";
    }
    if (seconds < 36 * 3600) {
      return number(seconds / 3600.0) + " h";
    }
    return number(seconds / 86400.0) + " d";
  }

  private static String number(double value) {
    double rounded = Math.round(value * 10) / 10.0;
    return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
  }
}
