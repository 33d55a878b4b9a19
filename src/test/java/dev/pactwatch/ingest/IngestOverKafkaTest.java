package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.Poller.Status;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a feed's server to committed records, over a real broker. */
@Timeout(180)
class IngestOverKafkaTest {

  private static final Topics TOPICS = new Topics("t.", 2, (short) 1);

  private final Doubles.Clock clock = new Doubles.Clock();
  private volatile String items = item("a", "First") + item("b", "Second");

  private static String item(String guid, String title) {
    return "<item><guid>"
        + guid
        + "</guid><title>"
        + title
        + "</title><pubDate>Mon, 23 Feb 2026 10:00:00 GMT</pubDate></item>";
  }

  @Test
  void everyItemIsCommittedOnceOverRestartAndTakeover(@TempDir Path data) throws Exception {
    try (Cluster cluster = Cluster.isolated(data, TOPICS);
        OutboundClient http =
            new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
        RawServer server =
            new RawServer(
                (request, out) ->
                    respond(
                        out,
                        "200 OK",
                        "Content-Type: application/rss+xml\r\n",
                        "<rss version=\"2.0\"><channel><title>T</title>"
                            + items
                            + "</channel></rss>"))) {
      cluster.prepareTopics();
      List<FeedEntry> feeds = List.of(new FeedEntry(server.url("/feed"), "T", null, null, null));
      Poller first = poller(feeds, http, cluster);
      await().atMost(Duration.ofSeconds(60)).until(() -> polled(first, 1));
      first.stop(Duration.ofSeconds(5));

      items = item("c", "Third") + item("b", "Second, corrected") + item("a", "First");
      clock.forward(Duration.ofHours(2));
      Poller second = poller(feeds, http, cluster);
      await().atMost(Duration.ofSeconds(60)).until(() -> polled(second, 1));

      // A third takes over while the second still runs, and the second comes to notice.
      Poller third = poller(feeds, http, cluster);
      await().atMost(Duration.ofSeconds(60)).until(() -> third.status() == Status.RUNNING);
      items = item("d", "Fourth") + items;
      clock.forward(Duration.ofHours(2));
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(titles(cluster)).contains("Fourth v1"));
      second.stop(Duration.ofSeconds(5));
      third.stop(Duration.ofSeconds(5));

      assertThat(titles(cluster))
          .containsExactlyInAnyOrder(
              "First v1", "Second v1", "Third v1", "Second, corrected v2", "Fourth v1");
    }
  }

  private static String[] called(RawServer hub) {
    String form = hub.requests().get(0).body();
    String callback = form.replaceFirst(".*hub.callback=([^&]*).*", "$1");
    return URLDecoder.decode(callback, UTF_8).replaceFirst(".*/websub/", "").split("/");
  }

  @Test
  void whatAHubPushesToOneProcessIsPublishedOnceByTheOneThatPolls(@TempDir Path data)
      throws Exception {
    WebSubKey key = new WebSubKey("0123456789abcdef0123456789abcdef");
    try (Cluster cluster = Cluster.isolated(data, TOPICS);
        OutboundClient http =
            new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
        RawServer hub = new RawServer((request, out) -> respond(out, "202 Accepted", "", ""));
        RawServer server =
            new RawServer(
                (request, out) ->
                    respond(
                        out,
                        "200 OK",
                        "Link: <" + hub.url("/") + ">; rel=\"hub\"\r\n",
                        "<rss version=\"2.0\"><channel><title>T</title>"
                            + items
                            + "</channel></rss>"))) {
      cluster.prepareTopics();
      String feed = server.url("/feed");
      List<FeedEntry> feeds = List.of(new FeedEntry(feed, "T", null, null, null));
      Poller poller = create(feeds, http, cluster);
      poller.use(new WebSub(http, "https://watch.example/websub", key, clock));
      poller.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> !hub.requests().isEmpty());
      String[] path = called(hub);
      PushInbox inbox = PushInbox.open(cluster.clients(), TOPICS, key);
      inbox.confirm(path[0], path[1], path[2], "subscribe", feed, "c", "86400");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                FeedState.Push push = poller.states().get(feed).push();
                return push != null && push.leaseUntil() != null;
              });

      byte[] pushed =
          ("<rss version=\"2.0\"><channel><title>T</title>"
                  + item("c", "Third")
                  + "</channel></rss>")
              .getBytes(UTF_8);
      Mac mac = Mac.getInstance("HmacSHA256");
      String secret = key.secret(new WebSubKey.Subscription(feed, feed));
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(pushed));
      inbox.receive(path[0], path[1], path[2], signature, "application/rss+xml", pushed);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(titles(cluster)).contains("Third v1"));
      assertThat(server.requests()).hasSize(1);
      items = item("c", "Third") + items;
      clock.forward(Duration.ofHours(2));
      await().atMost(Duration.ofSeconds(60)).until(() -> server.requests().size() == 2);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> poller.states().get(feed).lastPoll().equals(clock.instant()));
      assertThat(poller.states().get(feed).push().proven(clock.instant())).isTrue();
      inbox.close();
      poller.stop(Duration.ofSeconds(5));

      assertThat(titles(cluster)).containsExactlyInAnyOrder("First v1", "Second v1", "Third v1");
    }
  }

  private Poller poller(List<FeedEntry> feeds, OutboundClient http, Cluster cluster) {
    Poller poller = create(feeds, http, cluster);
    poller.start();
    return poller;
  }

  private Poller create(List<FeedEntry> feeds, OutboundClient http, Cluster cluster) {
    return Poller.create(
        () -> feeds,
        http,
        new ParsedFeedReader(new ArticleMaker(PublisherFamilies.none()), Duration.ofDays(30)),
        new KafkaFeedLog(cluster.clients(), TOPICS),
        IngestSettings.defaults()
            .withPauses(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ZERO),
        clock);
  }

  private static boolean polled(Poller poller, long times) {
    return poller.counters().snapshot().values().stream()
            .flatMap(feed -> feed.outcomes().values().stream())
            .mapToLong(Long::longValue)
            .sum()
        >= times;
  }

  private static List<String> titles(Cluster cluster) throws IOException {
    List<String> titles = new ArrayList<>();
    try (Consumer<String, byte[]> reader = cluster.clients().reader()) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(TOPICS.articles(), 0), new TopicPartition(TOPICS.articles(), 1));
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> reader.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(200))) {
          Article article = Json.read(record.value(), Article.class);
          assertThat(record.key()).isEqualTo(article.uri());
          assertThat(record.timestamp()).isEqualTo(article.published().toEpochMilli());
          titles.add(article.headline() + " v" + article.version());
        }
      }
    }
    return titles;
  }
}
