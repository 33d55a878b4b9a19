package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.http.Robots;
import dev.pactwatch.ingest.FeedFinder.Candidate;
import dev.pactwatch.ingest.FeedFinder.Feeds;
import dev.pactwatch.ingest.FeedFinder.Found;
import dev.pactwatch.ingest.FeedFinder.Nothing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedFinderTest {

  private static final String RSS =
      "<rss version='2.0'><channel><title>Paper</title><link>https://paper.example/</link>"
          + "<item><title>Old</title><guid>1</guid><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>"
          + "<item><title>New</title><guid>2</guid><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
          + "</channel></rss>";

  private static final String JSON =
      "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":"
          + "[{\"id\":\"1\",\"content_text\":\"Hello there\"}]}";

  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Map<String, String> moved = new ConcurrentHashMap<>();
  private RawServer server;

  @BeforeEach
  void start() {
    server =
        new RawServer(
            (request, out) -> {
              String body = pages.get(request.path());
              String to = moved.get(request.path());
              if (to != null) {
                String[] parts = to.split(" ");
                respond(out, parts[0] + " Moved", "Location: " + parts[1] + "\r\n", "");
              } else if (body == null) {
                respond(out, "404 Not Found", "Content-Type: text/html\r\n", "<p>no</p>");
              } else {
                respond(out, "200 OK", "", body);
              }
            });
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private Found find(String path) throws InterruptedException {
    return new FeedFinder(http, new Robots(http, new Doubles.Clock()), Duration.ZERO)
        .find(server.url(path));
  }

  private List<Candidate> feeds(String path) throws InterruptedException {
    return ((Feeds) find(path)).feeds();
  }

  @Test
  void theAddressOfAFeedIsThatFeed() throws Exception {
    pages.put("/feed", RSS);

    assertThat(feeds("/feed"))
        .containsExactly(
            new Candidate(
                server.url("/feed"),
                "the address itself",
                "RSS 2.0",
                "Paper",
                "https://paper.example/",
                2,
                Instant.parse("2026-03-02T08:00:00Z"),
                List.of("Old", "New")));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aFeedThatIsGoneIsLookedForOnItsSite() {
    pages.put("/", "<link rel='alternate' type='application/rss+xml' href='/new.xml'>");
    pages.put("/new.xml", RSS);
    FeedFinder finder = new FeedFinder(http, new Robots(http, new Doubles.Clock()), Duration.ZERO);

    FeedEntry gone = new FeedEntry(server.url("/old.xml"), "Paper", server.url("/"), null, null);
    assertThat(finder.replacing(gone)).contains(server.url("/new.xml"));
    assertThat(finder.replacing(new FeedEntry(gone.url(), "Paper", null, null, null)))
        .as("no site is listed")
        .isEmpty();
    pages.clear();
    assertThat(finder.replacing(gone)).isEmpty();
  }

  @Test
  void aPageNamesItsFeedsOfEveryKindByRelativeAddresses() throws Exception {
    pages.put(
        "/news/",
        """
        <html><head><base href="/feeds/">
        <link rel="alternate" type="application/rss+xml; charset=utf-8" href="a.xml">
        <link rel="ALTERNATE" type="application/feed+json" href="/b.json">
        <link rel="alternate" hreflang="fr" href="/fr/">
        <link rel="alternate" type="application/rss+xml" href="/broken">
        <link rel="stylesheet" href="/feed.xml">
        </head></html>
        """);
    pages.put("/feeds/a.xml", RSS);
    pages.put("/b.json", JSON);
    pages.put("/broken", "<rss><channel>");

    assertThat(feeds("/news/"))
        .extracting(Candidate::url, Candidate::how)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(server.url("/feeds/a.xml"), "named by the page"),
            org.assertj.core.groups.Tuple.tuple(server.url("/b.json"), "named by the page"));
  }

  @Test
  void readersCommentsAreNoChoice() throws Exception {
    pages.put(
        "/",
        "<link rel=alternate type=application/rss+xml href=/feed/>"
            + "<link rel=alternate type=application/rss+xml href=/comments/feed/>");
    pages.put("/feed/", RSS);
    pages.put("/comments/feed/", RSS);

    assertThat(feeds("/")).extracting(Candidate::url).containsExactly(server.url("/feed/"));
  }

  @Test
  void aLinkThatLooksLikeAFeedWillDoWhereThePageNamesNone() throws Exception {
    pages.put("/", "<a href='/about'>About</a><a href='/section.rss'>RSS</a>");
    pages.put("/section.rss", RSS);

    assertThat(feeds("/")).extracting(Candidate::how).containsExactly("linked from the page");
  }

  @Test
  void feedsAreLookedForWhereTheyUsuallyAre() throws Exception {
    pages.put("/blog/post", "<p>nothing</p>");
    pages.put("/rss.xml", RSS);

    assertThat(feeds("/blog/post"))
        .extracting(Candidate::url, Candidate::how)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(server.url("/rss.xml"), "where feeds usually are"));
    assertThat(server.requests()).hasSizeLessThanOrEqualTo(17);
  }

  @Test
  void whatRobotsMayNotReadIsNotProbed() throws Exception {
    pages.put("/", "<p>nothing</p>");
    pages.put("/robots.txt", "User-agent: *\nDisallow: /feed\nDisallow: /rss\n");
    pages.put("/rss.xml", RSS);
    pages.put("/atom.xml", JSON);

    assertThat(feeds("/")).extracting(Candidate::url).containsExactly(server.url("/atom.xml"));
    assertThat(server.requests())
        .extracting(RawServer.Request::path)
        .doesNotContain("/rss.xml", "/feed", "/feed.xml");
  }

  @Test
  void aRedirectForGoodIsFollowedAndAnotherIsNot() throws Exception {
    pages.put("/new", RSS);
    moved.put("/old", "301 " + server.url("/new"));
    moved.put("/today", "302 " + server.url("/new"));

    assertThat(feeds("/old")).extracting(Candidate::url).containsExactly(server.url("/new"));
    assertThat(feeds("/today")).extracting(Candidate::url).containsExactly(server.url("/today"));
  }

  @Test
  void whereNothingIsFoundTheReasonIsTold() throws Exception {
    pages.put("/", "<p>nothing</p>");

    assertThat(((Nothing) find("/")).why()).startsWith("no feed: the address is none");
    assertThat(((Nothing) find("/nowhere")).why()).startsWith("the server answers 404");
    FeedFinder strict = new FeedFinder(http, new Robots(http, new Doubles.Clock()), Duration.ZERO);
    assertThat(strict.find("10.1.2.3/feed"))
        .isEqualTo(new Nothing("10.1.2.3 is not public: private"));
    assertThat(strict.find("file:///etc/passwd")).isInstanceOf(Nothing.class);
  }
}
