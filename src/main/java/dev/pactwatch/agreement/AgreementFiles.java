package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Agreements as YAML: a list under {@code agreements:}, one entry per revision, in snake case. The
 * fields are those of {@link Agreement}, {@link Term} and {@link AgreementFacts}; {@code
 * config/agreements/} shows them all. JSON is YAML too, and the form of the topic and of the API is
 * read as well: names in camel case, {@code organisation} for a party's {@code entity}, {@code
 * chain} and {@code revision} as two texts, and the {@code facts} in an object of their own.
 */
public final class AgreementFiles {

  private static final Set<String> TOP =
      Set.of(
          "agreements",
          "meta",
          "entities",
          "baseline_without_exclusivity",
          "candidates_not_loaded",
          "as_of_checks");

  private static final Set<String> FACTS =
      Set.of("cluster", "record_type", "territory", "date_basis", "amounts", "mutual", "disputed");

  private static final Set<String> FIELDS =
      bothForms(
          FACTS,
          Set.of(
              "id",
              "title",
              "chain",
              "revision",
              "parties",
              "kind",
              "terms",
              "effective_from",
              "effective_from_precision",
              "effective_to",
              "effective_to_precision",
              "superseded_by",
              "carve_outs",
              "status",
              "checked_to",
              "sources",
              "confidence",
              "notes",
              "facts"));

  private static final Set<String> TERM_FIELDS =
      bothForms(
          Set.of(
              "kind",
              "topic",
              "grantor",
              "beneficiary",
              "scope",
              "carve_outs",
              "until",
              "grantor_supplies",
              "products"));

  private static final List<String> STATUSES =
      List.of("in-force", "superseded", "ended", "unclear", "announced-nonbinding");

  private AgreementFiles() {}

  /**
   * Reads one file, or all {@code *.yaml} and {@code *.yml} files of a directory in the order of
   * their names. What else a file of the registry's own form may hold (meta, entities, baseline
   * records, candidates, checks) is left alone.
   *
   * @throws ConfigException when something cannot be read, naming file, line and field
   */
  public static Registry load(Path fileOrDirectory) {
    // One file after the other: as text and tree, a large registry takes many times its room.
    return merged(files(fileOrDirectory).stream().map(Yaml::read).map(AgreementFiles::of).toList());
  }

  /**
   * @param name what messages call the text
   * @throws ConfigException as {@link #load}
   */
  public static Registry parse(String name, String text) {
    return registry(Yaml.parse(name, text));
  }

  /**
   * Reads agreements that somebody hands in: a file of the registry's form, a list of agreements,
   * or one agreement alone.
   *
   * @param name what messages call the text
   * @throws ConfigException as {@link #load}
   */
  public static Registry read(String name, String text) {
    Yaml root = Yaml.parse(name, text);
    if (root.isMap() && root.map().containsKey("agreements")) {
      return registry(root);
    }
    return merged(List.of(placed(root.isList() ? root.list() : List.of(root))));
  }

