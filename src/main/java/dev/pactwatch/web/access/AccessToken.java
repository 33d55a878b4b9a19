package dev.pactwatch.web.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A token as the file of them knows it: by its digest.
 *
 * <p>The digest is a plain SHA-256. A slow one protects what people think up, by making each guess
 * dear; a token is 256 random bits, which nobody guesses at any price, and it is digested at every
 * request.
 *
 * @param name who is on record for what is done with it
 * @param hash SHA-256 of the token's characters, 64 hexadecimal digits
 * @param expires null for never
 */
public record AccessToken(
    String name, AccessRole role, String hash, Instant created, Instant expires) {

  /** Before every token, so that those who look for leaked secrets know one. */
  public static final String PREFIX = "pw_";

  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
  static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern SECRET = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A token that nobody has had before, to be shown once and kept nowhere. */
  public static String fresh() {
    return PREFIX + random();
  }

  /** 256 random bits as base64url. */
  static String random() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** Whether this could be a token at all. */
  static boolean isShaped(String secret) {
    return SECRET.matcher(secret).matches();
  }

  public static String hash(String secret) {
    return HexFormat.of().formatHex(digest(secret));
  }

  boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
