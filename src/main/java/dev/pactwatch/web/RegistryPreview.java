package dev.pactwatch.web;

import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.RegistryTrial;
import dev.pactwatch.topology.RunningDetector;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a change of the registry would do to alerts, in words. */
@ApplicationScoped
public class RegistryPreview {

  private static final int MOST = 50;

  private final RegistryAccess registry;
  private final SeenEvents events;
  private final RunningDetector detector;
  private final boolean touches;
  private final Duration retention;

  RegistryPreview(
      RegistryAccess registry,
      SeenEvents events,
      RunningDetector detector,
      @ConfigProperty(name = "pactwatch.detect.touches", defaultValue = "false") boolean touches,
      @ConfigProperty(name = "pactwatch.detect.retention", defaultValue = "P90D")
          Duration retention) {
    this.registry = registry;
    this.events = events;
    this.detector = detector;
    this.touches = touches;
    this.retention = retention;
  }

  /**
   * All of it.
   *
   * @param summary one sentence
   * @param bounds what the answer leaves out, a sentence each
   * @param unchanged whether the registry would stay as it is
   * @param changes field by field
   * @param more how many alerts are not shown
   */
  public record View(
      String summary,
      List<String> bounds,
      boolean unchanged,
      List<Changed> changes,
      List<Line> opened,
      List<Revised> revised,
      List<Line> withdrawn,
      int more) {}

  /** A record of the registry that would change. */
  public record Changed(String id, String action, List<Field> fields) {}

  /**
   * @param from empty where it was not there
   * @param to empty where it is no longer there
   */
  public record Field(String name, String from, String to) {}

  /**
   * An alert in a line.
   *
   * @param href null where there is no page of it yet
   */
  public record Line(
      String id,
      String href,
      String severity,
      String relation,
      String certainty,
      String title,
      String why,
      AlertView.Moment seen) {}

  /** An alert that would say something else. */
  public record Revised(Line line, List<Field> differences) {}

  /**
   * @param entries what the registry would note of the change
   */
  View of(List<AuditEntry> entries, Registry before, Registry after) {
    List<Changed> changes = entries.stream().map(RegistryPreview::changed).toList();
    if (entries.isEmpty()) {
      return new View(
          "Nothing would change.", List.of(), true, changes, List.of(), List.of(), List.of(), 0);
    }
    if (!events.readable()) {
      return without(
          changes, "This process has no broker: what would become of alerts is not known.");
    }
    RegistryTrial trial;
    SeenEvents.Seen seen;
    try {
      RegistryTrial ours = registry.explainer().trial(touches);
      trial = ours;
      Set<String> groups = ours.concerned(before, after);
      seen = events.read((TaggedArticle tagged) -> ours.names(tagged, groups));
    } catch (ConfigException | KafkaException e) {
      return without(
          changes,
          "What would become of alerts is not known, as what was seen so far cannot be read now.");
    }
    Optional<Detector> running = detector.get();
    Duration kept = running.isPresent() ? running.get().retention().orElse(null) : retention;
    RegistryTrial.Outcome outcome = trial.run(seen.articles(), before, after, kept, seen.newest());
    int all = outcome.opened().size() + outcome.revised().size() + outcome.withdrawn().size();
    List<Line> opened =
        outcome.opened().stream().limit(MOST).map(alert -> line(alert, false)).toList();
    List<Revised> revised =
        outcome.revised().stream().limit(MOST).map(RegistryPreview::of).toList();
    List<Line> withdrawn =
        outcome.withdrawn().stream().limit(MOST).map(alert -> line(alert, true)).toList();
    return new View(
        summary(outcome),
        bounds(outcome, seen, kept),
        false,
        changes,
        opened,
        revised,
        withdrawn,
        all - opened.size() - revised.size() - withdrawn.size());
  }

  private static View without(List<Changed> changes, String why) {
    return new View(why, List.of(), false, changes, List.of(), List.of(), List.of(), 0);
  }

  private static String summary(RegistryTrial.Outcome outcome) {
    String over =
        outcome.judged() == 0
            ? "No article seen so far names a party."
            : Words.count(outcome.judged(), "article")
                + " seen so far "
                + (outcome.judged() == 1 ? "names" : "name")
                + " a party.";
    if (outcome.opened().isEmpty()
        && outcome.revised().isEmpty()
        && outcome.withdrawn().isEmpty()) {
      return over + " No alert would change.";
    }
    return over
        + " "
        + Words.count(outcome.opened().size(), "alert")
        + " would open, "
        + outcome.revised().size()
        + " would be revised, "
        + outcome.withdrawn().size()
        + " would be withdrawn.";
  }

  private static List<String> bounds(
      RegistryTrial.Outcome outcome, SeenEvents.Seen seen, Duration kept) {
    List<String> bounds = new ArrayList<>();
    if (seen.skipped() > 0) {
      bounds.add(
          "Only the last "
              + SeenEvents.MOST
              + " records of events were read; "
              + seen.skipped()
              + " older ones were not.");
    }
    if (outcome.forgotten() > 0) {
      bounds.add(
          Words.count(outcome.forgotten(), "article")
              + " older than "
              + Words.count(kept.toDays(), "day")
              + " before the newest one are not judged anew: what was said of them stays"
              + " (pactwatch.detect.retention).");
    }
    return bounds;
  }

  private static Changed changed(AuditEntry entry) {
    return new Changed(
        AlertView.clean(entry.agreement()),
        entry.action(),
        entry.changes().stream()
            .map(
                change ->
                    new Field(
                        AlertView.clean(change.field()),
                        Words.value(change.from()),
                        Words.value(change.to())))
            .toList());
  }

  private static Line line(Alert alert, boolean known) {
    AlertView view = AlertView.of(alert);
    return new Line(
        alert.id(),
        known ? "/alerts/" + alert.id() : null,
        view.severity(),
        view.relation(),
        view.certainty(),
        view.title(),
        view.why(),
        view.lastSeen());
  }

  private static Revised of(RegistryTrial.Revised change) {
    AlertView was = AlertView.of(change.before());
    AlertView is = AlertView.of(change.after());
    List<Field> fields = new ArrayList<>();
    differ(fields, "relation", was.relation(), is.relation());
    differ(fields, "severity", was.severity(), is.severity());
    if (change.before().certainty() != change.after().certainty()) {
      fields.add(new Field("certainty", certainty(change.before()), certainty(change.after())));
    }
    differ(fields, "title", was.title(), is.title());
    differ(fields, "agreement", was.agreement(), is.agreement());
    differ(fields, "term", was.term(), is.term());
    differ(fields, "source", was.sourceTitle(), is.sourceTitle());
    differ(fields, "checked to", was.checkedTo(), is.checkedTo());
    differ(fields, "status", was.status(), is.status());
    differ(
        fields,
        "reasons",
        AlertView.clean(String.join(" ", change.before().reasons())),
        AlertView.clean(String.join(" ", change.after().reasons())));
    differ(
        fields,
        "articles",
        String.valueOf(change.before().articles().size()),
        String.valueOf(change.after().articles().size()));
    return new Revised(line(change.after(), true), List.copyOf(fields));
  }

  private static String certainty(Alert alert) {
    return alert.certainty() == Certainty.POSSIBLE ? "possible" : "certain";
  }

  private static void differ(List<Field> fields, String name, String from, String to) {
    if (!Objects.equals(from, to)) {
      fields.add(new Field(name, from == null ? "" : from, to == null ? "" : to));
    }
  }
}
