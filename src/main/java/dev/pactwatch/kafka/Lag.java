package dev.pactwatch.kafka;

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
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far a group is behind. */
public final class Lag {

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
    long lag = 0;
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      OffsetAndMetadata position = committed.get(end.getKey());
      lag += Math.max(0, end.getValue().offset() - (position == null ? 0 : position.offset()));
    }
    return lag;
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
