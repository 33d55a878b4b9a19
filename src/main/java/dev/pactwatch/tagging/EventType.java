package dev.pactwatch.tagging;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** What happened. */
public enum EventType {
  /** Cloud, compute, hosting or cloud distribution from one organisation to another. */
  CLOUD_PARTNERSHIP,
  /** A proceeding, or a credible threat of one. */
  LITIGATION;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
