package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.subscription.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a channel would send, for people to look at. Texts are as they would be sent: HTML is
 * escaped as mail, and not for the page on which it may be shown.
 *
 * @param channel such as {@code email}
 * @param size of what would be sent, in bytes
 * @param sections in the order in which they are shown
 */
public record Preview(String channel, int size, List<Section> sections) {

  public Preview {
    sections = List.copyOf(sections);
  }

  /**
   * One text of a message.
   *
   * @param name such as {@code subject} or {@code body}
   * @param contentType such as {@code text/html}
   */
  public record Section(String name, String contentType, String text) {}

  static Preview of(
      Target target, Message message, Notification notification, Templates templates) {
    List<Section> sections = new ArrayList<>();
    if (target instanceof Target.Email) {
      int all = notification.items().size();
      sections.add(
          new Section(
              "subject",
              "text/plain",
              Clean.line(templates.message(Part.EMAIL_SUBJECT, notification, all))));
      sections.add(
          new Section("text", "text/plain", templates.message(Part.EMAIL_TEXT, notification, all)));
      sections.add(
          new Section("html", "text/html", templates.message(Part.EMAIL_HTML, notification, all)));
    } else if (target instanceof Target.Feed) {
      sections.add(new Section("entry", "application/atom+xml", entry(notification)));
    } else {
      sections.add(new Section("body", message.contentType(), text(message)));
    }
    return new Preview(target.channel(), message.body().length, sections);
  }

  private static String entry(Notification notification) {
    Instant made = notification.made();
    AlertFeeds.Page page =
        new AlertFeeds.Page(
            notification.subscription(),
            notification.subscription(),
            null,
            notification.links(),
            null,
            null);
    List<AlertFeeds.Entry> entries =
        notification.items().stream()
            .map(Item::alert)
            .map(alert -> new AlertFeeds.Entry(alert, made))
            .toList();
    return new String(AlertFeeds.atom(page, entries), StandardCharsets.UTF_8);
  }

  /** JSON with line ends, other texts as they are. */
  private static String text(Message message) {
    String text = new String(message.body(), StandardCharsets.UTF_8);
    if (!message.contentType().equals("application/json")) {
      return text;
    }
    try {
      return Json.mapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(Json.mapper().readTree(text));
    } catch (JsonProcessingException e) {
      return text;
    }
  }
}
