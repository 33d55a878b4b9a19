package dev.pactwatch.notify.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pactwatch.alert.Alert;
import java.math.BigInteger;
import java.util.Set;

/**
 * One condition on a label, as Alertmanager writes it. A label without a value counts as one whose
 * value is the empty text; of several values one is enough for {@code =} and {@code =~}, and none
 * may hold for {@code !=} and {@code !~}. Regular expressions (RE2) stand for the whole value.
 */
public final class Matcher {

  private static final int MAX_PATTERN = 500;

  /** How often a part may be repeated by counts; nested ones multiply the size of the automaton. */
  private static final BigInteger MAX_REPEAT = BigInteger.valueOf(1000);

  private static final java.util.regex.Pattern REPEAT =
      java.util.regex.Pattern.compile("\\{(\\d{1,9}),?(\\d{0,9})}");

  /** How value and condition are compared. */
  public enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    LIKE("=~"),
    NOT_LIKE("!~");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  private final AlertLabel label;
  private final Operator operator;
  private final String value;
  private final Pattern pattern;

  /**
   * @throws IllegalArgumentException when the value is no regular expression where one is asked for
   */
  public Matcher(AlertLabel label, Operator operator, String value) {
    this.label = label;
    this.operator = operator;
    this.value = value;
    this.pattern =
        operator == Operator.LIKE || operator == Operator.NOT_LIKE ? compile(value) : null;
  }

  public AlertLabel label() {
    return label;
  }

  public Operator operator() {
    return operator;
  }

  public String value() {
    return value;
  }

  public boolean matches(Alert alert) {
    Set<String> values = label.values(alert);
    boolean one = values.isEmpty() ? holds("") : values.stream().anyMatch(this::holds);
    return one != (operator == Operator.NOT_EQUAL || operator == Operator.NOT_LIKE);
  }

  private boolean holds(String candidate) {
    return pattern == null ? value.equals(candidate) : pattern.matches(candidate);
  }

  private static Pattern compile(String value) {
    if (value.length() > MAX_PATTERN) {
      throw new IllegalArgumentException(
          "must be a regular expression of up to " + MAX_PATTERN + " characters");
    }
    BigInteger repeats = BigInteger.ONE;
    java.util.regex.Matcher counts = REPEAT.matcher(value);
    while (counts.find()) {
      BigInteger most = new BigInteger(counts.group(1));
      if (!counts.group(2).isEmpty()) {
        most = most.max(new BigInteger(counts.group(2)));
      }
      repeats = repeats.multiply(most.max(BigInteger.ONE));
    }
    if (repeats.compareTo(MAX_REPEAT) > 0) {
      throw new IllegalArgumentException("repeats parts of the regular expression too often");
    }
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is no regular expression: " + e.getDescription(), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matcher matcher
        && matcher.label == label
        && matcher.operator == operator
        && matcher.value.equals(value);
  }

  @Override
  public int hashCode() {
    return label.hashCode() * 31 * 31 + operator.hashCode() * 31 + value.hashCode();
  }

  /** As {@link Matchers#parse} reads it. */
  @Override
  public String toString() {
    return label.label()
        + operator.sign()
        + '"'
        + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
        + '"';
  }
}
