package dev.pactwatch.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far a group is behind. */
public final class Lag {

  /** Offsets of a partition that may be nothing but ends of transactions. */
  private static final int MARKERS = 1_000;

  private static final int POLLS = 20;
  private static final Duration POLL = Duration.ofMillis(100);

  private Lag() {}

  /**
   * Records of these topics that the group has not committed yet.
   *
   * <p>The commits are read before the ends, and the ends are those of all that was written, be its
   * transaction over or not: a commit reaches one partition after the other, so the offsets may
   * show it while the output still hides it. Where a group reads its own output, as a topology does
   * with its repartition topics, 0 therefore means that nothing was under way at all.
   *
   * @throws ExecutionException when Kafka refuses
   */
  public static long of(Admin admin, String group, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    return left(admin, group, topics).values().stream().mapToLong(TopicReader.Range::length).sum();
  }

  /**
   * True where no record is left to the group. Unlike a lag of 0 this is reached by a topology that
   * was killed, too: the end of a transaction is an offset, but no record, and whoever takes a
   * partition over and finds nothing else there commits nothing.
   *
   * @throws ExecutionException when Kafka refuses
   */
  public static boolean none(
      KafkaClients clients, Admin admin, String group, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, TopicReader.Range> left = left(admin, group, topics);
    if (left.isEmpty()) {
      return true;
    }
    if (left.values().stream().anyMatch(range -> range.length() > MARKERS)) {
      return false;
    }
    try (KafkaConsumer<String, byte[]> reader = clients.reader()) {
      reader.assign(left.keySet());
      left.forEach((partition, range) -> reader.seek(partition, range.from()));
      for (int i = 0; i < POLLS; i++) {
        if (!reader.poll(POLL).isEmpty()) {
          return false;
        }
        if (left.entrySet().stream()
            .allMatch(each -> reader.position(each.getKey()) >= each.getValue().to())) {
          return true;
        }
      }
      return false;
    }
  }

  /** Offsets between what was committed and the end, where there are any. */
  private static Map<TopicPartition, TopicReader.Range> left(
      Admin admin, String group, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicDescription topic : describe(admin, topics).values()) {
      topic
          .partitions()
          .forEach(
              p -> asked.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        admin
            .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
            .all()
            .get();
    Map<TopicPartition, TopicReader.Range> left = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      OffsetAndMetadata position = committed.get(end.getKey());
      TopicReader.Range range =
          new TopicReader.Range(position == null ? 0 : position.offset(), end.getValue().offset());
      if (range.length() > 0) {
        left.put(end.getKey(), range);
      }
    }
    return left;
  }

  /**
   * Sum of the offsets that the group has committed of a topic; 0 before it has any.
   *
   * @throws ExecutionException when Kafka refuses
   */
  public static long committed(Admin admin, String group, String topic)
      throws ExecutionException, InterruptedException {
    long sum = 0;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
      if (entry.getKey().topic().equals(topic) && entry.getValue() != null) {
        sum += entry.getValue().offset();
      }
    }
    return sum;
  }

  private static Map<String, TopicDescription> describe(Admin admin, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    return admin.describeTopics(List.copyOf(topics)).allTopicNames().get();
  }
}
