package dev.pactwatch.notify.channel;

/**
 * Text from outside without what does not show or what moves other text: control and format
 * characters, direction marks, zero-width characters, lone surrogates. Everything that a channel
 * writes passes through here before it is escaped for where it goes.
 */
final class Clean {

  /** What marks a cut. */
  static final String CUT = "\u2026";

  private Clean() {}

  /** The text on one line; blanks in a row are one. */
  static String line(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isBlank(c)) {
                if (!clean.isEmpty() && clean.charAt(clean.length() - 1) != ' ') {
                  clean.append(' ');
                }
              } else if (shows(c)) {
                clean.appendCodePoint(c);
              }
            });
    int end = clean.length();
    while (end > 0 && clean.charAt(end - 1) == ' ') {
      end--;
    }
    return clean.substring(0, end);
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || Character.isSpaceChar(c);
  }

  private static boolean shows(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      // Letters without a shape: Hangul fillers and the braille blank.
      default -> c != 0x115F && c != 0x1160 && c != 0x3164 && c != 0xFFA0 && c != 0x2800;
    };
  }

  /** At most so many characters of Java, the last of them a mark when something was cut. */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Math.max(0, length - CUT.length());
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).stripTrailing() + CUT;
  }
}
