package dev.pactwatch.web;

import dev.pactwatch.kafka.ConfiguredKafka;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.tagging.TaggedArticle;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Reads {@code events.v1} from its beginning and then live, when the process has the role {@code
 * web}, and keeps {@link EventCounts} of it. No consumer group: every instance counts for itself.
 */
@ApplicationScoped
public class EventLog {

  private static final Logger LOG = Logger.getLogger(EventLog.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RECONNECT = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Optional<KafkaClients> kafka;
  private final Set<String> roles;
  private final String topic;
  private final EventCounts counts = new EventCounts();
  private final CountDownLatch stop = new CountDownLatch(1);

  private volatile boolean complete;
  private volatile Consumer<String, byte[]> consumer;
  private volatile Thread thread;

  EventLog(
      Config config,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix) {
    this.kafka = ConfiguredKafka.clients(config);
    this.roles = roles.orElse(Set.of());
    this.topic = prefix + "events.v1";
  }

  EventCounts counts() {
    return counts;
  }

  /** Whether everything that was there at the start has been counted. */
  boolean complete() {
    return complete;
  }

  void start(@Observes @Priority(210) StartupEvent event) {
    if (kafka.isEmpty() || !roles.contains(AlertLog.ROLE)) {
      return;
    }
    thread = new Thread(this::run, "web-event-log");
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

  private void run() {
    try {
      while (stop.getCount() > 0) {
        try {
          follow();
        } catch (WakeupException e) {
          LOG.debug("the event log is told to stop");
        } catch (RuntimeException e) {
          LOG.debugf("events cannot be read, again in %s topic=%s: %s", RECONNECT, topic, e);
        }
        if (stop.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    Consumer<String, byte[]> current = kafka.orElseThrow().reader();
    consumer = current;
    try {
      complete = false;
      counts.reset();
      List<PartitionInfo> partitions = current.partitionsFor(topic);
      if (partitions.isEmpty()) {
        return;
      }
      List<TopicPartition> all =
          partitions.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
      current.assign(all);
      current.seekToBeginning(all);
      Map<TopicPartition, Long> ends = current.endOffsets(all);
      while (stop.getCount() > 0) {
        for (ConsumerRecord<String, byte[]> record : current.poll(POLL)) {
          count(record);
        }
        if (!complete) {
          complete =
              ends.entrySet().stream()
                  .allMatch(end -> current.position(end.getKey()) >= end.getValue());
        }
      }
    } finally {
      consumer = null;
      current.close(CloseOptions.timeout(CLOSE));
    }
  }

  private void count(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      counts.add(ContractJson.read(Contract.EVENT, TaggedArticle.class, record.value()));
    } catch (IOException e) {
      LOG.debugf(
          "record that is no tagged article skipped topic=%s partition=%d offset=%d",
          record.topic(), record.partition(), record.offset());
    }
  }
}
