package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class AlertApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Inject AlertLog log;
  @Inject AlertStream stream;

  @TestHTTPResource("/")
  URL root;

  @BeforeEach
  void empty() {
    log.store().reset("topic");
  }

  @Test
  void listsLatestStatesWithAPlaceToGoOnFrom() throws Exception {
    log.add(0, 0, SampleAlerts.conflict());
    log.add(1, 0, SampleAlerts.dispute());

    JsonNode answer = json(get("/api/alerts"));

    assertThat(answer.path("cursor").asText()).isEqualTo("topic~0:0,1:0");
    assertThat(answer.path("total").asInt()).isEqualTo(2);
    assertThat(Json.mapper().treeToValue(answer.path("alerts").path(0), Alert.class))
        .isEqualTo(SampleAlerts.dispute());
  }

  @ParameterizedTest
  @CsvSource({
    "relation=conflict,1", "severity=critical,1", "severity=low,2", "organisation=lumen,2",
    "organisation=x,0", "since=2026-03-18T09:00:00Z,1", "since=2030-01-01T00:00:00Z,0", "limit=1,2"
  })
  void filters(String query, int total) throws Exception {
    log.add(0, 0, SampleAlerts.conflict());
    log.add(1, 0, SampleAlerts.dispute());

    assertThat(json(get("/api/alerts?" + query)).path("total").asInt()).isEqualTo(total);
  }

  @ParameterizedTest
  @CsvSource({
    "relation=x,relation must be one of", "severity=x,severity must be one of",
    "since=yesterday,since must be a moment", "limit=0,limit must be 1 to 1000",
    "limit=1e3,limit must be 1 to 1000"
  })
  void explainsAParameterThatCannotBeUsed(String query, String detail) throws Exception {
    HttpResponse<String> response = get("/api/alerts?" + query);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(response).path("detail").asText()).startsWith(detail);
  }

  @Test
  void showsOneAlertWithItsRevisions() throws Exception {
    Alert first = SampleAlerts.dispute();
    Alert second = SampleAlerts.as(first, first.id(), 2, first.lastSeen().plusSeconds(60));
    log.add(0, 0, first);
    log.add(0, 1, second);

    JsonNode answer = json(get("/api/alerts/" + first.id()));

    assertThat(answer.path("alert").path("revision").asInt()).isEqualTo(2);
    assertThat(answer.path("revisions")).hasSize(2);
    assertThat(get("/api/alerts/unknown").statusCode()).isEqualTo(404);
  }

  @Test
  void explainsAnAlertAndWhatDidNotHold() throws Exception {
    Alert alert = SampleAlerts.dispute();
    log.add(0, 0, alert);

    JsonNode answer = json(get("/api/alerts/" + alert.id() + "/explanation"));

    assertThat(answer.path("id").asText()).isEqualTo(alert.id());
    assertThat(answer.path("reasons")).hasSameSizeAs(alert.reasons());
    assertThat(answer.path("holds").asBoolean()).as("the registry has no such agreement").isFalse();
    assertThat(answer.has("others")).isTrue();
    assertThat(get("/api/alerts/unknown/explanation").statusCode()).isEqualTo(404);
  }

  @Test
  void streamsWhatHappensAfterTheConnection() throws Exception {
    log.add(0, 0, SampleAlerts.conflict());
    try (Events events = open("/alerts/stream", null)) {
      assertThat(events.next())
          .containsEntry("event", "heartbeat")
          .containsEntry("id", "topic~0:0");

      log.add(1, 4, SampleAlerts.dispute());

      Map<String, String> event = events.next();
      assertThat(event).containsEntry("event", "alert").containsEntry("id", "topic~0:0,1:4");
      assertThat(Json.read(event.get("data"), Alert.class)).isEqualTo(SampleAlerts.dispute());
    }
    Awaitility.await().untilAsserted(() -> assertThat(stream.clients()).isZero());
  }

  @Test
  void goesOnAfterTheLastEventId() throws Exception {
    log.add(0, 0, SampleAlerts.conflict());
    log.add(0, 1, SampleAlerts.dispute());

    try (Events events = open("/alerts/stream?since=nonsense", "topic~0:0")) {
      assertThat(events.next()).containsEntry("event", "heartbeat");
      assertThat(events.next())
          .containsEntry("event", "alert")
          .containsEntry("id", "topic~0:1")
          .hasEntrySatisfying("data", data -> assertThat(data).contains("a1b2c3"));
    }
  }

  @Test
  void asksAClientToReadAnewWhenItsPlaceIsLost() throws Exception {
    log.add(0, 0, SampleAlerts.conflict());

    try (Events events = open("/alerts/stream?since=elsewhere~0:0", null)) {
      assertThat(events.next())
          .containsEntry("event", "reset")
          .containsEntry("id", "topic~0:0")
          .hasEntrySatisfying(
              "data", data -> assertThat(data).contains("another-topic").contains("/api/alerts"));
      log.add(0, 1, SampleAlerts.dispute());
      assertThat(events.next()).containsEntry("event", "alert").containsEntry("id", "topic~0:1");
    }
  }

  @Test
  void refusesToAnswerUnderAForeignName() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", root.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/alerts HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 421");
    }
    assertThat(ListenAddress.isLoopback("127.0.0.1")).isTrue();
    assertThat(ListenAddress.isLoopback("localhost")).isTrue();
    assertThat(ListenAddress.isLoopback("0.0.0.0")).isFalse();
  }

  @Test
  void isHealthyWithoutARole() throws Exception {
    JsonNode health = json(get("/q/health"));

    assertThat(health.path("status").asText()).isEqualTo("UP");
    assertThat(health.path("checks").findValuesAsText("name"))
        .contains("web alert log", "web alert log reader", "notify", "notify workers");
  }

  private JsonNode json(HttpResponse<String> response) throws IOException {
    return Json.mapper().readTree(response.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(root + path.substring(1))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private Events open(String path, String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path.substring(1)));
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .isEqualTo("text/event-stream; charset=utf-8");
    return new Events(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  /** Events of a stream, one after the other. */
  private record Events(BufferedReader lines) implements AutoCloseable {

    Map<String, String> next() throws IOException {
      Map<String, String> event = new HashMap<>();
      while (true) {
        String line = lines.readLine();
        if (line == null) {
          throw new IOException("the stream ended after " + event);
        }
        if (line.isEmpty()) {
          if (event.containsKey("event")) {
            return event;
          }
          event.clear();
        } else {
          List<String> parts = List.of(line.split(": ", 2));
          event.put(parts.get(0), parts.get(1));
        }
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
