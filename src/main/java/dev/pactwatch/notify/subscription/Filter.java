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
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** Why an alert is not sent to a subscription. */
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
    Alert alert = facts.alert();
    if (alert.historical() && !historical) {
      return Optional.of(Rejection.HISTORICAL);
    }
    if (alert.severity().compareTo(severity) < 0) {
      return Optional.of(Rejection.SEVERITY);
    }
    if (certain && alert.certainty() != Certainty.CERTAIN) {
      return Optional.of(Rejection.CERTAINTY);
    }
    if (!types.isEmpty() && !types.contains(alert.event().type())) {
      return Optional.of(Rejection.EVENT_TYPE);
    }
    if (!statuses.isEmpty() && !statuses.contains(alert.event().status())) {
      return Optional.of(Rejection.STATUS);
    }
    if (!relations.isEmpty() && !relations.contains(alert.relation())) {
      return Optional.of(Rejection.RELATION);
    }
    if (!changes.isEmpty() && !changes.contains(alert.change())) {
      return Optional.of(Rejection.CHANGE);
    }
    if (!organisations.isEmpty() && !facts.namesOneOf(organisations)) {
      return Optional.of(Rejection.ORGANISATION);
    }
    if (!agreements.isEmpty()
        && !agreements.contains(alert.agreement().id())
        && !agreements.contains(alert.agreement().chain())) {
      return Optional.of(Rejection.AGREEMENT);
    }
    if (!text.isEmpty() && text.stream().noneMatch(facts::says)) {
      return Optional.of(Rejection.TEXT);
    }
    for (Filter exception : except) {
      if (exception.reject(facts).isEmpty()) {
        return Optional.of(Rejection.EXCEPTED);
      }
    }
    return Optional.empty();
  }
}
