package dev.pactwatch.ingest;

import dev.pactwatch.feed.FeedItem;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.feed.ParsedFeed;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Hop;
import dev.pactwatch.http.OutboundResult.Refused;
import dev.pactwatch.http.OutboundResult.Response;
import dev.pactwatch.http.Robots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Finds the feeds behind an address that a person gives: the address itself, what its page links
 * to, and where feeds usually are. Each is read before it is offered. Makes at most {@value
 * #MOST_REQUESTS} requests, one after another with a pause between.
 */
public final class FeedFinder {

  private static final int MOST_REQUESTS = 16;
  private static final int MOST_LINKS = 8;
  private static final int SHOWN_HEADLINES = 3;
  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  private static final Map<String, String> ACCEPT =
      Map.of(
          "Accept",
          "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
              + " text/html;q=0.8, */*;q=0.1");

  private static final Set<String> FEED_TYPES =
      Set.of(
          "application/rss+xml",
          "application/atom+xml",
          "application/feed+json",
          "application/json",
          "application/rdf+xml",
          "application/xml",
          "text/xml");

  private static final List<String> USUAL_PATHS =
      List.of("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json");

  /** What came of a search. */
  public sealed interface Found {}

  /**
   * @param feeds at least one, each of which can be read
   */
  public record Feeds(List<Candidate> feeds) implements Found {
    public Feeds {
      feeds = List.copyOf(feeds);
    }
  }

  /**
   * @param why one line without text from the remote side that could be obeyed
   */
  public record Nothing(String why) implements Found {}

  /**
   * A feed, with what a person needs to know it by.
   *
   * @param url to watch
   * @param how it was found
   * @param title may be null
   * @param site may be null
   * @param newest date of its newest item, null without dates
   * @param headlines the first few
   */
  public record Candidate(
      String url,
      String how,
      String format,
      String title,
      String site,
      int items,
      Instant newest,
      List<String> headlines) {}

  private final OutboundClient http;
  private final Robots robots;
  private final Duration pause;
  private final FeedParser parser = new FeedParser();

  /**
   * @param robots asked about every address but the one that a person gave
   * @param pause between two requests, for they go to one site
   */
  public FeedFinder(OutboundClient http, Robots robots, Duration pause) {
    this.http = http;
    this.robots = robots;
    this.pause = pause;
  }

  /**
   * Looks on a feed's site for what may have replaced it, as {@link Rediscovery} asks.
   *
   * @return empty where the list names no site, or nothing is found there
   */
  public Optional<String> replacing(FeedEntry feed) {
    if (feed.site() == null) {
      return Optional.empty();
    }
    try {
      return find(feed.site()) instanceof Feeds found
          ? found.feeds().stream().map(Candidate::url).findFirst()
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Looks for feeds. Blocks for up to a minute or so.
   *
   * @param given an address, of a feed or a page; without a scheme it is taken as https
   */
  public Found find(String given) throws InterruptedException {
    String address = given.strip();
    if (!address.matches("(?i)[a-z][a-z0-9+.-]*://.*")) {
      address = "https://" + address;
    }
    Search search = new Search();
    OutboundResult result = search.ask(address);
    if (!(result instanceof Response page)) {
      return new Nothing(why(result));
    }
    if (page.status() == 200) {
      Candidate itself = search.candidate(page, address, "the address itself");
      if (itself != null) {
        return new Feeds(List.of(itself));
      }
    }
    Map<String, String> links = page.status() == 200 ? links(page) : Map.of();
    for (Map.Entry<String, String> link : links.entrySet()) {
      search.offer(link.getKey(), link.getValue());
    }
    if (search.found.isEmpty()) {
      for (String base : bases(page.url())) {
        for (String path : USUAL_PATHS) {
          // One that is found speaks for the site: others are the same in other formats.
          if (search.found.isEmpty()) {
            search.offer(base + path, "where feeds usually are");
          }
        }
      }
    }
    if (search.found.isEmpty()) {
      return new Nothing(
          page.status() == 200
              ? "no feed: the address is none, its page links to none that can be read, and none is"
                  + " where feeds usually are"
              : "the server answers " + page.status() + ", and no feed is where feeds usually are");
    }
    return new Feeds(withoutComments(List.copyOf(search.found.values())));
  }

  private static String why(OutboundResult result) {
    return result instanceof Refused refused ? refused.detail() : ((Failed) result).detail();
  }

  /** Feeds of readers' comments, which blogs link beside their own, are for nobody here. */
  private static List<Candidate> withoutComments(List<Candidate> feeds) {
    List<Candidate> news =
        feeds.stream().filter(feed -> !feed.url().contains("/comments/")).toList();
    return news.isEmpty() ? feeds : news;
  }

  /** Addresses that the page calls feeds of its own, with how. */
  private static Map<String, String> links(Response page) {
    Map<String, String> links = new LinkedHashMap<>();
    Document html = page(page);
    if (html == null) {
      return links;
    }
    for (Element link : html.select("link[href], a[href]")) {
      String href = link.absUrl("href");
      if (!href.startsWith("http://") && !href.startsWith("https://")) {
        continue;
      }
      Set<String> relations = Set.of(link.attr("rel").toLowerCase(Locale.ROOT).split("\\s+"));
      String type = link.attr("type").toLowerCase(Locale.ROOT).replaceAll(";.*", "").strip();
      boolean named = link.normalName().equals("link");
      boolean alternate =
          relations.contains("feed")
              || (relations.contains("alternate") && FEED_TYPES.contains(type));
      boolean looks = !named && href.matches("(?i).*[/.](rss|atom|feed)([./](xml|json|rss))?/?");
      if (alternate || looks) {
        links.putIfAbsent(href, alternate ? "named by the page" : "linked from the page");
      }
    }
    List<String> first =
        links.entrySet().stream()
            .sorted(Map.Entry.comparingByValue((a, b) -> b.compareTo(a)))
            .map(Map.Entry::getKey)
            .limit(MOST_LINKS)
            .toList();
    boolean namesSome = links.containsValue("named by the page");
    links
        .entrySet()
        .removeIf(
            link ->
                !first.contains(link.getKey())
                    || (namesSome && !link.getValue().equals("named by the page")));
    return links;
  }

  private static Document page(Response page) {
    byte[] body = page.body();
    int length = Math.min(body.length, PAGE_BYTES);
    try {
      return Jsoup.parse(new ByteArrayInputStream(body, 0, length), null, page.url());
    } catch (IOException | RuntimeException e) {
      // A page that no parser reads has no links.
      return null;
    }
  }

  private static List<String> bases(String url) {
    URI uri = URI.create(url);
    String root = uri.getScheme() + "://" + uri.getRawAuthority() + "/";
    String path = uri.getRawPath() == null ? "/" : uri.getRawPath();
    String folder = root + path.substring(1, Math.max(1, path.lastIndexOf('/') + 1));
    String below = path.endsWith("/") ? folder : root + path.substring(1) + "/";
    return below.equals(root) ? List.of(root) : List.of(below, root);
  }

  /** One search, with what was asked already. */
  private final class Search {

    private final Map<String, Candidate> found = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();

    OutboundResult ask(String url) throws InterruptedException {
      if (!asked.isEmpty()) {
        Thread.sleep(pause.toMillis());
      }
      asked.add(url);
      return http.send(OutboundRequest.get(url, ACCEPT));
    }

    void offer(String url, String how) throws InterruptedException {
      if (asked.contains(url) || asked.size() >= MOST_REQUESTS || !robots.check(url).allowed()) {
        return;
      }
      if (ask(url) instanceof Response response && response.status() == 200) {
        Candidate candidate = candidate(response, url, how);
        if (candidate != null) {
          found.putIfAbsent(candidate.url(), candidate);
        }
      }
    }

    Candidate candidate(Response response, String asked, String how) {
      FeedResult result =
          parser.parse(
              response.body(), response.header("content-type").orElse(null), response.url());
      if (!(result instanceof FeedResult.Parsed parsed)) {
        return null;
      }
      ParsedFeed feed = parsed.feed();
      // A temporary redirect may lead elsewhere tomorrow; one for good is followed at once.
      boolean moved =
          !response.hops().isEmpty() && response.hops().stream().allMatch(Hop::permanent);
      return new Candidate(
          moved ? response.url() : asked,
          how,
          String.valueOf(feed.format()),
          feed.title(),
          feed.link(),
          feed.items().size(),
          feed.items().stream()
              .map(FeedItem::published)
              .filter(Objects::nonNull)
              .max(Instant::compareTo)
              .orElse(null),
          feed.items().stream()
              .map(FeedItem::title)
              .filter(Objects::nonNull)
              .limit(SHOWN_HEADLINES)
              .toList());
    }
  }
}
