package dev.pactwatch.config;

import dev.pactwatch.json.Kebab;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in a YAML 1.2 file together with its place, so that every complaint reads {@code
 * file:line: field: what is wrong}. Accessors throw {@link ConfigException}.
 */
public final class Yaml {

  private final String file;
  private final String path;
  private final Node node;
  private Map<String, Yaml> entries;

  private Yaml(String file, String path, Node node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** Reads a whole file; an empty one is an error. */
  public static Yaml read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + reason(e), e);
    }
    return parse(file.toString(), text);
  }

  /**
   * @param name what messages call the text
   */
  public static Yaml parse(String name, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setParseComments(false)
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(64 * 1024 * 1024)
            .build();
    try {
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> new ConfigException(name + ": is empty"));
      return new Yaml(name, "", root);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(
          name
              + e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("")
              + ": is not YAML: "
              + e.getProblem(),
          e);
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The second is what the library says of a tag that is none, such as "!%1".
      throw new ConfigException(name + ": is not YAML: " + oneLine(e.getMessage()), e);
    }
  }

  /** The complaint about this value, to be thrown by the caller. */
  public ConfigException problem(String what) {
    return new ConfigException(file, new ConfigException.Place(line(), path, what));
  }

  /** Where this value stands, without a problem; keeps nothing of the file. */
  public ConfigException.Place place() {
    return new ConfigException.Place(line(), path, "");
  }

  public String file() {
    return file;
  }

  /** 1-based. */
  public int line() {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  public boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  public boolean isMap() {
    return node instanceof MappingNode;
  }

  public boolean isList() {
    return node instanceof SequenceNode;
  }

  public boolean isText() {
    return node instanceof ScalarNode && !isNull();
  }

  /** Entries in file order. Keys are text. */
  public Map<String, Yaml> map() {
    if (entries == null) {
      entries = Collections.unmodifiableMap(read());
    }
    return entries;
  }

  private Map<String, Yaml> read() {
    if (!(node instanceof MappingNode mapping)) {
      throw problem("must be a mapping of names to values");
    }
    Map<String, Yaml> found = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw problem("has a key that is no plain name");
      }
      String name = key.getValue();
      String where = path.isEmpty() ? name : path + "." + name;
      if (found.put(name, new Yaml(file, where, tuple.getValueNode())) != null) {
        throw new Yaml(file, where, key).problem("stands twice");
      }
    }
    return found;
  }

  /** The map's entries, each of which must be one of these names: a misspelt field is an error. */
  public Map<String, Yaml> map(Set<String> allowed) {
    Map<String, Yaml> entries = map();
    for (Map.Entry<String, Yaml> entry : entries.entrySet()) {
      if (!allowed.contains(entry.getKey())) {
        throw entry
            .getValue()
            .problem(
                "unknown field; one of "
                    + allowed.stream().sorted().collect(Collectors.joining(", ")));
      }
    }
    return entries;
  }

  public List<Yaml> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw problem("must be a list");
    }
    List<Yaml> items = new ArrayList<>(sequence.getValue().size());
    for (Node item : sequence.getValue()) {
      items.add(new Yaml(file, path + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** A list of texts, or one text in place of a list of one. */
  public List<String> texts() {
    return isText() ? List.of(text()) : list().stream().map(Yaml::text).toList();
  }

  public String text() {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw problem("must be a text");
    }
    return scalar.getValue();
  }

  public boolean bool() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw problem("must be true or false, not '" + text() + "'");
    };
  }

  public BigDecimal number() {
    try {
      return new BigDecimal(text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw problem("must be a number, not '" + text() + "'");
    }
  }

  public int integer() {
    try {
      return number().intValueExact();
    } catch (ArithmeticException e) {
      throw problem("must be a whole number, not '" + text() + "'");
    }
  }

  /** A day, {@code 2025-01-21}. */
  public LocalDate day() {
    try {
      return LocalDate.parse(text());
    } catch (DateTimeParseException e) {
      throw problem("must be a day such as 2025-01-21, not '" + text() + "'");
    }
  }

  /** A constant of an enum, written in kebab-case. */
  public <E extends Enum<E>> E oneOf(Class<E> type) {
    String wanted = text();
    for (E constant : type.getEnumConstants()) {
      if (Kebab.of(constant).equals(wanted)) {
        return constant;
      }
    }
    throw problem(
        "'"
            + wanted
            + "' is unknown; one of "
            + Arrays.stream(type.getEnumConstants())
                .map(Kebab::of)
                .collect(Collectors.joining(", ")));
  }

  /** The field, unless it is absent or null. */
  public Optional<Yaml> get(String name) {
    Yaml value = map().get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** The field, which must be there. */
  public Yaml need(String name) {
    return get(name).orElseThrow(() -> problem("lacks '" + name + "'"));
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : oneLine(String.valueOf(e.getMessage()));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
