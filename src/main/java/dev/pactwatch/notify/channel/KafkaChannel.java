package dev.pactwatch.notify.channel;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.channel.Outcome.Trace;
import dev.pactwatch.notify.subscription.Target;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * One record per alert into the subscriber's topic, with key, value and CloudEvents headers as
 * {@code alerts.v1} has them, and {@code webhook-id} as the idempotency key: a record that comes
 * twice has the same. What holds no alert, such as a notice, is one record as a webhook would get
 * it. All records of a message are acknowledged, or the message is sent again as a whole.
 */
final class KafkaChannel implements Channel {

  private static final String SOURCE = "/pactwatch/notify";

  /** Number of records; what follows is numbered from 0. */
  private static final String RECORDS = "records";

  private final TopicSpec topic;
  private final SubscriberTopics topics;

  /**
   * @throws IllegalArgumentException when the name cannot be part of a topic's
   */
  KafkaChannel(Target.KafkaTopic target, SubscriberTopics topics) {
    this.topic = topics.topic(target.name());
    this.topics = topics;
  }

  /** The values one after the other, and in the headers how long each is and what goes with it. */
  @Override
  public Message render(Notification notification) {
    Map<String, String> headers = new TreeMap<>();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    List<Item> items = notification.items();
    headers.put(RECORDS, Integer.toString(Math.max(1, items.size())));
    if (items.isEmpty()) {
      byte[] value = Envelope.of(notification);
      values.writeBytes(value);
      put(headers, 0, notification.id(), notification.id(), notification.made(), value.length);
      headers.put("0.type", Envelope.type(notification));
      headers.put("0.id", notification.id());
    }
    for (int i = 0; i < items.size(); i++) {
      Alert alert = items.get(i).alert();
      values.writeBytes(items.get(i).json());
      put(
          headers,
          i,
          alert.id(),
          items.size() == 1 ? notification.id() : notification.id() + "-" + i,
          alert.lastSeen(),
          items.get(i).json().length);
      headers.put(
          i + ".type",
          notification.kind() == Kind.TEST || notification.kind() == Kind.REMINDER
              ? Envelope.type(notification)
              : "dev.pactwatch.alert.v1");
      headers.put(i + ".id", alert.revisionKey());
      headers.put(i + ".schema", Contract.ALERT.label());
    }
    return new Message(notification.id(), "application/json", headers, values.toByteArray());
  }

  private static void put(
      Map<String, String> headers, int i, String key, String unique, Instant time, int length) {
    headers.put(i + ".key", key);
    headers.put(i + ".webhook-id", unique);
    headers.put(i + ".time", time.toString());
    headers.put(i + ".length", Integer.toString(length));
  }

  @Override
  public Outcome send(Message message, Attempt attempt) throws InterruptedException {
    KafkaProducer<String, byte[]> producer;
    try {
      producer = topics.producer(topic);
    } catch (ConfigException | KafkaException e) {
      stopIfInterrupted();
      return failed(e instanceof ConfigException && e.getCause() != null ? e.getCause() : e);
    }
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<String, byte[]> record : records(message, attempt)) {
        sent.add(producer.send(record));
      }
      for (Future<RecordMetadata> one : sent) {
        // The producer gives up by itself; this is for one that does not.
        one.get(2 * SubscriberTopics.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      return new Outcome.Delivered(trace());
    } catch (ExecutionException e) {
      return given(e.getCause(), producer);
    } catch (InterruptException e) {
      stopIfInterrupted();
      throw new InterruptedException("stopped while sending");
    } catch (KafkaException | IllegalStateException e) {
      return given(e, producer);
    } catch (TimeoutException e) {
      return given(e, producer);
    }
  }

  private static void stopIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while sending");
    }
  }

  private Outcome given(Throwable failure, KafkaProducer<String, byte[]> producer) {
    if (failure instanceof RecordTooLargeException) {
      return new Outcome.Refused(
          Reason.TOO_LARGE, "Kafka does not take records of this size", trace());
    }
    if (!(failure instanceof RetriableException)) {
      topics.discard(producer, topic);
    }
    return failed(failure);
  }

  private Outcome failed(Throwable failure) {
    boolean timeout =
        failure instanceof TimeoutException
            || failure instanceof org.apache.kafka.common.errors.TimeoutException;
    boolean login =
        failure instanceof AuthenticationException || failure instanceof AuthorizationException;
    return new Outcome.Failed(
        login ? Reason.AUTHENTICATION : timeout ? Reason.TIMEOUT : Reason.CONNECTION,
        login
            ? "Kafka refuses access to the topic"
            : timeout ? "Kafka does not answer in time" : "Kafka does not take the record",
        timeout ? Optional.of(HttpPost.THROTTLED) : Optional.empty(),
        trace());
  }

  private List<ProducerRecord<String, byte[]>> records(Message message, Attempt attempt) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    Map<String, String> headers = message.headers();
    int count = Integer.parseInt(headers.get(RECORDS));
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start + Integer.parseInt(headers.get(i + ".length"));
      String key = headers.get(i + ".key");
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(topic.name(), key, Arrays.copyOfRange(message.body(), start, end));
      CloudEvents.set(
          record.headers(),
          headers.get(i + ".type"),
          headers.get(i + ".id"),
          SOURCE,
          key,
          Instant.parse(headers.get(i + ".time")));
      if (headers.containsKey(i + ".schema")) {
        // A test or a reminder is of a type of its own, and holds an alert all the same.
        CloudEvents.setSchema(record.headers(), Contract.ALERT);
      }
      header(record, "webhook-id", headers.get(i + ".webhook-id"));
      if (attempt.manual()) {
        header(record, "webhook-attempt-kind", "manual");
      }
      records.add(record);
      start = end;
    }
    return records;
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private Trace trace() {
    return new Trace(null, null, Map.of("topic", topic.name()), null);
  }
}
