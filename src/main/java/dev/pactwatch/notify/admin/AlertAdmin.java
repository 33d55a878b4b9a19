package dev.pactwatch.notify.admin;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.notify.policy.Explanation;
import dev.pactwatch.notify.policy.GroupKey;
import dev.pactwatch.notify.policy.GroupState;
import dev.pactwatch.notify.policy.PolicyState;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.store.AcknowledgementTable;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.GroupTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.ScheduleTable;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.store.SubscriptionTable;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Who has taken on an alert, and why a subscriber was told of it or was not. */
public final class AlertAdmin {

  private static final String KIND = "alert";
  private static final int MAX_NOTE = 2_000;

  /** More open alerts than that do not inhibit others. */
  private static final int MAX_OPEN = 10_000;

  private static final int MAX_ROWS = 1_000;
  private static final int MAX_TOLD = 200;

  /**
   * Why a subscriber was told of an alert, or was not.
   *
   * @param state whether the subscription is sent to
   * @param now what every step of the way says of the alert as it stands
   * @param matched what the filter has let through and what became of it, newest first
   * @param deliveries what told of it, newest first
   */
  public record Explained(
      SubscriptionTable.State state,
      Explanation now,
      List<MatchTable.Row> matched,
      List<Delivered> deliveries) {}

  /** A message and every attempt to send it. */
  public record Delivered(DeliveryAdmin.Shown delivery, List<AttemptTable.Row> log) {}

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final InstantSource clock;

