package dev.pactwatch.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.nodes.Entities;

/**
 * The mark-up that nearly all items of feeds are made of, read without building a tree: paragraphs,
 * lists, headings, links and emphasis, closed in order. Gives exactly the text that the HTML parser
 * gives, or nothing where that one must decide: tables, scripts, tags that do not match, references
 * that are not complete.
 */
final class SimpleHtml {

  private enum Kind {
    /** Opens and closes a paragraph of text. */
    BLOCK,
    /** A block that ends where the next of its name, or the block around it, does. */
    LIST_ITEM,
    PARAGRAPH,
    HEADING,
    /** Changes how a text looks only. */
    INLINE,
    BREAK,
    RULE,
    IMAGE
  }

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("article", Kind.BLOCK),
          Map.entry("aside", Kind.BLOCK),
          Map.entry("blockquote", Kind.BLOCK),
          Map.entry("center", Kind.BLOCK),
          Map.entry("div", Kind.BLOCK),
          Map.entry("figcaption", Kind.BLOCK),
          Map.entry("figure", Kind.BLOCK),
          Map.entry("footer", Kind.BLOCK),
          Map.entry("header", Kind.BLOCK),
          Map.entry("ol", Kind.BLOCK),
          Map.entry("section", Kind.BLOCK),
          Map.entry("ul", Kind.BLOCK),
          Map.entry("li", Kind.LIST_ITEM),
          Map.entry("p", Kind.PARAGRAPH),
          Map.entry("h1", Kind.HEADING),
          Map.entry("h2", Kind.HEADING),
          Map.entry("h3", Kind.HEADING),
          Map.entry("h4", Kind.HEADING),
          Map.entry("h5", Kind.HEADING),
          Map.entry("h6", Kind.HEADING),
          Map.entry("a", Kind.INLINE),
          Map.entry("abbr", Kind.INLINE),
          Map.entry("b", Kind.INLINE),
          Map.entry("big", Kind.INLINE),
          Map.entry("cite", Kind.INLINE),
          Map.entry("code", Kind.INLINE),
          Map.entry("em", Kind.INLINE),
          Map.entry("font", Kind.INLINE),
          Map.entry("i", Kind.INLINE),
          Map.entry("q", Kind.INLINE),
          Map.entry("s", Kind.INLINE),
          Map.entry("small", Kind.INLINE),
          Map.entry("span", Kind.INLINE),
          Map.entry("strike", Kind.INLINE),
          Map.entry("strong", Kind.INLINE),
          Map.entry("sub", Kind.INLINE),
          Map.entry("sup", Kind.INLINE),
          Map.entry("time", Kind.INLINE),
          Map.entry("u", Kind.INLINE),
          Map.entry("br", Kind.BREAK),
          Map.entry("hr", Kind.RULE),
          Map.entry("img", Kind.IMAGE));

  private static final int LONGEST_NAME = 10;
  private static final int LONGEST_REFERENCE = 32;

  private final String html;
  private final StringBuilder text;
  private final List<String> blocks = new ArrayList<>(8);
  private int at;

  private SimpleHtml(String html) {
    this.html = html;
    this.text = new StringBuilder(html.length());
  }

  /**
   * The text with its line ends, as {@link PlainText} takes it from a tree; null where a tree is
   * needed.
   */
  static StringBuilder text(String html) {
    SimpleHtml simple = new SimpleHtml(html);
    return simple.read() ? simple.text : null;
  }

  private boolean read() {
    int plain = 0;
    while (at < html.length()) {
      char c = html.charAt(at);
      if (c > '<' || (c != '<' && c != '&' && c != '\n' && c != '\r' && c != 0)) {
        at++;
        continue;
      }
      text.append(html, plain, at);
      boolean understood;
      switch (c) {
        case '<' -> understood = markup();
        case '&' -> understood = reference();
        case 0 -> understood = false;
        default -> {
          // A line end in the source is a space; paragraphs come from elements alone.
          text.append(' ');
          at++;
          understood = true;
        }
      }
      if (!understood) {
        return false;
      }
      plain = at;
    }
    text.append(html, plain, at);
    return true;
  }

  private boolean markup() {
    if (at + 1 >= html.length()) {
      return false;
    }
    char next = html.charAt(at + 1);
    if (isLetter(next)) {
      return startTag();
    }
    if (next == '/') {
      return endTag();
    }
    if (html.startsWith("<!--", at)) {
      return comment();
    }
    if (next == ' ' || next == '=' || (next >= '0' && next <= '9')) {
      text.append('<');
      at++;
      return true;
    }
    return false;
  }

  private boolean comment() {
    int end = html.indexOf("-->", at + 4);
    // Comments with dashes at their start or "--!" have rules of their own.
    if (end < 0
        || html.charAt(at + 4) == '-'
        || html.charAt(at + 4) == '>'
        || html.substring(at + 4, end).contains("--")) {
      return false;
    }
    at = end + 3;
    return true;
  }

  private boolean startTag() {
    Kind kind = KINDS.get(name(at + 1));
    if (kind == null || !toTagEnd()) {
      return false;
    }
    String name = lastName;
    switch (kind) {
      case INLINE -> {
        return true;
      }
      case BREAK -> text.append('\n');
      case IMAGE -> text.append("  ");
      case RULE -> {
        closeParagraph();
        text.append("\n\n");
      }
      case HEADING -> {
        closeParagraph();
        if (!blocks.isEmpty() && last().charAt(0) == 'h' && KINDS.get(last()) == Kind.HEADING) {
          return false;
        }
        open(name);
      }
      case LIST_ITEM -> {
        closeParagraph();
        if (!blocks.isEmpty() && last().equals("li")) {
          blocks.remove(blocks.size() - 1);
        } else if (!blocks.isEmpty() && last().equals("div") && blocks.contains("li")) {
          // It may end an item around the div, and the div with it.
          return false;
        }
        open(name);
      }
      default -> {
        closeParagraph();
        open(name);
      }
    }
    return true;
  }

  private boolean endTag() {
    if (at + 2 >= html.length() || !isLetter(html.charAt(at + 2))) {
      return false;
    }
    Kind kind = KINDS.get(name(at + 2));
    if (kind == null || !toTagEnd()) {
      return false;
    }
    if (kind == Kind.INLINE) {
      return true;
    }
    if (kind == Kind.BREAK || kind == Kind.RULE || kind == Kind.IMAGE) {
      return false;
    }
    String name = lastName;
    if (kind == Kind.BLOCK) {
      // The end of a block ends what it holds and what needs no end tag.
      while (!blocks.isEmpty()
          && !last().equals(name)
          && (last().equals("p") || last().equals("li"))) {
        blocks.remove(blocks.size() - 1);
      }
    } else if (kind != Kind.PARAGRAPH) {
      closeParagraph();
    }
    if (blocks.isEmpty() || !last().equals(name)) {
      return false;
    }
    blocks.remove(blocks.size() - 1);
    text.append("\n\n");
    return true;
  }

  private String last() {
    return blocks.get(blocks.size() - 1);
  }

  private void open(String name) {
    blocks.add(name);
    text.append("\n\n");
  }

  private void closeParagraph() {
    if (!blocks.isEmpty() && last().equals("p")) {
      blocks.remove(blocks.size() - 1);
    }
  }

  private String lastName = "";

  /** The name that starts here, in lower case; {@code at} moves behind it. */
  private String name(int from) {
    int end = from;
    while (end < html.length()
        && end - from <= LONGEST_NAME
        && (isLetter(html.charAt(end)) || (html.charAt(end) >= '1' && html.charAt(end) <= '6'))) {
      end++;
    }
    at = end;
    lastName = html.substring(from, end).toLowerCase(Locale.ROOT);
    return lastName;
  }

  /** Moves behind the tag; false where its attributes are written oddly or it has no end. */
  private boolean toTagEnd() {
    while (at < html.length()) {
      char c = html.charAt(at);
      if (c == '>') {
        at++;
        return true;
      }
      if (c == '/' && at + 1 < html.length() && html.charAt(at + 1) == '>') {
        at += 2;
        return true;
      }
      if (c != ' ' && c != '\n' && c != '\t') {
        return false;
      }
      at++;
      int start = at;
      while (at < html.length() && isAttributePart(html.charAt(at))) {
        at++;
      }
      if (at == start || at >= html.length() || html.charAt(at) != '=') {
        continue;
      }
      at++;
      char quote = at < html.length() ? html.charAt(at) : 0;
      int end = quote == '"' || quote == '\'' ? html.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        return false;
      }
      at = end + 1;
    }
    return false;
  }

  private boolean reference() {
    int end = at + 1;
    int last = Math.min(html.length(), at + LONGEST_REFERENCE);
    if (end < last && (html.charAt(end) == ' ' || html.charAt(end) == '&')) {
      text.append('&');
      at++;
      return true;
    }
    while (end < last && html.charAt(end) != ';') {
      end++;
    }
    if (end >= last) {
      return false;
    }
    if (html.charAt(at + 1) == '#') {
      int code = code(at + 2, end);
      if (code < ' '
          || (code >= 0x7f && code < 0xa0)
          || (code >= 0xd800 && code < 0xe000)
          || code >= 0xfdd0) {
        return false;
      }
      text.append((char) code);
    } else {
      String meant = Entities.getByName(html.substring(at + 1, end));
      if (meant.isEmpty()) {
        return false;
      }
      text.append(meant);
    }
    at = end + 1;
    return true;
  }

  /** The number written in decimal or hexadecimal digits, -1 for none below 0x10000. */
  private int code(int from, int to) {
    boolean hex = from < to && (html.charAt(from) == 'x' || html.charAt(from) == 'X');
    int start = hex ? from + 1 : from;
    if (start >= to || to - start > 5) {
      return -1;
    }
    int code = 0;
    for (int i = start; i < to; i++) {
      int digit = Character.digit(html.charAt(i), hex ? 16 : 10);
      if (digit < 0 || html.charAt(i) >= 0x80) {
        return -1;
      }
      code = code * (hex ? 16 : 10) + digit;
    }
    return code;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isAttributePart(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
  }
}
