package dev.pactwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled history, replayed on a real broker with the rules that the product ships with. */
class ReplayJobTest {

  private static final String FEEDS = "src/main/resources/demo/feeds";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-05-01T00:00:00Z"));
  private static final ReplaySet.Origin SHIPPED = ReplaySet.Origin.of(Path.of("config"));

  /** All of its five years in some ten seconds. */
  private static final String SPEED = "20000000x";

  private static final String RULE = "court-decides";
  private static final String GONE = "sap-microsoft-2019";
  private static final String ENDED = "msft-openai-r4-2025-10";

  @TempDir static Path folder;

  private static ReplayStore store;
  private static ReplayManifest compared;
  private static Comparison comparison;
  private static final List<ReplayProgress> PROGRESS = new ArrayList<>();

  @BeforeAll
  static void compareTheShippedSetWithAnother() throws Exception {
    Path other = folder.resolve("other");
    ReplaySet.tree(SHIPPED.lexicon(), other.resolve("lexicon"));
    ReplaySet.tree(SHIPPED.agreements(), other.resolve("agreements"));
    without(other.resolve("lexicon/litigation.yaml"), RULE);
    Path weights = other.resolve("lexicon/weights.yaml");
    Files.writeString(weights, lines(weights, line -> !line.contains("rule " + RULE)));
    without(other.resolve("agreements/cloud.yaml"), GONE);
    Path chain = other.resolve("agreements/microsoft-openai.yaml");
    Files.writeString(
        chain,
        Files.readString(chain)
            .replaceFirst("(id: " + ENDED + "\\n +title: )[^\\n]+", "$1Retitled"));
    store = new ReplayStore(folder.resolve("data"), CLOCK);
    String id = store.create(asked(FEEDS), SHIPPED, SHIPPED.with(other));
    compared = ReplayJob.run(store, id, means(), PROGRESS::add);
    comparison = Comparison.read(store.folder(id));
  }

  @Test
  void tellsWhatItReadAndWhatCameOfIt() throws IOException {
    assertThat(compared.state()).isEqualTo(ReplayManifest.State.DONE);
    assertThat(compared.input().articles()).isEqualTo(100);
    assertThat(compared.input().oldest()).isBefore(compared.input().newest());
    Path first = store.folder(compared.id()).resolve("first");
    assertThat(Files.readAllLines(first.resolve(ReplayRun.LATEST)))
        .hasSize((int) compared.first().pass().alerts())
        .hasSizeGreaterThan(10);
    assertThat(alerts(first))
        .hasSize((int) compared.first().pass().revisions())
        .isSortedAccordingTo(
            Comparator.comparing(Alert::lastSeen)
                .thenComparing(Alert::id)
                .thenComparingInt(Alert::revision));
    assertThat(PROGRESS)
        .extracting(ReplayProgress::phase)
        .containsSubsequence(
            "reading",
            "replaying with the first set",
            "replaying with the second set",
            "comparing");
    assertThat(PROGRESS)
        .filteredOn(progress -> progress.phase().equals("replaying with the first set"))
        .last()
        .satisfies(progress -> assertThat(progress.done()).isEqualTo(100));
  }