  AlertAdmin(NotifyDatabase database, Catalogue catalogue, InstantSource clock) {
    this.database = database;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /**
   * The id that begins so.
   *
   * @throws UnknownIdException when there is none
   * @throws ConfigException when there are several
   */
  public String id(String beginning) {
    List<String> ids = database.read(handle -> AlertTable.ids(handle, beginning, 2));
    if (ids.isEmpty()) {
      throw new UnknownIdException(KIND, beginning);
    }
    if (ids.size() > 1 && !ids.contains(beginning)) {
      throw new ConfigException("several alerts begin with '" + beginning + "'; write more of it");
    }
    return ids.get(0);
  }

  /** Who has taken it on; empty for nobody, also when what was acknowledged has moved on since. */
  public Optional<Acknowledgement> acknowledgement(String alertId) {
    return database.read(
        handle -> {
          Optional<AlertTable.Row> latest = AlertTable.latest(handle, alertId);
          return AcknowledgementTable.find(handle, alertId)
              .filter(
                  one -> latest.isPresent() && one.holds(latest.get().alert(), clock.instant()));
        });
  }

  /**
   * Says that somebody has taken on an alert as it stands: corroborations and updates of it are no
   * longer told, and nothing of it escalates. It takes the place of an earlier acknowledgement.
   *
   * @param note in words; may be null
   * @param until when it ends by itself; null for when the alert moves
   * @throws UnknownIdException when there is no such alert
   * @throws ConfigException when it cannot be acknowledged
   */
  public Acknowledgement acknowledge(String alertId, String who, String note, Instant until) {
    Instant now = clock.instant();
    if (note != null && note.length() > MAX_NOTE) {
      throw new ConfigException("note: must be a text of up to " + MAX_NOTE + " characters");
    }
    if (until != null && !until.isAfter(now)) {
      throw new ConfigException("until: must lie in the future, not at " + until);
    }
    return database.inTransaction(
        handle -> {
          Alert alert =
              AlertTable.latest(handle, alertId)
                  .orElseThrow(() -> new UnknownIdException(KIND, alertId))
                  .alert();
          if (alert.change() == Change.WITHDRAWN) {
            throw new ConfigException(
                "alert '" + alertId + "' is withdrawn: nobody need take it on");
          }
          Acknowledgement made =
              new Acknowledgement(
                  alertId,
                  NotifyAdmin.name(who),
                  note == null || note.isBlank() ? null : note,
                  now,
                  until,
                  alert.revision(),
                  alert.event().status());
          AcknowledgementTable.put(handle, made);
          ScheduleTable.reviewSteps(handle, alertId, now);
          MatchTable.reviewAlert(handle, alertId, Reason.ACKNOWLEDGED.label(), now);
          NotifyAdmin.note(handle, clock, who, "acknowledged", alertId, Json.write(made));
          return made;
        });
  }

  /**
   * Takes an acknowledgement back: what it held back is told, and the alert escalates again.
   *
   * @return whether there was one
   * @throws UnknownIdException when there is no such alert
   */
  public boolean unacknowledge(String alertId, String who) {
    Instant now = clock.instant();
    return database.inTransaction(
        handle -> {
          if (AlertTable.latestRevision(handle, alertId) == 0) {
            throw new UnknownIdException(KIND, alertId);
          }
          boolean was = AcknowledgementTable.remove(handle, alertId);
          if (was) {
            ScheduleTable.reviewSteps(handle, alertId, now);
            MatchTable.reviewAlert(handle, alertId, Reason.ACKNOWLEDGED.label(), now);
            NotifyAdmin.note(handle, clock, who, "unacknowledged", alertId, null);
          }
          return was;
        });
  }

  /**
   * What the filters of all subscriptions have let through, and what became of it; newest first.
   */
  public List<MatchTable.Row> told(String alertId) {
    return database.read(handle -> MatchTable.list(handle, alertId, null, null, MAX_TOLD));
  }

  /**
   * Why a subscriber was told of an alert, or was not: what stands on record, and what would be
   * decided now.
   *
   * @throws UnknownIdException when there is no such alert or subscription
   */
  public Explained explain(String alertId, String subscriptionId) {
    Catalogue.Snapshot snapshot = catalogue.refresh();
    Catalogue.Entry entry =
        snapshot
            .find(subscriptionId)
            .orElseThrow(() -> new UnknownIdException("subscription", subscriptionId));
    Instant now = clock.instant();
    return database.read(
        handle -> {
          List<Alert> revisions = revisions(handle, alertId);
          List<MatchTable.Row> rows =
              MatchTable.list(handle, alertId, subscriptionId, null, MAX_ROWS);
          return new Explained(
              entry.state(),
              Explanation.of(
                  entry.subscription(),
                  revisions,
                  now,
                  state(handle, snapshot, now),
                  group(handle, entry.subscription(), revisions)),
              rows,
              deliveries(handle, alertId, subscriptionId, rows));
        });
  }

  private static List<Alert> revisions(Handle handle, String alertId) {
    List<Alert> revisions = new ArrayList<>();
    int latest = AlertTable.latestRevision(handle, alertId);
    for (int revision = 1; revision <= latest; revision++) {
      AlertTable.find(handle, alertId, revision).ifPresent(row -> revisions.add(row.alert()));
    }
    if (revisions.isEmpty()) {
      throw new UnknownIdException(KIND, alertId);
    }
    return revisions;
  }

  /** State of the group that the alert belongs to; null for none. */
  private static GroupState group(Handle handle, Subscription subscription, List<Alert> revisions) {
    return subscription.timing() instanceof Timing.Grouped
        ? GroupTable.find(
                handle,
                subscription.id(),
                GroupKey.of(subscription, revisions.get(revisions.size() - 1)))
            .orElse(null)
        : null;
  }

  /** Messages about the alert alone, and those that tell of others as well. */
  private static List<Delivered> deliveries(
      Handle handle, String alertId, String subscriptionId, List<MatchTable.Row> rows) {
    Map<String, MessageTable.Row> messages = new TreeMap<>();
    MessageTable.list(
            handle,
            new MessageTable.Wanted(subscriptionId, alertId, null, null, null, null, MAX_ROWS))
        .forEach(message -> messages.put(message.id(), message));
    for (MatchTable.Row row : rows) {
      if (row.message() != null && !messages.containsKey(row.message())) {
        MessageTable.find(handle, row.message())
            .ifPresent(message -> messages.put(message.id(), message));
      }
    }
    return messages.values().stream()
        .sorted(Comparator.comparingLong(MessageTable.Row::seq).reversed())
        .map(
            message ->
                new Delivered(
                    DeliveryAdmin.Shown.of(message), AttemptTable.ofMessage(handle, message.id())))
        .toList();
  }

  private static PolicyState state(Handle handle, Catalogue.Snapshot snapshot, Instant now) {
    return new PolicyState(
        AlertTable.open(handle, MAX_OPEN).stream().map(AlertTable.Row::alert).toList(),
        SilenceTable.standing(handle, now),
        AcknowledgementTable.all(handle),
        snapshot.file().intervals(),
        snapshot.file().inhibit(),
        (subscription, alert) -> MatchTable.told(handle, subscription, alert));
  }
}
