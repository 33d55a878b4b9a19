package dev.pactwatch.article;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One address for one article: what campaigns, phones and aggregators add to it is taken off again.
 */
public final class CanonicalLink {

  private static final int LONGEST = 2_048;
  private static final int WRAPPERS = 3;

  /** Query parameters that say where a reader came from. */
  private static final Set<String> TRACKING =
      Set.of(
          "fbclid",
          "gclid",
          "gclsrc",
          "dclid",
          "gbraid",
          "wbraid",
          "msclkid",
          "yclid",
          "twclid",
          "ttclid",
          "igshid",
          "igsh",
          "mc_cid",
          "mc_eid",
          "mkt_tok",
          "_ga",
          "_gl",
          "_hsenc",
          "_hsmi",
          "vero_id",
          "oly_enc_id",
          "oly_anon_id",
          "wickedid",
          "hss_channel",
          "ref",
          "ref_src",
          "ref_url",
          "referrer",
          "referer",
          "source",
          "src",
          "cmp",
          "cmpid",
          "cmp_id",
          "campaign_id",
          "ncid",
          "icid",
          "ocid",
          "s_cid",
          "smid",
          "smtyp",
          "sr_share",
          "ito",
          "xtor",
          "xt_at",
          "spm",
          "guccounter",
          "guce_referrer",
          "guce_referrer_sig",
          "taid",
          "ftag",
          "srnd",
          "sref",
          "soc_src",
          "soc_trk",
          "tsrc",
          ".tsrc",
          "trk",
          "trkcampaign",
          "partner",
          "rss",
          "feedname",
          "feedtype",
          "amp",
          "outputtype",
          "amp_js_v",
          "amp_gsa",
          "usqp",
          "share",
          "shared",
          "reflink",
          "leadsource",
          "linkid",
          "traffic_source");

  private static final List<String> TRACKING_PREFIXES =
      List.of(
          "utm_", "utm-", "pk_", "piwik_", "mtm_", "matomo_", "at_", "ns_", "hsa_", "itm_", "guce_",
          "__");

  /** First labels of hosts that serve the same pages to phones. */
  private static final Set<String> MOBILE = Set.of("m", "mobile", "amp", "mobil", "touch");

  private CanonicalLink() {}

  /**
   * The canonical form of a web address: host in lower case without a mobile or AMP label, no
   * default port, no tracking parameters, the others sorted, no fragment, no trailing slash,
   * escapes in one form. Wrappers of AMP caches and of aggregators give the address they wrap.
   * Applying it twice changes nothing.
   *
   * @return null for anything that is no http or https address with a host of up to 2,048
   *     characters, and for one that carries a user name or a backslash, which parsers read in
   *     different ways
   */
  public static String of(String link) {
    String address = link;
    for (int i = 0; i <= WRAPPERS; i++) {
      Parts parts = parse(address);
      if (parts == null) {
        return null;
      }
      String wrapped = i < WRAPPERS ? wrapped(parts) : null;
      if (wrapped == null) {
        String canonical = parts.canonical();
        // Escapes make it longer; what nobody could read again is no address.
        return canonical.length() > LONGEST ? null : canonical;
      }
      address = wrapped;
    }
    return null;
  }

  /** Host of an address in its canonical form, or null. */
  public static String host(String link) {
    Parts parts = parse(link);
    return parts == null ? null : parts.host;
  }

  /** A web address taken apart; path without dot segments, query and fragment may be null. */
  private record Parts(
      String scheme, String host, int port, String path, String query, String fragment) {

    String canonical() {
      StringBuilder link = new StringBuilder(scheme).append("://").append(desktop(host));
      if (port > 0) {
        link.append(':').append(port);
      }
      link.append(escapes(withoutAmp(path)));
      String kept = keptParameters(query);
      if (!kept.isEmpty()) {
        link.append('?').append(kept);
      }
      if (fragment != null && fragment.startsWith("!")) {
        // Old script-driven sites name the page in the fragment.
        link.append('#').append(escapes(fragment));
      }
      return link.toString();
    }
  }

