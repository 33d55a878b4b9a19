package dev.pactwatch.topology;

import dev.pactwatch.kafka.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The Streams configuration that the product's guarantees rest on. */
public final class StreamsSettings {

  /** How long what was found may wait before others see it, where somebody waits for it. */
  public static final Duration LIVE = Duration.ofMillis(100);

  /** The same where nobody does: every commit takes time from the work. */
  public static final Duration BATCH = Duration.ofSeconds(2);

  private StreamsSettings() {}

  /**
   * @param instance distinguishes processes that work together; a process that comes back under the
   *     same name takes its place at once, null where it may not be reused
   * @param server host:port of this process's API, told to the other instances; null for none
   * @param commit time between commits
   */
  public static StreamsConfig of(
      Cluster cluster,
      Path stateDir,
      int threads,
      String instance,
      String server,
      Duration commit) {
    return of(cluster, stateDir, threads, instance, server, commit, null);
  }

  /**
   * The same.
   *
   * @param clock that lags are measured by; null to measure none
   */
  static StreamsConfig of(
      Cluster cluster,
      Path stateDir,
      int threads,
      String instance,
      String server,
      Duration commit,
      InstantSource clock) {
    Map<String, Object> p = new HashMap<>(cluster.clients().common());
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, cluster.topics().applicationId());
    p.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commit.toMillis());
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    p.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetterHandler.class.getName());
    p.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class.getName());
    p.put(DeadLetterHandler.PREFIX, cluster.topics().prefix());
    p.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTime.class.getName());
    p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class.getName());
    p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) cluster.topics().replication());
    p.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, cluster.embedded() ? 0 : 1);
    p.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), String.valueOf(16 << 20));
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
    p.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, StageWatch.class.getName());
    if (clock != null) {
      p.put(StageWatch.CLOCK, clock);
    }
    if (instance != null) {
      p.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
    }
    if (server != null) {
      p.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server);
    }
    p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
    // The client measures before it compresses, the broker after that: an alert with thousands of
    // reports is small on its way.
    p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 8 << 20);
    return new StreamsConfig(p);
  }

  /** The same as properties, for {@link org.apache.kafka.streams.KafkaStreams}. */
  public static Properties properties(StreamsConfig config) {
    Properties properties = new Properties();
    properties.putAll(config.originals());
    return properties;
  }
}
