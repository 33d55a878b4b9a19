package dev.pactwatch.matching;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** Whether the relation is known to hold. */
public enum Certainty {
  /** The event names the topic. */
  CERTAIN,
  /** The topic, or the scope, cannot be told. */
  POSSIBLE;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
