package dev.pactwatch.notify.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.Message;
import dev.pactwatch.notify.channel.Notification;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.notify.policy.Explanation;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.Databases;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SecretBox;
import dev.pactwatch.notify.store.SubscriptionTable.Origin;
import dev.pactwatch.notify.store.SubscriptionTable.State;
import dev.pactwatch.notify.subscription.AlertBuilder;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.Secret;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people do to the notifier, on each database. */
class NotifyAdminTest {

  private static final Instant START = Instant.parse("2026-03-18T12:00:00Z");

  private static final String WEBHOOK =
      """
      {"id": "desk", "channel": "webhook", "url": "https://hooks.example.com/x",
       "secrets": [{"value": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}],
       "severity": "high"}
      """;

  @TempDir Path folder;

  private Instant now = START;
  private NotifyDatabase database;
  private NotifyAdmin admin;

  private void with(Databases kind, Consumer<NotifyAdmin> test) throws IOException {
    Path file = folder.resolve("subscriptions.yaml");
    Files.writeString(
        file,
        """
        subscriptions:
          - id: console
            channel: console
        time-intervals:
          - {name: nights, shared: true, intervals: [{years: ['2030']}]}
        """);
    SecretBox box = new SecretBox(new Secret("a-key-of-at-least-thirty-two-characters"));
    try (NotifyDatabase open = NotifyDatabase.open(kind.fresh(folder));
        OutboundClient http = new OutboundClient(OutboundSettings.defaults("test", "", List.of()));
        Channels channels =
            new Channels(
                http,
                Optional.empty(),
                null,
                new KafkaClients(Map.of("bootstrap.servers", "127.0.0.1:1")),
                new Topics("test.", 1, (short) 1),
                Templates.shipped(),
                new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                () -> now)) {
      database = open;
      Catalogue catalogue =
          new Catalogue(open, box, file, () -> KnownIds.UNCHECKED, name -> null, () -> now);
      admin =
          new NotifyAdmin(
              open, catalogue, () -> channels, box, "https://pactwatch.example.org/", () -> now);
      test.accept(admin);
    }
  }

