package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.kafka.NewsHeaders;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.telemetry.Meters;
import dev.pactwatch.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Stands between the stages of a running topology: counts what each passes on, hands the {@link
 * NewsHeaders} from record to record, and makes a span of each stage while traces are on. The
 * stages know nothing of it, and what they write depends on none of its figures.
 */
public final class StageWatch implements ProcessorWrapper {

  /** Configuration key of the clock that lags are measured by; without one they are not. */
  static final String CLOCK = "pactwatch.stage-clock";

  private static final Set<String> STAGES =
      Set.of("tag", "spread-articles", "spread-agreements", "join", "fold");

  private InstantSource clock;

  @Override
  public void configure(Map<String, ?> configs) {
    clock = configs.get(CLOCK) instanceof InstantSource given ? given : null;
  }

  @Override
  public <K, V, L, W> WrappedProcessorSupplier<K, V, L, W> wrapProcessorSupplier(
      String name, ProcessorSupplier<K, V, L, W> supplier) {
    if (!STAGES.contains(name)) {
      return ProcessorWrapper.asWrapped(supplier);
    }
    return new WrappedProcessorSupplier<>() {
      @Override
      public Processor<K, V, L, W> get() {
        return new Stage<>(name, supplier.get(), clock);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return supplier.stores();
      }
    };
  }

  @Override
  public <K, V, W> WrappedFixedKeyProcessorSupplier<K, V, W> wrapFixedKeyProcessorSupplier(
      String name, FixedKeyProcessorSupplier<K, V, W> supplier) {
    return ProcessorWrapper.asWrappedFixedKey(supplier);
  }

  /** One stage of one task; for one thread. */
  private static final class Stage<K, V, L, W> implements Processor<K, V, L, W> {

    private final String name;
    private final Processor<K, V, L, W> processor;
    private final InstantSource clock;
    private Headers news = new RecordHeaders();
    private Span span = Span.getInvalid();

    Stage(String name, Processor<K, V, L, W> processor, InstantSource clock) {
      this.name = name;
      this.processor = processor;
      this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<L, W> context) {
      processor.init(new Passing<>(context, this));
    }

    @Override
    public void process(Record<K, V> record) {
      news = record.headers();
      if (tagged(record) instanceof TaggedArticle tagged) {
        // A list of its own: the record's goes to other stages as well.
        news = new RecordHeaders(record.headers());
        NewsHeaders.observed(news, tagged.observed());
      }
      span =
          Tracing.on()
              ? Tracing.of(news)
                  .map(
                      parent ->
                          Tracing.span("detect " + name, SpanKind.INTERNAL, parent).startSpan())
                  .orElse(Span.getInvalid())
              : Span.getInvalid();
      try {
        processor.process(record);
      } catch (RuntimeException e) {
        span.recordException(e);
        throw e;
      } finally {
        span.end();
      }
    }

    @Override
    public void close() {
      processor.close();
    }

    void passes(Record<?, ?> record) {
      if (name.equals("tag")) {
        Tracing.pass(news, record.headers());
      } else {
        NewsHeaders.pass(news, record.headers());
      }
      Tracing.put(span, record.headers());
      count(record);
    }

    /** The article that is on its way as a value; null where something else is. */
    private static Object tagged(Record<?, ?> record) {
      return record.value() instanceof Encoded<?> encoded ? encoded.value() : null;
    }

    private void count(Record<?, ?> record) {
      if (name.equals("tag") && tagged(record) instanceof TaggedArticle tagged) {
        Meters.TAGGED.inc();
        for (Event event : tagged.events()) {
          Meters.EVENTS.labels(Kebab.of(event.type())).inc();
        }
      } else if (record.value() instanceof JudgementSet.Step step) {
        for (JudgementSet set : step.sets()) {
          for (List<Judgement> judgements : set.judgements().values()) {
            judgements.forEach(
                one -> Meters.JUDGEMENTS.labels(Kebab.of(one.match().relation())).inc());
          }
        }
      } else if (record.value() instanceof Alert alert) {
        Meters.ALERTS.labels(Kebab.of(alert.change())).inc();
        Optional<Instant> observed = NewsHeaders.observed(record.headers());
        if (clock != null && observed.isPresent() && !alert.historical()) {
          Meters.lag(Meters.End.ALERT, alert.lastSeen(), observed.get(), clock.instant());
        }
      }
    }
  }

  /** The stage's way to those that come after it. */
  private record Passing<L, W>(ProcessorContext<L, W> context, Stage<?, ?, L, W> stage)
      implements ProcessorContext<L, W> {

    @Override
    public <K extends L, V extends W> void forward(Record<K, V> record) {
      stage.passes(record);
      context.forward(record);
    }

    @Override
    public <K extends L, V extends W> void forward(Record<K, V> record, String child) {
      stage.passes(record);
      context.forward(record, child);
    }

    @Override
    public String applicationId() {
      return context.applicationId();
    }

    @Override
    public TaskId taskId() {
      return context.taskId();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
      return context.recordMetadata();
    }

    @Override
    public Serde<?> keySerde() {
      return context.keySerde();
    }

    @Override
    public Serde<?> valueSerde() {
      return context.valueSerde();
    }

    @Override
    public File stateDir() {
      return context.stateDir();
    }

    @Override
    public StreamsMetrics metrics() {
      return context.metrics();
    }

    @Override
    public <S extends StateStore> S getStateStore(String name) {
      return context.getStateStore(name);
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
      return context.schedule(interval, type, callback);
    }

    @Override
    public Cancellable schedule(
        Instant start, Duration interval, PunctuationType type, Punctuator callback) {
      return context.schedule(start, interval, type, callback);
    }

    @Override
    public void commit() {
      context.commit();
    }

    @Override
    public Map<String, Object> appConfigs() {
      return context.appConfigs();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
      return context.appConfigsWithPrefix(prefix);
    }

    @Override
    public long currentSystemTimeMs() {
      return context.currentSystemTimeMs();
    }

    @Override
    public long currentStreamTimeMs() {
      return context.currentStreamTimeMs();
    }
  }
}
