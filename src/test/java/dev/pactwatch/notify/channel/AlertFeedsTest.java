package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.feed.synd.SyndFeed;
import com.rometools.rome.io.SyndFeedInput;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.feed.ParsedFeed;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.AlertFeeds.Entry;
import dev.pactwatch.notify.channel.AlertFeeds.Page;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class AlertFeedsTest {

  private static final String SELF = "https://pactwatch.example.org/feeds/k3y/atom";
  private static final String OLDER = SELF + "?before=17";
  private static final Instant NOW = Instant.parse("2026-03-18T10:00:05Z");

  private static final Page PAGE =
      new Page("newsdesk", "Alerts & more", SELF, Samples.LINKS, OLDER, null);

  private final List<Entry> entries =
      List.of(
          new Entry(SampleAlerts.dispute(), NOW),
          new Entry(SampleAlerts.conflict(), NOW.minusSeconds(60)));

  @Test
  void anotherFeedReaderReadsEveryEntry() throws Exception {
    SyndFeed feed =
        new SyndFeedInput()
            .build(
                new StringReader(
                    new String(AlertFeeds.atom(PAGE, entries), StandardCharsets.UTF_8)));

    assertThat(feed.getFeedType()).isEqualTo("atom_1.0");
    assertThat(feed.getTitle()).isEqualTo("Alerts & more");
    assertThat(feed.getLanguage()).isNull();
    SyndEntry entry = feed.getEntries().get(0);
    assertThat(entry.getTitle()).startsWith("Borealis Cloud threatens to sue");
    assertThat(entry.getLink()).isEqualTo("https://pactwatch.example.org/alerts/a1b2c3");
    assertThat(entry.getUpdatedDate()).isEqualTo(Date.from(NOW));
    assertThat(entry.getPublishedDate()).isEqualTo(Date.from(SampleAlerts.SEEN));
    assertThat(entry.getUri()).matches("urn:uuid:[0-9a-f-]{36}");
    assertThat(entry.getContents().get(0).getValue())
        .contains("<blockquote>Borealis Cloud is weighing legal action");
  }

  @Test
  void theProductReadsItsOwnFeedsAndFindsTheOlderOnes() {
    FeedResult.Parsed atom =
        (FeedResult.Parsed)
            new FeedParser().parse(AlertFeeds.atom(PAGE, entries), "application/atom+xml", SELF);
    FeedResult.Parsed json =
        (FeedResult.Parsed)
            new FeedParser().parse(AlertFeeds.json(PAGE, entries), "application/feed+json", SELF);

    assertThat(atom.rejected()).isEmpty();
    assertThat(json.rejected()).isEmpty();
    for (ParsedFeed feed : List.of(atom.feed(), json.feed())) {
      assertThat(feed.items()).hasSize(2);
      assertThat(feed.older()).isEqualTo(OLDER);
      assertThat(feed.self()).isEqualTo(SELF);
      assertThat(feed.items().get(1).title()).startsWith("Lumen Labs makes Tidewater");
    }
    assertThat(atom.feed().items().get(0).guid()).isEqualTo(json.feed().items().get(0).guid());
  }

  @Test
  void theIdStaysAndTheTimeMovesWithTheRevision() throws Exception {
    Alert first = SampleAlerts.dispute();
    Alert second = SampleAlerts.as(first, first.id(), 2, first.lastSeen());

    Element before = entry(document(PAGE, List.of(new Entry(first, NOW))));
    Element after = entry(document(PAGE, List.of(new Entry(second, NOW.plusSeconds(9)))));

    assertThat(text(after, "id")).isEqualTo(text(before, "id"));
    assertThat(text(before, "updated")).isEqualTo("2026-03-18T10:00:05Z");
    assertThat(text(after, "updated")).isEqualTo("2026-03-18T10:00:14Z");
  }

  @Test
  void aWithdrawalIsATombstoneAndAnEntryThatSaysSo() throws Exception {
    Alert alert = Samples.withdrawn(SampleAlerts.dispute());
    Document feed = document(PAGE, List.of(new Entry(alert, NOW)));

    Element tombstone =
        (Element)
            feed.getElementsByTagNameNS("http://purl.org/atompub/tombstones/1.0", "deleted-entry")
                .item(0);
    assertThat(tombstone.getAttribute("ref")).isEqualTo(text(entry(feed), "id"));
    assertThat(tombstone.getAttribute("when")).isEqualTo("2026-03-18T10:00:05Z");
    assertThat(tombstone.getTextContent()).contains("retracted");
    assertThat(text(entry(feed), "title")).startsWith("[withdrawn] Borealis Cloud threatens");
    JsonNode item =
        Json.mapper()
            .readTree(AlertFeeds.json(PAGE, List.of(new Entry(alert, NOW))))
            .path("items")
            .get(0);
    assertThat(item.path("title").asText()).startsWith("[withdrawn] ");
    assertThat(item.path("_pactwatch").path("withdrawn").asBoolean()).isTrue();
  }

  @Test
  void anArchiveSaysThatItIsOneAndWhereTheFeedIs() throws Exception {
    Document archive =
        document(new Page("newsdesk", "A", OLDER, Samples.LINKS, null, SELF), entries);
    Document newest = document(PAGE, entries);

    assertThat(count(archive, "http://purl.org/syndication/history/1.0", "archive")).isEqualTo(1);
    assertThat(count(newest, "http://purl.org/syndication/history/1.0", "archive")).isZero();
    assertThat(link(archive, "current")).isEqualTo(SELF);
    assertThat(link(archive, "prev-archive")).isNull();
    assertThat(link(newest, "prev-archive")).isEqualTo(OLDER);
    assertThat(link(newest, "self")).isEqualTo(SELF);
    assertThat(link(newest, "alternate")).isEqualTo("https://pactwatch.example.org");
    assertThat(text(archive.getDocumentElement(), "id"))
        .isEqualTo(text(newest.getDocumentElement(), "id"));
  }

  @Test
  void whatAtomRequiresIsThereAlsoWithoutEntriesAndAddresses() throws Exception {
    for (Document feed :
        List.of(
            document(new Page("n", "", null, null, null, null), List.of()),
            document(PAGE, entries))) {
      Element root = feed.getDocumentElement();
      assertThat(root.getNamespaceURI()).isEqualTo("http://www.w3.org/2005/Atom");
      assertThat(root.getAttribute("xml:lang")).isEqualTo("en");
      assertThat(text(root, "id")).startsWith("urn:uuid:");
      assertThat(text(root, "title")).isNotEmpty();
      assertThat(Instant.parse(text(root, "updated"))).isNotNull();
      assertThat(text(root, "name")).isEqualTo("Pactwatch");
    }
  }

  @Test
  void jsonFeedHasWhatItsVersionAsksFor() throws Exception {
    JsonNode feed = Json.mapper().readTree(AlertFeeds.json(PAGE, entries));

    assertThat(feed.path("version").asText()).isEqualTo("https://jsonfeed.org/version/1.1");
    assertThat(feed.path("title").asText()).isEqualTo("Alerts & more");
    assertThat(feed.path("feed_url").asText()).isEqualTo(SELF);
    assertThat(feed.path("next_url").asText()).isEqualTo(OLDER);
    JsonNode item = feed.path("items").get(0);
    assertThat(item.path("id").isTextual()).isTrue();
    assertThat(item.path("content_html").asText()).contains("<blockquote>");
    assertThat(item.path("date_modified").asText()).isEqualTo("2026-03-18T10:00:05Z");
    assertThat(item.path("tags").get(0).asText()).isEqualTo("critical");
  }

  @Test
  void theSameAlertsGiveTheSameBytes() {
    assertThat(AlertFeeds.atom(PAGE, entries)).isEqualTo(AlertFeeds.atom(PAGE, entries));
    assertThat(AlertFeeds.json(PAGE, entries)).isEqualTo(AlertFeeds.json(PAGE, entries));
  }

  private static Document document(Page page, List<Entry> entries) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(AlertFeeds.atom(page, entries)));
  }

  private static Element entry(Document feed) {
    return (Element) feed.getElementsByTagName("entry").item(0);
  }

  private static String text(Element in, String name) {
    return in.getElementsByTagName(name).item(0).getTextContent();
  }

  private static int count(Document feed, String namespace, String name) {
    return feed.getElementsByTagNameNS(namespace, name).getLength();
  }

  private static String link(Document feed, String rel) {
    var links = feed.getElementsByTagName("link");
    for (int i = 0; i < links.getLength(); i++) {
      Element link = (Element) links.item(i);
      if (link.getAttribute("rel").equals(rel)
          && "feed".equals(link.getParentNode().getNodeName())) {
        return link.getAttribute("href");
      }
    }
    return null;
  }
}
