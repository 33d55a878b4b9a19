package dev.pactwatch.web.access;

import dev.pactwatch.json.Kebab;

/** What somebody may do; each may all that those before it may. */
public enum AccessRole {
  /** Reads. */
  VIEWER,
  /**
   * Changes feeds, agreements and subscriptions, silences, acknowledges, has deliveries repeated.
   */
  EDITOR,
  /** Tokens, audit trails, secrets. */
  ADMIN;

  public boolean may(AccessRole needed) {
    return compareTo(needed) >= 0;
  }

  public String label() {
    return Kebab.of(this);
  }
}
