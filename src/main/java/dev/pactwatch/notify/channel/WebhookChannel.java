package dev.pactwatch.notify.channel;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.notify.subscription.Target;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A signed POST as Standard Webhooks 1.0.0 describes it. Every status but 2xx and 410 is tried
 * again, as that specification asks.
 */
final class WebhookChannel implements Channel {

  private static final String JSON = "application/json";

  private final Target.Webhook target;
  private final List<WebhookKeys.Signer> signers;
  private final HttpPost http;
  private final InstantSource clock;

  /**
   * @throws IllegalArgumentException when a secret cannot sign; the message does not repeat it
   */
  WebhookChannel(Target.Webhook target, OutboundClient client, InstantSource clock) {
    this.target = target;
    this.signers = target.secrets().stream().map(WebhookKeys::parse).toList();
    this.http = HttpPost.toReceiver(client, clock);
    this.clock = clock;
  }

  @Override
  public Message render(Notification notification) {
    return new Message(notification.id(), JSON, Map.of(), Envelope.of(notification));
  }

  @Override
  public Outcome send(Message message, Attempt attempt) throws InterruptedException {
    long timestamp = clock.instant().getEpochSecond();
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", message.contentType());
    headers.put("webhook-id", message.id());
    headers.put("webhook-timestamp", Long.toString(timestamp));
    headers.put("webhook-signature", signature(message, timestamp));
    if (attempt.manual()) {
      headers.put("webhook-attempt-kind", "manual");
    }
    return http.send(target.url(), headers, message.body());
  }

  /** One signature with every key, so that a receiver can change keys at any time. */
  private String signature(Message message, long timestamp) {
    return signers.stream()
        .map(signer -> signer.sign(message.id(), timestamp, message.body()))
        .collect(Collectors.joining(" "));
  }
}
