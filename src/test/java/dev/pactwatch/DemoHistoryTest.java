package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The bundled history and the list of alerts expected from it agree with each other. The feeds are
 * read by plain XML and JSON parsers here, so that a fault of our own feed parser cannot hide one
 * in the files.
 */
class DemoHistoryTest {

  private static final Path FEEDS = Path.of("src/main/resources/demo/feeds");
  private static final Path EXPECTED = Path.of("src/test/resources/demo/expected-alerts.yaml");

  private static final List<Feed> feeds = new ArrayList<>();
  private static Map<String, List<Map<String, Object>>> expected;

  private record Feed(String file, String description, List<Item> items) {}

  private record Item(
      String guid,
      URI link,
      Instant published,
      String title,
      String summary,
      List<String> categories) {}

  @BeforeAll
  @SuppressWarnings("unchecked")
  static void readAll() throws IOException {
    feeds.clear();
    try (Stream<Path> files = Files.list(FEEDS)) {
      for (Path file : files.sorted().toList()) {
        feeds.add(file.toString().endsWith(".json") ? readJsonFeed(file) : readXmlFeed(file));
      }
    }
    expected =
        (Map<String, List<Map<String, Object>>>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(EXPECTED));
  }

  @Test
  void everyFeedSaysThatItRetellsPublicFacts() {
    assertThat(feeds)
        .hasSize(12)
        .allSatisfy(
            feed ->
                assertThat(feed.description())
                    .as(feed.file())
                    .contains("retelling of public facts in our own words, for demonstration")
                    .contains("is an invented outlet"));
  }

  @Test
  void everyItemIsMarkedAsARetelling() {
    assertThat(items())
        .hasSizeBetween(60, 100)
        .allSatisfy(item -> assertThat(item.categories()).as(item.guid()).contains("retelling"));
  }

  @Test
  void everyLinkIsUnderTheReservedDomain() {
    assertThat(items())
        .allSatisfy(
            item -> {
              assertThat(item.link().getScheme()).as(item.guid()).isEqualTo("https");
              assertThat(item.link().getHost()).as(item.guid()).endsWith(".example");
            });
  }

  @Test
  void guidsAndLinksAreUnique() {
    assertThat(items()).extracting(Item::guid).doesNotHaveDuplicates();
    assertThat(items()).extracting(Item::link).doesNotHaveDuplicates();
  }

  @Test
  void itemsLieBetweenTheFirstPartnershipAndTheWeekItsExclusivityEnded() {
    assertThat(items())
        .extracting(item -> LocalDate.ofInstant(item.published(), ZoneOffset.UTC))
        .allSatisfy(
            day -> assertThat(day).isBetween(LocalDate.of(2019, 7, 22), LocalDate.of(2026, 4, 30)));
  }

  @Test
  void everyFeedListsItsNewestItemFirst() {
    assertThat(feeds)
        .allSatisfy(
            feed ->
                assertThat(feed.items())
                    .as(feed.file())
                    .isSortedAccordingTo(Comparator.comparing(Item::published).reversed()));
  }

  @Test
  void everyItemHasAHeadlineAndASummary() {
    assertThat(items())
        .allSatisfy(
            item -> {
              assertThat(item.title()).as(item.guid()).isNotBlank();
              assertThat(item.summary()).as(item.guid()).hasSizeGreaterThan(40);
            });
  }

  @Test
  void everyItemIsExpectedToLeadToSomethingOrToNothing() {
    Set<String> named = new HashSet<>(guids("bystanders", entry -> List.of(entry.get("guid"))));
    named.addAll(guids("alerts", entry -> list(entry.get("articles"))));
    named.addAll(guids("borderline", entry -> list(entry.get("articles"))));

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(items().stream().map(Item::guid).toList());
  }

  @Test
  void noBystanderCarriesAnExpectedAlert() {
    assertThat(guids("bystanders", entry -> List.of(entry.get("guid"))))
        .doesNotContainAnyElementsOf(guids("alerts", entry -> list(entry.get("articles"))));
  }

  @Test
  void everyMentionIsAnItem() {
    assertThat(items().stream().map(Item::guid).toList())
        .containsAll(guids("alerts", entry -> list(entry.get("mentions"))));
  }

  private static List<Item> items() {
    return feeds.stream().flatMap(feed -> feed.items().stream()).toList();
  }

  private static Collection<?> list(Object value) {
    return value == null ? List.of() : (Collection<?>) value;
  }

  private static Set<String> guids(
      String section, Function<Map<String, Object>, Collection<?>> pick) {
    return expected.get(section).stream()
        .flatMap(entry -> pick.apply(entry).stream())
        .map(String::valueOf)
        .collect(Collectors.toSet());
  }

  private static Feed readJsonFeed(Path file) throws IOException {
    JsonNode root = Json.mapper().readTree(Files.readAllBytes(file));
    List<Item> items = new ArrayList<>();
    for (JsonNode node : root.get("items")) {
      List<String> tags = new ArrayList<>();
      node.get("tags").forEach(tag -> tags.add(tag.asText()));
      items.add(
          new Item(
              node.get("id").asText(),
              URI.create(node.get("url").asText()),
              OffsetDateTime.parse(node.get("date_published").asText()).toInstant(),
              node.get("title").asText(),
              node.get("summary").asText(),
              tags));
    }
    return new Feed(file.toString(), root.get("description").asText(), items);
  }

  private static Feed readXmlFeed(Path file) throws IOException {
    Element root;
    try {
      root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return root.getTagName().equals("feed")
        ? new Feed(
            file.toString(),
            text(root, "subtitle"),
            elements(root, "entry").map(DemoHistoryTest::atomItem).toList())
        : new Feed(
            file.toString(),
            text(root, "description"),
            elements(root, "item").map(DemoHistoryTest::rssItem).toList());
  }

  private static Item atomItem(Element entry) {
    return new Item(
        text(entry, "id"),
        URI.create(elements(entry, "link").findFirst().orElseThrow().getAttribute("href")),
        OffsetDateTime.parse(text(entry, "published")).toInstant(),
        text(entry, "title"),
        text(entry, "summary"),
        elements(entry, "category").map(category -> category.getAttribute("term")).toList());
  }

  /** The formatter also refuses a date whose day of the week is not that of the date. */
  private static Item rssItem(Element item) {
    return new Item(
        text(item, "guid"),
        URI.create(text(item, "link")),
        OffsetDateTime.parse(text(item, "pubDate"), DateTimeFormatter.RFC_1123_DATE_TIME)
            .toInstant(),
        text(item, "title"),
        text(item, "description"),
        elements(item, "category").map(Element::getTextContent).toList());
  }

  private static String text(Element parent, String name) {
    return elements(parent, name).findFirst().orElseThrow().getTextContent();
  }

  private static Stream<Element> elements(Element parent, String name) {
    NodeList nodes = parent.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
  }
}
