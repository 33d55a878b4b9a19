package dev.pactwatch.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which URLs are worth resolving at all. Strict on purpose: whatever two parsers could read
 * differently is refused, so that what was checked is what is asked for.
 */
public final class UrlGuard {

  private static final int MAX_LENGTH = 4096;
  private static final int MAX_HOST = 253;

  /** Underscores do occur in host names of feeds, though not in the standard. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

  private final AddressGuard addresses;
  private final Set<Integer> ports;

  /**
   * @param ports allowed besides any port of a host that the address guard allows by name
   */
  public UrlGuard(AddressGuard addresses, Set<Integer> ports) {
    this.addresses = addresses;
    this.ports = Set.copyOf(ports);
  }

  /** What became of a URL. */
  public sealed interface Checked {}

  /**
   * @param uri absolute, ASCII, host in lower case, without fragment
   */
  public record Good(URI uri) implements Checked {

    /** Scheme, host and port. */
    public String origin() {
      return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    public boolean secure() {
      return uri.getScheme().equals("https");
    }
  }

  /**
   * @param why a phrase for people; holds no part of the URL that could break a line
   */
  public record Bad(Refusal refusal, String why) implements Checked {}

  /** Checks a URL as a user or a feed wrote it. Asks no name server. */
  public Checked check(String url) {
    if (url == null || url.isBlank()) {
      return new Bad(Refusal.SPELLING, "is empty");
    }
    if (url.length() > MAX_LENGTH) {
      return new Bad(Refusal.SPELLING, "is longer than " + MAX_LENGTH + " characters");
    }
    if (url.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '\\')) {
      return new Bad(Refusal.SPELLING, "holds a blank, a backslash or a control character");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return new Bad(Refusal.SPELLING, "is no URL (at character " + (e.getIndex() + 1) + ")");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return new Bad(Refusal.SCHEME, "must start with http:// or https://");
    }
    String authority = uri.getRawAuthority();
    if (authority == null || authority.isEmpty()) {
      return new Bad(Refusal.SPELLING, "names no host");
    }
    if (authority.indexOf('@') >= 0) {
      return new Bad(Refusal.SPELLING, "carries a user name");
    }
    if (authority.chars().anyMatch(c -> c > 0x7f || c == '%')) {
      return new Bad(Refusal.SPELLING, "has a host outside ASCII: write its xn-- form");
    }
    return authority(uri, scheme, authority.toLowerCase(Locale.ROOT));
  }

  private Checked authority(URI uri, String scheme, String authority) {
    boolean bracketed = authority.startsWith("[");
    int end = bracketed ? authority.indexOf(']') + 1 : authority.indexOf(':');
    String host =
        bracketed
            ? authority.substring(1, Math.max(1, end - 1))
            : end < 0 ? authority : authority.substring(0, end);
    String rest = end < 0 ? "" : authority.substring(end);
    if (bracketed ? AddressGuard.literal(host).isEmpty() : !soundName(host)) {
      return new Bad(Refusal.SPELLING, "has an odd host");
    }
    int port = scheme.equals("https") ? 443 : 80;
    if (!rest.isEmpty()) {
      if (!rest.matches(":[1-9]\\d{0,4}") || Integer.parseInt(rest.substring(1)) > 65535) {
        return new Bad(Refusal.SPELLING, "has an odd port");
      }
      port = Integer.parseInt(rest.substring(1));
    }
    if (!ports.contains(port) && !addresses.allowsByName(host)) {
      return new Bad(Refusal.PORT, "port " + port + " is not among the allowed ones");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String shown = bracketed ? "[" + host + "]" : host;
    String portShown = rest.isEmpty() ? "" : ":" + port;
    return new Good(
        URI.create(URI.create(scheme + "://" + shown + portShown + path + query).toASCIIString()));
  }

  private static boolean soundName(String host) {
    if (host.isEmpty() || host.length() > MAX_HOST) {
      return false;
    }
    String[] labels = host.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return !Ipv4.looksNumeric(labels[labels.length - 1]) || Ipv4.parse(host).isPresent();
  }
}
