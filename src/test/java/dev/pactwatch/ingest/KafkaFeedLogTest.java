package dev.pactwatch.ingest;

import static dev.pactwatch.ingest.Doubles.START;
import static dev.pactwatch.ingest.Doubles.article;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaFeedLogTest {

  private static final TopicPartition FEEDS = new TopicPartition("t.feeds.v1", 0);
  private static final TopicPartition PUSHES = new TopicPartition("t.pushes.v1", 0);

  private final List<MockProducer<String, byte[]>> producers = new ArrayList<>();
  private final MockConsumer<String, byte[]> member = new MockConsumer<>("earliest");
  private final MockConsumer<String, byte[]> reader = new MockConsumer<>("earliest");
  private final MockConsumer<String, byte[]> pushes = new MockConsumer<>("earliest");
  private final Queue<MockConsumer<String, byte[]>> readers = new ArrayDeque<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, FeedState> taken = new HashMap<>();
  private final List<String> left = new ArrayList<>();
  private final KafkaFeedLog log =
      new KafkaFeedLog(
          slot -> {
            producers.add(
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()));
            return producers.get(producers.size() - 1);
          },
          () -> member,
          () -> readers.poll(),
          nanos::get,
          new Topics("t.", 1, (short) 1));

  private final FeedLog.Owner owner =
      new FeedLog.Owner() {
        @Override
        public void took(Map<String, FeedState> states) {
          taken.putAll(states);
        }

        @Override
        public void leave(Predicate<String> leaving) {
          left.add("https://a.example/ " + leaving.test("https://a.example/"));
        }

        @Override
        public void pushed(PushMessage message) {
          throw new AssertionError("nothing is pushed");
        }
      };

  private static FeedState polled(String feed) throws Exception {
    String fresh = Json.write(FeedState.fresh(feed));
    return Json.read(fresh.replaceFirst("}$", ",\"lastPoll\":\"" + START + "\"}"), FeedState.class);
  }

  @BeforeEach
  void feedsTopic() {
    Node node = new Node(0, "localhost", 1);
    readers.add(reader);
    readers.add(pushes);
    for (MockConsumer<String, byte[]> consumer : List.of(member, reader, pushes)) {
      consumer.updatePartitions(
          FEEDS.topic(),
          List.of(new PartitionInfo(FEEDS.topic(), 0, node, new Node[] {node}, new Node[] {node})));
      consumer.updateBeginningOffsets(Map.of(FEEDS, 0L));
      consumer.updateEndOffsets(Map.of(FEEDS, 0L, PUSHES, 0L));
    }
  }

  /** Joins, and is given the only slot. */
  private MockProducer<String, byte[]> take() throws Exception {
    log.open();
    assertThat(log.attend(owner)).isFalse();
    member.rebalance(List.of(FEEDS));
    assertThat(log.owns("https://a.example/")).isFalse();
    while (!log.attend(owner)) {
      assertThat(log.owns("https://a.example/")).isFalse();
    }
    return producers.get(producers.size() - 1);
  }

  @Test
  void articlesAndStateAreOneTransactionInThatOrder() throws Exception {
    MockProducer<String, byte[]> producer = take();
    FeedState state = polled("https://example.org/feed");
    Article old = article(state.feed(), "1", "one", Instant.parse("1969-01-01T00:00:00Z"));
    Article now = article(state.feed(), "2", "two", START);

    assertThat(log.commit(List.of(old, now), state)).isTrue();

    assertThat(producer.transactionInitialized()).isTrue();
    assertThat(producer.transactionCommitted()).isTrue();
    List<ProducerRecord<String, byte[]>> written = producer.history();
    assertThat(written)
        .extracting(ProducerRecord::topic)
        .containsExactly("t.articles.v1", "t.articles.v1", "t.feeds.v1");
    assertThat(written)
        .extracting(ProducerRecord::key)
        .containsExactly(old.uri(), now.uri(), state.feed());
    assertThat(written)
        .extracting(ProducerRecord::timestamp)
        .containsExactly(0L, START.toEpochMilli(), START.toEpochMilli());
    assertThat(Json.read(written.get(1).value(), Article.class)).isEqualTo(now);
    assertThat(Json.read(written.get(2).value(), FeedState.class)).isEqualTo(state);
    assertThat(header(written.get(1), "ce_type")).isEqualTo("dev.pactwatch.article.v1");
    assertThat(header(written.get(1), "ce_id")).isEqualTo(now.uri() + "#1");
    assertThat(header(written.get(2), "ce_type")).isEqualTo("dev.pactwatch.feed.v1");
    assertThat(header(written.get(2), "ce_subject")).isEqualTo(state.feed());
  }

  private static String header(ProducerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void aFailedCommitLeavesNothingAndTheSlotIsNoLongerOurs() throws Exception {
    FeedState state = polled("https://example.org/feed");
    MockProducer<String, byte[]> producer = take();
    producer.commitTransactionException = new ProducerFencedException("taken over");

    assertThatThrownBy(() -> log.commit(List.of(), state))
        .isInstanceOf(FeedLog.Lost.class)
        .hasMessageContaining("ProducerFencedException");
    assertThat(producer.history()).isEmpty();
    assertThat(producer.closed()).isTrue();
    assertThat(log.owns(state.feed())).isFalse();
    assertThat(log.commit(List.of(), state)).isFalse();
  }

  @Test
  void takingASlotShutsOutItsFormerOwnerBeforeItsStatesAreRead() throws Exception {
    FeedState a = FeedState.fresh("https://a.example/");
    FeedState b = FeedState.fresh("https://b.example/");
    reader.updateEndOffsets(Map.of(FEEDS, 4L));
    reader.schedulePollTask(
        () -> {
          assertThat(producers).singleElement().matches(MockProducer::transactionInitialized);
          reader.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 0, a.feed(), Json.bytes(a)));
          reader.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 1, b.feed(), Json.bytes(b)));
        });
    reader.schedulePollTask(
        () -> {
          reader.addRecord(
              new ConsumerRecord<>("t.feeds.v1", 0, 2, "x", "no json".getBytes(UTF_8)));
          reader.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 3, a.feed(), null));
        });

    take();

    assertThat(taken).isEqualTo(Map.of(b.feed(), b));
    assertThat(member.paused()).containsExactly(FEEDS);
  }

  @Test
  void aSlotThatGoesElsewhereCanBeWrittenUntilItsPollsHaveEndedAndNotAfter() throws Exception {
    MockProducer<String, byte[]> producer = take();
    FeedState state = polled("https://a.example/");
    List<Boolean> meanwhile = new ArrayList<>();
    FeedLog.Owner last =
        new FeedLog.Owner() {
          @Override
          public void took(Map<String, FeedState> states) {
            throw new AssertionError("nothing is taken");
          }

          @Override
          public void leave(Predicate<String> leaving) {
            try {
              meanwhile.add(log.owns(state.feed()));
              meanwhile.add(log.commit(List.of(), state));
            } catch (FeedLog.Lost e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void pushed(PushMessage message) {
            throw new AssertionError("nothing is pushed");
          }
        };
    member.schedulePollTask(() -> member.rebalance(List.of()));

    log.attend(last);

    assertThat(meanwhile).containsExactly(false, true);
    assertThat(producer.closed()).isTrue();
    assertThat(log.commit(List.of(), state)).isFalse();
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void aProcessThatStoodStillDoesNotBelieveInWhatItOwned() throws Exception {
    take();
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());

    assertThatThrownBy(() -> log.attend(owner))
        .isInstanceOf(FeedLog.Lost.class)
        .hasMessageContaining("stood still");
  }
}
