package dev.pactwatch.text;

/** The HTML character references that are found in feeds. */
final class Entities {

  private Entities() {}

  /**
   * @param from first character after the ampersand
   * @param to position of the semicolon
   * @return the one character that is meant, or -1
   */
  static int resolve(char[] text, int from, int to) {
    if (to - from > 1 && text[from] == '#') {
      boolean hex = text[from + 1] == 'x' || text[from + 1] == 'X';
      return number(text, from + (hex ? 2 : 1), to, hex ? 16 : 10);
    }
    return switch (new String(text, from, to - from)) {
      case "amp" -> '&';
      case "quot", "ldquo", "rdquo" -> '"';
      case "apos", "lsquo", "rsquo" -> '\'';
      case "lt" -> '<';
      case "gt" -> '>';
      case "nbsp" -> ' ';
      case "ndash", "mdash" -> '\u2014';
      case "pound" -> '\u00A3';
      case "euro" -> '\u20AC';
      case "hellip" -> '\u2026';
      default -> -1;
    };
  }

  private static int number(char[] text, int from, int to, int base) {
    int value = from < to ? 0 : -1;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text[i], base);
      if (digit < 0) {
        return -1;
      }
      value = value * base + digit;
      if (value > 0xFFFF) {
        return -1;
      }
    }
    return value == 0 || Character.isSurrogate((char) Math.max(value, 0)) ? -1 : value;
  }
}
