package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Lifecycle;
import dev.pactwatch.tagging.Status;
import java.time.Instant;

/**
 * Somebody has taken on an alert as it stood.
 *
 * @param note in words; may be null
 * @param at when
 * @param until when it ends by itself; null for when the alert moves
 * @param revision the one that was acknowledged
 * @param status the alert's at that revision
 */
public record Acknowledgement(
    String alertId,
    String by,
    String note,
    Instant at,
    Instant until,
    int revision,
    Status status) {

  /**
   * Whether it holds of the alert: it has not ended by itself, and the alert has neither moved on
   * in status since nor been withdrawn.
   */
  public boolean holds(Alert alert, Instant now) {
    return !expired(now) && !movedOn(alert);
  }

  /** Whether its time is over. */
  public boolean expired(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /** Whether the alert is no longer what was acknowledged. */
  public boolean movedOn(Alert alert) {
    if (alert.change() == Change.WITHDRAWN) {
      return true;
    }
    Status now = alert.event().status();
    return (alert.change() == Change.ESCALATED && alert.revision() > revision)
        || (status != null && now != null && Lifecycle.advances(status, now));
  }

  /** Whether it keeps this revision from being told, where it holds. */
  static boolean suppresses(Change change) {
    return change == Change.CORROBORATED || change == Change.UPDATED;
  }
}
