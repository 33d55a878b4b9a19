package dev.pactwatch.feed;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One item of a feed. All texts are plain; whatever is not given is null or empty.
 *
 * @param guid the feed's own identifier, as written
 * @param link absolute where the feed allows to tell
 * @param title one line
 * @param summary one or more lines
 * @param content paragraphs with a blank line between them
 * @param author names, perhaps with addresses
 * @param published null where the feed gives no date or none that can be understood
 * @param publishedClaimed the date as written, at most 64 characters of it
 * @param updated as {@code published}
 * @param updatedClaimed as {@code publishedClaimed}
 * @param language BCP 47 tag where the item has one of its own
 * @param categories names of subjects
 * @param sourceName whom an aggregating feed names as the publisher
 * @param sourceLink that publisher's address
 * @param markup which of the texts were HTML
 */
public record FeedItem(
    String guid,
    String link,
    String title,
    String summary,
    String content,
    String author,
    Instant published,
    String publishedClaimed,
    Instant updated,
    String updatedClaimed,
    String language,
    List<String> categories,
    String sourceName,
    String sourceLink,
    Set<TextField> markup) {

  public FeedItem {
    categories = List.copyOf(categories);
    markup = Set.copyOf(markup);
  }
}
