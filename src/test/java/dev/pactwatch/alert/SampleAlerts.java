package dev.pactwatch.alert;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Invented alerts about invented companies. */
public final class SampleAlerts {

  public static final Instant SEEN = Instant.parse("2026-03-18T09:30:00Z");

  private SampleAlerts() {}

  /** A threatened suit over an exclusive term. */
  public static Alert dispute() {
    String sentence =
        "Borealis Cloud is weighing legal action against Lumen Labs over its $6.5 billion deal"
            + " with Tidewater.";
    return new Alert(
        "a1b2c3",
        1,
        Change.OPENED,
        "Borealis Cloud threatens to sue Lumen Labs over its deal with Tidewater",
        Relation.DISPUTE,
        Certainty.CERTAIN,
        Severity.CRITICAL,
        agreement(),
        new Alert.Tuple(
            EventType.LITIGATION,
            Status.THREATENED,
            List.of(
                new Party("borealis", "Borealis Cloud", Role.PLAINTIFF, null, null),
                new Party("lumen", "Lumen Labs", Role.DEFENDANT, null, null),
                new Party("tidewater", "Tidewater", Role.DEFENDANT, null, null)),
            List.of("borealis", "lumen", "tidewater"),
            new Amount(new BigDecimal("6500000000"), "USD"),
            null,
            "Atlas agents",
            "agent-platform"),
        List.of(
            "Borealis Cloud, the beneficiary of an exclusive term, stands against Lumen Labs, its"
                + " grantor.",
            "The term was in force when last checked, on 2026-02-28."),
        List.of(
            new Alert.Quote("urn:x:1", "sentence", "body", 100, 100 + sentence.length(), sentence),
            quote(sentence, "parties[0]", "Borealis Cloud"),
            quote(sentence, "status", "weighing legal action"),
            quote(sentence, "amount", "$6.5 billion")),
        List.of(
            article("urn:x:1", "Borealis weighs suit over Lumen pact", "Harbour Wire", SEEN),
            article(
                "urn:x:2",
                "Lumen's new cloud deal draws a legal threat",
                "The Ledger",
                SEEN.plusSeconds(1800))),
        2,
        0,
        SEEN,
        SEEN.plusSeconds(1800),
        false,
        "lexicon-1");
  }

  /** A deal that a grantor may not make. */
  public static Alert conflict() {
    String sentence = "Lumen Labs named Tidewater its sole third-party cloud for Atlas agents.";
    Alert base = dispute();
    return new Alert(
        "d4e5f6",
        2,
        Change.CORROBORATED,
        "Lumen Labs makes Tidewater sole third-party cloud for Atlas agents",
        Relation.CONFLICT,
        Certainty.POSSIBLE,
        Severity.HIGH,
        agreement(),
        new Alert.Tuple(
            EventType.CLOUD_PARTNERSHIP,
            Status.AGREED,
            List.of(
                new Party("tidewater", "Tidewater", Role.PROVIDER, null, null),
                new Party("lumen", "Lumen Labs", Role.CUSTOMER, null, null)),
            List.of("tidewater"),
            null,
            Exclusivity.EXCLUSIVE,
            "Atlas agents",
            null),
        List.of(
            "Lumen Labs gets compute from Tidewater while Borealis Cloud holds it exclusively."),
        List.of(
            new Alert.Quote("urn:x:3", "sentence", "body", 0, sentence.length(), sentence),
            new Alert.Quote("urn:x:3", "exclusivity", "body", 31, 35, "sole")),
        List.of(article("urn:x:3", "Lumen picks Tidewater", "Harbour Wire", SEEN)),
        1,
        0,
        SEEN.minusSeconds(86400),
        SEEN.minusSeconds(3600),
        false,
        base.lexicon());
  }

  /** The same alert with another id, revision and time. */
  public static Alert as(Alert alert, String id, int revision, Instant lastSeen) {
    return new Alert(
        id,
        revision,
        alert.change(),
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        alert.event(),
        alert.reasons(),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        lastSeen,
        alert.historical(),
        alert.lexicon());
  }

  /** The same alert about another product. */
  public static Alert about(Alert alert, String product) {
    Alert.Tuple event = alert.event();
    return new Alert(
        alert.id(),
        alert.revision(),
        alert.change(),
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        new Alert.Tuple(
            event.type(),
            event.status(),
            event.parties(),
            event.counterparties(),
            event.amount(),
            event.exclusivity(),
            product,
            event.topic()),
        alert.reasons(),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        alert.lastSeen(),
        alert.historical(),
        alert.lexicon());
  }

  public static Alert historical(Alert alert) {
    return new Alert(
        alert.id(),
        alert.revision(),
        alert.change(),
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        alert.event(),
        alert.reasons(),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        alert.lastSeen(),
        true,
        alert.lexicon());
  }

  /** An alert in which every text that can come from outside is this one. */
  public static Alert hostile(String id, String text) {
    return new Alert(
        id,
        1,
        Change.ESCALATED,
        text,
        Relation.CONFLICT,
        Certainty.CERTAIN,
        Severity.MEDIUM,
        new Alert.AgreementRef(
            text,
            text,
            text,
            new Term(TermKind.EXCLUSIVE, text, text, text, text, List.of()),
            new Source(text, text, text, text, text, text),
            PartialDate.parse("2026")),
        new Alert.Tuple(
            EventType.LITIGATION,
            Status.FILED,
            List.of(new Party(null, text, Role.PARTY, null, true)),
            List.of(text),
            new Amount(BigDecimal.TEN, text),
            null,
            text,
            text),
        List.of(text, text),
        List.of(
            new Alert.Quote("urn:x:9", "sentence", "body", 0, text.length(), text),
            new Alert.Quote("urn:x:9", "status", "body", 0, text.length(), text)),
        List.of(new Alert.ArticleRef("urn:x:9", text, text, text, text, SEEN, Status.FILED, null)),
        1,
        0,
        SEEN,
        SEEN,
        false,
        text);
  }

  private static Alert.AgreementRef agreement() {
    return new Alert.AgreementRef(
        "borealis-lumen-2",
        "borealis-lumen",
        "2",
        new Term(
            TermKind.EXCLUSIVE, "compute", "lumen", "borealis", "training and serving", List.of()),
        new Source(
            "Borealis and Lumen extend their partnership",
            "Borealis Cloud",
            "2025-01-21",
            "https://example.com/news/partnership",
            "primary",
            "read"),
        PartialDate.parse("2026-02-28"));
  }

  private static Alert.Quote quote(String sentence, String of, String words) {
    int start = 100 + sentence.indexOf(words);
    return new Alert.Quote("urn:x:1", of, "body", start, start + words.length(), words);
  }

  private static Alert.ArticleRef article(
      String uri, String headline, String publisher, Instant published) {
    return new Alert.ArticleRef(
        uri,
        headline,
        "https://news.example/" + uri.substring(uri.length() - 1),
        publisher,
        publisher,
        published,
        Status.THREATENED,
        null);
  }
}
