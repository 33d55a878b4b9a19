package dev.pactwatch.feed;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Mark-up to plain text. */
final class PlainText {

  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "center",
          "dd",
          "div",
          "dl",
          "dt",
          "fieldset",
          "figcaption",
          "figure",
          "footer",
          "form",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "header",
          "hr",
          "li",
          "main",
          "nav",
          "ol",
          "p",
          "pre",
          "section",
          "table",
          "tr",
          "ul");

  private static final Set<String> DROPPED =
      Set.of("script", "style", "noscript", "template", "iframe", "object", "textarea", "select");

  /** Elements that a text has between two words without a space in the source. */
  private static final Set<String> APART =
      Set.of("td", "th", "option", "mi", "mn", "mo", "ms", "mtext", "img");

  /** A closing tag, a tag that needs none, or a character reference: then a text is HTML. */
  private static final Pattern HTML =
      Pattern.compile(
          "</[a-zA-Z][a-zA-Z0-9]{0,15}\\s{0,8}>|<(?:br|hr|img|p)\\b|<(?i:a|div|span|iframe|object|embed|link|meta) [a-z]|<!--|<![dD][oO][cC]|<\\?[a-z]|&#?[a-zA-Z0-9]{1,32};");

  private PlainText() {}

  /** Whether a text that may be either is mark-up. */
  static boolean looksLikeHtml(String text) {
    return (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) && HTML.matcher(text).find();
  }

  /** One line, white space collapsed; null where nothing is left. */
  static String line(String text, boolean html, int limit) {
    String plain = collapse(html ? stripped(text) : head(text, limit), false);
    return plain.isEmpty() ? null : cut(plain, limit);
  }

  /** Paragraphs with a blank line between them; null where nothing is left. */
  static String paragraphs(String text, boolean html, int limit) {
    String plain = collapse(html ? stripped(text) : head(text, limit), true);
    return plain.isEmpty() ? null : cut(plain, limit);
  }

  private static String head(String text, int limit) {
    return text.length() > 4 * limit ? text.substring(0, 4 * limit) : text;
  }

  private static String stripped(String html) {
    if (html.indexOf('<') < 0 && html.indexOf('&') < 0) {
      return html;
    }
    String bounded =
        html.length() > Limits.MARKUP_CHARS ? html.substring(0, Limits.MARKUP_CHARS) : html;
    StringBuilder simple = SimpleHtml.text(bounded);
    return simple == null ? ofTree(bounded) : simple.toString();
  }

  /** The text as the HTML parser understands it. */
  static String ofTree(String html) {
    StringBuilder text = new StringBuilder(Math.min(html.length(), 4_096));
    String closed = withoutUnclosed(html);
    NodeTraversor.traverse(new Collector(text), Jsoup.parseBodyFragment(closed).body());
    return text.toString();
  }

  /** Frames that nothing closes would take all that follows with them: their tags go instead. */
  private static String withoutUnclosed(String html) {
    String kept = html;
    for (Pattern[] frame : FRAMES) {
      if (frame[0].matcher(kept).find() && !frame[1].matcher(kept).find()) {
        kept = frame[0].matcher(kept).replaceAll("");
      }
    }
    return kept;
  }

  private static final Pattern[][] FRAMES = {
    {Pattern.compile("(?i)<iframe\\b[^<>]{0,4000}>"), Pattern.compile("(?i)</iframe")},
    {Pattern.compile("(?i)<object\\b[^<>]{0,4000}>"), Pattern.compile("(?i)</object")}
  };

  private static final class Collector implements NodeVisitor {

    private final StringBuilder text;
    private int dropped;

    Collector(StringBuilder text) {
      this.text = text;
    }

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode words) {
        if (dropped == 0) {
          String whole = words.getWholeText();
          // A line end in HTML source is a space; paragraphs come from elements alone.
          for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            text.append(c == '\n' || c == '\r' ? ' ' : c);
          }
        }
      } else if (node instanceof Element element) {
        String name = element.normalName();
        if (DROPPED.contains(name)) {
          dropped++;
        } else if (name.equals("br")) {
          text.append('\n');
        } else {
          around(name);
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        String name = element.normalName();
        if (DROPPED.contains(name)) {
          dropped--;
        } else {
          around(name);
        }
      }
    }

    private void around(String name) {
      if (BLOCKS.contains(name)) {
        text.append("\n\n");
      } else if (APART.contains(name)) {
        text.append(' ');
      }
    }
  }

  /** Runs of white space become one space, or one line end, or one blank line. */
  static String collapse(String text, boolean paragraphs) {
    StringBuilder out = null;
    int lineEnds = 0;
    boolean space = false;
    int start = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        lineEnds++;
      } else if (isSpace(c)) {
        space = true;
      } else {
        if (start < 0) {
          start = i;
        } else if (lineEnds > 0 || (space && !onlySpaceBefore(text, i))) {
          // What stood before the gap is copied in one piece.
          out = out == null ? new StringBuilder(text.length()) : out;
          int end = i;
          while (isSpace(text.charAt(end - 1))) {
            end--;
          }
          out.append(text, start, end);
          out.append(paragraphs && lineEnds > 1 ? "\n\n" : paragraphs && lineEnds > 0 ? "\n" : " ");
          start = i;
        }
        space = false;
        lineEnds = 0;
      }
    }
    if (start < 0) {
      return "";
    }
    int end = text.length();
    while (isSpace(text.charAt(end - 1))) {
      end--;
    }
    return out == null ? text.substring(start, end) : out.append(text, start, end).toString();
  }

  /** Whether the gap that ends at {@code i} is one blank, which stays as it is. */
  private static boolean onlySpaceBefore(String text, int i) {
    return text.charAt(i - 1) == ' ' && !isSpace(text.charAt(i - 2));
  }

  private static boolean isSpace(char c) {
    return c <= ' ' || c == '\u00a0' || c == '\u2028' || c == '\u2029' || c == '\u3000';
  }

  /**
   * At most {@code limit} characters, ending after a word and saying with an ellipsis that it was
   * cut.
   */
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = limit - 1;
    int space = text.lastIndexOf(' ', end);
    if (space > limit / 2) {
      end = space;
    } else if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).stripTrailing() + "\u2026";
  }

  /** The language tag as BCP 47 writes it, null where it is none. */
  static String language(String written) {
    if (written == null) {
      return null;
    }
    String tag = written.strip().replace('_', '-');
    if (tag.isEmpty() || tag.length() > 35 || !LANGUAGE.matcher(tag).matches()) {
      return null;
    }
    return tag.toLowerCase(Locale.ROOT).equals("x-default") ? null : tag;
  }

  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,6}");
}
