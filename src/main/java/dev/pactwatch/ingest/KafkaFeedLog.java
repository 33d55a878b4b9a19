package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.telemetry.Meters;
import dev.pactwatch.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Articles and feed states in Kafka, and which instance polls which feeds. The partitions of the
 * topic of feed states are {@linkplain FeedSlot slots}, shared out by a consumer group: that says
 * who polls, and notices within seconds when somebody dies. What makes it safe is the transaction:
 * each slot has one transactional id, so taking a slot shuts out whoever had it before, completes
 * or aborts what they left open, and only then are the states read. A poll's articles and the
 * feed's new state are one transaction of that id. An instance that was asleep and wakes up can
 * therefore ask once too often, but never write.
 *
 * <p>One thread opens, attends and closes; any may commit, one at a time.
 */
public final class KafkaFeedLog implements FeedLog {

  private static final Logger LOG = System.getLogger(KafkaFeedLog.class.getName());

  private static final String SOURCE = "/pactwatch/ingest";
  private static final String ARTICLE_TYPE = "dev.pactwatch.article.v1";
  private static final String FEED_TYPE = "dev.pactwatch.feed.v1";

  /** A member that was killed is missed after this long. */
  private static final Duration SESSION = Duration.ofSeconds(10);

  /** A process that did not run for so long cannot tell what it still owns. */
  private static final Duration ASLEEP = SESSION.dividedBy(2);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final IntFunction<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> members;
  private final Supplier<Consumer<String, byte[]>> readers;
  private final LongSupplier nanoTime;
  private final String articles;
  private final String feeds;
  private final String pushes;

  /** Of the slots that are this instance's, or about to be. */
  private final Map<Integer, Producer<String, byte[]>> writing = new ConcurrentHashMap<>();

  /** Slots whose states have been read and that are not being left. */
  private final Set<Integer> owned = ConcurrentHashMap.newKeySet();

  private final Map<String, Integer> slotOf = new ConcurrentHashMap<>();
  private volatile int slots;

  private Consumer<String, byte[]> member;
  private Consumer<String, byte[]> reader;
  private final Set<Integer> given = new HashSet<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Map<Integer, Map<String, FeedState>> read = new HashMap<>();
  private final Set<Integer> listening = new HashSet<>();
  private Consumer<String, byte[]> pushed;
  private Owner owner;
  private boolean joined;
  private long attended;

  /**
   * @param clients of the cluster
   * @param topics names the topics and, by their prefix, the group and the transactional ids
   */
  public KafkaFeedLog(KafkaClients clients, Topics topics) {
    this(
        slot -> clients.transactionalProducer(topics.prefix() + "ingest-slot-" + slot),
        () ->
            clients.consumer(
                topics.prefix() + "ingest",
                Map.of(
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    (int) SESSION.toMillis(),
                    ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                    60_000,
                    // Slots that stay where they are go on being polled while others move.
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    CooperativeStickyAssignor.class.getName())),
        clients::reader,
        System::nanoTime,
        topics);
  }

  KafkaFeedLog(
      IntFunction<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> members,
      Supplier<Consumer<String, byte[]>> readers,
      LongSupplier nanoTime,
      Topics topics) {
    this.producers = producers;
    this.members = members;
    this.readers = readers;
    this.nanoTime = nanoTime;
    this.articles = topics.articles();
    this.feeds = topics.feeds();
    this.pushes = topics.pushes();
  }

  @Override
  public void open() throws Lost {
    close();
    try {
      member = members.get();
      List<PartitionInfo> infos = member.partitionsFor(feeds);
      if (infos == null || infos.isEmpty()) {
        throw new Lost("topic " + feeds + " is missing", null);
      }
      slots = infos.size();
      slotOf.clear();
      member.subscribe(List.of(feeds), new Assignments());
      attended = nanoTime.getAsLong();
    } catch (RuntimeException e) {
      close();
      throw lost("cannot be opened", e);
    }
  }

