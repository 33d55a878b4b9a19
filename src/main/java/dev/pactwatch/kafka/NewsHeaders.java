package dev.pactwatch.kafka;

import dev.pactwatch.telemetry.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What travels with a piece of news from stage to stage: when the article was observed, as the
 * CloudEvents extension attribute {@code observed}, and the context of its trace. What a changed
 * agreement brings forth has neither.
 */
public final class NewsHeaders {

  /** On alerts: when the article was observed that brought this revision forth. */
  public static final String OBSERVED = "ce_observed";

  private NewsHeaders() {}

  /** Writes down when an article was observed. */
  public static void observed(Headers headers, Instant observed) {
    headers.remove(OBSERVED);
    headers.add(OBSERVED, observed.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** When the article was observed; empty where no article stands behind the record. */
  public static Optional<Instant> observed(Headers headers) {
    Header header = headers.lastHeader(OBSERVED);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(new String(header.value(), StandardCharsets.UTF_8)));
    } catch (DateTimeException e) {
      // Anybody may have written there; it is a figure that is missing then, and no more.
      return Optional.empty();
    }
  }

  /** Passes both on to a record that has none. */
  public static void pass(Headers from, Headers to) {
    Header observed = from.lastHeader(OBSERVED);
    if (observed != null && to.lastHeader(OBSERVED) == null) {
      to.add(observed);
    }
    Tracing.pass(from, to);
  }
}
