package dev.pactwatch.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedListTest {

  private static FeedList parse(String opml) {
    return FeedList.parse("feeds.opml", opml.getBytes(UTF_8));
  }

  @Test
  void foldersCategoriesAndCommentsAreRead() {
    FeedList list =
        parse(
            """
            <opml version="2.0"><body>
              <!-- of the folder -->
              <outline text="Courts">
                <!-- opinions,
                     as they come -->
                <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
                <outline text="Inner"><outline title="C" xmlUrl="https://c.example/feed" category="law"/></outline>
              </outline>
              <outline xmlUrl="https://d.example/feed"/>
            </body></opml>
            """);

    assertThat(list.feeds())
        .containsExactly(
            new FeedEntry(
                "https://a.example/feed",
                "A & B",
                "https://a.example/",
                "Courts",
                "opinions, as they come"),
            new FeedEntry("https://c.example/feed", "C", null, "law", null),
            new FeedEntry("https://d.example/feed", "https://d.example/feed", null, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<opml>\\n<body>\\n<outline| feeds.opml:3: is no well-formed XML",
        "<opml>\\n<outline type='rss' text='a'/></opml>| feeds.opml:2: xmlUrl: is missing",
        "<opml>\\n<outline xmlUrl='ftp://a.example/'/></opml>| feeds.opml:2: xmlUrl: must start",
        "<opml>\\n<outline xmlUrl='http://a@b.example/'/></opml>| feeds.opml:2: xmlUrl: carries",
        "<opml>\\n<outline xmlUrl='http://a.example/'/>\\n<outline xmlUrl='http://a.example/'/></opml>| feeds.opml:3: xmlUrl: stands twice, first in line 2",
        "<rss/>| feeds.opml:1: must be an <opml> document",
        "<!DOCTYPE opml [<!ENTITY x 'y'>]>\\n<opml>&x;</opml>| feeds.opml:1: must not hold a DOCTYPE",
        "<opml>\\n<outline xmlUrl='http://a.example/' fullText='yes'/></opml>| feeds.opml:2: fullText: must be true or false, not 'yes'",
        "<opml>\\n<outline p:fullText='true'/></opml>| feeds.opml:2: is no well-formed XML: the prefix p: is used but not declared, as by xmlns:pactwatch=\"urn:pactwatch:opml\" in <opml>",
        "no xml| feeds.opml:1: is no well-formed XML"
      })
  void whatCannotBeUsedIsNamedWithItsLine(String opml, String message) {
    assertThatThrownBy(() -> parse(opml.replace("\\n", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> FeedList.read(Path.of("nowhere.opml")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("nowhere.opml: cannot be read: no such file");
  }

  @Test
  void whetherToReadPagesIsSaidInWhateverPrefix() {
    FeedList list =
        parse(
            """
            <opml xmlns:p="urn:pactwatch:opml"><body>
              <outline xmlUrl="https://a.example/" p:fullText="true"/>
              <outline xmlUrl="https://b.example/" p:fullText="false"/>
              <outline xmlUrl="https://c.example/"/>
            </body></opml>
            """);

    assertThat(list.feeds()).extracting(FeedEntry::fullText).containsExactly(true, false, false);
  }

  @Test
  void theShippedListHasFeedsOfEveryKindEachWithAReason() {
    List<FeedEntry> feeds = FeedList.read(Path.of("config", "feeds.opml")).feeds();

    assertThat(feeds).hasSizeGreaterThanOrEqualTo(30);
    assertThat(feeds)
        .extracting(FeedEntry::category)
        .contains("vendor", "press", "regulator", "court");
    assertThat(feeds)
        .allSatisfy(
            feed -> {
              assertThat(feed.url()).startsWith("https://");
              assertThat(feed.comment()).isNotBlank();
              assertThat(feed.site()).isNotBlank();
              assertThat(feed.title()).isNotEqualTo(feed.url());
            });
  }
}