  private static Parts parse(String link) {
    if (link == null) {
      return null;
    }
    String address = link.strip();
    int start = schemeLength(address);
    if (start == 0 || address.length() > LONGEST || hasForbidden(address)) {
      return null;
    }
    String scheme = address.substring(0, start - 3).toLowerCase(Locale.ROOT);
    int end = indexOfAny(address, start, "/?#");
    String authority = address.substring(start, end);
    if (authority.indexOf('@') >= 0) {
      return null;
    }
    int port = -1;
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) {
      String digits = authority.substring(colon + 1);
      authority = authority.substring(0, colon);
      if (!digits.isEmpty()) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
          return null;
        }
        port = Integer.parseInt(digits);
      }
    }
    String host = hostName(authority);
    if (host == null) {
      return null;
    }
    if (port == (scheme.equals("https") ? 443 : 80)) {
      port = -1;
    }
    int hash = address.indexOf('#', end);
    String fragment = hash < 0 ? null : address.substring(hash + 1);
    String rest = address.substring(end, hash < 0 ? address.length() : hash);
    int question = rest.indexOf('?');
    String query = question < 0 ? null : rest.substring(question + 1);
    String path = question < 0 ? rest : rest.substring(0, question);
    return new Parts(scheme, host, port, withoutDots(path), query, fragment);
  }

  private static int schemeLength(String address) {
    if (address.regionMatches(true, 0, "https://", 0, 8)) {
      return 8;
    }
    return address.regionMatches(true, 0, "http://", 0, 7) ? 7 : 0;
  }

  private static boolean hasForbidden(String address) {
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c < ' ' || c == 0x7f || c == '\\') {
        return true;
      }
    }
    return false;
  }

  private static String hostName(String authority) {
    String host = authority.toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return host.matches("\\[[0-9a-f:.]{2,45}\\]") ? host : null;
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    if (!isPlain(host)) {
      try {
        host = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return host.length() <= 253 && HOST.matcher(host).matches() && !host.contains("..")
        ? host
        : null;
  }

  private static final Pattern HOST = Pattern.compile("[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?");

  /** Short parts of letters and digits, which no conversion changes. */
  private static boolean isPlain(String host) {
    int part = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') {
        part = 0;
      } else if (((c < 'a' || c > 'z') && (c < '0' || c > '9')) || ++part > 63) {
        return false;
      }
    }
    return true;
  }

  private static String withoutDots(String path) {
    if (!path.contains("/.")) {
      return path;
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].equals(".") || segments[i].equals("..")) {
        if (segments[i].equals("..")) {
          kept.pollLast();
        }
        if (last) {
          kept.addLast("");
        }
      } else {
        kept.addLast(segments[i]);
      }
    }
    return "/" + String.join("/", kept);
  }

  /** The host without a label for phones, where enough of it is left to be a site. */
  private static String desktop(String host) {
    String[] labels = host.split("\\.");
    if (labels.length < 3 || host.startsWith("[")) {
      return host;
    }
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      boolean mobile = i < labels.length - 2 && i < 2 && MOBILE.contains(labels[i]);
      if (!mobile) {
        kept.add(labels[i]);
      }
    }
    if (kept.size() == labels.length) {
      return host;
    }
    String stripped = String.join(".", kept);
    return RegistrableDomain.of(stripped).equals(RegistrableDomain.of(host)) ? stripped : host;
  }

  private static String withoutAmp(String path) {
    String kept = path;
    if (kept.startsWith("/amp/") && kept.length() > 5) {
      kept = kept.substring(4);
    }
    kept = withoutTrailingSlash(kept);
    if (kept.endsWith("/amp")) {
      kept = withoutTrailingSlash(kept.substring(0, kept.length() - 4));
    } else if (kept.endsWith(".amp.html")) {
      kept = kept.substring(0, kept.length() - 9) + ".html";
    } else if (kept.endsWith(".amp")) {
      kept = kept.substring(0, kept.length() - 4);
    }
    return kept.isEmpty() ? "/" : kept;
  }

  private static String withoutTrailingSlash(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static String keptParameters(String query) {
    if (query == null || query.isEmpty()) {
      return "";
    }
    List<String> kept = new ArrayList<>();
    for (String parameter : query.replace("&amp;", "&").split("[&;]")) {
      int equals = parameter.indexOf('=');
      String name =
          (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
      if (!parameter.isEmpty()
          && !TRACKING.contains(name)
          && TRACKING_PREFIXES.stream().noneMatch(name::startsWith)) {
        kept.add(escapes(parameter));
      }
    }
    kept.sort(Comparator.naturalOrder());
    return String.join("&", kept);
  }

  /** Percent escapes in capitals, none for letters and digits, one for all that is not ASCII. */
  private static String escapes(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length() && hex(text, i + 1) >= 0) {
        int code = hex(text, i + 1);
        if (unreserved(code)) {
          out.append((char) code);
        } else {
          escape(code, out);
        }
        i += 2;
      } else if (c < 0x80) {
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '%') {
          escape(c, out);
        } else {
          out.append(c);
        }
      } else {
        int point = text.codePointAt(i);
        for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
          escape(b & 0xff, out);
        }
        i += Character.charCount(point) - 1;
      }
    }
    return out.toString();
  }

  private static void escape(int code, StringBuilder out) {
    out.append('%')
        .append(Character.toUpperCase(Character.forDigit(code >> 4, 16)))
        .append(Character.toUpperCase(Character.forDigit(code & 15, 16)));
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean unreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  /** The address inside that of an AMP cache or an aggregator's click counter, or null. */
  private static String wrapped(Parts parts) {
    if (parts.host.endsWith(".cdn.ampproject.org")) {
      String path = parts.path.replaceFirst("^/(?:c|v|i|wp|mbv)/", "/");
      return path.startsWith("/s/")
          ? "https://" + path.substring(3)
          : "http://" + path.substring(1);
    }
    if (parts.path.startsWith("/amp/s/") && looksLikeHost(parts.path, 7)) {
      return "https://" + parts.path.substring(7) + (parts.query == null ? "" : "?" + parts.query);
    }
    if (parts.query != null
        && (parts.path.equals("/url") || parts.path.endsWith("/apiclick.aspx"))) {
      for (String parameter : parts.query.split("&")) {
        if (parameter.startsWith("url=") || parameter.startsWith("q=")) {
          String address = unescaped(parameter.substring(parameter.indexOf('=') + 1));
          if (schemeLength(address) > 0) {
            return address;
          }
        }
      }
    }
    return encoded(parts.path);
  }

  private static boolean looksLikeHost(String path, int from) {
    int end = indexOfAny(path, from, "/");
    return path.substring(from, end).matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");
  }

  /**
   * An address that a news aggregator keeps in its own path, in base64 behind a few marker bytes.
   */
  private static String encoded(String path) {
    int slash = path.lastIndexOf('/');
    String segment = path.substring(slash + 1);
    if (!path.contains("/articles/") || !segment.startsWith("CBM") || segment.length() < 32) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(segment.replace('+', '-').replace('/', '_'));
    } catch (IllegalArgumentException e) {
      return null;
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int start = text.indexOf("http");
    if (start < 0) {
      return null;
    }
    int end = start;
    while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) < 0x7f) {
      end++;
    }
    String address = text.substring(start, end);
    return schemeLength(address) > 0 ? address : null;
  }

  private static String unescaped(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int code = c == '%' && i + 2 < text.length() ? hex(text, i + 1) : -1;
      if (code >= 0) {
        i += 2;
      }
      bytes[length++] = (byte) (code >= 0 ? code : c);
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static int indexOfAny(String text, int from, String characters) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
