package dev.pactwatch.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Metrics as they are scraped. */
class FeedMetricsTest {

  private final Doubles.Clock clock = new Doubles.Clock();

  private static FeedState state(String feed, FeedHealth health) {
    FeedState fresh = FeedState.fresh(feed);
    return new FeedState(
        fresh.feed(),
        fresh.url(),
        null,
        false,
        null,
        null,
        null,
        List.of(),
        0,
        null,
        Doubles.START.minusSeconds(60),
        Doubles.START.minusSeconds(90),
        500,
        "http-500",
        2,
        null,
        null,
        new PollDecision(Doubles.START.plusSeconds(30), 90, "ttl", List.of()),
        null,
        null,
        40,
        null,
        health);
  }

  private static FeedHealth health(Map<String, Long> rejected) {
    long sum = rejected.values().stream().mapToLong(Long::longValue).sum();
    return new FeedHealth(
        5,
        20 + sum,
        12,
        2,
        8,
        0,
        rejected,
        List.of(10L, 20L),
        List.of(),
        "guid",
        Map.of("broken", Instant.EPOCH),
        List.of(),
        Map.of("ok", 3L));
  }

  private String scrape(int most, Map<String, FeedState> states) throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    FeedMetrics metrics = new FeedMetrics(most, clock);
    registry.register(
        new io.prometheus.client.Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return metrics.families(states);
          }
        });
    StringWriter text = new StringWriter();
    TextFormat.write004(text, registry.metricFamilySamples());
    return text.toString();
  }

  @Test
  void everyFeedIsMeasuredUnderItsIdAndItsAddressWithoutTheKeyInIt() throws IOException {
    String url = "https://a.example/feed?key=secret";
    String text = scrape(10, Map.of(url, state(url, health(Map.of("no \"title\"\n", 4L)))));
    String feed = "{id=\"" + FeedEntry.id(url) + "\",feed=\"https://a.example/feed\",";

    assertThat(text.lines())
        .contains(
            "pactwatch_feed_polls_total" + feed + "} 5.0",
            "pactwatch_feed_items_total" + feed + "outcome=\"new\",} 10.0",
            "pactwatch_feed_items_total" + feed + "outcome=\"edited\",} 2.0",
            "pactwatch_feed_items_total" + feed + "outcome=\"known\",} 8.0",
            "pactwatch_feed_items_total" + feed + "outcome=\"rejected\",} 4.0",
            "pactwatch_feed_rejected_total" + feed + "reason=\"no \\\"title\\\"\\n\",} 4.0",
            "pactwatch_feed_last_success_age_seconds" + feed + "} 90.0",
            "pactwatch_feed_failures" + feed + "} 2.0",
            "pactwatch_feed_overlap_ratio" + feed + "} 0.4",
            "pactwatch_feed_lag_seconds" + feed + "quantile=\"0.5\",} 10.0",
            "pactwatch_feed_lag_seconds" + feed + "quantile=\"0.95\",} 20.0",
            "pactwatch_feed_next_poll_seconds" + feed + "} 30.0",
            "pactwatch_feed_trouble" + feed + "trouble=\"broken\",} 1.0",
            "pactwatch_feed_pages_total" + feed + "outcome=\"ok\",} 3.0");
    assertThat(text).doesNotContain("secret");
  }

  @Test
  void feedsBeyondTheLimitAreSummedUp() throws IOException {
    Map<String, FeedState> states = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      String url = String.format("https://f%03d.example/", i);
      states.put(url, state(url, health(Map.of("why", 1L))));
    }

    String text = scrape(3, states);

    assertThat(text.lines().filter(line -> line.startsWith("pactwatch_feed_polls_total{")))
        .hasSize(4)
        .contains("pactwatch_feed_polls_total{id=\"other\",feed=\"other\",} 2485.0");
    assertThat(text)
        .contains(
            "pactwatch_feed_rejected_total{id=\"other\",feed=\"other\",reason=\"why\",} 497.0")
        .doesNotContain("pactwatch_feed_failures{id=\"other\"");
  }

  @Test
  void aFeedThatInventsReasonsInventsNoMetrics() throws IOException {
    Map<String, Long> reasons = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      reasons.put("reason " + i, 1L);
    }

    String text = scrape(10, Map.of("f", state("f", health(reasons))));

    assertThat(text.lines().filter(line -> line.startsWith("pactwatch_feed_rejected_total{")))
        .hasSize(21)
        .anySatisfy(line -> assertThat(line).contains("reason=\"other\"").endsWith(" 280.0"));
  }
}
