package dev.pactwatch.notify.admin;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.time.Instant;
import java.util.List;

/** An invented alert, which says so, for trying a subscription before there is a real one. */
final class SampleAlert {

  private static final String URI = "urn:pactwatch:sample";
  private static final String SENTENCE =
      "Sample Sender sued Sample Receiver over an agreement that does not exist.";

  private SampleAlert() {}

  static Alert at(Instant now) {
    return new Alert(
        "sample",
        1,
        Change.OPENED,
        "SAMPLE, not news: Sample Sender sues Sample Receiver",
        Relation.DISPUTE,
        Certainty.CERTAIN,
        Severity.HIGH,
        new Alert.AgreementRef(
            "sample-1",
            "sample",
            "1",
            new Term(
                TermKind.EXCLUSIVE, "sample", "sample-sender", "sample-receiver", null, List.of()),
            new Source("An invented agreement", "Pactwatch", null, null, null, null),
            PartialDate.parse("2026")),
        new Alert.Tuple(
            EventType.LITIGATION,
            Status.FILED,
            List.of(
                new Party("sample-sender", "Sample Sender", Role.PLAINTIFF, null, null),
                new Party("sample-receiver", "Sample Receiver", Role.DEFENDANT, null, null)),
            List.of(),
            null,
            null,
            null,
            "sample"),
        List.of("This is an invented alert: somebody tries the subscription."),
        List.of(new Alert.Quote(URI, "sentence", "body", 0, SENTENCE.length(), SENTENCE)),
        List.of(
            new Alert.ArticleRef(
                URI,
                "SAMPLE: Sample Sender sues Sample Receiver",
                null,
                "Pactwatch",
                null,
                now,
                Status.FILED,
                null)),
        1,
        0,
        now,
        now,
        false,
        null);
  }
}
