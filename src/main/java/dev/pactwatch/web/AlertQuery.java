package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Relation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which alerts a request wants. A null field stands for any.
 *
 * @param severity the lowest that is wanted
 * @param organisation id of a party of the event or of the term
 * @param since alerts reported at or after this event time
 */
record AlertQuery(
    Relation relation, Severity severity, String organisation, Instant since, int limit)
    implements Predicate<Alert> {

  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1000;

  /** A parameter that cannot be used; the message names it and is meant to be shown. */
  static final class BadParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadParameter(String message) {
      super(message);
    }
  }

  /** Reads query parameters; null or blank stands for none. */
  static AlertQuery parse(
      String relation, String severity, String organisation, String since, String limit) {
    return new AlertQuery(
        constant("relation", relation, Relation.values()),
        constant("severity", severity, Severity.values()),
        blank(organisation) ? null : organisation.strip(),
        blank(since) ? null : instant(since.strip()),
        blank(limit) ? DEFAULT_LIMIT : limit(limit.strip()));
  }

  @Override
  public boolean test(Alert alert) {
    return (relation == null || alert.relation() == relation)
        && (severity == null || alert.severity().compareTo(severity) >= 0)
        && (organisation == null || alert.names(organisation))
        && (since == null || !alert.lastSeen().isBefore(since));
  }

  /** Whether every alert passes. */
  boolean isOpen() {
    return relation == null && severity == null && organisation == null && since == null;
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  private static <E extends Enum<E>> E constant(String name, String text, E[] constants) {
    if (blank(text)) {
      return null;
    }
    return Arrays.stream(constants)
        .filter(constant -> Kebab.of(constant).equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new BadParameter(
                    name
                        + " must be one of "
                        + Arrays.stream(constants)
                            .map(Kebab::of)
                            .collect(Collectors.joining(", "))));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new BadParameter("since must be a moment such as 2026-01-31T00:00:00Z");
    }
  }

  private static int limit(String text) {
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw new BadParameter("limit must be 1 to " + MAX_LIMIT);
  }
}
