package dev.pactwatch.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedVariantsTest {

  private static ParsedFeed parse(String xml) {
    return parse(xml.getBytes(UTF_8));
  }

  private static ParsedFeed parse(byte[] body) {
    return ((FeedResult.Parsed) new FeedParser().parse(body, null, null)).feed();
  }

  private static FeedItem item(String inside) {
    return parse(
            "<rss version='2.0'><channel><title>T</title><item>"
                + inside
                + "</item></channel></rss>")
        .items()
        .get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "?q=1, http://example.com/dir/f.xml?q=1",
    "t.html, http://example.com/dir/t.html",
    "/t.html, http://example.com/t.html",
    "../t.html, http://example.com/t.html",
    "//other.example/x, http://other.example/x"
  })
  void aRelativeAddressIsReadAsTheStandardSays(String written, String meant) {
    String feed =
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://example.com/dir/f.xml'>"
            + "<entry><title>a</title><link href='%s'/></entry></feed>";

    assertThat(parse(feed.formatted(written)).items().get(0).link()).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "safe<!-- hidden --> text",
        "safe<!DOCTYPE html> text",
        "safe<?php echo 1 ?> text",
        "safe<script>hidden</script> text",
        "safe<style>hidden</style> text",
        "safe<iframe src='http://x.example/'> text",
        "safe<iframe src='http://x.example/'>hidden</iframe> text",
        "safe<OBJECT data='x'> text",
        "safe<object data='x'>hidden</object> text",
        "safe<embed src='x'> text",
        "safe<link rel='stylesheet' href='x'> text",
        "safe<img src='x' onerror='hidden'>text"
      })
  void whatIsNoTextIsTakenOutAndWhatFollowsIsKept(String html) {
    assertThat(item("<description><![CDATA[" + html + "]]></description>").summary())
        .isEqualTo("safe text");
  }

  @ParameterizedTest
  @CsvSource({
    "mac-roman, x-MacRoman, caf\u00e9",
    "macintosh, x-MacRoman, caf\u00e9",
    "windows-1251, windows-1251, \u041c\u0438\u0440",
    "iso-2022-jp, ISO-2022-JP, \u3053\u3093",
    "UTF-16, UTF-16, \u4f60",
    "utf-32, UTF-32, \u4f60"
  })
  void aDeclaredEncodingIsReadByWhateverNameItHas(String declared, String charset, String title) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"%s\"?><rss version=\"2.0\"><channel><title>%s</title></channel></rss>"
            .formatted(declared, title);

    assertThat(parse(xml.getBytes(Charset.forName(charset))).title()).isEqualTo(title);
  }

  @Test
  void aFeedTellsWhereItsOlderItemsAre() {
    String links =
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='http://x.example/2'/>%s"
            + "<entry><title>a</title></entry></feed>";

    assertThat(parse(links.formatted("")).older()).isEqualTo("http://x.example/2");
    assertThat(
            parse(links.formatted("<link rel='prev-archive' href='http://x.example/a'/>")).older())
        .isEqualTo("http://x.example/a");
    assertThat(
            parse(
                    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\","
                        + "\"next_url\":\"http://x.example/3\",\"items\":[]}")
                .older())
        .isEqualTo("http://x.example/3");
    assertThat(
            parse(
                    "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                        + "<atom:link rel='prev-archive' href='http://x.example/b'/></channel></rss>")
                .older())
        .isEqualTo("http://x.example/b");
  }
}
