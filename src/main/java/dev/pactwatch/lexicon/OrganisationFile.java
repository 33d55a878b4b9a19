package dev.pactwatch.lexicon;

import dev.pactwatch.config.ConfigException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads organisation files: YAML restricted to one entry per line in flow style. A general YAML
 * reader takes seconds for tens of thousands of entries; commands should answer within one.
 */
final class OrganisationFile {

  private static final Set<String> FIELDS =
      Set.of("id", "name", "kind", "parent", "ticker", "country", "sectors", "aliases", "word");
  private static final String[] USUAL = {
    "id", "name", "kind", "aliases", "sectors", "parent", "country", "ticker", "word", "text",
    "case"
  };

  private static final Set<String> ALIAS_FIELDS =
      Set.of("text", "case", "needs", "not", "from", "to", "as");
  private static final Set<String> KINDS =
      Set.of(
          "company",
          "unit",
          "regulator",
          "government",
          "court",
          "association",
          "university",
          "media",
          "person",
          "fund");

  private final String file;
  private final Map<String, Organisation> into;
  private final String text;
  private int number;

  /** Where the line starts that is read, and where it ends. */
  private int start;

  private int end;
  private int at;

  /** Of the entry that is read. */
  private final Map<String, Object> fields = new LinkedHashMap<>();

  private OrganisationFile(String file, String text, Map<String, Organisation> into) {
    this.file = file;
    this.text = text;
    this.into = into;
  }

  /** Adds a file's entries; an id that is there already is an error. */
  static void read(String file, String text, Map<String, Organisation> into) {
    new OrganisationFile(file, text, into).read();
  }

  private void read() {
    boolean open = false;
    for (start = 0; start <= text.length(); start = end + 1) {
      number++;
      int stop = text.indexOf('\n', start);
      end = stop < 0 ? text.length() : stop;
      at = start;
      skip();
      if (open && text.startsWith("- {", at)) {
        at += 2;
        entry();
        continue;
      }
      String line = text.substring(start, end).strip();
      if (line.isEmpty() || line.startsWith("#") || line.equals("---")) {
        continue;
      }
      if (line.equals("organisations:") || line.equals("organisations: []")) {
        open = true;
      } else if (open) {
        throw problem("expected one organisation per line, '- {id: ..., name: ...}'");
      } else {
        throw problem("expected 'organisations:'");
      }
    }
  }

  private void entry() {
    fields.clear();
    map(fields, FIELDS);
    skip();
    if (at < end && text.charAt(at) != '#') {
      throw problem("text after the end of the entry");
    }
    String id = text(fields, "id");
    String name = text(fields, "name");
    if (id == null || name == null) {
      throw problem("lacks '" + (id == null ? "id" : "name") + "'");
    }
    String kind = fields.containsKey("kind") ? text(fields, "kind") : "company";
    if (!KINDS.contains(kind)) {
      throw problem("kind: '" + kind + "' is unknown; one of " + String.join(", ", sorted(KINDS)));
    }
    List<Alias> aliases =
        List.of(new Alias(name, Alias.Letters.NAME, List.of(), List.of(), null, null, null));
    if (fields.containsKey("aliases")) {
      aliases = new ArrayList<>(aliases);
      for (Object alias : list(fields, "aliases")) {
        aliases.add(alias(alias));
      }
    }
    Organisation organisation =
        new Organisation(
            id,
            name,
            kind,
            text(fields, "parent"),
            text(fields, "ticker"),
            text(fields, "country"),
            texts("sectors", list(fields, "sectors")),
            "true".equals(text(fields, "word")),
            aliases);
    if (into.putIfAbsent(id, organisation) != null) {
      throw problem("id: '" + id + "' stands twice");
    }
  }

