package dev.pactwatch.web;

import dev.pactwatch.telemetry.Gauges;
import dev.pactwatch.telemetry.MetersExport;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The answers of the health checks as Prometheus reads them, and who answers. */
@ApplicationScoped
public class ReadyMetrics {

  private final Instance<HealthCheck> ready;
  private final Instance<HealthCheck> live;
  private final List<String> roles;
  private final String version;

  ReadyMetrics(
      @Any @Readiness Instance<HealthCheck> ready,
      @Any @Liveness Instance<HealthCheck> live,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this.ready = ready;
    this.live = live;
    this.roles = roles.orElse(Set.of()).stream().sorted().toList();
    this.version = version;
  }

  void start(@Observes @Priority(300) StartupEvent event, PrometheusMeterRegistry registry) {
    MetersExport.offer(registry, this::families);
  }

  private List<Collector.MetricFamilySamples> families() {
    Gauges gauges = new Gauges();
    gauges
        .gauge("pactwatch_info", "Always 1; who answers.", "version", "roles")
        .addMetric(List.of(version, String.join(",", roles)), 1);
    add(
        gauges.gauge("pactwatch_ready", "1 while a health check says ready, 0 while not.", "check"),
        ready);
    add(
        gauges.gauge(
            "pactwatch_live",
            "1 while a health check says live; at 0 only a restart helps.",
            "check"),
        live);
    return gauges.families();
  }

  private static void add(GaugeMetricFamily family, Instance<HealthCheck> checks) {
    for (HealthCheck check : checks) {
      HealthCheckResponse answer = check.call();
      family.addMetric(
          List.of(answer.getName()), answer.getStatus() == HealthCheckResponse.Status.UP ? 1 : 0);
    }
  }
}
