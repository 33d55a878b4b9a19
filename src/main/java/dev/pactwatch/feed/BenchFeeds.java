package dev.pactwatch.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Feeds to measure with: made up, in several formats and sizes, or read from a folder. */
final class BenchFeeds {

  private static final Instant NEWEST = Instant.parse("2026-05-04T09:30:00Z");

  private static final String[] WORDS =
      ("the of and to in for that with company said its on agreement new would will from by year"
              + " services market under customers data which deal contract billion court between"
              + " announced partners exclusive quarter capacity executives terms according")
          .split(" ");

  /**
   * Documents of one kind.
   *
   * @param items in all documents
   */
  record Kind(String name, List<byte[]> documents, int items) {

    long bytes() {
      return documents.stream().mapToLong(document -> document.length).sum();
    }
  }

  private final Random random;

  private BenchFeeds(long seed) {
    random = new Random(seed);
  }

  /** The same for the same seed. */
  static List<Kind> made(long seed) {
    BenchFeeds feeds = new BenchFeeds(seed);
    return List.of(
        feeds.kind("RSS 2.0, 100 items", 4, 100, feed -> feeds.rss(feed, 580, false)),
        feeds.kind("RSS 2.0, 15 items", 16, 15, feed -> feeds.rss(feed, 300, false)),
        feeds.kind("RSS 2.0, full text", 4, 25, feed -> feeds.rss(feed, 300, true)),
        feeds.kind("Atom 1.0, 50 items", 8, 50, feeds::atom),
        feeds.kind("RSS 1.0, 20 items", 16, 20, feeds::rdf),
        feeds.kind("sitemap, 200 items", 4, 200, feeds::sitemap));
  }

  /** The regular files of a folder that are no larger than a feed may be. */
  static Kind read(Path folder) throws IOException {
    List<byte[]> documents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          byte[] body = in.readNBytes(Limits.BODY_BYTES + 1);
          if (body.length <= Limits.BODY_BYTES) {
            documents.add(body);
          }
        }
      }
    }
    return new Kind("files", documents, 0);
  }

  private interface Writer {
    String write(int items);
  }

  private Kind kind(String name, int documents, int items, Writer writer) {
    List<byte[]> made = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      made.add(writer.write(items).getBytes(UTF_8));
    }
    return new Kind(name, made, documents * items);
  }

  private String rss(int items, int characters, boolean fullText) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"")
        .append(" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"")
        .append(" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n")
        .append("<title>Made-up news</title>\n<link>https://news.example/</link>\n")
        .append("<atom:link href=\"https://news.example/feed\" rel=\"self\"/>\n")
        .append("<description>Generated</description><language>en-GB</language><ttl>30</ttl>\n");
    for (int i = 0; i < items; i++) {
      String link = link(i);
      xml.append("<item>\n  <title>").append(words(60)).append("</title>\n  <link>").append(link);
      xml.append("</link>\n  <guid isPermaLink=\"true\">").append(link).append("</guid>\n");
      xml.append("  <pubDate>")
          .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(time(i).atOffset(ZoneOffset.UTC)))
          .append("</pubDate>\n  <dc:creator><![CDATA[")
          .append(name())
          .append("]]></dc:creator>\n");
      xml.append("  <category>").append(words(10)).append("</category>\n  <category>");
      xml.append(words(10)).append("</category>\n  <description><![CDATA[");
      html(xml, characters, 1);
      xml.append("]]></description>\n");
      if (fullText) {
        xml.append("  <content:encoded><![CDATA[");
        html(xml, 4_000, 8);
        xml.append("]]></content:encoded>\n");
      }
      xml.append("</item>\n");
    }
    return xml.append("</channel>\n</rss>\n").toString();
  }

  private String atom(int items) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.append("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n")
        .append("<title>Made-up news</title><id>urn:made-up</id>\n")
        .append("<link href=\"https://news.example/\"/>")
        .append("<link rel=\"self\" href=\"https://news.example/atom\"/>\n")
        .append("<updated>")
        .append(NEWEST)
        .append("</updated>\n");
    for (int i = 0; i < items; i++) {
      xml.append("<entry>\n  <title type=\"html\">").append(words(60)).append("</title>\n");
      xml.append("  <link rel=\"alternate\" type=\"text/html\" href=\"").append(link(i));
      xml.append("\"/>\n  <id>").append(link(i)).append("</id>\n  <published>").append(time(i));
      xml.append("</published>\n  <updated>").append(time(i)).append("</updated>\n");
      xml.append("  <author><name>").append(name()).append("</name></author>\n");
      xml.append("  <summary>").append(words(200)).append("</summary>\n  <content type=\"html\">");
      StringBuilder html = new StringBuilder();
      html(html, 1_500, 3);
      xml.append(html.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
      xml.append("</content>\n</entry>\n");
    }
    return xml.append("</feed>\n").toString();
  }

  private String rdf(int items) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n");
    xml.append("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"")
        .append(" xmlns=\"http://purl.org/rss/1.0/\"")
        .append(" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n")
        .append("<channel rdf:about=\"https://news.example/\"><title>Made-up news</title>")
        .append("<link>https://news.example/</link><description>Generated</description>")
        .append("</channel>\n");
    for (int i = 0; i < items; i++) {
      xml.append("<item rdf:about=\"").append(link(i)).append("\">\n  <title>").append(words(60));
      xml.append("</title>\n  <link>").append(link(i)).append("</link>\n  <description>");
      xml.append(words(300)).append("</description>\n  <dc:date>").append(time(i));
      xml.append("</dc:date>\n</item>\n");
    }
    return xml.append("</rdf:RDF>\n").toString();
  }

  private String sitemap(int items) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"")
        .append(" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n");
    for (int i = 0; i < items; i++) {
      xml.append("<url>\n  <loc>").append(link(i)).append("</loc>\n  <news:news>\n");
      xml.append("    <news:publication><news:name>Made-up news</news:name>");
      xml.append("<news:language>en</news:language></news:publication>\n");
      xml.append("    <news:publication_date>")
          .append(time(i))
          .append("</news:publication_date>\n");
      xml.append("    <news:title>").append(words(60)).append("</news:title>\n");
      xml.append("  </news:news>\n</url>\n");
    }
    return xml.append("</urlset>\n").toString();
  }

  private void html(StringBuilder out, int characters, int paragraphs) {
    for (int p = 0; p < paragraphs; p++) {
      out.append("<p>").append(words(characters / paragraphs / 2));
      out.append(" <a href=\"").append(link(p)).append("\">").append(words(12)).append("</a> ");
      out.append(words(characters / paragraphs / 2)).append(" &#8217;quoted&#8217; &amp; ");
      out.append("<em>").append(words(8)).append("</em>.</p>\n");
    }
  }

  /** Words of at least so many characters together. */
  private String words(int characters) {
    StringBuilder text = new StringBuilder(characters + 12);
    while (text.length() < characters) {
      if (text.length() > 0) {
        text.append(' ');
      }
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  private String name() {
    return "Reporter " + (char) ('A' + random.nextInt(26));
  }

  private String link(int item) {
    return String.format(
        Locale.ROOT, "https://news.example/2026/05/04/%d-%08x", item, random.nextInt());
  }

  private static Instant time(int item) {
    return NEWEST.minusSeconds(1_800L * item);
  }
}
