package dev.pactwatch.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.TerminalText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What two sets say differently of the same news, by the latest revisions, and by what the
 * difference came about. The stored report is {@code comparison.json}.
 *
 * @param before versions of the first set
 * @param after versions of the second set
 * @param differences those that come first, then those that go, then those that change; within each
 *     by their last report
 */
public record Comparison(
    ReplaySet.Versions before, ReplaySet.Versions after, List<Difference> differences) {

  public Comparison {
    differences = List.copyOf(differences);
  }

  /** What becomes of an alert with the second set. */
  public enum Kind {
    ADDED("+"),
    REMOVED("-"),
    CHANGED("~");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }

    /** One character. */
    public String sign() {
      return sign;
    }

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * One alert.
   *
   * @param before null for one that only the second set gives
   * @param after null for one that only the first set gives
   * @param fields in which the two differ; empty unless both are there
   * @param causes the words, rules and agreements that made the difference
   */
  public record Difference(
      Kind kind, Alert before, Alert after, List<Field> fields, List<Cause> causes) {

    public Difference {
      fields = List.copyOf(fields);
      causes = List.copyOf(causes);
    }

    /** The alert as the second set has it, or else as the first one has. */
    public Alert alert() {
      return after == null ? before : after;
    }
  }

  /** A field of an alert before and after, as text; empty where it has no value. */
  public record Field(String name, String before, String after) {}

  /**
   * Reads what two passes left in the folders of their sets.
   *
   * @throws IOException when a result cannot be read
   */
  static Comparison of(ReplaySet.Loaded first, ReplaySet.Loaded second) throws IOException {
    Map<String, Alert> before = latest(first.folder());
    Map<String, Alert> after = latest(second.folder());
    // What is equal is most of it, and no longer needed.
    before
        .entrySet()
        .removeIf(
            entry -> {
              Alert other = after.get(entry.getKey());
              boolean same = other != null && content(entry.getValue()).equals(content(other));
              if (same) {
                after.remove(entry.getKey());
              }
              return same;
            });
    Causes causes = Causes.read(first, second, before.values(), after.values());
    List<Difference> differences = new ArrayList<>();
    after.forEach(
        (id, alert) -> {
          if (!before.containsKey(id)) {
            differences.add(
                new Difference(Kind.ADDED, null, alert, List.of(), causes.of(null, alert)));
          }
        });
    before.forEach(
        (id, alert) -> {
          if (!after.containsKey(id)) {
            differences.add(
                new Difference(Kind.REMOVED, alert, null, List.of(), causes.of(alert, null)));
          }
        });
    before.forEach(
        (id, alert) -> {
          Alert other = after.get(id);
          if (other != null) {
            differences.add(
                new Difference(
                    Kind.CHANGED,
                    alert,
                    other,
                    AlertFields.differences(alert, other),
                    causes.of(alert, other)));
          }
        });
    differences.sort(
        Comparator.comparing(Difference::kind)
            .thenComparing(difference -> difference.alert().lastSeen())
            .thenComparing(difference -> difference.alert().id()));
    return new Comparison(first.versions(), second.versions(), differences);
  }

  private static Map<String, Alert> latest(Path folder) throws IOException {
    Map<String, Alert> alerts = new TreeMap<>();
    try (BufferedReader lines =
        Files.newBufferedReader(folder.resolve(ReplayRun.LATEST), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Alert alert = Json.read(line, Alert.class);
        alerts.put(alert.id(), alert);
      }
    }
    return alerts;
  }

  /** The stored report of a replay that was compared. */
  public static Comparison read(Path folder) throws IOException {
    return Json.read(Files.readAllBytes(folder.resolve(ReplayJob.COMPARISON)), Comparison.class);
  }

  void write(Path file) throws IOException {
    Files.write(file, Json.bytes(this));
  }

  /** How many of each kind. */
  public ReplayManifest.Differences counts() {
    Map<Kind, Integer> counts = new HashMap<>();
    differences.forEach(difference -> counts.merge(difference.kind(), 1, Integer::sum));
    return new ReplayManifest.Differences(
        counts.getOrDefault(Kind.ADDED, 0),
        counts.getOrDefault(Kind.REMOVED, 0),
        counts.getOrDefault(Kind.CHANGED, 0));
  }

  /** For people at a terminal: each alert that differs, how and why, and a count. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Difference difference : differences) {
      text.append(difference.kind().sign())
          .append(' ')
          .append(AlertText.line(difference.alert()))
          .append('\n');
      for (Field field : difference.fields()) {
        text.append("    ")
            .append(field.name())
            .append(": ")
            .append(TerminalText.clean(field.before()))
            .append(" -> ")
            .append(TerminalText.clean(field.after()))
            .append('\n');
      }
      for (Cause cause : difference.causes()) {
        text.append("    because ").append(TerminalText.clean(cause.sentence())).append('\n');
      }
    }
    ReplayManifest.Differences counts = counts();
    return text.append(counts.added())
        .append(" added, ")
        .append(counts.removed())
        .append(" removed, ")
        .append(counts.changed())
        .append(" changed\n")
        .toString();
  }

  /** All but the version of the lexicon, which differs whenever a word of it does. */
  private static String content(Alert alert) {
    return Json.write(
        new Alert(
            alert.id(),
            alert.revision(),
            alert.change(),
            alert.title(),
            alert.relation(),
            alert.certainty(),
            alert.severity(),
            alert.agreement(),
            alert.event(),
            alert.reasons(),
            alert.evidence(),
            alert.articles(),
            alert.independentPublishers(),
            alert.reprints(),
            alert.firstSeen(),
            alert.lastSeen(),
            alert.historical(),
            ""));
  }
}
