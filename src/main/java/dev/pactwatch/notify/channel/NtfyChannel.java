package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A push message through an ntfy server: JSON to its root, the token as Bearer. */
final class NtfyChannel implements Channel {

  /** Longer messages become attachments; ntfy counts bytes. */
  private static final int MESSAGE = 3_900;

  private static final int TITLE = 240;
  private static final int ALERTS = 20;

  private final Target.Ntfy target;
  private final URI url;
  private final Templates templates;
  private final HttpPost http;

  NtfyChannel(Target.Ntfy target, OutboundClient client, Templates templates, InstantSource clock) {
    this.target = target;
    this.url = URI.create(target.server().toString().replaceFirst("/*$", "/"));
    this.templates = templates;
    this.http = HttpPost.toService(client, clock);
  }

  @Override
  public Message render(Notification notification) {
    Severity severity = TemplateData.highest(notification);
    ObjectNode message = Json.mapper().createObjectNode();
    message.put("topic", target.topic());
    message.put(
        "title",
        Clean.cut(Clean.line(templates.message(Part.NTFY_TITLE, notification, ALERTS)), TITLE));
    message.put("message", text(templates.message(Part.NTFY_TEXT, notification, ALERTS)));
    message.put("priority", notification.kind() == Kind.DIGEST ? 3 : priority(severity));
    message.putArray("tags").add(tag(notification, severity)).add("pactwatch");
    click(notification).ifPresent(link -> message.put("click", link.url()));
    return new Message(notification.id(), "application/json", Map.of(), Json.bytes(message));
  }

  private static String text(String text) {
    String cut = text;
    int length = MESSAGE;
    while (cut.getBytes(StandardCharsets.UTF_8).length > MESSAGE) {
      cut = Fit.text(text, length, "");
      length = length * 9 / 10;
    }
    return cut.isEmpty() ? Clean.CUT : cut;
  }

  private static Optional<Link> click(Notification notification) {
    if (notification.items().size() == 1) {
      return Link.page(notification.links(), notification.items().get(0).alert())
          .or(() -> Link.newest(notification.items().get(0).alert()));
    }
    return notification.links() == null ? Optional.empty() : Link.of(notification.links().page());
  }

  private static int priority(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 5;
      case HIGH -> 4;
      case MEDIUM -> 3;
      case LOW -> 2;
    };
  }

  /** Short names that ntfy shows as a picture before the title. */
  private static String tag(Notification notification, Severity severity) {
    if (notification.kind() == Kind.NOTICE) {
      return "mailbox_with_no_mail";
    }
    return switch (severity) {
      case CRITICAL -> "rotating_light";
      case HIGH -> "warning";
      case MEDIUM -> "large_orange_diamond";
      case LOW -> "information_source";
    };
  }

  @Override
  public Outcome send(Message message, Attempt attempt) throws InterruptedException {
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", message.contentType());
    if (target.token() != null) {
      headers.put("authorization", "Bearer " + target.token().reveal());
    }
    Outcome outcome = http.send(url, headers, message.body());
    if (outcome instanceof Outcome.Failed failed && failed.trace().status() != null) {
      int status = failed.trace().status();
      if (status == 400 || status == 413) {
        Reason reason = status == 413 ? Reason.TOO_LARGE : Reason.CLIENT_ERROR;
        return new Outcome.Refused(reason, failed.detail(), failed.trace());
      }
    }
    return outcome;
  }
}
