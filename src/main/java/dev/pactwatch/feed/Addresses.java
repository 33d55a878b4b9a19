package dev.pactwatch.feed;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Relative addresses made absolute by {@code xml:base} and the address of the document. */
final class Addresses {

  private final String document;

  /**
   * @param document address or file name the feed came from
   */
  Addresses(String document) {
    this.document = document != null && isWeb(document) ? document : null;
  }

  static boolean isWeb(String address) {
    String lower = address.substring(0, Math.min(8, address.length())).toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  /** The address as seen from this element; as written where it cannot be resolved. */
  String resolve(XmlNode at, String written) {
    if (written == null) {
      return null;
    }
    String address = written.strip();
    if (address.isEmpty() || address.length() > Limits.LINK_CHARS) {
      return null;
    }
    if (isWeb(address) || address.startsWith("urn:") || address.startsWith("tag:")) {
      return address;
    }
    String base = base(at);
    return base == null ? address : against(base, address);
  }

  private String base(XmlNode at) {
    Deque<String> bases = new ArrayDeque<>();
    for (XmlNode node = at; node != null; node = node.parent) {
      String base = node.attribute("xml:base");
      if (base != null && base.length() <= Limits.LINK_CHARS) {
        bases.push(base.strip());
        if (isWeb(base.strip())) {
          break;
        }
      }
    }
    String resolved = document;
    for (String base : bases) {
      resolved = resolved == null || isWeb(base) ? base : against(resolved, base);
    }
    return resolved;
  }

  private static String against(String base, String address) {
    try {
      URI start = new URI(base.replace(" ", "%20"));
      if (start.getPath() != null && start.getPath().isEmpty()) {
        start = start.resolve("/");
      }
      URI relative = new URI(address.replace(" ", "%20"));
      if (address.startsWith("?")) {
        // The page that the base names, with another query (RFC 3986, 5.2.2); java.net.URI knows
        // only the older rule, by which its last part is lost.
        return start.resolve(start.getRawPath() + relative).toString();
      }
      return start.resolve(relative).toString();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return address;
    }
  }
}
