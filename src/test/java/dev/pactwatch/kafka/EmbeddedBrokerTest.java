package dev.pactwatch.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.config.ConfigException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @TempDir Path folder;

  private final Topics topics = new Topics("test.", 2, (short) 1);

  @Test
  void keepsItsRecordsOverARestartOnAnotherPort() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      KafkaClients clients = clients(broker);
      prepare(clients);
      try (KafkaProducer<String, byte[]> producer = clients.producer()) {
        for (int i = 0; i < 100; i++) {
          producer
              .send(new ProducerRecord<>(topics.articles(), "key " + i, bytes("value " + i)))
              .get();
        }
      }
    }

    List<String> read = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      TopicReader.readAll(
          clients(broker),
          topics.articles(),
          record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
    }

    assertThat(read).hasSize(100).contains("value 0", "value 99");
  }

  @Test
  void keepsARecordThatIsOlderThanAnyRetention() throws Exception {
    List<Long> read = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      KafkaClients clients = clients(broker);
      prepare(clients);
      try (KafkaProducer<String, byte[]> producer = clients.producer()) {
        producer
            .send(new ProducerRecord<>(topics.articles(), null, 1000L, "old", bytes("1970")))
            .get();
      }
      TopicReader.readAll(clients, topics.articles(), record -> read.add(record.timestamp()));
    }
    assertThat(read).containsExactly(1000L);
  }

  @Test
  void aTakenPortIsNamedAndLeavesNothingRunning() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int before = Thread.activeCount();

      assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()))
          .hasMessageContaining("--kafka-port");
      assertThat(Thread.activeCount()).isEqualTo(before);
    }
  }

  @Test
  void everyTopicThatDiffersIsNamedWithHow() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      KafkaClients clients = clients(broker);
      try (Admin admin = clients.admin()) {
        admin
            .createTopics(
                List.of(
                    new NewTopic(topics.alertState(), 2, (short) 1)
                        .configs(Map.of("cleanup.policy", "delete"))))
            .all()
            .get();
        assertThatThrownBy(() -> TopicAdmin.createAndCheck(admin, topics))
            .isInstanceOf(ConfigException.class)
            .hasMessage("topic test.alert-state.v1: cleanup.policy is delete, must be compact");
        admin.createPartitions(Map.of(topics.events(), NewPartitions.increaseTo(3))).all().get();
        await()
            .untilAsserted(
                () ->
                    assertThatThrownBy(() -> TopicAdmin.createAndCheck(admin, topics))
                        .hasMessageContaining("topic test.events.v1: has 3 partitions, must have 2")
                        .hasMessageContaining("topic test.alert-state.v1"));
      }
    }
  }

  private void prepare(KafkaClients clients) {
    try (Admin admin = clients.admin()) {
      TopicAdmin.createAndCheck(admin, topics);
    }
  }

  private static KafkaClients clients(EmbeddedBroker broker) {
    return new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
