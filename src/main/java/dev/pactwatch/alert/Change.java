package dev.pactwatch.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** Why a revision of an alert was written. */
public enum Change {
  /** The first revision. */
  OPENED,
  /** A detail changed: amount, product, agreement revision. */
  UPDATED,
  /** The status moved on, such as from threatened to filed. */
  ESCALATED,
  /** One more publisher family reports the same. */
  CORROBORATED,
  /** What it rested on was retracted, or the agreement changed. */
  WITHDRAWN;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
