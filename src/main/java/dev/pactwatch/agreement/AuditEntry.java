package dev.pactwatch.agreement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One change of one agreement; a line of the audit trail.
 *
 * @param at when
 * @param by who: the user of the operating system, or of the API
 * @param via on which way, such as {@code command-line}, {@code api} or {@code file}
 * @param action {@code created}, {@code revised}, {@code ended} or {@code erased}
 * @param agreement id of the revision
 * @param chain it belongs to afterwards, or belonged to when it was erased
 * @param versionBefore of the chain, {@link Registry#NO_VERSION} when there was none
 * @param versionAfter of the chain
 * @param changes field by field
 * @param why in words, null where nobody said
 * @param file the file's name within the folder of the registry
 * @param previous digest of the line before, so that a line that was taken out or changed shows;
 *     null on the first
 */
public record AuditEntry(
    Instant at,
    String by,
    String via,
    String action,
    String agreement,
    String chain,
    String versionBefore,
    String versionAfter,
    List<FieldChange> changes,
    String why,
    String file,
    String previous) {

  public AuditEntry {
    changes = List.copyOf(changes);
  }

  /**
   * What one field was and is.
   *
   * @param field path such as {@code terms[0].topic}, named as in JSON
   * @param from null where it was not there
   * @param to null where it is no longer there
   */
  public record FieldChange(String field, JsonNode from, JsonNode to) {}

  AuditEntry after(String line) {
    return new AuditEntry(
        at,
        by,
        via,
        action,
        agreement,
        chain,
        versionBefore,
        versionAfter,
        changes,
        why,
        file,
        line);
  }

  /** Every field in which two agreements differ; either may be null. */
  public static List<FieldChange> changes(Agreement before, Agreement after) {
    List<FieldChange> changes = new ArrayList<>();
    compare("", tree(before), tree(after), changes);
    return changes;
  }

  private static JsonNode tree(Agreement agreement) {
    return agreement == null
        ? Json.mapper().createObjectNode()
        : Json.mapper().valueToTree(agreement);
  }

  private static void compare(
      String path, JsonNode before, JsonNode after, List<FieldChange> changes) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode && after instanceof ObjectNode) {
      Set<String> names = new LinkedHashSet<>();
      after.fieldNames().forEachRemaining(names::add);
      before.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String where = path.isEmpty() ? name : path + "." + name;
        compare(where, before.path(name), after.path(name), changes);
      }
    } else if (before.isArray() && after.isArray() && ofObjects(before) && ofObjects(after)) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(path + "[" + i + "]", before.path(i), after.path(i), changes);
      }
    } else {
      changes.add(new FieldChange(path, orNull(before), orNull(after)));
    }
  }

  private static boolean ofObjects(JsonNode array) {
    for (JsonNode item : array) {
      if (!item.isObject()) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode orNull(JsonNode node) {
    return node instanceof MissingNode ? null : node;
  }
}
