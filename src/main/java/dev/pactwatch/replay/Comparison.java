package dev.pactwatch.replay;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.AlertText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What two runs over the same news say differently, by their latest revisions.
 *
 * @param added alerts that only the second run has
 * @param removed alerts that only the first run has
 * @param changed alerts that both have, and that differ
 */
public record Comparison(List<Alert> added, List<Alert> removed, List<Changed> changed) {

  /** An alert before and after. */
  public record Changed(Alert before, Alert after) {}

  /**
   * @param first every revision of the first run
   * @param second every revision of the second run
   */
  public static Comparison of(List<Alert> first, List<Alert> second) {
    Map<String, Alert> before = byId(first);
    Map<String, Alert> after = byId(second);
    List<Alert> added = new ArrayList<>();
    List<Alert> removed = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    before.forEach(
        (id, alert) -> {
          Alert other = after.get(id);
          if (other == null) {
            removed.add(alert);
          } else if (!content(alert).equals(content(other))) {
            changed.add(new Changed(alert, other));
          }
        });
    after.forEach(
        (id, alert) -> {
          if (!before.containsKey(id)) {
            added.add(alert);
          }
        });
    return new Comparison(added, removed, changed);
  }

  /** The latest revision of every alert, in the order in which they were opened. */
  public static List<Alert> latest(List<Alert> revisions) {
    return List.copyOf(byId(revisions).values());
  }

  public boolean same() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
  }

  /** For people: a line for each alert that differs, and a count. */
  public String text() {
    StringBuilder text = new StringBuilder();
    added.forEach(alert -> text.append("+ ").append(AlertText.line(alert)).append('\n'));
    removed.forEach(alert -> text.append("- ").append(AlertText.line(alert)).append('\n'));
    changed.forEach(
        change ->
            text.append("~ ")
                .append(AlertText.line(change.before()))
                .append("\n  ")
                .append(AlertText.line(change.after()))
                .append('\n'));
    return text.append(added.size())
        .append(" added, ")
        .append(removed.size())
        .append(" removed, ")
        .append(changed.size())
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

  private static Map<String, Alert> byId(List<Alert> revisions) {
    Map<String, Alert> latest = new LinkedHashMap<>();
    revisions.forEach(
        alert -> latest.merge(alert.id(), alert, (a, b) -> b.revision() >= a.revision() ? b : a));
    return latest;
  }
}