  /** What the group decides. Called within {@code poll} and {@code close} of the member. */
  private final class Assignments implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      // The member is there for the group's sake; it reads nothing.
      member.pause(partitions);
      partitions.forEach(partition -> given.add(partition.partition()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      Set<Integer> leaving = new HashSet<>();
      partitions.forEach(partition -> leaving.add(partition.partition()));
      given.removeAll(leaving);
      owned.removeAll(leaving);
      if (owner != null && !leaving.isEmpty()) {
        // What is under way may still be committed: the producers are there until it has ended.
        owner.leave(feed -> leaving.contains(slot(feed)));
      }
      leaving.forEach(KafkaFeedLog.this::drop);
      // That took its time, during which the member's own thread kept it alive.
      attended = nanoTime.getAsLong();
    }
  }

  @Override
  public boolean attend(Owner listening) throws Lost {
    if (member == null) {
      throw new Lost("the log is not open", null);
    }
    owner = listening;
    try {
      awake();
      member.poll(Duration.ofMillis(50));
      awake();
      if (!given.isEmpty()) {
        take();
      }
      if (!ends.isEmpty()) {
        restore();
      }
      listen();
      attended = nanoTime.getAsLong();
      return joined && ends.isEmpty();
    } catch (RuntimeException e) {
      throw lost("this instance's part in it is lost", e);
    } finally {
      owner = null;
    }
  }

  private void awake() throws Lost {
    long now = nanoTime.getAsLong();
    if (now - attended > ASLEEP.toNanos()) {
      throw new Lost("this process stood still for " + (now - attended) / 1_000_000 + " ms", null);
    }
    attended = now;
  }

  /** Shuts out whoever had the slots before, then begins to read what they left. */
  private void take() {
    for (int slot : given) {
      Producer<String, byte[]> producer = producers.apply(slot);
      Producer<String, byte[]> old = writing.put(slot, producer);
      if (old != null) {
        close(old);
      }
      producer.initTransactions();
      ends.put(new TopicPartition(feeds, slot), 0L);
    }
    given.clear();
    if (reader == null) {
      reader = readers.get();
    }
    read.clear();
    reader.assign(ends.keySet());
    reader.seekToBeginning(ends.keySet());
    ends.putAll(reader.endOffsets(ends.keySet()));
  }

  /** Reads on for a moment: a member that reads for minutes would be missed by the group. */
  private void restore() {
    reader
        .poll(Duration.ofMillis(200))
        .forEach(
            record ->
                restore(record, read.computeIfAbsent(record.partition(), slot -> new HashMap<>())));
    if (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
      return;
    }
    Set<Integer> taken = new HashSet<>();
    ends.keySet().forEach(partition -> taken.add(partition.partition()));
    Map<String, FeedState> states = new HashMap<>();
    // An older release kept states by the hash of the address: whichever is the later one counts.
    read.values()
        .forEach(
            slot -> slot.forEach((feed, state) -> states.merge(feed, state, FeedState::later)));
    states.keySet().removeIf(feed -> !taken.contains(slot(feed)) && !owns(feed));
    ends.clear();
    read.clear();
    close(reader);
    reader = null;
    owned.addAll(taken);
    // A hub may answer as soon as the first poll has asked it.
    listen();
    LOG.log(
        Level.INFO,
        "feeds taken"
            + LogText.pair("slots", taken)
            + LogText.pair("of", slots)
            + LogText.pair("states", states.size()));
    owner.took(states);
  }

