package dev.pactwatch.article;

import java.time.Instant;
import java.util.List;

/**
 * One observed version of a news item, a profile of IPTC ninjs.
 *
 * @param uri identity of the item over all its versions; the record key in Kafka
 * @param version 1 for the first observation, one more for every edit that was seen
 * @param headline plain text, never null
 * @param summary plain text, may be null
 * @param body plain text, may be null
 * @param language BCP 47 tag, may be null
 * @param link canonical address, may be null
 * @param published event time: the publication as claimed, clamped to {@code observed} when the
 *     feed claims the future, and {@code observed} when it claims nothing
 * @param publishedClaimed the date as the feed wrote it, may be null
 * @param observed when this version was first seen
 * @param publisher who published it
 * @param feed address or file of the feed it came from
 * @param guid the feed's own identifier, may be null
 * @param contentHash SHA-256 over headline, summary and body, lower-case hex
 * @param historical true for a backfilled item that must page nobody by default
 * @param changed what an edit differs in from the version before: of {@code headline}, {@code text}
 *     (summary or body), {@code link} and {@code published}; null for a first version
 */
public record Article(
    String uri,
    int version,
    String headline,
    String summary,
    String body,
    String language,
    String link,
    Instant published,
    String publishedClaimed,
    Instant observed,
    Publisher publisher,
    String feed,
    String guid,
    String contentHash,
    boolean historical,
    List<String> changed) {

  public Article {
    changed = changed == null ? null : List.copyOf(changed);
  }

  /** The same, marked as a backfill. */
  public Article asHistorical() {
    return with(version, published, observed, true);
  }

  /** The same item as another version of it. */
  public Article withVersion(int number) {
    return with(number, published, observed, historical);
  }

  /** The same at another event time, observed then. */
  public Article at(Instant time) {
    return with(version, time, time, historical);
  }

  private Article with(int number, Instant time, Instant seen, boolean old) {
    return new Article(
        uri,
        number,
        headline,
        summary,
        body,
        language,
        link,
        time,
        publishedClaimed,
        seen,
        publisher,
        feed,
        guid,
        contentHash,
        old,
        changed);
  }
}
