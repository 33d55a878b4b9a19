package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.feed.ParsedFeed;
import dev.pactwatch.feed.RejectedItem;
import dev.pactwatch.json.Kebab;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads feeds with the product's own parser. */
public final class ParsedFeedReader implements FeedReader {

  private final FeedParser parser = new FeedParser();
  private final ArticleMaker maker;
  private final Duration fresh;

  /**
   * @param fresh items that were published longer ago than this when they are first seen are
   *     historical: a feed that is new to the list must not page anybody about last year
   */
  public ParsedFeedReader(ArticleMaker maker, Duration fresh) {
    this.maker = maker;
    this.fresh = fresh;
  }

  @Override
  public Reading read(byte[] body, String contentType, String feed, Instant observed) {
    FeedResult result = parser.parse(body, contentType, feed);
    if (result instanceof FeedResult.Unreadable unreadable) {
      return new Unreadable(unreadable.reason());
    }
    FeedResult.Parsed parsed = (FeedResult.Parsed) result;
    ArticleMaker.Made made = maker.make(parsed.feed(), feed, observed, false);
    Map<String, Integer> rejected = new TreeMap<>();
    for (List<RejectedItem> items : List.of(parsed.rejected(), made.rejected())) {
      // Numbers tell one item from another; reasons are few, and a counter is kept of each.
      items.forEach(
          item ->
              rejected.merge(item.reason().replaceAll("\\d+", "N"), item.count(), Integer::sum));
    }
    Instant oldest = observed.minus(fresh);
    List<Article> articles =
        made.articles().stream()
            .map(article -> article.published().isBefore(oldest) ? article.asHistorical() : article)
            .toList();
    return new Items(
        articles,
        rejected,
        hints(parsed.feed()),
        made.weakest() == null ? null : Kebab.of(made.weakest()));
  }

  private static FeedHints hints(ParsedFeed feed) {
    return new FeedHints(
        feed.ttlMinutes() == null ? 0 : feed.ttlMinutes(),
        feed.updatePeriod() == null ? 0 : feed.updatePeriod().toSeconds(),
        feed.skipHours(),
        feed.skipDays(),
        feed.hub(),
        feed.self());
  }
}
