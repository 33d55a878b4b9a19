package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.pactwatch.config.ConfigException;
import java.time.LocalDate;
import java.util.ArrayList;
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
 * @param facts what else is known
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
    String notes,
    AgreementFacts facts) {

  @JsonCreator
  public Agreement {
    parties = List.copyOf(parties);
    terms = List.copyOf(terms);
    carveOuts = carveOuts == null ? List.of() : List.copyOf(carveOuts);
    sources = sources == null ? List.of() : List.copyOf(sources);
    facts = facts == null ? AgreementFacts.NONE : facts;
  }

  /** An agreement of which nothing else is known. */
  public Agreement(
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
    this(
        id,
        title,
        chain,
        revision,
        parties,
        terms,
        effectiveFrom,
        effectiveTo,
        supersededBy,
        status,
        checkedTo,
        confidence,
        carveOuts,
        sources,
        notes,
        null);
  }

  /**
   * The same, known to have ended, or to end.
   *
   * @param on see {@link #effectiveTo}
   * @param source that says so
   * @param today the day on which somebody looked
   * @throws ConfigException when it ended already, or had not begun
   */
  public Agreement ended(PartialDate on, Source source, LocalDate today) {
    if (effectiveTo != null) {
      throw new ConfigException(
          "'" + id + "' has an end already, " + effectiveTo + "; put another revision to mend it");
    }
    if (effectiveFrom != null && on.last().isBefore(effectiveFrom.first())) {
      throw new ConfigException("'" + id + "' cannot end on " + on + ": it began " + effectiveFrom);
    }
    List<Source> cited = new ArrayList<>(sources);
    cited.add(source);
    boolean looked = checkedTo == null || checkedTo.last().isBefore(today);
    return new Agreement(
        id,
        title,
        chain,
        revision,
        parties,
        terms,
        effectiveFrom,
        on,
        supersededBy,
        on.first().isAfter(today) ? status : "ended",
        looked ? PartialDate.parse(today.toString()) : checkedTo,
        confidence,
        carveOuts,
        cited,
        notes,
        facts);
  }

  /** The name to show of an organisation, as this record gives it; its id where it gives none. */
  public String nameOf(String organisation) {
    for (AgreementParty party : parties) {
      if (party.organisation().equals(organisation)) {
        return party.name();
      }
    }
    return organisation;
  }

  /** The source to cite: the first primary one, else the first; null where there is none. */
  public Source bestSource() {
    for (Source source : sources) {
      if (source.type() != null && source.type().startsWith("primary")) {
        return source;
      }
    }
    return sources.isEmpty() ? null : sources.get(0);
  }
}
