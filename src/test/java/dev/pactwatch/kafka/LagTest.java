package dev.pactwatch.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LagTest {

  private static final String GROUP = "g";
  private static final String TOPIC = "t";

  @TempDir Path folder;

  @Test
  void what_a_transaction_that_is_not_over_has_written_is_still_to_come() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      KafkaClients clients =
          new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
      try (Admin admin = clients.admin();
          KafkaProducer<String, byte[]> producer = clients.transactionalProducer("p")) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "k", new byte[1])).get();
        assertThat(Lag.of(admin, GROUP, List.of(TOPIC))).isEqualTo(1);
        assertThat(Lag.none(clients, admin, GROUP, List.of(TOPIC))).isFalse();

        producer.commitTransaction();
        assertThat(Lag.none(clients, admin, GROUP, List.of(TOPIC))).isFalse();
        commit(admin, 1);
        // Behind the record stands the end of its transaction.
        assertThat(Lag.of(admin, GROUP, List.of(TOPIC))).isEqualTo(1);
        assertThat(Lag.none(clients, admin, GROUP, List.of(TOPIC))).isTrue();
        commit(admin, 2);
        assertThat(Lag.of(admin, GROUP, List.of(TOPIC))).isZero();
        assertThat(Lag.committed(admin, GROUP, TOPIC)).isEqualTo(2);
        assertThat(Lag.none(clients, admin, GROUP, List.of(TOPIC))).isTrue();

        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "k", new byte[1])).get();
        producer.abortTransaction();
        assertThat(Lag.none(clients, admin, GROUP, List.of(TOPIC))).isTrue();
      }
    }
  }

  private static void commit(Admin admin, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            GROUP, Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }
}
