package dev.pactwatch.topology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Composite keys of the stores. Parts are joined so that a prefix selects whole parts only. */
final class Keys {

  private static final char SEPARATOR = '\u0000';

  /** Of a time. */
  private static final int DIGITS = 16;

  /** Sorts behind every text that is part of a key. */
  static final String LAST = "\uffff";

  private static final Instant EARLIEST = Instant.ofEpochMilli(-20_000_000_000_000L);

  /** Before years have five digits. */
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

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

  /** What {@link #of} joined. */
  static List<String> parts(String key) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = key.indexOf(SEPARATOR); end >= 0; end = key.indexOf(SEPARATOR, start)) {
      parts.add(key.substring(start, end));
      start = end + 1;
    }
    return parts;
  }

  /** A time whose text sorts as the time does, from before the first newspaper on. */
  static String time(Instant time) {
    String millis = Long.toString(time.toEpochMilli() - EARLIEST.toEpochMilli());
    return "0".repeat(Math.max(0, DIGITS - millis.length())) + millis;
  }

  /** Whether a time can be part of a key. */
  static boolean holds(Instant time) {
    return !time.isBefore(EARLIEST) && time.isBefore(LATEST);
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
