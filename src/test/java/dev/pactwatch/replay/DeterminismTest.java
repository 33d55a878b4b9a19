package dev.pactwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.topology.AlertHistories;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.RegistryTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundled history, rules and registry on a real broker, by instances in processes of their own
 * that are killed in the middle of their work: the same events and alerts, byte for byte, however
 * many partitions and instances there are.
 */
class DeterminismTest {

  private static final Duration PATIENCE = Duration.ofSeconds(180);

  /** Subtopologies: tag and spread, join, fold. */
  private static final int PARTS = 3;

  /** Articles of the bundled history that are sent before somebody is killed. */
  private static final int SLICE = 40;

  private final List<Article> articles = history();

  @TempDir Path folder;

  /** How one run differs from the others. */
  private record Variant(int partitions, int instances, boolean kills, boolean flawed) {}

  /**
   * What came of one run.
   *
   * @param events every record of events, sorted
   * @param histories every revision that the judgements imply
   * @param states the latest revision of each alert that holds, as the topic has it
   */
  private record Outcome(List<String> events, List<String> histories, Map<String, String> states) {}

  @Test
  void oneInstanceOnOnePartitionAndThreeOnEightThatAreKilledSayTheSame() throws Exception {
    Outcome expected = run(new Variant(1, 1, false, false));
    assertThat(expected.events()).hasSameSizeAs(articles);
    assertThat(expected.states()).hasSizeGreaterThan(10);
    assertThat(expected.histories()).hasSizeGreaterThan(expected.states().size());

    for (Variant variant :
        List.of(new Variant(8, 3, true, false), new Variant(1, 3, true, false))) {
      assertThat(run(variant)).as("%s", variant).isEqualTo(expected);
    }
  }

  @Test
  void whatDecidesByTheClockIsFound() throws Exception {
    Outcome one = run(new Variant(1, 1, false, true));
    Outcome other = run(new Variant(2, 1, false, true));

    assertThat(one.events()).hasSameSizeAs(other.events()).isNotEqualTo(other.events());
    assertThat(one.histories()).hasSameSizeAs(other.histories()).isNotEqualTo(other.histories());
  }

  private Outcome run(Variant variant) throws Exception {
    Path here = folder.resolve(variant.toString().replaceAll("\\W+", "-"));
    Topics topics = new Topics("test.", variant.partitions(), (short) 1);
    try (Cluster cluster = Cluster.isolated(here.resolve("kafka"), topics);
        Admin admin = cluster.clients().admin()) {
      cluster.prepareTopics();
      DetectorProcess.Place place =
          new DetectorProcess.Place(
              cluster.clients().bootstrapServers(),
              topics,
              variant.flawed(),
              here.resolve("instances.log"));
      Map<String, DetectorProcess> instances = new LinkedHashMap<>();
      try {
        for (int i = 0; i < variant.instances(); i++) {
          String name = "instance-" + i;
          instances.put(name, DetectorProcess.start(place, name, here.resolve(name)));
        }
        int sent = 0;
        while (sent < articles.size()) {
          List<Article> slice = articles.subList(sent, Math.min(articles.size(), sent + SLICE));
          send(cluster, slice);
          sent += slice.size();
          if (sent == slice.size()) {
            // Some articles are there before the agreements, some after.
            RegistryTopic.put(cluster, AgreementFiles.load(Path.of("config", "agreements")).all());
          }
          if (variant.kills()) {
            String victim = atWork(admin, cluster, slice.size());
            instances.get(victim).kill();
            instances.put(victim, DetectorProcess.start(place, victim, here.resolve(victim)));
          }
        }
        Awaitility.await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () ->
                    Lag.none(
                        cluster.clients(),
                        admin,
                        topics.applicationId(),
                        DetectTopology.sources(topics)));
        assertThat(instances.values()).allMatch(DetectorProcess::alive);
      } finally {
        for (DetectorProcess instance : instances.values()) {
          instance.stop();
        }
      }
      return outcome(cluster, here.resolve("reader"), variant.flawed());
    }
  }

  /** Who works on articles, and has done some of these but, if it can be caught so, not all. */
  private static String atWork(Admin admin, Cluster cluster, int sent) {
    List<String> articles = List.of(cluster.topics().articles());
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () ->
                lag(admin, cluster.topics(), articles) < sent
                    ? worker(admin, cluster.topics())
                    : Optional.<String>empty(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<String> worker(Admin admin, Topics topics) throws Exception {
    Collection<MemberDescription> members =
        admin
            .describeConsumerGroups(List.of(topics.applicationId()))
            .all()
            .get()
            .get(topics.applicationId())
            .members();
    return members.stream()
        .filter(
            member ->
                member.assignment().topicPartitions().stream()
                    .anyMatch(partition -> partition.topic().equals(topics.articles())))
        .flatMap(member -> member.groupInstanceId().stream())
        // Streams adds the number of the thread.
        .map(name -> name.replaceFirst("(instance-\\d+).*", "$1"))
        .sorted()
        .findFirst();
  }

  private static long lag(Admin admin, Topics topics, List<String> of) throws Exception {
    return Lag.of(admin, topics.applicationId(), of);
  }

  /** Read by one more instance, alone, that has nothing but the changelogs. */
  private static Outcome outcome(Cluster cluster, Path state, boolean flawed) {
    Topics topics = cluster.topics();
    List<String> events = new ArrayList<>();
    TopicReader.readAll(
        cluster.clients(),
        topics.events(),
        record -> events.add(new String(record.value(), StandardCharsets.UTF_8)));
    events.sort(null);
    Map<String, String> states = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(), topics.alertState(), record -> settled(record.value(), states));
    try (Detector detector =
        Detector.start(
            cluster,
            DetectorProcess.rules(flawed),
            new Detector.Options(state, 1, null, false, null, null),
            failure -> {
              throw new AssertionError(failure);
            })) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> detector.ready() && tasks(detector) == PARTS * topics.partitions());
      List<Alert> histories = AlertHistories.of(detector);
      return new Outcome(events, histories.stream().map(Json::write).toList(), states);
    }
  }

  /**
   * Without the numbers that tell how often one was written, which the order of arrival decides.
   */
  private static void settled(byte[] value, Map<String, String> states) {
    try {
      Alert alert = Json.read(value, Alert.class);
      if (alert.change() == Change.WITHDRAWN) {
        states.remove(alert.id());
      } else {
        states.put(alert.id(), Json.write(AlertFold.renumbered(alert, 0, Change.UPDATED)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int tasks(Detector detector) {
    return detector.streams().metadataForLocalThreads().stream()
        .mapToInt(thread -> thread.activeTasks().size())
        .sum();
  }

  private static void send(Cluster cluster, List<Article> articles) throws Exception {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (Article article : articles) {
        producer.send(ArticleRecords.of(cluster.topics(), article, "/test")).get();
      }
    }
  }

  /** Some of it edited: the second version says what another article says. */
  private static List<Article> history() {
    List<Article> articles =
        new ArrayList<>(DemoFeeds.articles(Instant.parse("2026-05-01T00:00:00Z")));
    for (int i = 0; i + 10 < 100; i += 20) {
      Article first = articles.get(i);
      Article other = articles.get(i + 10);
      articles.add(
          new Article(
              first.uri(),
              2,
              other.headline(),
              other.summary(),
              other.body(),
              first.language(),
              first.link(),
              first.published(),
              first.publishedClaimed(),
              first.observed(),
              first.publisher(),
              first.feed(),
              first.guid(),
              other.contentHash(),
              first.historical(),
              List.of("headline", "text")));
    }
    return articles;
  }
}
