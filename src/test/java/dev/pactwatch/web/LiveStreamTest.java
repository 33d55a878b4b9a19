package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.web.StreamReader.Event;
import dev.pactwatch.web.StreamReader.Kind;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both forms of the live stream on a real connection, with little patience. */
@QuarkusTest
@TestProfile(LiveStreamTest.Impatient.class)
@Timeout(60)
class LiveStreamTest {

  private static final int MAX_CLIENTS = 4;

  /** What takes half a minute otherwise. */
  public static class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "pactwatch.stream.heartbeat-millis",
          "200",
          "pactwatch.stream.stall-millis",
          "2000",
          "pactwatch.stream.max-clients",
          String.valueOf(MAX_CLIENTS));
    }
  }

  @Inject AlertLog log;
  @Inject AlertStream stream;

  @TestHTTPResource("/")
  URL root;

  @BeforeEach
  void empty() {
    await().untilAsserted(() -> assertThat(stream.clients()).isZero());
    log.store().reset("topic");
  }

  @Test
  void aWebSocketHasTheFramesAndTheCursorOfTheEvents() throws Exception {
    log.add(0, 0, SampleAlerts.conflict());
    List<Event> sent = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      try (StreamReader reader = open(kind, "topic~")) {
        sent.add(reader.next());
        Event alert = reader.next();
        assertThat(Json.mapper().treeToValue(alert.data(), Alert.class))
            .isEqualTo(SampleAlerts.conflict());
        sent.add(alert);
        Event heartbeat = reader.next();
        assertThat(heartbeat.event()).isEqualTo("heartbeat");
        assertThat(heartbeat.id()).isEqualTo("topic~0:0");
        sent.add(heartbeat);
      }
    }
    assertThat(sent.subList(0, 3)).isEqualTo(sent.subList(3, 6));

    try (StreamReader reader = open(Kind.SOCKET, "elsewhere~0:0")) {
      Event reset = reader.next();
      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.data().path("reason").asText()).isEqualTo("another-topic");
      log.add(1, 0, SampleAlerts.dispute());
      assertThat(reader.nextAlert().id()).isEqualTo("topic~0:0,1:0");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoTakesNothingIsCutOffWhileAnotherGoesOn(Kind kind) throws Exception {
    String text = "x".repeat(40_000);
    int alerts = 60;
    try (StreamReader slow = StreamReader.open(kind, root.getPort(), 4_096, null);
        StreamReader other = open(kind, null)) {
      other.next();
      await().untilAsserted(() -> assertThat(stream.clients()).isEqualTo(2));
      for (int i = 0; i < alerts; i++) {
        log.add(0, i, SampleAlerts.hostile("a" + i, text));
        assertThat(other.nextAlert().data().path("id").asText()).isEqualTo("a" + i);
      }
      // Reads, and so answers pings, until the other one is gone.
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                other.next();
                return stream.clients() == 1;
              });
      // It is really closed: the system would take in what is said to an open one, read or not.
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> slow.send(StreamReader.PONG, new byte[0]))
                      .isInstanceOf(IOException.class));
      // What was on its way is all that it can still get: the rest was never written.
      List<Event> rest = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (rest.size() <= alerts) {
                  rest.add(slow.next());
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(rest).hasSizeLessThan(alerts / 2);

      log.add(0, alerts, SampleAlerts.dispute());
      assertThat(other.nextAlert().id()).isEqualTo("topic~0:" + alerts);
    }
  }

  @Test
  void aWebSocketThatDoesNotAnswerPingsIsCutOff() throws Exception {
    try (StreamReader reader = open(Kind.SOCKET, null)) {
      await().untilAsserted(() -> assertThat(stream.clients()).isOne());
      // Nobody reads, and nobody answers therefore, although everything fits into the buffers.
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(stream.clients()).isZero());
      assertThatThrownBy(
              () -> {
                while (true) {
                  reader.next();
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(reader.closeCode()).isEqualTo(SocketWire.AGAIN_LATER);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPlaceThatIsNoLongerInTheTopicIsResetOnce(Kind kind) throws Exception {
    // As after deleteRecords: what came before is gone for everybody.
    log.store().begin(0, 5);
    log.add(0, 5, SampleAlerts.conflict());
    try (StreamReader reader = open(kind, "topic~0:3")) {
      Event reset = reader.next();
      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.id()).isEqualTo("topic~0:5");
      assertThat(reset.data().path("reason").asText()).isEqualTo("too-old");
      log.add(0, 6, SampleAlerts.dispute());
      Event next = reader.next();
      while (!next.isAlert()) {
        assertThat(next.event()).isEqualTo("heartbeat");
        next = reader.next();
      }
      assertThat(next.id()).isEqualTo("topic~0:6");
    }
    try (StreamReader reader = open(kind, "topic~0:4")) {
      assertThat(reader.next().event()).isEqualTo("heartbeat");
      assertThat(reader.next().id()).isEqualTo("topic~0:5");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 5, 1008", "1, 1024, 1008", "2, 5, 1003"})
  void whatAClientSaysIsRefusedWithoutHarm(int opcode, int length, int code) throws Exception {
    try (StreamReader other = open(Kind.SOCKET, null);
        StreamReader reader = open(Kind.SOCKET, null)) {
      other.next();
      reader.send(opcode, "x".repeat(length).getBytes(StandardCharsets.US_ASCII));

      assertThatThrownBy(() -> readOn(reader)).isInstanceOf(EOFException.class);
      assertThat(reader.closeCode()).isEqualTo(code);
      log.add(0, 0, SampleAlerts.dispute());
      assertThat(other.nextAlert().id()).isEqualTo("topic~0:0");
    }
  }

  @Test
  void aFrameThatIsTooLargeEndsTheConnection() throws Exception {
    try (StreamReader reader = open(Kind.SOCKET, null)) {
      reader.send(StreamReader.TEXT, new byte[AlertStream.Handshakes.MAX_FRAME + 1]);

      assertThatThrownBy(() -> readOn(reader)).isInstanceOf(IOException.class);
      assertThat(reader.closeCode()).isNotEqualTo(SocketWire.VIOLATION);
    }
  }

  @Test
  void bothFormsShareOneNumberOfClients() throws Exception {
    List<StreamReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < MAX_CLIENTS; i++) {
        readers.add(open(Kind.values()[i % 2], null));
      }
      await().untilAsserted(() -> assertThat(stream.clients()).isEqualTo(MAX_CLIENTS));
      for (Kind kind : Kind.values()) {
        try (StreamReader refused = StreamReader.open(kind, root.getPort(), null)) {
          assertThat(refused.status()).isEqualTo(503);
        }
      }
    } finally {
      for (StreamReader reader : readers) {
        reader.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Origin: https://evil.example, 403",
    "Origin: null, 403",
    "Sec-Fetch-Site: cross-site, 403",
    "Sec-Fetch-Site: same-site, 403",
    "Origin: http://127.0.0.1:PORT, 101",
    "Sec-Fetch-Site: same-origin, 101",
    "X-Any: thing, 101"
  })
  void aPageOfAnotherSiteOpensNoWebSocket(String header, int status) throws Exception {
    String sent = header.replace("PORT", String.valueOf(root.getPort()));
    try (StreamReader reader = StreamReader.open(Kind.SOCKET, root.getPort(), null, sent)) {
      assertThat(reader.status()).isEqualTo(status);
    }
  }

  private static void readOn(StreamReader reader) throws IOException {
    while (reader.next() != null) {
      // Until it ends.
    }
  }

  private StreamReader open(Kind kind, String since) throws IOException {
    StreamReader reader = StreamReader.open(kind, root.getPort(), since);
    assertThat(reader.status()).isEqualTo(kind == Kind.EVENTS ? 200 : 101);
    return reader;
  }
}
