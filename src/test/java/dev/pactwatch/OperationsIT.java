package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.telemetry.OtlpReceiver;
import dev.pactwatch.topology.DetectTopology;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one packaged process tells of itself while a piece of news passes through it: figures,
 * health, log lines, traces.
 */
class OperationsIT {

  private static final String HEADLINE = "zebraquartz";
  private static final String SUMMARY = "kumquatflute";
  private static final String POISON = "marmotviolin";
  private static final String SECRET = "whsec_Y2FuYXJ5LWluLXRoZS1zZWNyZXQtb2YtYS10ZXN0";

  private static final String OPML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <opml version="2.0"><head><title>Test</title></head><body>%s</body></opml>
      """;

  private static final Pattern ROW = Pattern.compile("\\| `(pactwatch_[a-z_]+)` \\| (\\w+) \\|.*");
  private static final Pattern TYPE = Pattern.compile("# TYPE (pactwatch_[a-z_]+) (\\w+)");

  /** What Prometheus is answered with; the other form has other names for counters. */
  private static final String PLAIN = "text/plain; version=0.0.4";

  @TempDir static Path folder;

  private static PackagedApp app;
  private static HttpServer web;
  private static OtlpReceiver traces;
  private static final AtomicInteger RECEIVED = new AtomicInteger();
  private static final List<Map<String, List<String>>> HEADERS = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void letNewsPass() throws Exception {
    traces = new OtlpReceiver();
    web = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    byte[] feed = feed().getBytes(StandardCharsets.UTF_8);
    web.createContext(
        "/feed.xml",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/rss+xml");
          exchange.sendResponseHeaders(200, feed.length);
          exchange.getResponseBody().write(feed);
          exchange.close();
        });
    web.createContext(
        "/hook",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          HEADERS.add(new HashMap<>(exchange.getRequestHeaders()));
          // The first one fails, so that there is a second one.
          exchange.sendResponseHeaders(RECEIVED.getAndIncrement() == 0 ? 500 : 200, -1);
          exchange.close();
        });
    web.start();
    Path data = folder.resolve("data");
    app =
        PackagedApp.start(
                folder,
                data,
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    traces.endpoint(),
                    "OTEL_BSP_SCHEDULE_DELAY",
                    "200",
                    "CANARY_SECRET",
                    SECRET),
                List.of(
                    "-Dquarkus.log.console.json.enabled=true",
                    "-Dquarkus.log.level=DEBUG",
                    "-Dpactwatch.http.allow-private=127.0.0.1",
                    "-Dpactwatch.notify.allow-private=127.0.0.1",
                    "-Dpactwatch.ingest.spacing=PT0S"),
                "run",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--data",
                data.toString(),
                "--config",
                config().toString())
            .awaitReady();
    KafkaClients clients = new KafkaClients(Map.of("bootstrap.servers", app.bootstrapServers()));
    Topics topics = new Topics("pactwatch.", 1, (short) 1);
    String group = topics.applicationId();
    try (Admin admin = clients.admin()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  Lag.committed(admin, group, topics.agreements()) > 0
                      && Lag.of(admin, group, DetectTopology.sources(topics)) == 0);
    }
    // Only now: an alert that a later agreement brings forth comes from no article.
    Files.writeString(
        folder.resolve("config").resolve("feeds.opml"),
        OPML.formatted(
            "<outline type=\"rss\" text=\"Publisher\" xmlUrl=\"http://127.0.0.1:%d/feed.xml\"/>"
                .formatted(web.getAddress().getPort())));
    await().atMost(Duration.ofSeconds(90)).until(() -> RECEIVED.get() >= 2);
    try (KafkaProducer<String, byte[]> producer = clients.producer()) {
      producer
          .send(
              new ProducerRecord<>(
                  "pactwatch.articles.v1",
                  "k",
                  ("{\"uri\": " + POISON).getBytes(StandardCharsets.UTF_8)))
          .get();
      producer
          .send(
              new ProducerRecord<>(
                  "pactwatch.alerts.v1",
                  "k",
                  ("\"" + POISON + "\"").getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                sum("pactwatch_dead_letters_total") >= 2
                    && samples().keySet().stream()
                        .anyMatch(name -> name.startsWith("pactwatch_group_lag_records{")));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (app != null) {
      app.close();
    }
    if (web != null) {
      web.stop(0);
    }
    if (traces != null) {
      traces.close();
    }
  }

  @Test
  void the_table_of_figures_is_what_is_served() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), row.group(2));
      }
    }
    Map<String, String> served = new TreeMap<>();
    app.get("/q/metrics", PLAIN)
        .body()
        .lines()
        .map(TYPE::matcher)
        .filter(Matcher::matches)
        .forEach(type -> served.put(type.group(1), type.group(2)));

    assertThat(served).hasSizeGreaterThan(30).isEqualTo(documented);
  }

  @Test
  void every_stage_has_counted_the_news_that_passed() throws Exception {
    assertThat(sum("pactwatch_articles_ingested_total")).isEqualTo(2);
    assertThat(sum("pactwatch_articles_tagged_total")).isEqualTo(2);
    assertThat(sum("pactwatch_events_found_total")).isGreaterThanOrEqualTo(1);
    assertThat(sum("pactwatch_judgements_total")).isGreaterThanOrEqualTo(1);
    assertThat(sum("pactwatch_alert_revisions_total")).isGreaterThanOrEqualTo(1);
    assertThat(samples())
        .containsEntry("pactwatch_dead_letters_total{topic=\"articles.v1.dlq\",}", 1.0)
        .containsEntry("pactwatch_dead_letters_total{topic=\"detect.dlq\",}", 1.0)
        .containsEntry("pactwatch_ready{check=\"detect\",}", 1.0)
        .containsEntry("pactwatch_streams_running", 1.0)
        .containsEntry("pactwatch_feeds", 1.0);
  }

  @Test
  void lags_are_measured_from_publication_and_from_observation_to_alert_and_to_delivery()
      throws Exception {
    Map<String, Double> samples = samples();
    for (String to : List.of("alert", "delivery")) {
      for (String since : List.of("publication", "observation")) {
        String labels = "{to=\"" + to + "\",since=\"" + since + "\",}";
        assertThat(samples.get("pactwatch_lag_seconds_count" + labels))
            .as(labels)
            .isGreaterThanOrEqualTo(1);
        // The article was published a minute before it was seen.
        double each =
            samples.get("pactwatch_lag_seconds_sum" + labels)
                / samples.get("pactwatch_lag_seconds_count" + labels);
        if (since.equals("publication")) {
          assertThat(each).as(labels).isGreaterThan(55);
        } else {
          assertThat(each).as(labels).isBetween(0.001, 55.0);
        }
      }
    }
  }

  @Test
  void deliveries_are_counted_by_channel_and_outcome() throws Exception {
    assertThat(samples())
        .containsEntry(
            "pactwatch_delivery_attempts_total{channel=\"webhook\",outcome=\"failed\",reason=\"server-error\",}",
            1.0)
        .containsKey(
            "pactwatch_delivery_attempts_total{channel=\"webhook\",outcome=\"delivered\",reason=\"\",}")
        .containsEntry("pactwatch_delivery_retries_total{channel=\"webhook\",}", 1.0)
        .containsEntry("pactwatch_breakers_open{channel=\"webhook\",}", 0.0)
        .containsEntry("pactwatch_subscriptions{state=\"active\",}", 2.0)
        .containsEntry("pactwatch_outbox_dead_messages", 0.0);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(samples())
                    .containsEntry("pactwatch_outbox_messages", 0.0)
                    .containsEntry("pactwatch_outbox_oldest_seconds", 0.0));
  }

  @Test
  void no_label_holds_words_of_an_article() throws Exception {
    assertThat(app.get("/q/metrics", PLAIN).body())
        .doesNotContain(HEADLINE)
        .doesNotContain(SUMMARY)
        .doesNotContain(POISON)
        .doesNotContain("publisher.example");
  }

  @Test
  void every_role_answers_for_its_health() throws Exception {
    assertThat(checks("/q/health/ready"))
        .containsExactlyInAnyOrder(
            "ingest", "detect", "notify", "web alert log", "Graceful Shutdown");
    assertThat(checks("/q/health/live"))
        .containsExactlyInAnyOrder(
            "ingest scheduler", "detect threads", "notify workers", "web alert log reader");
  }

  @Test
  void every_log_line_is_a_json_object() throws Exception {
    List<String> lines = app.err().lines().toList();
    assertThat(lines).hasSizeGreaterThan(5);
    for (String line : lines) {
      JsonNode node = Json.mapper().readTree(line);
      assertThat(node.path("message").isTextual()).as(line).isTrue();
      assertThat(node.path("level").asText()).as(line).isNotEmpty();
      assertThat(node.path("timestamp").asText()).as(line).isNotEmpty();
    }
    assertThat(lines).anyMatch(line -> line.contains("\"DEBUG\"") && line.contains("pactwatch"));
  }

  @Test
  void no_log_line_at_any_level_holds_words_of_an_article_or_a_secret() {
    assertThat(app.out()).contains(HEADLINE);
    assertThat(app.err())
        .contains("dead letter")
        .doesNotContain(HEADLINE)
        .doesNotContain(SUMMARY)
        .doesNotContain(POISON)
        .doesNotContain(SECRET)
        .doesNotContain(SECRET.substring("whsec_".length()));
  }

  @Test
  void one_trace_goes_from_the_poll_to_the_delivery() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        traces.spans().stream()
                            .filter(span -> span.getName().equals("notify deliver"))
                            .filter(span -> "webhook".equals(attribute(span, "pactwatch.channel")))
                            .filter(span -> !way(span).isEmpty())
                            .map(OperationsIT::way)
                            .findFirst()
                            .orElse(List.of()))
                    .containsExactly(
                        "notify deliver",
                        "notify take",
                        "detect fold",
                        "detect join",
                        "detect spread-articles",
                        "detect tag",
                        "ingest article",
                        "ingest poll"));
    assertThat(traces.spans())
        .allSatisfy(
            span -> assertThat(span.toString()).doesNotContain(HEADLINE).doesNotContain(SUMMARY));
    assertThat(HEADERS)
        .as("a subscriber is told nothing of it")
        .allSatisfy(headers -> assertThat(headers).doesNotContainKey("Traceparent"));
  }

  @Test
  void a_start_without_kafka_is_refused_naming_the_cause() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    try (PackagedApp refused =
        PackagedApp.start(
            folder,
            folder.resolve("none"),
            List.of("-Dkafka.bootstrap.servers=127.0.0.1:" + port),
            "run",
            "--roles",
            "ingest",
            "--port",
            "0",
            "--data",
            folder.resolve("none").toString())) {
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err())
          .contains("pactwatch: Kafka at 127.0.0.1:" + port + " does not answer within 6 s (");
    }
  }

  @Test
  void doctor_finds_nothing_wrong_beside_the_process_that_runs() throws Exception {
    try (PackagedApp doctor =
        PackagedApp.start(
            folder,
            folder.resolve("data"),
            Map.of("CANARY_SECRET", SECRET),
            List.of("-Dpactwatch.http.port=" + app.port()),
            "doctor",
            "--data",
            folder.resolve("data").toString(),
            "--config",
            folder.resolve("config").toString())) {
      assertThat(doctor.status()).as("%s", doctor.out()).isZero();
      assertThat(doctor.out())
          .contains("port " + app.port() + " is that of a running pactwatch")
          .endsWith("Nothing is wrong.\n");
    }
  }

  /** Names from a span up to its root; all of one trace. */
  private static List<String> way(Span span) {
    List<String> names = new java.util.ArrayList<>();
    Optional<Span> at = Optional.of(span);
    while (at.isPresent()) {
      Span here = at.get();
      names.add(here.getName());
      at =
          traces.spans().stream()
              .filter(
                  one ->
                      one.getTraceId().equals(here.getTraceId())
                          && one.getSpanId().equals(here.getParentSpanId()))
              .findFirst();
    }
    return names;
  }

  private static String attribute(Span span, String name) {
    return span.getAttributesList().stream()
        .filter(one -> one.getKey().equals(name))
        .map(one -> one.getValue().getStringValue())
        .findFirst()
        .orElse(null);
  }

  private static List<String> checks(String path) throws Exception {
    JsonNode answer = Json.mapper().readTree(app.get(path).body());
    assertThat(answer.path("status").asText()).isEqualTo("UP");
    return answer.path("checks").findValuesAsText("name");
  }

  private static double sum(String name) throws Exception {
    return samples().entrySet().stream()
        .filter(one -> one.getKey().equals(name) || one.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static Map<String, Double> samples() throws IOException, InterruptedException {
    Map<String, Double> samples = new TreeMap<>();
    app.get("/q/metrics", PLAIN)
        .body()
        .lines()
        .filter(line -> line.startsWith("pactwatch_"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              samples.put(
                  line.substring(0, end).strip(), Double.parseDouble(line.substring(end + 1)));
            });
    return samples;
  }

  private static String feed() {
    String published =
        DateTimeFormatter.RFC_1123_DATE_TIME
            .withZone(ZoneOffset.UTC)
            .format(Instant.now().minusSeconds(60));
    return "<rss version=\"2.0\"><channel><title>P</title><link>http://publisher.example/</link>"
        + "<description>d</description>"
        + item("1", "OpenAI signs cloud computing deal with Oracle, " + HEADLINE, published)
        + item("2", "A quiet day, " + HEADLINE, published)
        + "</channel></rss>";
  }

  private static String item(String guid, String title, String published) {
    return ("<item><guid isPermaLink=\"false\">%s</guid><title>%s</title><description>%s said"
            + " nothing more.</description><pubDate>%s</pubDate></item>")
        .formatted(guid, title, SUMMARY, published);
  }

  /**
   * The project's own, with one feed, one agreement that is in force, and one more subscription.
   */
  private static Path config() throws IOException {
    Path copy = folder.resolve("config");
    Path original = Path.of("config");
    try (var tree = Files.walk(original)) {
      for (Path path : tree.toList()) {
        Path target = copy.resolve(original.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (!path.startsWith(original.resolve("agreements"))) {
          Files.copy(path, target);
        }
      }
    }
    Files.writeString(
        copy.resolve("agreements").resolve("test.yaml"),
        """
        agreements:
          - {id: one-1, title: One cloud, parties: [{entity: openai, role: grantor},
             {entity: microsoft, role: beneficiary}], terms: [{kind: exclusive, topic: compute,
             grantor: openai, beneficiary: microsoft}], effective_from: '2020-01-01',
             effective_from_precision: day, status: in-force, confidence: high}
        """);
    Files.writeString(copy.resolve("feeds.opml"), OPML.formatted(""));
    Files.writeString(
        copy.resolve("subscriptions.yaml"),
        """
        subscriptions:
          - id: console
            channel: console
          - id: hook
            channel: webhook
            url: http://127.0.0.1:%d/hook
            secrets:
              - env: CANARY_SECRET
            retries: [1s, 1s, 1s]
        """
            .formatted(web.getAddress().getPort()));
    return copy;
  }
}
