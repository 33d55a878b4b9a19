package dev.pactwatch.proof;

import dev.pactwatch.json.Json;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.proof.Ledger.Delivery;
import dev.pactwatch.proof.Ledger.Fault;
import dev.pactwatch.proof.Nemesis.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.AppInfoParser;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One run from the first item to the verdict.
 *
 * @param seed decides what is written, who is harmed and when
 * @param counts how often each kind of harm is done
 * @param most after which nobody is harmed any more, however often that was to be
 * @param pause between two items of a publisher
 * @param recovery longest time from the end of all harm to the next committed alert
 * @param drain longest time until everything that is under way has arrived
 */
record Trial(
    long seed,
    Map<Kind, Integer> counts,
    Duration most,
    Duration pause,
    Duration recovery,
    Duration drain) {

  /**
   * What came of it.
   *
   * @param figures for people, as they are written down
   * @param findings the invariants that did not hold; empty when all did
   */
  record Result(Map<String, Object> figures, Map<Invariant, List<String>> findings) {}

  /** As many of each kind as {@code -Dproof.KIND} says, or as these say. */
  static Trial ofProperties(Map<Kind, Integer> usual) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    usual.forEach((kind, count) -> counts.put(kind, Integer.getInteger(property(kind), count)));
    return new Trial(
        Long.getLong("proof.seed", System.nanoTime()),
        counts,
        Duration.ofMinutes(Long.getLong("proof.minutes", Duration.ofDays(7).toMinutes())),
        Duration.ofMillis(Long.getLong("proof.pause", 400)),
        Duration.ofSeconds(Long.getLong("proof.recovery", 120)),
        Duration.ofSeconds(Long.getLong("proof.drain", 300)));
  }

  private static String property(Kind kind) {
    return switch (kind) {
      case KILL_DETECT -> "proof.kills.detect";
      case KILL_INGEST -> "proof.kills.ingest";
      case KILL_NOTIFY -> "proof.kills.notify";
      case KILL_BROKER -> "proof.kills.brokers";
      case SLEEP_DETECT -> "proof.sleeps.detect";
      case SLEEP_INGEST -> "proof.sleeps.ingest";
      case SLEEP_NOTIFY -> "proof.sleeps.notify";
      case CUT -> "proof.cuts";
      case HOLD -> "proof.holds";
    };
  }

  /**
   * @param folder yet to be made; keeps what the processes said
   * @param out is told how it goes
   */
  Result run(Path folder, DatabaseSettings database, PrintStream out) throws Exception {
    out.println("seed " + seed + ", " + counts);
    Instant begun = Instant.now();
    try (Stage stage = new Stage(folder, seed, database, pause)) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(6))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                stage.check();
                return stage.taken() > 0;
              });
      Instant first = Instant.now();
      out.println("at work after " + Duration.between(begun, first));
      Nemesis nemesis = new Nemesis(stage, seed, counts, recovery, out);
      List<Fault> faults = nemesis.strike(most);
      Instant struck = Instant.now();
      stage.quiet();
      String left = drained(stage);
      Instant drained = Instant.now();
      List<String> failed = stage.stop();
      List<String> before = stage.positions();
      String replay = stage.replay();
      Ledger ledger = stage.ledger(faults, recovery, before, stage.positions());
      Map<Invariant, List<String>> findings = new TreeMap<>(Checker.check(ledger, stage.model()));
      Map<String, Object> figures = figures(ledger, findings);
      figures.put("left", left);
      figures.put("endedByThemselves", nemesis.ended());
      figures.put("didNotStop", failed);
      figures.put("replay", replay);
      figures.put("secondsToStart", Duration.between(begun, first).toSeconds());
      figures.put("secondsOfFaults", Duration.between(first, struck).toSeconds());
      figures.put("secondsToDrain", Duration.between(struck, drained).toSeconds());
      figures.put("secondsInAll", Duration.between(begun, Instant.now()).toSeconds());
      return new Result(figures, findings);
    }
  }

  /** Waits until nothing is under way for a while; returns what is, when that takes too long. */
  private String drained(Stage stage) {
    try {
      Awaitility.await()
          .atMost(drain)
          .pollInterval(Duration.ofMillis(300))
          .during(Duration.ofSeconds(2))
          .until(() -> stage.underWay().isEmpty());
      return "";
    } catch (ConditionTimeoutException e) {
      return stage.underWay();
    }
  }

  private Map<String, Object> figures(Ledger ledger, Map<Invariant, List<String>> findings) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("when", Instant.now().toString());
    figures.put("commit", commit());
    figures.put("java", System.getProperty("java.version"));
    figures.put("kafka", AppInfoParser.getVersion());
    figures.put("processors", Runtime.getRuntime().availableProcessors());
    figures.put("seed", seed);
    Map<String, Integer> done = new TreeMap<>();
    ledger.faults().forEach(fault -> done.merge(fault.kind(), 1, Integer::sum));
    figures.put("asked", counts);
    figures.put("faults", done);
    figures.put("faultsInAll", ledger.faults().size());
    // With no failure in n trials, what may still be is below 3/n in 95 of 100 cases.
    figures.put("failuresPerFaultBelow", 3.0 / Math.max(1, ledger.faults().size()));
    figures.put("itemsServed", ledger.served().size());
    figures.put("articles", ledger.articles().size());
    figures.put("events", ledger.events().size());
    figures.put("alertRevisions", ledger.alerts().size());
    figures.put("alerts", ledger.alerts().stream().map(Ledger.Row::key).distinct().count());
    figures.put("poison", ledger.poison().size());
    figures.put("aborted", ledger.aborted().size());
    figures.put("deliveries", ledger.deliveries().size());
    figures.put("deliveriesRepeated", repeated(ledger.deliveries()));
    figures.put("recoverySeconds", recoveries(ledger));
    figures.put("longestSilence", longestSilence(ledger.opened()));
    figures.put("findings", findings);
    return figures;
  }

  private static long repeated(List<Delivery> deliveries) {
    Set<String> taken = new HashSet<>();
    return deliveries.stream().filter(one -> one.taken() && !taken.add(one.id())).count();
  }

  /** From the end of harm to the next committed alert: how often, median, longest. */
  private static Map<String, Object> recoveries(Ledger ledger) {
    List<Double> seconds = new ArrayList<>();
    for (Instant end : Checker.rests(ledger)) {
      ledger.opened().stream()
          .filter(at -> at.isAfter(end))
          .findFirst()
          .ifPresent(at -> seconds.add(Duration.between(end, at).toMillis() / 1000.0));
    }
    seconds.sort(null);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("times", seconds.size());
    if (!seconds.isEmpty()) {
      result.put("median", seconds.get(seconds.size() / 2));
      result.put("longest", seconds.get(seconds.size() - 1));
    }
    return result;
  }

  /** The longest time without a new alert, whatever was done meanwhile. */
  private static Map<String, Object> longestSilence(List<Instant> opened) {
    Duration longest = Duration.ZERO;
    Instant from = null;
    for (int i = 1; i < opened.size(); i++) {
      Duration silence = Duration.between(opened.get(i - 1), opened.get(i));
      if (silence.compareTo(longest) > 0) {
        longest = silence;
        from = opened.get(i - 1);
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seconds", longest.toMillis() / 1000.0);
    result.put("from", String.valueOf(from));
    return result;
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "HEAD").start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? said : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }

  /** Writes the figures down, for people and programs. */
  static void write(Path file, Map<String, Object> figures) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
  }
}
