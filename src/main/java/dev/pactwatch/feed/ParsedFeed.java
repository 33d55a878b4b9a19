package dev.pactwatch.feed;

import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A feed as its document gives it. All texts are plain; whatever is not given is null or empty.
 *
 * @param format such as {@code RSS 2.0}, {@code Atom 1.0}, {@code JSON Feed 1.1}
 * @param link address of the site
 * @param language BCP 47 tag
 * @param ttlMinutes RSS {@code ttl}: how long the publisher lets the feed be kept
 * @param updatePeriod the syndication module's period divided by its frequency
 * @param skipHours hours of the day, 0 to 23, GMT, in which the publisher wants no visit
 * @param skipDays days, GMT, on which the publisher wants no visit
 * @param hub address of the WebSub hub
 * @param self address by which the feed names itself
 * @param older address of the document with the items before these: {@code prev-archive}, else
 *     {@code next} (RFC 5005)
 * @param items in document order
 * @param markup which of title and description (as {@link TextField#SUMMARY}) were HTML
 */
public record ParsedFeed(
    String format,
    String title,
    String link,
    String language,
    String description,
    Integer ttlMinutes,
    Duration updatePeriod,
    Set<Integer> skipHours,
    Set<DayOfWeek> skipDays,
    String hub,
    String self,
    String older,
    List<FeedItem> items,
    Set<TextField> markup) {

  public ParsedFeed {
    skipHours = Set.copyOf(skipHours);
    skipDays = Set.copyOf(skipDays);
    items = List.copyOf(items);
    markup = Set.copyOf(markup);
  }
}
