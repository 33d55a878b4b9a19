package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.notify.subscription.AlertFacts;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.util.List;
import java.util.stream.Collectors;

/** Which group an alert belongs to. */
public final class GroupKey {

  private GroupKey() {}

  /**
   * The subscription's id and what the group has in common, such as {@code
   * desk:{agreement="a-b",severity="high"}}: the same text for the same group, today and later.
   *
   * @throws IllegalArgumentException when the subscription is not told in groups
   */
  public static String of(Subscription subscription, Alert alert) {
    if (!(subscription.timing() instanceof Timing.Grouped grouped)) {
      throw new IllegalArgumentException(subscription.id() + " is not told in groups");
    }
    return subscription.id()
        + grouped.by().stream()
            .map(label -> label.label() + "=" + quoted(value(label, alert)))
            .collect(Collectors.joining(",", ":{", "}"));
  }

  private static String value(Timing.Label label, Alert alert) {
    return switch (label) {
      case ALERT -> alert.id();
      case AGREEMENT -> first(alert.agreement().chain(), alert.agreement().id());
      case ORGANISATIONS ->
          String.join(
              " ", List.copyOf(new AlertFacts(alert).organisations()).stream().sorted().toList());
      case RELATION -> alert.relation().label();
      case EVENT_TYPE -> alert.event().type().label();
      case SEVERITY -> alert.severity().label();
      case STATUS -> alert.event().status() == null ? "" : alert.event().status().label();
    };
  }

  private static String first(String one, String other) {
    return one != null ? one : other == null ? "" : other;
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
