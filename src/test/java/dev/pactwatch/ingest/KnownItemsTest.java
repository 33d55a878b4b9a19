package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Identity over polls, with real feeds read by the real parser. */
class KnownItemsTest {

  private final Doubles.Clock clock = new Doubles.Clock();
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final IngestSettings settings = IngestSettings.defaults();
  private final FeedPoll polls =
      new FeedPoll(
          http,
          new ParsedFeedReader(
              new ArticleMaker(PublisherFamilies.read(Path.of("config/publishers.yaml"))),
              Duration.ofDays(7)),
          new PollSchedule(settings, new Random(1)),
          settings,
          clock);

  private volatile String body;
  private RawServer server;
  private FeedState state;

  /** An item of the feed under test; null leaves an element out. */
  private record Item(String guid, String link, String title, String text, String date) {}

  @BeforeEach
  void start() {
    server = new RawServer((request, out) -> respond(out, "200 OK", "", body));
    state = FeedState.fresh(server.url("/feed"));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private static Item story(int n) {
    return new Item(
        "id-" + n,
        "https://paper.example/story-" + n,
        "A story of some length, number " + n,
        "Text of story " + n,
        "Sun, 01 Mar 2026 0" + n % 10 + ":00:00 GMT");
  }

  private static List<Item> stories(int from, int to) {
    List<Item> items = new ArrayList<>();
    for (int n = from; n <= to; n++) {
      items.add(story(n));
    }
    return items;
  }

  private FeedPoll.Result poll(List<Item> items) throws Exception {
    StringBuilder xml = new StringBuilder("<rss version='2.0'><channel><title>Paper</title>");
    for (Item item : items) {
      xml.append("<item>");
      element(xml, "guid isPermaLink='false'", item.guid());
      element(xml, "link", item.link());
      element(xml, "title", item.title());
      element(xml, "description", item.text());
      element(xml, "pubDate", item.date());
      xml.append("</item>");
    }
    body = xml.append("</channel></rss>").toString();
    clock.forward(Duration.ofHours(1));
    FeedPoll.Result result = polls.poll(state);
    PollReport report = result.report();
    assertThat(report.outcome()).isEqualTo(PollReport.Outcome.READ);
    assertThat(report.items()).isEqualTo(items.size());
    assertThat(report.published() + report.known() + report.rejectedTotal())
        .isEqualTo(report.items());
    state = Json.read(Json.bytes(result.state()), FeedState.class);
    assertThat(state).isEqualTo(result.state());
    FeedHealth health = state.health();
    assertThat(
            health.published()
                + health.known()
                + health.rejected().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(health.items());
    return result;
  }

  private static void element(StringBuilder xml, String tag, String text) {
    if (text != null) {
      xml.append('<').append(tag).append('>').append(text.replace("&", "&amp;"));
      xml.append("</").append(tag.split(" ")[0]).append('>');
    }
  }

  @Test
  void aMassChangeOfGuidsPublishesNothingAndIsToldOnce() throws Exception {
    List<Article> first = poll(stories(1, 20)).articles();
    List<Item> migrated =
        stories(1, 20).stream()
            .map(i -> new Item("urn:new:" + i.guid(), i.link(), i.title(), i.text(), i.date()))
            .toList();

    FeedPoll.Result change = poll(migrated);
    FeedPoll.Result later = poll(with(migrated, story(21)));

    assertThat(first).hasSize(20);
    assertThat(change.articles()).isEmpty();
    assertThat(change.report().known()).isEqualTo(20);
    assertThat(change.report().notices())
        .containsExactly("gave 20 known items other identifiers: none of them is published as new");
    assertThat(change.state().health().renumbered()).isEqualTo(20);
    assertThat(change.state().health().troubles()).containsOnlyKeys("renumbered");
    assertThat(later.articles()).extracting(Article::guid).containsExactly("id-21");
    assertThat(later.report().known()).isEqualTo(20);
    assertThat(later.report().notices()).singleElement().asString().startsWith("keeps its ident");
    assertThat(later.state().health().troubles()).isEmpty();
  }

  @Test
  void anEditAfterAChangeOfGuidsIsAVersionOfTheFirstPublishedArticle() throws Exception {
    Article original = poll(stories(1, 5)).articles().get(0);
    List<Item> migrated = new ArrayList<>();
    stories(1, 5)
        .forEach(
            i -> migrated.add(new Item("n" + i.guid(), i.link(), i.title(), i.text(), i.date())));
    poll(migrated);
    Item first = migrated.get(0);
    migrated.set(0, new Item(first.guid(), first.link(), first.title(), "Corrected", first.date()));

    List<Article> edits = poll(migrated).articles();

    assertThat(edits).hasSize(1);
    assertThat(edits.get(0).uri()).isEqualTo(original.uri());
    assertThat(edits.get(0).version()).isEqualTo(2);
    assertThat(edits.get(0).summary()).isEqualTo("Corrected");
  }

  @Test
  void aMoveOfAllAddressesWithNewGuidsAndRewrittenTextsPublishesNothing() throws Exception {
    poll(stories(1, 12));
    List<Item> moved =
        stories(1, 12).stream()
            .map(
                i ->
                    new Item(
                        i.link().replace("paper", "news.paper"),
                        i.link().replace("paper", "news.paper").replace("story-", "s/"),
                        i.title(),
                        i.text() + " (read more)",
                        i.date()))
            .toList();

    assertThat(poll(moved).articles()).isEmpty();
    assertThat(poll(with(moved, story(13))).articles()).hasSize(1);
  }

  @Test
  void guidsThatRotateAtEveryPollPublishEachItemOnceAndAreToldOnce() throws Exception {
    List<String> notices = new ArrayList<>();
    int published = 0;
    for (int round = 0; round < 6; round++) {
      int turn = round;
      List<Item> items =
          stories(1 + round, 10 + round).stream()
              .map(i -> new Item(turn + "-" + i.guid(), i.link(), i.title(), i.text(), i.date()))
              .toList();
      FeedPoll.Result result = poll(items);
      published += result.articles().size();
      notices.addAll(result.report().notices());
    }

    assertThat(published).isEqualTo(15);
    assertThat(notices).singleElement().asString().startsWith("gave 9 known items");
    assertThat(state.seen()).hasSizeLessThan(30);
  }

  @Test
  void titlesThatComeEveryDayAreNewsInADocumentThatIsNewAsAWhole() throws Exception {
    poll(stories(1, 12));

    List<Item> afterAnOutage = stories(101, 112);
    for (int n = 1; n <= 5; n++) {
      Item item = afterAnOutage.get(n);
      afterAnOutage.set(
          n, new Item(item.guid(), item.link(), story(n).title(), item.text(), item.date()));
    }

    assertThat(poll(afterAnOutage).articles()).hasSize(12);
  }

  @Test
  void oneItemWithAnotherGuidAndTheSameWordsAndLinkIsKnown() throws Exception {
    poll(stories(1, 6));
    List<Item> items = new ArrayList<>(stories(1, 6));
    Item third = items.get(2);
    items.set(2, new Item("other", third.link(), third.title(), third.text(), third.date()));

    FeedPoll.Result result = poll(items);

    assertThat(result.articles()).isEmpty();
    assertThat(result.state().health().troubles()).isEmpty();
  }

  @Test
  void oneNewItemUnderAnOldTitleIsNew() throws Exception {
    poll(stories(1, 6));
    List<Item> items = new ArrayList<>(stories(2, 6));
    items.add(
        new Item("daily", "https://paper.example/daily-2", story(1).title(), "Other words", null));

    assertThat(poll(items).articles()).extracting(Article::guid).containsExactly("daily");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "constant"})
  void itemsWithoutAGuidOfTheirOwnAreToldByTheirLink(String guid) throws Exception {
    String same = guid.isEmpty() ? null : guid;
    List<Item> before = withGuid(stories(1, 5), same);
    List<Item> after = withGuid(stories(2, 6), same);

    assertThat(poll(before).articles()).hasSize(5);
    assertThat(poll(after).articles())
        .extracting(Article::headline)
        .containsExactly(story(6).title());
    assertThat(state.health().identity()).isEqualTo("link");
  }

  @Test
  void aGuidThatIsAmbiguousInOneDocumentOnlyPublishesNothingTwice() throws Exception {
    List<Item> items = new ArrayList<>(stories(1, 4));
    Item double1 =
        new Item("id-1", "https://paper.example/extra", "Another story, much longer", "x", null);
    items.add(double1);

    assertThat(poll(items).articles()).hasSize(5);
    assertThat(poll(stories(1, 4)).articles()).isEmpty();
    assertThat(poll(items).articles()).isEmpty();
  }

  @Test
  void aFeedOfOneItemWithAConstantGuidPublishesEachOfItsStories() throws Exception {
    List<Article> all = new ArrayList<>();
    for (int n : new int[] {1, 2, 3, 2, 1}) {
      all.addAll(poll(withGuid(stories(n, n), "top-story")).articles());
    }

    assertThat(all)
        .extracting(Article::headline, Article::version)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(story(1).title(), 1),
            org.assertj.core.groups.Tuple.tuple(story(2).title(), 1),
            org.assertj.core.groups.Tuple.tuple(story(3).title(), 1));
    assertThat(all.stream().map(Article::uri).distinct()).hasSize(3);
  }

