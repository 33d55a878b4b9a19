package dev.pactwatch.notify.channel;

import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** One producer for the topics of all subscribers, and the topics it has seen to exist. */
final class SubscriberTopics implements AutoCloseable {

  /** Of a record, from being handed over to being acknowledged. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaClients clients;
  private final Topics topics;
  private final Set<String> known = new HashSet<>();

  /** Null until something is sent, and after a failure that it does not survive. */
  private KafkaProducer<String, byte[]> producer;

  SubscriberTopics(KafkaClients clients, Topics topics) {
    this.clients = clients;
    this.topics = topics;
  }

  /**
   * @throws IllegalArgumentException when the name cannot be part of a topic's
   */
  TopicSpec topic(String name) {
    return topics.subscriber(name);
  }

  /**
   * A producer, once the topic exists.
   *
   * @throws dev.pactwatch.config.ConfigException when Kafka does not answer or refuses the topic
   */
  synchronized KafkaProducer<String, byte[]> producer(TopicSpec topic) {
    if (!known.contains(topic.name())) {
      try (Admin admin = clients.admin()) {
        TopicAdmin.create(admin, List.of(topic));
      }
      known.add(topic.name());
    }
    if (producer == null) {
      producer =
          clients.producer(
              Map.of(
                  ProducerConfig.MAX_BLOCK_MS_CONFIG,
                  (int) PATIENCE.toMillis(),
                  ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  (int) PATIENCE.toMillis() / 3,
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                  (int) PATIENCE.toMillis()));
    }
    return producer;
  }

  /** A producer that met an error it does not survive gives way to a new one. */
  synchronized void discard(KafkaProducer<String, byte[]> broken, TopicSpec topic) {
    known.remove(topic.name());
    if (broken.equals(producer)) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
      producer = null;
    }
  }
}
