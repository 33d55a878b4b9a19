package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Item;
import java.util.List;
import java.util.Optional;

/**
 * Notifications in the shapes that incoming webhooks of chat services take. Each alert is one text
 * written by a template; what exceeds a limit of the service is left out, counted and linked.
 */
final class ChatMessages {

  /** Blocks of a message, characters of a section. */
  private static final int SLACK_BLOCKS = 50;

  private static final int SLACK_SECTION = 3_000;

  /** Messages of somewhat more than 13,000 characters are refused, documented or not. */
  private static final int SLACK_TEXT = 12_000;

  /** The documented 28 KiB count after an expansion by the service: what it was sent was less. */
  private static final int TEAMS_BYTES = 20 * 1024;

  private static final int TEAMS_TEXT = 4_000;
  private static final int TEAMS_ALERTS = 40;

  private static final int DISCORD_EMBEDS = 10;
  private static final int DISCORD_TITLE = 256;
  private static final int DISCORD_DESCRIPTION = 4_096;
  private static final int DISCORD_TEXT = 6_000;
  private static final int DISCORD_CONTENT = 2_000;

  /** Of an invitation to read on. */
  private static final int ROOM_FOR_MORE = 400;

  private static final int NOTE = 1_000;

  private final Templates templates;

  ChatMessages(Templates templates) {
    this.templates = templates;
  }

  /** Block Kit, with a text for notifications and old clients. */
  byte[] slack(Notification notification) {
    String subject = templates.message(Part.EMAIL_SUBJECT, notification, 1);
    ObjectNode message = object();
    message.put("text", Fit.text(Markup.SLACK.escape(subject), SLACK_SECTION, ""));
    message.put("unfurl_links", false).put("unfurl_media", false);
    ArrayNode blocks = message.putArray("blocks");
    int used = 0;
    if (notification.note() != null) {
      String note = Clean.cut(Clean.line(notification.note()), NOTE);
      used += note.length();
      ObjectNode text = blocks.addObject().put("type", "section").putObject("text");
      // Plain text is not looked through for markup, mentions and addresses.
      text.put("type", "plain_text").put("text", note.isEmpty() ? subject : note);
      text.put("emoji", false);
    }
    int shown = 0;
    for (Item item : notification.items()) {
      String text =
          Fit.text(
              templates.one(Part.SLACK, notification, item),
              SLACK_SECTION,
              page(notification, item.alert())
                  .map(link -> "<" + Markup.SLACK.escape(link) + "|everything about it>")
                  .orElse(""));
      // One block is for a line below, one for the rest.
      if (shown > 0
          && (used + text.length() + ROOM_FOR_MORE > SLACK_TEXT
              || blocks.size() + 3 > SLACK_BLOCKS)) {
        break;
      }
      if (shown > 0) {
        blocks.addObject().put("type", "divider");
      }
      slackSection(blocks, text);
      used += text.length();
      shown++;
    }
    int rest = notification.items().size() - shown;
    if (rest > 0) {
      slackSection(
          blocks,
          more(rest)
              + start(notification)
                  .map(link -> ": <" + Markup.SLACK.escape(link) + "|all alerts>")
                  .orElse(""));
    }
    if (blocks.isEmpty()) {
      slackSection(blocks, Markup.SLACK.escape(subject));
    }
    return Json.bytes(message);
  }

  private static void slackSection(ArrayNode blocks, String text) {
    blocks
        .addObject()
        .put("type", "section")
        .putObject("text")
        .put("type", "mrkdwn")
        .put("text", text.isEmpty() ? Clean.CUT : text)
        // Addresses and names in the text stay text; only what is marked as a link is one.
        .put("verbatim", true);
  }

  /** An Adaptive Card, as the Workflows of Teams take it. */
  byte[] teams(Notification notification) {
    int shown = Math.min(TEAMS_ALERTS, notification.items().size());
    int length = TEAMS_TEXT;
    byte[] message = teams(notification, shown, length);
    while (message.length > TEAMS_BYTES && (shown > 1 || length > 200)) {
      if (shown > 1) {
        shown =
            Math.max(1, Math.min(shown - 1, (int) ((long) shown * TEAMS_BYTES / message.length)));
      } else {
        length /= 2;
      }
      message = teams(notification, shown, length);
    }
    return message;
  }

