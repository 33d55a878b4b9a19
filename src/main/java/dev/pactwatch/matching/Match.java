package dev.pactwatch.matching;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import java.util.List;

/**
 * A relation that holds between one event and one revision of an agreement.
 *
 * @param term the term judged against; null where the relation is about the agreement as a whole
 * @param source the agreement's best source
 * @param checkedTo the day up to which the agreement was checked, may be null
 * @param counterparties ids, or folded names of unlisted parties, of those the alert is about,
 *     sorted: for a conflict the rivals, for a dispute all litigants, otherwise the own parties
 * @param reasons sentences that a person can check, in a fixed order
 */
public record Match(
    Relation relation,
    Certainty certainty,
    String agreement,
    String chain,
    String revision,
    Term term,
    Source source,
    PartialDate checkedTo,
    List<String> counterparties,
    List<String> reasons) {

  public Match {
    counterparties = List.copyOf(counterparties);
    reasons = List.copyOf(reasons);
  }
}
