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

  private final Map<String, FeedEntry> feeds;

  private FeedList(Map<String, FeedEntry> feeds) {
    this.feeds = feeds;
  }

  public static FeedList of(List<FeedEntry> feeds) {
    Map<String, FeedEntry> byUrl = new LinkedHashMap<>();
    feeds.forEach(feed -> byUrl.put(feed.url(), feed));
    return new FeedList(byUrl);
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
      throw new ConfigException(name + ":" + line + ": is no well-formed XML", e);
    }
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
                comment));
        comment = null;
      } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("outline")) {
        folders.pop();
      }
    }
    return feeds;
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

  /** The list with this feed at its end, or in the place of the one with the same address. */
  public FeedList with(FeedEntry feed) {
    Map<String, FeedEntry> more = new LinkedHashMap<>(feeds);
    more.put(feed.url(), feed);
    return new FeedList(more);
  }

  /** The list without the feed of this address. */
  public FeedList without(String url) {
    Map<String, FeedEntry> fewer = new LinkedHashMap<>(feeds);
    fewer.remove(url);
    return new FeedList(fewer);
  }

  /** OPML that {@link #parse} reads back to the same list. */
  public String toOpml() {
    StringBuilder out = new StringBuilder();
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    out.append("  <head>\n    <title>Pactwatch feeds</title>\n  </head>\n  <body>\n");
    for (FeedEntry feed : feeds.values()) {
      if (feed.comment() != null) {
        // Two hyphens would end the comment.
        out.append("    <!-- ").append(feed.comment().replace("--", "- -")).append(" -->\n");
      }
      out.append("    <outline type=\"rss\"");
      write(out, "text", feed.title());
      write(out, "title", feed.title());
      write(out, "xmlUrl", feed.url());
      write(out, "htmlUrl", feed.site());
      write(out, "category", feed.category());
      out.append("/>\n");
    }
    return out.append("  </body>\n</opml>\n").toString();
  }

  private static void write(StringBuilder out, String name, String value) {
    if (value != null) {
      out.append(' ').append(name).append("=\"");
      out.append(
          value
              .replace("&", "&amp;")
              .replace("<", "&lt;")
              .replace(">", "&gt;")
              .replace("\"", "&quot;")
              .replaceAll("\\s", " "));
      out.append('"');
    }
  }
}
