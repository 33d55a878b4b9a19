package dev.pactwatch.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pactwatch.json.Json;
import java.util.List;
import java.util.Set;

/**
 * What {@code feed parse --json} prints: one object per file on one line.
 *
 * <p>Texts are plain. Where the feed wrote a text as HTML, the three characters that mean something
 * in HTML stay escaped in it, so that a title about the {@code <blink>} tag is not taken for one.
 */
public final class FeedJson {

  private FeedJson() {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Line(String file, String error, Feed feed, List<Item> items) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Feed(
      String format, String title, String link, String language, String description) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Item(
      String guid,
      String link,
      String title,
      String summary,
      String content,
      String author,
      String published,
      String updated) {}

  /**
   * @param file what the line calls the source
   * @return JSON without a line end: {@code file}, {@code error} (null or one line), {@code feed}
   *     and {@code items}
   */
  public static String line(String file, FeedResult result) {
    if (result instanceof FeedResult.Parsed parsed) {
      ParsedFeed feed = parsed.feed();
      return Json.write(
          new Line(
              file,
              null,
              new Feed(
                  feed.format(),
                  text(feed.title(), TextField.TITLE, feed.markup()),
                  feed.link(),
                  feed.language(),
                  text(feed.description(), TextField.SUMMARY, feed.markup())),
              feed.items().stream().map(FeedJson::item).toList()));
    }
    return Json.write(new Line(file, ((FeedResult.Unreadable) result).reason(), null, List.of()));
  }

  private static Item item(FeedItem item) {
    return new Item(
        item.guid(),
        item.link(),
        text(item.title(), TextField.TITLE, item.markup()),
        text(item.summary(), TextField.SUMMARY, item.markup()),
        text(item.content(), TextField.CONTENT, item.markup()),
        item.author(),
        item.published() == null ? null : item.published().toString(),
        item.updated() == null ? null : item.updated().toString());
  }

  private static String text(String plain, TextField field, Set<TextField> markup) {
    if (plain == null || !markup.contains(field)) {
      return plain;
    }
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