  // ---- subscriptions

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_subscription_is_made_changed_and_removed_without_its_secret_ever_being_shown(
      Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          SubscriptionAdmin.Shown made = admin.subscriptions().put(WEBHOOK, "alice", 0L);
          assertThat(made.version()).isEqualTo(1);
          assertThat(made.origin()).isEqualTo(Origin.API);
          assertThat(Json.write(made)).contains("(hidden)").doesNotContain("MDEyMzQ1");

          // What is shown can be given back.
          String shown = Json.write(made.subscription()).replace("\"high\"", "\"low\"");
          SubscriptionAdmin.Shown changed = admin.subscriptions().put(shown, "alice", 1L);
          assertThat(changed.version()).isEqualTo(2);
          assertThat(changed.subscription().has("severity")).isFalse();

          assertThatThrownBy(() -> admin.subscriptions().put(shown, "bob", 1L))
              .isInstanceOf(Catalogue.ChangedException.class)
              .hasMessageContaining("version 2");
          assertThatThrownBy(() -> admin.subscriptions().put(WEBHOOK, "bob", 0L))
              .isInstanceOf(Catalogue.ChangedException.class);
          assertThatThrownBy(() -> admin.subscriptions().remove("desk", "bob", 1L))
              .isInstanceOf(Catalogue.ChangedException.class);

          admin.subscriptions().remove("desk", "alice", 2L);
          assertThatThrownBy(() -> admin.subscriptions().show("desk"))
              .isInstanceOf(UnknownIdException.class);
          assertThatThrownBy(() -> admin.subscriptions().remove("desk", "alice", null))
              .isInstanceOf(UnknownIdException.class);
          assertThatThrownBy(() -> admin.subscriptions().put(shown, "bob", 2L))
              .isInstanceOf(Catalogue.ChangedException.class);

          NotifyAdmin.Audit audit = admin.audit(10);
          assertThat(audit.entries())
              .extracting(row -> row.who() + " " + row.action() + " " + row.subject())
              .containsExactly("alice removed desk", "alice put desk", "alice put desk");
          assertThat(Json.write(audit)).doesNotContain("MDEyMzQ1");
          assertThat(audit.broken()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void one_of_the_file_is_listed_and_paused_and_not_changed(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          assertThat(admin.subscriptions().list().subscriptions())
              .extracting(SubscriptionAdmin.Shown::id, SubscriptionAdmin.Shown::origin)
              .containsExactly(org.assertj.core.groups.Tuple.tuple("console", Origin.FILE));
          assertThatThrownBy(
                  () ->
                      admin
                          .subscriptions()
                          .put("{\"id\": \"console\", \"channel\": \"console\"}", "a", null))
              .isInstanceOf(Catalogue.InFileException.class);

          SubscriptionAdmin.Shown paused =
              admin.subscriptions().pause("console", "on holiday", "alice");
          assertThat(paused.state()).isEqualTo(State.PAUSED);
          assertThat(paused.reason()).isEqualTo("on holiday");
          assertThat(
                  admin
                      .subscriptions()
                      .resume("console", SubscriptionAdmin.Held.ALL, "alice")
                      .state())
              .isEqualTo(State.ACTIVE);
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void what_was_held_back_is_sent_or_dropped_as_one_chooses(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          told("console", alert("a", 1, Change.OPENED), MessageState.DELIVERED);
          told("console", alert("a", 2, Change.WITHDRAWN), MessageState.PENDING);
          told("console", alert("b", 1, Change.OPENED), MessageState.PENDING);
          told("console", alert("b", 2, Change.UPDATED), MessageState.PENDING);
          admin.subscriptions().pause("console", null, "alice");

          admin.subscriptions().resume("console", SubscriptionAdmin.Held.LATEST, "alice");
          assertThat(pending()).containsExactly("console-b-2", "console-a-2");

          // Who was told of an alert hears that it is withdrawn, whatever else is dropped.
          admin.subscriptions().resume("console", SubscriptionAdmin.Held.NONE, "alice");
          assertThat(pending()).containsExactly("console-a-2");

          SubscriptionAdmin.Counts counts = admin.subscriptions().show("console").counts();
          assertThat(counts.byReason()).isEqualTo(Map.of("superseded", 2L));
          assertThat(
                  List.of(counts.sent(), counts.pending(), counts.suppressed(), counts.matched()))
              .containsExactly(1L, 1L, 2L, 4L);
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_test_goes_the_way_of_all_messages_and_says_what_it_is(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          admin.subscriptions().put(WEBHOOK, "alice", null);
          SubscriptionAdmin.Tested test = admin.subscriptions().test("desk", null, "alice");
          assertThat(test.message()).isEqualTo("desk-t-" + now.toEpochMilli());
          assertThat(test.alert()).isEqualTo("sample");
          MessageTable.Row row = message(test.message());
          assertThat(row.kind()).isEqualTo(Notification.Kind.TEST);
          assertThat(new String(row.message().body(), StandardCharsets.UTF_8))
              .contains("dev.pactwatch.test.v1", "SAMPLE, not news", "This is a test");
          assertThat(await(test, Duration.ZERO).state()).isEqualTo(MessageState.PENDING);

          Alert known = alert("a", 1, Change.OPENED);
          seen(known);
          now = now.plusMillis(1);
          SubscriptionAdmin.Tested about = admin.subscriptions().test("desk", null, "alice");
          assertThat(about.alert()).isEqualTo("a");
          end(about.message(), MessageState.DEAD, "no such host");
          assertThat(await(about, Duration.ofSeconds(30)))
              .extracting(SubscriptionAdmin.Tested::state, SubscriptionAdmin.Tested::problem)
              .containsExactly(MessageState.DEAD, "no such host");
          assertThatThrownBy(() -> admin.subscriptions().test("desk", "zzz", "alice"))
              .isInstanceOf(UnknownIdException.class);
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_document_is_tried_before_it_is_kept(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          assertThat(admin.subscriptions().preview("desk", WEBHOOK, null).sections())
              .singleElement()
              .satisfies(section -> assertThat(section.text()).contains("SAMPLE, not news"));
          assertThatThrownBy(() -> admin.subscriptions().show("desk"))
              .isInstanceOf(UnknownIdException.class);
          assertThatThrownBy(() -> admin.subscriptions().preview("other", WEBHOOK, null))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("must be 'other'");
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_new_signing_key_is_shown_once_and_the_old_one_stays_until_it_is_dropped(Databases kind)
      throws IOException {
    with(
        kind,
        admin -> {
          admin.subscriptions().put(WEBHOOK, "alice", null);
          SubscriptionAdmin.Rotated rotated = admin.subscriptions().rotate("desk", "alice");
          String newest = new Secret(rotated.secret()).fingerprint();
          assertThat(rotated.secret()).startsWith("whsec_").hasSize(50);
          assertThat(rotated.subscription().subscription().get("secrets")).hasSize(2);
          assertThat(fingerprint(admin.subscriptions().show("desk"), 0)).isEqualTo(newest);

          SubscriptionAdmin.Shown left = admin.subscriptions().dropOldSecrets("desk", "alice");
          assertThat(left.subscription().get("secrets")).hasSize(1);
          assertThat(fingerprint(left, 0)).isEqualTo(newest);
          assertThatThrownBy(() -> admin.subscriptions().rotate("console", "alice"))
              .isInstanceOf(ConfigException.class);
        });
  }

  // ---- deliveries

  @ParameterizedTest
  @EnumSource(Databases.class)
  void the_log_is_read_page_by_page_and_down_to_every_attempt(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          for (int i = 0; i < 5; i++) {
            told("console", alert("a" + i, 1, Change.OPENED), MessageState.DELIVERED);
          }
          DeliveryAdmin.Listing first = admin.deliveries().list(wanted(null, 2));
          DeliveryAdmin.Listing second = admin.deliveries().list(wanted(first.next(), 2));
          DeliveryAdmin.Listing last = admin.deliveries().list(wanted(second.next(), 2));
          assertThat(first.deliveries())
              .extracting(DeliveryAdmin.Shown::id)
              .containsExactly("console-a4-1", "console-a3-1");
          assertThat(last.deliveries())
              .extracting(DeliveryAdmin.Shown::id)
              .containsExactly("console-a0-1");
          assertThat(last.next()).isNull();

          DeliveryAdmin.Details details = admin.deliveries().show("console-a0-1");
          assertThat(details.body()).isEqualTo("body of a0");
          assertThat(details.log())
              .extracting(AttemptTable.Row::outcome)
              .containsExactly("delivered");
          assertThat(details.tells()).extracting(MatchTable.Row::alertId).containsExactly("a0");
          assertThatThrownBy(() -> admin.deliveries().show("nothing"))
              .isInstanceOf(UnknownIdException.class);
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void what_is_dead_is_sent_again_one_by_one_or_all(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          told("console", alert("a", 1, Change.OPENED), MessageState.DEAD);
          told("console", alert("b", 1, Change.OPENED), MessageState.DEAD);
          told("console", alert("c", 1, Change.OPENED), MessageState.DELIVERED);
          now = now.plusSeconds(60);

          DeliveryAdmin.Shown again = admin.deliveries().retry("console-a-1", "alice");
          assertThat(again.state()).isEqualTo(MessageState.PENDING);
          assertThat(again.next()).isEqualTo(now);
          assertThat(message("console-a-1").manual()).isTrue();
          assertThat(admin.deliveries().counts().all())
              .extracting(SubscriptionAdmin.Counts::pending, SubscriptionAdmin.Counts::dead)
              .containsExactly(1L, 1L);

          DeliveryAdmin.Range dead = new DeliveryAdmin.Range(null, null, null, null);
          assertThat(admin.deliveries().retry(dead, "alice")).isEqualTo(1);
          assertThat(admin.deliveries().retry(dead, "alice")).isZero();
          assertThat(pending()).containsExactly("console-b-1", "console-a-1");
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void what_was_delivered_is_sent_again_for_thirty_days_at_most(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          told("console", alert("a", 1, Change.OPENED), MessageState.DELIVERED);
          Instant since = now.minusSeconds(1);
          now = now.plus(Duration.ofDays(29));
          assertThatThrownBy(() -> retryDelivered(null)).hasMessageContaining("is needed");
          assertThatThrownBy(() -> retryDelivered(now.minus(Duration.ofDays(31))))
              .hasMessageContaining("30 days");
          assertThat(retryDelivered(now.minusSeconds(1))).isZero();
          assertThat(retryDelivered(since)).isEqualTo(1);
          assertThat(pending()).containsExactly("console-a-1");
        });
  }

  // ---- silences

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_request_for_a_silence_that_comes_twice_makes_one(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          seen(alert("a", 1, Change.OPENED));
          seen(alert("b", 1, Change.WITHDRAWN));
          String document =
              "{\"matchers\": \"severity=high\", \"lasts\": \"2h\", \"comment\": \"drill\"}";
          SilenceAdmin.Matching matching = admin.silences().preview(document);
          assertThat(matching.alerts()).extracting(Alert::id).containsExactly("a");

          SilenceAdmin.Shown made = admin.silences().add(document, "alice", "req-1");
          assertThat(made.state()).isEqualTo(Silence.State.ACTIVE);
          assertThat(made.next()).isEqualTo(now.plus(Duration.ofHours(2)));
          assertThat(admin.silences().add(document, "alice", "req-1").id()).isEqualTo(made.id());
          assertThat(admin.silences().list(Set.of(), 10)).hasSize(1);
          assertThat(admin.audit(10).entries()).hasSize(1);
          assertThatThrownBy(() -> admin.silences().add("{\"matchers\": \"x=1\"}", "a", null))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("'x' is no label");
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void an_ended_silence_lets_go_of_what_it_held_back_unless_it_drops_it(Databases kind)
      throws IOException {
    with(
        kind,
        admin -> {
          String sends = silence("send");
          String drops = silence("drop");
          held("a", "silence", sends);
          held("b", "silence", drops);
          now = now.plusSeconds(60);
          assertThat(admin.silences().expire(sends, "alice").state())
              .isEqualTo(Silence.State.EXPIRED);
          assertThat(admin.silences().expire(drops, "alice").state())
              .isEqualTo(Silence.State.EXPIRED);
          assertThat(row("a").due()).isEqualTo(now);
          assertThat(row("b").due()).isNull();
          assertThat(admin.silences().list(Set.of(Silence.State.ACTIVE), 10)).isEmpty();

          // One that has not begun never does.
          String later =
              admin
                  .silences()
                  .add(
                      "{matchers: 'severity=high', starts-at: 2026-03-20T00:00:00Z, lasts: 1h,"
                          + " comment: c}",
                      "alice",
                      null)
                  .id();
          assertThat(admin.silences().expire(later, "alice").state())
              .isEqualTo(Silence.State.EXPIRED);
        });
  }

  // ---- alerts

  @ParameterizedTest
  @EnumSource(Databases.class)
  void an_alert_is_taken_on_and_given_back(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          seen(alert("a1", 1, Change.OPENED));
          seen(alert("b1", 1, Change.WITHDRAWN));
          assertThat(admin.alerts().id("a")).isEqualTo("a1");
          held("a1", "acknowledged", "alice");

          Acknowledgement made = admin.alerts().acknowledge("a1", "alice", "mine", null);
          assertThat(made.revision()).isEqualTo(1);
          assertThat(admin.alerts().acknowledgement("a1")).contains(made);
          assertThat(row("a1").due()).isEqualTo(now);
          assertThatThrownBy(() -> admin.alerts().acknowledge("b1", "alice", null, null))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("withdrawn");
          assertThatThrownBy(() -> admin.alerts().acknowledge("a1", "alice", null, START))
              .hasMessageContaining("future");
          assertThatThrownBy(() -> admin.alerts().acknowledge("zz", "alice", null, null))
              .isInstanceOf(UnknownIdException.class);

          assertThat(admin.alerts().unacknowledge("a1", "bob")).isTrue();
          assertThat(admin.alerts().unacknowledge("a1", "bob")).isFalse();
          assertThat(admin.alerts().acknowledgement("a1")).isEmpty();
          assertThat(admin.audit(10).entries())
              .extracting(row -> row.who() + " " + row.action())
              .containsExactly("bob unacknowledged", "alice acknowledged");
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void an_explanation_names_filter_decision_and_every_attempt(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          admin.subscriptions().put(WEBHOOK, "alice", null);
          told("desk", alert("a", 1, Change.OPENED), MessageState.DELIVERED);
          AlertAdmin.Explained told = admin.alerts().explain("a", "desk");
          assertThat(told.now().verdict()).isEqualTo(Explanation.Verdict.TOLD);
          assertThat(told.matched())
              .extracting(MatchTable.Row::state)
              .containsExactly(MatchState.SENT);
          assertThat(told.deliveries())
              .singleElement()
              .satisfies(one -> assertThat(one.log()).hasSize(1));

          String id = silence("send");
          AlertAdmin.Explained silenced = admin.alerts().explain("a", "desk");
          assertThat(silenced.now().verdict()).isEqualTo(Explanation.Verdict.SUPPRESSED);
          assertThat(silenced.now().stages()).extracting(Explanation.Step::ref).contains(id);

          seen(AlertBuilder.alert("low").severity(Severity.LOW).build());
          assertThat(admin.alerts().explain("low", "desk").now().verdict())
              .isEqualTo(Explanation.Verdict.NOT_WANTED);
        });
  }

  // ---- readers

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_reader_ends_a_subscription_as_often_as_they_like_with_the_address_we_made(Databases kind)
      throws IOException {
    with(
        kind,
        admin -> {
          admin.subscriptions().put(WEBHOOK, "alice", null);
          ReaderLinks links =
              new ReaderLinks(
                  "https://pactwatch.example.org",
                  new SecretBox(new Secret("a-key-of-at-least-thirty-two-characters")));
          String desk = links.token("desk");
          assertThat(links.of("desk").unsubscribe())
              .isEqualTo("https://pactwatch.example.org/unsubscribe/" + desk);
          for (String foreign : List.of("desk", "desk~", "desk~x", "~", "", desk + "x")) {
            assertThat(admin.unsubscribing().end(foreign)).as(foreign).isFalse();
          }
          assertThat(admin.subscriptions().list().subscriptions()).hasSize(2);

          assertThat(admin.unsubscribing().end(desk)).isTrue();
          assertThat(admin.unsubscribing().end(desk)).isTrue();
          assertThat(admin.subscriptions().list().subscriptions()).hasSize(1);
          assertThat(admin.unsubscribing().end(links.token("console"))).isTrue();
          assertThat(admin.subscriptions().show("console"))
              .extracting(SubscriptionAdmin.Shown::state, SubscriptionAdmin.Shown::reason)
              .containsExactly(State.PAUSED, "unsubscribed by the reader");
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_feed_shows_what_was_told_to_who_has_its_key(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          String key = "0123456789abcdef".repeat(2);
          admin
              .subscriptions()
              .put(
                  "{\"id\": \"reader\", \"channel\": \"feed\", \"key\": {\"value\": \""
                      + key
                      + "\"}}",
                  "alice",
                  null);
          assertThatThrownBy(
                  () ->
                      admin
                          .subscriptions()
                          .put(
                              "{\"id\": \"copy\", \"channel\": \"feed\", \"key\": {\"value\": \""
                                  + key
                                  + "\"}}",
                              "alice",
                              null))
              .hasMessageContaining("key of another feed");
          for (int i = 0; i < 60; i++) {
            told("reader", alert("a" + i, 1, Change.OPENED), MessageState.DELIVERED);
          }
          told("reader", alert("a59", 2, Change.UPDATED), MessageState.DELIVERED);
          told("reader", alert("waiting", 1, Change.OPENED), MessageState.PENDING);

          String newest = atom(key, null);
          assertThat(newest.split("<entry>", -1)).hasSize(50);
          assertThat(newest).doesNotContain("waiting");
          String previous = newest.replaceAll("(?s).*prev-archive[^>]*before=(\\d+).*", "$1");
          assertThat(atom(key, Long.valueOf(previous)).split("<entry>", -1)).hasSize(12);
          assertThat(admin.feeds().page("x".repeat(43), AlertFeedPages.Format.ATOM, null))
              .isEmpty();
          assertThat(admin.feeds().page(key, AlertFeedPages.Format.JSON, null))
              .hasValueSatisfying(
                  json ->
                      assertThat(new String(json, StandardCharsets.UTF_8))
                          .contains("https://jsonfeed.org/version/1.1"));
        });
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_trail_that_was_changed_by_another_hand_says_where(Databases kind) throws IOException {
    with(
        kind,
        admin -> {
          admin.subscriptions().pause("console", null, "alice");
          admin.subscriptions().pause("console", "again", "mallory");
          database.useTransaction(
              handle ->
                  handle
                      .createUpdate("UPDATE audit SET who = 'bob' WHERE who = 'mallory'")
                      .execute());
          assertThat(admin.audit(10).broken()).hasSize(1);
        });
  }

  // ---- what the tests rest on

  private static Alert alert(String id, int revision, Change change) {
    return AlertBuilder.alert(id).revision(revision, change).severity(Severity.HIGH).build();
  }

  private void seen(Alert alert) {
    database.useTransaction(
        handle ->
            AlertTable.insert(
                handle,
                alert,
                Json.bytes(alert),
                0,
                alert.revision(),
                now,
                AlertTable.Way.UNKNOWN));
  }

  /** A revision that was taken in, matched, and stands in a message in this state. */
  private void told(String subscription, Alert alert, MessageState state) {
    seen(alert);
    String id = subscription + "-" + alert.id() + "-" + alert.revision();
    database.useTransaction(
        handle -> {
          MatchTable.insert(
              handle,
              List.of(
                  new MatchTable.New(
                      alert.id(),
                      alert.revision(),
                      subscription,
                      MatchState.PENDING,
                      null,
                      null,
                      id,
                      null)),
              now);
          MessageTable.insert(
              handle,
              List.of(
                  new MessageTable.New(
                      new Message(
                          id,
                          "text/plain",
                          Map.of(),
                          ("body of " + alert.id()).getBytes(StandardCharsets.UTF_8)),
                      subscription,
                      alert.id(),
                      Notification.Kind.ALERT,
                      now,
                      now)));
        });
    if (state != MessageState.PENDING) {
      end(id, state, null);
    }
  }

  /** As whoever sends writes it down. */
  private void end(String message, MessageState state, String problem) {
    database.useTransaction(
        handle -> {
          MessageTable.Row row = MessageTable.find(handle, message).orElseThrow();
          handle
              .createUpdate("UPDATE message SET lease_owner = 'test' WHERE id = :id")
              .bind("id", message)
              .execute();
          MessageTable.attempted(handle, message, "test", state, 1, null, problem, now);
          MatchTable.settle(
              handle,
              message,
              state == MessageState.DELIVERED ? MatchState.SENT : MatchState.DEAD,
              now);
          AttemptTable.insert(
              handle,
              new AttemptTable.Row(
                  0,
                  message,
                  row.subscription(),
                  1,
                  false,
                  now,
                  5,
                  state == MessageState.DELIVERED ? "delivered" : "refused",
                  null,
                  null,
                  null,
                  200,
                  null,
                  null,
                  "00",
                  null));
        });
  }

  private void held(String alertId, String reason, String ref) {
    database.useTransaction(
        handle ->
            MatchTable.insert(
                handle,
                List.of(
                    new MatchTable.New(
                        alertId, 1, "console", MatchState.SUPPRESSED, reason, ref, null, null)),
                now));
  }

  private String silence(String atEnd) {
    return admin
        .silences()
        .add(
            "{matchers: 'severity=high', lasts: 2h, comment: c, at-end: " + atEnd + "}",
            "alice",
            null)
        .id();
  }

  private int retryDelivered(Instant since) {
    return admin
        .deliveries()
        .retry(new DeliveryAdmin.Range("console", MessageState.DELIVERED, since, null), "alice");
  }

  private SubscriptionAdmin.Tested await(SubscriptionAdmin.Tested test, Duration atMost) {
    try {
      return admin.subscriptions().await(test, atMost);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private MatchTable.Row row(String alertId) {
    return database.read(handle -> MatchTable.find(handle, alertId, 1, "console")).orElseThrow();
  }

  private MessageTable.Row message(String id) {
    return database.read(handle -> MessageTable.find(handle, id)).orElseThrow();
  }

  /** Ids of what is on its way, newest first. */
  private List<String> pending() {
    return database
        .read(
            handle ->
                MessageTable.list(
                    handle,
                    new MessageTable.Wanted(
                        null, null, MessageState.PENDING, null, null, null, 100)))
        .stream()
        .map(MessageTable.Row::id)
        .toList();
  }

  private static MessageTable.Wanted wanted(Long before, int limit) {
    return new MessageTable.Wanted(null, null, null, null, null, before, limit);
  }

  private String atom(String key, Long before) {
    return new String(
        admin.feeds().page(key, AlertFeedPages.Format.ATOM, before).orElseThrow(),
        StandardCharsets.UTF_8);
  }

  private static String fingerprint(SubscriptionAdmin.Shown shown, int index) {
    return shown.subscription().get("secrets").get(index).get("fingerprint").asText();
  }
}
