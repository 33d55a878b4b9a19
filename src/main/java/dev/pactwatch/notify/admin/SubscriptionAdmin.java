package dev.pactwatch.notify.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.channel.Channel;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.Message;
import dev.pactwatch.notify.channel.Notification;
import dev.pactwatch.notify.channel.Preview;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.policy.DryRun;
import dev.pactwatch.notify.policy.NotifyFile;
import dev.pactwatch.notify.store.AcknowledgementTable;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.store.SubscriptionTable;
import dev.pactwatch.notify.store.SubscriptionTable.Origin;
import dev.pactwatch.notify.store.SubscriptionTable.State;
import dev.pactwatch.notify.subscription.AlertFacts;
import dev.pactwatch.notify.subscription.Filter;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionView;
import dev.pactwatch.notify.subscription.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Subscriptions: listed, changed, paused, tried. Secrets are never shown. */
public final class SubscriptionAdmin {

  private static final String KIND = "subscription";

  /** How often somebody who waits looks. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** Bytes of a signing key that we make. */
  private static final int KEY = 32;

  private static final int MAX_REASON = 1000;
  private static final int MAX_DAYS = 366;

  /** What becomes of what was held back while a subscription was paused. */
  public enum Held {
    /** It is sent, all of it. */
    ALL,
    /** Of each alert the latest revision is sent. */
    LATEST,
    /** Nothing is sent, but for the withdrawal of what the subscriber was told before the pause. */
    NONE;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * What a subscription's filter let through, and what became of it.
   *
   * @param matched all of it: {@code sent}, {@code pending}, {@code dead} and {@code suppressed}
   *     together
   * @param byReason suppressed ones; null in a list of subscriptions
   * @param messages by state
   */
  public record Counts(
      long matched,
      long sent,
      long pending,
      long dead,
      long suppressed,
      Map<String, Long> byReason,
      Map<String, Long> messages) {

    static Counts of(
        Map<MatchState, Long> matched,
        Map<String, Long> byReason,
        Map<MessageState, Long> messages) {
      Map<String, Long> labelled = new TreeMap<>();
      messages.forEach((state, count) -> labelled.put(state.label(), count));
      return new Counts(
          matched.values().stream().mapToLong(Long::longValue).sum(),
          matched.getOrDefault(MatchState.SENT, 0L),
          matched.getOrDefault(MatchState.PENDING, 0L),
          matched.getOrDefault(MatchState.DEAD, 0L),
          matched.getOrDefault(MatchState.SUPPRESSED, 0L),
          byReason,
          labelled);
    }
  }

  /**
   * A subscription and how it fares.
   *
   * @param subscription as in {@code subscriptions.yaml}, secrets hidden
   * @param target who receives, as it may be shown
   * @param reason why it is in its state; null for none
   * @param version changes with every change by a person
   * @param changed by a person, last; null for never
   * @param failingSince the first failure after the last success; null for none
   * @param pausedUntil until when deliveries rest because too many failed; null for not at all
   */
  public record Shown(
      String id,
      ObjectNode subscription,
      String target,
      Origin origin,
      State state,
      String reason,
      long version,
      Instant changed,
      Instant failingSince,
      Instant pausedUntil,
      Counts counts) {}

  /**
   * All of them.
   *
   * @param problems with the file, and with stored subscriptions that cannot be read
   */
  public record Listing(List<Shown> subscriptions, List<String> problems) {}

  /**
   * What became of a test.
   *
   * @param state {@code pending} while nobody has sent it
   * @param problem why the last attempt failed; null where none has
   */
  public record Tested(
      String message, String alert, MessageState state, int attempts, String problem) {}

  /**
   * A new signing key.
   *
   * @param secret shown this once
   */
  public record Rotated(Shown subscription, String secret) {}

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final Supplier<Channels> channels;
  private final ReaderLinks links;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  SubscriptionAdmin(
      NotifyDatabase database,
      Catalogue catalogue,
      Supplier<Channels> channels,
      ReaderLinks links,
      InstantSource clock) {
    this.database = database;
    this.catalogue = catalogue;
    this.channels = channels;
    this.links = links;
    this.clock = clock;
  }

  // ---- reading

  /** All, by id. */
  public Listing list() {
    Catalogue.Snapshot snapshot = catalogue.refresh();
    return database.read(
        handle -> {
          Map<String, SubscriptionTable.Row> rows = new TreeMap<>();
          SubscriptionTable.all(handle).forEach(row -> rows.put(row.id(), row));
          Map<String, Map<MatchState, Long>> matched = MatchTable.countsBySubscription(handle);
          Map<String, Map<MessageState, Long>> messages = MessageTable.countsBySubscription(handle);
          List<Shown> shown =
              snapshot.entries().values().stream()
                  .map(
                      entry ->
                          shown(
                              entry,
                              rows.get(entry.id()),
                              Counts.of(
                                  matched.getOrDefault(entry.id(), Map.of()),
                                  null,
                                  messages.getOrDefault(entry.id(), Map.of()))))
                  .toList();
          return new Listing(shown, snapshot.problems());
        });
  }

