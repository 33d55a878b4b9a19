package dev.pactwatch.topology;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.Cluster;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** Looks at a topic and writes into it without anybody else writing in between. */
final class SoleWriter {

  private static final int ATTEMPTS = 20;
  private static final long TURN_MILLIS = 500;

  private SoleWriter() {}

  /**
   * Works as the only writer of that name. What another one before it committed can be read, which
   * is not so by the time that its commit returned. Of two processes that begin at the same moment,
   * as instances that are started together do, the later one shuts out the other, which then looks
   * again at what is there and takes its turn.
   *
   * @param name of what is written, below the topics' prefix
   * @param work writes nothing, or all in one transaction
   */
  static <T> T run(Cluster cluster, String name, Function<KafkaProducer<String, byte[]>, T> work) {
    for (int attempt = 1; ; attempt++) {
      try (KafkaProducer<String, byte[]> producer =
          cluster.clients().transactionalProducer(cluster.topics().prefix() + name)) {
        producer.initTransactions();
        return work.apply(producer);
      } catch (ProducerFencedException | InvalidProducerEpochException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
      try {
        // As long as a turn takes, and not all for the same time.
        Thread.sleep(ThreadLocalRandom.current().nextLong(TURN_MILLIS * attempt));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ConfigException("interrupted while talking to Kafka", e);
      }
    }
  }

  /** Sends all or none. */
  static void send(
      KafkaProducer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) {
    if (records.isEmpty()) {
      return;
    }
    producer.beginTransaction();
    for (ProducerRecord<String, byte[]> record : records) {
      // The commit below fails when any of the sends did.
      var unused = producer.send(record);
    }
    producer.commitTransaction();
  }
}
