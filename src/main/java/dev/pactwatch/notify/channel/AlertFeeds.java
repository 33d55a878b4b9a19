package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Json;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.notify.channel.Notification.Links;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Alerts as a feed: Atom (RFC 4287, with the archive links of RFC 5005 and the tombstones of RFC
 * 6721) and JSON Feed 1.1. The same alerts give the same bytes. A withdrawn alert stays as an entry
 * that says so, for readers that know no tombstones.
 */
public final class AlertFeeds {

  private static final String ATOM = "http://www.w3.org/2005/Atom";
  private static final String TOMBSTONES = "http://purl.org/atompub/tombstones/1.0";
  private static final String HISTORY = "http://purl.org/syndication/history/1.0";
  private static final String XML = "http://www.w3.org/XML/1998/namespace";

  private static final String LANGUAGE = "en";
  private static final String AUTHOR = "Pactwatch";
  private static final int TITLE = 300;

  private AlertFeeds() {}

  /**
   * The feed as a document, or one of its archives.
   *
   * @param name of the feed, which never changes; makes its id
   * @param self address of this document; null where it has none
   * @param links {@code page} is where people read on; may be null
   * @param previous address of the archive with the entries before these; null for none
   * @param current address of the newest document, where this is an archive; null where it is the
   *     newest itself
   */
  public record Page(
      String name, String title, String self, Links links, String previous, String current) {}

  /**
   * One alert.
   *
   * @param alert its latest revision
   * @param updated when this revision was made known here; later for each revision
   */
  public record Entry(Alert alert, Instant updated) {}

  /** UTF-8 bytes of an Atom document. */
  public static byte[] atom(Page page, List<Entry> newestFirst) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try {
      // The runtime's own, whatever else lies on the class path.
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("feed");
      xml.writeDefaultNamespace(ATOM);
      xml.writeNamespace("at", TOMBSTONES);
      xml.writeNamespace("fh", HISTORY);
      xml.writeAttribute("xml", XML, "lang", LANGUAGE);
      text(xml, "id", urn("feed", page.name()));
      text(xml, "title", line(page.title(), TITLE));
      text(xml, "updated", updated(newestFirst).toString());
      xml.writeStartElement("author");
      text(xml, "name", AUTHOR);
      xml.writeEndElement();
      link(xml, "self", Link.of(page.self()), "application/atom+xml");
      link(xml, "alternate", site(page), "text/html");
      link(xml, "prev-archive", Link.of(page.previous()), "application/atom+xml");
      if (page.current() != null) {
        link(xml, "current", Link.of(page.current()), "application/atom+xml");
        xml.writeEmptyElement(HISTORY, "archive");
      }
      for (Entry entry : newestFirst) {
        entry(xml, page, entry);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("memory takes any feed", e);
    }
    return out.toByteArray();
  }

