package dev.pactwatch.alert;

import dev.pactwatch.agreement.Term;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An alert in one line. */
final class AlertTitle {

  private AlertTitle() {}

  /**
   * @param lead the judgement that speaks for the alert
   * @param status that the alert has reached
   * @param product may be null
   */
  static String of(Judgement lead, Status status, String product) {
    Match match = lead.match();
    Term term = match.term();
    String grantor = match.name(term.grantor());
    String beneficiary = match.name(term.beneficiary());
    String whose =
        beneficiary
            + (beneficiary.endsWith("s") ? "' " : "'s ")
            + term.kind().inWords()
            + " on "
            + term.topic();
    String what = product == null ? "" : " (" + product + ")";
    boolean possible = match.certainty() == Certainty.POSSIBLE;
    return switch (match.relation()) {
      case CONFLICT ->
          "Possible conflict"
              + unless(Status.AGREED, status)
              + list(grantor, match.counterparties().stream().map(match::name).toList())
              + what
              + ", against "
              + whose;
      case DISPUTE ->
          (possible ? "Possible dispute (" : "Dispute (")
              + words(status)
              + "): "
              + sides(lead)
              + ", over "
              + whose;
      case ENDING, AMENDMENT, TOUCHES -> {
        String relation = match.relation().label();
        yield (possible
                ? "Possible " + relation
                : relation.substring(0, 1).toUpperCase(Locale.ROOT) + relation.substring(1))
            + unless(match.relation() == Relation.AMENDMENT ? Status.AMENDED : Status.ENDED, status)
            + grantor
            + " and "
            + beneficiary
            + what
            + ", "
            + whose;
      }
    };
  }

  /** The status in brackets, where it is not what goes without saying. */
  private static String unless(Status plain, Status status) {
    return status == plain ? ": " : " (" + words(status) + "): ";
  }

  private static String words(Status status) {
    return status.label().replace('-', ' ');
  }

  private static String sides(Judgement lead) {
    Set<String> plaintiffs = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    for (Party party : lead.event().parties()) {
      String name =
          party.organisation() == null
              ? party.name()
              : lead.match().names().getOrDefault(party.organisation(), party.name());
      if (party.role() == Role.PLAINTIFF) {
        plaintiffs.add(name);
      } else {
        others.add(name);
      }
    }
    if (plaintiffs.isEmpty() || others.isEmpty()) {
      plaintiffs.addAll(others);
      return list(List.copyOf(plaintiffs));
    }
    return list(List.copyOf(plaintiffs)) + " against " + list(List.copyOf(others));
  }

  private static String list(String first, List<String> more) {
    List<String> names = new ArrayList<>();
    names.add(first);
    names.addAll(more);
    return list(names);
  }

  private static String list(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
