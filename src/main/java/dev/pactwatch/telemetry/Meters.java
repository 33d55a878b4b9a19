package dev.pactwatch.telemetry;

import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What this process counts as it happens, from its start on. Everything else that is measured is
 * made from the state of the product at the moment of the question. Labels come from the product,
 * never from feeds or users, and each has few values.
 */
public final class Meters {

  /** To the alert's being written, or to its being delivered. */
  public enum End {
    ALERT,
    DELIVERY
  }

  /** In seconds; from what a person does not notice to what nobody waits for. */
  private static final double[] LAGS = {
    0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400
  };

  private static final double[] ATTEMPTS = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20};

  public static final Counter ARTICLES =
      counter(
          "pactwatch_articles_ingested",
          "Articles written, with the poll that found them: new, or edits.",
          "kind");

  public static final Counter TAGGED =
      counter("pactwatch_articles_tagged", "Articles in which events were looked for.");

  public static final Counter EVENTS =
      counter("pactwatch_events_found", "Events found in articles.", "type");

  public static final Counter JUDGEMENTS =
      counter(
          "pactwatch_judgements", "Events that touch an agreement, judged against it.", "relation");

  public static final Counter ALERTS =
      counter("pactwatch_alert_revisions", "Revisions of alerts that were written.", "change");

  public static final Counter DEAD_LETTERS =
      counter(
          "pactwatch_dead_letters", "Records that were set aside, by where they went.", "topic");

  private static final Histogram LAG =
      histogram(
          "pactwatch_lag_seconds",
          "From the news to its alert or its delivery; of news that is not historical.",
          LAGS,
          "to",
          "since");

  public static final Counter DELIVERIES =
      counter(
          "pactwatch_delivery_attempts",
          "Attempts to deliver a message, by how they ended and why.",
          "channel",
          "outcome",
          "reason");

  public static final Counter RETRIES =
      counter(
          "pactwatch_delivery_retries",
          "Those of the attempts that were no first ones.",
          "channel");

  public static final Histogram ATTEMPT =
      histogram(
          "pactwatch_delivery_attempt_seconds", "What an attempt takes.", ATTEMPTS, "channel");

  private Meters() {}

  /** Everything above, to be registered where it is scraped. */
  public static List<Collector> all() {
    return List.of(
        ARTICLES,
        TAGGED,
        EVENTS,
        JUDGEMENTS,
        ALERTS,
        DEAD_LETTERS,
        LAG,
        DELIVERIES,
        RETRIES,
        ATTEMPT);
  }

  /**
   * Notes how long a piece of news took.
   *
   * @param published event time of the latest report
   * @param observed when the report was seen that brought the alert forth
   */
  public static void lag(End to, Instant published, Instant observed, Instant now) {
    String end = dev.pactwatch.json.Kebab.of(to);
    LAG.labels(end, "publication").observe(seconds(published, now));
    LAG.labels(end, "observation").observe(seconds(observed, now));
  }

  /** Clocks of two machines may differ by a little. */
  private static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
  }

  private static Counter counter(String name, String help, String... labels) {
    return Counter.build().name(name).help(help).labelNames(labels).create();
  }

  private static Histogram histogram(String name, String help, double[] buckets, String... labels) {
    return Histogram.build().name(name).help(help).labelNames(labels).buckets(buckets).create();
  }
}
