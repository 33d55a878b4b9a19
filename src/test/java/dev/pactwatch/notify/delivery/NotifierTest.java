package dev.pactwatch.notify.delivery;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.notify.policy.Matchers;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.store.AcknowledgementTable;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.Databases;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.store.SubscriptionTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the topic to the receiver, over a real broker, a real database and real HTTP. */
class NotifierTest {

  private static final String SECRETS = "    secrets: [{env: SECRET}]\n";

  private static EmbeddedBroker broker;

  /** Time as the notifier sees it: it goes on, and a test puts it forward. */
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private final InstantSource clock = () -> Instant.now().plus(ahead.get());

  @TempDir Path folder;
  private Receiver receiver;
  private Rig rig;

  @BeforeAll
  static void broker(@TempDir Path data) {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    broker = EmbeddedBroker.start(data, 0);
  }

  @AfterAll
  static void end() {
    broker.close();
  }

  @BeforeEach
  void receive() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    if (rig != null) {
      rig.close();
    }
    receiver.close();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void every_wanted_revision_arrives_once_and_in_order(Databases kind) throws Exception {
    rig(kind, webhook("desk", "") + webhook("grave", "    severity: critical\n"));
    try (Rig.Instance one = rig.start("one")) {
      try (KafkaProducer<String, byte[]> producer = rig.kafka().transactionalProducer("aborts")) {
        producer.initTransactions();
        producer.beginTransaction();
        producer
            .send(
                new ProducerRecord<>(
                    rig.topics().alerts(), "never", Json.bytes(alert("never").build())))
            .get();
        producer.abortTransaction();
      }
      rig.publish(
          alert("a").build(),
          alert("b").severity(Severity.CRITICAL).build(),
          alert("a").revision(2, Change.ESCALATED).severity(Severity.CRITICAL).build(),
          alert("c").historical(true).build());

      await().until(() -> receiver.calls("desk").size() == 3 && sent() == 5);
      List<String> ids = receiver.ids("desk");
      assertThat(ids).containsExactlyInAnyOrder("a-r1-desk", "b-r1-desk", "a-r2-desk");
      assertThat(ids.indexOf("a-r1-desk")).isLessThan(ids.indexOf("a-r2-desk"));
      assertThat(receiver.ids("grave")).containsExactlyInAnyOrder("a-r2-grave", "b-r1-grave");
      assertThat(one.notifier.status().problems()).isEmpty();
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void one_that_fails_is_tried_again_with_the_same_bytes_and_what_follows_waits(Databases kind)
      throws Exception {
    rig(kind, webhook("desk", "    retries: [1s, 1s, 1s]\n"));
    receiver.answers(
        "desk", call -> Receiver.Answer.of(receiver.calls("desk").size() < 3 ? 500 : 200));
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build(), alert("a").revision(2, Change.UPDATED).build());

      await().until(() -> sent() == 2);
      assertThat(receiver.ids("desk"))
          .containsExactly("a-r1-desk", "a-r1-desk", "a-r1-desk", "a-r2-desk");
      assertThat(receiver.calls("desk").stream().limit(3).map(Receiver.Call::body)).hasSize(3);
      assertThat(
              Set.copyOf(
                  receiver.calls("desk").stream().limit(3).map(Receiver.Call::body).toList()))
          .hasSize(1);
      List<AttemptTable.Row> attempts =
          rig.database.read(handle -> AttemptTable.ofMessage(handle, "a-r1-desk"));
      assertThat(attempts)
          .extracting(AttemptTable.Row::outcome, AttemptTable.Row::status)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("failed", 500),
              org.assertj.core.groups.Tuple.tuple("failed", 500),
              org.assertj.core.groups.Tuple.tuple("delivered", 200));
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void what_is_given_up_lies_among_the_dead_and_the_owner_is_told(Databases kind) throws Exception {
    rig(
        kind,
        webhook("desk", "    retries: 1s\n    notices: owner\n")
            + webhook("owner", "    severity: critical\n"));
    receiver.answers("desk", 500);
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build());

      await().until(() -> matched().getOrDefault(MatchState.DEAD, 0L) == 1);
      await().until(() -> receiver.calls("owner").size() == 1);
      assertThat(receiver.calls("owner").get(0).body()).contains("given up after 2 attempts");

      receiver.answers("desk", 200);
      rig.database.useTransaction(
          handle -> MessageTable.again(handle, "a-r1-desk", clock.instant()));
      await().until(() -> sent() == 1);
      assertThat(receiver.calls("desk").get(2).kind()).isEqualTo("manual");
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void who_says_410_gets_nothing_more_until_made_active_again(Databases kind) throws Exception {
    rig(kind, webhook("desk", ""));
    receiver.answers("desk", 410);
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build());
      await().until(() -> state("desk") == SubscriptionTable.State.DISABLED);
      rig.publish(alert("b").build());
      await().until(() -> matched().getOrDefault(MatchState.PENDING, 0L) == 2);
      assertThat(receiver.calls("desk")).hasSize(1);

      receiver.answers("desk", 200);
      one.catalogue.state("desk", SubscriptionTable.State.ACTIVE, null, "tester");
      await().until(() -> sent() == 2);
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_group_is_told_in_one_message_and_again_when_it_moves(Databases kind) throws Exception {
    rig(
        kind,
        webhook(
            "desk", "    timing: {group-by: [agreement], group-wait: 1s, group-interval: 10m}\n"));
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(
          alert("a").build(), alert("b").build(), alert("c").agreement("other", "other-1").build());
      await().until(() -> sent() == 3);
      assertThat(receiver.calls("desk")).hasSize(2);

      rig.publish(alert("a").revision(2, Change.ESCALATED).build());
      await().until(() -> matched().getOrDefault(MatchState.PENDING, 0L) == 1);
      assertThat(receiver.calls("desk")).hasSize(2);
      ahead.set(Duration.ofMinutes(11));
      await().until(() -> sent() == 4);
      assertThat(receiver.calls("desk")).hasSize(3);
      assertThat(receiver.calls("desk").get(2).body())
          .contains("\"revision\":2")
          .doesNotContain("\"id\":\"b\"");
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_digest_tells_the_newest_of_each_alert_once_a_day(Databases kind) throws Exception {
    rig(kind, webhook("desk", "    timing: {digest: daily, at: \"08:00\", time-zone: UTC}\n"));
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(
          alert("a").build(), alert("b").build(), alert("a").revision(2, Change.UPDATED).build());
      await().until(() -> matched().getOrDefault(MatchState.PENDING, 0L) == 3);
      ahead.set(Duration.ofHours(24));
      await().until(() -> sent() == 2);
      ahead.set(Duration.ofHours(49));
      rig.publish(alert("d").build());
      await().until(() -> matched().getOrDefault(MatchState.PENDING, 0L) == 1);

      assertThat(receiver.calls("desk")).hasSize(1);
      assertThat(suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED.label(), 1L));
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_silence_holds_back_until_it_ends(Databases kind) throws Exception {
    rig(kind, webhook("desk", ""));
    Instant now = clock.instant();
    Silence silence =
        new Silence(
            "s1",
            Matchers.parse("agreement=pact"),
            now.minusSeconds(1),
            now.plus(Duration.ofHours(1)),
            "tester",
            "talks",
            List.of(),
            null,
            Silence.AtEnd.SEND,
            null);
    rig.database.useTransaction(handle -> SilenceTable.add(handle, silence, null, now));
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(
          alert("a").build(),
          alert("b").agreement("other", "other-1").build(),
          alert("w").build(),
          alert("w").revision(2, Change.WITHDRAWN).build());
      await()
          .until(() -> sent() == 1 && suppressed().values().stream().mapToLong(n -> n).sum() == 3);
      assertThat(receiver.ids("desk")).containsExactly("b-r1-desk");
      assertThat(suppressed())
          .isEqualTo(Map.of(Reason.SILENCE.label(), 2L, Reason.NEVER_TOLD.label(), 1L));

      ahead.set(Duration.ofHours(2));
      await().until(() -> sent() == 2);
      assertThat(receiver.ids("desk")).containsExactly("b-r1-desk", "a-r1-desk");
      assertThat(suppressed())
          .isEqualTo(Map.of(Reason.SUPERSEDED.label(), 1L, Reason.NEVER_TOLD.label(), 1L));
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void what_nobody_acknowledges_goes_to_the_next_one(Databases kind) throws Exception {
    rig(
        kind,
        webhook("desk", "    severity: critical\n") + webhook("chief", "    severity: critical\n"),
        """
        escalations:
          - id: up
            matchers: severity=high
            steps:
              - {after: 1h, notify: [desk]}
              - {after: 2h, notify: [chief]}
        """);
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build(), alert("b").build());
      await().until(() -> one.notifier.status().taken() == 2);
      ahead.set(Duration.ofMinutes(61));
      await().until(() -> receiver.calls("desk").size() == 2);
      Alert a = alert("a").build();
      rig.database.useTransaction(
          handle ->
              AcknowledgementTable.put(
                  handle,
                  new Acknowledgement(
                      "a", "tester", null, clock.instant(), null, 1, a.event().status())));
      ahead.set(Duration.ofMinutes(121));
      await().until(() -> receiver.calls("chief").size() == 1);
      assertThat(receiver.calls("chief").get(0).body()).contains("\"id\":\"b\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void one_added_later_learns_of_everything_or_only_of_what_comes(Databases kind) throws Exception {
    rig(kind, webhook("first", ""));
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build(), alert("b").build());
      await().until(() -> sent() == 2);
      rig.subscriptions(
          "subscriptions:\n"
              + webhook("first", "")
              + webhook("all", "    start: beginning\n")
              + webhook("new", "    start: now\n"));
      await().until(() -> receiver.calls("all").size() == 2);
      await()
          .until(
              () ->
                  rig.database.read(handle -> SubscriptionTable.starts(handle, "new")).size() == 2);
      rig.publish(alert("c").build());
      await().until(() -> sent() == 7);
      assertThat(receiver.ids("new")).containsExactly("c-r1-new");
      assertThat(receiver.ids("all")).containsExactlyInAnyOrder("a-r1-all", "b-r1-all", "c-r1-all");
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void two_instances_share_the_work_and_nothing_arrives_twice(Databases kind) throws Exception {
    rig(kind, webhook("desk", ""));
    try (Rig.Instance one = rig.start("one");
        Rig.Instance two = rig.start("two")) {
      List<Alert> alerts = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        alerts.add(alert("a" + i).build());
      }
      rig.publish(alerts.toArray(Alert[]::new));
      await().until(() -> sent() == 200);
      assertThat(receiver.ids("desk")).hasSize(200);
      assertThat(new HashSet<>(receiver.ids("desk"))).hasSize(200);
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void receivers_that_hang_hold_up_nobody_else(Databases kind) throws Exception {
    List<String> hanging = List.of("hangs-1", "hangs-2", "hangs-3");
    rig(
        kind,
        hanging.stream().map(name -> webhook(name, "")).collect(Collectors.joining())
            + webhook("well", ""));
    CountDownLatch end = new CountDownLatch(1);
    for (String name : hanging) {
      receiver.answers(
          name,
          call -> {
            await().atMost(Duration.ofMinutes(2)).until(() -> end.getCount() == 0);
            return Receiver.Answer.of(204);
          });
    }
    try (Rig.Instance one = rig.start("one", 4, Duration.ofMinutes(1))) {
      try {
        rig.publish(alert("first").build());
        await().until(() -> hanging.stream().allMatch(name -> receiver.calls(name).size() == 1));
        Alert[] alerts = new Alert[50];
        Arrays.setAll(alerts, i -> alert("a" + i).build());
        rig.publish(alerts);

        await().until(() -> sent() == 51);
        assertThat(receiver.calls("well")).hasSize(51);
        // Who has never answered is asked one thing at a time.
        assertThat(hanging).allSatisfy(name -> assertThat(receiver.calls(name)).hasSize(1));
      } finally {
        end.countDown();
      }
      await().until(() -> sent() == 4 * 51);
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void only_the_latest_revision_is_sent_to_who_wants_it_so(Databases kind) throws Exception {
    rig(
        kind,
        webhook(
            "desk", "    latest-only: true\n    quiet-hours: {from: \"00:00\", to: \"00:01\"}\n"));
    receiver.answers("desk", 503);
    try (Rig.Instance one = rig.start("one")) {
      rig.publish(alert("a").build());
      await().until(() -> receiver.calls("desk").size() == 1);
      rig.publish(alert("a").revision(2, Change.UPDATED).build());
      await().until(() -> suppressed().equals(Map.of(Reason.SUPERSEDED.label(), 1L)));
      receiver.answers("desk", 200);
      ahead.set(Duration.ofMinutes(10));
      await().until(() -> sent() == 1);
      assertThat(receiver.ids("desk")).contains("a-r2-desk");
      assertThat(receiver.ids("desk").subList(1, receiver.ids("desk").size()))
          .doesNotContain("a-r1-desk");
    }
    assertAccounted();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_record_that_is_no_alert_lies_with_the_dead_letters(Databases kind) throws Exception {
    rig(kind, webhook("desk", ""));
    try (Rig.Instance one = rig.start("one")) {
      try (KafkaProducer<String, byte[]> producer = rig.kafka().producer()) {
        producer
            .send(
                new ProducerRecord<>(
                    rig.topics().alerts(), "x", "no alert".getBytes(StandardCharsets.UTF_8)))
            .get();
        producer
            .send(
                new ProducerRecord<>(
                    rig.topics().alerts(), "x", "{}".getBytes(StandardCharsets.UTF_8)))
            .get();
      }
      rig.publish(alert("a").build());
      await().until(() -> sent() == 1 && one.notifier.status().unreadable() == 2);
    }
    List<String> letters = new ArrayList<>();
    TopicReader.readAll(
        rig.kafka(),
        rig.topics().deadLetters(rig.topics().alerts()),
        record -> letters.add(new String(record.value(), StandardCharsets.UTF_8)));
    assertThat(letters).containsExactly("no alert", "{}");
  }

  private void rig(Databases kind, String subscriptions) throws IOException {
    rig(kind, subscriptions, "");
  }

  private void rig(Databases kind, String subscriptions, String rest) throws IOException {
    rig =
        new Rig(
            broker, kind.fresh(folder), folder, clock, "subscriptions:\n" + subscriptions + rest);
  }

  private String webhook(String name, String more) {
    return "  - id: "
        + name
        + "\n    channel: webhook\n    url: "
        + receiver.url(name)
        + "\n"
        + SECRETS
        + more;
  }

  private Map<MatchState, Long> matched() {
    return rig.database.read(handle -> MatchTable.counts(handle, null));
  }

  private Map<String, Long> suppressed() {
    return rig.database.read(handle -> MatchTable.suppressions(handle, null));
  }

  private long sent() {
    return matched().getOrDefault(MatchState.SENT, 0L);
  }

  private SubscriptionTable.State state(String id) {
    return rig.database
        .read(handle -> SubscriptionTable.find(handle, id))
        .map(SubscriptionTable.Row::state)
        .orElse(null);
  }

  /** Nothing is owed without a message or a reason, and nothing is told that did not match. */
  private void assertAccounted() {
    List<MatchTable.Row> rows =
        rig.database.read(handle -> MatchTable.list(handle, null, null, null, 10_000));
    assertThat(rows).isNotEmpty();
    for (MatchTable.Row row : rows) {
      if (row.state() == MatchState.SUPPRESSED) {
        assertThat(row.reason()).isNotNull();
      } else if (row.message() == null) {
        assertThat(row.state()).isEqualTo(MatchState.PENDING);
        assertThat(row.reason()).isNotNull();
      } else {
        MessageState state =
            rig.database
                .read(handle -> MessageTable.find(handle, row.message()))
                .orElseThrow()
                .state();
        assertThat(state)
            .isEqualTo(
                switch (row.state()) {
                  case SENT -> MessageState.DELIVERED;
                  case DEAD -> MessageState.DEAD;
                  default -> MessageState.PENDING;
                });
      }
    }
  }
}
