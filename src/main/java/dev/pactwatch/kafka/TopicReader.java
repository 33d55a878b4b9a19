package dev.pactwatch.kafka;

import dev.pactwatch.config.ConfigException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from its beginning to what is committed now. */
public final class TopicReader {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private TopicReader() {}

  /**
   * Calls {@code each} for every committed record, partition by partition in order of offsets.
   *
   * @throws ConfigException when the topic does not exist or does not answer
   */
  public static void readAll(
      KafkaClients clients, String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = clients.reader()) {
      readAll(consumer, topic, each);
    }
  }

  /** The same for keys that need not be text. */
  static void readAllBytes(
      KafkaClients clients, String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = clients.rawReader()) {
      readAll(consumer, topic, each);
    }
  }

  private static <K> void readAll(
      KafkaConsumer<K, byte[]> consumer, String topic, Consumer<ConsumerRecord<K, byte[]>> each) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw new ConfigException("topic " + topic + " does not exist");
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(partitions));
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    // Positions pass the markers of transactions, which are no records.
    while (left.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(POLL).forEach(each);
      if (System.nanoTime() > deadline) {
        throw new ConfigException("topic " + topic + " cannot be read to its end in " + TIMEOUT);
      }
    }
  }
}
