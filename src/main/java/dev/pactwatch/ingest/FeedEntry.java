package dev.pactwatch.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A feed that a user wants watched.
 *
 * @param url address of the feed; its identity here
 * @param title as the user calls it, never null
 * @param site address of the pages behind it, may be null
 * @param category such as {@code courts}, may be null
 * @param comment what it is for, in the user's words; may be null
 * @param fullText whether to read an article's page where the feed gives only a line of it
 */
public record FeedEntry(
    String url, String title, String site, String category, String comment, boolean fullText) {

  /** A feed that is taken as it is. */
  public FeedEntry(String url, String title, String site, String category, String comment) {
    this(url, title, site, category, comment, false);
  }

  /** A short name for places where an address does not fit: 12 hexadecimal digits. */
  public String id() {
    return id(url);
  }

  /** The same for the address of a feed. */
  public static String id(String url) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
