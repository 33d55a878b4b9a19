package dev.pactwatch.feed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdom2.Document;
import org.jdom2.Element;
import org.jdom2.Namespace;

/**
 * Turns a document of any XML feed format into the one that Rome reads best: RSS 2.0 for the RSS
 * family, CDF and sitemaps, Atom 1.0 for both Atoms, with nothing in it but what news needs.
 *
 * <p>Settles on the way what Rome leaves open or gets wrong: which of several elements is the title
 * or the summary, mark-up written as elements, {@code xml:base}, base64, prefixed or unknown format
 * namespaces. Dates do not pass through Rome at all; they stay beside the document.
 */
final class Shaper {

  private static final Namespace ATOM = Namespace.getNamespace("http://www.w3.org/2005/Atom");
  private static final Namespace CONTENT =
      Namespace.getNamespace("content", "http://purl.org/rss/1.0/modules/content/");

  private static final Set<String> DAYS =
      Set.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

  private static final int CATEGORIES = 32;

  /**
   * What an item carries beside its element in the shaped document.
   *
   * @param markup which texts are HTML
   */
  record Beside(Claimed published, Claimed updated, String language, Set<TextField> markup) {}

  /**
   * A feed ready for Rome.
   *
   * @param beside one for each item, in order
   * @param markup which of title and description are HTML
   */
  record Shaped(
      String format,
      Document document,
      List<Beside> beside,
      String language,
      Duration updatePeriod,
      String hub,
      String self,
      String older,
      Set<TextField> markup) {}

  /** A text and whether it is HTML. */
  private record Construct(String value, boolean html) {}

  private final XmlNode root;
  private final Namespaces namespaces;
  private final Addresses addresses;
  private final List<Beside> beside = new ArrayList<>();
  private final Set<TextField> markup = EnumSet.noneOf(TextField.class);

  Shaper(XmlNode root, Addresses addresses) {
    this.root = root;
    this.namespaces = new Namespaces(root);
    this.addresses = addresses;
  }

  Shaped shape() {
    return switch (root.lowerName()) {
      case "rss", "rdf", "channel" -> rss();
      case "feed", "entry" -> atom();
      case "urlset" -> sitemap();
      case "sitemapindex" ->
          throw new UnreadableException("an index of sitemaps; give one of the sitemaps it names");
      case "opml" -> throw new UnreadableException("an OPML list of feeds, not a feed");
      default ->
          throw new UnreadableException(
              "an XML document that starts with <"
                  + PlainText.cut(root.qualifiedName(), 40)
                  + ">, not a feed");
    };
  }

  // ---- RSS 0.9x, 1.0, 2.0 and CDF

  private Shaped rss() {
    boolean cdf = root.lowerName().equals("channel") && !root.name.equals("channel");
    XmlNode channelNode = root.lowerName().equals("channel") ? root : child(root, "channel");
    Fields channel = new Fields(channelNode == null ? root : channelNode, namespaces);
    Element rss = new Element("rss").setAttribute("version", "2.0");
    Element shaped = new Element("channel");
    rss.addContent(shaped);

    addLine(shaped, "title", channel.first("title", "dc:title", "atom:title"), TextField.TITLE);
    String link = textOrHref(channel, "link", "a");
    if (link == null) {
      link = cdf ? channel.node.attribute("href") : related(channel, "alternate");
    }
    add(shaped, "link", addresses.resolve(channel.node, link));
    addLine(
        shaped,
        "description",
        channel.first(
            "description",
            "tagline",
            "subtitle",
            "abstract",
            "atom:subtitle",
            "itunes:subtitle",
            "itunes:summary",
            "dc:description"),
        TextField.SUMMARY);
    add(shaped, "ttl", channel.text("ttl"));
    addSkips(shaped, channel);
    for (XmlNode item : rssItems(channelNode)) {
      shaped.addContent(rssItem(new Fields(item, namespaces), cdf));
    }
    return new Shaped(
        rssFormat(cdf),
        new Document(rss),
        beside,
        firstLanguage(channel.text("language", "dc:language"), channel.node.inherited("xml:lang")),
        updatePeriod(channel),
        related(channel, "hub"),
        related(channel, "self"),
        older(channel),
        markup);
  }

  private String rssFormat(boolean cdf) {
    if (cdf) {
      return "CDF";
    }
    if (root.lowerName().equals("rdf")) {
      boolean first =
          root.children().stream().anyMatch(child -> child.namespace.contains("/rdf/simple/"));
      return first ? "RSS 0.90" : "RSS 1.0";
    }
    String version = root.attribute("version");
    return version == null || !version.matches("[0-9.]{1,5}") ? "RSS" : "RSS " + version;
  }

