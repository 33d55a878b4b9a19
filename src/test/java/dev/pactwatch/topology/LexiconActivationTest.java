package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.tagging.LexiconVersions;
import dev.pactwatch.tagging.TaggedArticle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several instances on a real broker, and a lexicon that changes under them. */
@Timeout(180)
class LexiconActivationTest {

  private static final Topics TOPICS = new Topics("t.", 4, (short) 1);
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SLICE = 80;

  private static final String CHANGE =
      """
      rules:
        - id: hale
          event: litigation
          status: filed
          anchor: [~hale]
          slots: {subject: plaintiff, object: defendant}
          yes: [Acme hales Globex into court]
          no: [Acme exhales]
      """;

  @TempDir Path folder;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private Cluster cluster;
  private int sent;

  @BeforeEach
  void start() {
    cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS);
    cluster.prepareTopics();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void everyPartitionChangesOverOnceWhoeverWorksOnIt() throws Exception {
    Path one = configuration("one");
    Path two = configuration("two");
    ProductRules rules = rules(one);
    String before = rules.lexiconVersion();
    assertThat(LexiconTopic.activate(cluster, before, NOW)).isTrue();
    assertThat(LexiconTopic.activate(cluster, before, NOW)).isFalse();
    try (Detector second = detector("two", rules(two))) {
      try (Detector first = detector("one", rules)) {
        await().atMost(PATIENCE).until(() -> first.ready() && second.ready());
        send();
        awaitDrained();
        send();
        try (LexiconWatch watch =
            new LexiconWatch(
                one.resolve("lexicon"),
                rules,
                version -> LexiconTopic.activate(cluster, version, NOW))) {
          Files.writeString(one.resolve("lexicon").resolve("own.yaml"), CHANGE);
          watch.look();
        }
        assertThat(rules.lexiconVersion()).isNotEqualTo(before);
        send();
        // The second one's own folder stays as it was; it is given a copy while it waits.
        Path copies = Files.createDirectories(two.resolve(LexiconVersions.FOLDER));
        copy(one.resolve("lexicon"), copies.resolve(rules.lexiconVersion()));
        awaitDrained();
        send();
      }
      // What the first one worked on, the second one takes over.
      send();
      awaitDrained();
    }

    assertThat(failures).isEmpty();
    assertThat(versions())
        .hasSize(TOPICS.partitions())
        .allSatisfy(
            (partition, versions) ->
                assertThat(withoutRepeats(versions))
                    .containsExactly(before, rules.lexiconVersion()));
    assertThat(versions().values().stream().mapToInt(List::size).sum()).isEqualTo(sent);
  }

