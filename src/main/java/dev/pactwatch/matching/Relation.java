package dev.pactwatch.matching;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** How an event touches an agreement. */
public enum Relation {
  /**
   * The grantor of a blocking term gets something of its topic from another than the beneficiary.
   */
  CONFLICT,
  /**
   * Grantor and beneficiary stand on opposite sides of a litigation, or it attacks the exclusivity
   * itself.
   */
  DISPUTE,
  /** The agreement's own parties change or extend it. */
  AMENDMENT,
  /** The agreement's own parties end it, or it becomes non-exclusive. */
  ENDING,
  /** Any other event that names a party. */
  TOUCHES;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
