package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which alerts make others needless, with Alertmanager's meaning. */
public final class Inhibition {

  private Inhibition() {}

  /** A rule and the open alert through which it holds. */
  public record Inhibitor(InhibitRule rule, Alert source) {}

  /**
   * The first rule that holds back the alert, and the first open alert through which it does. An
   * alert never does so to itself; and where the alert is a source and a target at once, neither do
   * others that are both, which would hold each other back.
   *
   * @param open the latest revisions of the alerts there are; withdrawn ones count for nothing
   */
  public static Optional<Inhibitor> inhibitor(
      Alert alert, Collection<Alert> open, List<InhibitRule> rules) {
    for (InhibitRule rule : rules) {
      if (!rule.target().matches(alert)) {
        continue;
      }
      boolean both = rule.source().matches(alert);
      for (Alert other : open) {
        if (other.change() != Change.WITHDRAWN
            && !other.id().equals(alert.id())
            && rule.source().matches(other)
            && !(both && rule.target().matches(other))
            && rule.equal().stream()
                .allMatch(label -> label.identity(other).equals(label.identity(alert)))) {
          return Optional.of(new Inhibitor(rule, other));
        }
      }
    }
    return Optional.empty();
  }
}
