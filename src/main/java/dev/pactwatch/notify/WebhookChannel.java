package dev.pactwatch.notify;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A signed POST as Standard Webhooks 1.0.0 describes it. Any 2xx is success, 410 ends the
 * subscription, everything else, redirects included, is tried again.
 */
final class WebhookChannel implements Channel {

  /** What a receiver may ask for at most, so that a mistake there does not park a delivery. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

  /** For receivers that are overloaded or slow. */
  private static final Duration THROTTLED = Duration.ofSeconds(60);

  private final Subscription.Webhook target;
  private final OutboundClient client;
  private final InstantSource clock;

  WebhookChannel(Subscription.Webhook target, OutboundClient client, InstantSource clock) {
    this.target = target;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public Outcome deliver(Delivery delivery) throws InterruptedException {
    String id = id(delivery.alert(), delivery.subscription());
    byte[] body = body(delivery);
    long timestamp = clock.instant().getEpochSecond();
    Map<String, String> headers =
        Map.of(
            "content-type",
            "application/json",
            "webhook-id",
            id,
            "webhook-timestamp",
            Long.toString(timestamp),
            "webhook-signature",
            Signature.of(target.secrets(), id, timestamp, body));
    OutboundRequest request = OutboundRequest.post(target.url().toString(), headers, body);
    OutboundResult result =
        client.send(Loopback.isLiteral(target.url().getHost()) ? request : request.secureOnly());
    if (result instanceof OutboundResult.Response response) {
      return outcome(response);
    }
    if (result instanceof OutboundResult.Refused refused) {
      return new Outcome.Failed(
          "not asked, or not understood: " + refused.detail(), Optional.empty());
    }
    OutboundResult.Failed failed = (OutboundResult.Failed) result;
    return switch (failed.reason()) {
      case CANCELLED -> throw new InterruptedException(failed.detail());
      case SILENCE, DEADLINE ->
          new Outcome.Failed("no answer in time: " + failed.detail(), Optional.of(THROTTLED));
      default -> new Outcome.Failed("not reached: " + failed.detail(), Optional.empty());
    };
  }

  private Outcome outcome(OutboundResult.Response answer) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered();
    }
    if (status == 410) {
      return new Outcome.Gone("the receiver answered 410");
    }
    Optional<Duration> asked = answer.header("retry-after").flatMap(this::retryAfter);
    boolean throttled = status == 429 || status == 502 || status == 504;
    return new Outcome.Failed(
        "the receiver answered " + status,
        asked.or(() -> throttled ? Optional.of(THROTTLED) : Optional.empty()));
  }

  /** Seconds or an HTTP date; what is neither is as if it were not there. */
  private Optional<Duration> retryAfter(String value) {
    String text = value.strip();
    Duration wait;
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      wait = text.length() > 9 ? LONGEST_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(text));
    } else {
      try {
        Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        wait = Duration.between(clock.instant(), when);
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    return wait.isNegative()
        ? Optional.empty()
        : Optional.of(wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
  }

  /** One per alert revision and subscription; without a dot, which separates what is signed. */
  static String id(Alert alert, String subscription) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((alert.revisionKey() + "\n" + subscription).getBytes(StandardCharsets.UTF_8));
      return "msg_" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Only what the record holds, so that every attempt sends the same bytes. */
  static byte[] body(Delivery delivery) {
    String head =
        "{\"type\":\"alert."
            + delivery.alert().change().label()
            + "\",\"timestamp\":\""
            + delivery.alert().lastSeen()
            + "\",\"data\":";
    ByteArrayOutputStream body = new ByteArrayOutputStream(head.length() + delivery.json().length);
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(delivery.json());
    body.write('}');
    return body.toByteArray();
  }
}
