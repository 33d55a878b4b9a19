package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Status;
import dev.pactwatch.text.Fold;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which alerts a request wants. A null field stands for any.
 *
 * @param severity the lowest that is wanted
 * @param organisation id of a party of the event or of the term
 * @param agreement id of a chain, or of one of its revisions
 * @param text words that must all occur in what the alert says or quotes, case and accents aside;
 *     as they were asked for
 * @param period such as {@code 7d}: what was reported so long ago at most
 * @param since alerts reported at or after this event time
 */
record AlertQuery(
    Relation relation,
    Severity severity,
    String organisation,
    String agreement,
    Status status,
    String text,
    String period,
    Instant since,
    int limit)
    implements Predicate<Alert> {

  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1000;

  /** What a page shows where nobody asks for more. */
  static final int PAGE_LIMIT = 50;

  /** Names of the parameters that are read. */
  static final Set<String> PARAMETERS =
      Set.of(
          "relation",
          "severity",
          "organisation",
          "agreement",
          "status",
          "q",
          "period",
          "since",
          "limit");

  /** The periods that can be asked for, the shortest first. */
  static final Map<String, Duration> PERIODS = new LinkedHashMap<>();

  private static final int MAX_TEXT = 200;

  static {
    PERIODS.put("1d", Duration.ofDays(1));
    PERIODS.put("7d", Duration.ofDays(7));
    PERIODS.put("30d", Duration.ofDays(30));
    PERIODS.put("90d", Duration.ofDays(90));
    PERIODS.put("365d", Duration.ofDays(365));
  }

  /** What an alert can be refused for. */
  enum Criterion {
    RELATION,
    SEVERITY,
    ORGANISATION,
    AGREEMENT,
    STATUS,
    TIME,
    TEXT
  }

  /** A parameter that cannot be used; the message names it and is meant to be shown. */
  static final class BadParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadParameter(String message) {
      super(message);
    }
  }

  /**
   * Reads query parameters; those that are missing or blank stand for any, and others are left
   * aside.
   *
   * @param now what a period is counted from
   */
  static AlertQuery parse(Map<String, List<String>> parameters, int defaultLimit, Instant now) {
    String period = text(parameters, "period");
    Duration length = null;
    if (period != null) {
      length = PERIODS.get(period);
      if (length == null) {
        throw new BadParameter("period must be one of " + String.join(", ", PERIODS.keySet()));
      }
    }
    String since = text(parameters, "since");
    Instant from = since == null ? null : instant(since);
    if (length != null && (from == null || from.isBefore(now.minus(length)))) {
      from = now.minus(length);
    }
    String words = text(parameters, "q");
    if (words != null && words.length() > MAX_TEXT) {
      throw new BadParameter("q must be up to " + MAX_TEXT + " characters");
    }
    String limit = text(parameters, "limit");
    return new AlertQuery(
        constant("relation", text(parameters, "relation"), Relation.values()),
        constant("severity", text(parameters, "severity"), Severity.values()),
        text(parameters, "organisation"),
        text(parameters, "agreement"),
        constant("status", text(parameters, "status"), Status.values()),
        words,
        period,
        from,
        limit == null ? defaultLimit : limit(limit));
  }

  @Override
  public boolean test(Alert alert) {
    return refusals(alert, 1) == 0;
  }

  /**
   * What speaks against the alert, as bits by the place of the {@link Criterion}.
   *
   * @param enough so many refusals are enough to know; the costly ones are not asked then
   */
  int refusals(Alert alert, int enough) {
    int refusals = 0;
    if (relation != null && alert.relation() != relation) {
      refusals |= bit(Criterion.RELATION);
    }
    if (severity != null && alert.severity().compareTo(severity) < 0) {
      refusals |= bit(Criterion.SEVERITY);
    }
    if (organisation != null && !alert.names(organisation)) {
      refusals |= bit(Criterion.ORGANISATION);
    }
    if (agreement != null
        && !agreement.equals(alert.agreement().chain())
        && !agreement.equals(alert.agreement().id())) {
      refusals |= bit(Criterion.AGREEMENT);
    }
    if (status != null && alert.event().status() != status) {
      refusals |= bit(Criterion.STATUS);
    }
    if (since != null && alert.lastSeen().isBefore(since)) {
      refusals |= bit(Criterion.TIME);
    }
    if (text != null && Integer.bitCount(refusals) < enough && !says(alert)) {
      refusals |= bit(Criterion.TEXT);
    }
    return refusals;
  }

  static int bit(Criterion criterion) {
    return 1 << criterion.ordinal();
  }

  /** Whether every alert passes. */
  boolean isOpen() {
    return relation == null
        && severity == null
        && organisation == null
        && agreement == null
        && status == null
        && text == null
        && since == null;
  }

  /** The parameters that ask for this, without the limit. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    put(parameters, "q", text);
    put(parameters, "severity", severity == null ? null : severity.label());
    put(parameters, "relation", relation == null ? null : relation.label());
    put(parameters, "status", status == null ? null : status.label());
    put(parameters, "organisation", organisation);
    put(parameters, "agreement", agreement);
    put(parameters, "period", period);
    return parameters;
  }

  /**
   * Address of the page with one parameter changed.
   *
   * @param value null to ask for any
   */
  String address(String name, String value) {
    Map<String, String> parameters = parameters();
    if (value == null) {
      parameters.remove(name);
    } else {
      parameters.put(name, value);
    }
    return parameters.isEmpty()
        ? "/"
        : parameters.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "/?", ""));
  }

  private static void put(Map<String, String> parameters, String name, String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }

  // ---- words

  private boolean says(Alert alert) {
    for (String word : Fold.of(text).strip().split("\\s+")) {
      if (!says(alert, word)) {
        return false;
      }
    }
    return true;
  }

  private static boolean says(Alert alert, String word) {
    if (contains(alert.title(), word)
        || contains(alert.event().product(), word)
        || contains(alert.agreement().id(), word)) {
      return true;
    }
    for (Party party : alert.event().parties()) {
      if (contains(party.name(), word)) {
        return true;
      }
    }
    for (Alert.ArticleRef article : alert.articles()) {
      if (contains(article.headline(), word) || contains(article.publisher(), word)) {
        return true;
      }
    }
    // The words that prove something stand in these.
    for (Alert.Quote quote : AlertView.passages(alert)) {
      if (contains(quote.text(), word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param said may be null
   * @param word folded
   */
  private static boolean contains(String said, String word) {
    if (said == null) {
      return false;
    }
    int last = said.length() - word.length();
    char first = word.charAt(0);
    for (int i = 0; i <= last; i++) {
      if (Fold.of(said.charAt(i)) == first) {
        int j = 1;
        while (j < word.length() && Fold.of(said.charAt(i + j)) == word.charAt(j)) {
          j++;
        }
        if (j == word.length()) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- parameters

  private static String text(Map<String, List<String>> parameters, String name) {
    if (!PARAMETERS.contains(name)) {
      throw new IllegalArgumentException(name + " is not declared");
    }
    List<String> values = parameters.get(name);
    if (values == null || values.isEmpty() || values.get(0).isBlank()) {
      return null;
    }
    return values.get(0).strip();
  }

  private static <E extends Enum<E>> E constant(String name, String text, E[] constants) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(constants)
        .filter(constant -> Kebab.of(constant).equals(text))
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