  @SuppressWarnings("unchecked")
  private Alias alias(Object value) {
    if (value instanceof String text) {
      return new Alias(text, Alias.Letters.NAME, List.of(), List.of(), null, null, null);
    }
    if (!(value instanceof Map<?, ?>)) {
      throw problem("aliases: must be texts or mappings");
    }
    Map<String, Object> fields = (Map<String, Object>) value;
    for (String field : fields.keySet()) {
      if (!ALIAS_FIELDS.contains(field)) {
        throw problem(
            "aliases: '"
                + field
                + "' is unknown; one of "
                + String.join(", ", sorted(ALIAS_FIELDS)));
      }
    }
    if (text(fields, "text") == null) {
      throw problem("aliases: lacks 'text'");
    }
    return new Alias(
        text(fields, "text"),
        constant(fields, "case", Alias.Letters.class, Alias.Letters.NAME),
        texts("needs", list(fields, "needs")),
        texts("not", list(fields, "not")),
        day(fields, "from"),
        day(fields, "to"),
        constant(fields, "as", Alias.As.class, null));
  }

  private <E extends Enum<E>> E constant(
      Map<String, Object> fields, String field, Class<E> type, E otherwise) {
    String value = text(fields, field);
    if (value == null) {
      return otherwise;
    }
    try {
      return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw problem("aliases: " + field + ": '" + value + "' is unknown");
    }
  }

  private LocalDate day(Map<String, Object> fields, String field) {
    String value = text(fields, field);
    try {
      return value == null ? null : LocalDate.parse(value);
    } catch (DateTimeParseException e) {
      throw problem(
          "aliases: " + field + ": must be a day such as 2025-01-21, not '" + value + "'");
    }
  }

  private String text(Map<String, Object> fields, String field) {
    Object value = fields.get(field);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw problem(field + ": must be a text");
  }

  private List<?> list(Map<String, Object> fields, String field) {
    Object value = fields.get(field);
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> items ? items : List.of(value);
  }

  private List<String> texts(String field, List<?> items) {
    if (items.isEmpty()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw problem(field + ": must be a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private void map(Map<String, Object> into, Set<String> allowed) {
    at++;
    skip();
    while (peek() != '}') {
      String key = scalar(true);
      if (allowed != null && !allowed.contains(key)) {
        throw problem("'" + key + "' is unknown; one of " + String.join(", ", sorted(allowed)));
      }
      skip();
      if (peek() != ':') {
        throw problem("expected ':' after '" + key + "'");
      }
      at++;
      skip();
      if (into.put(key, value()) != null) {
        throw problem(key + ": stands twice");
      }
      comma('}');
    }
    at++;
  }

  private Object value() {
    char c = peek();
    if (c == '{') {
      Map<String, Object> inner = new LinkedHashMap<>();
      map(inner, null);
      return inner;
    }
    if (c != '[') {
      return scalar(false);
    }
    List<Object> items = new ArrayList<>();
    at++;
    skip();
    while (peek() != ']') {
      items.add(value());
      comma(']');
    }
    at++;
    return items;
  }

  private void comma(char close) {
    skip();
    if (peek() == ',') {
      at++;
      skip();
    } else if (peek() != close) {
      throw problem("expected ',' or '" + close + "' at column " + (at - start + 1));
    }
  }

  private String scalar(boolean key) {
    char quote = peek();
    if (quote == '"' || quote == '\'') {
      return quoted(quote);
    }
    int from = at;
    while (at < end) {
      char c = text.charAt(at);
      boolean colon = c == ':' && (key || at + 1 == end || text.charAt(at + 1) == ' ');
      if (c == ',' || c == '}' || c == ']' || c == '{' || c == '[' || colon) {
        break;
      }
      at++;
    }
    String found = key ? known(from) : text.substring(from, at).strip();
    if (found.isEmpty()) {
      throw problem("a text is missing at column " + (from - start + 1));
    }
    return found;
  }

  /** The name of a field, without a new string where it is a usual one. */
  private String known(int from) {
    for (String field : USUAL) {
      if (at - from == field.length() && text.startsWith(field, from)) {
        return field;
      }
    }
    return text.substring(from, at).strip();
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    at++;
    while (true) {
      char c = peek();
      at++;
      if (c == quote) {
        if (quote == '\'' && at < end && text.charAt(at) == '\'') {
          at++;
        } else {
          return value.toString();
        }
      } else if (c == '\\' && quote == '"') {
        c = peek();
        at++;
      }
      value.append(c);
    }
  }

  private char peek() {
    if (at >= end) {
      throw problem("the entry does not end on its line");
    }
    return text.charAt(at);
  }

  private void skip() {
    while (at < end && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private ConfigException problem(String what) {
    return new ConfigException(file + ":" + number + ": " + what);
  }
}
