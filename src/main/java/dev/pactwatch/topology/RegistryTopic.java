package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.TopicReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The registry of agreements as it stands in Kafka. */
public final class RegistryTopic {

  private RegistryTopic() {}

  /**
   * What an import did.
   *
   * @param written agreements that were new or differed
   * @param unchanged agreements that stood there already, byte for byte
   */
  public record Imported(int written, int unchanged) {}

  /** The latest record of every agreement, by id. */
  public static Map<String, byte[]> read(Cluster cluster) {
    Map<String, byte[]> latest = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().agreements(),
        record -> {
          if (record.value() == null) {
            latest.remove(record.key());
          } else {
            latest.put(record.key(), record.value());
          }
        });
    return latest;
  }

  /** Writes those that are new or differ, all or none. What files no longer hold stays. */
  public static Imported put(Cluster cluster, Collection<Agreement> agreements) {
    Map<String, byte[]> before = read(cluster);
    int written = 0;
    try (KafkaProducer<String, byte[]> producer =
        cluster.clients().transactionalProducer(cluster.topics().prefix() + "registry")) {
      producer.initTransactions();
      producer.beginTransaction();
      for (Agreement agreement : agreements) {
        byte[] value = Json.bytes(agreement);
        if (!Arrays.equals(value, before.get(agreement.id()))) {
          // The commit below fails when any of the sends did.
          var unused = producer.send(record(cluster, agreement, value));
          written++;
        }
      }
      producer.commitTransaction();
    }
    return new Imported(written, agreements.size() - written);
  }

  private static ProducerRecord<String, byte[]> record(
      Cluster cluster, Agreement agreement, byte[] value) {
    Instant from =
        agreement.effectiveFrom() == null
            ? Instant.EPOCH
            : agreement.effectiveFrom().first().atStartOfDay(ZoneOffset.UTC).toInstant();
    // The broker refuses the future, and an agreement may begin there.
    Instant time = from.isAfter(Instant.now()) ? Instant.now() : from;
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            cluster.topics().agreements(),
            null,
            Math.max(0, time.toEpochMilli()),
            agreement.id(),
            value);
    CloudEvents.set(
        record.headers(),
        "dev.pactwatch.agreement.v1",
        agreement.id()
            + "."
            + Keys.digest(new String(value, java.nio.charset.StandardCharsets.UTF_8)),
        "/pactwatch/registry",
        agreement.id(),
        time);
    return record;
  }
}
