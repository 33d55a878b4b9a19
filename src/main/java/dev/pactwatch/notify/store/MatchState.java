package dev.pactwatch.notify.store;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** What became of a revision that a subscription's filter let through. */
public enum MatchState {
  /** Waits: for its time, its group, its digest, or in a message that is on its way. */
  PENDING,
  /** Stands in a message that was taken. */
  SENT,
  /** Is not told, for a stored reason. */
  SUPPRESSED,
  /** Stands in a message that was given up. */
  DEAD;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }

  static MatchState of(String label) {
    return valueOf(label.toUpperCase(java.util.Locale.ROOT));
  }
}
