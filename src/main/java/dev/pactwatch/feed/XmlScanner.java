package dev.pactwatch.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads XML as feeds write it: in one pass and linear time, behind limits, mending what can be
 * mended without guessing (bare ampersands, undeclared prefixes, tags closed out of order, an end
 * that is missing). On a well-formed document it gives what any XML parser gives.
 *
 * <p>A DOCTYPE is stepped over, internal subset included: nothing it declares is expanded, and no
 * address in it is opened.
 */
final class XmlScanner {

  /** Elements that stand for one piece of news, by lower-case name. */
  private static final Set<String> ITEMS = Set.of("item", "entry", "url");

  /** Elements whose children such items are. */
  private static final Set<String> HOLDERS =
      Set.of("channel", "feed", "rdf", "rss", "urlset", "items");

  /**
   * @param root null where the document has no element
   * @param itemsOverLimit how many items were read past and not kept
   * @param cut the item that the end of the document cuts off, or null
   */
  record Scanned(XmlNode root, int itemsOverLimit, Cut cut) {}

  /**
   * @param number 1-based, in document order
   */
  record Cut(String element, int number, int line) {}

  private final String text;
  private final Consumer<String> warnings;

  private int position;
  private int countedTo;
  private int line = 1;

  private XmlNode root;
  private XmlNode open;
  private int depth;
  private int elements;
  private int items;
  private int itemsClosed;

  /** Depth of the open element whose subtree is not kept, 0 for none. */
  private int skipFrom;

  private final Map<Integer, Map<String, String>> declarations = new HashMap<>();
  private final StringBuilder pending = new StringBuilder();

  XmlScanner(String text, Consumer<String> warnings) {
    this.text = text;
    this.warnings = warnings;
  }

  Scanned scan() {
    int start = text.indexOf('<');
    if (start < 0) {
      return new Scanned(null, 0, null);
    }
    if (!text.substring(0, start).isBlank()) {
      warnings.accept("there is text before the first element");
    }
    position = start;
    boolean whole = true;
    while (whole && position < text.length()) {
      int next = text.indexOf('<', position);
      if (next < 0) {
        text(position, text.length());
        position = text.length();
        break;
      }
      text(position, next);
      position = next;
      whole = markup();
      if (root != null && open == null) {
        break;
      }
    }
    if (root == null) {
      return new Scanned(null, 0, null);
    }
    return new Scanned(root, Math.max(0, items - Limits.ITEMS), open == null ? null : cut());
  }

  /** Takes the cut-off item out of the tree; elements around the items may lack their end. */
  private Cut cut() {
    flush();
    XmlNode cutItem = null;
    for (XmlNode node = open; node != null; node = node.parent) {
      if (isItem(node)) {
        cutItem = node;
      }
    }
    if (cutItem == null) {
      return new Cut(open.qualifiedName(), 0, open.line);
    }
    if (cutItem.parent != null) {
      cutItem.parent.remove(cutItem);
    }
    return new Cut(cutItem.qualifiedName(), items, cutItem.line);
  }

  /** Items that ended before the document did. */
  int itemsClosed() {
    return itemsClosed;
  }

  /** Reads the construct at {@code position}; false where the document ends inside it. */
  private boolean markup() {
    if (text.startsWith("<!--", position)) {
      return skipPast("-->", 4);
    }
    if (text.startsWith("<![CDATA[", position)) {
      int end = text.indexOf("]]>", position + 9);
      if (end < 0) {
        return false;
      }
      if (open != null && skipFrom == 0) {
        Characters.decode(text, position + 9, end, false, pending);
      }
      position = end + 3;
      return true;
    }
    if (text.startsWith("<?", position)) {
      return skipPast("?>", 2);
    }
    if (text.startsWith("<!", position)) {
      // Only before the root is it a DOCTYPE, with quotes and a subset to respect.
      return root == null ? declaration() : skipPast(">", 2);
    }
    if (position + 1 >= text.length()) {
      return false;
    }
    char next = text.charAt(position + 1);
    if (next == '/') {
      return endTag();
    }
    if (isNameStart(next)) {
      return startTag();
    }
    if (open != null && skipFrom == 0) {
      pending.append('<');
      warn("a '<' that starts no tag");
    }
    position++;
    return true;
  }