  @Test
  void nothingIsLeftOfTheWorkButItsResults() throws IOException {
    try (var files = Files.list(store.folder(compared.id()))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "manifest.json", "lock", "refusals.json", "comparison.json", "first", "second");
    }
  }

  @Test
  void anAlertThatARegistryLacksTheAgreementForIsRemovedBecauseOfIt() {
    Comparison.Difference difference =
        only(Comparison.Kind.REMOVED, alert -> alert.agreement().id().equals(GONE));

    assertThat(difference.causes())
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause.kind()).isEqualTo(Cause.Kind.AGREEMENT);
              assertThat(cause.only()).isEqualTo(Cause.Only.FIRST);
              assertThat(cause.subject()).isEqualTo(GONE);
            });
  }

  @Test
  void anAlertThatChangesWithARuleNamesTheRuleAndItsWords() {
    Comparison.Difference difference =
        only(
            Comparison.Kind.CHANGED, alert -> alert.agreement().chain().startsWith("google-apple"));

    assertThat(difference.causes())
        .anySatisfy(
            cause -> {
              assertThat(cause.only()).isEqualTo(Cause.Only.FIRST);
              assertThat(cause.onlyRules()).containsExactly(RULE);
              assertThat(cause.words()).isNotEmpty();
            });
    assertThat(difference.fields()).extracting(Comparison.Field::name).contains("articles");
    assertThat(comparison.text())
        .contains("because only the first lexicon finds")
        .contains("which only it has: " + RULE)
        .endsWith(counted(compared.differences()) + "\n");
  }

  @Test
  void aTitleThatNoAlertShowsMakesNoDifference() {
    assertThat(comparison.differences())
        .noneSatisfy(
            difference ->
                assertThat(difference.alert().agreement().chain()).isEqualTo("microsoft-openai"));
  }

  @Test
  void aReplayThatIsKilledGoesOnWhereItWasAndSaysTheSame() throws Exception {
    Path data = folder.resolve("killed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.pactwatch.cli.Main",
                "replay",
                FEEDS,
                "--speed",
                SPEED,
                "--config",
                "config",
                "--data",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.log").toFile())
            .start();
    ReplayStore killed = new ReplayStore(data, CLOCK);
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(
            () ->
                killed.list().stream()
                    .anyMatch(
                        entry ->
                            entry.progress() != null
                                && entry.progress().done() > 5
                                && entry.progress().total() > 0));
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

    ReplayStore.Entry interrupted = killed.list().get(0);
    assertThat(interrupted.state()).isEqualTo(ReplayManifest.State.INTERRUPTED);
    assertThat(interrupted.manifest().first().pass()).isNull();
    List<ReplayProgress> progress = new ArrayList<>();
    ReplayManifest resumed =
        ReplayJob.run(killed, interrupted.manifest().id(), means(), progress::add);

    assertThat(progress)
        .filteredOn(each -> each.done() > 0)
        .first()
        .satisfies(each -> assertThat(each.done()).as("not from the beginning").isGreaterThan(5));
    assertThat(resumed.first().pass().eventsHash()).isEqualTo(compared.first().pass().eventsHash());
    assertThat(resumed.first().pass().alertsHash()).isEqualTo(compared.first().pass().alertsHash());
  }

  @Test
  void aRangeOfTheLiveLogIsReadByOffsetsAndDaysAndTheLogStaysAsItWas() throws Exception {
    Topics topics = new Topics("live.", 2, (short) 1);
    List<Article> articles = DemoFeeds.articles(Instant.parse("2026-05-01T00:00:00Z"));
    try (Cluster cluster = Cluster.isolated(folder.resolve("live"), topics)) {
      cluster.prepareTopics();
      try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
        for (Article article : articles) {
          producer.send(ArticleRecords.of(topics, article, "/test")).get();
        }
      }
      Map<String, byte[]> before = values(cluster);
      ReplayInput.Log log =
          (range, each) ->
              TopicReader.read(
                  cluster.clients(),
                  topics.prefix() + range.topic(),
                  range.offsets().entrySet().stream()
                      .collect(
                          Collectors.toMap(
                              Map.Entry::getKey,
                              offsets ->
                                  new TopicReader.Range(
                                      offsets.getValue().from(), offsets.getValue().to()))),
                  each);

      assertThat(read(log, "topic:articles.v1")).containsExactlyElementsOf(articles);
      assertThat(read(log, "topic:articles.v1?offsets=1:5-12")).hasSize(7);
      assertThat(read(log, "topic:articles.v1", "topic:articles.v1?offsets=0:0-3"))
          .as("nothing twice")
          .hasSameSizeAs(articles);
      assertThat(values(cluster)).containsExactlyEntriesOf(before);
    }
  }

  private static Map<String, byte[]> values(Cluster cluster) {
    Map<String, byte[]> values = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().articles(),
        record -> values.put(record.partition() + ":" + record.offset(), record.value()));
    return values;
  }

  private static List<Article> read(ReplayInput.Log log, String... sources) throws IOException {
    Path into = folder.resolve("range.jsonl");
    var unused =
        ReplayInput.read(
            new ReplayInput.Request(
                ReplaySources.of(List.of(sources)),
                ReplayInput.Web.NONE,
                log,
                PublisherFamilies.none(),
                null,
                null,
                CLOCK,
                found -> {}),
            into);
    List<Article> articles = new ArrayList<>();
    for (String line : Files.readAllLines(into)) {
      articles.add(Json.read(line, Article.class));
    }
    return articles;
  }

  private static ReplayJob.Means means() {
    return new ReplayJob.Means(
        ReplayInput.Web.NONE,
        ReplayInput.Log.NONE,
        PublisherFamilies.read(Path.of("config", "publishers.yaml")),
        CLOCK);
  }

  private static ReplayManifest.Asked asked(String source) {
    return new ReplayManifest.Asked(List.of(source), null, null, 0, false, null, null);
  }

  private static List<Alert> alerts(Path side) throws IOException {
    List<Alert> alerts = new ArrayList<>();
    for (String line : Files.readAllLines(side.resolve(ReplayRun.ALERTS))) {
      alerts.add(Json.read(line, Alert.class));
    }
    return alerts;
  }

  private static Comparison.Difference only(Comparison.Kind kind, Predicate<Alert> which) {
    List<Comparison.Difference> found =
        comparison.differences().stream()
            .filter(each -> each.kind() == kind && which.test(each.alert()))
            .toList();
    assertThat(found).as(comparison.text()).hasSize(1);
    return found.get(0);
  }

  private static String counted(ReplayManifest.Differences counts) {
    return counts.added()
        + " added, "
        + counts.removed()
        + " removed, "
        + counts.changed()
        + " changed";
  }

  /** Takes a rule, or an agreement, out of a file. */
  private static void without(Path file, String id) throws IOException {
    String text = Files.readString(file);
    int start = text.indexOf("  - id: " + id + "\n");
    int end = text.indexOf("\n  - id: ", start) + 1;
    Files.writeString(file, text.substring(0, start) + (end == 0 ? "" : text.substring(end)));
  }

  private static String lines(Path file, Predicate<String> kept) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(kept)
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
