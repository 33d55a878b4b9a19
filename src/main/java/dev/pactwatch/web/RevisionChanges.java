package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a revision of an alert changed, for people. */
final class RevisionChanges {

  /**
   * @param what such as {@code Status}
   * @param before null where it was not there
   * @param after null where it is no longer there
   */
  public record Difference(String what, String before, String after) {}

  private RevisionChanges() {}

  /** In the order in which they matter; empty where nothing that is shown changed. */
  static List<Difference> between(Alert before, Alert after) {
    List<Difference> found = new ArrayList<>();
    Alert.Tuple was = before.event();
    Alert.Tuple is = after.event();
    add(found, "Status", words(was.status().label()), words(is.status().label()));
    add(found, "Severity", before.severity().label(), after.severity().label());
    add(found, "Certainty", before.certainty().label(), after.certainty().label());
    add(found, "Amount", AlertView.amount(was.amount()), AlertView.amount(is.amount()));
    add(found, "Product", was.product(), is.product());
    add(found, "Topic", words(was.topic()), words(is.topic()));
    add(found, "Exclusivity", words(was.exclusivity()), words(is.exclusivity()));
    add(
        found,
        "Judged against revision",
        before.agreement().revision(),
        after.agreement().revision());
    Set<String> parties = new HashSet<>();
    was.parties().forEach(party -> parties.add(party(party)));
    for (Party party : is.parties()) {
      if (!parties.remove(party(party))) {
        found.add(new Difference("Party", null, party(party)));
      }
    }
    was.parties().stream()
        .map(RevisionChanges::party)
        .filter(parties::contains)
        .forEach(gone -> found.add(new Difference("Party", gone, null)));
    Set<String> known = new HashSet<>();
    before.articles().forEach(article -> known.add(article.uri()));
    for (Alert.ArticleRef article : after.articles()) {
      if (!known.contains(article.uri())) {
        found.add(
            new Difference(
                article.reprintOf() == null ? "Report" : "Reprint",
                null,
                AlertView.clean(article.publisher() + ": " + article.headline())));
      }
    }
    add(
        found,
        "Independent publishers",
        String.valueOf(before.independentPublishers()),
        String.valueOf(after.independentPublishers()));
    return List.copyOf(found);
  }

  private static void add(List<Difference> found, String what, String before, String after) {
    if (!Objects.equals(before, after)) {
      found.add(new Difference(what, AlertView.clean(before), AlertView.clean(after)));
    }
  }

  private static String party(Party party) {
    return AlertView.clean(party.name()) + ", " + party.role().label();
  }

  private static String words(String label) {
    return label == null ? null : label.replace('-', ' ');
  }

  private static String words(Exclusivity exclusivity) {
    return exclusivity == null ? null : words(exclusivity.label());
  }
}
