package dev.pactwatch.ingest;

import static dev.pactwatch.ingest.Doubles.START;
import static dev.pactwatch.ingest.Doubles.article;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final KafkaFeedLog log =
      new KafkaFeedLog(() -> producer, () -> consumer, new Topics("t.", 1, (short) 1));

  private static FeedState polled(String feed) throws Exception {
    String fresh = Json.write(FeedState.fresh(feed));
    return Json.read(fresh.replaceFirst("}$", ",\"lastPoll\":\"" + START + "\"}"), FeedState.class);
  }

  @BeforeEach
  void feedsTopic() {
    Node node = new Node(0, "localhost", 1);
    consumer.updatePartitions(
        FEEDS.topic(),
        List.of(new PartitionInfo(FEEDS.topic(), 0, node, new Node[] {node}, new Node[] {node})));
    consumer.updateBeginningOffsets(Map.of(FEEDS, 0L));
    consumer.updateEndOffsets(Map.of(FEEDS, 0L));
  }

  @Test
  void articlesAndStateAreOneTransactionInThatOrder() throws Exception {
    log.open();
    FeedState state = polled("https://example.org/feed");
    Article old = article(state.feed(), "1", "one", Instant.parse("1969-01-01T00:00:00Z"));
    Article now = article(state.feed(), "2", "two", START);

    log.commit(List.of(old, now), state);

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
  void aFailedCommitLeavesNothingAndClosesTheLog() throws Exception {
    FeedState state = polled("https://example.org/feed");
    log.open();
    producer.commitTransactionException = new ProducerFencedException("taken over");

    assertThatThrownBy(() -> log.commit(List.of(), state))
        .isInstanceOfSatisfying(FeedLog.Lost.class, lost -> assertThat(lost.fenced()).isTrue());
    assertThat(producer.history()).isEmpty();
    assertThat(producer.closed()).isTrue();
    assertThatThrownBy(() -> log.commit(List.of(), state))
        .isInstanceOf(FeedLog.Lost.class)
        .hasMessageContaining("not open");
  }

  @Test
  void openingReadsTheLastStateOfEachFeedAndPassesOverWhatItCannotRead() throws Exception {
    FeedState a = FeedState.fresh("https://a.example/");
    FeedState b = FeedState.fresh("https://b.example/");
    consumer.updateEndOffsets(Map.of(FEEDS, 4L));
    consumer.schedulePollTask(
        () -> {
          consumer.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 0, a.feed(), Json.bytes(a)));
          consumer.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 1, b.feed(), Json.bytes(b)));
          consumer.addRecord(
              new ConsumerRecord<>("t.feeds.v1", 0, 2, "x", "no json".getBytes(UTF_8)));
          consumer.addRecord(new ConsumerRecord<>("t.feeds.v1", 0, 3, a.feed(), null));
        });

    assertThat(log.open()).isEqualTo(Map.of(b.feed(), b));
  }
}
