package dev.pactwatch.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.notify.store.Databases;
import dev.pactwatch.proof.Nemesis.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The packaged program on three brokers, two processes in each role, while processes and brokers
 * are killed, put to sleep and cut off. How often is {@code -Dproof.kills.detect=100} and so on: a
 * few in every build, hundreds with {@code ./mvnw -Pproof verify}.
 */
class NemesisIT {

  private static final Map<Kind, Integer> A_FEW =
      Map.of(
          Kind.KILL_DETECT, 2,
          Kind.KILL_INGEST, 2,
          Kind.KILL_NOTIFY, 2,
          Kind.KILL_BROKER, 2,
          Kind.SLEEP_DETECT, 1,
          Kind.SLEEP_INGEST, 1,
          Kind.SLEEP_NOTIFY, 1,
          Kind.CUT, 1,
          Kind.HOLD, 1);

  private static final Path OUT = Path.of("target", "proof");

  @Test
  void whateverIsKilledPutToSleepOrCutOffNothingIsLostRepeatedOrChanged() throws Exception {
    Path folder = OUT.resolve("run");
    delete(folder);
    Trial.Result result =
        Trial.ofProperties(A_FEW)
            .run(
                folder,
                Databases.valueOf(System.getProperty("proof.database", "POSTGRESQL")).fresh(folder),
                System.out);
    Trial.write(OUT.resolve("result.json"), result.figures());

    assertThat(result.findings()).as("seed %s", result.figures().get("seed")).isEmpty();
    assertThat(result.figures()).containsEntry("left", "").containsEntry("replay", "");
    // Who starts while the cluster finds new leaders refuses after some seconds, as is promised,
    // and
    // is started again; nobody ends for another reason, or later.
    assertThat((List<?>) result.figures().get("endedByThemselves"))
        .allSatisfy(ended -> assertThat((String) ended).contains(" does not answer within "));
    assertThat((List<?>) result.figures().get("didNotStop")).isEmpty();
    assertThat((Long) result.figures().get("alerts")).isGreaterThan(5);
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
