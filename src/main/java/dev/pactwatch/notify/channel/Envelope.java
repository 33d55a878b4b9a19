package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A notification as machines read it: {@code {"type", "timestamp", "data"}}, as Standard Webhooks
 * has it. The data of one revision is the record of {@code alerts.v1} byte for byte; every other
 * kind holds {@code note}, {@code count} and {@code alerts}.
 */
final class Envelope {

  /** Standard Webhooks advises to stay below 20 kB. */
  static final int ADVISED = 20_000;

  private static final int TITLE = 300;

  private Envelope() {}

  /** The type of what a notification says, such as {@code dev.pactwatch.alert.opened.v1}. */
  static String type(Notification notification) {
    return switch (notification.kind()) {
      case ALERT ->
          isOne(notification)
              ? "dev.pactwatch.alert."
                  + notification.items().get(0).alert().change().label()
                  + ".v1"
              : "dev.pactwatch.alerts.group.v1";
      case GROUP -> "dev.pactwatch.alerts.group.v1";
      case DIGEST -> "dev.pactwatch.alerts.digest.v1";
      case REMINDER -> "dev.pactwatch.alert.reminder.v1";
      case NOTICE -> "dev.pactwatch.delivery.failed.v1";
      case TEST -> "dev.pactwatch.test.v1";
    };
  }

  /** Nothing but what the notification holds, so that every attempt sends the same bytes. */
  static byte[] of(Notification notification) {
    if (notification.kind() == Notification.Kind.ALERT && isOne(notification)) {
      Notification.Item item = notification.items().get(0);
      return wrap(type(notification), item.alert().lastSeen(), item.json());
    }
    byte[] whole = wrap(type(notification), notification.made(), whole(notification));
    if (whole.length <= ADVISED) {
      return whole;
    }
    int shown = notification.items().size();
    byte[] body = wrap(type(notification), notification.made(), outline(notification, shown));
    while (body.length > ADVISED && shown > 0) {
      // Titles differ in length: what is too long by a part loses that part, and then one more.
      shown = Math.min(shown - 1, (int) ((long) shown * ADVISED / body.length));
      body = wrap(type(notification), notification.made(), outline(notification, shown));
    }
    return body;
  }

  private static boolean isOne(Notification notification) {
    return notification.items().size() == 1;
  }

  private static byte[] wrap(String type, Instant timestamp, byte[] data) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(data.length + 128);
    write(body, "{\"type\":\"" + type + "\",\"timestamp\":\"" + timestamp + "\",\"data\":");
    body.writeBytes(data);
    body.write('}');
    return body.toByteArray();
  }

  private static byte[] whole(Notification notification) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    String head = Json.write(head(notification));
    write(data, head.substring(0, head.length() - 1) + ",\"alerts\":[");
    String separator = "";
    for (Notification.Item item : notification.items()) {
      write(data, separator);
      data.writeBytes(item.json());
      separator = ",";
    }
    write(data, "]}");
    return data.toByteArray();
  }

  private static byte[] outline(Notification notification, int shown) {
    ObjectNode data = head(notification).put("truncated", true).put("shown", shown);
    ArrayNode alerts = data.putArray("alerts");
    List<Notification.Item> items = notification.items();
    for (Notification.Item item : items.subList(0, shown)) {
      Alert alert = item.alert();
      ObjectNode one =
          alerts
              .addObject()
              .put("id", Clean.line(alert.id()))
              .put("revision", alert.revision())
              .put("change", alert.change().label())
              .put("title", Clean.cut(Clean.line(alert.title()), TITLE))
              .put("relation", alert.relation().label())
              .put("severity", alert.severity().label());
      ArrayNode links = one.putArray("links");
      Link.page(notification.links(), alert).ifPresent(link -> links.add(link.url()));
      Link.newest(alert).ifPresent(link -> links.add(link.url()));
    }
    return Json.bytes(data);
  }

  private static ObjectNode head(Notification notification) {
    ObjectNode head = Json.mapper().createObjectNode();
    if (notification.note() != null) {
      head.put("note", Clean.cut(Clean.line(notification.note()), 2_000));
    }
    return head.put("count", notification.items().size());
  }

  private static void write(ByteArrayOutputStream to, String text) {
    to.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
