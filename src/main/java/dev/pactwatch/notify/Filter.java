package dev.pactwatch.notify;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Relation;
import java.util.Optional;
import java.util.Set;

/**
 * Which alerts a subscription wants. An empty set stands for any.
 *
 * @param severity the lowest that is wanted
 * @param organisations ids; one of them must be a party of the event or of the term
 * @param agreements ids of agreements or of their chains
 * @param historical whether alerts that rest on backfilled articles alone are wanted too
 */
public record Filter(
    Set<Relation> relations,
    Severity severity,
    Set<String> organisations,
    Set<String> agreements,
    boolean historical) {

  /** Why an alert is not sent to a subscription. */
  public enum Rejection {
    HISTORICAL,
    SEVERITY,
    RELATION,
    ORGANISATION,
    AGREEMENT
  }

  public Filter {
    relations = Set.copyOf(relations);
    organisations = Set.copyOf(organisations);
    agreements = Set.copyOf(agreements);
  }

  /** Why the alert is not wanted; empty when it is. */
  public Optional<Rejection> reject(Alert alert) {
    if (alert.historical() && !historical) {
      return Optional.of(Rejection.HISTORICAL);
    }
    if (alert.severity().compareTo(severity) < 0) {
      return Optional.of(Rejection.SEVERITY);
    }
    if (!relations.isEmpty() && !relations.contains(alert.relation())) {
      return Optional.of(Rejection.RELATION);
    }
    if (!organisations.isEmpty() && organisations.stream().noneMatch(alert::names)) {
      return Optional.of(Rejection.ORGANISATION);
    }
    if (!agreements.isEmpty()
        && !agreements.contains(alert.agreement().id())
        && !agreements.contains(alert.agreement().chain())) {
      return Optional.of(Rejection.AGREEMENT);
    }
    return Optional.empty();
  }
}
