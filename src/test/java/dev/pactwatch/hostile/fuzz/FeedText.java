package dev.pactwatch.hostile.fuzz;

import java.util.List;

/** Feeds of every format, mostly well-formed, with fields that are not what they should be. */
final class FeedText {

  private static final List<String> FIELDS =
      List.of(
          "title",
          "link",
          "guid",
          "description",
          "pubDate",
          "author",
          "category",
          "dc:date",
          "content:encoded",
          "dc:creator",
          "id",
          "updated",
          "published",
          "summary",
          "content",
          "source",
          "enclosure",
          "media:title",
          "dcterms:modified",
          "language",
          "ttl");

  private static final List<String> ATTRIBUTES =
      List.of(
          "",
          " type='html'",
          " type='xhtml'",
          " isPermaLink='false'",
          " xml:base='/x/'",
          " xml:lang='de'",
          " href='https://a.example/1'",
          " rel='alternate' href='../2'",
          " url='//b.example'",
          " mode='base64'",
          " xmlns:q='urn:q'",
          " rel='hub' href='http://h'",
          " term='t'");

  private static final List<String> WORDS =
      List.of(
          "Port signs lease",
          "https://n.example/a?b=1&amp;c=2",
          "Mon, 03 Mar 2025 10:00:00 GMT",
          "2025-03-03T10:00:00Z",
          "&lt;p&gt;a&lt;/p&gt;",
          "<![CDATA[<b>x</b>]]>",
          "&nbsp;&eacute;",
          "&#x41;",
          "<b>bold</b>",
          "urn:1",
          "a@b.example (A)",
          "60",
          "&#0;",
          "&unknown;",
          "]]&gt;",
          "<br/>");

  private static final String SPACES =
      " xmlns:dc='http://purl.org/dc/elements/1.1/'"
          + " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
          + " xmlns:media='http://search.yahoo.com/mrss/'"
          + " xmlns:dcterms='http://purl.org/dc/terms/'";

  private FeedText() {}

  static String of(Choices choices) {
    int format = choices.below(5);
    StringBuilder items = new StringBuilder();
    for (int i = choices.below(6); i >= 0; i--) {
      items.append(format == 4 ? jsonItem(choices) : item(choices, format));
      if (format == 4 && i > 0) {
        items.append(',');
      }
    }
    String feed =
        switch (format) {
          case 0 -> "<rss version='2.0'" + SPACES + "><channel>" + items + "</channel></rss>";
          case 1 -> "<feed xmlns='http://www.w3.org/2005/Atom'" + SPACES + ">" + items + "</feed>";
          case 2 ->
              "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
                  + " xmlns='http://purl.org/rss/1.0/'"
                  + SPACES
                  + "><channel/>"
                  + items
                  + "</rdf:RDF>";
          case 3 -> "<rss version='0.92'><channel><title>t</title>" + items + "</channel></rss>";
          default ->
              "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":["
                  + items
                  + "]}";
        };
    if (choices.yes(25)) {
      int at = choices.below(feed.length());
      feed =
          feed.substring(0, at)
              + choices.text(20)
              + feed.substring(Math.min(feed.length(), at + choices.below(20)));
    }
    return feed;
  }

  private static String item(Choices choices, int format) {
    String name = format == 1 ? "entry" : "item";
    StringBuilder item = new StringBuilder("<" + name + ">");
    for (int i = choices.below(6); i >= 0; i--) {
      String field = choices.of(FIELDS);
      item.append('<').append(field).append(choices.of(ATTRIBUTES)).append('>');
      item.append(choices.yes(70) ? choices.of(WORDS) : escaped(choices.text(60)));
      item.append("</").append(field).append('>');
    }
    return item + "</" + name + ">";
  }

  private static String jsonItem(Choices choices) {
    return "{\"id\":\""
        + choices.below(9)
        + "\",\"title\":"
        + dev.pactwatch.json.Json.write(choices.text(60))
        + ",\"content_html\":"
        + dev.pactwatch.json.Json.write(choices.of(WORDS))
        + ",\"date_published\":"
        + dev.pactwatch.json.Json.write(choices.of(WORDS))
        + "}";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
