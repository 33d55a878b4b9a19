package dev.pactwatch.notify.subscription;

import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the fields that say what is wanted. */
final class FilterReader {

  /** Fields of an exception. */
  private static final Set<String> NARROWING =
      Set.of(
          "types",
          "statuses",
          "relations",
          "changes",
          "severity",
          "certain",
          "organisations",
          "agreements",
          "text");

  static final Set<String> FIELDS = fields();

  private static final int MAX_IDS = 10_000;
  private static final int MAX_PHRASES = 100;
  private static final int MAX_PHRASE = 200;
  private static final int MAX_EXCEPTIONS = 50;

  private final KnownIds known;

  FilterReader(KnownIds known) {
    this.known = known;
  }

  Filter read(Yaml item) {
    List<Filter> except = new ArrayList<>();
    for (Yaml one : items(item.get("except"), MAX_EXCEPTIONS)) {
      one.map(NARROWING);
      if (one.map().values().stream().allMatch(Yaml::isNull)) {
        throw one.problem("names nothing, and would take everything away");
      }
      // An exception takes backfilled alerts away like any other.
      except.add(filter(one, true, List.of()));
    }
    return filter(item, item.get("historical").map(Yaml::bool).orElse(false), except);
  }

  private Filter filter(Yaml item, boolean historical, List<Filter> except) {
    Set<EventType> types = constants(item, "types", EventType.class);
    Set<Status> statuses = new LinkedHashSet<>();
    for (Yaml one : items(item.get("statuses"), MAX_IDS)) {
      Status status = one.oneOf(Status.class);
      statuses.add(status);
      if (!types.isEmpty() && !types.contains(status.type())) {
        throw one.problem(
            "'"
                + status.label()
                + "' is a status of "
                + status.type().label()
                + ", which 'types' leaves out");
      }
    }
    return new Filter(
        types,
        statuses,
        constants(item, "relations", Relation.class),
        constants(item, "changes", Change.class),
        item.get("severity").map(value -> value.oneOf(Severity.class)).orElse(Severity.LOW),
        item.get("certain").map(Yaml::bool).orElse(false),
        ids(item.get("organisations"), known::checkOrganisation),
        ids(item.get("agreements"), known::checkAgreement),
        phrases(item.get("text")),
        historical,
        except);
  }

  private static <E extends Enum<E>> Set<E> constants(Yaml item, String field, Class<E> type) {
    Set<E> read = new LinkedHashSet<>();
    for (Yaml one : items(item.get(field), MAX_IDS)) {
      read.add(one.oneOf(type));
    }
    return read;
  }

  private static Set<String> ids(Optional<Yaml> field, Consumer<Yaml> check) {
    Set<String> read = new LinkedHashSet<>();
    for (Yaml one : items(field, MAX_IDS)) {
      if (one.text().isBlank()) {
        throw one.problem("is empty");
      }
      check.accept(one);
      read.add(one.text());
    }
    return read;
  }

  private static List<String> phrases(Optional<Yaml> field) {
    List<String> read = new ArrayList<>();
    for (Yaml one : items(field, MAX_PHRASES)) {
      if (one.text().length() > MAX_PHRASE) {
        throw one.problem("must be up to " + MAX_PHRASE + " characters");
      }
      if (AlertFacts.fold(one.text()).isBlank()) {
        throw one.problem("holds no word");
      }
      read.add(one.text());
    }
    return read;
  }

  /** A list, or one text in place of a list of one. */
  private static List<Yaml> items(Optional<Yaml> field, int most) {
    if (field.isEmpty()) {
      return List.of();
    }
    Yaml value = field.get();
    List<Yaml> items = value.isText() ? List.of(value) : value.list();
    if (items.size() > most) {
      throw value.problem("must hold up to " + most + " entries, not " + items.size());
    }
    return items;
  }

  private static Set<String> fields() {
    Set<String> all = new LinkedHashSet<>(NARROWING);
    all.add("historical");
    all.add("except");
    return Set.copyOf(all);
  }
}
