package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The web role on a real broker. */
@QuarkusTest
@TestProfile(AlertsOverKafkaTest.Roles.class)
class AlertsOverKafkaTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Topics TOPICS = new Topics("pactwatch.", 2, (short) 1);

  /** A process of its own for this test, with the role. */
  public static class Roles implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Broker.class));
    }
  }

  /** A broker that lives as long as the application. */
  public static class Broker implements QuarkusTestResourceLifecycleManager {
    private Cluster cluster;

    @Override
    public Map<String, String> start() {
      try {
        cluster = Cluster.isolated(Files.createTempDirectory("pactwatch-kafka"), TOPICS);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      cluster.prepareTopics();
      return Map.of(
          "kafka.bootstrap.servers",
          cluster.clients().bootstrapServers(),
          "pactwatch.roles",
          "web");
    }

    @Override
    public void stop() {
      cluster.close();
    }
  }

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String servers;

  @TestHTTPResource("/")
  URL root;

  @Test
  void committedAlertsAreShownAndAbortedOnesAreNot() throws Exception {
    Alert aborted =
        SampleAlerts.as(SampleAlerts.dispute(), "aborted", 1, SampleAlerts.SEEN.plusSeconds(9));
    try (KafkaProducer<String, byte[]> producer =
        new KafkaClients(Map.of("bootstrap.servers", servers)).transactionalProducer("test")) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record(aborted)).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(record(SampleAlerts.dispute())).get();
      producer.send(record(SampleAlerts.conflict())).get();
      producer.commitTransaction();
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              JsonNode alerts = json("/api/alerts").path("alerts");
              assertThat(alerts.findValuesAsText("revision")).hasSizeGreaterThanOrEqualTo(2);
              assertThat(alerts).hasSize(2);
              assertThat(alerts.path(0).path("id").asText()).isEqualTo("a1b2c3");
              assertThat(json("/q/health/ready").toString())
                  .contains("\"status\":\"UP\"")
                  .contains("\"phase\":\"live\"");
            });
    assertThat(json("/api/alerts/aborted").path("status").asInt()).isEqualTo(404);
  }

  private static ProducerRecord<String, byte[]> record(Alert alert) {
    return new ProducerRecord<>(TOPICS.alerts(), alert.id(), Json.bytes(alert));
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(root + path.substring(1))).build(),
            HttpResponse.BodyHandlers.ofString());
    return Json.mapper().readTree(response.body());
  }
}
