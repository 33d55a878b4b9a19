package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.admin.RunningAdmin;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SecretBox;
import dev.pactwatch.notify.subscription.AlertBuilder;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.Secret;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The notifier over real HTTP, on a database of its own, without anything that sends. */
@QuarkusTest
class NotifyApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Instant NOW = Instant.parse("2026-03-18T12:00:00Z");
  private static final InstantSource CLOCK = () -> NOW;
  private static final String FEED_KEY = "0123456789abcdef".repeat(2);
  private static final SecretBox BOX =
      new SecretBox(new Secret("a-key-of-at-least-thirty-two-characters"));

  private static final String DESK =
      """
      {"id": "desk", "channel": "webhook", "url": "https://hooks.example.com/x",
       "secrets": [{"value": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}
      """;

  @TempDir Path folder;

  @TestHTTPResource("/")
  URL root;

  private NotifyDatabase database;
  private OutboundClient http;
  private Channels channels;

  @BeforeEach
  void open() throws IOException {
    Path file = folder.resolve("subscriptions.yaml");
    Files.writeString(file, "subscriptions:\n  - {id: console, channel: console}\n");
    database = NotifyDatabase.open(DatabaseSettings.embedded(folder));
    http = new OutboundClient(OutboundSettings.defaults("test", "", List.of()));
    channels =
        new Channels(
            http,
            Optional.empty(),
            null,
            new KafkaClients(Map.of("bootstrap.servers", "127.0.0.1:1")),
            new Topics("test.", 1, (short) 1),
            Templates.shipped(),
            new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            CLOCK);
    Catalogue catalogue =
        new Catalogue(database, BOX, file, () -> KnownIds.UNCHECKED, name -> null, CLOCK);
    RunningAdmin.is(
        new NotifyAdmin(
            database, catalogue, () -> channels, BOX, "https://pactwatch.example.org", CLOCK));
  }

  @AfterEach
  void close() {
    RunningAdmin.is(null);
    channels.close();
    http.close();
    database.close();
  }

  @Test
  void a_subscription_is_made_changed_and_removed_with_its_version() throws Exception {
    assertThat(put("/api/subscriptions/desk", DESK).statusCode()).isEqualTo(428);
    HttpResponse<String> made = put("/api/subscriptions/desk", DESK, "If-None-Match", "*");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().firstValue("ETag")).hasValue("\"1\"");
    assertThat(made.headers().firstValue("Location")).hasValue(root + "api/subscriptions/desk");
    assertThat(made.body()).contains("(hidden)").doesNotContain("MDEyMzQ1");

    HttpResponse<String> again = put("/api/subscriptions/desk", DESK, "If-None-Match", "*");
    assertThat(again.statusCode()).isEqualTo(412);
    assertThat(json(again).path("version").asLong()).isEqualTo(1);
    HttpResponse<String> changed =
        put(
            "/api/subscriptions/desk",
            DESK.replace("\"id\"", "\"severity\": \"high\", \"id\""),
            "If-Match",
            "\"1\"");
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(json(get("/api/subscriptions/desk")).at("/subscription/severity").asText())
        .isEqualTo("high");
    assertThat(send("DELETE", "/api/subscriptions/desk", "", "If-Match", "\"1\"").statusCode())
        .isEqualTo(412);
    assertThat(send("DELETE", "/api/subscriptions/desk", "", "If-Match", "\"2\"").statusCode())
        .isEqualTo(204);
    assertThat(get("/api/subscriptions/desk").statusCode()).isEqualTo(404);

    JsonNode audit = json(get("/api/subscriptions/audit"));
    assertThat(audit.at("/entries/0/action").asText()).isEqualTo("removed");
    assertThat(audit.at("/entries/0/who").asText()).isEqualTo("local");
    assertThat(audit.path("broken")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"id\": \"desk\"};channel;lacks 'channel'",
        "{\"id\": \"other\", \"channel\": \"console\"};id;must be 'desk'",
        "{\"id\": \"desk\", \"channel\": \"console\", \"x\": 1};x;unknown field",
        "nonsense: [;;is not YAML",
      })
  void a_document_that_cannot_be_used_is_refused_with_its_field(
      String body, String field, String detail) throws Exception {
    HttpResponse<String> refused = put("/api/subscriptions/desk", body, "If-None-Match", "*");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(json(refused).path("detail").asText()).contains(detail);
    if (field != null && !field.equals("channel")) {
      assertThat(json(refused).path("field").asText()).isEqualTo(field);
    }
  }

  @Test
  void one_of_the_file_is_paused_and_resumed_and_not_changed() throws Exception {
    assertThat(
            put(
                    "/api/subscriptions/console",
                    "{\"id\": \"console\", \"channel\": \"console\"}",
                    "If-Match",
                    "*")
                .statusCode())
        .isEqualTo(409);
    JsonNode paused =
        json(post("/api/subscriptions/console/pause", "{\"reason\": \"on holiday\"}"));
    assertThat(paused.path("state").asText()).isEqualTo("paused");
    assertThat(paused.path("reason").asText()).isEqualTo("on holiday");
    assertThat(post("/api/subscriptions/console/resume", "{\"held\": \"some\"}").statusCode())
        .isEqualTo(400);
    assertThat(
            json(post("/api/subscriptions/console/resume", "{\"held\": \"none\"}"))
                .path("state")
                .asText())
        .isEqualTo("active");
    assertThat(json(get("/api/subscriptions")).path("total").asInt()).isEqualTo(1);
  }

  @Test
  void a_test_is_a_delivery_that_can_be_looked_at_and_sent_again() throws Exception {
    seen("a1", Severity.HIGH);
    HttpResponse<String> test = post("/api/subscriptions/console/test", "{\"alert\": \"a1\"}");
    assertThat(test.statusCode()).isEqualTo(202);
    String id = json(test).path("message").asText();
    assertThat(json(test).path("state").asText()).isEqualTo("pending");
    assertThat(json(get("/api/deliveries/" + id)).at("/delivery/kind").asText()).isEqualTo("test");
    assertThat(json(get("/api/subscriptions/console/deliveries?state=pending")).path("deliveries"))
        .hasSize(1);
    assertThat(json(get("/api/deliveries?state=dead")).path("deliveries")).isEmpty();
    assertThat(get("/api/deliveries?state=lost").statusCode()).isEqualTo(400);
    assertThat(get("/api/deliveries?limit=0").statusCode()).isEqualTo(400);
    assertThat(get("/api/deliveries?since=yesterday").statusCode()).isEqualTo(400);
    assertThat(post("/api/deliveries/" + id + "/retry", "").statusCode()).isEqualTo(202);
    assertThat(post("/api/deliveries/nothing/retry", "").statusCode()).isEqualTo(404);
    assertThat(json(post("/api/deliveries/retry", "{\"state\": \"dead\"}")).path("count").asInt())
        .isZero();
    assertThat(post("/api/deliveries/retry", "{\"state\": \"delivered\"}").statusCode())
        .isEqualTo(400);
    assertThat(json(get("/api/deliveries/counts")).at("/all/matched").asLong()).isZero();
    assertThat(json(post("/api/subscriptions/new/preview", DESK.replace("desk", "new"))).toString())
        .contains("a1");
  }

  @Test
  void a_dry_run_tells_what_would_have_been_sent_by_a_document_that_is_not_kept() throws Exception {
    seen("a1", Severity.HIGH);
    seen("b1", Severity.LOW);
    JsonNode stored = json(post("/api/subscriptions/console/dry-run", ""));
    assertThat(stored.path("sent").asInt()).isEqualTo(2);
    JsonNode tried =
        json(
            post(
                "/api/subscriptions/new/dry-run?days=7",
                "{\"id\": \"new\", \"channel\": \"console\", \"severity\": \"high\"}"));
    assertThat(tried.path("matched").asInt()).isEqualTo(1);
    assertThat(tried.at("/messages/0/alerts/0/alertId").asText()).isEqualTo("a1");
    assertThat(get("/api/subscriptions/new").statusCode()).isEqualTo(404);
    assertThat(post("/api/subscriptions/console/dry-run?days=0", "").statusCode()).isEqualTo(400);
  }

  @Test
  void a_silence_is_made_once_listed_and_ended() throws Exception {
    seen("a1", Severity.LOW);
    String body = "{\"matchers\": \"severity=low\", \"lasts\": \"2h\", \"comment\": \"drill\"}";
    assertThat(json(post("/api/silences/preview", body)).path("total").asInt()).isEqualTo(1);
    HttpResponse<String> made = send("POST", "/api/silences", body, "Idempotency-Key", "k1");
    assertThat(made.statusCode()).isEqualTo(201);
    String id = json(made).path("id").asText();
    HttpResponse<String> twice = send("POST", "/api/silences", body, "Idempotency-Key", "k1");
    assertThat(json(twice).path("id").asText()).isEqualTo(id);
    assertThat(json(get("/api/silences?state=active")).path("total").asInt()).isEqualTo(1);
    assertThat(json(send("DELETE", "/api/silences/" + id, "")).path("state").asText())
        .isEqualTo("expired");
    assertThat(json(get("/api/silences/" + id)).path("state").asText()).isEqualTo("expired");
    assertThat(post("/api/silences", "{\"matchers\": \"x=1\"}").statusCode()).isEqualTo(400);
    assertThat(get("/api/silences/none").statusCode()).isEqualTo(404);
  }

  @Test
  void an_alert_is_taken_on_explained_and_given_back() throws Exception {
    seen("a1", Severity.HIGH);
    String place = "/api/alerts/a1/acknowledgement";
    assertThat(get(place).statusCode()).isEqualTo(204);
    assertThat(json(post(place, "{\"note\": \"mine\"}")).path("by").asText()).isEqualTo("local");
    assertThat(json(get(place)).path("note").asText()).isEqualTo("mine");
    assertThat(post(place, "{\"until\": \"2020-01-01T00:00:00Z\"}").statusCode()).isEqualTo(400);
    assertThat(send("DELETE", place, "").statusCode()).isEqualTo(204);
    assertThat(post("/api/alerts/zz/acknowledgement", "").statusCode()).isEqualTo(404);

    JsonNode told = json(get("/api/alerts/a1/explain?subscription=console"));
    assertThat(told.at("/now/verdict").asText()).isEqualTo("told");
    assertThat(get("/api/alerts/a1/explain").statusCode()).isEqualTo(400);
    assertThat(get("/api/alerts/a1/explain?subscription=none").statusCode()).isEqualTo(404);
  }

  @Test
  void a_feed_is_read_by_its_key_and_only_when_it_has_changed() throws Exception {
    put(
        "/api/subscriptions/reader",
        "{\"id\": \"reader\", \"channel\": \"feed\", \"key\": {\"value\": \"" + FEED_KEY + "\"}}",
        "If-None-Match",
        "*");
    Alert alert = seen("a1", Severity.HIGH);
    database.useTransaction(
        handle ->
            MatchTable.insert(
                handle,
                List.of(
                    new MatchTable.New(
                        alert.id(), 1, "reader", MatchState.SENT, null, null, "m", null)),
                NOW));
    HttpResponse<String> atom = get("/feeds/alerts/" + FEED_KEY + ".atom");
    assertThat(atom.statusCode()).isEqualTo(200);
    assertThat(atom.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/atom+xml");
    assertThat(atom.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
    assertThat(atom.body()).contains("<entry>", "Something &lt;happened&gt;");
    String tag = atom.headers().firstValue("ETag").orElseThrow();
    assertThat(
            send("GET", "/feeds/alerts/" + FEED_KEY + ".atom", "", "If-None-Match", tag)
                .statusCode())
        .isEqualTo(304);
    assertThat(json(get("/feeds/alerts/" + FEED_KEY + ".json")).path("items")).hasSize(1);
    assertThat(get("/feeds/alerts/" + FEED_KEY.replace('0', '1') + ".atom").statusCode())
        .isEqualTo(404);
    assertThat(get("/feeds/alerts/" + FEED_KEY + ".rss").statusCode()).isEqualTo(404);
  }

  @Test
  void looking_at_the_link_of_a_message_changes_nothing_and_posting_to_it_unsubscribes()
      throws Exception {
    put("/api/subscriptions/desk", DESK, "If-None-Match", "*");
    String place = "/unsubscribe/" + new ReaderLinks(null, BOX).token("desk");

    HttpResponse<String> page = get(place);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Unsubscribe?", "<strong>desk</strong>", "method=\"post\"");
    assertThat(get("/api/subscriptions/desk").statusCode()).isEqualTo(200);
    assertThat(get(place + "x").statusCode()).isEqualTo(404);
    assertThat(post("/unsubscribe/desk~x", "").statusCode()).isEqualTo(404);
    assertThat(get("/api/subscriptions/desk").statusCode()).isEqualTo(200);

    for (int i = 0; i < 2; i++) {
      HttpRequest.Builder oneClick =
          HttpRequest.newBuilder(root.toURI().resolve(place))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Origin", "https://mail.example")
              .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click"));
      HttpResponse<String> done = CLIENT.send(oneClick.build(), body());
      assertThat(done.statusCode()).isEqualTo(200);
      assertThat(done.body()).contains("Unsubscribed");
    }
    assertThat(get("/api/subscriptions/desk").statusCode()).isEqualTo(404);
    assertThat(json(get("/api/subscriptions/audit")).at("/entries/0/who").asText())
        .isEqualTo("reader");
  }

  @Test
  void the_secret_of_one_reader_opens_nothing_of_another() throws Exception {
    String other = "fedcba9876543210".repeat(2);
    String feed = "{\"id\": \"%s\", \"channel\": \"feed\", \"key\": {\"value\": \"%s\"}}";
    put("/api/subscriptions/one", feed.formatted("one", FEED_KEY), "If-None-Match", "*");
    put("/api/subscriptions/two", feed.formatted("two", other), "If-None-Match", "*");
    Alert alert = seen("a1", Severity.HIGH);
    database.useTransaction(
        handle ->
            MatchTable.insert(
                handle,
                List.of(
                    new MatchTable.New(
                        alert.id(), 1, "one", MatchState.SENT, null, null, "m", null)),
                NOW));

    assertThat(json(get("/feeds/alerts/" + FEED_KEY + ".json")).path("items")).hasSize(1);
    assertThat(json(get("/feeds/alerts/" + other + ".json")).path("items")).isEmpty();

    String token = new ReaderLinks(null, BOX).token("one");
    String seal = token.substring(token.indexOf('~'));
    assertThat(post("/unsubscribe/two" + seal, "").statusCode()).isEqualTo(404);
    assertThat(post("/unsubscribe/" + token, "").statusCode()).isEqualTo(200);
    assertThat(get("/api/subscriptions/one").statusCode()).isEqualTo(404);
    assertThat(get("/api/subscriptions/two").statusCode()).isEqualTo(200);
    assertThat(get("/feeds/alerts/" + FEED_KEY + ".json").statusCode()).isEqualTo(404);
    assertThat(get("/feeds/alerts/" + other + ".json").statusCode()).isEqualTo(200);
  }

  @Test
  void a_new_signing_key_stands_in_one_answer_alone() throws Exception {
    put("/api/subscriptions/desk", DESK, "If-None-Match", "*");
    HttpResponse<String> rotated = post("/api/subscriptions/desk/secret", "");
    String secret = json(rotated).path("secret").asText();
    assertThat(secret).startsWith("whsec_");
    assertThat(rotated.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(get("/api/subscriptions/desk").body()).doesNotContain(secret);
    assertThat(
            json(send("DELETE", "/api/subscriptions/desk/secret", "")).at("/subscription/secrets"))
        .hasSize(1);
  }

  @Test
  void a_process_without_the_database_says_so() throws Exception {
    RunningAdmin.is(null);
    for (String place :
        List.of(
            "/api/subscriptions",
            "/api/deliveries",
            "/api/silences",
            "/api/alerts/a/explain?subscription=b",
            "/feeds/alerts/" + FEED_KEY + ".atom",
            "/unsubscribe/x")) {
      HttpResponse<String> answer = get(place);
      assertThat(answer.statusCode()).as(place).isEqualTo(503);
      assertThat(json(answer).path("title").asText()).isEqualTo("No notifier here");
    }
  }

  private Alert seen(String id, Severity severity) {
    Alert alert =
        AlertBuilder.alert(id)
            .revision(1, Change.OPENED)
            .severity(severity)
            .title("Something <happened>")
            .build();
    database.useTransaction(
        handle ->
            AlertTable.insert(
                handle,
                alert,
                Json.bytes(alert),
                0,
                1,
                NOW.minusSeconds(60),
                AlertTable.Way.UNKNOWN));
    return alert;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send("POST", path, body);
  }

  private HttpResponse<String> put(String path, String body, String... headers) throws Exception {
    return send("PUT", path, body, headers);
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.toURI().resolve(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), body());
  }

  private static HttpResponse.BodyHandler<String> body() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return Json.mapper().readTree(answer.body());
  }
}
