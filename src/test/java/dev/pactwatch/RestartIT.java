package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application, killed with -9 again and again while news comes in: no article twice,
 * no alert revision twice, nothing lost.
 */
class RestartIT {

  private static final long SEED = 20260318;
  private static final int KILLS = 4;
  private static final DateTimeFormatter RFC_822 =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  @TempDir Path folder;

  private final List<String> items = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer publisher;

  @BeforeEach
  void publish() throws IOException {
    publisher = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    publisher.createContext(
        "/feed.xml",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = feed().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/rss+xml");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    publisher.start();
  }

  @AfterEach
  void stopPublishing() {
    publisher.stop(0);
  }

  @Test
  void killedAtAnyMomentItLosesNothingAndRepeatsNothing() throws Exception {
    Path data = folder.resolve("data");
    Path config = config();
    Random random = new Random(SEED);
    for (int round = 0; round < KILLS; round++) {
      try (PackagedApp app = start(data, config)) {
        app.awaitReady();
        int before = requests.get();
        add(round);
        // From before the first poll to after the alert: wherever the moment falls.
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> requests.get() > before + random.nextInt(2));
        long until = System.nanoTime() + random.nextInt(1500) * 1_000_000L;
        await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() > until);
        app.kill();
      }
    }
    try (PackagedApp app = start(data, config)) {
      app.awaitReady();
      add(KILLS);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(total(app)).isEqualTo(KILLS + 1));
      assertThat(app.stop()).as("a stop asked for is no failure: %s", app.err()).isIn(0, 130, 143);
    }

    Map<String, Integer> articles = new TreeMap<>();
    Map<String, Integer> revisions = new TreeMap<>();
    Map<String, Integer> latest = new TreeMap<>();
    Topics topics = new Topics(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, (short) 1);
    try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0)) {
      KafkaClients clients =
          new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
      TopicReader.readAll(
          clients,
          topics.articles(),
          record -> articles.merge(read(record, Article.class).guid(), 1, Integer::sum));
      TopicReader.readAll(
          clients,
          topics.alerts(),
          record -> {
            Alert alert = read(record, Alert.class);
            revisions.merge(alert.revisionKey(), 1, Integer::sum);
            latest.merge(alert.id(), alert.revision(), Math::max);
          });
    }
    assertThat(articles)
        .hasSize(items.size())
        .allSatisfy((guid, times) -> assertThat(times).isOne());
    assertThat(latest).hasSize(KILLS + 1);
    assertThat(revisions)
        .hasSize(latest.values().stream().mapToInt(Integer::intValue).sum())
        .allSatisfy((revision, times) -> assertThat(times).isOne());
  }

  private PackagedApp start(Path data, Path config) throws IOException {
    return PackagedApp.start(
        folder,
        data,
        List.of(
            "-Dpactwatch.http.allow-private=127.0.0.1",
            "-Dpactwatch.ingest.min-interval=PT1S",
            "-Dpactwatch.ingest.base-interval=PT1S",
            "-Dpactwatch.ingest.spacing=PT0S"),
        "run",
        "--port",
        "0",
        "--kafka-port",
        "0",
        "--data",
        data.toString(),
        "--config",
        config.toString());
  }

  /** The project's own configuration with one feed: the publisher of this test. */
  private Path config() throws IOException {
    Path copy = folder.resolve("config");
    Path original = Path.of("config");
    try (var tree = Files.walk(original)) {
      for (Path path : tree.toList()) {
        Path target = copy.resolve(original.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    Files.writeString(
        copy.resolve("feeds.opml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <opml version="2.0"><head><title>Test</title></head><body>
          <outline type="rss" text="Publisher" xmlUrl="http://127.0.0.1:%d/feed.xml"/>
        </body></opml>
        """
            .formatted(publisher.getAddress().getPort()));
    return copy;
  }

  /** One deal that conflicts with the right of first refusal of that year, and bystanders. */
  private void add(int round) {
    List<String> clouds = List.of("CoreWeave", "Oracle", "Google Cloud", "Lambda", "Nebius");
    add("deal-" + round, "OpenAI signs cloud computing deal with " + clouds.get(round));
    for (int i = 0; i < 5; i++) {
      add("quiet-" + round + "-" + i, "A quiet day number " + i + " of week " + round);
    }
  }

  private void add(String guid, String title) {
    items.add(
        "<item><guid isPermaLink=\"false\">%s</guid><title>%s</title><pubDate>%s</pubDate></item>"
            .formatted(
                guid,
                title,
                RFC_822.format(Instant.parse("2025-06-10T12:00:00Z").plusSeconds(items.size()))));
  }

  private String feed() {
    List<String> newestFirst = new ArrayList<>(items);
    java.util.Collections.reverse(newestFirst);
    return "<rss version=\"2.0\"><channel><title>Publisher</title><link>http://publisher.example/"
        + "</link><description>Test</description>"
        + String.join("", newestFirst)
        + "</channel></rss>";
  }

  private static int total(PackagedApp app) throws IOException, InterruptedException {
    JsonNode answer = Json.mapper().readTree(app.get("/api/alerts").body());
    return answer.path("total").asInt();
  }

  private static <T> T read(ConsumerRecord<String, byte[]> record, Class<T> type) {
    try {
      return Json.read(record.value(), type);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
