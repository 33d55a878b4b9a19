package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/** What a term grants. */
public enum TermKind {
  /** The beneficiary alone, in the stated scope. */
  EXCLUSIVE,
  /** The only third party; the grantor may still act itself. */
  SOLE,
  PREFERRED,
  PRIMARY,
  RIGHT_OF_FIRST_REFUSAL,
  FIRST_LAUNCH,
  DEFAULT_PLACEMENT,
  NON_COMPETE,
  OFFICIAL_PARTNER,
  NON_EXCLUSIVE,
  NONE_DISCLOSED;

  /** Whether the grantor may not deal with others while such a term is in force. */
  public boolean blocking() {
    return switch (this) {
      case EXCLUSIVE, SOLE, RIGHT_OF_FIRST_REFUSAL, NON_COMPETE -> true;
      case PREFERRED,
          PRIMARY,
          FIRST_LAUNCH,
          DEFAULT_PLACEMENT,
          OFFICIAL_PARTNER,
          NON_EXCLUSIVE,
          NONE_DISCLOSED ->
          false;
    };
  }

  /** As a noun without article, such as {@code exclusive term}. */
  public String inWords() {
    return switch (this) {
      case RIGHT_OF_FIRST_REFUSAL -> "right of first refusal";
      case OFFICIAL_PARTNER -> "official partnership";
      case NONE_DISCLOSED -> "undisclosed term";
      default -> label() + " term";
    };
  }

  @JsonValue
  public String label() {
    return Kebab.of(this);
  }
}
