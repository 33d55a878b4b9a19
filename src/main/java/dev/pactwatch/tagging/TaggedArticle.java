package dev.pactwatch.tagging;

import dev.pactwatch.article.Publisher;
import dev.pactwatch.text.Fingerprint;
import java.time.Instant;
import java.util.List;

/**
 * What the tagger found in one version of an article; the value in {@code events.v1}.
 *
 * @param uri the article's
 * @param version the article's
 * @param headline the article's, to show beside an alert
 * @param link the article's, may be null
 * @param publisher the article's
 * @param published event time
 * @param observed the article's
 * @param historical the article's
 * @param lexicon version of the lexicon that was used
 * @param fingerprint of headline, summary and body, to know reprints by; null where nothing was
 *     found, as nobody asks then
 * @param events in the order of the text; may be empty
 */
public record TaggedArticle(
    String uri,
    int version,
    String headline,
    String link,
    Publisher publisher,
    Instant published,
    Instant observed,
    boolean historical,
    String lexicon,
    Fingerprint fingerprint,
    List<Event> events) {

  public TaggedArticle {
    events = List.copyOf(events);
  }

  /** What is left of an article that was taken back. */
  public TaggedArticle withoutEvents() {
    return new TaggedArticle(
        uri,
        version,
        headline,
        link,
        publisher,
        published,
        observed,
        historical,
        lexicon,
        null,
        List.of());
  }
}