  /** Items stand in the channel, beside it, or in a wrapper; all of them count, in order. */
  private List<XmlNode> rssItems(XmlNode channel) {
    List<XmlNode> items = new ArrayList<>();
    collect(root, items);
    if (channel != null && channel != root && channel.parent != root) {
      collect(channel, items);
    }
    return items;
  }

  private void collect(XmlNode node, List<XmlNode> items) {
    for (XmlNode child : node.children()) {
      switch (namespaces.key(child)) {
        case "item" -> items.add(child);
        case "channel", "items" -> collect(child, items);
        default -> {
          // Everything else is a field.
        }
      }
    }
  }

  private Element rssItem(Fields item, boolean cdf) {
    Set<TextField> html = EnumSet.noneOf(TextField.class);
    Element shaped = new Element("item");
    XmlNode title = item.first("title", "dc:title", "atom:title", "itunes:title");
    add(
        shaped,
        "title",
        guessed(title == null ? media(item, "title") : title),
        TextField.TITLE,
        html);

    String guid = item.text("guid", "atom:id", "id");
    boolean permalink = false;
    XmlNode guidNode = item.first("guid");
    if (guid == null) {
      guid = item.node.attributeNamed("about");
      permalink = guid != null;
    } else if (guidNode != null) {
      permalink = !"false".equalsIgnoreCase(guidNode.attributeNamed("isPermaLink"));
    }
    String link = item.text("feedburner:origlink");
    if (link == null) {
      link = textOrHref(item, "link", "a");
    }
    if (link == null) {
      link = cdf ? item.node.attribute("href") : related(item, "alternate");
    }
    if (link == null && permalink && Addresses.isWeb(guid)) {
      link = guid;
    }
    add(shaped, "link", addresses.resolve(item.node, link));
    if (guid != null) {
      shaped.addContent(
          new Element("guid").setAttribute("isPermaLink", "" + permalink).setText(guid));
    }

    XmlNode content =
        item.first(
            "content:encoded",
            "encoded",
            "xhtml:body",
            "body",
            "fullitem",
            "content",
            "atom:content");
    XmlNode description = item.first("description", "abstract", "dc:description");
    XmlNode summary = item.first("summary", "atom:summary");
    if (summary == null) {
      summary = description == null ? item.first("itunes:summary", "itunes:subtitle") : description;
      summary = summary == null ? media(item, "description") : summary;
    } else if (content == null) {
      content = description;
    }
    add(shaped, "description", guessed(summary), TextField.SUMMARY, html);
    Construct body = guessed(content);
    if (body != null) {
      shaped.addContent(new Element("encoded", CONTENT).setText(body.value));
      if (body.html) {
        html.add(TextField.CONTENT);
      }
    }

    add(shaped, "author", rssAuthor(item));
    for (String key : List.of("category", "dc:subject")) {
      for (XmlNode category : item.all(key)) {
        add(shaped, "category", category.text().strip());
      }
    }
    XmlNode source = item.first("source", "dc:source");
    if (source != null) {
      Element shapedSource = new Element("source").setText(source.text().strip());
      if (source.attribute("url") != null) {
        shapedSource.setAttribute("url", source.attribute("url"));
      }
      shaped.addContent(shapedSource);
    }
    Claimed published =
        Claimed.of(
            item,
            "pubdate",
            "published",
            "issued",
            "dcterms:issued",
            "atom:published",
            "dc:date",
            "prism:publicationdate",
            "dcterms:created",
            "created",
            "date");
    Claimed updated =
        Claimed.of(
            item,
            "updated",
            "modified",
            "dcterms:modified",
            "atom:updated",
            "lastbuilddate",
            "dc:date");
    if (cdf && updated.written() == null) {
      updated = Claimed.of(item.node.attribute("lastmod"));
    }
    beside.add(
        new Beside(
            published,
            updated,
            firstLanguage(item.text("dc:language", "language"), item.node.attribute("xml:lang")),
            html));
    return shaped;
  }

