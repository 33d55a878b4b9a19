package dev.pactwatch.tagging;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** What a party does in an event. */
public enum Role {
  /** Gives the cloud, compute, hosting or distribution. */
  PROVIDER,
  /** Gets it. */
  CUSTOMER,
  /** Cannot be told, or both. */
  PARTNER,
  PLAINTIFF,
  DEFENDANT,
  /** Cannot be told. */
  PARTY;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
