package dev.pactwatch.ingest;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an OPML file, cut where an outline begins and ends, so that one can be put in or
 * taken out and every other character stays: order, comments, blanks, attributes of other programs.
 * Works on text that {@link FeedList#parse} has accepted.
 */
final class OpmlText {

  /** Name of the attributes that are ours. */
  static final String NAMESPACE = "urn:pactwatch:opml";

  private static final Pattern TOKEN =
      Pattern.compile(
          "<!--(?<comment>.*?)-->|<!\\[CDATA\\[.*?\\]\\]>|<\\?.*?\\?>"
              + "|<(?<end>/)?(?<name>[^\\s/>!?]+)(?<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)"
              + "(?<empty>/)?>",
          Pattern.DOTALL);
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([^\\s=]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')");
  private static final Pattern DECLARED =
      Pattern.compile("<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:#(\\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));");

  /**
   * An outline as it stands in the text.
   *
   * @param start where its comment begins, or itself
   * @param open where its own tag begins
   * @param inner where its contents begin; where it ends for one without any
   * @param close where its end tag begins; where it ends for one without any
   * @param end behind it
   * @param attributes by name as written, values without escapes
   * @param parent the folder around it, null for none
   */
  record Outline(
      int start,
      int open,
      int inner,
      int close,
      int end,
      Map<String, String> attributes,
      Outline parent) {

    String url() {
      String url = attributes.get("xmlUrl");
      return url == null || url.isBlank() ? null : url.strip();
    }

    String name() {
      String text = attributes.get("text");
      return text == null ? attributes.get("title") : text;
    }
  }

  private final Charset charset;
  private final boolean marked;
  private final String text;
  private final List<Outline> outlines = new ArrayList<>();
  private final Map<String, String> rootAttributes;
  private int rootNameEnd;
  private int bodyEnd = -1;

  private OpmlText(Charset charset, boolean marked, String text) {
    this.charset = charset;
    this.marked = marked;
    this.text = text;
    this.rootAttributes = scan();
  }

  static OpmlText of(byte[] opml) {
    Charset charset = StandardCharsets.UTF_8;
    boolean marked = false;
    if (starts(opml, 0xef, 0xbb, 0xbf)) {
      marked = true;
    } else if (starts(opml, 0xfe, 0xff) || starts(opml, 0xff, 0xfe)) {
      charset = opml[0] == (byte) 0xfe ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
      marked = true;
    } else {
      String head = new String(opml, 0, Math.min(200, opml.length), StandardCharsets.ISO_8859_1);
      Matcher declared = DECLARED.matcher(head);
      if (declared.find()) {
        try {
          charset = Charset.forName(declared.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
          // The XML parser has read it, so it is one that Java knows under another name.
          charset = StandardCharsets.UTF_8;
        }
      }
    }
    String text = new String(opml, charset);
    return new OpmlText(charset, marked, marked ? text.substring(1) : text);
  }

  private static boolean starts(byte[] bytes, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (bytes.length <= i || (bytes[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }

  byte[] bytes() {
    return ((marked ? "\ufeff" : "") + text).getBytes(charset);
  }

  private OpmlText with(String changed) {
    return new OpmlText(charset, marked, changed);
  }

  /** Feeds and folders, in the order of their beginnings. */
  List<Outline> outlines() {
    return outlines;
  }

  private Map<String, String> scan() {
    record Open(int start, int tag, int inner, Map<String, String> attributes, int place) {}
    Deque<Open> open = new ArrayDeque<>();
    Deque<Outline> around = new ArrayDeque<>();
    Map<String, String> root = null;
    int comment = -1;
    int commentEnd = -1;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      if (token.group("comment") != null) {
        comment = token.start();
        commentEnd = token.end();
        continue;
      }
      String name = token.group("name");
      if (name == null) {
        continue;
      }
      if (root == null) {
        root = attributes(token.group("attributes"));
        rootNameEnd = token.end("name");
      }
      boolean end = token.group("end") != null;
      if (name.equals("body") && end) {
        bodyEnd = token.start();
      }
      if (!name.equals("outline")) {
        continue;
      }
      if (end) {
        Open begun = open.pop();
        around.pop();
        outlines.set(
            begun.place(),
            new Outline(
                begun.start(),
                begun.tag(),
                begun.inner(),
                token.start(),
                token.end(),
                begun.attributes(),
                around.peek()));
        continue;
      }
      int start =
          comment >= 0 && text.substring(commentEnd, token.start()).isBlank()
              ? comment
              : token.start();
      comment = -1;
      Map<String, String> attributes = attributes(token.group("attributes"));
      Outline outline =
          new Outline(
              start,
              token.start(),
              token.end(),
              token.end(),
              token.end(),
              attributes,
              around.peek());
      outlines.add(outline);
      if (token.group("empty") == null) {
        open.push(new Open(start, token.start(), token.end(), attributes, outlines.size() - 1));
        around.push(outline);
      }
    }
    return root == null ? Map.of() : root;
  }

  private static Map<String, String> attributes(String written) {
    Map<String, String> attributes = new LinkedHashMap<>();
    Matcher attribute = ATTRIBUTE.matcher(written);
    while (attribute.find()) {
      attributes.put(
          attribute.group(1),
          unescaped(attribute.group(2) == null ? attribute.group(3) : attribute.group(2)));
    }
    return attributes;
  }

  private static String unescaped(String value) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            reference -> {
              String plain;
              if (reference.group(3) != null) {
                plain =
                    switch (reference.group(3)) {
                      case "amp" -> "&";
                      case "lt" -> "<";
                      case "gt" -> ">";
                      case "quot" -> "\"";
                      default -> "'";
                    };
              } else {
                int code =
                    reference.group(1) != null
                        ? Integer.parseInt(reference.group(1))
                        : Integer.parseInt(reference.group(2), 16);
                plain = Character.isValidCodePoint(code) ? Character.toString(code) : "";
              }
              return Matcher.quoteReplacement(plain);
            });
  }

  /** Without the feed of this address, and without the comment before it. */
  OpmlText without(String url) {
    Outline feed = outlines.stream().filter(one -> url.equals(one.url())).findFirst().orElseThrow();
    int from = feed.start();
    int to = feed.end();
    int lineStart = text.lastIndexOf('\n', from - 1) + 1;
    int lineEnd = text.indexOf('\n', to);
    if (lineEnd >= 0
        && text.substring(lineStart, from).isBlank()
        && text.substring(to, lineEnd).isBlank()) {
      from = lineStart;
      to = lineEnd + 1;
    }
    return with(text.substring(0, from) + text.substring(to));
  }

  /**
   * With more at the end of a folder, or of the whole.
   *
   * @param written the outline as text, without indentation
   * @param folder name of the folder, made where there is none; null for the end of the whole
   */
  OpmlText with(String written, String folder) {
    if (folder == null) {
      return insert(bodyEnd, 0, written);
    }
    Outline found =
        outlines.stream()
            .filter(one -> one.url() == null && folder.equals(one.name()))
            .findFirst()
            .orElse(null);
    if (found == null) {
      String made =
          "<outline text=\"" + escape(folder) + "\">\n  " + indented(written) + "\n</outline>";
      return insert(bodyEnd, 0, made);
    }
    if (found.inner() == found.end()) {
      // <outline text="Empty"/> has to be opened first.
      String tag = text.substring(found.open(), found.end());
      String opened = tag.substring(0, tag.length() - 2).stripTrailing() + ">";
      String indent = indentAt(found.open());
      return with(text.substring(0, found.open())
              + opened
              + "\n"
              + indent
              + "</outline>"
              + text.substring(found.end()))
          .with(written, folder);
    }
    return insert(found.close(), depth(found) + 1, written);
  }

  private static int depth(Outline outline) {
    return outline.parent() == null ? 0 : depth(outline.parent()) + 1;
  }

  /** Before the end tag at {@code at}, indented like what stands before it. */
  private OpmlText insert(int at, int depth, String written) {
    int lineStart = text.lastIndexOf('\n', at - 1) + 1;
    boolean ownLine = text.substring(lineStart, at).isBlank();
    String indent = (ownLine ? text.substring(lineStart, at) : "  ".repeat(depth + 1)) + "  ";
    String lines = written.replace("\n", "\n" + indent);
    return ownLine
        ? with(text.substring(0, lineStart) + indent + lines + "\n" + text.substring(lineStart))
        : with(
            text.substring(0, at)
                + "\n"
                + indent
                + lines
                + "\n"
                + indent.substring(2)
                + text.substring(at));
  }

  private String indentAt(int at) {
    String before = text.substring(text.lastIndexOf('\n', at - 1) + 1, at);
    return before.isBlank() ? before : "";
  }

  private static String indented(String written) {
    return written.replace("\n", "\n  ");
  }

  /** With our attributes' name declared at the root, where it is not. */
  OpmlText withNamespace() {
    return rootAttributes.containsValue(NAMESPACE)
        ? this
        : with(
            text.substring(0, rootNameEnd)
                + " xmlns:pactwatch=\""
                + NAMESPACE
                + "\""
                + text.substring(rootNameEnd));
  }

  /** The prefix of our attributes in this text. */
  String prefix() {
    return rootAttributes.entrySet().stream()
        .filter(one -> one.getValue().equals(NAMESPACE) && one.getKey().startsWith("xmlns:"))
        .map(one -> one.getKey().substring("xmlns:".length()))
        .findFirst()
        .orElse("pactwatch");
  }

  /**
   * An outline as another file can take it over: with its comment, and with the names of the
   * attributes of other programs that are declared around it here.
   */
  String copy(Outline outline, OpmlText into) {
    String comment = text.substring(outline.start(), outline.open()).strip();
    String written = text.substring(outline.open(), outline.end());
    StringBuilder declarations = new StringBuilder();
    for (Map.Entry<String, String> one : declaredAt(outline).entrySet()) {
      boolean used = written.contains(one.getKey().substring("xmlns:".length()) + ":");
      if (used
          && !outline.attributes().containsKey(one.getKey())
          && !one.getValue().equals(into.rootAttributes.get(one.getKey()))) {
        declarations
            .append(' ')
            .append(one.getKey())
            .append("=\"")
            .append(escape(one.getValue()))
            .append('"');
      }
    }
    int name = "<outline".length();
    written = written.substring(0, name) + declarations + written.substring(name);
    return comment.isEmpty() ? written : comment + "\n" + written;
  }

  private Map<String, String> declaredAt(Outline outline) {
    Map<String, String> declared = new LinkedHashMap<>();
    Deque<Map<String, String>> around = new ArrayDeque<>();
    for (Outline one = outline.parent(); one != null; one = one.parent()) {
      around.push(one.attributes());
    }
    around.push(rootAttributes);
    for (Map<String, String> attributes : around) {
      attributes.forEach(
          (name, value) -> {
            if (name.startsWith("xmlns:")) {
              declared.put(name, value);
            }
          });
    }
    return declared;
  }

  static String escape(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replaceAll("\\s", " ");
  }
}
