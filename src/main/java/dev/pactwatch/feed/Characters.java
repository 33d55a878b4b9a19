package dev.pactwatch.feed;

import org.jsoup.nodes.Entities;

/** Character references, and the characters that XML forbids or that stand for others. */
final class Characters {

  /** Windows-1252 from 0x80 to 0x9F; what feeds mean when they write these as Unicode controls. */
  private static final String WINDOWS_1252 =
      "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f"
          + "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

  private static final int LONGEST_REFERENCE = 34;

  private Characters() {}

  /** The character meant by a C1 control, 0 where none is. */
  static char windows1252(int c) {
    char meant = WINDOWS_1252.charAt(c - 0x80);
    return meant >= 0x80 && meant <= 0x9f ? 0 : meant;
  }

  /**
   * Appends text with its references resolved and its forbidden characters removed. References that
   * nothing declares stay as they are written; nothing is ever expanded twice.
   */
  static void decode(String text, int from, int to, boolean references, StringBuilder out) {
    int plain = from;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (isPlain(c) && (c != '&' || !references)) {
        continue;
      }
      if (plain < i) {
        out.append(text.substring(plain, i));
      }
      if (c == '&') {
        int end = reference(text, i, to, out);
        if (end > i) {
          i = end - 1;
        } else {
          out.append('&');
        }
      } else if (c == '\r') {
        if (i + 1 >= to || text.charAt(i + 1) != '\n') {
          out.append('\n');
        }
      } else if (Character.isHighSurrogate(c)
          && i + 1 < to
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        append(c, out);
      }
      plain = i + 1;
    }
    if (plain < to) {
      out.append(text.substring(plain, to));
    }
  }

  /** Whether a character stands for itself, wherever it is. */
  private static boolean isPlain(char c) {
    return c >= 0x20 ? c < 0x7f || (c >= 0xa0 && c < 0xd800) : c == '\n' || c == '\t';
  }

  /** The index after the reference that starts at {@code i}, or {@code i} where there is none. */
  private static int reference(String text, int i, int to, StringBuilder out) {
    int last = Math.min(to, i + LONGEST_REFERENCE);
    int semicolon = i + 1;
    while (semicolon < last && text.charAt(semicolon) != ';') {
      char c = text.charAt(semicolon);
      if (c == '#' ? semicolon != i + 1 : !isLetterOrDigit(c)) {
        return i;
      }
      semicolon++;
    }
    if (semicolon >= last || semicolon == i + 1) {
      return i;
    }
    if (text.charAt(i + 1) == '#') {
      int code = number(text, i + 2, semicolon);
      if (code < 0) {
        return i;
      }
      append(code, out);
      return semicolon + 1;
    }
    String meant = named(text.substring(i + 1, semicolon));
    if (meant == null) {
      return i;
    }
    out.append(meant);
    return semicolon + 1;
  }

  private static String named(String name) {
    switch (name) {
      case "lt":
        return "<";
      case "gt":
        return ">";
      case "amp":
        return "&";
      case "quot":
        return "\"";
      case "apos":
        return "'";
      // XHTML 1.0, whose entities XML documents borrow, differs from HTML 5 in these two.
      case "lang":
        return "\u2329";
      case "rang":
        return "\u232a";
      default:
        String meant = Entities.getByName(name);
        return meant.isEmpty() ? null : meant;
    }
  }

  private static int number(String text, int from, int to) {
    boolean hex = from < to && (text.charAt(from) == 'x' || text.charAt(from) == 'X');
    int radix = hex ? 16 : 10;
    int start = hex ? from + 1 : from;
    if (start >= to || to - start > 8) {
      return -1;
    }
    long code = 0;
    for (int i = start; i < to; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      code = code * radix + digit;
    }
    return code > Character.MAX_CODE_POINT ? -1 : (int) code;
  }

  private static void append(int code, StringBuilder out) {
    if (code >= 0x80 && code <= 0x9f) {
      char meant = windows1252(code);
      if (meant != 0) {
        out.append(meant);
      }
    } else if (code == '\n'
        || code == '\r'
        || code == '\t'
        || (code >= 0x20 && code < 0xd800 && code != 0x7f)
        || (code > 0xdfff && code < 0xfffe)
        || code > 0xffff) {
      out.appendCodePoint(code);
    }
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
