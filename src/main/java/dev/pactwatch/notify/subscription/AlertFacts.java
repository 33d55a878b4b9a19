package dev.pactwatch.notify.subscription;

import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.Party;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What filters ask of an alert, read off it once. Used by one thread. */
public final class AlertFacts {

  private final Alert alert;
  private final Set<String> organisations;

  /** Null until a filter asks for words. */
  private String words;

  public AlertFacts(Alert alert) {
    this.alert = alert;
    this.organisations = organisations(alert);
  }

  public Alert alert() {
    return alert;
  }

  /** Ids of the parties of the event and of the term judged against. */
  public Set<String> organisations() {
    return organisations;
  }

  boolean namesOneOf(Set<String> wanted) {
    Set<String> fewer = wanted.size() < organisations.size() ? wanted : organisations;
    Set<String> more = fewer == wanted ? organisations : wanted;
    for (String one : fewer) {
      if (more.contains(one)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the words stand in title, headlines or quotes, as whole words, whatever the case. */
  boolean says(String phrase) {
    String wanted = fold(phrase);
    return !wanted.isBlank() && folded().contains(wanted);
  }

  /** Every word of a text, each once. */
  static Set<String> words(String text) {
    String folded = fold(text);
    Set<String> found = new HashSet<>();
    eachWord(folded, (start, end, hash) -> found.add(folded.substring(start, end)));
    return found;
  }

  /** Where a word stands in a folded text, and what {@link String#hashCode} says of it. */
  interface Words {
    void word(int start, int end, int hash);
  }

  static void eachWord(String folded, Words words) {
    int start = 0;
    int hash = 0;
    for (int at = 0; at < folded.length(); at++) {
      char one = folded.charAt(at);
      if (one != ' ') {
        hash = 31 * hash + one;
      } else {
        if (at > start) {
          words.word(start, at, hash);
        }
        start = at + 1;
        hash = 0;
      }
    }
  }

  /** Title, headlines and quotes, with two blanks between: no phrase reaches into the next. */
  String folded() {
    if (words == null) {
      StringBuilder text = new StringBuilder(fold(alert.title()));
      alert.articles().forEach(article -> text.append(fold(article.headline())));
      alert.evidence().forEach(quote -> text.append(fold(quote.text())));
      words = text.toString();
    }
    return words;
  }

  /** Lower-case words with one blank around each, and nothing else. */
  static String fold(String text) {
    if (text == null) {
      return "";
    }
    char[] folded = new char[text.length() + 2];
    folded[0] = ' ';
    int size = 1;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one >= 0x80) {
        return foldAny(text);
      }
      if ((one >= 'a' && one <= 'z') || (one >= '0' && one <= '9')) {
        folded[size++] = one;
      } else if (one >= 'A' && one <= 'Z') {
        folded[size++] = (char) (one + ('a' - 'A'));
      } else if (folded[size - 1] != ' ') {
        folded[size++] = ' ';
      }
    }
    if (folded[size - 1] != ' ') {
      folded[size++] = ' ';
    }
    return new String(folded, 0, size);
  }

  /** The same for any script, more slowly. */
  private static String foldAny(String text) {
    StringBuilder folded = new StringBuilder(text.length() + 2).append(' ');
    text.toLowerCase(Locale.ROOT)
        .codePoints()
        .forEach(
            point -> {
              if (Character.isLetterOrDigit(point)) {
                folded.appendCodePoint(point);
              } else if (folded.charAt(folded.length() - 1) != ' ') {
                folded.append(' ');
              }
            });
    if (folded.charAt(folded.length() - 1) != ' ') {
      folded.append(' ');
    }
    return folded.toString();
  }

  private static Set<String> organisations(Alert alert) {
    Set<String> found = new HashSet<>(alert.event().counterparties());
    for (Party party : alert.event().parties()) {
      if (party.organisation() != null) {
        found.add(party.organisation());
      }
    }
    Term term = alert.agreement().term();
    if (term != null) {
      found.add(term.grantor());
      found.add(term.beneficiary());
    }
    found.remove(null);
    return Collections.unmodifiableSet(found);
  }
}
