package dev.pactwatch.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Reads the page of one article, as web archives hold them, by what the page says of itself: Open
 * Graph, schema.org, HTML. A page that names no day of publication is no article but a front page,
 * a list or a form.
 */
public final class PageReader {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final int SHORTEST_PARAGRAPH = 40;

  private static final List<String> DATES =
      List.of(
          "meta[property=article:published_time]",
          "meta[itemprop=datePublished]",
          "meta[name=parsely-pub-date]",
          "meta[name=dc.date.issued]",
          "meta[name=date]",
          "meta[name=pubdate]");

  private PageReader() {}

  /** Whether bytes begin as an HTML page does. */
  public static boolean isPage(byte[] body) {
    String start =
        new String(body, 0, Math.min(body.length, 1_024), StandardCharsets.ISO_8859_1)
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .replaceFirst("(?s)^\\s{0,64}(<!--.{0,512}?-->\\s{0,64}){0,4}", "");
    return start.regionMatches(true, 0, "<!doctype html", 0, 14)
        || start.regionMatches(true, 0, "<html", 0, 5);
  }

  /**
   * @param body as received, decompressed
   * @param contentType the HTTP header, may be null
   * @param address where the page was
   * @return a feed of one item
   */
  public static FeedResult read(byte[] body, String contentType, String address) {
    if (body.length > Limits.BODY_BYTES) {
      return new FeedResult.Unreadable("larger than 10 MiB");
    }
    List<String> warnings = new ArrayList<>();
    try {
      Document page =
          Jsoup.parse(new TextDecoder(body, warnings::add).decode(contentType), address);
      Claimed published = published(page);
      if (published.instant() == null) {
        return new FeedResult.Unreadable("a page that names no day of publication, not an article");
      }
      String title = first(page, "meta[property=og:title]", "meta[name=twitter:title]");
      title = title == null ? page.title() : title;
      String site = RomeReader.title(first(page, "meta[property=og:site_name]"), false);
      FeedItem item =
          new FeedItem(
              null,
              RomeReader.link(link(page, address)),
              RomeReader.title(title, false),
              RomeReader.summary(
                  first(page, "meta[property=og:description]", "meta[name=description]"), false),
              RomeReader.content(text(page), false),
              null,
              published.instant(),
              published.written(),
              null,
              null,
              PlainText.language(page.select("html").attr("lang")),
              List.of(),
              null,
              null,
              EnumSet.noneOf(TextField.class));
      return new FeedResult.Parsed(
          new ParsedFeed(
              "HTML page",
              site,
              null,
              null,
              null,
              null,
              null,
              Set.of(),
              Set.of(),
              null,
              null,
              null,
              List.of(item),
              Set.of()),
          List.of(),
          warnings);
    } catch (RuntimeException | StackOverflowError e) {
      return new FeedResult.Unreadable("a page that cannot be read");
    }
  }

  private static String first(Document page, String... selectors) {
    for (String selector : selectors) {
      for (Element meta : page.select(selector)) {
        if (!meta.attr("content").isBlank()) {
          return meta.attr("content");
        }
      }
    }
    return null;
  }

  private static String link(Document page, String address) {
    for (Element canonical : page.select("link[rel=canonical]")) {
      String href = canonical.absUrl("href");
      // A page that speaks for another site is not believed.
      if (Addresses.isWeb(href) && host(href).equals(host(address))) {
        return href;
      }
    }
    return address;
  }

  private static String host(String address) {
    int start = address.indexOf("://") + 3;
    int end = start;
    while (end < address.length() && "/?#".indexOf(address.charAt(end)) < 0) {
      end++;
    }
    return address.substring(start, end);
  }

  private static Claimed published(Document page) {
    for (String selector : DATES) {
      Claimed claimed = Claimed.of(first(page, selector));
      if (claimed.instant() != null) {
        return claimed;
      }
    }
    for (Element script : page.select("script[type=application/ld+json]")) {
      Claimed claimed = Claimed.of(datePublished(script.data()));
      if (claimed.instant() != null) {
        return claimed;
      }
    }
    Element time = page.selectFirst("article time[datetime], time[itemprop=datePublished]");
    return Claimed.of(time == null ? null : time.attr("datetime"));
  }

  private static String datePublished(String json) {
    try {
      JsonNode date = MAPPER.readTree(json).findValue("datePublished");
      return date == null ? null : date.asText();
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Paragraphs of the article; those of the whole page where nothing is marked as one. */
  private static String text(Document page) {
    Element article = page.selectFirst("[itemprop=articleBody], article, main, [role=main]");
    StringBuilder text = new StringBuilder();
    for (Element paragraph : (article == null ? page : article).select("p")) {
      if (paragraph.closest("nav, footer, aside, form, header, figure") == null
          && (article != null || paragraph.text().length() >= SHORTEST_PARAGRAPH)) {
        text.append(paragraph.text()).append("\n\n");
      }
      if (text.length() > Limits.CONTENT_CHARS) {
        break;
      }
    }
    return text.toString();
  }
}
