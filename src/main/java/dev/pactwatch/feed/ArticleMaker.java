package dev.pactwatch.feed;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.CanonicalLink;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.article.RegistrableDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes articles of the items of a feed. Stateless and thread-safe. */
public final class ArticleMaker {

  /** Earlier claims are what software writes where it has no date. */
  private static final Instant EARLIEST = Instant.parse("1990-01-01T00:00:00Z");

  private static final int HEADLINE_CHARS = 512;
  private static final int MADE_HEADLINE_CHARS = 120;

  /**
   * Each item of the feed is in exactly one of the two lists.
   *
   * @param articles in document order, version 1, no two with the same uri
   * @param rejected items without a text, and items that repeat another
   * @param weakest the weakest rung any identity rests on, null without articles
   */
  public record Made(
      List<Article> articles, List<RejectedItem> rejected, ArticleIdentity.Rung weakest) {

    public Made {
      articles = List.copyOf(articles);
      rejected = List.copyOf(rejected);
    }
  }

  private final PublisherFamilies families;

  public ArticleMaker(PublisherFamilies families) {
    this.families = families;
  }

  /**
   * @param address of the feed, or its file name
   * @param observed when the feed was read
   * @param historical whether the items are a backfill that must page nobody
   */
  public Made make(ParsedFeed feed, String address, Instant observed, boolean historical) {
    Set<String> ambiguous = ambiguousGuids(feed.items());
    List<Article> articles = new ArrayList<>();
    List<RejectedItem> rejected = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    ArticleIdentity.Rung weakest = null;
    int number = 0;
    for (FeedItem item : feed.items()) {
      number++;
      String headline = headline(item);
      if (headline == null) {
        rejected.add(rejection(number, item, "it has neither a title nor a text"));
        continue;
      }
      String link = CanonicalLink.of(item.link());
      String hash = ArticleIdentity.contentHash(headline, item.summary(), item.content());
      String guid = item.guid() == null || ambiguous.contains(item.guid()) ? null : item.guid();
      ArticleIdentity identity = ArticleIdentity.of(address, guid, link, hash);
      Integer earlier = numbers.putIfAbsent(identity.uri(), number);
      if (earlier != null) {
        // The first is the newer one in nearly every feed; taking both would make each poll look
        // like two edits.
        rejected.add(rejection(number, item, "it repeats item " + earlier));
        continue;
      }
      if (weakest == null || identity.rung().compareTo(weakest) > 0) {
        weakest = identity.rung();
      }
      Claim claim = Claim.of(item, observed);
      articles.add(
          new Article(
              identity.uri(),
              1,
              headline,
              item.summary(),
              item.content(),
              item.language() == null ? feed.language() : item.language(),
              link,
              claim.published,
              claim.written,
              observed,
              publisher(feed, item, link, address),
              address,
              item.guid(),
              hash,
              historical,
              null));
    }
    return new Made(articles, rejected, weakest);
  }

  private static RejectedItem rejection(int number, FeedItem item, String reason) {
    String name =
        item.guid() != null ? item.guid() : item.link() != null ? item.link() : item.title();
    return new RejectedItem(number, 1, name == null ? null : PlainText.cut(name, 200), reason);
  }

  /** Guids that a feed gives to several items, which their links tell apart. */
  private static Set<String> ambiguousGuids(List<FeedItem> items) {
    Map<String, String> links = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (FeedItem item : items) {
      if (item.guid() == null) {
        continue;
      }
      String told = CanonicalLink.of(item.link());
      String key = told == null ? String.valueOf(item.title()) : told;
      String other = links.putIfAbsent(item.guid(), key);
      if (other != null && !Objects.equals(other, key)) {
        ambiguous.add(item.guid());
      }
    }
    return ambiguous;
  }

  private static String headline(FeedItem item) {
    String title = item.title();
    if (title != null) {
      String suffix = item.sourceName() == null ? null : " - " + item.sourceName();
      if (suffix != null && title.endsWith(suffix) && title.length() > suffix.length()) {
        // Aggregators add the publisher's name, which is not part of the news.
        title = title.substring(0, title.length() - suffix.length()).stripTrailing();
      }
      return PlainText.cut(title, HEADLINE_CHARS);
    }
    String text = item.summary() != null ? item.summary() : item.content();
    return text == null ? null : PlainText.line(text, false, MADE_HEADLINE_CHARS);
  }

  private Publisher publisher(ParsedFeed feed, FeedItem item, String link, String address) {
    String host = link == null ? null : CanonicalLink.host(link);
    String feedHost = CanonicalLink.host(address);
    String sourceHost = item.sourceLink() == null ? null : CanonicalLink.host(item.sourceLink());
    String name = feed.title();
    if (sourceHost != null && (host == null || sameSite(host, feedHost))) {
      // The link leads through the aggregator, so only the item's source tells who wrote it.
      host = sourceHost;
    }
    if (item.sourceName() != null && (sourceHost == null || sameSite(host, sourceHost))) {
      name = item.sourceName();
    } else if (host != null
        && feedHost != null
        && !sameSite(host, feedHost)
        && !sameSite(host, CanonicalLink.host(feed.link()))) {
      // A feed of links to other sites: its title names none of them.
      name = null;
    }
    if (host == null) {
      host = feedHost == null ? CanonicalLink.host(feed.link()) : feedHost;
    }
    return families.publisher(host, name);
  }

  private static boolean sameSite(String host, String other) {
    return host != null
        && other != null
        && RegistrableDomain.of(host).equals(RegistrableDomain.of(other));
  }

  /** Event time, and the words it rests on. */
  private record Claim(Instant published, String written) {

    static Claim of(FeedItem item, Instant observed) {
      Instant claimed = item.published();
      String written = item.publishedClaimed();
      if (!credible(claimed)) {
        claimed = item.updated();
        written = written == null ? item.updatedClaimed() : written;
      }
      if (!credible(claimed)) {
        return new Claim(observed, written);
      }
      return new Claim(claimed.isAfter(observed) ? observed : claimed, written);
    }

    private static boolean credible(Instant claimed) {
      return claimed != null && !claimed.isBefore(EARLIEST);
    }
  }
}
