package dev.pactwatch.feed;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Short names for the namespaces whose elements carry news, however their addresses are written.
 * The format's own elements have the empty name: the root's namespace is the format's own,
 * whichever it is.
 */
final class Namespaces {

  /** Stands before a prefix that nothing declares; well-known ones mean what they always mean. */
  static final String UNDECLARED = "undeclared:";

  /** By the end of the address, since hosts and protocols of these vary from feed to feed. */
  private static final Map<String, String> ENDINGS =
      Map.ofEntries(
          Map.entry("/dc/elements/1.1", "dc"),
          Map.entry("/dc/elements/1.0", "dc"),
          Map.entry("/dc/terms", "dcterms"),
          Map.entry("/rss/1.0/modules/content", "content"),
          Map.entry("/rss/1.0/modules/syndication", "sy"),
          Map.entry("/22-rdf-syntax-ns", "rdf"),
          Map.entry("/1999/xhtml", "xhtml"),
          Map.entry("/2005/atom", "atom"),
          Map.entry("/atom/ns", "atom"),
          Map.entry("/mrss", "media"),
          Map.entry("/media-rss", "media"),
          Map.entry("/dtds/podcast-1.0.dtd", "itunes"),
          Map.entry("/schemas/sitemap-news/0.9", "news"),
          Map.entry("/feedburner/ext/1.0", "feedburner"),
          Map.entry("/namespaces/basic/2.0", "prism"),
          Map.entry("/namespaces/1.2/basic", "prism"),
          Map.entry("/rss/1.0", ""),
          Map.entry("/net/rss1.1", ""),
          Map.entry("/rdf/simple/0.9", ""),
          Map.entry("/formats/rss-0.91.dtd", ""),
          Map.entry("/tech/rss", ""),
          Map.entry("/schemas/sitemap/0.9", ""));

  private static final Set<String> PREFIXES =
      Set.of(
          "dc",
          "dcterms",
          "content",
          "sy",
          "rdf",
          "xhtml",
          "atom",
          "media",
          "itunes",
          "news",
          "feedburner",
          "prism");

  private final Map<String, String> names = new HashMap<>();

  Namespaces(XmlNode root) {
    if (!name(root.namespace).equals("rdf")) {
      names.put(root.namespace, "");
    }
  }

  /** {@code title} for an element of the format, {@code dc:title} for one of a module. */
  String key(XmlNode node) {
    String space = name(node.namespace);
    return space.isEmpty() ? node.lowerName() : space + ":" + node.lowerName();
  }

  private String name(String uri) {
    return names.computeIfAbsent(uri, Namespaces::known);
  }

  private static String known(String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && (lower.charAt(end - 1) == '/' || lower.charAt(end - 1) == '#')) {
      end--;
    }
    String trimmed = lower.substring(0, end);
    if (trimmed.startsWith(UNDECLARED)) {
      String prefix = trimmed.substring(UNDECLARED.length());
      return prefix.equals("rss") ? "" : PREFIXES.contains(prefix) ? prefix : uri;
    }
    if (trimmed.isEmpty() || trimmed.startsWith("http://backend.userland.com/")) {
      return "";
    }
    for (Map.Entry<String, String> ending : ENDINGS.entrySet()) {
      if (trimmed.endsWith(ending.getKey())) {
        return ending.getValue();
      }
    }
    return uri;
  }
}
