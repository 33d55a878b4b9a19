package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What decisions rest on besides the subscription, the alert and the time.
 *
 * @param open latest revisions of the alerts there are
 * @param silences in the order in which they are named as reasons
 * @param acknowledgements the latest, by id of the alert
 * @param intervals by name
 * @param told whether a subscription (first) was told of any revision of an alert (second)
 */
public record PolicyState(
    Collection<Alert> open,
    List<Silence> silences,
    Map<String, Acknowledgement> acknowledgements,
    Map<String, TimeInterval> intervals,
    List<InhibitRule> rules,
    BiPredicate<String, String> told) {

  /** Nothing holds anything back, and everything was told. */
  public static final PolicyState EMPTY =
      new PolicyState(List.of(), List.of(), Map.of(), Map.of(), List.of(), (one, other) -> true);
}
