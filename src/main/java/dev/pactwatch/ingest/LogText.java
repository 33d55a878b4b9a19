package dev.pactwatch.ingest;

/** Text from outside, made fit for one line of a log or a terminal. */
final class LogText {

  private static final int MAX = 300;

  private LogText() {}

  /**
   * Printable characters as they are; line ends, escapes, direction marks and everything else that
   * moves a cursor as {@code \}{@code uXXXX}; cut at 300 characters.
   */
  static String escape(String text) {
    if (text == null) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < MAX; i++) {
      char c = text.charAt(i);
      int type = Character.getType(c);
      boolean plain =
          type != Character.CONTROL
              && type != Character.FORMAT
              && type != Character.LINE_SEPARATOR
              && type != Character.PARAGRAPH_SEPARATOR
              && type != Character.UNASSIGNED
              && type != Character.PRIVATE_USE
              && (type != Character.SURROGATE
                  || Character.isSurrogatePair(c, next(text, i))
                  || Character.isLowSurrogate(c));
      if (plain && c != '"' && c != '\\') {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out.toString();
  }

  private static char next(String text, int i) {
    return i + 1 < text.length() ? text.charAt(i + 1) : 0;
  }

  /** {@code key="escaped text"}, with a leading blank. */
  static String pair(String key, Object value) {
    String text = escape(String.valueOf(value));
    return " " + key + "=" + (text.matches("[^\\s=\"]+") ? text : '"' + text + '"');
  }
}
