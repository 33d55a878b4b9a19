package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Secret;
import dev.pactwatch.notify.subscription.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookChannelTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final Attempt FIRST = new Attempt(1, false);

  private record Request(String path, HttpHeaders headers, String body) {
    String header(String name) {
      return headers.firstValue(name).orElseThrow();
    }
  }

  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<OutboundClient> clients = new ArrayList<>();
  private HttpServer server;
  private volatile int status = 204;
  private volatile Map<String, String> answer = Map.of();
  private volatile String answerBody = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listen(server);
  }

  private void listen(HttpServer on) {
    on.createContext(
        "/",
        exchange -> {
          requests.add(
              new Request(
                  exchange.getRequestURI().getPath(),
                  HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          answer.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
          byte[] body = answerBody.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    on.start();
  }

  @AfterEach
  void stop() {
    clients.forEach(OutboundClient::close);
    server.stop(0);
  }

  @Test
  void reproducesTheKnownAnswerOfStandardWebhooks() {
    String signature =
        WebhookKeys.parse(new Secret(SECRET))
            .sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330L,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  /** RFC 8032, section 7.1, test 1. */
  @Test
  void derivesTheKnownPublicKeyOfAnEd25519Seed() {
    byte[] seed =
        HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    byte[] known =
        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    assertThat(WebhookKeys.publicOf(new Secret("whsk_" + Base64.getEncoder().encodeToString(seed))))
        .isEqualTo("whpk_" + Base64.getEncoder().encodeToString(known));
  }

  @Test
  void sendsWhatTheOfficialLibraryAccepts() throws Exception {
    Outcome outcome = send(SampleAlerts.dispute(), SECRET);

    assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
    Request request = requests.get(0);
    assertThatCode(() -> new Webhook(SECRET).verify(request.body(), request.headers()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new Webhook(NEW_SECRET).verify(request.body(), request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> new Webhook(SECRET).verify(request.body() + " ", request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void signsWithEveryKeyOfEitherKindWhileTheyAreRotated() throws Exception {
    Secret generated = WebhookKeys.symmetric(new SecureRandom());
    Secret own = WebhookKeys.asymmetric(new SecureRandom());
    Secret older = WebhookKeys.asymmetric(new SecureRandom());

    send(SampleAlerts.dispute(), generated.reveal(), SECRET, own.reveal(), older.reveal());

    Request request = requests.get(0);
    assertThat(request.header("webhook-signature").split(" ")).hasSize(4);
    for (String secret : List.of(generated.reveal(), SECRET)) {
      assertThatCode(() -> new Webhook(secret).verify(request.body(), request.headers()))
          .doesNotThrowAnyException();
    }
    assertThat(verifies(request, WebhookKeys.publicOf(own))).isTrue();
    assertThat(verifies(request, WebhookKeys.publicOf(older))).isTrue();
    assertThat(verifies(request, WebhookKeys.publicOf(WebhookKeys.asymmetric(new SecureRandom()))))
        .isFalse();
  }

  /** A receiver that has the public key and Java, and nothing of this product. */
  private static boolean verifies(Request request, String publicKey)
      throws GeneralSecurityException {
    byte[] header = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] key = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
    byte[] encoded = new byte[header.length + key.length];
    System.arraycopy(header, 0, encoded, 0, header.length);
    System.arraycopy(key, 0, encoded, header.length, key.length);
    boolean found = false;
    for (String signature : request.header("webhook-signature").split(" ")) {
      if (signature.startsWith("v1a,")) {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(
            (request.header("webhook-id")
                    + "."
                    + request.header("webhook-timestamp")
                    + "."
                    + request.body())
                .getBytes(StandardCharsets.UTF_8));
        found |= verifier.verify(Base64.getDecoder().decode(signature.substring(4)));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "whsec_",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhM=",
        "whsec_***",
        "whsk_AAECAwQFBgcICQoLDA0ODxAREhM=",
        "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2CdYbGd7/1aYLqESvSS7CzEREnFaXsyaRlwO6wDHK5/YA==",
        "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
      })
  void refusesAKeyThatCannotSignWithoutRepeatingIt(String secret) {
    assertThatThrownBy(() -> WebhookKeys.check(new Secret(secret)))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(
            e -> {
              if (secret.length() > 8) {
                assertThat(e.getMessage()).doesNotContain(secret.substring(6));
              }
            });
  }

  @Test
  void sendsTheSameIdAndBytesOnEveryAttemptAndSaysWhenAPersonAsked() throws Exception {
    WebhookChannel early = channel(Instant.ofEpochSecond(1_000), SECRET);
    WebhookChannel late = channel(Instant.ofEpochSecond(9_999), SECRET);
    Message message = early.render(Samples.alert(SampleAlerts.dispute()));
    assertThat(late.render(Samples.alert(SampleAlerts.dispute())).body()).isEqualTo(message.body());

    early.send(message, FIRST);
    late.send(message, new Attempt(2, true));

    assertThat(requests).extracting(Request::body).hasSize(2).containsOnly(requests.get(0).body());
    assertThat(requests).extracting(r -> r.header("webhook-id")).containsOnly(message.id());
    assertThat(requests)
        .extracting(r -> r.header("webhook-timestamp"))
        .containsExactly("1000", "9999");
    assertThat(requests)
        .extracting(r -> r.headers().firstValue("webhook-attempt-kind"))
        .containsExactly(Optional.empty(), Optional.of("manual"));
  }

  @Test
  void wrapsTheRecordOfOneRevisionUnchanged() throws Exception {
    String json = "{\"id\":\"a1b2c3\",\"field-of-a-newer-version\":[1,2]}";
    Notification notification =
        new Notification(
            "msg_1",
            "newsdesk",
            Kind.ALERT,
            List.of(new Item(SampleAlerts.dispute(), json.getBytes(StandardCharsets.UTF_8))),
            null,
            Samples.MADE,
            Samples.LINKS);

    assertThat(new String(Envelope.of(notification), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"dev.pactwatch.alert.opened.v1\",\"timestamp\":\"2026-03-18T10:00:00Z\","
                + "\"data\":"
                + json
                + "}");
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ALERT")
  void everyOtherKindHoldsItsNoteAndItsAlerts(Kind kind) throws Exception {
    Alert[] alerts =
        kind == Kind.NOTICE
            ? new Alert[0]
            : new Alert[] {SampleAlerts.dispute(), SampleAlerts.conflict()};

    JsonNode body =
        Json.mapper().readTree(Envelope.of(Samples.of(kind, "A note \"in\" words.", alerts)));

    assertThat(body.path("type").asText())
        .isEqualTo(
            switch (kind) {
              case GROUP -> "dev.pactwatch.alerts.group.v1";
              case DIGEST -> "dev.pactwatch.alerts.digest.v1";
              case REMINDER -> "dev.pactwatch.alert.reminder.v1";
              case NOTICE -> "dev.pactwatch.delivery.failed.v1";
              default -> "dev.pactwatch.test.v1";
            });
    assertThat(body.path("timestamp").asText()).isEqualTo("2026-03-18T10:00:05Z");
    assertThat(body.path("data").path("note").asText()).isEqualTo("A note \"in\" words.");
    assertThat(body.path("data").path("count").asInt()).isEqualTo(alerts.length);
    assertThat(body.path("data").path("alerts")).hasSize(alerts.length);
    if (alerts.length > 0) {
      assertThat(body.path("data").path("alerts").get(1))
          .isEqualTo(Json.mapper().readTree(Json.bytes(alerts[1])));
    }
    assertThat(body.path("data").has("truncated")).isFalse();
  }

  @Test
  void aLargeDigestKeepsTheOutlineOfItsAlertsAndSaysSo() throws Exception {
    byte[] body = Envelope.of(Samples.of(Kind.DIGEST, "Since yesterday.", Samples.many(40)));

    assertThat(body.length).isLessThanOrEqualTo(20_000);
    JsonNode data = Json.mapper().readTree(body).path("data");
    assertThat(data.path("truncated").asBoolean()).isTrue();
    assertThat(data.path("count").asInt()).isEqualTo(40);
    assertThat(data.path("alerts")).hasSize(40);
    JsonNode one = data.path("alerts").get(39);
    assertThat(one.path("id").asText()).isEqualTo("alert-39");
    assertThat(one.path("severity").asText()).isEqualTo("high");
    assertThat(one.path("title").asText()).startsWith("Lumen Labs makes");
    assertThat(one.path("links").get(0).asText())
        .isEqualTo("https://pactwatch.example.org/alerts/alert-39");
  }

  @Test
  void aHugeDigestKeepsWhatFitsAndCountsTheRest() throws Exception {
    byte[] body = Envelope.of(Samples.of(Kind.DIGEST, "Since yesterday.", Samples.many(500)));

    assertThat(body.length).isBetween(15_000, 20_000);
    JsonNode data = Json.mapper().readTree(body).path("data");
    assertThat(data.path("count").asInt()).isEqualTo(500);
    assertThat(data.path("shown").asInt()).isEqualTo(data.path("alerts").size()).isBetween(30, 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void countsEverySuccessAsDelivered(int code) throws Exception {
    status = code;

    assertThat(send(SampleAlerts.dispute(), SECRET)).isInstanceOf(Outcome.Delivered.class);
  }

  @ParameterizedTest
  @CsvSource({
    "301,REDIRECTED,0",
    "302,REDIRECTED,0",
    "307,REDIRECTED,0",
    "308,REDIRECTED,0",
    "400,CLIENT_ERROR,0",
    "401,AUTHENTICATION,0",
    "403,AUTHENTICATION,0",
    "404,CLIENT_ERROR,0",
    "408,TIMEOUT,0",
    "413,TOO_LARGE,0",
    "429,RATE_LIMITED,60",
    "500,SERVER_ERROR,0",
    "502,SERVER_ERROR,60",
    "503,SERVER_ERROR,0",
    "504,SERVER_ERROR,60"
  })
  void triesEverythingElseAgainAndGivesTheOverloadedAMinute(int code, Reason reason, int seconds)
      throws Exception {
    status = code;
    answer = Map.of("Location", url("/other"));

    Outcome.Failed failed = (Outcome.Failed) send(SampleAlerts.dispute(), SECRET);

    assertThat(failed.reason()).isEqualTo(reason);
    assertThat(failed.detail()).isEqualTo("the receiver answered " + code);
    assertThat(failed.notBefore())
        .isEqualTo(seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
    assertThat(failed.trace().status()).isEqualTo(code);
    assertThat(requests).extracting(Request::path).containsExactly("/hook");
  }

  @Test
  void endsTheSubscriptionAtGone() throws Exception {
    status = 410;

    assertThat(send(SampleAlerts.dispute(), SECRET)).isInstanceOf(Outcome.Gone.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503|120|120",
        "503|0|0",
        "400|90|90",
        "429|5|60",
        "429|300|300",
        "503|999999999999999999999|86400",
        "503|100000|86400",
        "503|Thu, 01 Jan 1970 00:01:30 GMT|90",
        "503|Fri, 01 Jan 2100 00:00:00 GMT|86400"
      })
  void honoursRetryAfterUpToADay(int code, String header, long seconds) throws Exception {
    status = code;
    answer = Map.of("Retry-After", header);

    Outcome outcome = send(channel(Instant.EPOCH, SECRET));

    assertThat(((Outcome.Failed) outcome).notBefore()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "", "Wed, 31 Dec 1969 23:00:00 GMT", "1e3"})
  void overlooksARetryAfterThatMeansNothing(String header) throws Exception {
    status = 503;
    answer = Map.of("Retry-After", header);

    assertThat(((Outcome.Failed) send(channel(Instant.EPOCH, SECRET))).notBefore()).isEmpty();
  }

  @Test
  void keepsWhatWasSentAndTheBeginningOfTheAnswer() throws Exception {
    status = 500;
    answerBody = "<p>no</p>" + "x".repeat(100_000);

    Outcome.Trace trace = send(SampleAlerts.dispute(), SECRET).trace();

    assertThat(trace.address()).isEqualTo("127.0.0.1");
    assertThat(trace.status()).isEqualTo(500);
    assertThat(trace.answer()).hasSize(20_000).startsWith("<p>no</p>xxx");
    assertThat(trace.headers())
        .containsEntry("webhook-id", "msg_0123456789abcdef")
        .containsKeys("webhook-timestamp", "webhook-signature", "content-type");
    assertThat(trace.toString()).doesNotContain(SECRET);
  }

  @Test
  void anAnswerThatNeverEndsCountsByItsStatus() throws Exception {
    try (RawServer endless =
        new RawServer(
            (request, out) -> {
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
              while (true) {
                out.write(new byte[8192]);
              }
            })) {
      assertThat(send(channel(URI.create(endless.url("/hook")), client(Duration.ofSeconds(5)))))
          .isInstanceOf(Outcome.Delivered.class);
    }
  }

  @Test
  void givesASilentReceiverAMinute() throws Exception {
    try (RawServer silent = new RawServer((request, out) -> Thread.sleep(60_000))) {
      Outcome.Failed failed =
          (Outcome.Failed)
              send(channel(URI.create(silent.url("/hook")), client(Duration.ofMillis(300))));

      assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failed.notBefore()).contains(Duration.ofSeconds(60));
      assertThat(failed.trace().address()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void triesAReceiverAgainThatIsNotThereOrHangsUp() throws Exception {
    server.stop(0);
    Outcome.Failed nobody = (Outcome.Failed) send(SampleAlerts.dispute(), SECRET);
    assertThat(nobody.reason()).isEqualTo(Reason.CONNECTION);

    try (RawServer rude =
        new RawServer((request, out) -> out.write("HT".getBytes(StandardCharsets.UTF_8)))) {
      Outcome.Failed cut =
          (Outcome.Failed)
              send(channel(URI.create(rude.url("/hook")), client(Duration.ofSeconds(5))));
      assertThat(cut.reason()).isEqualTo(Reason.CONNECTION);
    }
  }

  @Test
  void triesANameAgainThatDoesNotResolve() throws Exception {
    Outcome.Failed failed =
        (Outcome.Failed)
            send(
                channel(
                    URI.create("https://receiver.invalid/hook"), client(Duration.ofSeconds(1))));

    assertThat(failed.reason()).isEqualTo(Reason.NAME_NOT_FOUND);
  }

  @Test
  void deliversOverHttpsToWhomItTrustsAlone(@TempDir Path folder) throws Exception {
    Certificates certificates = Certificates.make(folder);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(certificates.server()));
    listen(secure);
    try (OutboundClient trusting =
        new OutboundClient(settings(Duration.ofSeconds(10)), certificates.client())) {
      URI url = URI.create("https://localhost:" + secure.getAddress().getPort() + "/hook");
      assertThat(send(channel(url, trusting))).isInstanceOf(Outcome.Delivered.class);

      Outcome.Failed failed = (Outcome.Failed) send(channel(url, client(Duration.ofSeconds(10))));
      assertThat(failed.reason()).isEqualTo(Reason.TLS);
      assertThat(requests).hasSize(1);
    } finally {
      secure.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://[fd00:ec2::254]/",
        "https://0x7f000001/",
        "http://93.184.216.34/",
        "https://93.184.216.34:22/"
      })
  void asksNoAddressThatIsNotAllowed(String url) throws Exception {
    try (OutboundClient guarded =
        new OutboundClient(OutboundSettings.defaults("test", "", List.of()))) {
      Outcome.Failed failed = (Outcome.Failed) send(channel(URI.create(url), guarded));

      assertThat(failed.reason()).isEqualTo(Reason.ADDRESS_REFUSED);
      assertThat(failed.detail()).startsWith("not asked: ");
    }
  }

  private Outcome send(Alert alert, String... secrets) throws InterruptedException {
    WebhookChannel channel =
        new WebhookChannel(
            new Target.Webhook(
                URI.create(url("/hook")), List.of(secrets).stream().map(Secret::new).toList()),
            client(Duration.ofSeconds(10)),
            InstantSource.system());
    return channel.send(channel.render(Samples.alert(alert)), FIRST);
  }

  private static Outcome send(WebhookChannel channel) throws InterruptedException {
    return channel.send(channel.render(Samples.alert(SampleAlerts.dispute())), FIRST);
  }

  private WebhookChannel channel(Instant now, String secret) {
    return new WebhookChannel(
        new Target.Webhook(URI.create(url("/hook")), List.of(new Secret(secret))),
        client(Duration.ofSeconds(10)),
        InstantSource.fixed(now));
  }

  private static WebhookChannel channel(URI url, OutboundClient client) {
    return new WebhookChannel(
        new Target.Webhook(url, List.of(new Secret(SECRET))), client, InstantSource.system());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private OutboundClient client(Duration patience) {
    OutboundClient client = new OutboundClient(settings(patience));
    clients.add(client);
    return client;
  }

  private static OutboundSettings settings(Duration patience) {
    return OutboundSettings.defaults("test", "", List.of("127.0.0.1", "localhost"))
        .withDeadlines(patience, patience, patience);
  }
}
