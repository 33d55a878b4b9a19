package dev.pactwatch.notify.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which alerts a subscription wants. An empty set stands for any.
 *
 * @param severity the lowest that is wanted
 * @param certain whether only alerts are wanted whose relation is known to hold
 * @param organisations ids; one of them must be a party of the event or of the term
 * @param agreements ids of agreements or of their chains
 * @param text words or phrases of which one must stand in the alert's title, headlines or quotes,
 *     whatever the case
 * @param historical whether alerts that rest on backfilled articles alone are wanted too
 * @param except what is not wanted although the rest matches; a filter whose own {@code except} is
 *     empty
 */
public record Filter(
    Set<EventType> types,
    Set<Status> statuses,
    Set<Relation> relations,
    Set<Change> changes,
    Severity severity,
    boolean certain,
    Set<String> organisations,
    Set<String> agreements,
    List<String> text,
    boolean historical,
    List<Filter> except) {

  /** All criteria, in the order in which they are asked; copied once, since this is a hot path. */
  private static final Rejection[] CRITERIA = Rejection.values();

  /** How many ids and phrases are named before the rest is only counted. */
  private static final int SHOWN = 10;

  /** Wants everything but what is historical. */
  public static final Filter ALL =
      new Filter(
          Set.of(),
          Set.of(),
          Set.of(),
          Set.of(),
          Severity.LOW,
          false,
          Set.of(),
          Set.of(),
          List.of(),
          false,
          List.of());

  /** What a filter asks for, and why it refuses an alert; in the order in which it is asked. */
  public enum Rejection {
    HISTORICAL,
    SEVERITY,
    CERTAINTY,
    EVENT_TYPE,
    STATUS,
    RELATION,
    CHANGE,
    ORGANISATION,
    AGREEMENT,
    TEXT,
    EXCEPTED;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * What one criterion says of one alert.
   *
   * @param asked whether the filter asks for anything here
   * @param wants in words; {@code any} where it asks for nothing
   * @param has what the alert says of it, in words that can come from news, unescaped
   */
  public record Check(
      Rejection criterion, boolean asked, boolean passed, String wants, String has) {}

  public Filter {
    types = Set.copyOf(types);
    statuses = Set.copyOf(statuses);
    relations = Set.copyOf(relations);
    changes = Set.copyOf(changes);
    organisations = Set.copyOf(organisations);
    agreements = Set.copyOf(agreements);
    text = List.copyOf(text);
    except = List.copyOf(except);
  }

  /** Why the alert is not wanted; empty when it is. */
  public Optional<Rejection> reject(Alert alert) {
    return reject(new AlertFacts(alert));
  }

  /** The same, with what was read off the alert once for many filters. */
  public Optional<Rejection> reject(AlertFacts facts) {
    for (Rejection criterion : CRITERIA) {
      if (!passes(criterion, facts)) {
        return Optional.of(criterion);
      }
    }
    return Optional.empty();
  }

  /** What every criterion says of the alert, in the order in which they are asked. */
  public List<Check> checks(AlertFacts facts) {
    List<Check> checks = new ArrayList<>();
    for (Rejection criterion : CRITERIA) {
      checks.add(
          new Check(
              criterion,
              asks(criterion),
              passes(criterion, facts),
              wants(criterion),
              has(criterion, facts)));
    }
    return checks;
  }

  /** Whether this criterion lets the alert through. */
  private boolean passes(Rejection criterion, AlertFacts facts) {
    Alert alert = facts.alert();
    return switch (criterion) {
      case HISTORICAL -> historical || !alert.historical();
      case SEVERITY -> alert.severity().compareTo(severity) >= 0;
      case CERTAINTY -> !certain || alert.certainty() == Certainty.CERTAIN;
      case EVENT_TYPE -> types.isEmpty() || types.contains(alert.event().type());
      case STATUS -> statuses.isEmpty() || containsStatus(alert);
      case RELATION -> relations.isEmpty() || relations.contains(alert.relation());
      case CHANGE -> changes.isEmpty() || changes.contains(alert.change());
      case ORGANISATION -> organisations.isEmpty() || facts.namesOneOf(organisations);
      case AGREEMENT ->
          agreements.isEmpty()
              || namesAgreement(alert.agreement().id())
              || namesAgreement(alert.agreement().chain());
      case TEXT -> text.isEmpty() || text.stream().anyMatch(facts::says);
      case EXCEPTED -> exception(facts).isEmpty();
    };
  }

  private boolean containsStatus(Alert alert) {
    return alert.event().status() != null && statuses.contains(alert.event().status());
  }

  private boolean namesAgreement(String id) {
    return id != null && agreements.contains(id);
  }

  private Optional<Filter> exception(AlertFacts facts) {
    for (Filter one : except) {
      if (one.reject(facts).isEmpty()) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private boolean asks(Rejection criterion) {
    return switch (criterion) {
      case HISTORICAL -> !historical;
      case SEVERITY -> severity != Severity.LOW;
      case CERTAINTY -> certain;
      case EVENT_TYPE -> !types.isEmpty();
      case STATUS -> !statuses.isEmpty();
      case RELATION -> !relations.isEmpty();
      case CHANGE -> !changes.isEmpty();
      case ORGANISATION -> !organisations.isEmpty();
      case AGREEMENT -> !agreements.isEmpty();
      case TEXT -> !text.isEmpty();
      case EXCEPTED -> !except.isEmpty();
    };
  }

  private String wants(Rejection criterion) {
    if (!asks(criterion)) {
      return "any";
    }
    return switch (criterion) {
      case HISTORICAL -> "current";
      case SEVERITY -> severity == Severity.CRITICAL ? "critical" : severity.label() + " or above";
      case CERTAINTY -> Certainty.CERTAIN.label();
      case EVENT_TYPE -> labels(types);
      case STATUS -> labels(statuses);
      case RELATION -> labels(relations);
      case CHANGE -> labels(changes);
      case ORGANISATION -> some(organisations);
      case AGREEMENT -> some(agreements);
      case TEXT -> quoted(text);
      case EXCEPTED ->
          except.stream()
              .map(Filter::summary)
              .collect(Collectors.joining("; or ", "nothing of ", ""));
    };
  }

  private String has(Rejection criterion, AlertFacts facts) {
    Alert alert = facts.alert();
    return switch (criterion) {
      case HISTORICAL -> alert.historical() ? "historical" : "current";
      case SEVERITY -> alert.severity().label();
      case CERTAINTY -> alert.certainty().label();
      case EVENT_TYPE -> alert.event().type().label();
      case STATUS -> alert.event().status() == null ? "none" : alert.event().status().label();
      case RELATION -> alert.relation().label();
      case CHANGE -> alert.change().label();
      case ORGANISATION -> some(facts.organisations());
      case AGREEMENT ->
          Stream.of(alert.agreement().id(), alert.agreement().chain())
              .filter(Objects::nonNull)
              .distinct()
              .collect(Collectors.joining(", "));
      case TEXT -> {
        List<String> said = text.stream().filter(facts::says).toList();
        yield said.isEmpty() ? quoted(List.of(alert.title())) : quoted(said);
      }
      case EXCEPTED -> exception(facts).map(Filter::summary).orElse("nothing of it");
    };
  }

  /** What is asked for, in words. */
  private String summary() {
    return Arrays.stream(CRITERIA)
        // In an exception it asks for nothing.
        .filter(criterion -> criterion != Rejection.HISTORICAL && asks(criterion))
        .map(criterion -> criterion.label() + " " + wants(criterion))
        .collect(Collectors.joining(" and "));
  }

  private static <E extends Enum<E>> String labels(Set<E> wanted) {
    return wanted.stream().sorted().map(Kebab::of).collect(Collectors.joining(", "));
  }

  private static String some(Set<String> ids) {
    String shown = ids.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
    return ids.size() > SHOWN
        ? shown + " and " + (ids.size() - SHOWN) + " more"
        : shown.isEmpty() ? "none" : shown;
  }

  private static String quoted(List<String> texts) {
    return texts.stream()
            .limit(SHOWN)
            .map(text -> '"' + text + '"')
            .collect(Collectors.joining(", "))
        + (texts.size() > SHOWN ? " and " + (texts.size() - SHOWN) + " more" : "");
  }
}
