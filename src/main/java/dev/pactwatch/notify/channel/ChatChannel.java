package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Target;
import dev.pactwatch.notify.subscription.Target.ChatService;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A message to a channel of a chat by its incoming webhook. What the service says of its limits
 * holds; a message that it calls malformed is not sent again, and an address that it no longer
 * knows is gone.
 */
final class ChatChannel implements Channel {

  private static final String JSON = "application/json";

  /** Discord's code of a webhook that was deleted. */
  private static final int UNKNOWN_WEBHOOK = 10_015;

  private final ChatService service;
  private final URI url;
  private final ChatMessages messages;
  private final HttpPost http;

  ChatChannel(Target.Chat target, OutboundClient client, Templates templates, InstantSource clock) {
    this.service = target.service();
    this.url = URI.create(target.url().reveal());
    this.messages = new ChatMessages(templates);
    this.http = HttpPost.toService(client, clock);
  }

  @Override
  public Message render(Notification notification) {
    byte[] body =
        switch (service) {
          case SLACK -> messages.slack(notification);
          case TEAMS -> messages.teams(notification);
          case DISCORD -> messages.discord(notification);
        };
    return new Message(notification.id(), JSON, Map.of(), body);
  }

  @Override
  public Outcome send(Message message, Attempt attempt) throws InterruptedException {
    Outcome outcome = http.send(url, Map.of("content-type", message.contentType()), message.body());
    return outcome instanceof Outcome.Failed failed && failed.trace().status() != null
        ? read(failed)
        : outcome;
  }

  private Outcome read(Outcome.Failed failed) {
    int status = failed.trace().status();
    String answer = failed.trace().answer();
    if (status == 404 && isGone(answer)) {
      return new Outcome.Gone("the service no longer knows this address", failed.trace());
    }
    if (status == 413) {
      return new Outcome.Refused(Reason.TOO_LARGE, failed.detail(), failed.trace());
    }
    // The workflows of Teams say 400 when they are switched off, too.
    if (status == 400 && service != ChatService.TEAMS) {
      return new Outcome.Refused(Reason.CLIENT_ERROR, failed.detail(), failed.trace());
    }
    if (status == 429 && service == ChatService.DISCORD) {
      Optional<Duration> wait = retryAfter(answer);
      if (wait.isPresent()) {
        return new Outcome.Failed(failed.reason(), failed.detail(), wait, failed.trace());
      }
    }
    return failed;
  }

  private boolean isGone(String answer) {
    return switch (service) {
      case SLACK -> answer.strip().equals("no_service") || answer.strip().equals("no_team");
      case DISCORD -> json(answer).path("code").asInt() == UNKNOWN_WEBHOOK;
      case TEAMS -> false;
    };
  }

  /** Seconds with fractions, which the header rounds. */
  private static Optional<Duration> retryAfter(String answer) {
    double seconds = json(answer).path("retry_after").asDouble(-1);
    return seconds < 0
        ? Optional.empty()
        : Optional.of(
            HttpPost.atMostADay(
                Duration.ofMillis((long) Math.ceil(Math.min(seconds, 1e6) * 1000))));
  }

  private static JsonNode json(String answer) {
    try {
      return Json.mapper().readTree(answer);
    } catch (IOException e) {
      return Json.mapper().missingNode();
    }
  }
}
