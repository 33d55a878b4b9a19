package dev.pactwatch.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FeedFormatsTest {

  private static final String SOURCE = "https://news.example.com/feed";

  static FeedResult read(String document) {
    return new FeedParser().parse(document.getBytes(UTF_8), null, SOURCE);
  }

  static FeedResult.Parsed parsed(String document) {
    FeedResult result = read(document);
    assertThat(result).isInstanceOf(FeedResult.Parsed.class);
    return (FeedResult.Parsed) result;
  }

  static ParsedFeed feed(String document) {
    return parsed(document).feed();
  }

  static FeedItem item(String fields) {
    return feed("<rss version='2.0'><channel><item>" + fields + "</item></channel></rss>")
        .items()
        .get(0);
  }

  @Test
  void rss_2_gives_the_channel_its_schedule_and_its_items() {
    ParsedFeed feed =
        feed(
            """
            <?xml version="1.0"?>
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
                 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
                 xmlns:content="http://purl.org/rss/1.0/modules/content/"
                 xmlns:dc="http://purl.org/dc/elements/1.1/">
              <channel>
                <title>Harbour &amp; Rail</title>
                <link>https://news.example.com/</link>
                <description>Trade news</description>
                <language>en_GB</language>
                <ttl>45</ttl>
                <skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>
                <skipDays><day>Sunday</day><day>Someday</day></skipDays>
                <sy:updatePeriod>hourly</sy:updatePeriod>
                <sy:updateFrequency>2</sy:updateFrequency>
                <atom:link rel="self" href="https://news.example.com/feed"/>
                <atom:link rel="hub" href="https://hub.example.net/"/>
                <item>
                  <title>Crane maker signs port</title>
                  <link>/2024/crane</link>
                  <guid isPermaLink="false">item-17</guid>
                  <pubDate>Wed, 08 May 2024 14:05:09 +0200</pubDate>
                  <dc:creator>Ada Quist</dc:creator>
                  <category>Ports</category>
                  <source url="https://wire.example.org/rss">Wire</source>
                  <description><![CDATA[Ten cranes <b>for</b> the A&amp;B port.]]></description>
                  <content:encoded><![CDATA[<p>First.</p><p>Second<br>line.</p>]]></content:encoded>
                </item>
              </channel>
            </rss>
            """);
    assertThat(feed.format()).isEqualTo("RSS 2.0");
    assertThat(feed.title()).isEqualTo("Harbour & Rail");
    assertThat(feed.link()).isEqualTo("https://news.example.com/");
    assertThat(feed.description()).isEqualTo("Trade news");
    assertThat(feed.language()).isEqualTo("en-GB");
    assertThat(feed.ttlMinutes()).isEqualTo(45);
    assertThat(feed.skipHours()).containsExactlyInAnyOrder(0, 7);
    assertThat(feed.skipDays()).containsExactly(DayOfWeek.SUNDAY);
    assertThat(feed.updatePeriod()).isEqualTo(Duration.ofMinutes(30));
    assertThat(feed.self()).isEqualTo("https://news.example.com/feed");
    assertThat(feed.hub()).isEqualTo("https://hub.example.net/");
    FeedItem item = feed.items().get(0);
    assertThat(item.title()).isEqualTo("Crane maker signs port");
    assertThat(item.link()).isEqualTo("https://news.example.com/2024/crane");
    assertThat(item.guid()).isEqualTo("item-17");
    assertThat(item.published()).isEqualTo("2024-05-08T12:05:09Z");
    assertThat(item.publishedClaimed()).isEqualTo("Wed, 08 May 2024 14:05:09 +0200");
    assertThat(item.author()).isEqualTo("Ada Quist");
    assertThat(item.categories()).containsExactly("Ports");
    assertThat(item.sourceName()).isEqualTo("Wire");
    assertThat(item.sourceLink()).isEqualTo("https://wire.example.org/rss");
    assertThat(item.summary()).isEqualTo("Ten cranes for the A&B port.");
    assertThat(item.content()).isEqualTo("First.\n\nSecond\nline.");
  }

  @Test
  void rss_0_91_with_its_doctype_gives_guid_date_and_author_too() {
    ParsedFeed feed =
        feed(
            """
            <?xml version="1.0"?>
            <!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.invalid/rss.dtd" [
              <!ENTITY gt2 "a > b"> <!-- ]> -->
              <!ELEMENT x ANY>
            ]>
            <rss version="0.91"><channel><title>Old</title>
              <item><title>One</title><guid>a1</guid><author>Bo</author>
                <pubDate>8 May 2024</pubDate></item>
            </channel></rss>
            """);
    assertThat(feed.format()).isEqualTo("RSS 0.91");
    FeedItem item = feed.items().get(0);
    assertThat(item.guid()).isEqualTo("a1");
    assertThat(item.author()).isEqualTo("Bo");
    assertThat(item.published()).isEqualTo("2024-05-08T00:00:00Z");
  }

  @Test
  void rss_1_has_its_items_beside_the_channel() {
    ParsedFeed feed =
        feed(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
                     xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
              <channel rdf:about="https://news.example.com/"><title>RDF</title>
                <items><rdf:Seq><rdf:li rdf:resource="https://news.example.com/1"/></rdf:Seq></items>
              </channel>
              <item rdf:about="https://news.example.com/1"><title>One</title>
                <dc:date>2024-05-08T14:05:09+02:00</dc:date></item>
            </rdf:RDF>
            """);
    assertThat(feed.format()).isEqualTo("RSS 1.0");
    assertThat(feed.title()).isEqualTo("RDF");
    FeedItem item = feed.items().get(0);
    assertThat(item.guid()).isEqualTo("https://news.example.com/1");
    assertThat(item.link()).isEqualTo("https://news.example.com/1");
    assertThat(item.published()).isEqualTo("2024-05-08T12:05:09Z");
  }

  @Test
  void rss_in_a_namespace_of_its_own_is_still_rss() {
    ParsedFeed feed =
        feed(
            "<r:rss version='2.0' xmlns:r='http://backend.userland.com/rss2'><r:channel>"
                + "<r:title>Own</r:title><r:item><r:title>One</r:title></r:item></r:channel></r:rss>");
    assertThat(feed.title()).isEqualTo("Own");
    assertThat(feed.items()).extracting(FeedItem::title).containsExactly("One");
  }

  @Test
  void atom_1_keeps_the_three_kinds_of_text_apart() {
    ParsedFeed feed =
        feed(
            """
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de-AT" xml:base="https://atom.example.com/a/">
              <title type="text">Kräne &lt;und&gt; Häfen</title>
              <subtitle type="html">Alles &lt;i&gt;neu&lt;/i&gt;</subtitle>
              <link href="/"/><link rel="hub" href="https://hub.example.net/"/>
              <entry>
                <id>tag:example.com,2024:1</id>
                <title type="html">A &amp;amp; B</title>
                <link rel="enclosure" href="x.mp3"/>
                <link rel="alternate" type="application/json" href="1.json"/>
                <link rel="alternate" type="text/html" href="b/1"/>
                <author><name>Ada Quist</name><email>ada@example.com</email></author>
                <published>2024-05-08T14:05:09Z</published>
                <updated>2024-05-09T00:00:00Z</updated>
                <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>two &lt;b&gt;</p></div></summary>
                <content type="text">1 &lt; 2</content>
              </entry>
            </feed>
            """);
    assertThat(feed.format()).isEqualTo("Atom 1.0");
    assertThat(feed.title()).isEqualTo("Kräne <und> Häfen");
    assertThat(feed.description()).isEqualTo("Alles neu");
    assertThat(feed.language()).isEqualTo("de-AT");
    assertThat(feed.link()).isEqualTo("https://atom.example.com/");
    FeedItem item = feed.items().get(0);
    assertThat(item.guid()).isEqualTo("tag:example.com,2024:1");
    assertThat(item.title()).isEqualTo("A & B");
    assertThat(item.link()).isEqualTo("https://atom.example.com/a/b/1");
    assertThat(item.author()).isEqualTo("Ada Quist (ada@example.com)");
    assertThat(item.published()).isEqualTo("2024-05-08T14:05:09Z");
    assertThat(item.updated()).isEqualTo("2024-05-09T00:00:00Z");
    assertThat(item.summary()).isEqualTo("One\n\ntwo <b>");
    assertThat(item.content()).isEqualTo("1 < 2");
  }

  @Test
  void atom_0_3_gives_escaped_and_base64_texts_and_its_own_dates() {
    ParsedFeed feed =
        feed(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#">
              <tagline>Small</tagline>
              <entry><title mode="base64" type="text/html">PGI+SGFyYm91cjwvYj4=</title>
                <id>x1</id><issued>2024-05-08T14:05Z</issued><modified>2024-05-09T14:05Z</modified>
                <summary type="text/html" mode="escaped">A &lt;b&gt;bold&lt;/b&gt; step</summary></entry>
            </feed>
            """);
    assertThat(feed.format()).isEqualTo("Atom 0.3");
    assertThat(feed.description()).isEqualTo("Small");
    FeedItem item = feed.items().get(0);
    assertThat(item.title()).isEqualTo("Harbour");
    assertThat(item.summary()).isEqualTo("A bold step");
    assertThat(item.published()).isEqualTo("2024-05-08T14:05:00Z");
    assertThat(item.updated()).isEqualTo("2024-05-09T14:05:00Z");
  }

  @Test
  void cdf_is_read_whatever_its_case() {
    ParsedFeed feed =
        feed(
            "<CHANNEL HREF='https://cdf.example.com/'><TITLE>Chan</TITLE><ABSTRACT>About</ABSTRACT>"
                + "<ITEM HREF='https://cdf.example.com/1' LASTMOD='1998-11-05T22:00'><TITLE>One</TITLE></ITEM></CHANNEL>");
    assertThat(feed.format()).isEqualTo("CDF");
    assertThat(feed.description()).isEqualTo("About");
    assertThat(feed.link()).isEqualTo("https://cdf.example.com/");
    assertThat(feed.items().get(0).link()).isEqualTo("https://cdf.example.com/1");
    assertThat(feed.items().get(0).updated()).isEqualTo("1998-11-05T22:00:00Z");
  }

  @Test
  void a_news_sitemap_gives_title_date_and_publication() {
    ParsedFeed feed =
        feed(
            """
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
                    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
              <url><loc>https://paper.example.com/a</loc>
                <news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>
                  <news:publication_date>2024-05-08T14:05:09Z</news:publication_date>
                  <news:title>Port signs crane maker</news:title><news:keywords>ports, cranes</news:keywords></news:news></url>
              <url><loc>https://paper.example.com/b</loc><lastmod>2024-05-01</lastmod></url>
            </urlset>
            """);
    assertThat(feed.format()).isEqualTo("News sitemap");
    assertThat(feed.title()).isEqualTo("The Paper");
    assertThat(feed.language()).isEqualTo("en");
    assertThat(feed.items().get(0).title()).isEqualTo("Port signs crane maker");
    assertThat(feed.items().get(0).published()).isEqualTo("2024-05-08T14:05:09Z");
    assertThat(feed.items().get(0).categories()).containsExactly("ports", "cranes");
    assertThat(feed.items().get(1).title()).isNull();
    assertThat(feed.items().get(1).updated()).isEqualTo("2024-05-01T00:00:00Z");
  }

  @Test
  void json_feed_is_read_and_a_strange_item_is_rejected_not_lost() {
    FeedResult.Parsed parsed =
        parsed(
            """
            {"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://j.example.com/",
             "language":"en","hubs":[{"type":"WebSub","url":"https://hub.example.net/"}],
             "items":[{"id":7,"url":"/seven","title":"Seven","content_html":"<p>A</p><p>B &amp; C</p>",
               "date_published":"2024-05-08T14:05:09+02:00","authors":[{"name":"Ada"},{"name":"Bo"}],"tags":["x"]},
               "nonsense"]}
            """);
    ParsedFeed feed = parsed.feed();
    assertThat(feed.format()).isEqualTo("JSON Feed 1.1");
    assertThat(feed.hub()).isEqualTo("https://hub.example.net/");
    FeedItem item = feed.items().get(0);
    assertThat(item.guid()).isEqualTo("7");
    assertThat(item.link()).isEqualTo("https://news.example.com/seven");
    assertThat(item.content()).isEqualTo("A\n\nB & C");
    assertThat(item.author()).isEqualTo("Ada, Bo");
    assertThat(item.published()).isEqualTo("2024-05-08T12:05:09Z");
    assertThat(parsed.rejected())
        .containsExactly(new RejectedItem(2, 1, null, "the item is not a JSON object"));
  }

  @Test
  void a_module_element_never_takes_the_place_of_the_formats_own() {
    FeedItem item =
        item(
            "<m:description xmlns:m='urn:x'>wrong</m:description><media:title>wrong</media:title>"
                + "<image><title>wrong</title></image><title>right</title><description>right</description>");
    assertThat(item.title()).isEqualTo("right");
    assertThat(item.summary()).isEqualTo("right");
  }

  @Test
  void modules_fill_in_what_the_format_leaves_out() {
    FeedItem item =
        item(
            "<dc:title>Title</dc:title><media:group><media:description>Words</media:description></media:group>"
                + "<itunes:author>Ada</itunes:author><dcterms:issued>2024-05-08</dcterms:issued>"
                + "<dcterms:modified>2024-05-09</dcterms:modified>");
    assertThat(item.title()).isEqualTo("Title");
    assertThat(item.summary()).isEqualTo("Words");
    assertThat(item.author()).isEqualTo("Ada");
    assertThat(item.published()).isEqualTo("2024-05-08T00:00:00Z");
    assertThat(item.updated()).isEqualTo("2024-05-09T00:00:00Z");
  }

  @Test
  void a_guid_that_is_a_permalink_stands_in_for_the_link_and_one_that_is_not_does_not() {
    assertThat(item("<guid>https://x.example.com/1</guid>").link())
        .isEqualTo("https://x.example.com/1");
    assertThat(item("<guid isPermaLink='false'>https://x.example.com/1</guid>").link()).isNull();
  }

  @Test
  void references_are_resolved_once_and_unknown_ones_stay() {
    assertThat(
            item("<title>Q&amp;A&nbsp;&eacute;&#8212;&#X41; AT&T &bogus; 1 &lt; 2</title>").title())
        .isEqualTo("Q&A é—A AT&T &bogus; 1 < 2");
    assertThat(item("<title><![CDATA[A &amp; B]]></title>").title()).isEqualTo("A & B");
    assertThat(item("<title>the &amp;lt;x&amp;gt; tag</title>").title()).isEqualTo("the <x> tag");
  }

  @Test
  void characters_that_xml_forbids_are_dropped_and_windows_ones_meant() {
    assertThat(item("<title>a\u000bb\u0000c don\u0092t &#146;</title>").title())
        .isEqualTo("abc don’t ’");
  }

  @Test
  void scripts_and_styles_are_no_text() {
    assertThat(
            item("<description>&lt;style&gt;p{}&lt;/style&gt;Before&lt;script&gt;x()&lt;/script&gt; after</description>")
                .summary())
        .isEqualTo("Before after");
  }

  @Test
  void a_date_that_cannot_be_understood_is_kept_as_written() {
    FeedItem item = item("<title>t</title><pubDate> sometime in May </pubDate>");
    assertThat(item.published()).isNull();
    assertThat(item.publishedClaimed()).isEqualTo("sometime in May");
  }

  @Test
  void the_first_date_that_can_be_understood_counts() {
    FeedItem item = item("<pubDate>soon</pubDate><dc:date>2024-05-08</dc:date>");
    assertThat(item.published()).isEqualTo(Instant.parse("2024-05-08T00:00:00Z"));
    assertThat(item.publishedClaimed()).isEqualTo("2024-05-08");
  }

  @Test
  void tags_out_of_order_are_mended_with_a_warning() {
    FeedResult.Parsed parsed =
        parsed(
            "<rss><channel><title>T</title><item><title>One</title><description>a <br> b</description>"
                + "<item><title>Two</title></item></channel></rss>");
    assertThat(parsed.feed().items()).extracting(FeedItem::title).containsExactly("One", "Two");
    assertThat(parsed.warnings())
        .contains("<br> without an end (line 1)", "<item> without an end (line 1)");
  }

  @Test
  void the_json_line_keeps_what_html_would_take_for_a_tag() {
    String line =
        FeedJson.line(
            "a.xml",
            read(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>&amp;lt;b&amp;gt; tag</title>"
                    + "<entry><title type='text'>&lt;b&gt; tag</title><updated>2024-05-08T01:02:03Z</updated></entry></feed>"));
    assertThat(line)
        .isEqualTo(
            "{\"file\":\"a.xml\",\"error\":null,\"feed\":{\"format\":\"Atom 1.0\",\"title\":\"&lt;b&gt; tag\","
                + "\"link\":null,\"language\":null,\"description\":null},\"items\":[{\"guid\":null,\"link\":null,"
                + "\"title\":\"<b> tag\",\"summary\":null,\"content\":null,\"author\":null,\"published\":null,"
                + "\"updated\":\"2024-05-08T01:02:03Z\"}]}");
    assertThat(FeedJson.line("b", read("<html><body/></html>")))
        .isEqualTo(
            "{\"file\":\"b\",\"error\":\"an HTML page, not a feed\",\"feed\":null,\"items\":[]}");
  }
}
