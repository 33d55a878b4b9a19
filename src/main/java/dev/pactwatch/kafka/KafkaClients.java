package dev.pactwatch.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Clients of one cluster with the settings that the product's guarantees rest on: committed records
 * only, no automatic topics, every acknowledgement awaited. Keys are text, values bytes.
 */
public final class KafkaClients {

  private final Map<String, String> common;

  /**
   * @param common client properties for every client: {@code bootstrap.servers} and, towards a
   *     secured cluster, {@code security.protocol}, {@code sasl.*}, {@code ssl.*}
   */
  public KafkaClients(Map<String, String> common) {
    this.common = Map.copyOf(common);
  }

  public String bootstrapServers() {
    return common.get("bootstrap.servers");
  }

  /** The properties that every client shares. */
  public Map<String, String> common() {
    return common;
  }

  public Admin admin() {
    return Admin.create(with(Map.of(AdminClientConfig.CLIENT_ID_CONFIG, "pactwatch-admin")));
  }

  /** A consumer of committed records that belongs to no group and commits nothing. */
  public KafkaConsumer<String, byte[]> reader() {
    return reader(Map.of());
  }

  /**
   * The same.
   *
   * @param extra settings that replace the defaults
   */
  public KafkaConsumer<String, byte[]> reader(Map<String, Object> extra) {
    return new KafkaConsumer<>(readerConfig(extra));
  }

  /**
   * A consumer of committed records in a group, whose offsets the caller commits.
   *
   * @param extra settings that replace the defaults
   */
  public KafkaConsumer<String, byte[]> consumer(String group, Map<String, Object> extra) {
    Map<String, Object> config = new HashMap<>();
    // A member that was killed is missed after this long.
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    config.putAll(extra);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    return new KafkaConsumer<>(readerConfig(config));
  }

  /** A producer whose sends are neither lost nor repeated within its life. */
  public KafkaProducer<String, byte[]> producer() {
    return producer(Map.of());
  }

  /**
   * The same.
   *
   * @param extra settings that replace those of the library, such as deadlines
   */
  public KafkaProducer<String, byte[]> producer(Map<String, Object> extra) {
    return new KafkaProducer<>(producerConfig(extra));
  }

  /**
   * A producer of transactions.
   *
   * @param transactionalId fences any earlier producer of the same id
   */
  public KafkaProducer<String, byte[]> transactionalProducer(String transactionalId) {
    return new KafkaProducer<>(producerConfig(transactional(transactionalId)));
  }

  /** A {@link #reader()} of keys that need not be text. */
  KafkaConsumer<byte[], byte[]> rawReader() {
    return new KafkaConsumer<>(
        readerConfig(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A {@link #transactionalProducer} of keys that need not be text. */
  KafkaProducer<byte[], byte[]> rawTransactionalProducer(String transactionalId) {
    return new KafkaProducer<>(
        producerConfig(transactional(transactionalId)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static Map<String, Object> transactional(String id) {
    return Map.of(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        id,
        // An open transaction of a dead producer holds back every reader for this long.
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        15_000);
  }

  private Map<String, Object> readerConfig(Map<String, Object> extra) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.putAll(extra);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
    config.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return with(config);
  }

  private Map<String, Object> producerConfig(Map<String, Object> extra) {
    Map<String, Object> config = new HashMap<>(extra);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return with(config);
  }

  private Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> config = new HashMap<>(common);
    config.putAll(own);
    return config;
  }
}
