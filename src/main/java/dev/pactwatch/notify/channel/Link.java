package dev.pactwatch.notify.channel;

import dev.pactwatch.agreement.Source;
import dev.pactwatch.alert.Alert;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of a page, http or https, spelt so that no markup can end it early: whatever is no
 * plain URL character is percent-encoded.
 */
record Link(String url) {

  private static final int MAX = 2_000;

  /** What stands in a URL as it is. Brackets, quotes, the star and their like are encoded. */
  private static final String PLAIN = "-._~:/?#@!$&+,;=%";

  /** Empty for what is no address of a page, or far too long for one. */
  static Optional<Link> of(String text) {
    return text == null || text.length() > MAX
        ? Optional.empty()
        : Source.address(text).map(url -> new Link(spelt(url)));
  }

  /** An alert's page on this installation. */
  static Optional<Link> page(Notification.Links links, Alert alert) {
    return links == null || links.page() == null
        ? Optional.empty()
        : of(
            links.page()
                + (links.page().endsWith("/") ? "" : "/")
                + "alerts/"
                + URLEncoder.encode(Clean.line(alert.id()), StandardCharsets.UTF_8));
  }

  /** The latest report that is no reprint and has an address. */
  static Optional<Link> newest(Alert alert) {
    List<Alert.ArticleRef> articles = alert.articles();
    Optional<Link> any = Optional.empty();
    for (int i = articles.size() - 1; i >= 0; i--) {
      Optional<Link> link = of(articles.get(i).link());
      if (link.isPresent() && articles.get(i).reprintOf() == null) {
        return link;
      }
      any = any.isPresent() ? any : link;
    }
    return any;
  }

  /** The same address with these characters encoded, too. */
  Link without(String characters) {
    StringBuilder rest = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      rest.append(
          characters.indexOf(c) < 0
              ? String.valueOf(c)
              : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return new Link(rest.toString());
  }

  private static String spelt(String url) {
    StringBuilder spelt = new StringBuilder(url.length());
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        spelt.append(c);
      } else {
        spelt.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return spelt.toString();
  }

  @Override
  public String toString() {
    return url;
  }
}