  static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ConfigException(path + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  /** An agreement, and where it stands. */
  record Placed(Agreement agreement, String file, ConfigException.Place place) {}

  static Registry registry(Yaml root) {
    return merged(List.of(of(root)));
  }

  /** The agreements of a file in the registry's form. */
  static List<Placed> of(Yaml root) {
    root.map(TOP);
    return placed(root.need("agreements").list());
  }

  private static List<Placed> placed(List<Yaml> items) {
    List<Placed> placed = new ArrayList<>(items.size());
    for (Yaml item : items) {
      Agreement agreement = agreement(item);
      placed.add(new Placed(agreement, item.file(), item.need("id").place()));
    }
    return placed;
  }

  /** All of some files together, in which no id may stand twice. */
  static Registry merged(List<List<Placed>> files) {
    Map<String, Placed> byId = new LinkedHashMap<>();
    for (List<Placed> file : files) {
      for (Placed one : file) {
        String id = one.agreement().id();
        Placed other = byId.put(id, one);
        if (other != null) {
          throw new ConfigException(
              one.file(),
              new ConfigException.Place(
                  one.place().line(),
                  one.place().field(),
                  "'" + id + "' stands already in " + other.file() + ":" + other.place().line()));
        }
      }
    }
    return Registry.of(byId.values().stream().map(Placed::agreement).toList());
  }

  private static Agreement agreement(Yaml item) {
    item.map(FIELDS);
    String id = word(item.need("id"));
    List<AgreementParty> parties =
        item.need("parties").list().stream().map(AgreementFiles::party).toList();
    if (parties.size() < 2) {
      throw item.need("parties").problem("needs two parties or more");
    }
    List<Yaml> termItems = item.need("terms").list();
    if (termItems.isEmpty()) {
      throw item.need("terms").problem("needs one term or more");
    }
    List<Term> terms = termItems.stream().map(term -> term(term, parties)).toList();
    Optional<Yaml> chain = item.get("chain");
    chain.filter(value -> !value.isText()).ifPresent(value -> value.map(Set.of("id", "rev")));
    Optional<Yaml> facts = item.get("facts");
    facts.ifPresent(value -> value.map(bothForms(FACTS)));
    PartialDate from = date(item, "effective_from");
    PartialDate to = date(item, "effective_to");
    if (from != null && to != null && to.last().isBefore(from.first())) {
      throw get(item, "effective_to").orElseThrow().problem("lies before effective_from, " + from);
    }
    Yaml status = item.need("status");
    if (!STATUSES.contains(status.text())) {
      throw status.problem(
          "'" + status.text() + "' is unknown; one of " + String.join(", ", STATUSES));
    }
    item.get("kind").ifPresent(kinds -> kinds.list().forEach(kind -> kind.oneOf(TermKind.class)));
    return new Agreement(
        id,
        item.need("title").text(),
        chain.map(value -> word(value.isText() ? value : value.need("id"))).orElse(id),
        revision(item, chain),
        parties,
        terms,
        from,
        to,
        text(item, "superseded_by"),
        status.text(),
        get(item, "checked_to").map(AgreementFiles::date).orElse(null),
        item.need("confidence").oneOf(Confidence.class),
        get(item, "carve_outs").map(Yaml::texts).orElse(List.of()),
        item.get("sources")
            .map(sources -> sources.list().stream().map(AgreementFiles::source).toList())
            .orElse(List.of()),
        text(item, "notes"),
        new AgreementFacts(
            fact(item, facts, "record_type").map(Yaml::text).orElse(null),
            fact(item, facts, "cluster").map(Yaml::text).orElse(null),
            fact(item, facts, "territory").map(Yaml::text).orElse(null),
            fact(item, facts, "date_basis").map(Yaml::text).orElse(null),
            fact(item, facts, "amounts").map(Yaml::text).orElse(null),
            fact(item, facts, "mutual").map(Yaml::bool).orElse(null),
            fact(item, facts, "disputed").map(Yaml::bool).orElse(null)));
  }

  /** As a field of its own in one form, as a part of the chain in the other. */
  private static String revision(Yaml item, Optional<Yaml> chain) {
    Optional<Yaml> own = item.get("revision");
    if (chain.isPresent() && !chain.get().isText()) {
      own.ifPresent(
          value -> {
            throw value.problem("stands beside chain.rev; write one of them");
          });
      return chain.get().need("rev").text();
    }
    return own.map(Yaml::text).orElse("1");
  }

  private static Optional<Yaml> fact(Yaml item, Optional<Yaml> facts, String field) {
    return get(item, field)
        .or(() -> facts.flatMap(all -> get(all, field)))
        .filter(value -> !value.isText() || !value.text().isBlank());
  }

  private static AgreementParty party(Yaml item) {
    item.map(Set.of("entity", "organisation", "name", "role"));
    String entity = word(item.get("organisation").orElseGet(() -> item.need("entity")));
    return new AgreementParty(
        entity, item.get("name").map(Yaml::text).orElse(entity), item.need("role").text());
  }

  private static Term term(Yaml item, List<AgreementParty> parties) {
    item.map(TERM_FIELDS);
    return new Term(
        item.need("kind").oneOf(TermKind.class),
        word(item.need("topic")),
        side(item.need("grantor"), parties),
        side(item.need("beneficiary"), parties),
        text(item, "scope"),
        get(item, "carve_outs").map(Yaml::texts).orElse(List.of()),
        item.get("until").map(AgreementFiles::date).orElse(null),
        get(item, "grantor_supplies").map(Yaml::bool).orElse(null),
        item.get("products").map(Yaml::texts).orElse(List.of()));
  }

  private static String side(Yaml value, List<AgreementParty> parties) {
    String organisation = word(value);
    if (parties.stream().noneMatch(party -> party.organisation().equals(organisation))) {
      throw value.problem("'" + organisation + "' is none of the agreement's parties");
    }
    return organisation;
  }

  private static Source source(Yaml item) {
    item.map(Set.of("title", "publisher", "date", "url", "type", "access"));
    return new Source(
        item.need("title").text(),
        text(item, "publisher"),
        text(item, "date"),
        text(item, "url"),
        text(item, "type"),
        text(item, "access"));
  }

  private static String text(Yaml item, String field) {
    return get(item, field).map(Yaml::text).filter(text -> !text.isBlank()).orElse(null);
  }

  /** The field under the name of either form; not under both. */
  private static Optional<Yaml> get(Yaml item, String field) {
    Optional<Yaml> snake = item.get(field);
    String camel = camel(field);
    if (camel.equals(field)) {
      return snake;
    }
    Optional<Yaml> other = item.get(camel);
    if (snake.isPresent() && other.isPresent()) {
      throw other.get().problem("stands twice: as " + field + " too");
    }
    return snake.or(() -> other);
  }

  @SafeVarargs
  private static Set<String> bothForms(Set<String>... names) {
    Set<String> all = new HashSet<>();
    for (Set<String> some : names) {
      for (String name : some) {
        all.add(name);
        all.add(camel(name));
      }
    }
    return Set.copyOf(all);
  }

  private static String camel(String field) {
    StringBuilder camel = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      camel.append(
          field.charAt(i) == '_' ? Character.toUpperCase(field.charAt(++i)) : field.charAt(i));
    }
    return camel.toString();
  }

