package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.http.Robots;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FullTextTest {

  private static final String LONG =
      "The council of the harbour met on Monday and decided, after a debate of four hours, to let"
          + " the contract with the shipping line end in the coming spring, as was proposed. ";

  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final Doubles.Clock clock = new Doubles.Clock();
  private final IngestSettings settings = IngestSettings.defaults();
  private final ParsedFeedReader reader =
      new ParsedFeedReader(
          new ArticleMaker(PublisherFamilies.read(Path.of("config/publishers.yaml"))),
          Duration.ofDays(3650));
  private final FeedPoll polls =
      new FeedPoll(http, reader, new PollSchedule(settings, new Random(1)), settings, clock);
  private final FullText.Pace now = (address, within, request) -> request.send();

  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final List<Instant> arrivals = new CopyOnWriteArrayList<>();
  private volatile String robots = "";
  private RawServer server;
  private FeedState state;

  @BeforeEach
  void start() {
    server =
        new RawServer(
            (request, out) -> {
              arrivals.add(Instant.now());
              String path = request.path();
              String page = pages.get(path);
              if (path.equals("/robots.txt")) {
                respond(out, robots.isEmpty() ? "404 Not Found" : "200 OK", "", robots);
              } else if (page == null) {
                respond(out, "404 Not Found", "", "no");
              } else {
                String type =
                    path.equals("/feed")
                        ? "application/rss+xml"
                        : path.endsWith(".pdf") ? "application/pdf" : "text/html; charset=utf-8";
                respond(
                    out,
                    "200 OK",
                    "Content-Type: " + type + "\r\n",
                    page.getBytes(StandardCharsets.UTF_8));
              }
            });
    state = FeedState.fresh(server.url("/feed"));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private static String page(String text) {
    return "<html><head><title>x</title></head><body><nav><a href='/'>Home</a> <a"
        + " href='/s'>Sport</a></nav><article><h1>Title</h1>"
        + text
        + "</article><footer>Copyright, all rights reserved</footer>"
        + "<script>alert('x')</script></body></html>";
  }

  private static String paragraphs() {
    return "<p>" + LONG + "</p><p>Second: " + LONG + LONG + "</p><p>Third: " + LONG + "</p>";
  }

  private void feedWith(String... paths) {
    StringBuilder xml = new StringBuilder("<rss version='2.0'><channel><title>F</title>");
    for (String path : paths) {
      xml.append("<item><title>About ")
          .append(path)
          .append(" and more</title><link>")
          .append(server.url(path))
          .append("</link><guid>")
          .append(path)
          .append("</guid><description>One line of ")
          .append(path)
          .append("</description></item>");
    }
    pages.put("/feed", xml + "</channel></rss>");
  }

  private FeedPoll.Result poll() {
    FeedPoll.Result result =
        new FullText(http, new Robots(http, clock), url -> true).enrich(polls.poll(state), now);
    state = result.state();
    return result;
  }

  private Map<String, Long> counts() {
    return state.health().fullText();
  }

  @Test
  void theTextOfThePageIsTheBodyOfAnArticleThatTheFeedGivesALineOf() {
    feedWith("/a");
    pages.put("/a", page(paragraphs()));

    Article article = poll().articles().get(0);

    assertThat(article.body())
        .startsWith(LONG.strip() + "\n\nSecond: ")
        .contains("Third: ")
        .doesNotContain("Sport", "Copyright", "alert", "<");
    assertThat(article.summary()).isEqualTo("One line of /a");
    assertThat(article.contentHash())
        .isEqualTo(
            ArticleIdentity.contentHash(article.headline(), article.summary(), article.body()));
    assertThat(counts()).isEqualTo(Map.of("ok", 1L));
  }

  @Test
  void whatTheFeedGivesDecidesWhetherAnItemIsKnown() {
    feedWith("/a");
    pages.put("/a", page(paragraphs()));
    poll();
    pages.put("/a", page(paragraphs() + "<p>An advertisement of today.</p>"));
    pages.merge("/feed", "<!-- changed -->", String::concat);

    FeedPoll.Result second = poll();

    assertThat(second.report().outcome()).isEqualTo(PollReport.Outcome.READ);
    assertThat(second.articles()).isEmpty();
    assertThat(counts()).isEqualTo(Map.of("ok", 1L));
  }

  @Test
  void whateverGoesWrongIsCountedAndTheArticleIsPublishedAsTheFeedGaveIt() {
    feedWith("/missing", "/doc.pdf", "/wall", "/empty", "/deep");
    pages.put("/doc.pdf", "%PDF");
    pages.put("/wall", page("<p>Please subscribe.</p>"));
    pages.put("/empty", "");
    pages.put("/deep", "<div>".repeat(30_000));

    List<Article> articles = poll().articles();

    assertThat(articles).hasSize(5);
    assertThat(articles).allSatisfy(article -> assertThat(article.body()).isNull());
    assertThat(articles).extracting(Article::summary).contains("One line of /wall");
    assertThat(counts())
        .isEqualTo(Map.of("http-404", 1L, "no-html", 1L, "no-text", 2L, "unreadable", 1L));
  }

  @Test
  void aPageThatRobotsMayNotReadIsNotAsked() {
    robots = "User-agent: *\nDisallow: /a\n";
    feedWith("/a", "/b");
    pages.put("/a", page(paragraphs()));
    pages.put("/b", page(paragraphs()));

    List<Article> articles = poll().articles();

    assertThat(articles.get(0).body()).isNull();
    assertThat(articles.get(1).body()).isNotNull();
    assertThat(counts()).isEqualTo(Map.of("ok", 1L, "robots", 1L));
    assertThat(server.requests()).extracting(RawServer.Request::path).doesNotContain("/a");
  }

  @Test
  void aPrivateAddressIsRefusedLikeAnyOther() {
    pages.put(
        "/feed",
        "<rss version='2.0'><channel><title>F</title><item><title>A long enough title</title>"
            + "<link>http://192.168.0.1/x</link></item></channel></rss>");

    assertThat(poll().articles()).hasSize(1);
    assertThat(counts()).isEqualTo(Map.of("robots", 1L));
  }

  @Test
  void noMoreThanTwelvePagesAreAskedForInOnePoll() {
    String[] paths = new String[20];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = "/p" + i;
      pages.put(paths[i], page(paragraphs()));
    }
    feedWith(paths);

    assertThat(poll().articles()).hasSize(20);
    assertThat(counts()).isEqualTo(Map.of("ok", 12L, "left-out", 8L));
  }

  @Test
  void aFeedWhoseUserDoesNotAskIsLeftAlone() {
    feedWith("/a");
    pages.put("/a", page(paragraphs()));

    FeedPoll.Result polled = polls.poll(state);
    FeedPoll.Result result =
        new FullText(http, new Robots(http, clock), url -> false).enrich(polled, now);

    assertThat(result).isSameAs(polled);
  }

  @Test
  void thePollerKeepsPagesOfOneDomainApartAndPublishesThem() {
    feedWith("/a", "/b");
    pages.put("/a", page(paragraphs()));
    pages.put("/b", page(paragraphs()));
    Doubles.MemoryLog log = new Doubles.MemoryLog();
    List<FeedEntry> list = List.of(new FeedEntry(state.feed(), "F", null, null, null, true));
    IngestSettings spaced =
        settings.withPauses(settings.floor(), settings.base(), Duration.ofMillis(600));
    FullText pagesOf = new FullText(http, new Robots(http, Clock.systemUTC()), url -> true);

    try (Poller poller =
        Poller.create(() -> list, http, reader, pagesOf, log, spaced, Clock.systemUTC())) {
      poller.start();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(log.articles).hasSize(2));
    }

    assertThat(log.articles).allSatisfy(article -> assertThat(article.body()).contains("Third"));
    assertThat(server.requests())
        .extracting(RawServer.Request::path)
        .containsExactly("/feed", "/robots.txt", "/a", "/b");
    assertThat(Duration.between(arrivals.get(0), arrivals.get(3)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1_700));
  }
}
