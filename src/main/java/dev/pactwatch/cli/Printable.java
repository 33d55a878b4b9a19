package dev.pactwatch.cli;

/** Text of others on a terminal. */
final class Printable {

  private Printable() {}

  /** Without control characters, which a terminal would obey. */
  static String of(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean obeyed =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.SURROGATE
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR;
              clean.appendCodePoint(obeyed ? '?' : c);
            });
    return clean.toString();
  }
}
