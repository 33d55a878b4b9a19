package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** Why something that matches a subscription is not told, or not yet. */
public enum Reason {
  /** Another open alert makes it needless. */
  INHIBITION,
  /** It is outside of the subscription's active times. */
  ACTIVE_TIME,
  /** It is within one of the subscription's mute times. */
  MUTE_TIME,
  /** Somebody has silenced it. */
  SILENCE,
  /** Somebody has taken it on, and it has not moved since. */
  ACKNOWLEDGED,
  /** The subscriber is not to be disturbed now. */
  QUIET_HOURS,
  /** A newer revision of the alert has overtaken it. */
  SUPERSEDED,
  /** It takes back what this subscription was never told. */
  NEVER_TOLD,
  /** It waits for the message of its group. */
  GROUP,
  /** Its group has come to an end, or been told what it says, without it. */
  NOTHING_NEW,
  /** It waits for the next digest. */
  DIGEST;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
