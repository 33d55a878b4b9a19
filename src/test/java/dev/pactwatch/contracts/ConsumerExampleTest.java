package dev.pactwatch.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.Topics;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The example of the consumer's guide, as a program of its own without anything of ours. */
@Timeout(180)
class ConsumerExampleTest {

  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX, 2, (short) 1);
  private static final Path PROGRAM = Path.of("docs", "examples", "AlertConsumer.java");

  @TempDir Path folder;

  @Test
  void the_example_prints_every_committed_revision_once_over_a_restart() throws Exception {
    try (Cluster cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS)) {
      cluster.prepareTopics();
      Alert dispute = SampleAlerts.dispute();
      try (KafkaProducer<String, byte[]> producer =
          cluster.clients().transactionalProducer("test")) {
        producer.initTransactions();
        write(producer, true, dispute, SampleAlerts.as(dispute, "a1b2c3", 2, SampleAlerts.SEEN));
        write(producer, false, SampleAlerts.as(dispute, "given-up", 1, SampleAlerts.SEEN));
        // As somebody would who sends again what has arrived.
        write(producer, true, SampleAlerts.as(dispute, "a1b2c3", 2, SampleAlerts.SEEN));
        ProducerRecord<String, byte[]> stranger =
            new ProducerRecord<>(TOPICS.alerts(), "x", "no alert".getBytes(StandardCharsets.UTF_8));
        producer.beginTransaction();
        producer.send(stranger).get();
        producer.commitTransaction();
        write(producer, true, SampleAlerts.conflict());

        Path first = folder.resolve("first.txt");
        runUntil(cluster, first, 3);
        assertThat(Files.readAllLines(first))
            .containsExactlyInAnyOrder(
                "a1b2c3 1 opened critical: " + dispute.title(),
                "a1b2c3 2 opened critical: " + dispute.title(),
                "d4e5f6 2 corroborated high: " + SampleAlerts.conflict().title());

        write(producer, true, SampleAlerts.as(dispute, "later", 1, SampleAlerts.SEEN));
        Path second = folder.resolve("second.txt");
        runUntil(cluster, second, 1);
        assertThat(Files.readAllLines(second))
            .containsExactly("later 1 opened critical: " + dispute.title());
      }
    }
  }

  private static void write(KafkaProducer<String, byte[]> producer, boolean commit, Alert... alerts)
      throws Exception {
    producer.beginTransaction();
    for (Alert alert : alerts) {
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(TOPICS.alerts(), alert.id(), Json.bytes(alert));
      CloudEvents.set(
          record.headers(),
          Contract.ALERT.type(),
          alert.revisionKey(),
          "/pactwatch/detect",
          alert.id(),
          alert.lastSeen());
      producer.send(record).get();
    }
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  /** Until it has printed so many lines, and has committed that it read everything. */
  private void runUntil(Cluster cluster, Path out, int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                libraries(),
                PROGRAM.toString(),
                cluster.clients().bootstrapServers(),
                "example")
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("err.txt")))
                    .isTrue();
                return Files.readAllLines(out).size() >= lines && committed(cluster);
              });
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static boolean committed(Cluster cluster) throws Exception {
    try (var admin = cluster.clients().admin()) {
      return Lag.of(admin, "example", List.of(TOPICS.alerts())) == 0;
    }
  }

  /** What the example says it needs, and what that needs. */
  private static String libraries() {
    return Stream.of(
            KafkaConsumer.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonValue.class,
            LoggerFactory.class,
            // What producers of ours compress with.
            LZ4Factory.class)
        .map(ConsumerExampleTest::jar)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String jar(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