  private static String rssAuthor(Fields item) {
    XmlNode author = item.first("author");
    if (author != null && author.hasChildren()) {
      return person(author);
    }
    if (author != null) {
      return author.text().strip();
    }
    List<String> creators = new ArrayList<>();
    for (String key : List.of("dc:creator", "dc:author", "itunes:author", "atom:author")) {
      for (XmlNode creator : item.all(key)) {
        String name = creator.hasChildren() ? person(creator) : creator.text().strip();
        if (name != null && !name.isEmpty() && !creators.contains(name)) {
          creators.add(name);
        }
      }
      if (!creators.isEmpty()) {
        break;
      }
    }
    return creators.isEmpty() ? item.text("managingeditor") : String.join(", ", creators);
  }

  private static String person(XmlNode node) {
    String name = null;
    String email = null;
    for (XmlNode child : node.children()) {
      switch (child.lowerName()) {
        case "name" -> name = child.text().strip();
        case "email" -> email = child.text().strip();
        default -> {
          // Addresses of persons are of no use to an article.
        }
      }
    }
    if (name == null || name.isEmpty()) {
      return email == null ? node.text().strip() : email;
    }
    return email == null || email.isEmpty() ? name : name + " (" + email + ")";
  }

  /** A field of Media RSS, which may stand in a group or under each piece of content. */
  private XmlNode media(Fields item, String name) {
    XmlNode found = item.first("media:" + name);
    for (String wrapper : List.of("media:group", "media:content")) {
      for (XmlNode node : item.all(wrapper)) {
        if (found == null) {
          found = new Fields(node, namespaces).first("media:" + name);
        }
      }
    }
    return found;
  }

  /** The text of a link element, or its address where it is written as an attribute. */
  private static String textOrHref(Fields fields, String... keys) {
    String text = fields.text(keys);
    if (text != null) {
      return text;
    }
    for (String key : keys) {
      for (XmlNode link : fields.all(key)) {
        String rel = link.attribute("rel");
        if (link.attribute("href") != null && (rel == null || rel.equalsIgnoreCase("alternate"))) {
          return link.attribute("href");
        }
      }
    }
    return null;
  }

  /** Archives are whole and never change; pages of a paged feed move while one reads them. */
  private String older(Fields feed) {
    String archive = related(feed, "prev-archive");
    return archive == null ? related(feed, "next") : archive;
  }

  /** Address of the first link element of Atom with this relation. */
  private String related(Fields fields, String relation) {
    for (String key : List.of("atom:link", "link")) {
      for (XmlNode link : fields.all(key)) {
        String rel = link.attribute("rel");
        String href = link.attribute("href");
        if (href != null && relation.equalsIgnoreCase(rel == null ? "alternate" : rel)) {
          return addresses.resolve(link, href);
        }
      }
    }
    return null;
  }

  private void addSkips(Element shaped, Fields channel) {
    Element hours = new Element("skipHours");
    for (XmlNode skip : channel.all("skiphours")) {
      for (XmlNode hour : skip.children()) {
        String text = hour.text().strip();
        if (text.matches("[0-9]|1[0-9]|2[0-4]") && hours.getContentSize() < 25) {
          hours.addContent(new Element("hour").setText(text));
        }
      }
    }
    Element days = new Element("skipDays");
    for (XmlNode skip : channel.all("skipdays")) {
      for (XmlNode day : skip.children()) {
        String text = day.text().strip().toLowerCase(Locale.ROOT);
        if (DAYS.contains(text) && days.getContentSize() < 7) {
          days.addContent(new Element("day").setText(text));
        }
      }
    }
    if (hours.getContentSize() > 0) {
      shaped.addContent(hours);
    }
    if (days.getContentSize() > 0) {
      shaped.addContent(days);
    }
  }

  private static Duration updatePeriod(Fields channel) {
    String period = channel.text("sy:updateperiod");
    if (period == null) {
      return null;
    }
    Duration whole =
        switch (period.toLowerCase(Locale.ROOT)) {
          case "hourly" -> Duration.ofHours(1);
          case "daily", "dayly" -> Duration.ofDays(1);
          case "weekly" -> Duration.ofDays(7);
          case "monthly" -> Duration.ofDays(30);
          case "yearly" -> Duration.ofDays(365);
          default -> null;
        };
    if (whole == null) {
      return null;
    }
    String written = channel.text("sy:updatefrequency");
    double frequency = 1;
    if (written != null && written.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
      frequency = Double.parseDouble(written);
    }
    return frequency <= 0 ? whole : Duration.ofSeconds((long) (whole.toSeconds() / frequency));
  }

  // ---- Atom 0.3 and 1.0

