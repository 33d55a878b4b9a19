package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Articles and feed states in Kafka. A poll's articles and the feed's new state are one
 * transaction; starting with the same transactional id completes or aborts what an earlier instance
 * left open and shuts that instance out, so what is read afterwards is what was committed.
 */
public final class KafkaFeedLog implements FeedLog {

  public static final String ARTICLES = "articles.v1";
  public static final String FEEDS = "feeds.v1";

  private static final Logger LOG = System.getLogger(KafkaFeedLog.class.getName());

  /** Readers wait for an open transaction: it must not stay open for long after a crash. */
  private static final int TRANSACTION_TIMEOUT_MILLIS = 15_000;

  private static final Duration OPEN_WITHIN = Duration.ofSeconds(60);

  /** The headers of a record; where the form of events on the wire is known. */
  public interface RecordHeaders {
    Iterable<Header> of(Article article);

    Iterable<Header> of(FeedState state);
  }

  private final Supplier<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final String articles;
  private final String feeds;
  private final RecordHeaders headers;
  private Producer<String, byte[]> producer;

  /**
   * @param common client settings, {@code bootstrap.servers} at least
   * @param prefix of topics and of the transactional id, such as {@code pactwatch.}
   * @param instance names this instance among several; the same after a restart
   */
  public static KafkaFeedLog over(
      Map<String, Object> common, String prefix, String instance, RecordHeaders headers) {
    return new KafkaFeedLog(
        () -> new KafkaProducer<>(producerConfig(common, prefix, instance)),
        () -> new KafkaConsumer<>(consumerConfig(common)),
        prefix,
        headers);
  }

  KafkaFeedLog(
      Supplier<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> consumers,
      String prefix,
      RecordHeaders headers) {
    this.producers = producers;
    this.consumers = consumers;
    this.articles = prefix + ARTICLES;
    this.feeds = prefix + FEEDS;
    this.headers = headers;
  }

  static Map<String, Object> producerConfig(
      Map<String, Object> common, String prefix, String instance) {
    Map<String, Object> config = new HashMap<>(common);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "ingest-" + instance);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS / 2);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return config;
  }

  static Map<String, Object> consumerConfig(Map<String, Object> common) {
    Map<String, Object> config = new HashMap<>(common);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return config;
  }

  @Override
  public Map<String, FeedState> open() throws Lost {
    close();
    try {
      producer = producers.get();
      // Before the states are read: afterwards no other instance can add to them.
      producer.initTransactions();
      return states();
    } catch (RuntimeException e) {
      close();
      throw lost("cannot be opened", e);
    }
  }

  private Map<String, FeedState> states() throws Lost {
    Map<String, FeedState> states = new HashMap<>();
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      List<PartitionInfo> infos = consumer.partitionsFor(feeds);
      if (infos == null || infos.isEmpty()) {
        throw new Lost("topic " + feeds + " is missing", false, null);
      }
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long deadline = System.nanoTime() + OPEN_WITHIN.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new Lost("topic " + feeds + " could not be read in time", false, null);
        }
        consumer.poll(Duration.ofMillis(200)).forEach(record -> restore(record, states));
      }
    }
    return states;
  }

  private static void restore(
      ConsumerRecord<String, byte[]> record, Map<String, FeedState> states) {
    if (record.value() == null) {
      states.remove(record.key());
      return;
    }
    try {
      states.put(record.key(), Json.read(record.value(), FeedState.class));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "feed state not readable"
              + LogText.pair("topic", record.topic())
              + LogText.pair("partition", record.partition())
              + LogText.pair("offset", record.offset()));
    }
  }

  @Override
  public void commit(List<Article> items, FeedState state) throws Lost {
    if (producer == null) {
      throw new Lost("the log is not open", false, null);
    }
    try {
      producer.beginTransaction();
      for (Article article : items) {
        send(
            new ProducerRecord<>(
                articles,
                null,
                // A broker refuses times before 1970.
                Math.max(0, article.published().toEpochMilli()),
                article.uri(),
                Json.bytes(article),
                headers.of(article)));
      }
      send(
          new ProducerRecord<>(
              feeds, null, null, state.feed(), Json.bytes(state), headers.of(state)));
      producer.commitTransaction();
    } catch (RuntimeException e) {
      // Whether a commit that failed has happened is known only after opening again, which also
      // aborts what is left open.
      close();
      throw lost("a transaction failed", e);
    }
  }

  /** The commit reports whatever a send ran into; nothing is to be done for each of them. */
  private void send(ProducerRecord<String, byte[]> record) {
    @SuppressWarnings("unused")
    Future<RecordMetadata> unused = producer.send(record);
  }

  private static Lost lost(String what, RuntimeException e) {
    boolean fenced =
        e instanceof ProducerFencedException
            || e instanceof InvalidProducerEpochException
            || e.getCause() instanceof ProducerFencedException
            || e.getCause() instanceof InvalidProducerEpochException;
    return new Lost("the feed log: " + what + ": " + e.getClass().getSimpleName(), fenced, e);
  }

  @Override
  public void close() {
    if (producer != null) {
      Producer<String, byte[]> old = producer;
      producer = null;
      try {
        old.close(Duration.ofSeconds(2));
      } catch (KafkaException e) {
        // It is given up in any case; opening again settles what it left.
        LOG.log(
            Level.WARNING,
            "producer not closed" + LogText.pair("reason", e.getClass().getSimpleName()));
      }
    }
  }
}