  private byte[] teams(Notification notification, int shown, int length) {
    ObjectNode message = object().put("type", "message");
    ObjectNode attachment = message.putArray("attachments").addObject();
    attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
    ObjectNode card = attachment.putObject("content");
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard").put("version", "1.4");
    String subject = templates.message(Part.EMAIL_SUBJECT, notification, 1);
    card.put("fallbackText", Fit.text(Markup.TEAMS.escape(subject), NOTE, ""));
    ArrayNode body = card.putArray("body");
    if (notification.note() != null) {
      block(body, Markup.TEAMS.escape(Clean.cut(Clean.line(notification.note()), NOTE)));
    }
    for (Item item : notification.items().subList(0, shown)) {
      ObjectNode container = body.addObject().put("type", "Container").put("separator", true);
      container.put("style", style(item.alert()));
      block(
          container.putArray("items"),
          Fit.text(
              templates.one(Part.TEAMS, notification, item),
              length,
              page(notification, item.alert())
                  .map(link -> "[everything about it](" + Markup.TEAMS.escape(link) + ")")
                  .orElse("")));
    }
    int rest = notification.items().size() - shown;
    if (rest > 0) {
      block(body, more(rest));
    }
    if (body.isEmpty()) {
      block(body, Markup.TEAMS.escape(subject));
    }
    Optional<Link> link =
        notification.items().size() == 1
            ? page(notification, notification.items().get(0).alert())
            : start(notification);
    link.ifPresent(
        page ->
            card.putArray("actions")
                .addObject()
                .put("type", "Action.OpenUrl")
                .put("title", rest > 0 ? "All alerts" : "Everything about it")
                .put("url", page.url()));
    return Json.bytes(message);
  }

  private static void block(ArrayNode body, String text) {
    body.addObject().put("type", "TextBlock").put("text", text).put("wrap", true);
  }

  private static String style(Alert alert) {
    if (alert.change() == Change.WITHDRAWN) {
      return "default";
    }
    return switch (alert.severity()) {
      case CRITICAL -> "attention";
      case HIGH -> "warning";
      case MEDIUM -> "accent";
      case LOW -> "default";
    };
  }

  /** Embeds; nobody is mentioned whatever stands in them. */
  byte[] discord(Notification notification) {
    ObjectNode message = object();
    message.putObject("allowed_mentions").putArray("parse");
    String content =
        notification.note() == null
            ? ""
            : Markup.DISCORD.escape(Clean.cut(Clean.line(notification.note()), NOTE));
    ArrayNode embeds = object().putArray("embeds");
    int used = 0;
    int shown = 0;
    List<Item> items = notification.items();
    for (Item item : items) {
      ObjectNode embed = embed(notification, item, DISCORD_TEXT - used);
      int size =
          embed.path("title").asText().length() + embed.path("description").asText().length();
      if (shown == DISCORD_EMBEDS || (shown > 0 && used + size > DISCORD_TEXT)) {
        break;
      }
      embeds.add(embed);
      used += size;
      shown++;
    }
    int rest = items.size() - shown;
    if (rest > 0) {
      content +=
          (content.isEmpty() ? "" : "\n")
              + "The first "
              + shown
              + ", "
              + more(rest)
              + start(notification)
                  .map(link -> ": [all alerts](" + Markup.DISCORD.escape(link) + ")")
                  .orElse("");
    }
    if (content.isEmpty() && embeds.isEmpty()) {
      content = Markup.DISCORD.escape(templates.message(Part.EMAIL_SUBJECT, notification, 1));
    }
    if (!content.isEmpty()) {
      message.put("content", Fit.text(content, DISCORD_CONTENT, ""));
    }
    message.set("embeds", embeds);
    return Json.bytes(message);
  }

  private ObjectNode embed(Notification notification, Item item, int room) {
    Alert alert = item.alert();
    boolean withdrawn = alert.change() == Change.WITHDRAWN;
    // Half of what a title can hold, since an escape doubles a character.
    String title =
        Markup.DISCORD.escape(Clean.cut(Clean.line(alert.title()), DISCORD_TITLE / 2 - 10));
    ObjectNode embed = object();
    embed.put("title", withdrawn ? "~~" + title + "~~ (withdrawn)" : title);
    Optional<Link> page = page(notification, alert);
    page.or(() -> Link.newest(alert)).ifPresent(link -> embed.put("url", link.url()));
    int length = Math.min(DISCORD_DESCRIPTION, Math.max(ROOM_FOR_MORE, room - DISCORD_TITLE));
    embed.put(
        "description",
        Fit.text(
            templates.one(Part.DISCORD, notification, item),
            length,
            page.map(link -> "[everything about it](" + Markup.DISCORD.escape(link) + ")")
                .orElse("")));
    embed.put("color", withdrawn ? 0x57606a : colour(alert.severity()));
    return embed;
  }

  private static int colour(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 0xa40e26;
      case HIGH -> 0xbc4c00;
      case MEDIUM -> 0x9a6700;
      case LOW -> 0x57606a;
    };
  }

  private static Optional<Link> page(Notification notification, Alert alert) {
    return Link.page(notification.links(), alert);
  }

  private static Optional<Link> start(Notification notification) {
    return notification.links() == null ? Optional.empty() : Link.of(notification.links().page());
  }

  private static String more(int rest) {
    return Clean.CUT + " and " + rest + " more";
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }
}
