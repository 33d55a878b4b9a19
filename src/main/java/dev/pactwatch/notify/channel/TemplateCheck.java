package dev.pactwatch.notify.channel;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Notification.Links;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Invented notifications with which templates are tried before they are used: of every kind and
 * event type, about alerts that hold everything and alerts that hold next to nothing.
 */
final class TemplateCheck {

  private static final Instant SEEN = Instant.parse("2026-01-02T03:04:05Z");

  private TemplateCheck() {}

  static List<Notification> notifications() {
    List<Notification> all = new ArrayList<>();
    Links full = new Links("https://pactwatch.example", "https://pactwatch.example/unsubscribe/0");
    for (Kind kind : Kind.values()) {
      if (kind == Kind.NOTICE) {
        all.add(notification(kind, List.of(), full));
        continue;
      }
      for (EventType type : EventType.values()) {
        all.add(notification(kind, List.of(item(whole(type))), full));
        all.add(notification(kind, List.of(item(bare(type))), new Links(null, null)));
      }
      if (kind != Kind.ALERT) {
        all.add(
            notification(
                kind,
                List.of(item(whole(EventType.LITIGATION)), item(bare(EventType.LITIGATION))),
                full));
      }
    }
    return all;
  }

  private static Notification notification(Kind kind, List<Item> items, Links links) {
    return new Notification(
        "check", "check", kind, items, kind == Kind.ALERT ? null : "A note.", SEEN, links);
  }

  private static Item item(Alert alert) {
    return new Item(alert, new byte[0]);
  }

  private static Alert whole(EventType type) {
    return new Alert(
        "0000",
        2,
        Change.UPDATED,
        "One party sues the other",
        Relation.DISPUTE,
        Certainty.POSSIBLE,
        Severity.HIGH,
        new Alert.AgreementRef(
            "agreement-1",
            "agreement",
            "1",
            new Term(TermKind.EXCLUSIVE, "topic", "grantor", "beneficiary", "scope", List.of()),
            new Source("Announcement", "Publisher", "2026", "https://example.com/a", null, null),
            PartialDate.parse("2026-01")),
        new Alert.Tuple(
            type,
            Status.FILED,
            List.of(new Party("party", "Party", Role.PARTY, null, null)),
            List.of("party"),
            new Amount(BigDecimal.TEN, "USD"),
            Exclusivity.EXCLUSIVE,
            "product",
            "topic"),
        List.of("A reason."),
        List.of(new Alert.Quote("urn:x:0", "sentence", "body", 0, 6, "Words.")),
        List.of(
            new Alert.ArticleRef(
                "urn:x:0",
                "Headline",
                "https://example.com/n",
                "Publisher",
                "family",
                SEEN,
                Status.FILED,
                "urn:x:1")),
        1,
        1,
        SEEN,
        SEEN,
        false,
        "lexicon");
  }

  private static Alert bare(EventType type) {
    return new Alert(
        "0001",
        1,
        Change.WITHDRAWN,
        "Title",
        Relation.TOUCHES,
        Certainty.CERTAIN,
        Severity.LOW,
        new Alert.AgreementRef(null, null, null, null, null, null),
        new Alert.Tuple(type, Status.ENDED, List.of(), List.of(), null, null, null, null),
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        SEEN,
        SEEN,
        true,
        null);
  }
}
