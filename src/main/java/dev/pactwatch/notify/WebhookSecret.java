package dev.pactwatch.notify;

import java.util.Base64;

/** A symmetric key of Standard Webhooks. Never shown: {@link #toString} hides it. */
public final class WebhookSecret {

  private static final String PREFIX = "whsec_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  /**
   * @param text {@code whsec_} and 24 to 64 bytes as base64
   * @throws IllegalArgumentException whose message says what is wrong without repeating the text
   */
  public static WebhookSecret parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("must start with " + PREFIX);
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be base64 after " + PREFIX);
    }
    if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "must hold " + MIN_BYTES + " to " + MAX_BYTES + " bytes, not " + key.length);
    }
    return new WebhookSecret(key);
  }

  byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return PREFIX + "(hidden)";
  }
}
