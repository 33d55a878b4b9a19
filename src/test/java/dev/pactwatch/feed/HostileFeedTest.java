package dev.pactwatch.feed;

import static dev.pactwatch.feed.FeedFormatsTest.parsed;
import static dev.pactwatch.feed.FeedFormatsTest.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostileFeedTest {

  private static String unreadable(String document) {
    FeedResult result = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(document));
    assertThat(result).isInstanceOf(FeedResult.Unreadable.class);
    return ((FeedResult.Unreadable) result).reason();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                  | empty
          '   '                                               | empty
          'Service unavailable'                               | plain text, not a feed
          '<!doctype html><html><body>x</body></html>'        | an HTML page, not a feed
          '<HTML><p>x'                                        | an HTML page, not a feed
          '<opml><body/></opml>'                              | an OPML list of feeds, not a feed
          '<sitemapindex/>'                                   | an index of sitemaps; give one of the sitemaps it names
          '<note/>'                                           | an XML document that starts with <note>, not a feed
          '<!-- nothing -->'                                  | XML without an element, not a feed
          '{"a":1}'                                           | JSON, but not a JSON Feed
          '{"a":'                                             | JSON that cannot be read (line 1)
          '<rss><channel><item><title>x'                      | ends in the middle of <item> 1 (line 1)
          '<rss><channel><title>x</title>'                    | ends in the middle of <channel> (line 1)
          'PK\u0003\u0004'                                    | a ZIP archive, not a feed
          """)
  void what_is_no_feed_is_refused_with_one_clear_reason(String document, String reason) {
    assertThat(unreadable(document)).isEqualTo(reason);
  }

  @Test
  void a_body_over_the_limit_is_refused_before_it_is_touched() {
    byte[] body = new byte[100 * 1024 * 1024];
    FeedResult result =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> new FeedParser().parse(body, null, null));
    assertThat(result).isEqualTo(new FeedResult.Unreadable("larger than 10 MiB"));
  }

  @Test
  void deep_nesting_is_refused() {
    assertThat(unreadable("<rss><channel>" + "<a>".repeat(100_000)))
        .isEqualTo("nested deeper than 64 elements");
    assertThat(unreadable("[".repeat(100_000))).startsWith("JSON that cannot be read");
  }

  @Test
  void deep_nesting_inside_a_text_is_only_text() {
    String html = "&lt;div&gt;".repeat(50_000) + "core";
    FeedResult.Parsed parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () ->
                parsed(
                    "<rss><channel><item><description>"
                        + html
                        + "&lt;/div&gt;</description></item></channel></rss>"));
    assertThat(parsed.feed().items().get(0).summary()).isEqualTo("core");
  }

  @Test
  void many_attributes_are_refused() {
    StringBuilder tag = new StringBuilder("<rss");
    for (int i = 0; i < 200_000; i++) {
      tag.append(" a").append(i).append("='1'");
    }
    assertThat(unreadable(tag + "><channel/></rss>"))
        .isEqualTo("more than 128 attributes on one element (line 1)");
  }

  @Test
  void many_elements_are_refused() {
    assertThat(unreadable("<rss><channel>" + "<a/>".repeat(400_000) + "</channel></rss>"))
        .isEqualTo("more than 300000 elements");
  }

  @Test
  void entities_are_never_expanded() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE rss [<!ENTITY l0 'ha'>");
    for (int i = 1; i < 40; i++) {
      laughs.append("<!ENTITY l" + i + " '" + ("&l" + (i - 1) + ";").repeat(10) + "'>");
    }
    FeedResult.Parsed parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> parsed(laughs + "]><rss><channel><title>so &l39;</title></channel></rss>"));
    assertThat(parsed.feed().title()).isEqualTo("so &l39;");
  }

  @Test
  void external_entities_are_never_opened(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "the secret");
    FeedResult.Parsed parsed =
        parsed(
            "<!DOCTYPE rss [<!ENTITY x SYSTEM '"
                + secret.toUri()
                + "'><!ENTITY % p SYSTEM '"
                + secret.toUri()
                + "'> %p;]><rss><channel><title>a &x; b</title></channel></rss>");
    assertThat(parsed.feed().title()).isEqualTo("a &x; b");
  }

  @Test
  void a_date_of_a_million_digits_is_kept_short_and_not_understood() {
    FeedResult.Parsed parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () ->
                parsed(
                    "<rss><channel><item><title>t</title><pubDate>"
                        + "9".repeat(1_000_000)
                        + "</pubDate></item></channel></rss>"));
    FeedItem item = parsed.feed().items().get(0);
    assertThat(item.published()).isNull();
    assertThat(item.publishedClaimed()).hasSizeLessThanOrEqualTo(64);
  }

  @Test
  void a_title_of_a_million_characters_is_cut() {
    String title =
        parsed("<rss><channel><title>" + "word ".repeat(200_000) + "</title></channel></rss>")
            .feed()
            .title();
    assertThat(title).hasSizeLessThanOrEqualTo(1_024).endsWith("word…");
  }

  @Test
  void items_over_the_limit_are_counted_not_kept() {
    FeedResult.Parsed parsed =
        parsed(
            "<rss><channel>" + "<item><title>t</title></item>".repeat(2_500) + "</channel></rss>");
    assertThat(parsed.feed().items()).hasSize(2_000);
    assertThat(parsed.rejected())
        .containsExactly(new RejectedItem(2_001, 500, null, "the feed has more than 2000 items"));
  }

  @Test
  void a_flood_of_broken_tags_gives_few_warnings() {
    FeedResult.Parsed parsed =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () ->
                parsed(
                    "<rss><channel><title>t</title>"
                        + "</x>\n".repeat(300_000)
                        + "</channel></rss>"));
    assertThat(parsed.warnings()).hasSize(21).last().asString().endsWith("more of the kind");
  }

  @Test
  void a_feed_cut_at_any_byte_gives_its_whole_items_or_one_reason() {
    String document =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE rss [ <!ENTITY a "b"> ]>
        <rss version="2.0"><channel><title>Hä &amp; fen</title><!-- note -->
        <item><title>One</title><link>https://x.example.com/1</link></item>
        <item><title><![CDATA[Two <b>]]></title><guid isPermaLink="false">2</guid></item>
        <item><title>Thrée</title></item>
        </channel></rss>
        """;
    List<FeedItem> whole = parsed(document).feed().items();
    assertThat(whole).hasSize(3);
    byte[] bytes = document.getBytes(UTF_8);
    int before = 0;
    for (int length = 0; length <= bytes.length; length++) {
      FeedResult result = new FeedParser().parse(Arrays.copyOf(bytes, length), null, null);
      int count = 0;
      if (result instanceof FeedResult.Parsed parsed) {
        count = parsed.feed().items().size();
        assertThat(parsed.feed().items()).isEqualTo(whole.subList(0, count));
      } else {
        assertThat(((FeedResult.Unreadable) result).reason()).isNotBlank().doesNotContain("\n");
      }
      assertThat(count).as("items in the first %d bytes", length).isGreaterThanOrEqualTo(before);
      before = count;
    }
    assertThat(before).isEqualTo(3);
  }

  @Test
  void the_item_that_is_cut_off_is_rejected_with_a_reason() {
    FeedResult.Parsed parsed =
        parsed("<rss><channel>\n<item><title>One</title></item>\n<item><title>Tw");
    assertThat(parsed.feed().items()).extracting(FeedItem::title).containsExactly("One");
    assertThat(parsed.rejected())
        .containsExactly(new RejectedItem(2, 1, null, "the document ends in the middle of it"));
    assertThat(parsed.warnings()).containsExactly("ends in the middle of <item> 2 (line 3)");
  }

  @Test
  void no_arrangement_of_bytes_throws() {
    Random random = new Random(20_240_508);
    String[] pieces = {
      "<rss>",
      "<channel>",
      "<item>",
      "</item>",
      "<title>",
      "</title>",
      "<![CDATA[",
      "]]>",
      "<!--",
      "-->",
      "&amp;",
      "&#x",
      "&#55296;",
      "<!DOCTYPE ",
      "[",
      "]",
      ">",
      "<",
      "\"",
      "'",
      "=",
      "<a b=",
      "/>",
      "\u0000",
      "xmlns:x='",
      "<x:y ",
      "<pubDate>",
      "2024-",
      "{",
      "}",
      "<entry>",
      "<feed xmlns='http://www.w3.org/2005/Atom'>",
      "<link href='",
      "xml:base='::'",
      "\ud800",
      "é",
      " "
    };
    for (int round = 0; round < 4_000; round++) {
      StringBuilder document = new StringBuilder(round % 2 == 0 ? "<rss><channel>" : "");
      for (int i = random.nextInt(40); i > 0; i--) {
        document.append(pieces[random.nextInt(pieces.length)]);
      }
      String text = document.toString();
      FeedResult result = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> read(text), text);
      if (result instanceof FeedResult.Unreadable unreadable) {
        assertThat(unreadable.reason()).isNotBlank().doesNotContain("\n");
      }
    }
  }
}
