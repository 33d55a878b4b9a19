package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Edits the text of a file of agreements. What is not concerned stays as it is: other records, the
 * order, and comments, within a changed record those beside fields that did not change.
 */
final class AgreementEdit {

  private static final Pattern FIELD = Pattern.compile("([A-Za-z_]+):(?: .*)?");

  private AgreementEdit() {}

  /** A record's lines, from the one with the dash to the last one, exclusive. */
  private record Range(int start, int end, int indent) {}

  /**
   * Puts each record in the place of the one with its id, or at the end of the list.
   *
   * @param name what messages call the text
   * @throws ConfigException when the text is no file of agreements that can be edited
   */
  static String put(String name, String text, Collection<Agreement> agreements) {
    Optional<String> gentle = put(name, text, agreements, true);
    return gentle
        .or(() -> put(name, text, agreements, false))
        .orElseThrow(() -> new ConfigException(name + ": is written so that it cannot be edited"));
  }

  /**
   * Takes a record out.
   *
   * @throws ConfigException as {@link #put}
   */
  static String remove(String name, String text, String id) {
    Yaml root = Yaml.parse(name, text);
    Registry before = AgreementFiles.registry(root);
    List<String> lines = new ArrayList<>(text.lines().toList());
    Range range = ranges(root, lines).get(id);
    lines.subList(range.start(), range.end()).clear();
    if (before.size() == 1) {
      int list = range.start() - 1;
      while (!lines.get(list).startsWith("agreements:")) {
        list--;
      }
      lines.set(list, "agreements: []");
    }
    String edited = join(text, lines);
    Registry after = AgreementFiles.registry(Yaml.parse(name, edited));
    if (after.size() != before.size() - 1 || after.find(id).isPresent()) {
      throw new ConfigException(name + ": is written so that it cannot be edited");
    }
    return edited;
  }

