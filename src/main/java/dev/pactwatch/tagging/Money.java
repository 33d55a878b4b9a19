package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A sum of money in a sentence.
 *
 * @param from first token
 * @param to after the last token
 */
record Money(int from, int to, Amount amount) {

  /** Longest number that is read, in characters; a longer one is no sum of money. */
  private static final int LONGEST = 24;

  /** The sums in a range of tokens, in order. */
  static List<Money> in(Tokens tokens, int from, int to, Lexicon lexicon) {
    List<Money> found = List.of();
    for (int i = from; i < to; i++) {
      Money money = null;
      if (tokens.is(i, Tokens.NUMBER)) {
        money = at(tokens, i, from, to, lexicon);
      } else if (tokens.is(i, Tokens.HAS_DIGIT)) {
        money = glued(tokens, i, lexicon);
      } else if (tokens.is(i, "half")) {
        money = half(tokens, i, to, lexicon);
      }
      if (money != null) {
        if (found.isEmpty()) {
          found = new ArrayList<>();
        }
        found.add(money);
        i = money.to() - 1;
      }
    }
    return found;
  }

  /** "R150m": currency, number and magnitude in one word. */
  private static Money glued(Tokens tokens, int at, Lexicon lexicon) {
    String word = tokens.folded(at);
    int letters = 0;
    while (letters < word.length() && !Character.isDigit(word.charAt(letters))) {
      letters++;
    }
    int digits = letters;
    while (digits < word.length() && Character.isDigit(word.charAt(digits))) {
      digits++;
    }
    String currency = letters < 4 ? lexicon.currency(word.substring(0, letters)) : null;
    BigDecimal magnitude = lexicon.magnitude(word.substring(digits));
    if (currency == null || magnitude == null || digits - letters > 9) {
      return null;
    }
    BigDecimal value = new BigDecimal(word.substring(letters, digits)).multiply(magnitude);
    return new Money(at, at + 1, new Amount(plain(value), currency));
  }

  private static Money half(Tokens tokens, int at, int to, Lexicon lexicon) {
    int i = at + 1;
    if (i < to && tokens.is(i, "a")) {
      i++;
    }
    BigDecimal magnitude = i < to ? lexicon.magnitude(tokens.folded(i)) : null;
    String currency =
        magnitude != null && i + 1 < to ? lexicon.currency(tokens.folded(i + 1)) : null;
    return currency == null
        ? null
        : new Money(
            at, i + 2, new Amount(plain(magnitude.divide(BigDecimal.valueOf(2))), currency));
  }

  private static Money at(Tokens tokens, int at, int from, int to, Lexicon lexicon) {
    if (tokens.length(at) > LONGEST) {
      return null;
    }
    int start = at;
    int end = at + 1;
    String currency = null;
    if (at > from) {
      currency = lexicon.currency(tokens.folded(at - 1));
      if (currency != null) {
        start = at - 1;
        if (start > from && tokens.is(start, Tokens.GLUED)) {
          String prefixed = lexicon.currency(tokens.folded(start - 1) + tokens.folded(start));
          if (prefixed != null) {
            currency = prefixed;
            start--;
          }
        }
      }
    }
    int i = end;
    if (i < to && isDash(tokens, i)) {
      i++;
    }
    BigDecimal magnitude = i < to ? lexicon.magnitude(tokens.folded(i)) : null;
    if (magnitude != null) {
      end = i + 1;
      i = end;
      if (i < to && isDash(tokens, i)) {
        i++;
      }
    }
    if (currency == null && i < to) {
      currency = lexicon.currency(tokens.folded(i));
      if (currency == null && i + 1 < to) {
        currency = lexicon.currency(tokens.folded(i), tokens.folded(i + 1));
      }
      if (currency != null) {
        end = i + 1;
      }
    }
    if (currency == null) {
      return null;
    }
    BigDecimal value;
    try {
      value = new BigDecimal(tokens.folded(at).replace(",", ""));
    } catch (NumberFormatException e) {
      return null;
    }
    value = magnitude == null ? value : value.multiply(magnitude);
    return new Money(start, end, new Amount(plain(value), currency));
  }

  private static boolean isDash(Tokens tokens, int i) {
    return tokens.first(i) == '-' && tokens.length(i) == 1;
  }

  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
