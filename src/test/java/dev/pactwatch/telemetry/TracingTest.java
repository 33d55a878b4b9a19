package dev.pactwatch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private Tracing.Running running;

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static Headers headers(String parent) {
    return new RecordHeaders().add("traceparent", parent.getBytes(StandardCharsets.UTF_8));
  }

  private static String parent(Headers headers) {
    return new String(headers.lastHeader("traceparent").value(), StandardCharsets.UTF_8);
  }

  @Test
  void without_a_receiver_traces_are_off_and_records_stay_as_they_are() {
    assertThat(Tracing.start(Map.<String, String>of()::get, "1")).isEmpty();
    assertThat(Tracing.on()).isFalse();

    Headers headers = new RecordHeaders();
    Span span = Tracing.span("any", SpanKind.INTERNAL).startSpan();
    Tracing.put(span, headers);
    assertThat(headers).isEmpty();
    assertThat(Tracing.parent(span)).isNull();
  }

  @Test
  void who_switches_the_sdk_off_by_the_standard_has_no_traces() {
    Map<String, String> environment =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", "OTEL_SDK_DISABLED", "true");
    assertThat(Tracing.start(environment::get, "1")).isEmpty();
  }

  @Test
  void a_span_below_that_of_a_record_is_of_its_trace_and_goes_on_with_the_next_record() {
    running =
        Tracing.start(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")::get, "1")
            .orElseThrow();
    Span span =
        Tracing.span("below", SpanKind.INTERNAL, Tracing.of(headers(PARENT)).orElseThrow())
            .startSpan();
    Headers next = headers(PARENT);
    Tracing.put(span, next);

    assertThat(parent(next))
        .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
        .isNotEqualTo(PARENT)
        .isEqualTo(Tracing.parent(span));
    assertThat(next.headers("traceparent")).hasSize(1);
  }

  @Test
  void a_context_is_passed_on_while_traces_are_off_and_never_in_the_place_of_another() {
    Headers empty = new RecordHeaders();
    Tracing.pass(headers(PARENT), empty);
    assertThat(parent(empty)).isEqualTo(PARENT);

    Headers other = headers(PARENT.replace("b7ad", "c7ad"));
    Tracing.pass(headers(PARENT), other);
    assertThat(parent(other)).isEqualTo(PARENT.replace("b7ad", "c7ad"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-1-2-3"})
  void what_is_no_context_is_taken_for_none(String parent) {
    assertThat(Tracing.of(headers(parent))).isEmpty();
    assertThat(Tracing.of(parent)).isEmpty();
  }
}
