package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Agreements as YAML: a list under {@code agreements:}, one entry per revision, in snake case. The
 * fields are those of {@link Agreement}, {@link Term} and {@link AgreementFacts}; {@code
 * config/agreements/} shows them all.
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

  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "title",
          "cluster",
          "record_type",
          "chain",
          "parties",
          "kind",
          "terms",
          "territory",
          "effective_from",
          "effective_from_precision",
          "date_basis",
          "effective_to",
          "effective_to_precision",
          "superseded_by",
          "carve_outs",
          "amounts",
          "status",
          "checked_to",
          "sources",
          "confidence",
          "notes",
          "mutual",
          "disputed");

  private static final Set<String> TERM_FIELDS =
      Set.of(
          "kind",
          "topic",
          "grantor",
          "beneficiary",
          "scope",
          "carve_outs",
          "until",
          "grantor_supplies",
          "products");

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
    List<Yaml> roots = files(fileOrDirectory).stream().map(Yaml::read).toList();
    return registry(roots);
  }

  /**
   * @param name what messages call the text
   * @throws ConfigException as {@link #load}
   */
  public static Registry parse(String name, String text) {
    return registry(List.of(Yaml.parse(name, text)));
  }

  private static List<Path> files(Path path) {
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

  private static Registry registry(List<Yaml> roots) {
    List<Agreement> agreements = new ArrayList<>();
    Map<String, Yaml> places = new HashMap<>();
    for (Yaml root : roots) {
      root.map(TOP);
      for (Yaml item : root.need("agreements").list()) {
        Agreement agreement = agreement(item);
        Yaml place = item.need("id");
        Yaml other = places.put(agreement.id(), place);
        if (other != null) {
          throw place.problem(
              "'" + agreement.id() + "' stands already in " + other.file() + ":" + other.line());
        }
        agreements.add(agreement);
      }
    }
    return Registry.of(agreements);
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
    chain.ifPresent(value -> value.map(Set.of("id", "rev")));
    PartialDate from = date(item, "effective_from");
    PartialDate to = date(item, "effective_to");
    if (from != null && to != null && to.last().isBefore(from.first())) {
      throw item.need("effective_to").problem("lies before effective_from, " + from);
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
        chain.map(value -> word(value.need("id"))).orElse(id),
        chain.map(value -> value.need("rev").text()).orElse("1"),
        parties,
        terms,
        from,
        to,
        text(item, "superseded_by"),
        status.text(),
        item.get("checked_to").map(AgreementFiles::date).orElse(null),
        item.need("confidence").oneOf(Confidence.class),
        item.get("carve_outs").map(Yaml::texts).orElse(List.of()),
        item.get("sources")
            .map(sources -> sources.list().stream().map(AgreementFiles::source).toList())
            .orElse(List.of()),
        text(item, "notes"),
        new AgreementFacts(
            text(item, "record_type"),
            text(item, "cluster"),
            text(item, "territory"),
            text(item, "date_basis"),
            text(item, "amounts"),
            item.get("mutual").map(Yaml::bool).orElse(null),
            item.get("disputed").map(Yaml::bool).orElse(null)));
  }

  private static AgreementParty party(Yaml item) {
    item.map(Set.of("entity", "name", "role"));
    String entity = word(item.need("entity"));
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
        item.get("carve_outs").map(Yaml::texts).orElse(List.of()),
        item.get("until").map(AgreementFiles::date).orElse(null),
        item.get("grantor_supplies").map(Yaml::bool).orElse(null),
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
    return item.get(field).map(Yaml::text).filter(text -> !text.isBlank()).orElse(null);
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
    Optional<Yaml> value = item.get(field);
    Optional<Yaml> precision = item.get(field + "_precision");
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

  /**
   * Puts one revision into a file: in the place of the record with its id, or at the end of the
   * list. Everything else in the file stays as it is, comments included.
   *
   * @throws ConfigException when the file cannot be read, is no file of agreements or cannot be
   *     written; it is then as it was
   */
  public static void put(Path file, Agreement agreement) {
    try {
      String edited = put(file.toString(), Files.readString(file), agreement);
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(beside, edited);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be edited: " + e.getMessage(), e);
    }
  }

  /**
   * @param name what messages call the text
   * @return the text with the record in its place
   */
  static String put(String name, String text, Agreement agreement) {
    Yaml root = Yaml.parse(name, text);
    registry(List.of(root));
    List<Yaml> items = root.need("agreements").list();
    if (items.isEmpty()) {
      throw root.need("agreements").problem("is empty: write a list with a first record");
    }
    Yaml place = items.get(items.size() - 1);
    boolean found = false;
    for (Yaml item : items) {
      if (item.need("id").text().equals(agreement.id())) {
        place = item;
        found = true;
      }
    }
    List<String> lines = new ArrayList<>(text.lines().toList());
    int start = place.line() - 1;
    while (!lines.get(start).stripLeading().startsWith("-")) {
      start--;
    }
    int indent = indent(lines.get(start));
    int end = start + 1;
    while (end < lines.size() && (lines.get(end).isBlank() || indent(lines.get(end)) > indent)) {
      end++;
    }
    while (lines.get(end - 1).isBlank()) {
      end--;
    }
    Out out = new Out();
    write(out, agreement);
    List<String> record =
        out.text.toString().lines().map(line -> " ".repeat(indent) + line.substring(2)).toList();
    if (found) {
      lines.subList(start, end).clear();
      lines.addAll(start, record);
    } else {
      lines.addAll(end, record);
    }
    String edited = String.join("\n", lines) + "\n";
    registry(List.of(Yaml.parse(name, edited)));
    return edited;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** The text that {@link #write} writes. */
  public static String yaml(List<Agreement> agreements) {
    Out out = new Out();
    out.line(0, agreements.isEmpty() ? "agreements: []" : "agreements:");
    for (Agreement agreement : agreements) {
      write(out, agreement);
    }
    return out.text.toString();
  }

  private static void write(Out out, Agreement a) {
    AgreementFacts facts = a.facts();
    out.line(2, "- id: " + Out.scalar(a.id()));
    out.field(4, "title", a.title());
    out.field(4, "cluster", facts.cluster());
    out.field(4, "record_type", facts.recordType());
    if (!a.chain().equals(a.id()) || !a.revision().equals("1")) {
      out.line(4, "chain:");
      out.field(6, "id", a.chain());
      out.field(6, "rev", a.revision());
    }
    out.line(4, "parties:");
    for (AgreementParty party : a.parties()) {
      out.line(6, "- entity: " + Out.scalar(party.organisation()));
      out.field(8, "name", party.name());
      out.field(8, "role", party.role());
    }
    out.flag(4, "mutual", facts.mutual());
    out.flag(4, "disputed", facts.disputed());
    out.list(4, "kind", a.terms().stream().map(term -> term.kind().label()).distinct().toList());
    out.line(4, "terms:");
    for (Term term : a.terms()) {
      out.line(6, "- kind: " + term.kind().label());
      out.field(8, "topic", term.topic());
      out.field(8, "grantor", term.grantor());
      out.field(8, "beneficiary", term.beneficiary());
      out.field(8, "scope", term.scope());
      out.list(8, "carve_outs", term.carveOuts());
      out.list(8, "products", term.products());
      out.flag(8, "grantor_supplies", term.grantorSupplies());
      out.field(8, "until", string(term.until()));
    }
    out.field(4, "territory", facts.territory());
    out.date(4, "effective_from", a.effectiveFrom());
    out.field(4, "date_basis", facts.dateBasis());
    out.date(4, "effective_to", a.effectiveTo());
    out.field(4, "superseded_by", a.supersededBy());
    out.list(4, "carve_outs", a.carveOuts());
    out.field(4, "amounts", facts.amounts());
    out.field(4, "status", a.status());
    out.field(4, "checked_to", string(a.checkedTo()));
    if (!a.sources().isEmpty()) {
      out.line(4, "sources:");
      for (Source source : a.sources()) {
        out.line(6, "- title: " + Out.scalar(source.title()));
        out.field(8, "publisher", source.publisher());
        out.field(8, "date", source.date());
        out.field(8, "url", source.url());
        out.field(8, "type", source.type());
        out.field(8, "access", source.access());
      }
    }
    out.field(4, "confidence", a.confidence().label());
    out.field(4, "notes", a.notes());
  }

  private static String string(PartialDate date) {
    return date == null ? null : date.toString();
  }

  private static final class Out {

    private final StringBuilder text = new StringBuilder();

    void line(int indent, String line) {
      text.append(" ".repeat(indent)).append(line).append('\n');
    }

    void field(int indent, String name, String value) {
      if (value != null) {
        line(indent, name + ": " + scalar(value));
      }
    }

    void flag(int indent, String name, Boolean value) {
      if (value != null) {
        line(indent, name + ": " + value);
      }
    }

    void date(int indent, String name, PartialDate value) {
      if (value != null) {
        field(indent, name, value.toString());
        line(indent, name + "_precision: " + dev.pactwatch.json.Kebab.of(value.precision()));
      }
    }

    void list(int indent, String name, List<String> values) {
      if (!values.isEmpty()) {
        line(indent, name + ":");
        values.forEach(value -> line(indent + 2, "- " + scalar(value)));
      }
    }

    /** Plain where YAML reads it back as the same text, else in double quotes. */
    static String scalar(String value) {
      if (value.matches("[A-Za-z][A-Za-z0-9 _./()'-]*[A-Za-z0-9.)]|[A-Za-z]")
          && !value.matches("(?i)true|false|null|yes|no|on|off")) {
        return value;
      }
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          case '\n' -> quoted.append("\\n");
          case '\t' -> quoted.append("\\t");
          case '\r' -> quoted.append("\\r");
          default -> {
            if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
              quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
              quoted.append(c);
            }
          }
        }
      }
      return quoted.append('"').toString();
    }
  }
}
