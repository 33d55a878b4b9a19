package dev.pactwatch.kafka;

import dev.pactwatch.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from its beginning, or a part of it, to what is committed now. */
public final class TopicReader {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Without any record. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private TopicReader() {}

  /**
   * Offsets of one partition.
   *
   * @param from first one
   * @param to first one that is not wanted
   */
  public record Range(long from, long to) {

    long length() {
      return Math.max(0, to - from);
    }
  }

  /**
   * Calls {@code each} for every committed record, partition by partition in order of offsets.
   *
   * @throws ConfigException when the topic does not exist or does not answer
   */
  public static void readAll(
      KafkaClients clients, String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    read(clients, topic, Map.of(), each);
  }

  /**
   * The same for some partitions.
   *
   * @param ranges by partition; empty for all of all partitions
   * @throws ConfigException when the topic or a partition does not exist, or does not answer
   */
  public static void read(
      KafkaClients clients,
      String topic,
      Map<Integer, Range> ranges,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = clients.reader()) {
      read(consumer, topic, ranges, each);
    }
  }

  /**
   * The same for the last records only, in equal parts of each partition.
   *
   * @param most offsets to read, markers of transactions among them
   * @return how many offsets before them were left out
   * @throws ConfigException as {@link #readAll}
   */
  public static long readLast(
      KafkaClients clients,
      String topic,
      long most,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = clients.reader()) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new ConfigException("topic " + topic + " does not exist");
      }
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long part = Math.max(1, most / partitions.size());
      long skipped = 0;
      Map<Integer, Range> ranges = new HashMap<>();
      for (Map.Entry<TopicPartition, Long> first :
          consumer.beginningOffsets(partitions).entrySet()) {
        long end = ends.get(first.getKey());
        long from = Math.max(first.getValue(), end - part);
        skipped += from - first.getValue();
        ranges.put(first.getKey().partition(), new Range(from, end));
      }
      read(consumer, topic, ranges, each);
      return skipped;
    }
  }

  /** All of a topic whose keys need not be text. */
  static void readAllBytes(
      KafkaClients clients, String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = clients.rawReader()) {
      read(consumer, topic, Map.of(), each);
    }
  }

  private static <K> void read(
      KafkaConsumer<K, byte[]> consumer,
      String topic,
      Map<Integer, Range> ranges,
      Consumer<ConsumerRecord<K, byte[]>> each) {
    Map<TopicPartition, Long> left = seek(consumer, topic, ranges);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    // Positions pass the markers of transactions, which are no records.
    while (left.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      ConsumerRecords<K, byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<K, byte[]> record : records) {
        if (record.offset() < left.get(new TopicPartition(topic, record.partition()))) {
          each.accept(record);
        }
      }
      long now = System.nanoTime();
      if (!records.isEmpty()) {
        deadline = now + TIMEOUT.toNanos();
      } else if (now - deadline > 0) {
        throw new ConfigException("topic " + topic + " gives nothing for " + TIMEOUT);
      }
    }
  }

  /** Goes to where reading begins, and tells before which offsets it ends. */
  private static Map<TopicPartition, Long> seek(
      KafkaConsumer<?, byte[]> consumer, String topic, Map<Integer, Range> ranges) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw new ConfigException("topic " + topic + " does not exist");
    }
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo info : infos) {
      if (ranges.isEmpty() || ranges.containsKey(info.partition())) {
        partitions.add(new TopicPartition(topic, info.partition()));
      }
    }
    for (int wanted : ranges.keySet()) {
      if (!partitions.contains(new TopicPartition(topic, wanted))) {
        throw new ConfigException("topic " + topic + " has no partition " + wanted);
      }
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    for (TopicPartition partition : partitions) {
      Range range = ranges.getOrDefault(partition.partition(), new Range(0, Long.MAX_VALUE));
      consumer.seek(partition, Math.max(begins.get(partition), range.from()));
      ends.merge(partition, range.to(), Math::min);
    }
    return ends;
  }
}
