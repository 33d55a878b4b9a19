package dev.pactwatch.tagging;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A rule with its labels resolved. */
final class Frame {

  /** Where a party stands around the anchor. */
  enum Place {
    /** Before the verb, without a preposition. */
    SUBJECT,
    /** After the verb, without a preposition. */
    OBJECT,
    /** {@code X's suit}. */
    POSSESSOR,
    /** {@code the X suit}. */
    MODIFIER,
    /** {@code X v. Y}: right before. */
    LEFT,
    /** {@code X v. Y}: right after. */
    RIGHT,
    /** Anywhere before, when no other place is filled. */
    OUTER,
    /** After a preposition. */
    PREPOSITION
  }

  /**
   * One place and the role of who stands there.
   *
   * @param name as the file has it
   * @param word id of the preposition, -1 for other places
   */
  record Slot(String name, Place place, int word, Role role) {}

  final Rule rule;
  final EventType type;
  final Status status;
  final Slot[] slots;

  /** Roles of the slots of which one or all must be filled; null for one that never is. */
  final Role[] needs;

  /** Role of the names in the sentence that stand in no place of the rule; null for none. */
  final Role others;

  /** Conditions of the rule that tell whether it can fire at all, where they are quick to reach. */
  final long with;

  final long after;
  final long near;
  final long context;
  final long without;

  Frame(Rule rule, Lexicon lexicon) {
    this.rule = rule;
    this.with = rule.with();
    this.after = rule.after();
    this.near = rule.near();
    this.context = rule.context();
    this.without = rule.without();
    this.type = constant(rule, "event", rule.event(), EventType.values());
    this.status =
        rule.status() == null ? null : constant(rule, "status", rule.status(), Status.values());
    if (status != null && status.type() != type) {
      throw problem(rule, "status '" + rule.status() + "' is none of " + rule.event());
    }
    List<Slot> places = new ArrayList<>();
    for (Map.Entry<String, String> each : new TreeMap<>(rule.slots()).entrySet()) {
      Role role = constant(rule, "slots." + each.getKey(), each.getValue(), Role.values());
      if (!each.getKey().equals("others")) {
        places.add(slot(each.getKey(), role, lexicon));
      }
    }
    this.slots = places.toArray(Slot[]::new);
    this.needs = new Role[rule.needs().size()];
    for (int i = 0; i < needs.length; i++) {
      for (Slot slot : slots) {
        needs[i] = slot.name().equals(rule.needs().get(i)) ? slot.role() : needs[i];
      }
    }
    String rest = rule.slots().get("others");
    this.others = rest == null ? null : constant(rule, "slots.others", rest, Role.values());
  }

  Role role(Place place) {
    for (Slot slot : slots) {
      if (slot.place() == place) {
        return slot.role();
      }
    }
    return null;
  }

  private Slot slot(String name, Role role, Lexicon lexicon) {
    for (Place place : Place.values()) {
      if (place != Place.PREPOSITION && Kebab.of(place).equals(name)) {
        return new Slot(name, place, -1, role);
      }
    }
    int word = lexicon.vocabulary().find(name);
    if (word < 0 || (lexicon.classes(word) & lexicon.bit("preposition")) == 0) {
      throw problem(rule, "slot '" + name + "' is neither a place nor a preposition");
    }
    return new Slot(name, Place.PREPOSITION, word, role);
  }

  private static <E extends Enum<E>> E constant(Rule rule, String field, String label, E[] values) {
    for (E value : values) {
      if (Kebab.of(value).equals(label)) {
        return value;
      }
    }
    throw problem(rule, field + ": '" + label + "' is unknown");
  }

  private static ConfigException problem(Rule rule, String what) {
    return new ConfigException(rule.place() + ": rule '" + rule.id() + "': " + what);
  }
}
