package dev.pactwatch.notify.channel;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.channel.Outcome.Trace;
import dev.pactwatch.notify.subscription.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One POST and what its answer means. Any 2xx is success, 410 an end; redirects are failures and
 * never followed; what asks for time gets it.
 */
final class HttpPost {

  /** What a receiver may ask for at most, so that a mistake there does not park a delivery. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

  /** For receivers that are overloaded or slow. */
  static final Duration THROTTLED = Duration.ofSeconds(60);

  private static final Set<String> HIDDEN = Set.of("authorization");

  /** Only full literals: a name could come to mean another address later. */
  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  private final OutboundClient client;
  private final InstantSource clock;
  private final boolean exact;

  private HttpPost(OutboundClient client, InstantSource clock, boolean exact) {
    this.client = client;
    this.clock = clock;
    this.exact = exact;
  }

  /** To somebody's own receiver: one that is overloaded gets a minute, even if it asks for less. */
  static HttpPost toReceiver(OutboundClient client, InstantSource clock) {
    return new HttpPost(client, clock, false);
  }

  /** To a service that means its limits to the second. */
  static HttpPost toService(OutboundClient client, InstantSource clock) {
    return new HttpPost(client, clock, true);
  }

  /**
   * @param headers names in lower case
   * @return what any receiver means by its answer; services that mean something else by a status
   *     look at the trace
   * @throws InterruptedException when the request was withdrawn because the process stops
   */
  Outcome send(URI url, Map<String, String> headers, byte[] body) throws InterruptedException {
    OutboundRequest request =
        OutboundRequest.post(url.toString(), headers, body).reading(Trace.MAX_ANSWER);
    boolean local = url.getHost() != null && isLoopback(url.getHost());
    OutboundResult result = client.send(local ? request : request.secureOnly());
    Map<String, String> shown = new HashMap<>(headers);
    shown.replaceAll(
        (name, value) -> HIDDEN.contains(name.toLowerCase(Locale.ROOT)) ? Secret.HIDDEN : value);
    if (result instanceof OutboundResult.Response response) {
      return answered(response, shown);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while sending");
    }
    if (result instanceof OutboundResult.Refused refused) {
      return failed(
          Reason.ADDRESS_REFUSED, "not asked: " + refused.detail(), null, trace(null, shown));
    }
    OutboundResult.Failed failed = (OutboundResult.Failed) result;
    Trace trace = trace(failed.address(), shown);
    return switch (failed.reason()) {
      case CANCELLED -> throw new InterruptedException(failed.detail());
      case SILENCE, DEADLINE ->
          failed(Reason.TIMEOUT, "no answer in time: " + failed.detail(), THROTTLED, trace);
      case UNKNOWN_HOST -> failed(Reason.NAME_NOT_FOUND, failed.detail(), null, trace);
      case TLS -> failed(Reason.TLS, failed.detail(), null, trace);
      default -> failed(Reason.CONNECTION, "not reached: " + failed.detail(), null, trace);
    };
  }

  /** Whether a host is written as an address of this machine. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private Outcome answered(OutboundResult.Response response, Map<String, String> headers) {
    int status = response.status();
    Trace trace =
        new Trace(
            response.address(),
            status,
            headers,
            new String(response.body(), StandardCharsets.UTF_8));
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered(trace);
    }
    if (status == 410) {
      return new Outcome.Gone("the receiver answered 410", trace);
    }
    Duration asked = response.header("retry-after").flatMap(this::retryAfter).orElse(null);
    boolean throttled = status == 429 || status == 502 || status == 504;
    boolean tooShort = asked == null || (!exact && asked.compareTo(THROTTLED) < 0);
    return failed(
        reason(status),
        "the receiver answered " + status,
        throttled && tooShort ? THROTTLED : asked,
        trace);
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 401, 403, 407 -> Reason.AUTHENTICATION;
      case 408 -> Reason.TIMEOUT;
      case 413 -> Reason.TOO_LARGE;
      case 429 -> Reason.RATE_LIMITED;
      default ->
          switch (status / 100) {
            case 3 -> Reason.REDIRECTED;
            case 4 -> Reason.CLIENT_ERROR;
            case 5 -> Reason.SERVER_ERROR;
            default -> Reason.OTHER;
          };
    };
  }

  private static Outcome failed(Reason reason, String detail, Duration notBefore, Trace trace) {
    return new Outcome.Failed(reason, detail, Optional.ofNullable(notBefore), trace);
  }

  private static Trace trace(String address, Map<String, String> headers) {
    return new Trace(address, null, headers, null);
  }

  /** Seconds or an HTTP date; what is neither is as if it were not there. */
  private Optional<Duration> retryAfter(String value) {
    String text = value.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(
          text.length() > 9
              ? LONGEST_RETRY_AFTER
              : atMostADay(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(clock.instant(), when);
      return wait.isNegative() ? Optional.empty() : Optional.of(atMostADay(wait));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static Duration atMostADay(Duration wait) {
    return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
  }
}
