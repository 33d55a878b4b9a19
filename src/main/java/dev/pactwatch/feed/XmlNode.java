package dev.pactwatch.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An element as read: a far smaller thing than a DOM, which is only built from what is kept. */
final class XmlNode {

  /** As written, without prefix. */
  final String name;

  final String prefix;

  /** Namespace URI, empty for none. */
  final String namespace;

  final XmlNode parent;
  final int line;
  private final String lowerName;

  /** Name and value in turn; names as written, with prefix. */
  private final List<String> attributes;

  /** {@code String} or {@code XmlNode}, in document order. */
  private final List<Object> content = new ArrayList<>(4);

  XmlNode(
      String prefix,
      String name,
      String namespace,
      List<String> attributes,
      XmlNode parent,
      int line) {
    this.prefix = prefix;
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.parent = parent;
    this.line = line;
    this.lowerName = name.toLowerCase(Locale.ROOT);
  }

  void add(XmlNode child) {
    content.add(child);
  }

  void add(String text) {
    content.add(text);
  }

  void remove(XmlNode child) {
    content.removeIf(one -> one == child);
  }

  /** The name in lower case: feeds write {@code pubDate}, {@code pubdate} and {@code PubDate}. */
  String lowerName() {
    return lowerName;
  }

  String qualifiedName() {
    return prefix.isEmpty() ? name : prefix + ":" + name;
  }

  List<XmlNode> children() {
    List<XmlNode> children = new ArrayList<>(content.size());
    for (Object one : content) {
      if (one instanceof XmlNode child) {
        children.add(child);
      }
    }
    return children;
  }

  boolean hasChildren() {
    for (Object one : content) {
      if (one instanceof XmlNode) {
        return true;
      }
    }
    return false;
  }

  /** Value of an attribute by the name as written, prefix included, whatever the case. */
  String attribute(String qualified) {
    for (int i = 0; i < attributes.size(); i += 2) {
      if (attributes.get(i).equalsIgnoreCase(qualified)) {
        return attributes.get(i + 1);
      }
    }
    return null;
  }

  /** Value of an attribute by its local name, for attributes that feeds prefix at will. */
  String attributeNamed(String local) {
    for (int i = 0; i < attributes.size(); i += 2) {
      String written = attributes.get(i);
      if (written.substring(written.indexOf(':') + 1).equalsIgnoreCase(local)) {
        return attributes.get(i + 1);
      }
    }
    return null;
  }

  /** The value of {@code xml:name} here or on the nearest ancestor that has it. */
  String inherited(String xmlName) {
    for (XmlNode node = this; node != null; node = node.parent) {
      String value = node.attribute(xmlName);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** All text below, in order. */
  String text() {
    if (content.isEmpty()) {
      return "";
    }
    if (content.size() == 1 && content.get(0) instanceof String only) {
      return only;
    }
    StringBuilder text = new StringBuilder();
    appendText(text);
    return text.toString();
  }

  private void appendText(StringBuilder text) {
    for (Object one : content) {
      if (one instanceof XmlNode child) {
        child.appendText(text);
      } else {
        text.append((String) one);
      }
    }
  }

  /**
   * What stands inside, as HTML: elements as tags, and text as it is unless {@code escape} asks for
   * it to be escaped, which is right where the feed says that its text is no mark-up.
   */
  String markup(boolean escape) {
    StringBuilder html = new StringBuilder();
    appendMarkup(html, escape);
    return html.toString();
  }

  private void appendMarkup(StringBuilder html, boolean escape) {
    for (Object one : content) {
      if (one instanceof XmlNode child) {
        html.append('<').append(child.name);
        for (int i = 0; i < child.attributes.size(); i += 2) {
          html.append(' ').append(child.attributes.get(i)).append("=\"");
          escape(child.attributes.get(i + 1), html);
          html.append('"');
        }
        html.append('>');
        child.appendMarkup(html, escape);
        if (!VOID.contains(" " + child.lowerName() + " ")) {
          html.append("</").append(child.name).append('>');
        }
      } else if (escape) {
        escape((String) one, html);
      } else {
        html.append((String) one);
      }
    }
  }

  private static final String VOID =
      " area base br col embed hr img input link meta source track wbr ";

  private static void escape(String text, StringBuilder html) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '&' -> html.append("&amp;");
        case '"' -> html.append("&quot;");
        default -> html.append(c);
      }
    }
  }
}
