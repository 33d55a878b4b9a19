package dev.pactwatch.notify;

import dev.pactwatch.notify.delivery.Notifier;
import dev.pactwatch.telemetry.Gauges;
import dev.pactwatch.telemetry.MetersExport;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the notifier owes, as Prometheus reads it; nothing where the role is not here. */
@ApplicationScoped
public class NotifyMetrics {

  private static final Logger LOG = Logger.getLogger(NotifyMetrics.class);

  /** However often somebody asks, the database is asked no more often than this. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final RunningNotifier running;
  private final InstantSource clock = InstantSource.system();
  private Instant asked = Instant.MIN;
  private Optional<Notifier.Figures> figures = Optional.empty();

  NotifyMetrics(RunningNotifier running) {
    this.running = running;
  }

  void start(@Observes @Priority(300) StartupEvent event, PrometheusMeterRegistry registry) {
    MetersExport.offer(
        registry,
        () ->
            running
                .get()
                .flatMap(this::current)
                .map(now -> families(now, clock.instant()))
                .orElse(List.of()));
  }

  private synchronized Optional<Notifier.Figures> current(Notifier notifier) {
    Instant now = clock.instant();
    if (now.isAfter(asked.plus(FRESH))) {
      asked = now;
      try {
        figures = Optional.of(notifier.figures());
      } catch (RuntimeException e) {
        // Figures that are missing are seen; old ones would look like good ones.
        LOG.debugf("the outbox does not answer: %s", e.getClass().getSimpleName());
        figures = Optional.empty();
      }
    }
    return figures;
  }

  static List<Collector.MetricFamilySamples> families(Notifier.Figures now, Instant at) {
    Gauges gauges = new Gauges();
    gauges.gauge(
        "pactwatch_outbox_messages", "Messages to active subscriptions, not done.", now.owed());
    gauges.gauge(
        "pactwatch_outbox_oldest_seconds",
        "Since the oldest of them was made; 0 where there is none.",
        now.oldest() == null ? 0 : Duration.between(now.oldest(), at).toMillis() / 1000.0);
    gauges.gauge("pactwatch_outbox_dead_messages", "Messages that were given up.", now.dead());
    GaugeMetricFamily breakers =
        gauges.gauge(
            "pactwatch_breakers_open",
            "Subscriptions that are left alone because they fail.",
            "channel");
    now.breakers().forEach((channel, n) -> breakers.addMetric(List.of(channel), n));
    GaugeMetricFamily subscriptions =
        gauges.gauge("pactwatch_subscriptions", "Subscriptions by state.", "state");
    now.subscriptions().forEach((state, n) -> subscriptions.addMetric(List.of(state.label()), n));
    GaugeMetricFamily suppressed =
        gauges.gauge(
            "pactwatch_suppressed_notifications",
            "Alert revisions that a subscription is not told of, by reason.",
            "reason");
    now.suppressed().forEach((reason, n) -> suppressed.addMetric(List.of(reason), n));
    return gauges.families();
  }
}
