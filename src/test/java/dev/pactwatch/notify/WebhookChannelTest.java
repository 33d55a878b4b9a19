package dev.pactwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookChannelTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String OTHER_SECRET = "whsec_BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private record Request(String path, HttpHeaders headers, String body) {}

  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<OutboundClient> clients = new ArrayList<>();
  private HttpServer server;
  private volatile int status = 204;
  private volatile Map<String, String> answer = Map.of();
  private volatile boolean silent;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              new Request(
                  exchange.getRequestURI().getPath(),
                  HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          if (silent) {
            try {
              released.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          answer.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    clients.forEach(OutboundClient::close);
    server.stop(0);
  }

  @Test
  void reproducesTheKnownAnswerOfStandardWebhooks() {
    String signature =
        Signature.of(
            List.of(WebhookSecret.parse(SECRET)),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330L,
            "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void sendsWhatTheOfficialLibraryAccepts() throws Exception {
    Outcome outcome = channel(InstantSource.system(), SECRET).deliver(delivery());

    assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
    Request request = requests.get(0);
    assertThatCode(() -> new Webhook(SECRET).verify(request.body(), request.headers()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new Webhook(OTHER_SECRET).verify(request.body(), request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> new Webhook(SECRET).verify(request.body() + " ", request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void signsWithEverySecretWhileTheyAreRotated() throws Exception {
    channel(InstantSource.system(), NEW_SECRET, SECRET).deliver(delivery());

    Request request = requests.get(0);
    for (String secret : List.of(NEW_SECRET, SECRET)) {
      assertThatCode(() -> new Webhook(secret).verify(request.body(), request.headers()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void sendsTheSameIdAndBytesOnEveryAttempt() throws Exception {
    channel(InstantSource.fixed(Instant.ofEpochSecond(1_000)), SECRET).deliver(delivery());
    channel(InstantSource.fixed(Instant.ofEpochSecond(9_999)), SECRET).deliver(delivery());

    assertThat(requests).extracting(Request::body).hasSize(2).containsOnly(requests.get(0).body());
    assertThat(requests)
        .extracting(request -> request.headers().firstValue("webhook-id").orElseThrow())
        .containsOnly(requests.get(0).headers().firstValue("webhook-id").orElseThrow());
    assertThat(requests)
        .extracting(request -> request.headers().firstValue("webhook-timestamp").orElseThrow())
        .containsExactly("1000", "9999");
  }

  @Test
  void derivesTheIdFromRevisionAndSubscription() {
    Alert alert = SampleAlerts.dispute();
    String id = WebhookChannel.id(alert, "one");

    assertThat(id)
        .matches("msg_[0-9a-f]{32}")
        .isEqualTo(WebhookChannel.id(alert, "one"))
        .isNotEqualTo(WebhookChannel.id(alert, "two"))
        .isNotEqualTo(
            WebhookChannel.id(SampleAlerts.as(alert, alert.id(), 2, alert.lastSeen()), "one"));
  }

  @Test
  void wrapsTheRecordUnchanged() throws Exception {
    String json = "{\"id\":\"a1b2c3\",\"field-of-a-newer-version\":[1,2]}";

    byte[] body =
        WebhookChannel.body(
            new Delivery("one", SampleAlerts.dispute(), json.getBytes(StandardCharsets.UTF_8)));

    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"alert.opened\",\"timestamp\":\"2026-03-18T10:00:00Z\",\"data\":"
                + json
                + "}");
    assertThat(Json.mapper().readTree(body).path("data").path("id").asText()).isEqualTo("a1b2c3");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void countsEverySuccessAsDelivered(int code) throws Exception {
    status = code;

    assertThat(deliver()).isInstanceOf(Outcome.Delivered.class);
  }

  @ParameterizedTest
  @CsvSource({
    "301,0", "302,0", "307,0", "400,0", "401,0", "404,0", "408,0", "413,0", "500,0", "503,0",
    "429,60", "502,60", "504,60"
  })
  void triesEverythingElseAgainAndGivesTheOverloadedAMinute(int code, int seconds)
      throws Exception {
    status = code;
    answer = Map.of("Location", "http://127.0.0.1:" + server.getAddress().getPort() + "/other");

    Outcome outcome = deliver();

    assertThat(outcome)
        .isEqualTo(
            new Outcome.Failed(
                "the receiver answered " + code,
                seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds))));
    assertThat(requests).extracting(Request::path).containsExactly("/hook");
  }

  @Test
  void endsTheSubscriptionAtGone() throws Exception {
    status = 410;

    assertThat(deliver()).isEqualTo(new Outcome.Gone("the receiver answered 410"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120|120",
        "0|0",
        "999999999999999999999|86400",
        "100000|86400",
        "Thu, 01 Jan 1970 00:01:30 GMT|90",
        "Fri, 01 Jan 2100 00:00:00 GMT|86400"
      })
  void honoursRetryAfterUpToADay(String header, long seconds) throws Exception {
    status = 503;
    answer = Map.of("Retry-After", header);

    Outcome outcome = channel(InstantSource.fixed(Instant.EPOCH), SECRET).deliver(delivery());

    assertThat(((Outcome.Failed) outcome).notBefore()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "", "Wed, 31 Dec 1969 23:00:00 GMT", "1e3"})
  void overlooksARetryAfterThatMeansNothing(String header) throws Exception {
    status = 503;
    answer = Map.of("Retry-After", header);

    Outcome outcome = channel(InstantSource.fixed(Instant.EPOCH), SECRET).deliver(delivery());

    assertThat(((Outcome.Failed) outcome).notBefore()).isEmpty();
  }

  @Test
  void givesASilentReceiverAMinute() throws Exception {
    silent = true;

    Outcome outcome =
        new WebhookChannel(target(SECRET), client(Duration.ofMillis(300)), InstantSource.system())
            .deliver(delivery());

    assertThat(((Outcome.Failed) outcome).notBefore()).contains(Duration.ofSeconds(60));
  }

  @Test
  void triesAReceiverAgainThatIsNotThere() throws Exception {
    server.stop(0);

    assertThat(deliver()).isInstanceOf(Outcome.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://localhost/",
        "http://93.184.216.34/",
        "https://93.184.216.34:22/"
      })
  void asksNoPrivateAddressThatIsNotAllowed(String url) throws Exception {
    try (OutboundClient guarded = new OutboundClient(AlertDispatcher.outbound("0", List.of()))) {
      Outcome outcome =
          new WebhookChannel(
                  new Subscription.Webhook(URI.create(url), List.of(WebhookSecret.parse(SECRET))),
                  guarded,
                  InstantSource.system())
              .deliver(delivery());

      assertThat(((Outcome.Failed) outcome).detail()).startsWith("not asked");
    }
  }

  private Outcome deliver() throws InterruptedException {
    return channel(InstantSource.system(), SECRET).deliver(delivery());
  }

  private Subscription.Webhook target(String... secrets) {
    return new Subscription.Webhook(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook"),
        List.of(secrets).stream().map(WebhookSecret::parse).toList());
  }

  private WebhookChannel channel(InstantSource clock, String... secrets) {
    return new WebhookChannel(target(secrets), client(Duration.ofSeconds(10)), clock);
  }

  private OutboundClient client(Duration patience) {
    OutboundClient client =
        new OutboundClient(
            AlertDispatcher.outbound("0", List.of("127.0.0.1"))
                .withDeadlines(patience, patience, patience));
    clients.add(client);
    return client;
  }

  private static Delivery delivery() {
    Alert alert = SampleAlerts.dispute();
    return new Delivery("newsdesk", alert, Json.bytes(alert));
  }
}
