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
import java.util.List;

/**
 * The topics, those who read them, and those who watch the page, as Prometheus reads it; nothing
 * where the role is not here.
 */
@ApplicationScoped
public class WebMetrics {

  private final PipelineSurvey survey;
  private final AlertLog log;
  private final AlertStream stream;

  WebMetrics(PipelineSurvey survey, AlertLog log, AlertStream stream) {
    this.survey = survey;
    this.log = log;
    this.stream = stream;
  }

  void start(@Observes @Priority(300) StartupEvent event, PrometheusMeterRegistry registry) {
    MetersExport.offer(registry, this::families);
  }

  private List<Collector.MetricFamilySamples> families() {
    if (log.phase() == AlertLog.Phase.OFF) {
      return List.of();
    }
    Gauges gauges = new Gauges();
    gauges.gauge(
        "pactwatch_stream_clients", "Browsers and programs on the live stream.", stream.clients());
    gauges.gauge(
        "pactwatch_alert_log_live",
        "1 while every alert is shown as it is committed.",
        log.phase() == AlertLog.Phase.LIVE ? 1 : 0);
    PipelineSurvey.Known known = survey.known();
    gauges.gauge(
        "pactwatch_broker_answers",
        "1 when the broker answered when it was asked last.",
        known.latest() != null && known.problem() == null ? 1 : 0);
    if (known.latest() != null && known.problem() == null) {
      add(gauges, known.latest());
    }
    return gauges.families();
  }

  private void add(Gauges gauges, PipelineSurvey.Survey now) {
    GaugeMetricFamily held =
        gauges.gauge(
            "pactwatch_topic_records",
            "What a topic holds, markers of transactions included; those of dead letters end in"
                + " .dlq.",
            "topic");
    now.topics().forEach((topic, level) -> held.addMetric(List.of(shown(topic)), level.held()));
    GaugeMetricFamily lag =
        gauges.gauge(
            "pactwatch_group_lag_records",
            "What is committed in a topic and not yet read by a group.",
            "group",
            "topic");
    now.lag()
        .forEach(
            (group, topics) ->
                topics.forEach(
                    (topic, n) -> lag.addMetric(List.of(shown(group), shown(topic)), n)));
  }

  /** Without the prefix that all share. */
  private String shown(String name) {
    String prefix = survey.topics().prefix();
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
