package dev.pactwatch.article;

import dev.pactwatch.config.Yaml;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which outlets belong to one owner and so count as one source. Read from {@code
 * config/publishers.yaml}: a list of {@code families}, each with an {@code id}, a {@code name} and
 * {@code outlets} as domain and name.
 */
public final class PublisherFamilies {

  private record Outlet(String name, String family) {}

  private final Map<String, Outlet> outlets;

  private PublisherFamilies(Map<String, Outlet> outlets) {
    this.outlets = Map.copyOf(outlets);
  }

  /** No families: every domain is its own. */
  public static PublisherFamilies none() {
    return new PublisherFamilies(Map.of());
  }

  /**
   * @throws dev.pactwatch.config.ConfigException naming file, line and field
   */
  public static PublisherFamilies read(Path file) {
    return of(Yaml.read(file));
  }

  /**
   * @throws dev.pactwatch.config.ConfigException naming file, line and field
   */
  public static PublisherFamilies of(Yaml root) {
    Map<String, Outlet> outlets = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    root.map(Set.of("families"));
    for (Yaml family : root.need("families").list()) {
      family.map(Set.of("id", "name", "outlets"));
      String id = family.need("id").text();
      if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
        throw family
            .need("id")
            .problem("must be small letters, digits and hyphens, not '" + id + "'");
      }
      if (lines.putIfAbsent(id, family.need("id").line()) != null) {
        throw family.need("id").problem("'" + id + "' is already used in line " + lines.get(id));
      }
      family.need("name").text();
      for (Map.Entry<String, Yaml> outlet : family.need("outlets").map().entrySet()) {
        String domain = outlet.getKey();
        String canonical = CanonicalLink.host("https://" + domain);
        if (!domain.equals(canonical) || !domain.contains(".")) {
          throw outlet.getValue().problem("'" + domain + "' is no domain in small letters");
        }
        Integer other = lines.putIfAbsent("outlet " + domain, outlet.getValue().line());
        if (other != null) {
          throw outlet.getValue().problem("'" + domain + "' already stands in line " + other);
        }
        outlets.put(domain, new Outlet(outlet.getValue().text(), id));
      }
    }
    return new PublisherFamilies(outlets);
  }

  /**
   * @param host of an article's link, or null where there is none
   * @param name what the feed calls itself, used where the outlet is not configured; may be null
   */
  public Publisher publisher(String host, String name) {
    if (host == null) {
      String known = name == null ? "unknown" : name;
      return new Publisher(known, "unknown", "unknown");
    }
    String domain = RegistrableDomain.of(host);
    for (String at = host; at.length() >= domain.length(); at = at.substring(at.indexOf('.') + 1)) {
      Outlet outlet = outlets.get(at);
      if (outlet != null) {
        return new Publisher(outlet.name, domain, outlet.family);
      }
      if (at.equals(domain)) {
        break;
      }
    }
    return new Publisher(name == null ? domain : name, domain, domain);
  }
}