  @Test
  void anEditedTitleAndAddressOfOneDateIsAnEdit() throws Exception {
    Article original = poll(stories(1, 3)).articles().get(0);
    List<Item> items = new ArrayList<>(stories(1, 3));
    items.set(
        0,
        new Item(
            "id-1",
            "https://paper.example/better-slug",
            "A headline that was rewritten",
            "Text of story 1",
            story(1).date()));

    List<Article> edits = poll(items).articles();

    assertThat(edits).extracting(Article::uri).containsExactly(original.uri());
    assertThat(edits.get(0).version()).isEqualTo(2);
  }

  @Test
  void trackingParametersPhonesAndCachesAreNoOtherArticles() throws Exception {
    poll(withGuid(stories(1, 3), null));
    List<Item> dressed = new ArrayList<>();
    List<String> forms =
        List.of(
            "https://paper.example/story-1?utm_source=rss&fbclid=1#top",
            "https://m.paper.example/story-2/",
            "https://paper-example.cdn.ampproject.org/c/s/paper.example/story-3/amp");
    for (int n = 1; n <= 3; n++) {
      Item item = story(n);
      dressed.add(new Item(null, forms.get(n - 1), item.title(), item.text(), item.date()));
    }

    FeedPoll.Result result = poll(dressed);

    assertThat(result.articles()).isEmpty();
    assertThat(result.report().known()).isEqualTo(3);
    assertThat(result.state().health().renumbered()).isZero();
  }

