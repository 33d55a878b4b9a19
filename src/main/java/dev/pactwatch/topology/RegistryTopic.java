package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** The registry of agreements as it stands in Kafka. */
public final class RegistryTopic {

  /** Written by others than the files; such records are not erased when no file has them. */
  private static final String SOURCE = "/pactwatch/registry";

  private static final String FILES = "/pactwatch/registry/files";

  /** Part of the name under which it is written. */
  private static final String WRITER = "registry";

  private RegistryTopic() {}

  /**
   * What bringing the topic in line with the files did.
   *
   * @param written agreements that were new or differed
   * @param erased agreements that files had once, and have no longer
   * @param unchanged agreements that stood there already, byte for byte
   * @param before what stood there of agreements that the files have or had
   */
  public record Synced(int written, int erased, int unchanged, Registry before) {}

  private record Stored(byte[] value, boolean fromFiles) {}

  /**
   * Makes the topic say what the files say, all or nothing: writes what is new or differs, and
   * erases what files had once and have no longer. A registry without any agreement erases nothing
   * when {@code mayEmpty} is false.
   */
  public static Synced sync(Cluster cluster, Registry registry, boolean mayEmpty) {
    return SoleWriter.run(cluster, WRITER, producer -> sync(producer, cluster, registry, mayEmpty));
  }

  private static Synced sync(
      KafkaProducer<String, byte[]> producer,
      Cluster cluster,
      Registry registry,
      boolean mayEmpty) {
    Map<String, Stored> before = read(cluster);
    List<ProducerRecord<String, byte[]>> records = changed(cluster, registry.all(), before, FILES);
    int written = records.size();
    if (registry.size() > 0 || mayEmpty) {
      before.forEach(
          (id, stored) -> {
            if (stored.fromFiles() && registry.find(id).isEmpty()) {
              records.add(record(cluster, id, null, Instant.now(), FILES));
            }
          });
    }
    SoleWriter.send(producer, records);
    return new Synced(
        written, records.size() - written, registry.size() - written, known(before, registry));
  }

  /** Writes those that are new or differ, all or none. */
  public static void put(Cluster cluster, Collection<Agreement> agreements) {
    SoleWriter.run(
        cluster,
        WRITER,
        producer -> {
          SoleWriter.send(producer, changed(cluster, agreements, read(cluster), SOURCE));
          return agreements;
        });
  }

  private static List<ProducerRecord<String, byte[]>> changed(
      Cluster cluster,
      Collection<Agreement> agreements,
      Map<String, Stored> before,
      String source) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (Agreement agreement : agreements) {
      byte[] value = Json.bytes(agreement);
      Stored there = before.get(agreement.id());
      if (there == null || !Arrays.equals(value, there.value())) {
        Instant from =
            agreement.effectiveFrom() == null
                ? Instant.EPOCH
                : agreement.effectiveFrom().first().atStartOfDay(ZoneOffset.UTC).toInstant();
        // The broker refuses the future, and an agreement may begin there.
        Instant time = from.isAfter(Instant.now()) ? Instant.now() : from;
        records.add(record(cluster, agreement.id(), value, time, source));
      }
    }
    return records;
  }

  /** The latest record of every agreement, by id. */
  private static Map<String, Stored> read(Cluster cluster) {
    Map<String, Stored> latest = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().agreements(),
        record -> {
          if (record.value() == null) {
            latest.remove(record.key());
          } else {
            Header source = record.headers().lastHeader("ce_source");
            boolean fromFiles =
                source != null
                    && Arrays.equals(FILES.getBytes(StandardCharsets.UTF_8), source.value());
            latest.put(record.key(), new Stored(record.value(), fromFiles));
          }
        });
    return latest;
  }

  private static Registry known(Map<String, Stored> before, Registry registry) {
    List<Agreement> agreements = new ArrayList<>();
    before.forEach(
        (id, stored) -> {
          if (stored.fromFiles() || registry.find(id).isPresent()) {
            // What cannot be read, the topology has set aside as a dead letter with the reason.
            read(stored.value()).ifPresent(agreements::add);
          }
        });
    return Registry.of(agreements);
  }

  private static Optional<Agreement> read(byte[] value) {
    try {
      return Optional.of(ContractJson.read(Contract.AGREEMENT, Agreement.class, value));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ProducerRecord<String, byte[]> record(
      Cluster cluster, String id, byte[] value, Instant time, String source) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            cluster.topics().agreements(), null, Math.max(0, time.toEpochMilli()), id, value);
    String type = Contract.AGREEMENT.type();
    if (value == null) {
      CloudEvents.setWithoutData(record.headers(), type, id + ".erased", source, id, time);
    } else {
      String digest = Keys.digest(new String(value, StandardCharsets.UTF_8));
      CloudEvents.set(record.headers(), type, id + "." + digest, source, id, time);
    }
    return record;
  }
}
