package dev.pactwatch.notify.channel;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Notification.Links;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Notifications about invented alerts. */
final class Samples {

  static final Instant MADE = Instant.parse("2026-03-18T10:00:05Z");

  static final Links LINKS =
      new Links("https://pactwatch.example.org", "https://pactwatch.example.org/unsubscribe/k3y");

  private Samples() {}

  static Notification of(Kind kind, String note, Alert... alerts) {
    return new Notification(
        "msg_0123456789abcdef",
        "newsdesk",
        kind,
        Arrays.stream(alerts).map(Samples::item).toList(),
        note,
        MADE,
        LINKS);
  }

  static Notification alert(Alert alert) {
    return of(Kind.ALERT, null, alert);
  }

  static Item item(Alert alert) {
    return new Item(alert, Json.bytes(alert));
  }

  /** So many alerts, each with an id of its own. */
  static Alert[] many(int count) {
    Alert[] alerts = new Alert[count];
    for (int i = 0; i < count; i++) {
      alerts[i] =
          SampleAlerts.as(
              i % 2 == 0 ? SampleAlerts.dispute() : SampleAlerts.conflict(),
              "alert-" + i,
              1,
              SampleAlerts.SEEN.plusSeconds(i));
    }
    return alerts;
  }

  static Alert withdrawn(Alert alert) {
    return new Alert(
        alert.id(),
        alert.revision() + 1,
        Change.WITHDRAWN,
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        alert.event(),
        List.of("The report that it rested on was retracted."),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        alert.lastSeen(),
        alert.historical(),
        alert.lexicon());
  }
}
