package dev.pactwatch.telemetry;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.function.Supplier;

/** Offers what is measured where Prometheus asks for it. */
@ApplicationScoped
public class MetersExport {

  void start(@Observes @Priority(290) StartupEvent event, PrometheusMeterRegistry registry) {
    offer(
        registry,
        () ->
            Meters.all().stream()
                .flatMap(meter -> meter.collect().stream())
                .map(MetersExport::withoutBirthdays)
                .toList());
  }

  /** When each series began, the library tells in another series. */
  private static Collector.MetricFamilySamples withoutBirthdays(
      Collector.MetricFamilySamples family) {
    return new Collector.MetricFamilySamples(
        family.name,
        family.type,
        family.help,
        family.samples.stream().filter(sample -> !sample.name.endsWith("_created")).toList());
  }

  /**
   * Offers what is made at the moment of the question.
   *
   * @param families is asked at every scrape
   */
  public static void offer(
      PrometheusMeterRegistry registry, Supplier<List<Collector.MetricFamilySamples>> families) {
    registry
        .getPrometheusRegistry()
        .register(
            new Collector() {
              @Override
              public List<MetricFamilySamples> collect() {
                return families.get();
              }
            });
  }
}
