package dev.pactwatch.notify.store;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** Where a message of the outbox stands. */
public enum MessageState {
  PENDING,
  DELIVERED,
  /** Given up; can be sent again by hand. */
  DEAD,
  /** A newer revision of its alert took its place before it was sent. */
  SUPERSEDED;

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }

  static MessageState of(String label) {
    return valueOf(label.toUpperCase(java.util.Locale.ROOT));
  }
}
