package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of alerts on a real broker. */
@Timeout(120)
class AlertLogTest {

  private static final Topics TOPICS = new Topics("log.", 1, (short) 1);

  private Cluster cluster;
  private KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void start(@TempDir Path folder) {
    cluster = Cluster.isolated(folder, TOPICS);
    cluster.prepareTopics();
    producer = cluster.clients().transactionalProducer("test");
    producer.initTransactions();
  }

  @AfterEach
  void stop() {
    producer.close();
    cluster.close();
  }

  @Test
  void aPlaceIsLostOnceTheTopicNoLongerReachesBackToIt() throws Exception {
    commit("a");
    String place;
    AlertLog first = started();
    try {
      place = live(first).now().cursor().toString();
      commit("b");
      commit("c");
      await().until(() -> first.store().latest("c").isPresent());
    } finally {
      first.stop(null);
    }
    deleteAll();
    commit("d");

    AlertLog second = started();
    try {
      AlertStore store = live(second);
      assertThat(store.place(place)).isEqualTo(new AlertStore.Lost("too-old", store.now()));

      AlertStore.From now = store.now();
      commit("e");
      await().until(() -> store.latest("e").isPresent());
      assertThat(rest(store, now.cursor().toString())).containsExactly("e");
    } finally {
      second.stop(null);
    }
  }

  @Test
  void nobodyIsPlacedBeforeOlderAlertsAreRead() throws Exception {
    AlertLog log = log("log.of-nobody.");
    log.start(null);
    try {
      assertThat(log.store().place(null)).isEqualTo(new AlertStore.Loading());
      assertThat(log.store().place("topic~0:1")).isEqualTo(new AlertStore.Loading());
    } finally {
      log.stop(null);
    }
  }

  private AlertLog started() {
    AlertLog log = log(TOPICS.prefix());
    log.start(null);
    return log;
  }

  private AlertLog log(String prefix) {
    return new AlertLog(
        new SmallRyeConfigBuilder()
            .withSources(
                new PropertiesConfigSource(
                    Map.of("kafka.bootstrap.servers", cluster.clients().bootstrapServers()),
                    "test",
                    100))
            .build(),
        Optional.of(Set.of(AlertLog.ROLE)),
        prefix);
  }

  private static AlertStore live(AlertLog log) {
    await().atMost(Duration.ofSeconds(30)).until(() -> log.phase() == AlertLog.Phase.LIVE);
    return log.store();
  }

  private void commit(String id) throws Exception {
    producer.beginTransaction();
    producer
        .send(
            new ProducerRecord<>(
                TOPICS.alerts(),
                id,
                Json.bytes(SampleAlerts.as(SampleAlerts.dispute(), id, 1, SampleAlerts.SEEN))))
        .get();
    producer.commitTransaction();
  }

  private void deleteAll() throws Exception {
    try (Admin admin = cluster.clients().admin()) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(TOPICS.alerts(), 0), RecordsToDelete.beforeOffset(-1)))
          .all()
          .get();
    }
  }

  private static List<String> rest(AlertStore store, String cursor) {
    List<String> ids = new ArrayList<>();
    AlertStore.From position = (AlertStore.From) store.place(cursor);
    while (store.next(position) instanceof AlertStore.Found found) {
      ids.add(found.alert().id());
      position = found.then();
    }
    return ids;
  }
}