  /**
   * One.
   *
   * @throws UnknownIdException when there is none
   */
  public Shown show(String id) {
    return shown(entry(id));
  }

  private Shown shown(Catalogue.Entry entry) {
    return database.read(
        handle ->
            shown(
                entry,
                SubscriptionTable.find(handle, entry.id()).orElse(null),
                Counts.of(
                    MatchTable.counts(handle, entry.id()),
                    MatchTable.suppressions(handle, entry.id()),
                    MessageTable.counts(handle, entry.id()))));
  }

  private static Shown shown(Catalogue.Entry entry, SubscriptionTable.Row row, Counts counts) {
    return new Shown(
        entry.id(),
        SubscriptionView.of(entry.subscription()),
        entry.subscription().target().shown(),
        entry.origin(),
        entry.state(),
        entry.reason(),
        entry.version(),
        entry.changed(),
        row == null ? null : row.failingSince(),
        row == null ? null : row.pausedUntil(),
        counts);
  }

  // ---- changing

  /**
   * Makes a subscription or changes it.
   *
   * @param document with the fields of {@code subscriptions.yaml}, in JSON or YAML
   * @param expected the version that was read, 0 for one that is to be new; null for any
   * @throws ConfigException naming the field that cannot be used
   * @throws Catalogue.InFileException when it stands in the file
   * @throws Catalogue.ChangedException when another version stands there
   */
  public Shown put(String document, String who, Long expected) {
    return shown(catalogue.put(document, NotifyAdmin.name(who), expected, this::check));
  }

  /**
   * Takes it out. What it has matched stays on record and is not told.
   *
   * @param expected the version that was read; null for any
   * @throws UnknownIdException when there is none
   * @throws Catalogue.InFileException when it stands in the file
   * @throws Catalogue.ChangedException when another version stands there
   */
  public void remove(String id, String who, Long expected) {
    if (!catalogue.remove(id, NotifyAdmin.name(who), expected)) {
      throw new UnknownIdException(KIND, id);
    }
  }

  /**
   * Holds everything back from now on, also of one of the file.
   *
   * @param reason in words; may be null
   * @throws UnknownIdException when there is none
   */
  public Shown pause(String id, String reason, String who) {
    if (reason != null && reason.length() > MAX_REASON) {
      throw new ConfigException("reason: must be a text of up to " + MAX_REASON + " characters");
    }
    if (!catalogue.state(id, State.PAUSED, reason, NotifyAdmin.name(who))) {
      throw new UnknownIdException(KIND, id);
    }
    return show(id);
  }

  /**
   * Ends a pause, also one that the program made because nothing could be delivered.
   *
   * @throws UnknownIdException when there is none
   */
  public Shown resume(String id, Held held, String who) {
    entry(id);
    if (held != Held.ALL) {
      // What is not to be sent must be gone before somebody may send it.
      database.useTransaction(
          handle -> {
            int dropped = drop(handle, id, held);
            NotifyAdmin.note(
                handle, clock, who, "dropped", id, dropped + " messages, sent: " + held.label());
          });
    }
    catalogue.state(id, State.ACTIVE, null, NotifyAdmin.name(who));
    return show(id);
  }

  private int drop(Handle handle, String id, Held held) {
    Instant now = clock.instant();
    Set<String> alerts = new HashSet<>();
    int dropped = 0;
    Long before = null;
    while (true) {
      List<MessageTable.Row> waiting =
          MessageTable.list(
              handle,
              new MessageTable.Wanted(
                  id, null, MessageState.PENDING, null, null, before, DeliveryAdmin.PAGE));
      for (MessageTable.Row message : waiting) {
        boolean newest = message.alertId() == null || alerts.add(message.alertId());
        boolean keep = held == Held.LATEST ? newest : newest && takesBack(handle, id, message);
        if (!keep && MessageTable.supersede(handle, message.id(), now)) {
          MatchTable.supersede(handle, message.id(), now);
          dropped++;
        }
        before = message.seq();
      }
      if (waiting.size() < DeliveryAdmin.PAGE) {
        return dropped;
      }
    }
  }

