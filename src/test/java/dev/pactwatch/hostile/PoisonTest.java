package dev.pactwatch.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.replay.DemoFeeds;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RegistryTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topology on a real broker, with records between the good ones that nobody can use: each of
 * them is a dead letter or is refused by the broker, and what becomes of the good ones is what
 * becomes of them alone. {@code -Dpoison.records=10000} for more, {@code -Dpoison.seed} for others.
 */
class PoisonTest {

  private static final int RECORDS = Integer.getInteger("poison.records", 1_000);
  private static final long SEED = Long.getLong("poison.seed", 20261123L);
  private static final Topics TOPICS = new Topics("test.", 3, (short) 1);
  private static final Duration PATIENCE = Duration.ofSeconds(180 + RECORDS / 20);

  /** What articles cannot be without, and what each of these cannot be. */
  private static final Map<String, List<String>> OF_ARTICLES =
      Map.of(
          "uri", List.of("{}", "[1]", "\"urn:another\""),
          "version", List.of("\"first\"", "{}", "0", "-7", "1e400", "99999999999999999999"),
          "headline", List.of("{}", "[\"a\",\"b\"]"),
          "published",
              List.of(
                  "\"yesterday\"",
                  "{}",
                  "\"+1000000000-12-31T23:59:59.999999999Z\"",
                  "\"-1000000000-01-01T00:00:00Z\"",
                  "\"+12026-01-01T00:00:00Z\"",
                  "\"2999-01-01T00:00:00Z\""),
          "observed", List.of("\"\\u0000\"", "[]", "\"+999999999-01-01T00:00:00Z\""),
          "publisher", List.of("\"somebody\"", "[]", "{}", "{\"name\":\"n\"}", "7"),
          "feed", List.of("{}", "[{}]"),
          "contentHash", List.of("{\"sha\":1}", "[[]]"),
          "historical", List.of("\"perhaps\"", "{}", "[]"));

  private static final Map<String, List<String>> OF_AGREEMENTS =
      Map.of(
          "id", List.of("{}", "\"another\"", "[]"),
          "title", List.of("{}", "[1,2]"),
          "chain", List.of("{\"id\":1}", "[]"),
          "parties", List.of("\"us\"", "[null]", "[{}]", "[{\"organisation\":\"lab\"}]", "7"),
          "terms",
              List.of(
                  "{\"kind\":\"sole\"}",
                  "[null]",
                  "[{}]",
                  "[{\"kind\":\"sole\",\"topic\":\"compute\"}]",
                  "[{\"kind\":\"whatever\",\"topic\":\"x\",\"grantor\":\"a\",\"beneficiary\":\"b\"}]"),
          "status", List.of("{}", "[{}]"),
          "confidence", List.of("\"quite\"", "{}", "[]"));

  @TempDir Path folder;

  private final AtomicReference<Throwable> died = new AtomicReference<>();

  /**
   * What came of one run.
   *
   * @param events every record of events, sorted
   * @param alerts the latest revision of every alert that holds
   */
  private record Outcome(List<String> events, Map<String, String> alerts) {}

  @Test
  void what_nobody_can_use_is_set_aside_and_good_news_is_untouched() throws Exception {
    Outcome clean = run("clean", 0);
    assertThat(clean.events().size()).isGreaterThan(50);
    assertThat(clean.alerts().size()).isGreaterThan(10);

    Outcome poisoned = run("poisoned", RECORDS);

    assertThat(poisoned.events().size()).isEqualTo(clean.events().size());
    assertThat(poisoned.events()).isEqualTo(clean.events());
    assertThat(poisoned.alerts()).isEqualTo(clean.alerts());
  }

