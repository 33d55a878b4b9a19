package dev.pactwatch.feed;

import com.rometools.rome.feed.WireFeed;
import com.rometools.rome.feed.atom.Content;
import com.rometools.rome.feed.atom.Entry;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.atom.Link;
import com.rometools.rome.feed.rss.Channel;
import com.rometools.rome.feed.rss.Item;
import com.rometools.rome.feed.synd.SyndPerson;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedInput;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Has Rome read a shaped document, and turns its beans into records. Rome is used here only. */
final class RomeReader {

  private static final int CATEGORIES = 32;
  private static final int CATEGORY_CHARS = 128;

  private RomeReader() {}

  static ParsedFeed read(Shaper.Shaped shaped) throws FeedException {
    WireFeed feed = new WireFeedInput(false, Locale.ROOT).build(shaped.document());
    return feed instanceof Channel channel ? rss(channel, shaped) : atom((Feed) feed, shaped);
  }

  private static ParsedFeed rss(Channel channel, Shaper.Shaped shaped) {
    List<FeedItem> items = new ArrayList<>();
    List<Item> read = channel.getItems();
    for (int i = 0; i < read.size(); i++) {
      items.add(item(read.get(i), shaped.beside().get(i)));
    }
    Set<Integer> hours = new TreeSet<>();
    channel.getSkipHours().forEach(hour -> hours.add(hour % 24));
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    channel.getSkipDays().forEach(day -> days.add(DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT))));
    return new ParsedFeed(
        shaped.format(),
        title(channel.getTitle(), shaped.markup().contains(TextField.TITLE)),
        link(channel.getLink()),
        shaped.language(),
        summary(channel.getDescription(), shaped.markup().contains(TextField.SUMMARY)),
        channel.getTtl() > 0 ? channel.getTtl() : null,
        shaped.updatePeriod(),
        hours,
        days,
        shaped.hub(),
        shaped.self(),
        shaped.older(),
        items,
        shaped.markup());
  }

  private static FeedItem item(Item item, Shaper.Beside beside) {
    List<String> categories = new ArrayList<>();
    item.getCategories().forEach(category -> addCategory(categories, category.getValue()));
    return item(
        item.getGuid() == null ? null : item.getGuid().getValue(),
        item.getLink(),
        item.getTitle(),
        item.getDescription() == null ? null : item.getDescription().getValue(),
        item.getContent() == null ? null : item.getContent().getValue(),
        item.getAuthor(),
        categories,
        item.getSource() == null ? null : item.getSource().getValue(),
        item.getSource() == null ? null : item.getSource().getUrl(),
        beside);
  }

  private static ParsedFeed atom(Feed feed, Shaper.Shaped shaped) {
    List<FeedItem> items = new ArrayList<>();
    List<Entry> read = feed.getEntries();
    for (int i = 0; i < read.size(); i++) {
      items.add(item(read.get(i), shaped.beside().get(i)));
    }
    return new ParsedFeed(
        shaped.format(),
        title(value(feed.getTitleEx()), shaped.markup().contains(TextField.TITLE)),
        link(alternate(feed.getAlternateLinks())),
        shaped.language(),
        summary(value(feed.getSubtitle()), shaped.markup().contains(TextField.SUMMARY)),
        null,
        shaped.updatePeriod(),
        Set.of(),
        Set.of(),
        shaped.hub(),
        shaped.self(),
        shaped.older(),
        items,
        shaped.markup());
  }

  private static FeedItem item(Entry entry, Shaper.Beside beside) {
    List<String> names = new ArrayList<>();
    for (SyndPerson person : entry.getAuthors()) {
      names.add(person.getName());
    }
    List<String> categories = new ArrayList<>();
    entry.getCategories().forEach(category -> addCategory(categories, category.getTerm()));
    String link = alternate(entry.getAlternateLinks());
    if (link == null && entry.getId() != null && Addresses.isWeb(entry.getId().strip())) {
      link = entry.getId();
    }
    Feed source = entry.getSource();
    return item(
        entry.getId(),
        link,
        value(entry.getTitleEx()),
        value(entry.getSummary()),
        entry.getContents().isEmpty() ? null : value(entry.getContents().get(0)),
        names.isEmpty() ? null : String.join(", ", names),
        categories,
        source == null ? null : value(source.getTitleEx()),
        source == null ? null : alternate(source.getAlternateLinks()),
        beside);
  }

  private static FeedItem item(
      String guid,
      String link,
      String title,
      String summary,
      String content,
      String author,
      List<String> categories,
      String sourceName,
      String sourceLink,
      Shaper.Beside beside) {
    Set<TextField> html = beside.markup();
    return new FeedItem(
        guid(guid),
        link(link),
        title(title, html.contains(TextField.TITLE)),
        summary(summary, html.contains(TextField.SUMMARY)),
        content(content, html.contains(TextField.CONTENT)),
        author(author),
        beside.published().instant(),
        beside.published().written(),
        beside.updated().instant(),
        beside.updated().written(),
        beside.language(),
        categories,
        author(sourceName),
        link(sourceLink),
        html);
  }

  /** The page for people: HTML before anything else, the first one given otherwise. */
  private static String alternate(List<Link> links) {
    String first = null;
    for (Link link : links) {
      String href = link.getHref();
      if (href == null || href.isBlank()) {
        continue;
      }
      if (link.getType() == null || link.getType().contains("html")) {
        return href;
      }
      first = first == null ? href : first;
    }
    return first;
  }

  private static String value(Content content) {
    return content == null ? null : content.getValue();
  }

  static String title(String text, boolean html) {
    return text == null ? null : PlainText.line(text, html, Limits.TITLE_CHARS);
  }

  static String summary(String text, boolean html) {
    return text == null ? null : PlainText.paragraphs(text, html, Limits.SUMMARY_CHARS);
  }

  static String content(String text, boolean html) {
    return text == null ? null : PlainText.paragraphs(text, html, Limits.CONTENT_CHARS);
  }

  static String author(String text) {
    return text == null
        ? null
        : PlainText.line(text, PlainText.looksLikeHtml(text), Limits.AUTHOR_CHARS);
  }

  /**
   * As written: case and escapes belong to the identity. Null where it is empty or a text of its
   * own.
   */
  static String guid(String text) {
    String stripped = text == null ? "" : text.strip();
    return stripped.isEmpty() || stripped.length() > Limits.LINK_CHARS ? null : stripped;
  }

  static String link(String text) {
    String stripped = text == null ? "" : text.strip();
    return stripped.isEmpty() || stripped.length() > Limits.LINK_CHARS ? null : stripped;
  }

  static void addCategory(List<String> categories, String written) {
    if (written != null && !written.isBlank() && categories.size() < CATEGORIES) {
      categories.add(PlainText.line(written, PlainText.looksLikeHtml(written), CATEGORY_CHARS));
    }
  }
}
