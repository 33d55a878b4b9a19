package dev.pactwatch.matching;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A relation that holds between one event and one revision of an agreement.
 *
 * @param term the term judged against; null where the relation is about the agreement as a whole
 * @param source the agreement's best source
 * @param checkedTo the day up to which the agreement was checked, may be null
 * @param effectiveFrom when this revision took effect; null where not known
 * @param counterparties group ids, or folded names of unlisted parties, of those the alert is
 *     about, sorted: for a conflict the rivals, for a dispute all named litigants, otherwise
 *     grantor and beneficiary
 * @param identity those among them, or of the agreement, by whom reports of the same thing are
 *     known to be the same: for a dispute between grantor and beneficiary those two, as not every
 *     report names everybody else; otherwise the counterparties
 * @param names what to call the organisations of term and counterparties, by id
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
    PartialDate effectiveFrom,
    List<String> counterparties,
    List<String> identity,
    Map<String, String> names,
    List<String> reasons) {

  public Match {
    counterparties = List.copyOf(counterparties);
    identity = List.copyOf(identity);
    names = names == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(names));
    reasons = List.copyOf(reasons);
  }

  /** What to call an organisation; its id where this match has no name for it. */
  public String name(String organisation) {
    return names.getOrDefault(organisation, organisation);
  }
}