  /** An id: no blanks, so that it can stand on a command line and in a key. */
  private static String word(Yaml value) {
    String text = value.text();
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw value.problem("must be an id without blanks, not '" + text + "'");
    }
    return text;
  }

  private static PartialDate date(Yaml value) {
    try {
      return PartialDate.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw value.problem(e.getMessage());
    }
  }

  private static PartialDate date(Yaml item, String field) {
    Optional<Yaml> value = get(item, field);
    Optional<Yaml> precision = get(item, field + "_precision");
    if (value.isEmpty()) {
      if (precision.isPresent()) {
        throw precision.get().problem("stands without " + field);
      }
      return null;
    }
    PartialDate date = date(value.get());
    if (precision.isEmpty()) {
      return date;
    }
    PartialDate.Precision wanted = precision.get().oneOf(PartialDate.Precision.class);
    if (wanted.compareTo(date.precision()) < 0) {
      throw precision
          .get()
          .problem("'" + precision.get().text() + "' is more than " + date + " says");
    }
    String written = date.toString();
    return switch (wanted) {
      case DAY -> date;
      case MONTH -> PartialDate.parse(written.substring(0, 7));
      case YEAR -> PartialDate.parse(written.substring(0, 4));
    };
  }

  /**
   * Writes a file that {@link #load} reads back as the same agreements.
   *
   * @throws ConfigException when the file cannot be written
   */
  public static void write(Path file, List<Agreement> agreements) {
    try {
      Files.writeString(file, yaml(agreements), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** The text that {@link #write} writes. */
  public static String yaml(List<Agreement> agreements) {
    StringBuilder text =
        new StringBuilder(agreements.isEmpty() ? "agreements: []\n" : "agreements:\n");
    for (Agreement agreement : agreements) {
      AgreementYaml.lines(agreement, 2).forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }
}
