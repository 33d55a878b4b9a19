package dev.pactwatch.notify.subscription;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** A text that must not be shown or logged: {@link #toString} hides it. */
public final class Secret {

  /** What stands in the place of a secret wherever one would be shown. */
  public static final String HIDDEN = "(hidden)";

  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** The text itself, for the one who sends or checks it. */
  public String reveal() {
    return value;
  }

  /**
   * Eight hexadecimal digits by which people tell secrets apart, as they may be shown: too few of a
   * SHA-256 to find a random text by.
   */
  public String fingerprint() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