  private Shaped atom() {
    boolean single = root.lowerName().equals("entry");
    Fields feed = new Fields(root, namespaces);
    Element shaped = new Element("feed", ATOM);
    if (!single) {
      addAtomText(shaped, "title", feed.first("title", "dc:title"), TextField.TITLE, markup);
      addAtomText(
          shaped,
          "subtitle",
          feed.first(
              "subtitle", "tagline", "itunes:subtitle", "description", "dc:description", "info"),
          TextField.SUMMARY,
          markup);
      addLinks(shaped, feed);
    }
    for (XmlNode entry : single ? List.of(root) : entries()) {
      shaped.addContent(atomEntry(new Fields(entry, namespaces)));
    }
    boolean old =
        "0.3".equals(root.attribute("version")) || root.namespace.contains("purl.org/atom");
    return new Shaped(
        old ? "Atom 0.3" : "Atom 1.0",
        new Document(shaped),
        beside,
        firstLanguage(root.attribute("xml:lang"), feed.text("language", "dc:language")),
        updatePeriod(feed),
        related(feed, "hub"),
        related(feed, "self"),
        older(feed),
        markup);
  }

  private List<XmlNode> entries() {
    return root.children().stream().filter(node -> namespaces.key(node).equals("entry")).toList();
  }

  private Element atomEntry(Fields entry) {
    Set<TextField> html = EnumSet.noneOf(TextField.class);
    Element shaped = new Element("entry", ATOM);
    XmlNode title = entry.first("title", "dc:title");
    addAtomText(
        shaped, "title", title == null ? media(entry, "title") : title, TextField.TITLE, html);
    addLinks(shaped, entry);
    String id = entry.text("id", "guid");
    if (id != null) {
      shaped.addContent(new Element("id", ATOM).setText(id));
    }
    XmlNode summary = entry.first("summary", "description", "dc:description", "itunes:summary");
    addAtomText(
        shaped,
        "summary",
        summary == null ? media(entry, "description") : summary,
        TextField.SUMMARY,
        html);
    addAtomText(
        shaped,
        "content",
        entry.first("content", "content:encoded", "xhtml:body"),
        TextField.CONTENT,
        html);
    for (XmlNode author : entry.all("author")) {
      addPerson(shaped, author);
    }
    if (entry.all("author").isEmpty()) {
      String creator = entry.text("dc:creator", "itunes:author");
      if (creator != null) {
        shaped.addContent(
            new Element("author", ATOM).addContent(new Element("name", ATOM).setText(creator)));
      }
    }
    for (XmlNode category : entry.all("category")) {
      String term = category.attribute("label");
      term = term == null ? category.attribute("term") : term;
      if (term != null && !term.isBlank() && shaped.getContentSize() < 2 * CATEGORIES) {
        shaped.addContent(new Element("category", ATOM).setAttribute("term", term.strip()));
      }
    }
    XmlNode source = entry.first("source");
    if (source != null) {
      Fields of = new Fields(source, namespaces);
      Element shapedSource = new Element("source", ATOM);
      addAtomText(
          shapedSource,
          "title",
          of.first("title"),
          TextField.TITLE,
          EnumSet.noneOf(TextField.class));
      addLinks(shapedSource, of);
      shaped.addContent(shapedSource);
    }
    beside.add(
        new Beside(
            Claimed.of(
                entry,
                "published",
                "issued",
                "dcterms:issued",
                "dc:date",
                "pubdate",
                "created",
                "dcterms:created"),
            Claimed.of(entry, "updated", "modified", "dcterms:modified", "dc:date"),
            firstLanguage(entry.node.attribute("xml:lang"), entry.text("dc:language")),
            html));
    return shaped;
  }

  private void addLinks(Element shaped, Fields fields) {
    for (XmlNode link : fields.all("link")) {
      String href = link.attribute("href");
      String address = addresses.resolve(link, href == null ? link.text() : href);
      if (address == null) {
        continue;
      }
      Element shapedLink = new Element("link", ATOM).setAttribute("href", address);
      String rel = link.attribute("rel");
      shapedLink.setAttribute("rel", rel == null || rel.isBlank() ? "alternate" : rel.strip());
      if (link.attribute("type") != null) {
        shapedLink.setAttribute("type", link.attribute("type"));
      }
      shaped.addContent(shapedLink);
    }
  }

  private static void addPerson(Element shaped, XmlNode author) {
    String person = author.hasChildren() ? person(author) : author.text().strip();
    if (person != null && !person.isEmpty()) {
      shaped.addContent(
          new Element("author", ATOM).addContent(new Element("name", ATOM).setText(person)));
    }
  }

