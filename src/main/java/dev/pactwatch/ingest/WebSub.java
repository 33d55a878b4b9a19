package dev.pactwatch.ingest;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Response;
import dev.pactwatch.ingest.FeedState.Push;
import dev.pactwatch.ingest.WebSubKey.Subscription;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Subscribes at the hubs that feeds name, and again before a lease ends. */
public final class WebSub {

  private static final Duration LEASE = Duration.ofDays(10);
  private static final Duration RENEW_BEFORE = Duration.ofDays(1);
  private static final Duration ASK_AGAIN = Duration.ofHours(6);

  private final OutboundClient http;
  private final String callback;
  private final WebSubKey key;
  private final InstantSource clock;

  /**
   * @param callback address under which hubs reach {@link PushInbox}, without a slash at its end
   */
  public WebSub(OutboundClient http, String callback, WebSubKey key, InstantSource clock) {
    this.http = http;
    this.callback = callback.endsWith("/") ? callback : callback + "/";
    this.key = key;
    this.clock = clock;
  }

  /**
   * Asks the feed's hub to push, where it has one and it is time to ask.
   *
   * @return the subscription after that; empty when nothing was asked
   */
  Optional<Push> subscribe(FeedState state) {
    FeedHints hints = state.hints();
    if (hints == null || hints.hub() == null || state.retired() != null) {
      return Optional.empty();
    }
    String topic = hints.self() == null ? state.url() : hints.self();
    Instant now = clock.instant();
    Push old = state.push();
    boolean same = old != null && old.hub().equals(hints.hub()) && old.topic().equals(topic);
    if (same
        && (Duration.between(old.requested(), now).compareTo(ASK_AGAIN) < 0
            || (old.leaseUntil() != null
                && Duration.between(now, old.leaseUntil()).compareTo(RENEW_BEFORE) > 0))) {
      return Optional.empty();
    }
    Subscription of = new Subscription(state.feed(), topic);
    String form =
        "hub.mode=subscribe&hub.topic="
            + encode(topic)
            + "&hub.callback="
            + encode(callback + key.path(of))
            + "&hub.secret="
            + encode(key.secret(of))
            + "&hub.lease_seconds="
            + LEASE.toSeconds();
    OutboundResult result =
        http.send(
            OutboundRequest.post(
                hints.hub(),
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                form.getBytes(StandardCharsets.US_ASCII)));
    boolean accepted = result instanceof Response response && response.status() / 100 == 2;
    Push asked = same ? old.askedAgain(now) : new Push(hints.hub(), topic, now, null, null, 0, 0);
    return Optional.of(accepted ? asked : asked.ended());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
