package dev.pactwatch.notify.subscription;

import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.util.Arrays;
import java.util.List;

/** Invented alerts that differ in what a test is about. */
public final class AlertBuilder {

  private final String id;
  private int revision = 1;
  private Change change = Change.OPENED;
  private Relation relation = Relation.CONFLICT;
  private Certainty certainty = Certainty.CERTAIN;
  private Severity severity = Severity.HIGH;
  private Status status = Status.AGREED;
  private String agreement = "pact-1";
  private String chain = "pact";
  private String grantor = "lumen";
  private String beneficiary = "borealis";
  private List<String> parties = List.of("lumen", "tidewater");
  private List<String> counterparties = List.of("tidewater");
  private List<String> publishers = List.of("Harbour Wire");
  private String title = "Something happened";
  private boolean historical;

  private AlertBuilder(String id) {
    this.id = id;
  }

  public static AlertBuilder alert(String id) {
    return new AlertBuilder(id);
  }

  public AlertBuilder revision(int number, Change why) {
    revision = number;
    change = why;
    return this;
  }

  public AlertBuilder relation(Relation wanted) {
    relation = wanted;
    return this;
  }

  public AlertBuilder certainty(Certainty wanted) {
    certainty = wanted;
    return this;
  }

  public AlertBuilder severity(Severity wanted) {
    severity = wanted;
    return this;
  }

  /** Also what type of event it is. */
  public AlertBuilder status(Status wanted) {
    status = wanted;
    return this;
  }

  public AlertBuilder agreement(String of, String revisionId) {
    chain = of;
    agreement = revisionId;
    return this;
  }

  public AlertBuilder term(String bound, String enjoys) {
    grantor = bound;
    beneficiary = enjoys;
    return this;
  }

  public AlertBuilder parties(String... ids) {
    parties = Arrays.asList(ids);
    return this;
  }

  public AlertBuilder counterparties(String... ids) {
    counterparties = List.of(ids);
    return this;
  }

  public AlertBuilder publishers(String... names) {
    publishers = List.of(names);
    return this;
  }

  public AlertBuilder title(String text) {
    title = text;
    return this;
  }

  public AlertBuilder historical(boolean wanted) {
    historical = wanted;
    return this;
  }

  public Alert build() {
    return new Alert(
        id,
        revision,
        change,
        title,
        relation,
        certainty,
        severity,
        new Alert.AgreementRef(
            agreement,
            chain,
            "1",
            new Term(TermKind.EXCLUSIVE, "compute", grantor, beneficiary, null, List.of()),
            null,
            null),
        new Alert.Tuple(
            status.type(),
            status,
            parties.stream().map(one -> new Party(one, "name", Role.PARTY, null, null)).toList(),
            counterparties,
            null,
            null,
            null,
            null),
        List.of(),
        List.of(),
        publishers.stream()
            .map(
                name ->
                    new Alert.ArticleRef(
                        "urn:x:" + name,
                        title,
                        "https://news.example/1",
                        name,
                        name + " group",
                        SampleAlerts.SEEN,
                        status,
                        null))
            .toList(),
        1,
        0,
        SampleAlerts.SEEN,
        SampleAlerts.SEEN,
        historical,
        "lexicon-1");
  }
}