  private static void entry(XMLStreamWriter xml, Page page, Entry entry) throws XMLStreamException {
    Alert alert = entry.alert();
    String id = urn("alert", alert.id());
    if (withdrawn(alert)) {
      xml.writeStartElement(TOMBSTONES, "deleted-entry");
      xml.writeAttribute("ref", id);
      xml.writeAttribute("when", entry.updated().toString());
      xml.writeStartElement(TOMBSTONES, "comment");
      xml.writeCharacters(line(String.join(" ", alert.reasons()), TITLE));
      xml.writeEndElement();
      xml.writeEndElement();
    }
    xml.writeStartElement("entry");
    text(xml, "id", id);
    text(xml, "title", title(alert));
    text(xml, "updated", entry.updated().toString());
    text(xml, "published", alert.firstSeen().toString());
    link(xml, "alternate", alternate(page, alert), "text/html");
    for (Alert.ArticleRef article : alert.articles()) {
      link(xml, "related", Link.of(article.link()), "text/html");
    }
    category(xml, "severity", alert.severity().label());
    category(xml, "relation", alert.relation().label());
    category(xml, "type", alert.event().type().label());
    category(xml, "change", alert.change().label());
    xml.writeStartElement("content");
    xml.writeAttribute("type", "html");
    xml.writeCharacters(html(alert));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void text(XMLStreamWriter xml, String name, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static void link(XMLStreamWriter xml, String rel, Optional<Link> to, String type)
      throws XMLStreamException {
    if (to.isPresent()) {
      xml.writeEmptyElement("link");
      xml.writeAttribute("rel", rel);
      xml.writeAttribute("type", type);
      xml.writeAttribute("href", to.get().url());
    }
  }

  private static void category(XMLStreamWriter xml, String scheme, String term)
      throws XMLStreamException {
    xml.writeEmptyElement("category");
    xml.writeAttribute("scheme", "urn:pactwatch:" + scheme);
    xml.writeAttribute("term", term);
  }

  /** UTF-8 bytes of a JSON Feed. {@code previous} is its {@code next_url}. */
  public static byte[] json(Page page, List<Entry> newestFirst) {
    ObjectNode feed = Json.mapper().createObjectNode();
    feed.put("version", "https://jsonfeed.org/version/1.1");
    feed.put("title", line(page.title(), TITLE));
    site(page).ifPresent(link -> feed.put("home_page_url", link.url()));
    Link.of(page.self()).ifPresent(link -> feed.put("feed_url", link.url()));
    Link.of(page.previous()).ifPresent(link -> feed.put("next_url", link.url()));
    feed.put("language", LANGUAGE);
    feed.putArray("authors").addObject().put("name", AUTHOR);
    ArrayNode items = feed.putArray("items");
    for (Entry entry : newestFirst) {
      Alert alert = entry.alert();
      ObjectNode item = items.addObject();
      item.put("id", urn("alert", alert.id()));
      alternate(page, alert).ifPresent(link -> item.put("url", link.url()));
      Link.newest(alert).ifPresent(link -> item.put("external_url", link.url()));
      item.put("title", title(alert));
      item.put("content_html", html(alert));
      item.put("date_published", alert.firstSeen().toString());
      item.put("date_modified", entry.updated().toString());
      item.putArray("tags")
          .add(alert.severity().label())
          .add(alert.relation().label())
          .add(alert.event().type().label());
      item.putObject("_pactwatch")
          .put("alert", Clean.line(alert.id()))
          .put("revision", alert.revision())
          .put("change", alert.change().label())
          .put("withdrawn", withdrawn(alert));
    }
    return Json.bytes(feed);
  }

  private static Instant updated(List<Entry> entries) {
    return entries.stream().map(Entry::updated).max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static boolean withdrawn(Alert alert) {
    return alert.change() == Change.WITHDRAWN;
  }

  private static String title(Alert alert) {
    return (withdrawn(alert) ? "[withdrawn] " : "") + line(alert.title(), TITLE);
  }

  private static String line(String text, int length) {
    String line = Clean.line(text);
    return line.isEmpty() ? Clean.CUT : Clean.cut(line, length);
  }

  private static Optional<Link> site(Page page) {
    return page.links() == null ? Optional.empty() : Link.of(page.links().page());
  }

  private static Optional<Link> alternate(Page page, Alert alert) {
    return Link.page(page.links(), alert).or(() -> Link.newest(alert));
  }

  /** The same name always gives the same id. */
  private static String urn(String kind, String name) {
    return "urn:uuid:"
        + UUID.nameUUIDFromBytes(
            ("pactwatch:" + kind + ":" + name).getBytes(StandardCharsets.UTF_8));
  }

  private static String html(Alert alert) {
    StringBuilder html = new StringBuilder(1024);
    String certainty = alert.certainty() == Certainty.POSSIBLE ? "possible " : "";
    paragraph(
        html,
        alert.severity().label()
            + ", "
            + certainty
            + alert.relation().label()
            + " ("
            + alert.change().label()
            + "): "
            + alert.event().type().label()
            + ", "
            + alert.event().status().label());
    alert.evidence().stream()
        .filter(quote -> "sentence".equals(quote.of()))
        .findFirst()
        .ifPresent(
            quote ->
                html.append("<blockquote>").append(escape(quote.text())).append("</blockquote>"));
    if (!alert.reasons().isEmpty()) {
      html.append("<ul>");
      alert.reasons().forEach(reason -> item(html, escape(reason)));
      html.append("</ul>");
    }
    if (!alert.articles().isEmpty()) {
      html.append("<ul>");
      for (Alert.ArticleRef article : alert.articles()) {
        String headline = escape(article.headline());
        item(
            html,
            escape(article.publisher())
                + ": "
                + Link.of(article.link())
                    .map(
                        link -> "<a href=\"" + Markup.HTML.escape(link) + "\">" + headline + "</a>")
                    .orElse(headline));
      }
      html.append("</ul>");
    }
    return html.toString();
  }

  private static void paragraph(StringBuilder html, String text) {
    html.append("<p>").append(escape(text)).append("</p>");
  }

  private static void item(StringBuilder html, String escaped) {
    html.append("<li>").append(escaped).append("</li>");
  }

  private static String escape(String text) {
    return text == null ? "" : Markup.HTML.escape(text);
  }
}
