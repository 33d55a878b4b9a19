package dev.pactwatch.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.subscription.AlertBuilder;
import dev.pactwatch.proof.Ledger.Item;
import dev.pactwatch.proof.Ledger.Row;
import dev.pactwatch.tagging.TaggedArticle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the product must not do is done on a real broker, and the checker has to find it in the
 * ledger that a reader of the broker gets: else it would be blind there as well.
 */
class ControlsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ARTICLES = 60;

  @TempDir static Path folder;
  private static BrokerCluster cluster;
  private static KafkaClients clients;

  @BeforeAll
  static void broker() throws IOException {
    cluster = new BrokerCluster(folder.resolve("brokers"), 1);
    clients = new KafkaClients(Map.of("bootstrap.servers", cluster.directServers()));
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
  }

  /** Says nothing of alerts, and tags as a reader of the topic sees it. */
  private record Silent(Map<String, TaggedArticle> tagged) implements Checker.Oracle {

    @Override
    public TaggedArticle tag(Article article) {
      return tagged.get(article.uri());
    }

    @Override
    public Map<String, Alert> alerts(Collection<Article> articles) {
      return Map.of();
    }
  }

  @Test
  void atLeastOnceInPlaceOfExactlyOnceIsFound() throws Exception {
    Topics topics = topics("once.");
    List<Article> articles = articles(Instant.now());
    send(topics, articles);
    Path state = folder.resolve("flawed");
    Path log = folder.resolve("flawed.log");
    Process first = FlawedDetector.start(cluster.directServers(), topics, state, log);
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !first.isAlive() || events(topics).size() >= ARTICLES / 2);
      assertThat(first.isAlive()).as(() -> read(log)).isTrue();
    } finally {
      first.destroyForcibly().waitFor();
    }
    Process second = FlawedDetector.start(cluster.directServers(), topics, state, log);
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Lag.of(cluster.admin(), topics.applicationId(), List.of(topics.articles())) == 0);
      second.getOutputStream().close();
      assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      second.destroyForcibly();
    }

    List<Row<TaggedArticle>> events = events(topics);
    Map<String, TaggedArticle> tagged = new HashMap<>();
    events.forEach(row -> tagged.put(row.key(), row.value()));
    assertThat(findings(articles, read(topics.articles()), events, tagged))
        .containsOnlyKeys(Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE);
  }

  @Test
  void aReaderOfWhatIsNotCommittedIsFound() {
    Topics topics = topics("committed.");
    List<Article> articles = articles(Instant.now());
    send(topics, articles);
    try (KafkaProducer<String, byte[]> aborting = clients.transactionalProducer("aborting")) {
      aborting.initTransactions();
      aborting.beginTransaction();
      var unused =
          aborting.send(ArticleRecords.of(topics, article("aborted-1", Instant.now()), "/test"));
      aborting.flush();
      aborting.abortTransaction();
    }

    assertThat(findings(articles, read(topics.articles()), null, null)).isEmpty();
    assertThat(findings(articles, readUncommitted(topics.articles()), null, null))
        .containsOnlyKeys(Invariant.NOTHING_ABORTED_IS_READ);
  }

  @Test
  void aTopicThatForgetsOldNewsIsFound() {
    Topics topics = topics("kept.");
    String forgetting = "forgetting.articles";
    TopicAdmin.create(
        cluster.admin(),
        List.of(
            new TopicSpec(
                forgetting,
                1,
                (short) 1,
                Map.of("retention.ms", String.valueOf(Duration.ofDays(7).toMillis())))));
    List<Article> articles = articles(Instant.now().minus(Duration.ofDays(30)));
    send(topics, articles);
    try (KafkaProducer<String, byte[]> producer = clients.producer()) {
      for (Article article : articles) {
        ProducerRecord<String, byte[]> record = ArticleRecords.of(topics, article, "/test");
        var unused =
            producer.send(
                new ProducerRecord<>(
                    forgetting, null, record.timestamp(), record.key(), record.value()));
      }
    }

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(findings(articles, read(forgetting), null, null))
                    .containsOnlyKeys(Invariant.EVERY_ITEM_IS_PUBLISHED));
    assertThat(findings(articles, read(topics.articles()), null, null)).isEmpty();
  }

  /** Not the product's notifier, which cannot be told to; one that works as many do. */
  @Test
  void aNotifierThatCommitsBeforeItSendsIsFound() throws Exception {
    Topics topics = topics("told.");
    List<Row<Alert>> alerts = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer = clients.producer()) {
      for (int i = 0; i < 20; i++) {
        Alert alert = AlertBuilder.alert("a" + i).build();
        alerts.add(new Row<>(0, i, alert.id(), alert));
        var unused =
            producer.send(new ProducerRecord<>(topics.alerts(), alert.id(), Json.bytes(alert)));
      }
    }
    try (Sink sink = new Sink()) {
      // One that is killed after its fifth message, and one that goes on.
      committingBeforeSending(topics, sink, 5);
      committingBeforeSending(topics, sink, Integer.MAX_VALUE);

      Ledger told =
          new Ledger(
              List.of(),
              Set.of(),
              Set.of(),
              List.of(),
              List.of(),
              alerts,
              alerts,
              List.of(),
              List.of(),
              Set.of("desk"),
              sink.deliveries(),
              List.of(),
              List.of(),
              Duration.ZERO,
              List.of(),
              List.of());
      assertThat(Checker.check(told, new Silent(Map.of())))
          .containsKey(Invariant.EVERY_REVISION_IS_TOLD)
          .doesNotContainKey(Invariant.NOTHING_ELSE_IS_TOLD);
    }
  }

  private static void committingBeforeSending(Topics topics, Sink sink, int life)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    int sent = 0;
    try (KafkaConsumer<String, byte[]> consumer = clients.consumer("flawed-notifier", Map.of())) {
      consumer.subscribe(List.of(topics.alerts()));
      boolean any = false;
      for (int quiet = 0; quiet < (any ? 5 : 40); quiet++) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          consumer.commitSync();
          any = true;
          quiet = 0;
          if (sent++ == life) {
            return;
          }
          int status = 0;
          while (status != 204) {
            status =
                http.send(
                        HttpRequest.newBuilder(URI.create(sink.address() + "desk"))
                            .header("webhook-id", record.key() + "-r1-desk")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(record.value()))
                            .build(),
                        HttpResponse.BodyHandlers.discarding())
                    .statusCode();
          }
        }
      }
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- news and its readers

  private static Topics topics(String prefix) {
    Topics topics = new Topics(prefix, 1, (short) 1);
    TopicAdmin.createAndCheck(cluster.admin(), topics);
    return topics;
  }

  private static List<Article> articles(Instant published) {
    List<Article> articles = new ArrayList<>();
    for (int i = 0; i < ARTICLES; i++) {
      articles.add(article("urn:item-" + i, published));
    }
    return articles;
  }

  private static Article article(String uri, Instant published) {
    return new Article(
        uri,
        1,
        "A quiet day for " + uri,
        "Nothing happened.",
        null,
        "en",
        null,
        published,
        null,
        published,
        new Publisher("Outlet", "outlet.example", "outlet"),
        "http://outlet.example/feed",
        uri,
        uri,
        false,
        null);
  }

  private static void send(Topics topics, List<Article> articles) {
    try (KafkaProducer<String, byte[]> producer = clients.producer()) {
      for (Article article : articles) {
        var unused = producer.send(ArticleRecords.of(topics, article, "/test"));
      }
    }
  }

  private static List<Row<Article>> read(String topic) {
    List<Row<Article>> rows = new ArrayList<>();
    TopicReader.readAll(clients, topic, record -> rows.add(row(record, Article.class)));
    return rows;
  }

  private static List<Row<TaggedArticle>> events(Topics topics) {
    List<Row<TaggedArticle>> rows = new ArrayList<>();
    TopicReader.readAll(
        clients, topics.events(), record -> rows.add(row(record, TaggedArticle.class)));
    return rows;
  }

  private static List<Row<Article>> readUncommitted(String topic) {
    List<Row<Article>> rows = new ArrayList<>();
    Map<String, Object> config = new HashMap<>(clients.common());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> rows.add(row(record, Article.class)));
      }
    }
    return rows;
  }

  private static <T> Row<T> row(ConsumerRecord<String, byte[]> record, Class<T> type) {
    try {
      return new Row<>(
          record.partition(), record.offset(), record.key(), Json.read(record.value(), type));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param events null for those that every article would have
   */
  private static Map<Invariant, List<String>> findings(
      List<Article> sent,
      List<Row<Article>> articles,
      List<Row<TaggedArticle>> events,
      Map<String, TaggedArticle> tagged) {
    Map<String, TaggedArticle> known = tagged == null ? new HashMap<>() : tagged;
    List<Row<TaggedArticle>> found = new ArrayList<>();
    if (events == null) {
      for (Row<Article> row : articles) {
        if (!row.key().startsWith("aborted")) {
          known.put(row.key(), untold(row.value()));
          found.add(new Row<>(0, row.offset(), row.key(), untold(row.value())));
        }
      }
    } else {
      found.addAll(events);
    }
    return Checker.check(
        new Ledger(
            sent.stream()
                .map(
                    one ->
                        new Item(
                            one.feed(), one.guid(), one.version(), one.headline(), one.summary()))
                .toList(),
            Set.of(),
            Set.of("aborted-1"),
            articles,
            found,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Set.of(),
            List.of(),
            List.of(),
            List.of(),
            Duration.ZERO,
            List.of(),
            List.of()),
        new Silent(known));
  }

  private static TaggedArticle untold(Article article) {
    return new TaggedArticle(
        article.uri(),
        article.version(),
        article.headline(),
        article.link(),
        article.publisher(),
        article.published(),
        article.observed(),
        article.historical(),
        "lexicon",
        null,
        List.of());
  }
}