  /** Whether the message withdraws what the subscriber knows from an earlier one. */
  private static boolean takesBack(Handle handle, String id, MessageTable.Row message) {
    return MatchTable.ofMessage(handle, message.id()).stream()
        .anyMatch(
            row ->
                AlertTable.find(handle, row.alertId(), row.revision())
                        .filter(known -> known.alert().change() == Change.WITHDRAWN)
                        .isPresent()
                    && MatchTable.list(handle, row.alertId(), id, null, DeliveryAdmin.PAGE).stream()
                        .anyMatch(other -> other.state() == MatchState.SENT));
  }

  /**
   * Gives a webhook a new signing key. Messages are signed with the old ones as well until {@link
   * #dropOldSecrets}.
   *
   * @throws UnknownIdException when there is none
   * @throws ConfigException when it is no webhook
   */
  public Rotated rotate(String id, String who) {
    byte[] key = new byte[KEY];
    random.nextBytes(key);
    String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
    Catalogue.Entry entry = webhook(id);
    ObjectNode document = SubscriptionView.of(entry.subscription());
    ArrayNode secrets = (ArrayNode) document.get("secrets");
    secrets.insert(0, Json.mapper().createObjectNode().put("value", secret));
    return new Rotated(put(Json.write(document), who, entry.version()), secret);
  }

  /** Leaves a webhook the newest of its signing keys alone. */
  public Shown dropOldSecrets(String id, String who) {
    Catalogue.Entry entry = webhook(id);
    ObjectNode document = SubscriptionView.of(entry.subscription());
    ArrayNode secrets = (ArrayNode) document.get("secrets");
    while (secrets.size() > 1) {
      secrets.remove(1);
    }
    return put(Json.write(document), who, entry.version());
  }

  private Catalogue.Entry webhook(String id) {
    Catalogue.Entry entry = entry(id);
    if (!(entry.subscription().target() instanceof Target.Webhook)) {
      throw new ConfigException("'" + id + "' is no webhook: nothing of it is signed");
    }
    return entry;
  }

  // ---- trying

  /**
   * Sends a message that says that it is a test. It goes the way of all messages, so it waits while
   * the subscription is paused or no notifier runs.
   *
   * @param alertId what it is to be about; null for the latest known alert, or an invented one
   *     where none is known
   * @return id of the message
   * @throws UnknownIdException when there is no such subscription or alert
   */
  public Tested test(String id, String alertId, String who) {
    Catalogue.Entry entry = entry(id);
    Notification.Item item = item(alertId);
    Instant now = clock.instant();
    Notification notification =
        new Notification(
            id + "-t-" + now.toEpochMilli(),
            id,
            Notification.Kind.TEST,
            List.of(item),
            "This is a test of the subscription " + id + ".",
            now,
            links.of(id));
    Message message;
    try (Channel channel = channels.get().create(entry.subscription())) {
      message = channel.render(notification);
    }
    database.useTransaction(
        handle -> {
          MessageTable.insert(
              handle,
              List.of(new MessageTable.New(message, id, null, Notification.Kind.TEST, now, now)));
          NotifyAdmin.note(handle, clock, who, "tested", id, message.id());
        });
    return new Tested(message.id(), item.alert().id(), MessageState.PENDING, 0, null);
  }

  /**
   * Tells one subscription, in one message, of those of some alerts that it wants; that they are
   * historical is no hindrance. None of them becomes an alert of this installation.
   *
   * @param most alerts, the first ones
   * @param key letters, digits, {@code -}; what was told under the same key before is not told
   *     again
   * @param note one sentence that opens the message
   * @return how many alerts are told of
   */
  public int tell(String id, List<Alert> alerts, int most, String key, String note, String who) {
    Catalogue.Entry entry = entry(id);
    Instant now = clock.instant();
    List<Notification.Item> items =
        alerts.stream()
            .filter(alert -> wantsOld(entry.subscription(), alert))
            .limit(most)
            .map(alert -> new Notification.Item(alert, Json.bytes(alert)))
            .toList();
    if (items.isEmpty()) {
      return 0;
    }
    Notification notification =
        new Notification(
            id + "-" + key, id, Notification.Kind.DIGEST, items, note, now, links.of(id));
    Message message;
    try (Channel channel = channels.get().create(entry.subscription())) {
      message = channel.render(notification);
    }
    database.useTransaction(
        handle -> {
          MessageTable.insert(
              handle,
              List.of(new MessageTable.New(message, id, null, Notification.Kind.DIGEST, now, now)));
          NotifyAdmin.note(handle, clock, who, "told", id, message.id());
        });
    return items.size();
  }

  private static boolean wantsOld(Subscription subscription, Alert alert) {
    return subscription.filter().checks(new AlertFacts(alert)).stream()
        .allMatch(check -> check.passed() || check.criterion() == Filter.Rejection.HISTORICAL);
  }

