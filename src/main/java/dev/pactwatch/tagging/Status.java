package dev.pactwatch.tagging;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** How far an event has come. Each status belongs to one type of event. */
public enum Status {
  IN_TALKS,
  AGREED,
  EXPANDED,
  AMENDED,
  ENDED,
  DENIED,
  THREATENED,
  FILED,
  ONGOING,
  RULED,
  SETTLED,
  DISMISSED,
  DROPPED,
  APPEALED;

  /** The type of event that can have this status. */
  public EventType type() {
    return ordinal() < THREATENED.ordinal() ? EventType.CLOUD_PARTNERSHIP : EventType.LITIGATION;
  }

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
