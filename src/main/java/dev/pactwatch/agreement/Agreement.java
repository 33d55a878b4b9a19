package dev.pactwatch.agreement;

import java.util.List;

/**
 * One revision of an agreement: dated, scoped, sourced.
 *
 * @param id identity of this revision; the record key in Kafka
 * @param title one line
 * @param chain id shared by all revisions of one relationship
 * @param revision label within the chain, such as {@code 4a}
 * @param parties everybody who signed, with the names to show
 * @param terms what it grants
 * @param effectiveFrom first day
 * @param effectiveTo first day on which it no longer holds when known to the day; the last month or
 *     year in which it may still hold when known to the month or year; null while open
 * @param supersededBy id of the next revision, may be null
 * @param status such as {@code in-force}, {@code superseded}, {@code ended}, {@code unclear}
 * @param checkedTo the day up to which somebody looked, may be null
 * @param confidence how well it is supported
 * @param carveOuts in words
 * @param notes in words, may be null
 */
public record Agreement(
    String id,
    String title,
    String chain,
    String revision,
    List<AgreementParty> parties,
    List<Term> terms,
    PartialDate effectiveFrom,
    PartialDate effectiveTo,
    String supersededBy,
    String status,
    PartialDate checkedTo,
    Confidence confidence,
    List<String> carveOuts,
    List<Source> sources,
    String notes) {

  public Agreement {
    parties = List.copyOf(parties);
    terms = List.copyOf(terms);
    carveOuts = carveOuts == null ? List.of() : List.copyOf(carveOuts);
    sources = sources == null ? List.of() : List.copyOf(sources);
  }
}