  private void addAtomText(
      Element shaped, String name, XmlNode node, TextField field, Set<TextField> html) {
    if (node == null) {
      return;
    }
    Construct text = atomText(node);
    shaped.addContent(
        new Element(name, ATOM)
            .setAttribute("type", text.html ? "html" : "text")
            .setText(text.value));
    if (text.html) {
      html.add(field);
    }
  }

  private static Construct atomText(XmlNode node) {
    String written = node.attribute("type");
    String type = written == null ? "" : written.strip().toLowerCase(Locale.ROOT);
    String mode = node.attribute("mode");
    boolean xml = type.equals("xhtml") || type.endsWith("/xml") || type.endsWith("+xml");
    boolean html = type.equals("html") || type.equals("text/html");
    boolean plain = type.equals("text") || type.equals("text/plain");
    if ("base64".equalsIgnoreCase(mode)
        || (mode == null && type.contains("/") && !xml && !type.startsWith("text/"))) {
      String decoded = base64(node.text());
      if (decoded != null) {
        return new Construct(decoded, !plain && (html || xml || PlainText.looksLikeHtml(decoded)));
      }
    }
    if (node.hasChildren()) {
      // In escaped HTML that someone wrapped in an element the text is mark-up too.
      return new Construct(node.markup(!html || "xml".equalsIgnoreCase(mode)), true);
    }
    String text = node.text();
    if (xml) {
      return new Construct(node.markup(!"escaped".equalsIgnoreCase(mode)), true);
    }
    return new Construct(text, html || (!plain && PlainText.looksLikeHtml(text)));
  }

  private static String base64(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  // ---- sitemaps

  private Shaped sitemap() {
    Element channel = new Element("channel");
    Element rss = new Element("rss").setAttribute("version", "2.0").addContent(channel);
    String language = null;
    String title = null;
    for (XmlNode url : root.children()) {
      if (!namespaces.key(url).equals("url")) {
        continue;
      }
      Fields fields = new Fields(url, namespaces);
      XmlNode newsNode = fields.first("news:news");
      Fields news = newsNode == null ? fields : new Fields(newsNode, namespaces);
      XmlNode publicationNode = news.first("news:publication");
      Fields publication = publicationNode == null ? news : new Fields(publicationNode, namespaces);
      String tongue = firstLanguage(publication.text("news:language"), null);
      language = language == null ? tongue : language;
      title = title == null ? publication.text("news:name") : title;

      Set<TextField> html = EnumSet.noneOf(TextField.class);
      Element item = new Element("item");
      add(item, "title", guessed(news.first("news:title")), TextField.TITLE, html);
      String loc = addresses.resolve(url, fields.text("loc"));
      add(item, "link", loc);
      add(item, "guid", loc);
      String keywords = news.text("news:keywords");
      if (keywords != null) {
        for (String keyword : keywords.split(",", CATEGORIES + 1)) {
          add(item, "category", keyword.strip());
        }
      }
      channel.addContent(item);
      beside.add(
          new Beside(
              Claimed.of(news, "news:publication_date"),
              Claimed.of(fields, "lastmod"),
              tongue,
              html));
    }
    add(channel, "title", title);
    return new Shaped(
        "News sitemap", new Document(rss), beside, language, null, null, null, null, markup);
  }

  // ---- shared

  private XmlNode child(XmlNode node, String key) {
    for (XmlNode child : node.children()) {
      if (namespaces.key(child).equals(key)) {
        return child;
      }
    }
    return null;
  }

  /** A text of RSS, which does not say whether it is HTML. */
  private static Construct guessed(XmlNode node) {
    if (node == null) {
      return null;
    }
    if (node.hasChildren()) {
      return new Construct(node.markup(true), true);
    }
    String text = node.text();
    return new Construct(text, PlainText.looksLikeHtml(text));
  }

  private void addLine(Element shaped, String name, XmlNode node, TextField field) {
    add(shaped, name, guessed(node), field, markup);
  }

  private static void add(
      Element shaped, String name, Construct text, TextField field, Set<TextField> html) {
    if (text != null) {
      shaped.addContent(new Element(name).setText(text.value));
      if (text.html) {
        html.add(field);
      }
    }
  }

  private static void add(Element shaped, String name, String text) {
    if (text != null && !text.isEmpty()) {
      shaped.addContent(new Element(name).setText(text));
    }
  }

  private static String firstLanguage(String first, String second) {
    String language = PlainText.language(first);
    return language == null ? PlainText.language(second) : language;
  }
}