  private boolean skipPast(String end, int from) {
    int found = text.indexOf(end, position + from);
    if (found < 0) {
      return false;
    }
    position = found + end.length();
    return true;
  }

  /** Steps over a DOCTYPE: quoted texts, comments and a bracketed subset do not end it. */
  private boolean declaration() {
    boolean subset = false;
    int i = position + 2;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        int end = text.indexOf(c, i + 1);
        if (end < 0) {
          return false;
        }
        i = end;
      } else if (c == '[') {
        subset = true;
      } else if (c == ']') {
        subset = false;
      } else if (subset && text.startsWith("<!--", i)) {
        int end = text.indexOf("-->", i + 4);
        if (end < 0) {
          return false;
        }
        i = end + 2;
      } else if (c == '>' && !subset) {
        position = i + 1;
        return true;
      }
      i++;
    }
    return false;
  }

  private boolean startTag() {
    int i = position + 1;
    int nameEnd = nameEnd(i);
    String qualified = text.substring(i, nameEnd);
    i = nameEnd;
    List<String> attributes = new ArrayList<>(0);
    boolean empty = false;
    while (true) {
      i = skipSpace(i);
      if (i >= text.length()) {
        return false;
      }
      char c = text.charAt(i);
      if (c == '>') {
        i++;
        break;
      }
      if (c == '/') {
        empty = i + 1 < text.length() && text.charAt(i + 1) == '>';
        i++;
        continue;
      }
      if (c == '<') {
        warn("a tag that is not closed");
        break;
      }
      int end = attributeNameEnd(i);
      if (end == i) {
        i++;
        continue;
      }
      String name = text.substring(i, end);
      String value = "";
      i = skipSpace(end);
      if (i < text.length() && text.charAt(i) == '=') {
        i = skipSpace(i + 1);
        if (i >= text.length()) {
          return false;
        }
        char quote = text.charAt(i);
        int valueEnd;
        if (quote == '"' || quote == '\'') {
          i++;
          valueEnd = text.indexOf(quote, i);
          if (valueEnd < 0) {
            return false;
          }
          value = attributeValue(i, valueEnd);
          i = valueEnd + 1;
        } else {
          valueEnd = i;
          while (valueEnd < text.length()
              && !isSpace(text.charAt(valueEnd))
              && text.charAt(valueEnd) != '>') {
            valueEnd++;
          }
          value = attributeValue(i, valueEnd);
          i = valueEnd;
        }
      }
      if (attributes.size() >= 2 * Limits.ATTRIBUTES) {
        throw new UnreadableException(
            "more than "
                + Limits.ATTRIBUTES
                + " attributes on one element (line "
                + lineNow()
                + ")");
      }
      if (!has(attributes, name)) {
        attributes.add(name);
        attributes.add(value);
      }
    }
    open(qualified, attributes, empty);
    position = i;
    return true;
  }

  private static boolean has(List<String> attributes, String name) {
    for (int i = 0; i < attributes.size(); i += 2) {
      if (attributes.get(i).equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void open(String qualified, List<String> attributes, boolean empty) {
    if (skipFrom == 0 && ++elements > Limits.ELEMENTS) {
      throw new UnreadableException("more than " + Limits.ELEMENTS + " elements");
    }
    if (depth >= Limits.DEPTH) {
      throw new UnreadableException("nested deeper than " + Limits.DEPTH + " elements");
    }
    flush();
    int colon = qualified.indexOf(':');
    String prefix = colon > 0 ? qualified.substring(0, colon) : "";
    String name = qualified.substring(colon + 1);
    if (open != null
        && isItem(open)
        && open.name.equals(name)
        && open.prefix.equals(prefix)
        && skipFrom == 0) {
      warn("<" + qualified + "> without an end");
      close();
    }
    depth++;
    Map<String, String> declared = declared(attributes);
    if (declared != null) {
      declarations.put(depth, declared);
    }
    XmlNode node =
        new XmlNode(prefix, name, namespace(prefix), List.copyOf(attributes), open, lineNow());
    if (open == null) {
      root = node;
      String lower = node.lowerName();
      if (Set.of("html", "head", "body").contains(lower)) {
        throw new UnreadableException("an HTML page, not a feed");
      }
    }
    boolean item = isItem(node);
    if (item && skipFrom == 0 && ++items > Limits.ITEMS) {
      skipFrom = depth;
    }
    if (open != null && skipFrom == 0) {
      open.add(node);
    }
    open = node;
    if (empty) {
      close();
    }
  }

  private static boolean isItem(XmlNode node) {
    return node.parent != null
        && ITEMS.contains(node.lowerName())
        && HOLDERS.contains(node.parent.lowerName());
  }

  private boolean endTag() {
    int i = position + 2;
    int nameEnd = nameEnd(i);
    int end = text.indexOf('>', nameEnd);
    if (end < 0) {
      // A document that lacks its very last '>' lacks nothing else.
      if (!text.substring(nameEnd).isBlank()
          || matching(text.substring(i, nameEnd), false) == null) {
        return false;
      }
      warn("the last tag is not closed");
      end = text.length() - 1;
    }
    String qualified = text.substring(i, nameEnd);
    position = end + 1;
    XmlNode match = matching(qualified, false);
    if (match == null) {
      match = matching(qualified, true);
    }
    if (match == null) {
      warn("</" + shown(qualified) + "> without a start");
      return true;
    }
    if (match != open) {
      warn("<" + shown(open.qualifiedName()) + "> without an end");
    }
    while (open != match) {
      close();
    }
    close();
    return true;
  }

  private XmlNode matching(String qualified, boolean ignoringCase) {
    for (XmlNode node = open; node != null; node = node.parent) {
      int from = node.prefix.isEmpty() ? 0 : node.prefix.length() + 1;
      if (qualified.length() == from + node.name.length()
          && qualified.regionMatches(ignoringCase, from, node.name, 0, node.name.length())
          && (from == 0
              || (qualified.startsWith(node.prefix) && qualified.charAt(from - 1) == ':'))) {
        return node;
      }
    }
    return null;
  }

  private void close() {
    flush();
    declarations.remove(depth);
    if (isItem(open)) {
      itemsClosed++;
    }
    if (skipFrom == depth) {
      skipFrom = 0;
    }
    depth--;
    open = open.parent;
  }

  private void text(int from, int to) {
    if (open != null && skipFrom == 0 && to > from) {
      Characters.decode(text, from, to, true, pending);
    }
  }

  private void flush() {
    if (pending.length() > 0) {
      open.add(pending.toString());
      pending.setLength(0);
    }
  }

  private String attributeValue(int from, int to) {
    StringBuilder value = new StringBuilder(to - from);
    Characters.decode(text, from, to, true, value);
    return value.toString();
  }

  private static Map<String, String> declared(List<String> attributes) {
    Map<String, String> declared = null;
    for (int i = 0; i < attributes.size(); i += 2) {
      String name = attributes.get(i);
      if (name.equals("xmlns") || name.startsWith("xmlns:")) {
        if (declared == null) {
          declared = new HashMap<>();
        }
        declared.put(name.length() > 5 ? name.substring(6) : "", attributes.get(i + 1).strip());
      }
    }
    return declared;
  }

  private String namespace(String prefix) {
    if (!declarations.isEmpty()) {
      for (int at = depth; at > 0; at--) {
        Map<String, String> declared = declarations.get(at);
        String uri = declared == null ? null : declared.get(prefix);
        if (uri != null) {
          return uri;
        }
      }
    }
    return prefix.isEmpty() ? "" : Namespaces.UNDECLARED + prefix.toLowerCase(Locale.ROOT);
  }

  private void warn(String what) {
    warnings.accept(what + " (line " + lineNow() + ")");
  }

  private int lineNow() {
    for (; countedTo < position; countedTo++) {
      if (text.charAt(countedTo) == '\n') {
        line++;
      }
    }
    return line;
  }

  private int nameEnd(int from) {
    int i = from;
    while (i < text.length() && isNamePart(text.charAt(i))) {
      i++;
    }
    if (i - from > Limits.NAME_CHARS) {
      throw new UnreadableException(
          "an element name longer than "
              + Limits.NAME_CHARS
              + " characters (line "
              + lineNow()
              + ")");
    }
    return i;
  }

  private int attributeNameEnd(int from) {
    int i = from;
    while (i < text.length() && !isSpace(text.charAt(i)) && "=/><\"'".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static String shown(String name) {
    return name.length() > 40 ? name.substring(0, 40) + "..." : name;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_' || c == ':';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || Character.isDigit(c) || c == '-' || c == '.';
  }
}
