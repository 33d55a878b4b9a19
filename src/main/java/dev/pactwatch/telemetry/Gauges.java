package dev.pactwatch.telemetry;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;

/** Families of samples, put together while Prometheus waits. */
public final class Gauges {

  private final List<Collector.MetricFamilySamples> families = new ArrayList<>();

  /** A new family of values that go up and down. */
  public GaugeMetricFamily gauge(String name, String help, String... labels) {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, List.of(labels));
    families.add(family);
    return family;
  }

  /** A new family of one value that goes up and down. */
  public void gauge(String name, String help, double value) {
    families.add(new GaugeMetricFamily(name, help, value));
  }

  /** A new family of values that only grow; {@code _total} is added to its name. */
  public CounterMetricFamily counter(String name, String help, String... labels) {
    CounterMetricFamily family = new CounterMetricFamily(name, help, List.of(labels));
    families.add(family);
    return family;
  }

  /** What there is. */
  public List<Collector.MetricFamilySamples> families() {
    return List.copyOf(families);
  }
}
