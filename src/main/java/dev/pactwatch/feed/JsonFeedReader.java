package dev.pactwatch.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** JSON Feed 1.0 and 1.1, which Rome does not read. */
final class JsonFeedReader {

  /** Apart from the mapper of our own records: this one reads what strangers wrote. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Limits.DEPTH)
                          .maxStringLength(Limits.BODY_BYTES)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .build();

  private final Addresses addresses;

  JsonFeedReader(Addresses addresses) {
    this.addresses = addresses;
  }

  FeedResult read(String text, List<String> warnings) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UnreadableException(
          "JSON that cannot be read"
              + (e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")"));
    }
    String version = text(root, "version");
    if (!root.isObject()
        || !root.path("items").isArray()
        || (version != null && !version.contains("jsonfeed.org/version/"))) {
      throw new UnreadableException("JSON, but not a JSON Feed");
    }
    if (version == null) {
      warnings.add("the feed does not name its version of JSON Feed");
    }
    List<FeedItem> items = new ArrayList<>();
    List<RejectedItem> rejected = new ArrayList<>();
    int number = 0;
    for (JsonNode item : root.path("items")) {
      number++;
      if (number > Limits.ITEMS) {
        rejected.add(FeedParser.overLimit(root.path("items").size() - Limits.ITEMS));
        break;
      }
      if (item.isObject()) {
        items.add(item(item));
      } else {
        rejected.add(new RejectedItem(number, 1, null, "the item is not a JSON object"));
      }
    }
    String hub = null;
    for (JsonNode one : root.path("hubs")) {
      if (hub == null && "websub".equalsIgnoreCase(text(one, "type"))) {
        hub = text(one, "url");
      }
    }
    return new FeedResult.Parsed(
        new ParsedFeed(
            version == null
                ? "JSON Feed"
                : "JSON Feed " + PlainText.cut(version.substring(version.lastIndexOf('/') + 1), 8),
            RomeReader.title(text(root, "title"), false),
            RomeReader.link(text(root, "home_page_url")),
            PlainText.language(text(root, "language")),
            RomeReader.summary(text(root, "description"), false),
            null,
            null,
            Set.of(),
            Set.of(),
            hub,
            RomeReader.link(text(root, "feed_url")),
            RomeReader.link(addresses.resolve(null, text(root, "next_url"))),
            items,
            Set.of()),
        rejected,
        warnings);
  }

  private FeedItem item(JsonNode item) {
    Set<TextField> html = EnumSet.noneOf(TextField.class);
    String content = text(item, "content_html");
    if (content != null) {
      html.add(TextField.CONTENT);
    } else {
      content = text(item, "content_text");
    }
    String link = text(item, "url");
    String guid = text(item, "id");
    if (link == null) {
      link = guid != null && Addresses.isWeb(guid) ? guid : text(item, "external_url");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode author : item.path("authors")) {
      if (text(author, "name") != null) {
        names.add(text(author, "name"));
      }
    }
    if (names.isEmpty() && text(item.path("author"), "name") != null) {
      names.add(text(item.path("author"), "name"));
    }
    List<String> categories = new ArrayList<>();
    item.path("tags").forEach(tag -> RomeReader.addCategory(categories, tag.asText()));
    Claimed published = Claimed.of(text(item, "date_published"));
    Claimed updated = Claimed.of(text(item, "date_modified"));
    return new FeedItem(
        RomeReader.guid(guid),
        RomeReader.link(addresses.resolve(null, link)),
        RomeReader.title(text(item, "title"), false),
        RomeReader.summary(text(item, "summary"), false),
        RomeReader.content(content, html.contains(TextField.CONTENT)),
        RomeReader.author(names.isEmpty() ? null : String.join(", ", names)),
        published.instant(),
        published.written(),
        updated.instant(),
        updated.written(),
        PlainText.language(text(item, "language")),
        categories,
        null,
        null,
        html);
  }

  /** A text, or a number where feeds write their ids as such, cleaned of what no text may hold. */
  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual() && !value.isNumber()) {
      return null;
    }
    String written = value.asText();
    StringBuilder clean = new StringBuilder(written.length());
    Characters.decode(written, 0, written.length(), false, clean);
    return clean.toString().isBlank() ? null : clean.toString();
  }
}
