package dev.pactwatch.notify.subscription;

import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.Party;
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
    if (words == null) {
      StringBuilder text = new StringBuilder(alert.title());
      alert.articles().forEach(article -> text.append('\n').append(article.headline()));
      alert.evidence().forEach(quote -> text.append('\n').append(quote.text()));
      words = fold(text.toString());
    }
    String wanted = fold(phrase);
    return !wanted.isBlank() && words.contains(wanted);
  }

  /** Lower-case words with one blank around each, and nothing else. */
  static String fold(String text) {
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
    return Set.copyOf(found);
  }
}
