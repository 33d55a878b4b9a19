package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Conditions that all must hold, written {@code severity="low", organisation=~"acme|.*cloud"}; in
 * JSON that text. None at all hold for every alert.
 */
public record Matchers(List<Matcher> all) {

  private static final int MAX_TEXT = 4_000;
  private static final int MAX_MATCHERS = 50;

  public Matchers {
    all = List.copyOf(all);
  }

  public boolean matches(Alert alert) {
    return all.stream().allMatch(matcher -> matcher.matches(alert));
  }

  /**
   * @throws IllegalArgumentException whose message begins with the place, such as {@code at
   *     character 10: }
   */
  @JsonCreator
  public static Matchers parse(String text) {
    return new Parser(text).matchers();
  }

  /** Reads a field that holds a text, or a list of texts that all must hold; at least one. */
  public static Matchers read(Yaml field) {
    List<Matcher> all = new ArrayList<>();
    for (Yaml one : field.isText() ? List.of(field) : field.list()) {
      try {
        all.addAll(parse(one.text()).all());
      } catch (IllegalArgumentException e) {
        throw one.problem(e.getMessage());
      }
    }
    if (all.isEmpty()) {
      throw field.problem("names no condition, and would hold for every alert");
    }
    return new Matchers(all);
  }

  /** As {@link #parse} reads it. */
  @Override
  @JsonValue
  public String toString() {
    return all.stream().map(Matcher::toString).collect(Collectors.joining(", "));
  }

  /** Goes over the text once. */
  private static final class Parser {

    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
      if (text.length() > MAX_TEXT) {
        throw new IllegalArgumentException("must be up to " + MAX_TEXT + " characters");
      }
    }

    Matchers matchers() {
      List<Matcher> all = new ArrayList<>();
      skipBlanks();
      boolean braces = take('{');
      while (true) {
        skipBlanks();
        if (at == text.length() || text.charAt(at) == '}') {
          break;
        }
        all.add(matcher());
        skipBlanks();
        if (!take(',')) {
          break;
        }
      }
      if (braces && !take('}')) {
        throw fault(at, "'}' is missing");
      }
      skipBlanks();
      if (at < text.length()) {
        throw fault(at, "',' or the end is expected, not '" + character() + "'");
      }
      if (all.size() > MAX_MATCHERS) {
        throw fault(at, "there are more than " + MAX_MATCHERS + " conditions");
      }
      return new Matchers(all);
    }

    private Matcher matcher() {
      int start = at;
      AlertLabel label = label();
      skipBlanks();
      Matcher.Operator operator = operator();
      skipBlanks();
      int value = at;
      String wanted = take('"') ? quoted(value) : bare();
      if (operator == Matcher.Operator.EQUAL || operator == Matcher.Operator.NOT_EQUAL) {
        checkValue(value, label, wanted);
      }
      try {
        return new Matcher(label, operator, wanted);
      } catch (IllegalArgumentException e) {
        throw fault(start, label.label() + " " + e.getMessage());
      }
    }

    private AlertLabel label() {
      int start = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || "-_".indexOf(text.charAt(at)) >= 0)) {
        at++;
      }
      String name = text.substring(start, at);
      if (name.isEmpty()) {
        throw fault(start, "the name of a label is expected, not '" + character() + "'");
      }
      return AlertLabel.of(name)
          .orElseThrow(
              () ->
                  fault(
                      start,
                      "'"
                          + name
                          + "' is no label; one of "
                          + Arrays.stream(AlertLabel.values())
                              .map(AlertLabel::label)
                              .collect(Collectors.joining(", "))));
    }

    private Matcher.Operator operator() {
      for (Matcher.Operator operator :
          List.of(
              Matcher.Operator.LIKE,
              Matcher.Operator.NOT_LIKE,
              Matcher.Operator.NOT_EQUAL,
              Matcher.Operator.EQUAL)) {
        if (text.startsWith(operator.sign(), at)) {
          at += operator.sign().length();
          return operator;
        }
      }
      throw fault(
          at,
          at == text.length()
              ? "one of = != =~ !~ is expected"
              : "one of = != =~ !~ is expected, not '" + character() + "'");
    }

    private String quoted(int start) {
      StringBuilder value = new StringBuilder();
      while (at < text.length()) {
        char one = text.charAt(at++);
        if (one == '"') {
          return value.toString();
        }
        if (one == '\\' && at < text.length()) {
          char escaped = text.charAt(at++);
          switch (escaped) {
            case 'n' -> value.append('\n');
            case '"', '\\' -> value.append(escaped);
            // What else is escaped is meant for the regular expression.
            default -> value.append('\\').append(escaped);
          }
        } else {
          value.append(one);
        }
      }
      throw fault(start, "the quotation mark is not closed");
    }

    private String bare() {
      int start = at;
      while (at < text.length()
          && !Character.isWhitespace(text.charAt(at))
          && ",{}\"'`\\=!~".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == start) {
        throw fault(start, "a value is expected");
      }
      return text.substring(start, at);
    }

    /** A value that no alert can have is a slip of the pen. */
    private void checkValue(int start, AlertLabel label, String value) {
      List<String> possible =
          switch (label) {
            case RELATION -> names(Relation.class);
            case EVENT_TYPE -> names(EventType.class);
            case STATUS -> names(Status.class);
            case SEVERITY -> names(Severity.class);
            case CERTAINTY -> names(Certainty.class);
            case CHANGE -> names(Change.class);
            case ALERT, AGREEMENT, ORGANISATION, COUNTERPARTY, PUBLISHER -> List.<String>of();
          };
      if (!possible.isEmpty() && !possible.contains(value)) {
        throw fault(
            start,
            "'"
                + value
                + "' is no value of "
                + label.label()
                + "; one of "
                + String.join(", ", possible));
      }
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
      return Arrays.stream(type.getEnumConstants()).map(Kebab::of).toList();
    }

    private boolean take(char wanted) {
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipBlanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private String character() {
      return at == text.length() ? "the end" : Character.toString(text.codePointAt(at));
    }

    private static IllegalArgumentException fault(int position, String what) {
      return new IllegalArgumentException("at character " + (position + 1) + ": " + what);
    }
  }
}