  /**
   * @param gentle whether fields that did not change keep their lines
   * @return empty when the edited text would not say what it should
   */
  private static Optional<String> put(
      String name, String text, Collection<Agreement> agreements, boolean gentle) {
    Yaml root = Yaml.parse(name, text);
    Registry before = AgreementFiles.registry(root);
    List<String> lines = new ArrayList<>(text.lines().toList());
    Map<String, Range> ranges = ranges(root, lines);
    int indent = ranges.values().stream().mapToInt(Range::indent).findFirst().orElse(2);
    List<String> added = new ArrayList<>();
    Map<Range, List<String>> changed = new LinkedHashMap<>();
    for (Agreement agreement : agreements) {
      Range range = ranges.get(agreement.id());
      if (range == null) {
        added.addAll(AgreementYaml.lines(agreement, indent));
      } else {
        List<String> whole = AgreementYaml.lines(agreement, indent);
        List<String> old = lines.subList(range.start(), range.end());
        changed.put(
            range,
            gentle ? merge(old, before.find(agreement.id()).orElseThrow(), whole, indent) : whole);
      }
    }
    int end = end(lines, ranges);
    lines.addAll(end, added);
    changed.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> -entry.getKey().start()))
        .forEach(
            entry -> {
              Range range = entry.getKey();
              lines.subList(range.start(), range.end()).clear();
              lines.addAll(range.start(), entry.getValue());
            });
    String edited = join(text, lines);
    Registry after;
    try {
      after = AgreementFiles.registry(Yaml.parse(name, edited));
    } catch (ConfigException e) {
      return Optional.empty();
    }
    Map<String, Agreement> wanted = new LinkedHashMap<>();
    before.all().forEach(agreement -> wanted.put(agreement.id(), agreement));
    agreements.forEach(agreement -> wanted.put(agreement.id(), agreement));
    return after.all().equals(List.copyOf(wanted.values()))
        ? Optional.of(edited)
        : Optional.empty();
  }

  /** The line after the last record, or after the head of an empty list, which is opened. */
  private static int end(List<String> lines, Map<String, Range> ranges) {
    if (!ranges.isEmpty()) {
      return ranges.values().stream().mapToInt(Range::end).max().orElseThrow();
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("agreements:\\s*\\[\\s*\\]\\s*(#.*)?")) {
        lines.set(i, "agreements:");
        return i + 1;
      }
    }
    return lines.size();
  }

  private static Map<String, Range> ranges(Yaml root, List<String> lines) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    List<Yaml> items = root.need("agreements").list();
    List<Integer> starts = new ArrayList<>();
    for (Yaml item : items) {
      int start = item.line() - 1;
      while (start >= 0 && !lines.get(start).stripLeading().startsWith("-")) {
        start--;
      }
      if (start < 0 || (!starts.isEmpty() && start <= starts.get(starts.size() - 1))) {
        throw item.problem(
            "cannot be edited as it is written: begin every record on a line of its own with '- '");
      }
      starts.add(start);
    }
    for (int i = 0; i < starts.size(); i++) {
      int start = starts.get(i);
      int indent = indent(lines.get(start));
      int next = i + 1 < starts.size() ? starts.get(i + 1) : lines.size();
      int end = start + 1;
      while (end < next && (aside(lines.get(end)) || indent(lines.get(end)) > indent)) {
        end++;
      }
      // What stands between two records belongs to neither, or to the second.
      while (aside(lines.get(end - 1)) && indent(lines.get(end - 1)) <= indent) {
        end--;
      }
      ranges.put(items.get(i).need("id").text(), new Range(start, end, indent));
    }
    return ranges;
  }

  /** Lines of the old record where its fields say the same, lines of the new one where not. */
  private static List<String> merge(
      List<String> old, Agreement before, List<String> whole, int indent) {
    Map<String, List<String>> was = fields(AgreementYaml.lines(before, indent), indent);
    Map<String, List<String>> now = fields(whole, indent);
    Map<String, List<String>> written = fields(old, indent);
    List<String> order = new ArrayList<>(written.keySet());
    String last = null;
    for (String field : now.keySet()) {
      if (!written.containsKey(field)) {
        if (now.get(field).equals(was.get(field))) {
          continue;
        }
        order.add(last == null ? 0 : order.indexOf(last) + 1, field);
      }
      last = field;
    }
    List<String> merged = new ArrayList<>();
    for (String field : order) {
      List<String> wanted = now.get(field);
      List<String> there = written.get(field);
      boolean same = there != null && Objects.equals(was.get(field), wanted);
      if (same) {
        merged.addAll(there);
      } else {
        if (there != null) {
          there.stream().takeWhile(AgreementEdit::aside).forEach(merged::add);
        }
        if (wanted != null) {
          merged.addAll(wanted);
        }
      }
    }
    return merged;
  }

  /** Each field's lines by name, with the comments above it; the first has the dash. */
  private static Map<String, List<String>> fields(List<String> record, int indent) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    List<String> above = new ArrayList<>();
    List<String> current = new ArrayList<>();
    for (int i = 0; i < record.size(); i++) {
      String line = record.get(i);
      String field = field(line, indent, i == 0);
      if (field != null) {
        current = new ArrayList<>(above);
        current.add(line);
        above.clear();
        fields.put(field, current);
      } else if (aside(line) && indent(line) <= indent + 2) {
        above.add(line);
      } else {
        current.addAll(above);
        above.clear();
        current.add(line);
      }
    }
    current.addAll(above);
    return fields;
  }

  private static String field(String line, int indent, boolean first) {
    String start = " ".repeat(indent) + (first ? "- " : "  ");
    if (!line.startsWith(start)) {
      return null;
    }
    Matcher field = FIELD.matcher(line.substring(indent + 2));
    return field.matches() ? field.group(1) : null;
  }

  /** Whether a line says nothing: blank, or a comment. */
  private static boolean aside(String line) {
    return line.isBlank() || line.stripLeading().startsWith("#");
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static String join(String text, List<String> lines) {
    String end = text.contains("\r\n") ? "\r\n" : "\n";
    return String.join(end, lines) + end;
  }
}
