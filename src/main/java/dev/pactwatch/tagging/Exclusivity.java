package dev.pactwatch.tagging;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** What an article says of the exclusivity of a cloud partnership. */
public enum Exclusivity {
  /** Also sole, only. */
  EXCLUSIVE,
  /** Also primary, main. */
  PREFERRED,
  FIRST_REFUSAL,
  /** Open to others, or exclusivity ends. */
  NON_EXCLUSIVE,
  /** Nothing said. */
  NONE;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
