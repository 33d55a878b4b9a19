package dev.pactwatch.tagging;

import java.util.List;

/**
 * One event that an article reports, field by field as the annotation guide defines it.
 *
 * @param exclusivity null for a litigation
 * @param amount null where the article gives none for this event
 * @param product what it is for, null where not named
 * @param topic what is bought, in the vocabulary of {@code config/topics.yaml}; null where it
 *     cannot be told
 * @param background true when the article mentions the event as history or context only
 * @param confidence 0 to 1
 * @param evidence the words for each of the fields above
 */
public record Event(
    EventType type,
    Status status,
    List<Party> parties,
    Amount amount,
    Exclusivity exclusivity,
    String product,
    String topic,
    boolean background,
    double confidence,
    List<Evidence> evidence) {

  public Event {
    if (status.type() != type) {
      throw new IllegalArgumentException(
          "status " + status.label() + " is none of " + type.label());
    }
    parties = List.copyOf(parties);
    evidence = List.copyOf(evidence);
  }
}
