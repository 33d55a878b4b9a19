package dev.pactwatch.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes feeds that are broken, lie or attack out of good ones of every format, from a seed. */
final class DamagedFeeds {

  /** What was done to a feed. */
  enum Kind {
    CUT,
    BITS,
    BYTES_MOVED,
    OTHER_ENCODING,
    LIE_ABOUT_ENCODING,
    ENTITIES,
    EXTERNAL_ENTITIES,
    NESTING,
    GIANT_ATTRIBUTE,
    MANY_ATTRIBUTES,
    MANY_NAMESPACES,
    MANY_ITEMS,
    LONG_TEXT,
    ODD_DATE,
    ODD_CHARACTERS,
    TAGS_TAKEN_OUT,
    TAGS_PUT_IN,
    TWO_IN_ONE
  }

  /**
   * @param contentType as a server would say it, may be null
   */
  record Damaged(Kind kind, byte[] body, String contentType) {}

  private static final List<String> ENCODINGS =
      List.of(
          "UTF-16LE",
          "UTF-16BE",
          "UTF-16",
          "UTF-32LE",
          "UTF-32BE",
          "windows-1252",
          "IBM037",
          "IBM500",
          "Shift_JIS",
          "ISO-2022-JP",
          "GB18030",
          "KOI8-R",
          "Big5",
          "EUC-KR",
          "US-ASCII");

  private static final List<String> NAMED =
      List.of(
          "UTF-7", "utf-16", "ebcdic-cp-us", "x-user-defined", "", "\u0000", "../../x", "utf8mb4");

  private static final List<String> TOKENS =
      List.of(
          "<item>",
          "</item>",
          "<entry>",
          "</entry>",
          "<title>",
          "</title>",
          "<![CDATA[",
          "]]>",
          "<!--",
          "-->",
          "<?xml version='1.1'?>",
          "<?php x ?>",
          "&",
          "&#x;",
          "&#55296;",
          "&#0;",
          "&#xFFFFFFFFF;",
          "<",
          ">",
          "\"",
          "'",
          "=",
          "/>",
          "</",
          "xmlns='u'",
          "xmlns:x=''",
          "xml:base='http://['",
          "<x:y",
          "<link href='javascript:alert(1)'/>",
          "<guid>",
          "<pubDate>",
          "<content:encoded>",
          "<description>",
          "{",
          "}",
          "[",
          "\\u0000",
          "\\ud800",
          ":",
          ",",
          "null");

  private static final List<String> DATES =
      List.of(
          "9".repeat(20_000),
          "-".repeat(5_000),
          "2024-13-45T99:99:99Z",
          "0000-00-00",
          "31 feb 2025",
          "+1000000000-01-01T00:00:00Z",
          "Mon, 99 Xxx 9999 99:99 ZZZ",
          "１９９９-０１-０１",
          "T",
          "1/1/1/1/1/1",
          "now",
          "12:",
          "2024-W99-9",
          "99999999999999999999",
          "0".repeat(64) + "1 jan 2024",
          "- -2024");

  private final Random random;
  private final List<String> good;

  DamagedFeeds(long seed) {
    random = new Random(seed);
    good = good();
  }

  /** One more. */
  Damaged next() {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    byte[] body = make(kind, good.get(random.nextInt(good.size())));
    if (random.nextInt(8) == 0) {
      body = flipped(body, 1 + random.nextInt(4));
    }
    String type =
        switch (random.nextInt(6)) {
          case 0 -> "text/xml; charset=" + ENCODINGS.get(random.nextInt(ENCODINGS.size()));
          case 1 -> "application/rss+xml";
          case 2 -> "charset=;;\"" + NAMED.get(random.nextInt(NAMED.size()));
          default -> null;
        };
    return new Damaged(kind, body, type);
  }

  private byte[] make(Kind kind, String feed) {
    return switch (kind) {
      case CUT -> java.util.Arrays.copyOf(feed.getBytes(UTF_8), random.nextInt(feed.length()));
      case BITS -> flipped(feed.getBytes(UTF_8), 1 + random.nextInt(60));
      case BYTES_MOVED -> moved(feed.getBytes(UTF_8));
      case OTHER_ENCODING -> encoded(feed);
      case LIE_ABOUT_ENCODING -> lie(feed);
      case ENTITIES -> entities(feed).getBytes(UTF_8);
      case EXTERNAL_ENTITIES -> external(feed).getBytes(UTF_8);
      case NESTING -> inserted(feed, nested()).getBytes(UTF_8);
      case GIANT_ATTRIBUTE ->
          inserted(feed, "<a b='" + "x".repeat(big()) + (random.nextBoolean() ? "'/>" : ""))
              .getBytes(UTF_8);
      case MANY_ATTRIBUTES -> inserted(feed, attributes("a%d='1'")).getBytes(UTF_8);
      case MANY_NAMESPACES -> inserted(feed, attributes("xmlns:n%d='urn:%1$d'")).getBytes(UTF_8);
      case MANY_ITEMS -> inserted(feed, item().repeat(1 + random.nextInt(2_500))).getBytes(UTF_8);
      case LONG_TEXT -> inserted(feed, text()).getBytes(UTF_8);
      case ODD_DATE -> inserted(feed, date()).getBytes(UTF_8);
      case ODD_CHARACTERS -> odd(feed);
      case TAGS_TAKEN_OUT -> without(feed).getBytes(UTF_8);
      case TAGS_PUT_IN -> sprinkled(feed).getBytes(UTF_8);
      case TWO_IN_ONE -> two(feed).getBytes(UTF_8);
    };
  }

