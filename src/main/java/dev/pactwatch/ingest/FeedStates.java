package dev.pactwatch.ingest;

import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.KafkaClients;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The states of all feeds as their topic has them, whichever instance polls them. Reads on from
 * where it was each time it is asked. Holds no items, of which a state has hundreds. Safe for use
 * by many threads.
 */
public final class FeedStates implements AutoCloseable {

  private static final Logger LOG = System.getLogger(FeedStates.class.getName());
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration WITHIN = Duration.ofSeconds(30);

  /** Polls that are remembered of a feed. */
  public static final int MOST_POLLS = 60;

  /**
   * A poll, as far as the topic still tells of it: where it was compacted, only the last one is
   * left.
   *
   * @param well whether the feed answered
   * @param published new items and edits since the poll before it that is known; null for the first
   * @param lag seconds from publication to observation of the latest item, null without a new one
   * @param failures polls in a row that failed
   */
  public record Poll(Instant at, boolean well, Long published, Long lag, int failures) {}

  /** The topic cannot be read now. */
  public static final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final KafkaClients clients;
  private final String topic;
  private final Map<String, FeedState> states = new TreeMap<>();
  private final Map<String, Deque<Poll>> polls = new TreeMap<>();
  private Consumer<String, byte[]> consumer;
  private List<TopicPartition> partitions = List.of();

  /**
   * @param topic name of the topic of feed states
   */
  public FeedStates(KafkaClients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /**
   * By address, as committed when it was asked.
   *
   * @throws Unavailable when the topic does not answer
   */
  public synchronized Map<String, FeedState> read() {
    try {
      if (consumer == null) {
        open();
      }
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions, WITHIN));
      long deadline = System.nanoTime() + WITHIN.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new Unavailable("topic " + topic + " could not be read in time", null);
        }
        consumer.poll(POLL).forEach(this::take);
      }
      return new TreeMap<>(states);
    } catch (KafkaException e) {
      close();
      throw new Unavailable(
          "topic " + topic + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** The last polls of each feed, oldest first, as of the last {@link #read}. */
  public synchronized Map<String, List<Poll>> polls() {
    Map<String, List<Poll>> copy = new TreeMap<>();
    polls.forEach((feed, known) -> copy.put(feed, List.copyOf(known)));
    return copy;
  }

  private void open() {
    Consumer<String, byte[]> opened = clients.reader();
    try {
      List<TopicPartition> found = new ArrayList<>();
      opened
          .partitionsFor(topic, WITHIN)
          .forEach(info -> found.add(new TopicPartition(topic, info.partition())));
      opened.assign(found);
      opened.seekToBeginning(found);
      partitions = found;
      states.clear();
      polls.clear();
      consumer = opened;
    } finally {
      if (consumer == null) {
        opened.close();
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      states.remove(record.key());
      polls.remove(record.key());
      return;
    }
    try {
      FeedState state =
          ContractJson.read(Contract.FEED, FeedState.class, record.value()).withoutItems();
      remember(states.put(record.key(), state), state);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "feed state not readable"
              + LogText.pair("topic", record.topic())
              + LogText.pair("partition", record.partition())
              + LogText.pair("offset", record.offset()));
    }
  }

  private void remember(FeedState before, FeedState now) {
    if (now.lastPoll() == null || (before != null && now.lastPoll().equals(before.lastPoll()))) {
      return;
    }
    List<Long> lags = now.health().lags();
    Long published = before == null ? null : now.health().published() - before.health().published();
    boolean fresh = published != null && published > 0 && !lags.isEmpty();
    Deque<Poll> known = polls.computeIfAbsent(now.feed(), feed -> new ArrayDeque<>());
    known.addLast(
        new Poll(
            now.lastPoll(),
            now.failures() == 0,
            published,
            fresh ? lags.get(lags.size() - 1) : null,
            now.failures()));
    if (known.size() > MOST_POLLS) {
      known.removeFirst();
    }
  }

  @Override
  public synchronized void close() {
    if (consumer != null) {
      Consumer<String, byte[]> old = consumer;
      consumer = null;
      old.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(2)));
    }
  }
}
