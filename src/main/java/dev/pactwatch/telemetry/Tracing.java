package dev.pactwatch.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Traces by OpenTelemetry, from the poll of a feed to the delivery of an alert. Off unless the
 * standard variable {@code OTEL_EXPORTER_OTLP_ENDPOINT} (or {@code ..._TRACES_ENDPOINT}) names a
 * receiver; every other {@code OTEL_*} variable holds as well. The context travels in the headers
 * {@code traceparent} and {@code tracestate} of records, which are written while traces are on, and
 * passed on always. Spans hold ids, never words of an article.
 */
public final class Tracing {

  /** The header that W3C Trace Context names. */
  public static final String PARENT = "traceparent";

  /** The variable that names a receiver, by the standard of OpenTelemetry. */
  public static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static final List<String> ENDPOINTS =
      List.of(ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

  private static final long FLUSH_SECONDS = 5;

  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final Tracer NONE = OpenTelemetry.noop().getTracer("pactwatch");
  private static volatile Tracer tracer = NONE;

  private Tracing() {}

  /** Ends with the process; what was not sent yet is sent then, within some seconds. */
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Turns traces on where the environment names a receiver.
   *
   * @param environment such as {@code System::getenv}
   * @param version of the product
   * @return empty where traces stay off
   */
  public static Optional<Running> start(UnaryOperator<String> environment, String version) {
    boolean wanted =
        ENDPOINTS.stream().map(environment).anyMatch(value -> value != null && !value.isBlank())
            && !"true".equalsIgnoreCase(environment.apply("OTEL_SDK_DISABLED"));
    if (!wanted) {
      return Optional.empty();
    }
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(
                () -> {
                  Map<String, String> defaults = new HashMap<>();
                  defaults.put("otel.service.name", "pactwatch");
                  defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
                  // Metrics are asked for by Prometheus, and logs are read where they are written.
                  defaults.put("otel.metrics.exporter", "none");
                  defaults.put("otel.logs.exporter", "none");
                  return defaults;
                })
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    tracer = sdk.getTracer("dev.pactwatch", version);
    return Optional.of(
        () -> {
          tracer = NONE;
          var unused = sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        });
  }

  /** Whether there is somebody to tell. */
  public static boolean on() {
    return !tracer.equals(NONE);
  }

  /** A span below the one that this thread is in. */
  public static SpanBuilder span(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setSpanKind(kind);
  }

  /** A span below the one whose context is given. */
  public static SpanBuilder span(String name, SpanKind kind, Context parent) {
    return span(name, kind).setParent(parent);
  }

  /** The context that a record came with; empty where it came with none. */
  public static Optional<Context> of(Headers headers) {
    return headers.lastHeader(PARENT) == null ? Optional.empty() : found(headers, HEADERS);
  }

  /** The context that was written down as {@code traceparent}. */
  public static Optional<Context> of(String parent) {
    return parent == null ? Optional.empty() : found(Map.of(PARENT, parent), MAP);
  }

  private static <C> Optional<Context> found(C carrier, TextMapGetter<C> getter) {
    Context context = W3C.extract(Context.root(), carrier, getter);
    return SpanContext.getInvalid().equals(Span.fromContext(context).getSpanContext())
        ? Optional.empty()
        : Optional.of(context);
  }

  /** Gives a record the context of a span, in place of the one it has; nothing while off. */
  public static void put(Span span, Headers headers) {
    if (span.getSpanContext().isValid()) {
      W3C.inject(Context.root().with(span), headers, (to, name, value) -> set(to, name, value));
    }
  }

  /** The context of a span as {@code traceparent}; null while off. */
  public static String parent(Span span) {
    Map<String, String> fields = new HashMap<>();
    W3C.inject(Context.root().with(span), fields, MAP_SETTER);
    return fields.get(PARENT);
  }

  private static final TextMapSetter<Map<String, String>> MAP_SETTER =
      (to, name, value) -> to.put(name, value);

  /** Passes the context of one record on to another that has none. */
  public static void pass(Headers from, Headers to) {
    for (String name : W3C.fields()) {
      Header header = from.lastHeader(name);
      if (header != null && to.lastHeader(name) == null) {
        to.add(header);
      }
    }
  }

  private static void set(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static final TextMapGetter<Headers> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
          return W3C.fields();
        }

        @Override
        public String get(Headers headers, String name) {
          Header header = headers == null ? null : headers.lastHeader(name);
          return header == null || header.value() == null
              ? null
              : new String(header.value(), StandardCharsets.UTF_8);
        }
      };

  private static final TextMapGetter<Map<String, String>> MAP =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> fields) {
          return fields.keySet();
        }

        @Override
        public String get(Map<String, String> fields, String name) {
          return fields == null ? null : fields.get(name);
        }
      };
}
