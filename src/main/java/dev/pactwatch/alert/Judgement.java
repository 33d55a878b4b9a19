package dev.pactwatch.alert;

import dev.pactwatch.article.Publisher;
import dev.pactwatch.matching.Match;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.text.Fingerprint;
import java.time.Instant;

/**
 * One event of one article, judged against one agreement: the atom that alerts are folded from.
 *
 * @param uri the article's
 * @param index of the event within the article
 * @param lexicon version of the lexicon that found the event
 * @param fingerprint of the article, null where its text is not known
 */
public record Judgement(
    String uri,
    int version,
    int index,
    String headline,
    String link,
    Publisher publisher,
    Instant published,
    boolean historical,
    String lexicon,
    Fingerprint fingerprint,
    Event event,
    Match match) {}