  @Test
  void whatIsRejectedHasAReasonAndACounterThatLasts() throws Exception {
    List<Item> items = new ArrayList<>(stories(1, 2));
    items.add(new Item("empty", null, null, null, null));
    items.add(story(1));

    poll(items);
    items.add(0, story(3));
    poll(items);

    assertThat(state.health().rejected())
        .containsEntry("it has neither a title nor a text", 2L)
        .containsEntry("it repeats item N", 2L);
  }

  private static List<Item> withGuid(List<Item> items, String guid) {
    return items.stream()
        .map(i -> new Item(guid, i.link(), i.title(), i.text(), i.date()))
        .toList();
  }

  private static List<Item> with(List<Item> items, Item more) {
    List<Item> all = new ArrayList<>(items);
    all.add(0, more);
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "'A quite different heading', '',          '',    '',               headline",
    "'',                          Other words, '',    '',               text",
    "'A quite different heading', Other words, '',    '',               headline text",
    "'',                          Other words, /else, '',               text link",
    "'',                          Other words, '',    2026-03-02T09:00, text published",
    "'A STORY of some length, number 1', '',   '',    '',               headline",
  })
  void anEditTellsWhatItDiffersIn(
      String title, String text, String path, String date, String changed) throws Exception {
    Item first = story(1);
    poll(List.of(first, story(2)));
    FeedPoll.Result edit =
        poll(
            List.of(
                new Item(
                    first.guid(),
                    path.isEmpty() ? first.link() : "https://paper.example" + path,
                    title.isEmpty() ? first.title() : title,
                    text.isEmpty() ? first.text() : text,
                    date.isEmpty() ? first.date() : date + ":00Z"),
                story(2)));

    List<String> differences = new ArrayList<>();
    edit.articles().forEach(article -> differences.addAll(article.changed()));
    assertThat(String.join(" ", differences)).isEqualTo(changed);
  }
}