  private static void restore(
      ConsumerRecord<String, byte[]> record, Map<String, FeedState> states) {
    if (record.value() == null) {
      states.remove(record.key());
      return;
    }
    try {
      FeedState state = ContractJson.read(Contract.FEED, FeedState.class, record.value());
      if (!state.feed().equals(record.key())) {
        throw new IOException("is the state of another feed");
      }
      states.put(record.key(), state);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "feed state not readable"
              + LogText.pair("topic", record.topic())
              + LogText.pair("partition", record.partition())
              + LogText.pair("offset", record.offset()));
    }
  }

  /**
   * Pushes for what is ours, from now on: an earlier one was for somebody else, or polls find it.
   */
  private void listen() {
    if (!listening.equals(owned)) {
      if (pushed == null) {
        pushed = readers.get();
      }
      Set<Integer> more = new HashSet<>(owned);
      more.removeAll(listening);
      listening.clear();
      listening.addAll(owned);
      pushed.assign(partitions(listening));
      pushed.seekToEnd(partitions(more));
      // The consumer seeks only when it is asked where it is; what comes before that would be lost.
      partitions(more).forEach(pushed::position);
    }
    if (!listening.isEmpty()) {
      pushed
          .poll(Duration.ZERO)
          .forEach(
              record ->
                  PushMessage.read(record.key(), record.headers(), record.value())
                      .filter(message -> owns(message.feed()))
                      .ifPresent(owner::pushed));
    }
  }

  private List<TopicPartition> partitions(Set<Integer> of) {
    return of.stream().map(slot -> new TopicPartition(pushes, slot)).toList();
  }

  private int slot(String feed) {
    return slotOf.computeIfAbsent(feed, address -> FeedSlot.of(address, slots));
  }

  @Override
  public boolean owns(String feed) {
    return slots > 0 && owned.contains(slot(feed));
  }

  @Override
  public boolean commit(List<Article> items, FeedState state) throws Lost {
    int slot = slot(state.feed());
    Producer<String, byte[]> producer = writing.get(slot);
    if (producer == null) {
      return false;
    }
    List<Span> spans = new ArrayList<>();
    try {
      producer.beginTransaction();
      for (Article article : items) {
        // A broker refuses times before 1970.
        long time = Math.max(0, article.published().toEpochMilli());
        ProducerRecord<String, byte[]> record =
            new ProducerRecord<>(articles, null, time, article.uri(), Json.bytes(article));
        Span span =
            Tracing.span("ingest article", SpanKind.PRODUCER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", articles)
                .setAttribute("pactwatch.article", article.uri())
                .startSpan();
        spans.add(span);
        Tracing.put(span, record.headers());
        send(
            producer,
            record,
            ARTICLE_TYPE,
            article.uri() + "#" + article.version(),
            article.published());
      }
      Instant polled = state.lastPoll();
      send(
          producer,
          new ProducerRecord<>(feeds, slot, polled.toEpochMilli(), state.feed(), Json.bytes(state)),
          FEED_TYPE,
          state.feed() + "#" + polled,
          polled);
      producer.commitTransaction();
      items.forEach(
          article -> Meters.ARTICLES.labels(article.version() > 1 ? "edit" : "new").inc());
      return true;
    } catch (RuntimeException e) {
      // Whether a commit that failed has happened is known only after taking the slot again, which
      // also aborts what is left open.
      owned.remove(slot);
      if (writing.remove(slot, producer)) {
        close(producer);
      }
      spans.forEach(span -> span.setStatus(StatusCode.ERROR));
      throw lost("a transaction failed", e);
    } finally {
      spans.forEach(Span::end);
    }
  }

  /** The commit reports whatever a send ran into; nothing is to be done for each of them. */
  private static void send(
      Producer<String, byte[]> producer,
      ProducerRecord<String, byte[]> record,
      String type,
      String id,
      Instant time) {
    CloudEvents.set(record.headers(), type, id, SOURCE, record.key(), time);
    @SuppressWarnings("unused")
    Future<RecordMetadata> unused = producer.send(record);
  }

  private static Lost lost(String what, RuntimeException e) {
    return new Lost("the feed log: " + what + ": " + e.getClass().getSimpleName(), e);
  }

  private void drop(int slot) {
    Producer<String, byte[]> producer = writing.remove(slot);
    if (producer != null) {
      close(producer);
    }
    if (ends.remove(new TopicPartition(feeds, slot)) != null) {
      read.remove(slot);
    }
  }

  @Override
  public void close() {
    owned.clear();
    writing.keySet().forEach(this::drop);
    given.clear();
    ends.clear();
    read.clear();
    joined = false;
    listening.clear();
    if (pushed != null) {
      close(pushed);
      pushed = null;
    }
    if (reader != null) {
      close(reader);
      reader = null;
    }
    if (member != null) {
      close(member);
      member = null;
    }
  }

  /** It is given up in any case; taking the slots again settles what it left. */
  private static void close(Consumer<String, byte[]> consumer) {
    try {
      consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
    } catch (KafkaException e) {
      LOG.log(
          Level.WARNING,
          "consumer not closed" + LogText.pair("reason", e.getClass().getSimpleName()));
    }
  }

  private static void close(Producer<String, byte[]> producer) {
    try {
      producer.close(CLOSE_WITHIN);
    } catch (KafkaException e) {
      LOG.log(
          Level.WARNING,
          "producer not closed" + LogText.pair("reason", e.getClass().getSimpleName()));
    }
  }
}
