package dev.pactwatch.alert;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Status;
import java.time.Instant;
import java.util.List;

/**
 * One revision of an alert; the value in {@code alerts.v1} and {@code alert-state.v1}.
 *
 * @param id the same over all revisions
 * @param revision 1 for the first
 * @param change why this revision was written
 * @param title one line that says what happened
 * @param evidence the words of the articles, the newest report's first
 * @param articles oldest first
 * @param independentPublishers distinct publisher families among the articles that are no reprints
 * @param reprints how many of the articles are
 * @param firstSeen event time of the first report
 * @param lastSeen event time of the latest report
 * @param historical true when every article is a backfilled one
 */
public record Alert(
    String id,
    int revision,
    Change change,
    String title,
    Relation relation,
    Certainty certainty,
    Severity severity,
    AgreementRef agreement,
    Tuple event,
    List<String> reasons,
    List<Quote> evidence,
    List<ArticleRef> articles,
    int independentPublishers,
    int reprints,
    Instant firstSeen,
    Instant lastSeen,
    boolean historical,
    String lexicon) {

  public Alert {
    reasons = List.copyOf(reasons);
    evidence = List.copyOf(evidence);
    articles = List.copyOf(articles);
  }

  /**
   * The agreement judged against.
   *
   * @param id of the revision that was in force
   * @param term null where the relation is about the agreement as a whole
   */
  public record AgreementRef(
      String id, String chain, String revision, Term term, Source source, PartialDate checkedTo) {}

  /** What identifies the event, over all its reports. */
  public record Tuple(
      EventType type,
      Status status,
      List<Party> parties,
      List<String> counterparties,
      Amount amount,
      Exclusivity exclusivity,
      String product,
      String topic) {

    public Tuple {
      parties = List.copyOf(parties);
      counterparties = List.copyOf(counterparties);
    }
  }

  /**
   * Words of an article.
   *
   * @param uri the article's
   * @param of what they prove, as in {@link dev.pactwatch.tagging.Evidence#of}
   */
  public record Quote(String uri, String of, String field, int start, int end, String text) {}

  /**
   * One report.
   *
   * @param reprintOf uri of the article that this one copies, null where it is none
   */
  public record ArticleRef(
      String uri,
      String headline,
      String link,
      String publisher,
      String family,
      Instant published,
      Status status,
      String reprintOf) {}

  /** Whether the organisation is a party of the event or of the term judged against. */
  public boolean names(String organisation) {
    Term term = agreement.term();
    return event.parties().stream().anyMatch(party -> organisation.equals(party.organisation()))
        || event.counterparties().contains(organisation)
        || (term != null
            && (organisation.equals(term.grantor()) || organisation.equals(term.beneficiary())));
  }

  /** Key of this revision for receivers that must not act twice. */
  public String revisionKey() {
    return id + "." + revision;
  }
}
