package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same articles and agreements in another order, over another number of partitions and threads,
 * with the topology stopped and started in between, on a real broker: the same alerts, byte for
 * byte.
 */
class ArrivalOrderTest {

  /** A record on its way to a topic; the value is null for what is erased. */
  record Arrival(Article article, String agreement, Agreement terms) {}

  /** How one run differs from the others. */
  private record Variant(int seed, int partitions, int threads, int restarts, boolean stateLost) {}

  /** What came of one run. */
  private record Outcome(List<String> histories, Map<String, String> states) {}

  @TempDir Path folder;

  @Test
  void theAlertsAreTheSameWhateverTheOrderThePartitionsAndTheRestarts() throws Exception {
    Outcome expected = run(new Variant(0, 1, 1, 0, false), null);
    assertThat(expected.states()).hasSizeGreaterThan(3);
    assertThat(expected.histories()).hasSizeGreaterThan(expected.states().size());

    for (Variant variant :
        List.of(
            new Variant(1, 1, 1, 1, false),
            new Variant(2, 3, 2, 2, false),
            new Variant(3, 4, 1, 1, true))) {
      assertThat(run(variant, expected)).as("%s", variant).isEqualTo(expected);
    }
  }

  /**
   * @param expected to be waited for, as a member of the group that is just being moved does not
   *     show all of its state; null for whatever comes of it
   */
  private Outcome run(Variant variant, Outcome expected) throws Exception {
    Path here = folder.resolve("run-" + variant.seed());
    Topics topics = new Topics("test.", variant.partitions(), (short) 1);
    List<Arrival> arrivals = shuffled(arrivals(), variant.seed());
    int slices = variant.restarts() + 1;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Cluster cluster = Cluster.isolated(here.resolve("kafka"), topics)) {
      cluster.prepareTopics();
      for (int slice = 0; slice < slices; slice++) {
        boolean last = slice == slices - 1;
        Path state = here.resolve("streams");
        if (variant.stateLost()) {
          delete(state);
        }
        try (Detector detector =
            Detector.start(
                cluster,
                new DetectTopologyTest.ScriptedRules(),
                new Detector.Options(state, variant.threads(), null, false, null, null),
                failure::set)) {
          send(
              cluster,
              arrivals.subList(
                  slice * arrivals.size() / slices, (slice + 1) * arrivals.size() / slices));
          // A restart in the middle of the work: only the first of it has to have begun.
          int left = last ? 1 : Math.max(2, arrivals.size() / slices);
          AtomicReference<Outcome> outcome = new AtomicReference<>();
          Awaitility.await()
              .atMost(Duration.ofSeconds(120))
              .ignoreExceptions()
              .untilAsserted(
                  () -> {
                    assertThat(lag(cluster)).isLessThan(left);
                    if (last) {
                      outcome.set(outcome(detector, cluster));
                      assertThat(expected == null || expected.equals(outcome.get())).isTrue();
                    }
                  });
          assertThat(failure.get()).isNull();
          if (last) {
            return outcome.get();
          }
        }
      }
    }
    throw new AssertionError("no slice was the last");
  }

  private static Outcome outcome(Detector detector, Cluster cluster) {
    return new Outcome(
        AlertHistories.of(detector).stream().map(Json::write).toList(), states(cluster));
  }

  static long lag(Cluster cluster) throws Exception {
    try (Admin admin = cluster.clients().admin()) {
      return Lag.of(
          admin, cluster.topics().applicationId(), DetectTopology.sources(cluster.topics()));
    }
  }

  /** The latest states, without the numbers that tell how often one was written. */
  static Map<String, String> states(Cluster cluster) {
    Map<String, String> states = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().alertState(),
        record -> {
          try {
            Alert alert = Json.read(record.value(), Alert.class);
            if (alert.change() == Change.WITHDRAWN) {
              // Whether it was ever told depends on what came first; that it holds no longer not.
              states.remove(alert.id());
            } else {
              states.put(alert.id(), Json.write(AlertFold.renumbered(alert, 0, Change.UPDATED)));
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return states;
  }

  static void send(Cluster cluster, List<Arrival> arrivals)
      throws ExecutionException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (Arrival arrival : arrivals) {
        sent.add(producer.send(record(cluster, arrival)));
      }
      producer.flush();
    }
    // A send that fails unseen would be taken for a difference.
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  private static ProducerRecord<String, byte[]> record(Cluster cluster, Arrival arrival) {
    return arrival.article() != null
        ? ArticleRecords.of(cluster.topics(), arrival.article(), "/test")
        : new ProducerRecord<>(
            cluster.topics().agreements(),
            null,
            0L,
            arrival.agreement(),
            arrival.terms() == null ? null : Json.bytes(arrival.terms()));
  }

  static List<Arrival> arrivals() {
    List<Arrival> arrivals = new ArrayList<>();
    String exclusive = DetectTopologyTest.EXCLUSIVE;
    // One agreement that is amended twice, one that ends, one that is erased, one of others.
    arrivals.add(agreement(exclusive));
    arrivals.add(agreement(exclusive.replace("topic: compute", "topic: model-api")));
    arrivals.add(agreement(exclusive.replace("Somebody", "Somebody else")));
    String second = exclusive.replace("lab-cumulus", "lab-second");
    arrivals.add(agreement(second));
    arrivals.add(
        agreement(
            second.replace("status: in-force", "effective_to: '2025-03-03'\n    status: ended")));
    arrivals.add(agreement(exclusive.replace("lab-cumulus", "lab-third")));
    arrivals.add(new Arrival(null, "lab-third-1", null));
    arrivals.add(
        agreement(
            exclusive
                .replace("lab-cumulus", "works-stratus")
                .replace("entity: lab", "entity: works")
                .replace("grantor: lab", "grantor: works")));
    for (String text : List.of("deal", "threat", "suit", "talks", "elsewhere")) {
      for (int day = 1; day < 6; day++) {
        String uri = text + "-" + day;
        arrivals.add(article(uri, "2025-03-0" + day, 1, text));
        if (day % 2 == 0) {
          arrivals.add(article(uri, "2025-03-0" + day, 2, day == 2 ? "nothing" : "talks"));
        }
      }
    }
    return arrivals;
  }

  private static Arrival agreement(String yaml) {
    Agreement agreement = AgreementFiles.parse("test", yaml).all().get(0);
    return new Arrival(null, agreement.id(), agreement);
  }

  private static Arrival article(String uri, String date, int version, String headline) {
    return new Arrival(DetectTopologyTest.report(uri, date, version, headline), null, null);
  }

  /** Any order, but of one agreement's records: the last one written is the one that holds. */
  private static List<Arrival> shuffled(List<Arrival> arrivals, int seed) {
    if (seed == 0) {
      return arrivals;
    }
    List<Arrival> shuffled = new ArrayList<>(arrivals);
    Collections.shuffle(shuffled, new Random(seed));
    Map<String, Deque<Arrival>> inOrder = new HashMap<>();
    for (Arrival arrival : arrivals) {
      if (arrival.agreement() != null) {
        inOrder.computeIfAbsent(arrival.agreement(), id -> new ArrayDeque<>()).add(arrival);
      }
    }
    shuffled.replaceAll(
        arrival ->
            arrival.agreement() == null ? arrival : inOrder.get(arrival.agreement()).remove());
    return shuffled;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
