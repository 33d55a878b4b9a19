package dev.pactwatch.web.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one table that says what a request needs, by method and path. The first rule that fits
 * decides; what no rule fits is answered to nobody.
 */
public final class AccessRules {

  /** What a request needs. */
  public enum Needs {
    /** Nothing: health, the way to log in, what pages look like. */
    NOTHING,
    /** Nothing more: a secret in the address, or the signature of the body, is the credential. */
    SECRET,
    VIEWER,
    EDITOR,
    ADMIN;

    /** Whether this role is enough; null for somebody who is not logged in. */
    boolean isMetBy(AccessRole role) {
      return switch (this) {
        case NOTHING, SECRET -> true;
        case VIEWER -> role != null && role.may(AccessRole.VIEWER);
        case EDITOR -> role != null && role.may(AccessRole.EDITOR);
        case ADMIN -> role != null && role.may(AccessRole.ADMIN);
      };
    }
  }

  /**
   * @param path segments after slashes; {@code *} stands for any one, {@code **} at the end for any
   *     number
   */
  record Rule(Needs needs, Set<String> methods, String path) {

    boolean fits(List<String> segments) {
      List<String> pattern = AccessRules.split(path);
      for (int i = 0; i < pattern.size(); i++) {
        if (pattern.get(i).equals("**")) {
          return true;
        }
        if (i >= segments.size()
            || !pattern.get(i).equals("*") && !pattern.get(i).equals(segments.get(i))) {
          return false;
        }
      }
      return pattern.size() == segments.size();
    }
  }

  private static final Set<String> READ = Set.of("GET", "HEAD");
  private static final Set<String> CHANGE = Set.of("POST", "PUT", "PATCH", "DELETE");

  private static final List<Rule> TABLE =
      List.of(
          // Probes come without a login.
          rule(Needs.NOTHING, READ, "/q/health/**"),
          rule(Needs.VIEWER, READ, "/q/metrics"),

          // The way in and out, and what it looks like.
          rule(Needs.NOTHING, READ, "/login"),
          rule(Needs.NOTHING, Set.of("POST"), "/login"),
          rule(Needs.NOTHING, READ, "/login/oidc"),
          rule(Needs.NOTHING, Set.of("POST"), "/logout"),
          rule(Needs.NOTHING, READ, "/assets/**"),

          // What every copy of the product says of its own interfaces.
          rule(Needs.NOTHING, READ, "/contracts/**"),

          // Hubs sign what they push; who has the address of a feed or of a mail may use it.
          rule(Needs.SECRET, Set.of("GET", "POST"), "/websub/*/*/*"),
          rule(Needs.SECRET, READ, "/feeds/alerts/**"),
          rule(Needs.SECRET, Set.of("GET", "HEAD", "POST"), "/unsubscribe/*"),

          // Who did what, and who may do what.
          rule(Needs.ADMIN, READ, "/api/agreements/audit"),
          rule(Needs.ADMIN, READ, "/api/agreements/*/audit"),
          rule(Needs.ADMIN, READ, "/api/audit/**"),
          rule(Needs.ADMIN, READ, "/api/subscriptions/audit"),
          rule(Needs.ADMIN, READ, "/api/subscriptions/*/audit"),
          rule(Needs.ADMIN, READ, "/api/subscriptions/*/secret"),
          rule(Needs.ADMIN, CHANGE, "/api/subscriptions/*/secret"),
          rule(Needs.ADMIN, READ, "/api/tokens/**"),
          rule(Needs.ADMIN, CHANGE, "/api/tokens/**"),

          // The pages and the live streams.
          rule(Needs.VIEWER, READ, "/"),
          rule(Needs.VIEWER, READ, "/page/**"),
          rule(Needs.VIEWER, READ, "/alerts/**"),
          rule(Needs.EDITOR, CHANGE, "/alerts/**"),
          rule(Needs.ADMIN, READ, "/agreements/*/audit"),
          rule(Needs.VIEWER, READ, "/agreements/**"),
          rule(Needs.EDITOR, CHANGE, "/agreements/**"),
          rule(Needs.VIEWER, READ, "/feeds/**"),
          rule(Needs.EDITOR, CHANGE, "/feeds/**"),
          // A text that is pasted is looked at and forgotten.
          rule(Needs.VIEWER, Set.of("GET", "HEAD", "POST"), "/lexicon"),
          rule(Needs.VIEWER, READ, "/organisations/**"),
          rule(Needs.VIEWER, READ, "/system"),
          rule(Needs.VIEWER, READ, "/subscriptions/**"),
          rule(Needs.EDITOR, CHANGE, "/subscriptions/**"),
          rule(Needs.VIEWER, READ, "/deliveries/**"),
          rule(Needs.EDITOR, CHANGE, "/deliveries/**"),
          rule(Needs.VIEWER, READ, "/silences/**"),
          rule(Needs.EDITOR, CHANGE, "/silences/**"),
          rule(Needs.VIEWER, READ, "/replays/**"),
          rule(Needs.EDITOR, CHANGE, "/replays/**"),

          // The interface for programs.
          rule(Needs.VIEWER, READ, "/api/alerts/**"),
          rule(Needs.EDITOR, CHANGE, "/api/alerts/**"),
          rule(Needs.VIEWER, READ, "/api/agreements/**"),
          rule(Needs.EDITOR, CHANGE, "/api/agreements/**"),
          rule(Needs.VIEWER, READ, "/api/feeds/**"),
          rule(Needs.EDITOR, CHANGE, "/api/feeds/**"),
          rule(Needs.VIEWER, READ, "/api/subscriptions/**"),
          rule(Needs.EDITOR, CHANGE, "/api/subscriptions/**"),
          rule(Needs.VIEWER, READ, "/api/deliveries/**"),
          rule(Needs.EDITOR, CHANGE, "/api/deliveries/**"),
          rule(Needs.VIEWER, READ, "/api/silences/**"),
          rule(Needs.EDITOR, CHANGE, "/api/silences/**"));

  private AccessRules() {}

  /**
   * What a request needs.
   *
   * @param path as {@link #segments} has read it
   * @return empty when no rule fits
   */
  public static Optional<Needs> needs(String method, List<String> path) {
    return TABLE.stream()
        .filter(rule -> rule.methods().contains(method) && rule.fits(path))
        .map(Rule::needs)
        .findFirst();
  }

  /** The methods that some rule allows on a path, in order. */
  static Set<String> methods(List<String> path) {
    Set<String> methods = new TreeSet<>();
    TABLE.stream().filter(rule -> rule.fits(path)).forEach(rule -> methods.addAll(rule.methods()));
    return methods;
  }

  /**
   * The segments of a path, decoded; a slash at the end counts for nothing.
   *
   * @param path of the request, without dot segments
   * @return empty for a path that the table and those behind it could read differently
   */
  public static Optional<List<String>> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String raw : split(path)) {
      String segment;
      try {
        segment = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.chars().anyMatch(c -> c == '/' || c == '\\' || c == ';' || c < ' ')) {
        return Optional.empty();
      }
      segments.add(segment);
    }
    return Optional.of(segments);
  }

  private static List<String> split(String path) {
    String inner = path.startsWith("/") ? path.substring(1) : path;
    inner = inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
    return inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
  }

  private static Rule rule(Needs needs, Set<String> methods, String path) {
    return new Rule(needs, methods, path);
  }
}
