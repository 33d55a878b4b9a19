package dev.pactwatch.notify.delivery;

import com.google.common.hash.Hashing;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.channel.Notification;
import dev.pactwatch.notify.policy.Decision;
import dev.pactwatch.notify.policy.DigestTimes;
import dev.pactwatch.notify.policy.GroupKey;
import dev.pactwatch.notify.policy.Grouping;
import dev.pactwatch.notify.policy.Policy;
import dev.pactwatch.notify.policy.PolicyState;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.GroupTable;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.ScheduleTable;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * One transaction in which revisions that match are put where they belong: into a message, a group,
 * a digest, or aside for a reason. For one thread; {@link #write} ends it.
 */
final class Admission {

  private static final Logger LOG = System.getLogger(Admission.class.getName());

  /** Why something waits whose channel cannot be used as this process is set up. */
  static final String CHANNEL = "channel";

  private static final Duration CHANNEL_AGAIN = Duration.ofMinutes(1);

  private final Handle handle;
  private final PolicyState state;
  private final Rendering rendering;
  private final Instant now;
  private final List<MatchTable.New> rows = new ArrayList<>();
  private final List<MessageTable.New> messages = new ArrayList<>();
  private final Set<String> silenced = new TreeSet<>();

  /** Who is told in this very transaction, by id of the alert. */
  private final Map<String, Set<String>> told = new HashMap<>();

  Admission(Handle handle, PolicyState state, Rendering rendering, Instant now) {
    this.handle = handle;
    this.state = state;
    this.rendering = rendering;
    this.now = now;
  }

  /** Takes in a revision that the subscription wants and that it has not met before. */
  void add(Subscription subscription, AlertTable.Row row) {
    Placed placed = place(subscription, row);
    rows.add(
        new MatchTable.New(
            row.alert().id(),
            row.alert().revision(),
            subscription.id(),
            placed.state(),
            placed.reason(),
            placed.ref(),
            placed.message(),
            placed.due()));
  }

  /** Decides again on one that was held back. */
  void review(Subscription subscription, AlertTable.Row row, MatchTable.Row before) {
    Placed placed =
        AlertTable.latestRevision(handle, before.alertId()) > before.revision()
            ? Placed.suppressed(Reason.SUPERSEDED.label(), null, null)
            : place(subscription, row);
    set(before, placed);
  }

  /** Writes down what was decided on one that is known. */
  void set(MatchTable.Row before, Placed placed) {
    MatchTable.set(
        handle,
        before,
        placed.state(),
        placed.reason(),
        placed.ref(),
        placed.message(),
        placed.due(),
        now);
  }

  /**
   * Where a revision is put.
   *
   * @param message key of the message that tells it; null for none yet
   * @param due when it is to be decided on again; null for not by itself
   */
  record Placed(MatchState state, String reason, String ref, String message, Instant due) {

    static Placed told(String message) {
      return new Placed(MatchState.PENDING, null, null, message, null);
    }

    static Placed waiting(String reason, String ref, Instant due) {
      return new Placed(MatchState.PENDING, reason, ref, null, due);
    }

    static Placed suppressed(String reason, String ref, Instant due) {
      return new Placed(MatchState.SUPPRESSED, reason, ref, null, due);
    }
  }

  /** Subscriptions that this transaction tells of an alert. */
  Set<String> toldHere(String alertId) {
    return told.computeIfAbsent(alertId, id -> new TreeSet<>());
  }

  Decision decide(Subscription subscription, Alert alert) {
    Decision decision = Policy.decide(subscription, alert, now, state);
    if (decision instanceof Decision.Suppress suppress && suppress.reason() == Reason.SILENCE) {
      silenced.add(suppress.ref());
    }
    if (decision instanceof Decision.Suppress suppress
        && suppress.reason() == Reason.NEVER_TOLD
        && toldHere(alert.id()).contains(subscription.id())) {
      // The message that tells of it is made in this very transaction.
      return new Decision.Tell();
    }
    return decision;
  }

  /** What a decision means for a revision that is not to be told now. */
  static Placed held(Decision decision) {
    if (decision instanceof Decision.Wait wait) {
      return Placed.waiting(wait.reason().label(), null, wait.until());
    }
    Decision.Suppress suppress = (Decision.Suppress) decision;
    return Placed.suppressed(suppress.reason().label(), suppress.ref(), suppress.reviewAt());
  }

  /** Messages that are to be sent with this transaction. */
  void send(List<MessageTable.New> more) {
    messages.addAll(more);
  }

  /**
   * Writes everything.
   *
   * @return ids of subscriptions that have something to be sent
   */
  Set<String> write() {
    MatchTable.insert(handle, rows, now);
    MessageTable.insert(handle, messages);
    for (Silence silence : state.silences()) {
      if (silence.expireAfterIdle() != null && silenced.contains(silence.id())) {
        SilenceTable.change(handle, silence.matchedAt(now));
      }
    }
    Set<String> subscriptions = new TreeSet<>();
    messages.forEach(message -> subscriptions.add(message.subscription()));
    return subscriptions;
  }

  private Placed place(Subscription subscription, AlertTable.Row row) {
    if (subscription.timing() instanceof Timing.Grouped grouped) {
      String key = GroupKey.of(subscription, row.alert());
      GroupTable.put(
          handle,
          subscription.id(),
          key,
          Grouping.add(
              GroupTable.lock(handle, subscription.id(), key).orElse(null),
              grouped,
              row.alert(),
              row.received(),
              now));
      return Placed.waiting(Reason.GROUP.label(), ref(key), null);
    }
    if (subscription.timing() instanceof Timing.Digest digest) {
      if (ScheduleTable.digest(handle, subscription.id()).isEmpty()) {
        ScheduleTable.digest(handle, subscription.id(), DigestTimes.next(digest, now));
      }
      return Placed.waiting(Reason.DIGEST.label(), null, null);
    }
    Decision decision = decide(subscription, row.alert());
    return decision instanceof Decision.Tell ? tell(subscription, row) : held(decision);
  }

  /** What groups' rows refer to; as long as the column is. */
  static String ref(String groupKey) {
    return groupKey.length() <= 200
        ? groupKey
        : Hashing.sha256().hashString(groupKey, StandardCharsets.UTF_8).toString();
  }

  private Placed tell(Subscription subscription, AlertTable.Row row) {
    MessageTable.New message;
    try {
      message = rendering.alert(subscription, row, now);
    } catch (ConfigException e) {
      LOG.log(Level.ERROR, "waits: " + e.getMessage());
      return Placed.waiting(CHANNEL, null, now.plus(CHANNEL_AGAIN));
    }
    String alertId = row.alert().id();
    if (subscription.latestOnly()) {
      takeBack(subscription, alertId);
      if (row.alert().change() == Change.WITHDRAWN
          && !MatchTable.told(handle, subscription.id(), alertId)) {
        return Placed.suppressed(Reason.NEVER_TOLD.label(), null, null);
      }
    }
    messages.add(message);
    toldHere(alertId).add(subscription.id());
    return Placed.told(message.message().id());
  }

  private void takeBack(Subscription subscription, String alertId) {
    for (String id : MessageTable.supersede(handle, subscription.id(), alertId, now)) {
      MatchTable.supersede(handle, id, now);
    }
    toldHere(alertId).remove(subscription.id());
    // One of this very transaction has not been written yet.
    messages.removeIf(
        one ->
            one.subscription().equals(subscription.id())
                && alertId.equals(one.alertId())
                && one.kind() == Notification.Kind.ALERT);
    rows.replaceAll(
        one ->
            one.subscription().equals(subscription.id())
                    && one.alertId().equals(alertId)
                    && one.message() != null
                ? new MatchTable.New(
                    one.alertId(),
                    one.revision(),
                    one.subscription(),
                    MatchState.SUPPRESSED,
                    Reason.SUPERSEDED.label(),
                    null,
                    null,
                    null)
                : one);
  }
}