  @Test
  void processesThatStartAtTheSameMomentActivateItOnce() throws Exception {
    int processes = 6;
    CyclicBarrier together = new CyclicBarrier(processes);
    ExecutorService starting = Executors.newFixedThreadPool(processes);
    int activated = 0;
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        answers.add(
            starting.submit(
                () -> {
                  together.await();
                  return LexiconTopic.activate(cluster, "one", NOW);
                }));
      }
      for (Future<Boolean> answer : answers) {
        activated += answer.get(60, TimeUnit.SECONDS) ? 1 : 0;
      }
    } finally {
      starting.shutdownNow();
    }

    assertThat(activated).isOne();
  }

  @Test
  void whoLacksTheLexiconStopsAndLosesNothing() throws Exception {
    Path one = configuration("one");
    Path other = configuration("other");
    Files.writeString(other.resolve("lexicon").resolve("own.yaml"), CHANGE);
    ProductRules wanted = rules(other);
    assertThat(LexiconTopic.activate(cluster, wanted.lexiconVersion(), NOW)).isTrue();
    send();
    try (Detector detector = detector("one", rules(one))) {
      await().atMost(PATIENCE).until(() -> !detector.alive());
    }
    assertThat(failures)
        .singleElement()
        .satisfies(
            failure ->
                assertThat(Detector.reason(failure))
                    .contains("lexicon " + wanted.lexiconVersion() + " is in use")
                    .contains(one.resolve("lexicon").toString()));
    assertThat(versions()).isEmpty();

    failures.clear();
    try (Detector detector = detector("other", wanted)) {
      awaitDrained();
    }
    assertThat(failures).isEmpty();
    assertThat(versions().values().stream().flatMap(List::stream))
        .hasSize(sent)
        .containsOnly(wanted.lexiconVersion());
    assertThat(count(TOPICS.deadLetters(TOPICS.articles()))).isZero();
  }

  @Test
  void afterAStartWithAnotherLexiconWhatStoodBeforeIsStillThere() throws Exception {
    Path one = configuration("one");
    Path copies = folder.resolve("copies");
    String before =
        ProductRules.load(one.resolve("lexicon"), Path.of("config", "topics.yaml"), false, copies)
            .lexiconVersion();
    Files.writeString(one.resolve("lexicon").resolve("own.yaml"), CHANGE);
    ProductRules rules =
        ProductRules.load(one.resolve("lexicon"), Path.of("config", "topics.yaml"), false, copies);

    assertThat(rules.lexiconVersion()).isNotEqualTo(before);
    assertThat(rules.tag(article(0), before).lexicon()).isEqualTo(before);
    assertThat(rules.tag(article(0), null).lexicon()).isEqualTo(rules.lexiconVersion());
  }

  private Detector detector(String name, ProductRules rules) {
    return Detector.start(
        cluster,
        rules,
        new Detector.Options(folder.resolve("state-" + name), 1, null, true, null, null),
        failures::add);
  }

  private ProductRules rules(Path configuration) {
    return ProductRules.load(
        configuration.resolve("lexicon"),
        Path.of("config", "topics.yaml"),
        false,
        null,
        Duration.ofSeconds(10));
  }

  private Path configuration(String name) throws IOException {
    Path lexicon = Files.createDirectories(folder.resolve(name).resolve("lexicon"));
    copy(Path.of("config", "lexicon"), lexicon);
    return folder.resolve(name);
  }

  /** Without organisations, which take longest to read and are not asked for here. */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private void send() {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (int i = 0; i < SLICE; i++) {
        var unused = producer.send(ArticleRecords.of(TOPICS, article(sent++), "/test"));
      }
      producer.flush();
    }
  }

  private void awaitDrained() {
    try (Admin admin = cluster.clients().admin()) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                assertThat(failures).isEmpty();
                return versions().values().stream().mapToInt(List::size).sum() == sent
                    && Lag.of(admin, TOPICS.applicationId(), List.of(TOPICS.articles())) == 0;
              });
    }
  }

  /** Of the lexicons that the events name, by partition in order. */
  private Map<Integer, List<String>> versions() {
    Map<Integer, List<String>> versions = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        TOPICS.events(),
        record -> {
          try {
            versions
                .computeIfAbsent(record.partition(), any -> new ArrayList<>())
                .add(Json.read(record.value(), TaggedArticle.class).lexicon());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return versions;
  }

  private int count(String topic) {
    List<Object> found = new ArrayList<>();
    TopicReader.readAll(cluster.clients(), topic, found::add);
    return found.size();
  }

  private static List<String> withoutRepeats(List<String> versions) {
    List<String> changes = new ArrayList<>();
    for (String version : versions) {
      if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(version)) {
        changes.add(version);
      }
    }
    return changes;
  }

  private static Article article(int number) {
    return new Article(
        "urn:test:" + number,
        1,
        "Zibbo Inc hales Quandle Corp",
        null,
        null,
        "en",
        null,
        NOW,
        null,
        NOW,
        new Publisher("Daybook", "daybook.example", "daybook"),
        "test",
        String.valueOf(number),
        "00",
        false,
        null);
  }
}
