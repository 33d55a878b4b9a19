package dev.pactwatch.topology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/** Composite keys of the stores. Parts are joined so that a prefix selects whole parts only. */
final class Keys {

  private static final char SEPARATOR = '\u0000';

  private Keys() {}

  /** The parts, each followed by the separator. */
  static String of(String... parts) {
    StringBuilder key = new StringBuilder();
    for (String part : parts) {
      key.append(part.replace(SEPARATOR, ' ')).append(SEPARATOR);
    }
    return key.toString();
  }

  /** The key's first parts, as {@link #of} would join them. */
  static String first(String key, int parts) {
    int end = 0;
    for (int i = 0; i < parts; i++) {
      end = key.indexOf(SEPARATOR, end) + 1;
    }
    return key.substring(0, end);
  }

  /** A time whose text sorts as the time does, from before the first newspaper on. */
  static String time(Instant time) {
    return String.format(Locale.ROOT, "%016d", time.toEpochMilli() + 20_000_000_000_000L);
  }

  /** Stands for a text of any length. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