  // ---- bytes

  private byte[] flipped(byte[] body, int times) {
    for (int i = 0; i < times && body.length > 0; i++) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return body;
  }

  private byte[] moved(byte[] body) {
    int from = random.nextInt(body.length);
    int length = random.nextInt(body.length - from);
    int to = random.nextInt(body.length - length);
    byte[] copy = body.clone();
    System.arraycopy(body, from, copy, to, length);
    return copy;
  }

  private byte[] encoded(String feed) {
    Charset charset = Charset.forName(ENCODINGS.get(random.nextInt(ENCODINGS.size())));
    String declared = random.nextBoolean() ? feed : declaring(feed, charset.name());
    return (random.nextBoolean() ? entities(declared) : declared).getBytes(charset);
  }

  private byte[] lie(String feed) {
    String named =
        random.nextBoolean()
            ? NAMED.get(random.nextInt(NAMED.size()))
            : ENCODINGS.get(random.nextInt(ENCODINGS.size()));
    byte[] body = declaring(feed, named).getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1);
    byte[] mark =
        switch (random.nextInt(5)) {
          case 0 -> new byte[] {(byte) 0xff, (byte) 0xfe};
          case 1 -> new byte[] {(byte) 0xfe, (byte) 0xff};
          case 2 -> new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
          case 3 -> new byte[] {0, 0, (byte) 0xfe, (byte) 0xff};
          default -> new byte[0];
        };
    return joined(mark, body);
  }

  private static String declaring(String feed, String charset) {
    return "<?xml version=\"1.0\" encoding=\"" + charset + "\"?>" + undeclared(feed);
  }

  private byte[] odd(String feed) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] bytes = feed.getBytes(UTF_8);
    for (byte one : bytes) {
      body.write(one);
      if (random.nextInt(200) == 0) {
        body.writeBytes(
            switch (random.nextInt(6)) {
              case 0 -> new byte[] {0};
              // Half of a pair, a byte that begins nothing, a character written too long.
              case 1 -> new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
              case 2 -> new byte[] {(byte) 0x80, (byte) 0xff};
              case 3 -> new byte[] {(byte) 0xc0, (byte) 0xbc};
              case 4 -> "\u202e\u200b\ufeff\uffff".getBytes(UTF_8);
              default -> new byte[] {(byte) random.nextInt(32), (byte) 0xf4, (byte) 0x90};
            });
      }
    }
    return body.toByteArray();
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] all = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  // ---- mark-up

  private String entities(String feed) {
    StringBuilder type = new StringBuilder("<!DOCTYPE rss [<!ENTITY l0 \"ha\">");
    int levels = 2 + random.nextInt(30);
    for (int i = 1; i < levels; i++) {
      type.append("<!ENTITY l").append(i).append(" \"").append(("&l" + (i - 1) + ";").repeat(10));
      type.append("\">");
    }
    if (random.nextBoolean()) {
      // Not levels of entities but one that is long and used often.
      type.append("<!ENTITY q \"").append("q".repeat(20_000)).append("\">");
    }
    return type
        + (random.nextBoolean() ? "]>" : "")
        + inserted(
            undeclared(feed), "<title>&l" + (levels - 1) + ";" + "&q;".repeat(200) + "</title>");
  }

  private String external(String feed) {
    String system = random.nextBoolean() ? "file:///etc/hostname" : "http://127.0.0.1:9/x.dtd";
    return switch (random.nextInt(4)) {
          case 0 -> "<!DOCTYPE rss SYSTEM \"" + system + "\">";
          case 1 -> "<!DOCTYPE rss PUBLIC \"-//X//Y\" '" + system + "'>";
          case 2 -> "<!DOCTYPE r [<!ENTITY % p SYSTEM '" + system + "'> %p; %q;]>";
          default -> "<!DOCTYPE r [<!ENTITY x SYSTEM '" + system + "'>]>";
        }
        + inserted(
            undeclared(feed),
            "<title>&x;</title><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text'"
                + " href='"
                + system
                + "'/>");
  }

  private static String undeclared(String feed) {
    return feed.replaceFirst("^\\s*<\\?xml[^>]*\\?>", "");
  }

  private String nested() {
    String tag = random.nextBoolean() ? "<div>" : "<item><description>";
    int depth = random.nextInt(4) == 0 ? 5_000 + random.nextInt(95_000) : random.nextInt(500);
    String open = random.nextInt(3) == 0 ? "[".repeat(depth) : tag.repeat(depth);
    return switch (random.nextInt(3)) {
      case 0 -> open;
      case 1 -> "<description>" + open.replace("<", "&lt;") + "</description>";
      default -> "<content:encoded><![CDATA[" + open + "]]></content:encoded>";
    };
  }

  private String attributes(String form) {
    StringBuilder tag = new StringBuilder("<item");
    for (int i = random.nextInt(3_000); i >= 0; i--) {
      tag.append(' ').append(form.formatted(i));
    }
    return tag + (random.nextBoolean() ? "/>" : "");
  }

  private String item() {
    return "<item><title>One of many</title><link>https://x.example/"
        + random.nextInt()
        + "</link></item>";
  }

  private String text() {
    String words =
        switch (random.nextInt(5)) {
          case 0 -> "<p>word";
          case 1 -> "&amp;amp;";
          case 2 -> "<![CDATA[<b>]]>";
          case 3 -> "&lt;table&gt;";
          default -> "a\u0301\u0301 ";
        };
    return "<title>" + words.repeat(Math.max(1, big() / words.length())) + "</title>";
  }

  private String date() {
    String name = random.nextBoolean() ? "pubDate" : "updated";
    return "<" + name + ">" + DATES.get(random.nextInt(DATES.size())) + "</" + name + ">";
  }

  private int big() {
    // Now and then what fills the limit, mostly what is soon read.
    return random.nextInt(200) == 0 ? 4_000_000 : 1 + random.nextInt(60_000);
  }

  /** At the begin of some tag, or in JSON at some quotation mark. */
  private String inserted(String feed, String what) {
    String mark = feed.startsWith("{") ? "\"" : "<";
    int at = feed.indexOf(mark, random.nextInt(feed.length()));
    at = at < 0 ? feed.lastIndexOf(mark) : at;
    return feed.substring(0, at) + what + feed.substring(at);
  }

  private String without(String feed) {
    StringBuilder left = new StringBuilder();
    for (String part : feed.split("(?=<)")) {
      if (random.nextInt(12) != 0) {
        left.append(part);
      }
    }
    return left.toString();
  }

  private String sprinkled(String feed) {
    StringBuilder made = new StringBuilder();
    int from = 0;
    while (from < feed.length()) {
      int to = Math.min(feed.length(), from + 1 + random.nextInt(600));
      made.append(feed, from, to).append(TOKENS.get(random.nextInt(TOKENS.size())));
      from = to;
    }
    return made.toString();
  }

  private String two(String feed) {
    String other = good.get(random.nextInt(good.size()));
    return feed.substring(0, random.nextInt(feed.length()))
        + other.substring(random.nextInt(other.length()));
  }

  // ---- what is damaged

  /** The bundled feeds, and small ones of the formats that these are not. */
  static List<String> good() {
    List<String> feeds = new ArrayList<>();
    for (String line : resource("index.txt").split("\n")) {
      if (!line.startsWith("#") && !line.isBlank()) {
        feeds.add(resource("feeds/" + line.split(" ")[0]));
      }
    }
    feeds.add(
        """
        <?xml version="1.0"?>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
          <channel rdf:about="https://r.example/"><title>R</title><link>https://r.example/</link>
            <items><rdf:Seq><rdf:li resource="https://r.example/1"/></rdf:Seq></items></channel>
          <item rdf:about="https://r.example/1"><title>Port signs a lease</title>
            <link>https://r.example/1</link><dc:date>2025-03-01T10:00:00Z</dc:date></item>
        </rdf:RDF>
        """);
    feeds.add(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://a.example/x/">
          <title type="html">A &lt;b&gt;feed&lt;/b&gt;</title><id>urn:a</id><updated>2025-01-01T00:00:00Z</updated>
          <entry><title>One</title><id>urn:a:1</id><link href="1"/><updated>2025-01-01T00:00:00Z</updated>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Some <em>words</em></p></div></content></entry>
        </feed>
        """);
    feeds.add(
        """
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
          <url><loc>https://s.example/1</loc><news:news><news:publication><news:name>S</news:name>
            <news:language>en</news:language></news:publication>
            <news:publication_date>2025-02-02</news:publication_date><news:title>Two</news:title></news:news></url>
        </urlset>
        """);
    feeds.add(
        """
        {"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://j.example/",
         "items": [{"id": "1", "url": "https://j.example/1", "title": "Three", "content_html": "<p>Text</p>",
           "date_published": "2025-04-04T04:04:04Z", "tags": ["a", "b"]}]}
        """
            .strip());
    feeds.add(
        "<rss version='0.91'><channel><title>Old</title><item><title>x</title></item></channel></rss>");
    return List.copyOf(feeds);
  }

  private static String resource(String name) {
    try (InputStream in = DamagedFeeds.class.getResourceAsStream("/demo/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
