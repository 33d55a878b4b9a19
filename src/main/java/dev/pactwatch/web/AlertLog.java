package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.kafka.ConfiguredKafka;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.KafkaClients;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Reads {@code alerts.v1} from its beginning and then live, when the process has the role {@code
 * web}. No consumer group: every instance holds all of it.
 */
@ApplicationScoped
public class AlertLog {

  static final int MAX_REVISIONS = 10_000;
  static final int MAX_ALERTS = 50_000;
  static final String ROLE = "web";

  private static final Logger LOG = Logger.getLogger(AlertLog.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RECONNECT = Duration.ofSeconds(2);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** How often new partitions are looked for. */
  private static final Duration REFRESH = Duration.ofSeconds(30);

  /** Whether what is shown is complete. */
  enum Phase {
    /** The process has another role, or no broker. */
    OFF,
    /** The topic, or the broker, is not there yet. */
    WAITING,
    /** Older alerts are still being read. */
    LOADING,
    /** Every alert is shown as it is committed. */
    LIVE,
    /** The reader has ended. */
    STOPPED
  }

  private final Optional<KafkaClients> kafka;
  private final Set<String> roles;
  private final String topic;
  private final AlertStore store = new AlertStore(MAX_REVISIONS, MAX_ALERTS);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  private volatile Phase phase = Phase.OFF;
  private volatile Consumer<String, byte[]> consumer;
  private volatile Thread thread;

  AlertLog(
      Config config,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix) {
    this.kafka = ConfiguredKafka.clients(config);
    this.roles = roles.orElse(Set.of());
    this.topic = prefix + "alerts.v1";
  }

  AlertStore store() {
    return store;
  }

  Phase phase() {
    return phase;
  }

  /** Called after alerts were added or all older ones were read, on the reader's thread. */
  void onAdded(Runnable listener) {
    listeners.add(listener);
  }

  void start(@Observes @Priority(200) StartupEvent event) {
    if (kafka.isEmpty() || !roles.contains(ROLE)) {
      return;
    }
    phase = Phase.WAITING;
    store.load("none");
    thread = new Thread(this::run, "web-alert-log");
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stop.countDown();
    Consumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
    Thread running = thread;
    if (running != null) {
      running.join(CLOSE.toMillis());
    }
  }

  /** Adds one revision, as if it had been read from the topic. */
  void add(int partition, long offset, Alert alert) {
    store.add(partition, offset, alert);
    listeners.forEach(Runnable::run);
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        try {
          follow();
        } catch (WakeupException e) {
          LOG.debug("the alert log is told to stop");
        } catch (ExecutionException | RuntimeException e) {
          LOG.warnf("alerts cannot be read, again in %s topic=%s: %s", RECONNECT, topic, e);
          phase = Phase.WAITING;
        }
        if (stop.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      phase = Phase.STOPPED;
    }
  }

  /** Reads from the beginning until the process stops or something breaks. */
  private void follow() throws ExecutionException, InterruptedException {
    String incarnation = incarnation();
    // Records that are deleted before they were read are a gap: everything is read anew then, and
    // every client placed again.
    Consumer<String, byte[]> current =
        kafka.orElseThrow().reader(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"));
    consumer = current;
    try {
      store.load(incarnation);
      phase = Phase.LOADING;
      assign(current);
      long nextRefresh = System.nanoTime() + REFRESH.toNanos();
      Map<TopicPartition, Long> ends = current.endOffsets(current.assignment());
      while (stop.getCount() > 0) {
        read(current.poll(POLL));
        if (phase == Phase.LOADING
            && ends.entrySet().stream()
                .allMatch(end -> current.position(end.getKey()) >= end.getValue())) {
          store.loaded();
          phase = Phase.LIVE;
          listeners.forEach(Runnable::run);
        }
        if (System.nanoTime() - nextRefresh > 0) {
          assign(current);
          nextRefresh = System.nanoTime() + REFRESH.toNanos();
        }
      }
    } finally {
      consumer = null;
      current.close(CloseOptions.timeout(CLOSE));
    }
  }

  private String incarnation() throws ExecutionException, InterruptedException {
    try (Admin admin = kafka.orElseThrow().admin()) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .topicId()
          .toString();
    }
  }

  /** Takes every partition; those that are new are read from their beginning. */
  private void assign(Consumer<String, byte[]> current) {
    Set<TopicPartition> all = new HashSet<>();
    for (PartitionInfo info : current.partitionsFor(topic)) {
      all.add(new TopicPartition(topic, info.partition()));
    }
    Set<TopicPartition> added = new HashSet<>(all);
    added.removeAll(current.assignment());
    if (added.isEmpty()) {
      return;
    }
    current.assign(all);
    current
        .beginningOffsets(added)
        .forEach(
            (partition, offset) -> {
              store.begin(partition.partition(), offset);
              current.seek(partition, offset);
            });
  }

  private void read(ConsumerRecords<String, byte[]> records) {
    List<ConsumerRecord<String, byte[]>> unreadable = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        Alert alert =
            record.value() == null
                ? null
                : ContractJson.read(Contract.ALERT, Alert.class, record.value());
        if (alert == null) {
          unreadable.add(record);
        } else {
          store.add(record.partition(), record.offset(), alert);
        }
      } catch (IOException e) {
        unreadable.add(record);
      }
    }
    // The parser's message quotes the record; the coordinates are enough to find it.
    for (ConsumerRecord<String, byte[]> record : unreadable) {
      LOG.warnf(
          "record that is no alert skipped topic=%s partition=%d offset=%d",
          record.topic(), record.partition(), record.offset());
    }
    if (!records.isEmpty()) {
      listeners.forEach(Runnable::run);
    }
  }
}
