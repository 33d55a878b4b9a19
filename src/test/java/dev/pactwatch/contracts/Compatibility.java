package dev.pactwatch.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rule of a major version: a schema only gains optional fields. Nothing is removed, renamed,
 * retyped, tightened or loosened, and nothing becomes required or ceases to be.
 */
final class Compatibility {

  /** What says nothing about which records are good. */
  private static final Set<String> ANNOTATIONS =
      Set.of("title", "description", "examples", "$comment", "default", "deprecated");

  /** Reached by what refers to them; their own names are nobody's concern. */
  private static final Set<String> STRUCTURE = Set.of("$ref", "$defs", "properties", "items");

  private final JsonNode released;
  private final JsonNode current;
  private final List<String> broken = new ArrayList<>();
  private final Set<String> compared = new TreeSet<>();

  private Compatibility(JsonNode released, JsonNode current) {
    this.released = released;
    this.current = current;
  }

  /** One line for every breach between a released schema and a newer one of the same major. */
  static List<String> breaches(JsonNode released, JsonNode current) {
    Compatibility rule = new Compatibility(released, current);
    rule.compare(released, current, "");
    return rule.broken;
  }

  private void compare(JsonNode before, JsonNode now, String at) {
    if (before.has("$ref") && now.has("$ref") && !compared.add(before.path("$ref") + "|" + at)) {
      return;
    }
    JsonNode old = resolve(released, before);
    JsonNode fresh = resolve(current, now);
    Set<String> keywords = new TreeSet<>();
    old.fieldNames().forEachRemaining(keywords::add);
    fresh.fieldNames().forEachRemaining(keywords::add);
    keywords.removeAll(ANNOTATIONS);
    keywords.removeAll(STRUCTURE);
    for (String keyword : keywords) {
      if (keyword.equals("additionalProperties") && old.path(keyword).isObject()) {
        compare(old.path(keyword), fresh.path(keyword), at + "{}");
      } else if (!same(keyword, old.path(keyword), fresh.path(keyword))) {
        broken.add(
            at + ": " + keyword + " was " + old.path(keyword) + ", is " + fresh.path(keyword));
      }
    }
    if (old.has("items") || fresh.has("items")) {
      compare(old.path("items"), fresh.path("items"), at + "[]");
    }
    old.path("properties")
        .fields()
        .forEachRemaining(
            field -> {
              JsonNode kept = fresh.path("properties").path(field.getKey());
              if (kept.isMissingNode()) {
                broken.add(at + "." + field.getKey() + ": is gone");
              } else {
                compare(field.getValue(), kept, at + "." + field.getKey());
              }
            });
  }

  private static boolean same(String keyword, JsonNode before, JsonNode now) {
    if (keyword.equals("required") || keyword.equals("enum")) {
      return texts(before).equals(texts(now));
    }
    return before.equals(now);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private static JsonNode resolve(JsonNode root, JsonNode schema) {
    JsonNode at = schema;
    while (at.has("$ref")) {
      at = root.at(at.path("$ref").asText().substring(1));
    }
    return at;
  }
}
