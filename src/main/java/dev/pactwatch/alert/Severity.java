package dev.pactwatch.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** How much an alert should disturb. */
public enum Severity {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
