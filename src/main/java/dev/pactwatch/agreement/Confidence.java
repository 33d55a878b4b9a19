package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** How well a record is supported. */
public enum Confidence {
  /** Primary text, or two independent sources that agree. */
  HIGH,
  /** One good source, or agreement on the deal but not on the term. */
  MEDIUM,
  /** A single weak source or wording not seen: never alerts. */
  LOW;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
