package dev.pactwatch.article;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * By what an item is known again: its guid, else its canonical link, else its text.
 *
 * <p>An address that belongs to the feed's own site identifies an article wherever on that site's
 * feeds it appears. Any other guid or link counts only among feeds of the same host: a stranger's
 * feed that repeats it must not pass for a new version of the article.
 *
 * @param uri {@code urn:pactwatch:article:} and 64 hexadecimal digits
 * @param rung on which the identity rests
 */
public record ArticleIdentity(String uri, Rung rung) {

  /** From the firmest to the weakest. */
  public enum Rung {
    GUID,
    LINK,
    CONTENT
  }

  private static final String PREFIX = "urn:pactwatch:article:";

  /**
   * @param feed address or file name of the feed
   * @param guid may be null; the caller passes null for one that its feed uses for several items
   * @param link canonical, may be null
   * @param contentHash what {@link #contentHash} gives
   */
  public static ArticleIdentity of(String feed, String guid, String link, String contentHash) {
    String feedHost = CanonicalLink.host(feed);
    if (guid != null && !guid.isBlank()) {
      String address = CanonicalLink.of(guid);
      return new ArticleIdentity(
          address == null
              ? uri("guid", feedHost == null ? feed : feedHost, guid.strip())
              : ofAddress(feedHost, address),
          Rung.GUID);
    }
    if (link != null) {
      return new ArticleIdentity(ofAddress(feedHost, link), Rung.LINK);
    }
    return new ArticleIdentity(
        uri("content", feedHost == null ? feed : feedHost, contentHash), Rung.CONTENT);
  }

  /** SHA-256 over headline, summary and body, lower-case hex; nulls count as empty. */
  public static String contentHash(String headline, String summary, String body) {
    return sha256(text(headline) + '\0' + text(summary) + '\0' + text(body));
  }

  /** A guid that is an address and the same address as a link give one identity. */
  private static String ofAddress(String feedHost, String address) {
    String key = address.substring(address.indexOf("://") + 3);
    if (key.startsWith("www.")) {
      key = key.substring(4);
    }
    String host = CanonicalLink.host(address);
    boolean own =
        feedHost == null || RegistrableDomain.of(feedHost).equals(RegistrableDomain.of(host));
    return uri("link", own ? "" : feedHost, key);
  }

  private static String uri(String kind, String scope, String key) {
    return PREFIX + sha256(kind + '\0' + scope + '\0' + key);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
