package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Articles and feed states in Kafka. A poll's articles and the feed's new state are one
 * transaction; starting with the same transactional id completes or aborts what an earlier instance
 * left open and shuts that instance out, so what is read afterwards is what was committed.
 */
public final class KafkaFeedLog implements FeedLog {

  private static final Logger LOG = System.getLogger(KafkaFeedLog.class.getName());

  private static final String SOURCE = "/pactwatch/ingest";
  private static final String ARTICLE_TYPE = "dev.pactwatch.article.v1";
  private static final String FEED_TYPE = "dev.pactwatch.feed.v1";

  private static final Duration OPEN_WITHIN = Duration.ofSeconds(60);

  private final Supplier<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final String articles;
  private final String feeds;
  private Producer<String, byte[]> producer;

  /**
   * @param clients of the cluster
   * @param topics names the topics and, by their prefix, the transactional id
   * @param instance tells this instance from others that poll other feeds; the same after a restart
   */
  public KafkaFeedLog(KafkaClients clients, Topics topics, String instance) {
    this(
        () -> clients.transactionalProducer(topics.prefix() + "ingest-" + instance),
        clients::reader,
        topics);
  }

  KafkaFeedLog(
      Supplier<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> consumers,
      Topics topics) {
    this.producers = producers;
    this.consumers = consumers;
    this.articles = topics.articles();
    this.feeds = topics.feeds();
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
        // A broker refuses times before 1970.
        long time = Math.max(0, article.published().toEpochMilli());
        send(
            new ProducerRecord<>(articles, null, time, article.uri(), Json.bytes(article)),
            ARTICLE_TYPE,
            article.uri() + "#" + article.version(),
            article.published());
      }
      Instant polled = state.lastPoll();
      send(
          new ProducerRecord<>(feeds, null, polled.toEpochMilli(), state.feed(), Json.bytes(state)),
          FEED_TYPE,
          state.feed() + "#" + polled,
          polled);
      producer.commitTransaction();
    } catch (RuntimeException e) {
      // Whether a commit that failed has happened is known only after opening again, which also
      // aborts what is left open.
      close();
      throw lost("a transaction failed", e);
    }
  }

  /** The commit reports whatever a send ran into; nothing is to be done for each of them. */
  private void send(ProducerRecord<String, byte[]> record, String type, String id, Instant time) {
    CloudEvents.set(record.headers(), type, id, SOURCE, record.key(), time);
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
