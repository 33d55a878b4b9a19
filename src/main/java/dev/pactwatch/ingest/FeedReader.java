package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Turns the bytes of a feed into articles; the one seam between polling and parsing. */
@FunctionalInterface
public interface FeedReader {

  /** What the bytes turned out to be. */
  sealed interface Reading {}

  /**
   * A feed.
   *
   * @param articles version 1 of each item, in document order
   * @param rejected items that are no article, counted by reason
   * @param hints what the feed says about polling
   * @param identity weakest rung by which its items are told: {@code guid}, {@code link} or {@code
   *     content}; null for not known
   */
  record Items(
      List<Article> articles, Map<String, Integer> rejected, FeedHints hints, String identity)
      implements Reading {
    public Items {
      articles = List.copyOf(articles);
      rejected = Map.copyOf(rejected);
    }
  }

  /** Not a feed. */
  record Unreadable(String reason) implements Reading {}

  /**
   * @param contentType of the response, may be null
   * @param feed address of the feed as the user listed it
   * @param observed when the bytes were received
   */
  Reading read(byte[] body, String contentType, String feed, Instant observed);
}
