package dev.pactwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionWorkerTest {

  private static final String TOPIC = "pactwatch.alerts.v1";
  private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);
  private static final Outcome DOWN = new Outcome.Failed("is down", Optional.empty());

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final List<String> attempts = new ArrayList<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-03-18T12:00:00Z");
  private SubscriptionWorker worker;

  @BeforeEach
  void connect() {
    worker = worker(Subscription.Start.BEGINNING);
    consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
    worker.connect();
    consumer.rebalance(List.of(ZERO, ONE));
  }

  @Test
  void commitsOnlyWhatWasDelivered() throws Exception {
    outcomes.add(new Outcome.Delivered());
    outcomes.add(DOWN);
    add(ZERO, 0, "a", 1);
    add(ZERO, 1, "a", 2);

    worker.step();

    assertThat(attempts).containsExactly("a.1", "a.2");
    assertThat(committed(ZERO)).isEqualTo(1);
  }

  @Test
  void keepsTheOrderOfRevisionsWhileTheFirstOfThemFails() throws Exception {
    outcomes.add(DOWN);
    add(ZERO, 0, "a", 1);
    add(ZERO, 1, "a", 2);

    worker.step();
    worker.step();
    assertThat(attempts).containsExactly("a.1");

    now = now.plusSeconds(6);
    worker.step();
    assertThat(attempts).containsExactly("a.1", "a.1", "a.2");
    assertThat(committed(ZERO)).isEqualTo(2);
  }

  @Test
  void goesOnPollingWithTheFailingPartitionPausedAndDeliversTheOthers() throws Exception {
    outcomes.add(DOWN);
    add(ZERO, 0, "a", 1);
    worker.step();

    assertThat(consumer.paused()).containsExactly(ZERO);
    add(ONE, 0, "b", 1);
    worker.step();

    assertThat(attempts).containsExactly("a.1", "b.1");
    assertThat(committed(ONE)).isEqualTo(1);
    now = now.plusSeconds(6);
    worker.step();
    assertThat(consumer.paused()).isEmpty();
    assertThat(committed(ZERO)).isEqualTo(1);
  }

  @Test
  void givesUpAfterTenAttemptsOverThreeDaysAndSaysSo() throws Exception {
    for (int i = 0; i < 10; i++) {
      outcomes.add(DOWN);
    }
    add(ZERO, 0, "a", 1);
    add(ZERO, 1, "a", 2);
    Instant start = now;

    while (worker.snapshot().dead() == 0) {
      worker.step();
      now = now.plus(Duration.ofMinutes(1));
    }

    assertThat(attempts.subList(0, 10)).containsOnly("a.1");
    assertThat(Duration.between(start, now)).isBetween(Duration.ofHours(60), Duration.ofHours(92));
    assertThat(attempts).hasSize(11).endsWith("a.2");
    assertThat(committed(ZERO)).isEqualTo(2);
    assertThat(worker.snapshot().failedAttempts()).isEqualTo(10);
  }

  @Test
  void holdsEverythingOnceTheReceiverIsGone() throws Exception {
    outcomes.add(new Outcome.Gone("the receiver answered 410"));
    add(ZERO, 0, "a", 1);
    worker.step();
    now = now.plus(Duration.ofDays(2));
    worker.step();

    assertThat(attempts).containsExactly("a.1");
    assertThat(committed(ZERO)).isEqualTo(0);
    assertThat(worker.snapshot().phase()).isEqualTo(SubscriptionState.Phase.DISABLED);
    assertThat(NotifyReadiness.describe(worker.snapshot()))
        .isEqualTo(
            "disabled: 0 delivered, 0 not wanted, 1 failed attempts, 0 given up, 0 unreadable;"
                + " the receiver answered 410");
  }

  @Test
  void passesOverWhatIsNotWantedAndCountsWhy() throws Exception {
    Alert historical = SampleAlerts.historical(SampleAlerts.dispute());
    consumer.addRecord(record(ZERO, 0, Json.bytes(historical)));
    consumer.addRecord(record(ZERO, 1, Json.bytes(SampleAlerts.hostile("low", "words"))));

    worker.step();

    assertThat(attempts).isEmpty();
    assertThat(committed(ZERO)).isEqualTo(2);
    assertThat(worker.snapshot().suppressed())
        .isEqualTo(Map.of(Filter.Rejection.HISTORICAL, 1L, Filter.Rejection.SEVERITY, 1L));
  }

  @Test
  void passesOverRecordsThatAreNoAlertsAndCountsThem() throws Exception {
    consumer.addRecord(record(ZERO, 0, "not json".getBytes(StandardCharsets.UTF_8)));
    consumer.addRecord(record(ZERO, 1, null));
    consumer.addRecord(record(ZERO, 2, "null".getBytes(StandardCharsets.UTF_8)));
    add(ZERO, 3, "a", 1);

    worker.step();

    assertThat(worker.snapshot().unreadable()).isEqualTo(3);
    assertThat(attempts).containsExactly("a.1");
    assertThat(committed(ZERO)).isEqualTo(4);
  }

  @Test
  void deliversAgainWhatWasNotSettledWhenThePartitionComesBack() throws Exception {
    outcomes.add(DOWN);
    add(ZERO, 0, "a", 1);
    worker.step();

    consumer.rebalance(List.of(ONE));
    worker.step();
    now = now.plusSeconds(6);
    worker.step();
    assertThat(attempts).containsExactly("a.1");

    consumer.rebalance(List.of(ZERO, ONE));
    consumer.seek(ZERO, 0);
    add(ZERO, 0, "a", 1);
    worker.step();
    assertThat(attempts).containsExactly("a.1", "a.1");
  }

  private SubscriptionWorker worker(Subscription.Start start) {
    Subscription subscription =
        new Subscription(
            "newsdesk",
            new Subscription.Console(),
            new Filter(Set.of(), Severity.HIGH, Set.of(), Set.of(), false),
            start);
    return new SubscriptionWorker(
        subscription,
        delivery -> {
          attempts.add(delivery.alert().revisionKey());
          Outcome outcome = outcomes.poll();
          return outcome == null ? new Outcome.Delivered() : outcome;
        },
        TOPIC,
        () -> consumer,
        new RetrySchedule(() -> new Random(3)),
        () -> now);
  }

  private void add(TopicPartition partition, long offset, String id, int revision) {
    Alert alert = SampleAlerts.as(SampleAlerts.dispute(), id, revision, SampleAlerts.SEEN);
    consumer.addRecord(record(partition, offset, Json.bytes(alert)));
  }

  private static ConsumerRecord<String, byte[]> record(
      TopicPartition partition, long offset, byte[] value) {
    return new ConsumerRecord<>(TOPIC, partition.partition(), offset, "key", value);
  }

  private long committed(TopicPartition partition) {
    OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
    return offset == null ? 0 : offset.offset();
  }
}
