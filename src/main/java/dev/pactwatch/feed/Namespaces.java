package dev.pactwatch.feed;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Short names for the namespaces whose elements carry news, however their addresses are written.
 * The format's own elements have the empty name: the root's namespace is the format's own,
 * whichever it is.
 */
final class Namespaces {

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("http://purl.org/dc/elements/1.1", "dc"),
          Map.entry("http://purl.org/dc/elements/1.0", "dc"),
          Map.entry("http://purl.org/dc/terms", "dcterms"),
          Map.entry("http://purl.org/rss/1.0/modules/content", "content"),
          Map.entry("http://purl.org/rss/1.0/modules/syndication", "sy"),
          Map.entry("http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
          Map.entry("http://www.w3.org/1999/xhtml", "xhtml"),
          Map.entry("http://www.w3.org/2005/atom", "atom"),
          Map.entry("http://purl.org/atom/ns", "atom"),
          Map.entry("http://search.yahoo.com/mrss", "media"),
          Map.entry("http://video.search.yahoo.com/mrss", "media"),
          Map.entry("http://www.rssboard.org/media-rss", "media"),
          Map.entry("http://www.google.com/schemas/sitemap-news/0.9", "news"),
          Map.entry("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
          Map.entry("http://prismstandard.org/namespaces/basic/2.0", "prism"),
          Map.entry("http://prismstandard.org/namespaces/1.2/basic", "prism"),
          Map.entry("http://purl.org/rss/1.0", ""),
          Map.entry("http://purl.org/net/rss1.1", ""),
          Map.entry("http://my.netscape.com/rdf/simple/0.9", ""),
          Map.entry("http://channel.netscape.com/rdf/simple/0.9", ""),
          Map.entry("http://my.netscape.com/publish/formats/rss-0.91.dtd", ""),
          Map.entry("http://blogs.law.harvard.edu/tech/rss", ""),
          Map.entry("http://www.sitemaps.org/schemas/sitemap/0.9", ""));

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
    if (trimmed.isEmpty() || trimmed.startsWith("http://backend.userland.com/")) {
      return "";
    }
    if (trimmed.endsWith("/dtds/podcast-1.0.dtd")) {
      return "itunes";
    }
    return NAMES.getOrDefault(trimmed, uri);
  }
}
