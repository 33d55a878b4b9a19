package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.subscription.AlertFacts;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What matchers can ask of an alert. An alert can have several values of one label, or none. */
public enum AlertLabel {
  /** Its id. */
  ALERT,
  /** Id of the agreement's revision, and of its chain. */
  AGREEMENT,
  RELATION,
  EVENT_TYPE,
  STATUS,
  SEVERITY,
  CERTAINTY,
  CHANGE,
  /** Ids of the parties of the event and of the term. */
  ORGANISATION,
  /** Ids of those of the event who are not bound by the agreement. */
  COUNTERPARTY,
  /** Names of those who report it, and of their families. */
  PUBLISHER;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }

  /** The label of this name. */
  public static Optional<AlertLabel> of(String name) {
    for (AlertLabel label : values()) {
      if (label.label().equals(name)) {
        return Optional.of(label);
      }
    }
    return Optional.empty();
  }

  /** The alert's values; empty for none. */
  public Set<String> values(Alert alert) {
    return switch (this) {
      case ALERT -> Set.of(alert.id());
      case AGREEMENT -> some(alert.agreement().id(), alert.agreement().chain());
      case RELATION -> Set.of(alert.relation().label());
      case EVENT_TYPE -> Set.of(alert.event().type().label());
      case STATUS ->
          alert.event().status() == null ? Set.of() : Set.of(alert.event().status().label());
      case SEVERITY -> Set.of(alert.severity().label());
      case CERTAINTY -> Set.of(alert.certainty().label());
      case CHANGE -> Set.of(alert.change().label());
      case ORGANISATION -> new AlertFacts(alert).organisations();
      case COUNTERPARTY -> Set.copyOf(alert.event().counterparties());
      case PUBLISHER -> {
        Set<String> names = new TreeSet<>();
        alert
            .articles()
            .forEach(article -> names.addAll(some(article.publisher(), article.family())));
        yield names;
      }
    };
  }

  /**
   * What two alerts have in common when this label is equal. Of an agreement that is the chain: its
   * revisions are one agreement.
   */
  Set<String> identity(Alert alert) {
    return this == AGREEMENT ? some(alert.agreement().chain(), null) : values(alert);
  }

  private static Set<String> some(String one, String other) {
    Set<String> found = new TreeSet<>();
    if (one != null) {
      found.add(one);
    }
    if (other != null) {
      found.add(other);
    }
    return found;
  }
}
