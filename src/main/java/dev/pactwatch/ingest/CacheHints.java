package dev.pactwatch.ingest;

import dev.pactwatch.http.OutboundResult.Response;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What response headers say about when to come back.
 *
 * @param maxAge seconds left of {@code Cache-Control: max-age}, the {@code Age} taken off
 * @param expires seconds until {@code Expires}, by the server's own clock where it shows one; a
 *     date that cannot be read means at once
 * @param retryAfter seconds, from either form of the header
 */
public record CacheHints(OptionalLong maxAge, OptionalLong expires, OptionalLong retryAfter) {

  public static final CacheHints NONE =
      new CacheHints(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age\\s*=\\s*\"?(\\d{1,18})\"?", Pattern.CASE_INSENSITIVE);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

  /** The three forms of RFC 9110, the modern one first. */
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss zzz", Locale.US),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
              .withZone(ZoneOffset.UTC));

  /**
   * @param now when the response came
   */
  public static CacheHints of(Response response, Instant now) {
    return new CacheHints(
        maxAge(response), expires(response, now), retryAfter(response.header("retry-after"), now));
  }

  /** The same with this {@code Retry-After} where it is the longer one. */
  CacheHints orLater(OptionalLong seconds) {
    boolean later =
        seconds.isPresent()
            && (retryAfter.isEmpty() || seconds.getAsLong() > retryAfter.getAsLong());
    return later ? new CacheHints(maxAge, expires, seconds) : this;
  }

  private static OptionalLong maxAge(Response response) {
    String control = String.join(",", response.headers().getOrDefault("cache-control", List.of()));
    Matcher matcher = MAX_AGE.matcher(control);
    if (!matcher.find()) {
      return OptionalLong.empty();
    }
    long age =
        response
            .header("age")
            .filter(value -> SECONDS.matcher(value.strip()).matches())
            .map(value -> Long.parseLong(value.strip()))
            .orElse(0L);
    return OptionalLong.of(Math.max(0, Long.parseLong(matcher.group(1)) - age));
  }

  private static OptionalLong expires(Response response, Instant now) {
    Optional<String> header = response.header("expires");
    if (header.isEmpty()) {
      return OptionalLong.empty();
    }
    Instant base = response.header("date").flatMap(CacheHints::date).orElse(now);
    return OptionalLong.of(
        date(header.get())
            .map(date -> Math.max(0, Duration.between(base, date).toSeconds()))
            .orElse(0L));
  }

  static OptionalLong retryAfter(Optional<String> header, Instant now) {
    if (header.isEmpty()) {
      return OptionalLong.empty();
    }
    String value = header.get().strip();
    if (SECONDS.matcher(value).matches()) {
      return OptionalLong.of(Long.parseLong(value));
    }
    return date(value)
        .map(date -> OptionalLong.of(Math.max(0, Duration.between(now, date).toSeconds())))
        .orElse(OptionalLong.empty());
  }

  static Optional<Instant> date(String value) {
    for (DateTimeFormatter format : DATES) {
      try {
        return Optional.of(ZonedDateTime.parse(value.strip(), format).toInstant());
      } catch (DateTimeException e) {
        continue;
      }
    }
    return Optional.empty();
  }
}
