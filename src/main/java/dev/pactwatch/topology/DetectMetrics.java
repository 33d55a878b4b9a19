package dev.pactwatch.topology;

import dev.pactwatch.telemetry.Gauges;
import dev.pactwatch.telemetry.MetersExport;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How the topology of this process stands, made from Kafka Streams' own figures at the moment of
 * the question; nothing where the role is not here.
 */
@ApplicationScoped
public class DetectMetrics {

  private final RunningDetector running;

  DetectMetrics(RunningDetector running) {
    this.running = running;
  }

  void start(@Observes @Priority(300) StartupEvent event, PrometheusMeterRegistry registry) {
    MetersExport.offer(
        registry,
        () -> running.get().map(Detector::streams).map(DetectMetrics::families).orElse(List.of()));
  }

  static List<Collector.MetricFamilySamples> families(KafkaStreams streams) {
    Gauges gauges = new Gauges();
    KafkaStreams.State now = streams.state();
    gauges.gauge(
        "pactwatch_streams_running",
        "1 while the topology runs; 0 while it starts, moves work about, or has died.",
        now == KafkaStreams.State.RUNNING ? 1 : 0);
    var threads = streams.metadataForLocalThreads();
    gauges.gauge("pactwatch_streams_threads", "Stream threads that live.", threads.size());
    GaugeMetricFamily tasks =
        gauges.gauge("pactwatch_streams_tasks", "Parts of the work that are here.", "kind");
    tasks.addMetric(
        List.of("active"), threads.stream().mapToInt(one -> one.activeTasks().size()).sum());
    tasks.addMetric(
        List.of("standby"), threads.stream().mapToInt(one -> one.standbyTasks().size()).sum());
    gauges.gauge(
        "pactwatch_streams_store_lag_records",
        "Records that the local stores still lack: while they are restored, and as standbys.",
        streams.allLocalStorePartitionLags().values().stream()
            .flatMap(partitions -> partitions.values().stream())
            .mapToLong(one -> Math.max(0, one.offsetLag()))
            .sum());
    GaugeMetricFamily lag =
        gauges.gauge(
            "pactwatch_streams_input_lag_records",
            "Records of a topic that are written and not yet processed here.",
            "topic");
    GaugeMetricFamily size =
        gauges.gauge("pactwatch_store_bytes", "Files of a store on the disk.", "store");
    GaugeMetricFamily keys =
        gauges.gauge("pactwatch_store_keys", "Keys of a store on the disk, estimated.", "store");
    CounterMetricFamily dropped =
        gauges.counter(
            "pactwatch_streams_dropped_records", "Records that Kafka Streams itself left out.");
    Map<String, Double> lags = new TreeMap<>();
    Map<String, Double> sizes = new TreeMap<>();
    Map<String, Double> counts = new TreeMap<>();
    double left = 0;
    for (Map.Entry<MetricName, ? extends Metric> one : streams.metrics().entrySet()) {
      MetricName name = one.getKey();
      switch (name.name()) {
        case "records-lag" -> add(lags, name.tags().get("topic"), one.getValue());
        case "total-sst-files-size" -> add(sizes, store(name), one.getValue());
        case "estimate-num-keys" -> add(counts, store(name), one.getValue());
        case "dropped-records-total" -> left += number(one.getValue());
        default -> {
          // The rest is for those who ask Kafka Streams itself.
        }
      }
    }
    lags.forEach((topic, value) -> lag.addMetric(List.of(topic), value));
    sizes.forEach((store, value) -> size.addMetric(List.of(store), value));
    counts.forEach((store, value) -> keys.addMetric(List.of(store), value));
    dropped.addMetric(List.of(), left);
    return gauges.families();
  }

  private static String store(MetricName name) {
    return name.tags().get("rocksdb-state-id");
  }

  private static void add(Map<String, Double> sums, String label, Metric metric) {
    // The same name without a label is a sum over all of them.
    if (label != null) {
      sums.merge(label, number(metric), Double::sum);
    }
  }

  private static double number(Metric metric) {
    return metric.metricValue() instanceof Number value && Double.isFinite(value.doubleValue())
        ? value.doubleValue()
        : 0;
  }
}