  private Outcome run(String name, int poison) throws Exception {
    ProductRules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    try (Cluster cluster = Cluster.isolated(folder.resolve(name), TOPICS);
        Admin admin = cluster.clients().admin()) {
      cluster.prepareTopics();
      try (Detector detector =
          Detector.start(
              cluster,
              rules,
              new Detector.Options(folder.resolve(name + "-state"), 1, null, true, null, null),
              died::set)) {
        // The topics that it makes for itself are poisoned as well.
        await().atMost(PATIENCE).until(detector::ready);
        send(cluster, poison);
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () -> {
                  if (died.get() != null) {
                    return true;
                  }
                  return Lag.of(admin, TOPICS.applicationId(), DetectTopology.sources(TOPICS)) == 0;
                });
        assertThat(died.get()).as("what a stream thread died of").isNull();
        assertThat(detector.alive()).isTrue();
      }
      assertLetters(cluster);
      return outcome(cluster);
    }
  }

  // ---- what goes in

  private final Queue<String> expected = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, Throwable> unexpected = new TreeMap<>();

  private void send(Cluster cluster, int records) throws Exception {
    List<Article> articles = DemoFeeds.articles(Instant.parse("2026-05-01T00:00:00Z"));
    List<Agreement> agreements =
        new ArrayList<>(AgreementFiles.load(Path.of("config", "agreements")).all());
    List<Poison.Sample> samples = samples(articles.get(0), agreements.get(0));
    Poison poison = new Poison(SEED);
    java.util.Random random = new java.util.Random(SEED);
    RegistryTopic.put(cluster, agreements.subList(0, agreements.size() / 2));
    int made = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                cluster.clients().bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                16 << 20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < articles.size(); i++) {
        for (; made < (long) records * (i + 1) / articles.size(); made++) {
          Poison.Sample sample = samples.get(random.nextInt(samples.size()));
          send(
              producer,
              poison.make(
                  sample, random.nextInt(TOPICS.partitions()), Instant.now().toEpochMilli()));
        }
        ProducerRecord<String, byte[]> good = ArticleRecords.of(TOPICS, articles.get(i), "/test");
        if (records > 0 && i % 5 == 0) {
          // They cannot spoil what is good.
          poison.junk(good.headers());
        }
        producer
            .send(
                new ProducerRecord<>(
                    good.topic(),
                    null,
                    good.timestamp(),
                    good.key().getBytes(StandardCharsets.UTF_8),
                    good.value(),
                    good.headers()))
            .get();
        if (i == articles.size() / 2) {
          RegistryTopic.put(cluster, agreements);
        }
      }
    }
    assertThat(made).isEqualTo(records);
    assertThat(unexpected).isEmpty();
    assertThat(expected.size() + refused.get()).isEqualTo(records);
  }

  private void send(KafkaProducer<byte[], byte[]> producer, Poison.Made one) {
    // The broker refuses the whole batch that has one of these.
    boolean alone = one.kind() == Poison.Kind.FROM_THE_FUTURE;
    if (alone) {
      producer.flush();
    }
    var unused =
        producer.send(
            one.record(),
            (place, problem) -> {
              if (problem == null && one.kind() != Poison.Kind.FROM_THE_FUTURE) {
                expected.add(
                    one.kind()
                        + " "
                        + new DeadLetters.Place(place.topic(), place.partition(), place.offset()));
              } else if (problem instanceof InvalidTimestampException
                  && one.kind() == Poison.Kind.FROM_THE_FUTURE) {
                refused.incrementAndGet();
              } else {
                synchronized (unexpected) {
                  unexpected.put(
                      one.kind() + " " + one.record().topic(),
                      problem == null ? new ApiException("was taken") : problem);
                }
              }
            });
    if (alone) {
      producer.flush();
    }
  }

  private static List<Poison.Sample> samples(Article article, Agreement agreement) {
    List<Poison.Sample> samples = new ArrayList<>();
    samples.add(
        new Poison.Sample(
            TOPICS.articles(),
            article.uri(),
            Json.mapper().valueToTree(article),
            OF_ARTICLES,
            true));
    samples.add(
        new Poison.Sample(
            TOPICS.agreements(),
            agreement.id(),
            Json.mapper().valueToTree(agreement),
            OF_AGREEMENTS,
            false));
    for (String own : DetectTopology.sources(TOPICS)) {
      if (own.startsWith(TOPICS.applicationId()) || own.equals(TOPICS.lexicon())) {
        // What it passes to itself has no published form; that it is none at all is seen.
        samples.add(
            new Poison.Sample(
                own,
                "in-use",
                Json.mapper().valueToTree(Map.of("title", "none")),
                Map.of("title", List.of("{}")),
                !own.equals(TOPICS.lexicon())));
      }
    }
    return samples;
  }

  // ---- what comes out

  private void assertLetters(Cluster cluster) {
    List<String> there = new ArrayList<>();
    for (DeadLetters.Letter letter : new DeadLetters(cluster).read(one -> true)) {
      assertThat(letter.reason()).isNotBlank();
      there.add(String.valueOf(letter.source()));
    }
    List<String> places = expected.stream().map(one -> one.split(" ")[1]).sorted().toList();
    TreeSet<String> lost = new TreeSet<>();
    expected.stream().filter(one -> !there.contains(one.split(" ")[1])).forEach(lost::add);
    TreeSet<String> good = new TreeSet<>(there);
    places.forEach(good::remove);
    assertThat(lost).as("neither a letter nor refused").isEmpty();
    assertThat(good).as("letters of what was no poison").isEmpty();
    assertThat(there.stream().sorted().toList()).isEqualTo(places);
  }

  private static Outcome outcome(Cluster cluster) {
    List<String> events = new ArrayList<>();
    TopicReader.readAll(
        cluster.clients(),
        TOPICS.events(),
        record -> events.add(new String(record.value(), StandardCharsets.UTF_8)));
    events.sort(null);
    Map<String, String> alerts = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        TOPICS.alertState(),
        record -> {
          Alert alert = read(record.value());
          if (alert.change() == Change.WITHDRAWN) {
            alerts.remove(alert.id());
          } else {
            // Without the numbers that tell how often one was written.
            alerts.put(alert.id(), Json.write(AlertFold.renumbered(alert, 0, Change.UPDATED)));
          }
        });
    return new Outcome(events, alerts);
  }

  private static Alert read(byte[] value) {
    try {
      return Json.read(value, Alert.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