  /**
   * Waits until a test was taken or given up, or has failed once.
   *
   * @return what became of it until then
   */
  public Tested await(Tested test, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      MessageTable.Row row =
          database
              .read(handle -> MessageTable.find(handle, test.message()))
              .orElseThrow(() -> new UnknownIdException("message", test.message()));
      boolean done = row.state() != MessageState.PENDING || row.attempts() > 0;
      if (done || System.nanoTime() - end >= 0) {
        return new Tested(row.id(), test.alert(), row.state(), row.attempts(), row.problem());
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  /**
   * What it would send, without sending it.
   *
   * @param document what to try in the place of the stored one, as for {@link #put}; null for the
   *     stored one
   * @param alertId as in {@link #test}
   */
  public Preview preview(String id, String document, String alertId) {
    Subscription subscription = document == null ? entry(id).subscription() : tried(id, document);
    return channels.get().preview(subscription, item(alertId).alert(), links.of(id));
  }

  /**
   * What it would have sent in the days before now, had it been there: lived through in virtual
   * time over what was read from the topic, with the silences and acknowledgements of that time.
   *
   * @param document as in {@link #preview}
   * @param days at most a year
   */
  public DryRun.Result dryRun(String id, String document, int days) {
    if (days < 1 || days > MAX_DAYS) {
      throw new ConfigException("days: must lie between 1 and " + MAX_DAYS + ", not " + days);
    }
    Subscription subscription = document == null ? entry(id).subscription() : tried(id, document);
    NotifyFile file = catalogue.snapshot().file();
    Instant now = clock.instant();
    return database.read(
        handle -> {
          List<DryRun.Revision> revisions = new ArrayList<>();
          long after = 0;
          while (true) {
            List<AlertTable.Row> page = AlertTable.after(handle, after, DeliveryAdmin.PAGE);
            for (AlertTable.Row row : page) {
              revisions.add(new DryRun.Revision(row.alert(), row.received()));
              after = row.seq();
            }
            if (page.size() < DeliveryAdmin.PAGE) {
              break;
            }
          }
          return DryRun.of(
              subscription,
              revisions,
              new DryRun.Conditions(
                  file.intervals(),
                  file.inhibit(),
                  SilenceTable.list(handle, DeliveryAdmin.PAGE),
                  AcknowledgementTable.all(handle).values()),
              now.minus(Duration.ofDays(days)),
              now);
        });
  }

  /** A document as it would be kept, without keeping it. */
  private Subscription tried(String id, String document) {
    Subscription subscription = catalogue.read(document);
    if (!subscription.id().equals(id)) {
      throw Yaml.parse(KIND, document)
          .need("id")
          .problem("must be '" + id + "', which is asked for");
    }
    check(subscription);
    return subscription;
  }

  // ---- shared

  private Notification.Item item(String alertId) {
    if (alertId != null) {
      AlertTable.Row row =
          database
              .read(handle -> AlertTable.latest(handle, alertId))
              .orElseThrow(() -> new UnknownIdException("alert", alertId));
      return new Notification.Item(row.alert(), row.json());
    }
    return database.read(handle -> AlertTable.open(handle, 1)).stream()
        .findFirst()
        .map(row -> new Notification.Item(row.alert(), row.json()))
        .orElseGet(
            () -> {
              Alert sample = SampleAlert.at(clock.instant());
              return new Notification.Item(sample, Json.bytes(sample));
            });
  }

  /** Whether the installation can send there at all, and no feed has the key of another. */
  private void check(Subscription subscription) {
    channels.get().create(subscription).close();
    if (subscription.target() instanceof Target.Feed feed
        && byKey(catalogue.snapshot().entries().values(), feed.key().reveal())
            .filter(other -> !other.id().equals(subscription.id()))
            .isPresent()) {
      throw new ConfigException("key: is the key of another feed");
    }
  }

  /** The feed with this key, found in a time that tells nothing about any key. */
  static Optional<Catalogue.Entry> byKey(Collection<Catalogue.Entry> entries, String key) {
    List<Catalogue.Entry> found = new ArrayList<>();
    byte[] wanted = digest(key);
    for (Catalogue.Entry entry : entries) {
      if (entry.subscription().target() instanceof Target.Feed feed
          && MessageDigest.isEqual(wanted, digest(feed.key().reveal()))) {
        found.add(entry);
      }
    }
    return found.stream().findFirst();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private Catalogue.Entry entry(String id) {
    return catalogue.refresh().find(id).orElseThrow(() -> new UnknownIdException(KIND, id));
  }
}
