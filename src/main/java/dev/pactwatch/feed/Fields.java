package dev.pactwatch.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The children of one element by name, found in one pass. Grandchildren never count. */
final class Fields {

  final XmlNode node;
  private final Map<String, List<XmlNode>> byKey = new HashMap<>();

  Fields(XmlNode node, Namespaces namespaces) {
    this.node = node;
    for (XmlNode child : node.children()) {
      List<XmlNode> same = byKey.computeIfAbsent(namespaces.key(child), key -> new ArrayList<>(1));
      if (same.size() < 64) {
        same.add(child);
      }
    }
  }

  List<XmlNode> all(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** The first that is not empty, of the first name that has one. */
  XmlNode first(String... keys) {
    for (String key : keys) {
      for (XmlNode one : all(key)) {
        if (one.hasChildren() || !one.text().isBlank()) {
          return one;
        }
      }
    }
    return null;
  }

  /** Its text, stripped, or null. */
  String text(String... keys) {
    XmlNode found = first(keys);
    return found == null ? null : found.text().strip();
  }
}
