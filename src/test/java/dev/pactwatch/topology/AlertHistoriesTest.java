package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances share the chains between them on a real broker; either can be asked for any. */
class AlertHistoriesTest {

  @TempDir Path folder;

  @Test
  void eachAlertIsToldByTheInstanceThatHoldsItAndTheOtherNamesThatOne() throws Exception {
    Topics topics = new Topics("test.", 4, (short) 1);
    try (Cluster cluster = Cluster.isolated(folder.resolve("kafka"), topics)) {
      cluster.prepareTopics();
      ArrivalOrderTest.send(cluster, ArrivalOrderTest.arrivals());
      try (Detector one = start(cluster, "127.0.0.1:1001");
          Detector other = start(cluster, "127.0.0.1:1002")) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(120))
            .ignoreExceptions()
            .untilAsserted(() -> everyAlertIsHeldByOne(cluster, one, other));
      }
    }
  }

  @Test
  void anAlertThatTheJudgementsDoNotImplyHasNoRevisions() throws Exception {
    Topics topics = new Topics("test.", 1, (short) 1);
    try (Cluster cluster = Cluster.isolated(folder.resolve("kafka"), topics)) {
      cluster.prepareTopics();
      try (Detector detector = start(cluster, null)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(AlertHistories.of(detector, "no-chain", "no-alert"))
                        .isEqualTo(new AlertHistories.Found(List.of())));
      }
    }
  }

  private Detector start(Cluster cluster, String server) {
    return Detector.start(
        cluster,
        new DetectTopologyTest.ScriptedRules(),
        new Detector.Options(
            folder.resolve("streams-" + (server == null ? "" : server.substring(10))),
            1,
            null,
            false,
            null,
            server),
        failure -> {
          throw new AssertionError(failure);
        });
  }

  private static void everyAlertIsHeldByOne(Cluster cluster, Detector one, Detector other)
      throws Exception {
    assertThat(ArrivalOrderTest.lag(cluster)).isZero();
    Map<String, String> states = ArrivalOrderTest.states(cluster);
    assertThat(states).hasSizeGreaterThan(3);
    Set<Detector> holders = new HashSet<>();
    for (Map.Entry<String, String> state : states.entrySet()) {
      String chain = chain(state.getValue());
      AlertHistories.Answer answer = AlertHistories.of(one, chain, state.getKey());
      AlertHistories.Answer others = AlertHistories.of(other, chain, state.getKey());
      boolean first = answer instanceof AlertHistories.Found;
      holders.add(first ? one : other);
      assertThat(first ? others : answer)
          .isEqualTo(new AlertHistories.Elsewhere("127.0.0.1", first ? 1001 : 1002));
      List<Alert> revisions = ((AlertHistories.Found) (first ? answer : others)).revisions();
      Alert latest = revisions.get(revisions.size() - 1);
      assertThat(Json.write(AlertFold.renumbered(latest, 0, Change.UPDATED)))
          .isEqualTo(state.getValue());
    }
    assertThat(holders).as("both hold some").hasSize(2);
  }

  private static String chain(String alert) throws IOException {
    return Json.read(alert, Alert.class).agreement().chain();
  }
}
