package dev.pactwatch.matching;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Party;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where events and agreements meet: under the group of each listed organisation that takes part. A
 * pair that shares several groups meets under each of them and is judged under the first alone.
 */
public final class JoinKeys {

  private JoinKeys() {}

  /** Groups of all grantors and beneficiaries. */
  public static SortedSet<String> of(Agreement agreement, Kinship kinship) {
    SortedSet<String> keys = new TreeSet<>();
    for (Term term : agreement.terms()) {
      keys.add(kinship.group(term.grantor()));
      keys.add(kinship.group(term.beneficiary()));
    }
    return keys;
  }

  /** Groups of all listed parties; empty where none is listed. */
  public static SortedSet<String> of(Event event, Kinship kinship) {
    SortedSet<String> keys = new TreeSet<>();
    for (Party party : event.parties()) {
      if (party.organisation() != null) {
        keys.add(kinship.group(party.organisation()));
      }
    }
    return keys;
  }

  /** The one key under which the pair is judged; empty when the two do not meet. */
  public static Optional<String> meeting(Event event, Agreement agreement, Kinship kinship) {
    SortedSet<String> keys = of(event, kinship);
    keys.retainAll(of(agreement, kinship));
    return keys.isEmpty() ? Optional.empty() : Optional.of(keys.first());
  }
}
