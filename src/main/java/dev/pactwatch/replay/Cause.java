package dev.pactwatch.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.util.List;

/**
 * What made the difference between two alerts, or between an alert and none.
 *
 * @param kind what differs
 * @param only which of the sets has it
 * @param subject the event in short, the agreement's id, or the file
 * @param detail where it stands, or what differs in it; may be null
 * @param words of the article that are taken for the event; empty for an agreement
 * @param rules ids of the rules of the lexicon that fired
 * @param onlyRules those of them that the other lexicon does not have
 */
public record Cause(
    Kind kind,
    Only only,
    String subject,
    String detail,
    List<String> words,
    List<String> rules,
    List<String> onlyRules) {

  public Cause {
    words = List.copyOf(words);
    rules = List.copyOf(rules);
    onlyRules = List.copyOf(onlyRules);
  }

  /** What can differ. */
  public enum Kind {
    /** An event that is found in an article. */
    EVENT,
    /** A revision of an agreement. */
    AGREEMENT,
    /** Topics, retractions, or who belongs to whom. */
    DECISION,
    /** Only that other alerts of the chain differ. */
    OTHER;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /** Who has it. */
  public enum Only {
    FIRST,
    SECOND,
    /** Both, in different forms. */
    BOTH;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  static Cause of(Kind kind, Only only, String subject, String detail) {
    return new Cause(kind, only, subject, detail, List.of(), List.of(), List.of());
  }

  /** Without a full stop. */
  public String sentence() {
    StringBuilder text = new StringBuilder();
    switch (kind) {
      case EVENT -> {
        text.append("only the ").append(only.label()).append(" lexicon finds ").append(subject);
        if (!words.isEmpty()) {
          text.append(" by \"").append(String.join("\", \"", words)).append('"');
        }
        if (!rules.isEmpty()) {
          text.append(", rules ").append(String.join(", ", rules));
        }
        if (!onlyRules.isEmpty()) {
          text.append(" (which only it has: ").append(String.join(", ", onlyRules)).append(')');
        }
      }
      case AGREEMENT -> {
        text.append(
            only == Only.BOTH
                ? "the registries differ in "
                : "only the " + only.label() + " registry has ");
        text.append(subject);
      }
      case DECISION, OTHER -> text.append(subject);
    }
    return detail == null ? text.toString() : text.append(": ").append(detail).toString();
  }
}
