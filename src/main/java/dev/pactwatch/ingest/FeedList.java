package dev.pactwatch.ingest;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.AddressGuard;
import dev.pactwatch.http.Refusal;
import dev.pactwatch.http.UrlGuard;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The feeds to watch, as OPML 2.0. An outline with an {@code xmlUrl} is a feed; one without is a
 * folder, whose name is the category of feeds that have none of their own. The XML comment right
 * before an outline is kept as the feed's comment.
 */
public final class FeedList {

  /** How the JDK's parser tells of a prefix without a declaration. */
  private static final Pattern UNBOUND =
      Pattern.compile("AttributePrefixUnbound\\?[^&]*&[^&]*&([A-Za-z0-9_.-]+)|prefix \"([^\"]+)\"");

  private final Map<String, FeedEntry> feeds;

  private FeedList(Map<String, FeedEntry> feeds) {
    this.feeds = feeds;
  }

  /**
   * @throws ConfigException naming file and line when the file cannot be used
   */
  public static FeedList read(Path file) {
    try {
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": cannot be read: no such file", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + LogText.escape(e.getMessage()), e);
    }
  }

  /**
   * @param name what messages call the text
   */
  public static FeedList parse(String name, byte[] opml) {
    // The JDK's own reader, whatever else is on the class path, with everything external off.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(opml));
      try {
        return new FeedList(feeds(name, xml));
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNumber());
      throw new ConfigException(name + ":" + line + ": " + malformed(e), e);
    }
  }

  private static String malformed(XMLStreamException e) {
    Matcher prefix = UNBOUND.matcher(String.valueOf(e.getMessage()));
    return prefix.find()
        ? "is no well-formed XML: the prefix "
            + LogText.escape(prefix.group(1) == null ? prefix.group(2) : prefix.group(1))
            + ": is used but not declared, as by xmlns:pactwatch=\""
            + OpmlText.NAMESPACE
            + "\" in <opml>"
        : "is no well-formed XML";
  }

  private static Map<String, FeedEntry> feeds(String name, XMLStreamReader xml)
      throws XMLStreamException {
    Map<String, FeedEntry> feeds = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    Deque<String> folders = new ArrayDeque<>();
    String comment = null;
    boolean root = true;
    while (xml.hasNext()) {
      int event = xml.next();
      int line = Math.max(1, xml.getLocation().getLineNumber());
      if (event == XMLStreamConstants.DTD) {
        throw new ConfigException(name + ":" + line + ": must not hold a DOCTYPE");
      } else if (event == XMLStreamConstants.COMMENT) {
        comment = xml.getText().replaceAll("\\s+", " ").strip();
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        if (root && !xml.getLocalName().equals("opml")) {
          throw new ConfigException(
              name + ":" + line + ": must be an <opml> document, not <" + xml.getLocalName() + ">");
        }
        root = false;
        if (!xml.getLocalName().equals("outline")) {
          continue;
        }
        String url = attribute(xml, "xmlUrl");
        String title =
            attribute(xml, "text") == null ? attribute(xml, "title") : attribute(xml, "text");
        if (url == null) {
          if ("rss".equals(attribute(xml, "type"))) {
            throw new ConfigException(name + ":" + line + ": xmlUrl: is missing");
          }
          folders.push(title == null ? "" : title);
          comment = null;
          continue;
        }
        folders.push("");
        complain(name, line, url, lines.put(url, line));
        String category = attribute(xml, "category");
        feeds.put(
            url,
            new FeedEntry(
                url,
                title == null ? url : title,
                attribute(xml, "htmlUrl"),
                category == null ? nearest(folders) : category,
                comment,
                fullText(name, line, xml)));
        comment = null;
      } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("outline")) {
        folders.pop();
      }
    }
    return feeds;
  }

  /** By its name alone: which prefix a user gave it is the user's affair. */
  private static boolean fullText(String name, int line, XMLStreamReader xml) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals("fullText")) {
        String value = xml.getAttributeValue(i).strip();
        if (!value.equals("true") && !value.equals("false")) {
          throw new ConfigException(
              name
                  + ":"
                  + line
                  + ": fullText: must be true or false, not '"
                  + LogText.escape(value)
                  + "'");
        }
        return value.equals("true");
      }
    }
    return false;
  }

  private static void complain(String name, int line, String url, Integer before) {
    if (before != null) {
      throw new ConfigException(
          name + ":" + line + ": xmlUrl: stands twice, first in line " + before);
    }
    // Spelling only: whether the port and the address may be asked is for the client to say.
    UrlGuard spelling = new UrlGuard(AddressGuard.strict(), Set.of());
    if (spelling.check(url) instanceof UrlGuard.Bad bad && bad.refusal() != Refusal.PORT) {
      throw new ConfigException(name + ":" + line + ": xmlUrl: " + bad.why());
    }
  }

  private static String nearest(Deque<String> folders) {
    return folders.stream().filter(folder -> !folder.isEmpty()).findFirst().orElse(null);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** In file order. */
  public List<FeedEntry> feeds() {
    return new ArrayList<>(feeds.values());
  }
}
