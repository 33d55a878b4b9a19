package dev.pactwatch.topology;

import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.TopicReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Which lexicon tags, as it stands in Kafka. */
public final class LexiconTopic {

  private static final String SOURCE = "/pactwatch/lexicon";

  /** Before all news: whoever has both at hand takes the activation first. */
  private static final long FIRST = 0;

  private LexiconTopic() {}

  /**
   * Makes a lexicon the one that tags: one record into every partition, all or none. The work on a
   * partition changes over where it meets the record, which is committed together with what was
   * tagged before it, so that there is one such point, whoever works on the partition and however
   * often that work is taken up again.
   *
   * @return false when it is in use already, in every partition
   */
  public static boolean activate(Cluster cluster, String version, Instant at) {
    return SoleWriter.run(
        cluster, "lexicon", producer -> activate(producer, cluster, new LexiconInUse(version, at)));
  }

  private static boolean activate(
      KafkaProducer<String, byte[]> producer, Cluster cluster, LexiconInUse inUse) {
    String topic = cluster.topics().lexicon();
    Map<Integer, String> before = read(cluster, topic);
    int partitions = producer.partitionsFor(topic).size();
    if (before.size() == partitions && before.values().stream().allMatch(inUse.version()::equals)) {
      return false;
    }
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      records.add(record(topic, partition, inUse));
    }
    SoleWriter.send(producer, records);
    return true;
  }

  private static Map<Integer, String> read(Cluster cluster, String topic) {
    Map<Integer, String> versions = new HashMap<>();
    TopicReader.readAll(
        cluster.clients(),
        topic,
        record -> {
          versions.remove(record.partition());
          if (record.value() != null) {
            try {
              versions.put(
                  record.partition(), Json.read(record.value(), LexiconInUse.class).version());
            } catch (IOException e) {
              // The topology has set it aside as a dead letter; the next activation replaces it.
              return;
            }
          }
        });
    return versions;
  }

  private static ProducerRecord<String, byte[]> record(
      String topic, int partition, LexiconInUse inUse) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, partition, FIRST, LexiconProcessor.KEY, Json.bytes(inUse));
    CloudEvents.set(
        record.headers(),
        Contract.LEXICON.type(),
        inUse.version() + "." + partition + "." + inUse.at(),
        SOURCE,
        LexiconProcessor.KEY,
        inUse.at());
    return record;
  }
}
