package dev.pactwatch.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IPv4 in its one canonical spelling; all the others are how guards are talked past. */
final class Ipv4 {

  private static final Pattern QUAD =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  private Ipv4() {}

  /** Four decimal numbers up to 255 without leading zeros, or empty. */
  static Optional<byte[]> parse(String text) {
    Matcher matcher = QUAD.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = matcher.group(i + 1);
      int value = Integer.parseInt(part);
      if (value > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      bytes[i] = (byte) value;
    }
    return Optional.of(bytes);
  }

  /** A last label that some parser reads as a number makes the whole host an address. */
  static boolean looksNumeric(String lastLabel) {
    if (lastLabel.startsWith("0x")) {
      return true;
    }
    return !lastLabel.isEmpty() && lastLabel.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
