package dev.pactwatch.ingest;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is measured of the feeds that this process polls, in the form that Prometheus reads. Made
 * from the states of the feeds at the moment of the question, so that nothing is counted twice and
 * nothing lingers. Feeds beyond the limit are summed up as one, named {@code other}; so are all but
 * the first reasons of one feed.
 */
@ApplicationScoped
public class FeedMetrics {

  private static final String OTHER = "other";
  private static final int MOST_REASONS = 20;
  private static final List<String> FEED = List.of("id", "feed");

  private final int most;
  private final InstantSource clock;

  @Inject
  FeedMetrics(
      @ConfigProperty(name = "pactwatch.ingest.metrics-feeds", defaultValue = "1000") int most) {
    this(most, InstantSource.system());
  }

  FeedMetrics(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  void start(@Observes @Priority(300) StartupEvent event, PrometheusMeterRegistry registry) {
    registry
        .getPrometheusRegistry()
        .register(
            new Collector() {
              @Override
              public List<MetricFamilySamples> collect() {
                return families(IngestHealth.poller().map(Poller::states).orElse(Map.of()));
              }
            });
  }

  List<Collector.MetricFamilySamples> families(Map<String, FeedState> states) {
    Families families = new Families(clock.instant());
    List<FeedState> feeds =
        states.values().stream().sorted(Comparator.comparing(FeedState::feed)).toList();
    int shown = Math.min(most, feeds.size());
    feeds.subList(0, shown).forEach(families::add);
    if (shown < feeds.size()) {
      families.rest(feeds.subList(shown, feeds.size()));
    }
    if (!feeds.isEmpty()) {
      families.all.add(
          new GaugeMetricFamily("pactwatch_feeds", "Feeds that this process polls.", feeds.size()));
    }
    return families.all;
  }

  private static final class Families {

    private final List<Collector.MetricFamilySamples> all = new ArrayList<>();
    private final Instant now;
    private final CounterMetricFamily polls =
        counter("pactwatch_feed_polls", "Polls, answered or not.");
    private final CounterMetricFamily items =
        counter(
            "pactwatch_feed_items",
            "Items in the documents that were read: new, edited, known or rejected.",
            "outcome");
    private final CounterMetricFamily rejected =
        counter("pactwatch_feed_rejected", "Items that are no article.", "reason");
    private final CounterMetricFamily pages =
        counter("pactwatch_feed_pages", "Pages fetched for full texts.", "outcome");
    private final GaugeMetricFamily success =
        gauge("pactwatch_feed_last_success_age_seconds", "Since the last good answer.");
    private final GaugeMetricFamily failures =
        gauge("pactwatch_feed_failures", "Polls in a row that failed.");
    private final GaugeMetricFamily overlap =
        gauge(
            "pactwatch_feed_overlap_ratio",
            "Share of the latest document that was known: near 0, items may have been missed.");
    private final GaugeMetricFamily lag =
        gauge(
            "pactwatch_feed_lag_seconds",
            "From publication to observation, of the latest new items.",
            "quantile");
    private final GaugeMetricFamily next =
        gauge("pactwatch_feed_next_poll_seconds", "Until the next poll; negative when overdue.");
    private final GaugeMetricFamily troubles =
        gauge(
            "pactwatch_feed_trouble",
            "1 while a feed is broken, gone, silent or renumbered.",
            "trouble");

    Families(Instant now) {
      this.now = now;
    }

    private CounterMetricFamily counter(String name, String help, String... labels) {
      CounterMetricFamily family = new CounterMetricFamily(name, help, labels(labels));
      all.add(family);
      return family;
    }

    private GaugeMetricFamily gauge(String name, String help, String... labels) {
      GaugeMetricFamily family = new GaugeMetricFamily(name, help, labels(labels));
      all.add(family);
      return family;
    }

    private static List<String> labels(String... more) {
      List<String> labels = new ArrayList<>(FEED);
      labels.addAll(List.of(more));
      return labels;
    }

    void add(FeedState state) {
      List<String> feed = List.of(FeedEntry.id(state.feed()), address(state.feed()));
      count(feed, state.health());
      if (state.lastSuccess() != null) {
        success.addMetric(feed, seconds(Duration.between(state.lastSuccess(), now)));
      }
      failures.addMetric(feed, state.failures());
      if (state.overlap() != null) {
        overlap.addMetric(feed, state.overlap() / 100.0);
      }
      for (int percent : new int[] {50, 95}) {
        OptionalLong value = state.health().lag(percent);
        if (value.isPresent()) {
          lag.addMetric(with(feed, String.valueOf(percent / 100.0)), value.getAsLong());
        }
      }
      if (state.retired() == null && state.next() != null) {
        next.addMetric(feed, seconds(Duration.between(now, state.next().at())));
      }
      state
          .health()
          .troubles()
          .keySet()
          .forEach(trouble -> troubles.addMetric(with(feed, trouble), 1));
    }

    void rest(List<FeedState> states) {
      FeedHealth sum =
          states.stream().map(FeedState::health).reduce(FeedHealth.NONE, FeedHealth::plus);
      count(List.of(OTHER, OTHER), sum);
    }

    private void count(List<String> feed, FeedHealth health) {
      polls.addMetric(feed, health.polls());
      items.addMetric(with(feed, "new"), health.published() - health.edited());
      items.addMetric(with(feed, "edited"), health.edited());
      items.addMetric(with(feed, "known"), health.known());
      items.addMetric(
          with(feed, "rejected"),
          health.rejected().values().stream().mapToLong(Long::longValue).sum());
      bounded(health.rejected()).forEach((why, n) -> rejected.addMetric(with(feed, why), n));
      bounded(health.fullText()).forEach((how, n) -> pages.addMetric(with(feed, how), n));
    }

    private static Map<String, Long> bounded(Map<String, Long> counts) {
      Map<String, Long> bounded = new TreeMap<>();
      counts.forEach(
          (name, n) ->
              bounded.merge(
                  bounded.size() < MOST_REASONS || bounded.containsKey(name) ? name : OTHER,
                  n,
                  Long::sum));
      return bounded;
    }

    private static List<String> with(List<String> feed, String label) {
      List<String> labels = new ArrayList<>(feed);
      labels.add(label);
      return labels;
    }

    /** Without the query, in which subscribers' keys are; the id tells such feeds apart. */
    private static String address(String url) {
      int query = url.indexOf('?');
      return query < 0 ? url : url.substring(0, query);
    }

    private static double seconds(Duration time) {
      return time.toMillis() / 1000.0;
    }
  }
}
