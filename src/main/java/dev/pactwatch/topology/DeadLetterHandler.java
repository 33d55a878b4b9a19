package dev.pactwatch.topology;

import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.telemetry.Meters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jboss.logging.Logger;

/**
 * What cannot be read or processed goes, as it was received, to the dead letters of its topic in
 * the same transaction, with the reason and the place in headers; the stream goes on.
 */
public final class DeadLetterHandler
    implements DeserializationExceptionHandler, ProcessingExceptionHandler {

  /** Configuration key of the topics' prefix. */
  static final String PREFIX = "pactwatch.topic-prefix";

  private static final Logger LOG = Logger.getLogger(DeadLetterHandler.class);
  private static final AtomicLong COUNT = new AtomicLong();
  private static final String HEADER = "__streams.errors.";

  private Topics topics = new Topics(Topics.DEFAULT_PREFIX, 1, (short) 1);

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(PREFIX) instanceof String prefix) {
      topics = new Topics(prefix, 1, (short) 1);
    }
  }

  /** Records that this process has set aside since it started. */
  public static long count() {
    return COUNT.get();
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    return DeserializationExceptionHandler.Response.resume(
        List.of(letter(context, record.key(), record.value(), exception)));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (exception instanceof MissingLexiconException) {
      return ProcessingExceptionHandler.Response.fail();
    }
    return ProcessingExceptionHandler.Response.resume(
        List.of(letter(context, context.sourceRawKey(), context.sourceRawValue(), exception)));
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context, byte[] key, byte[] value, Exception exception) {
    COUNT.incrementAndGet();
    String target = topics.deadLetters(context.topic());
    Meters.DEAD_LETTERS.labels(target.substring(topics.prefix().length())).inc();
    String reason = String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
    LOG.warnf(
        "dead letter: topic=%s partition=%d offset=%d node=%s error=%s to=%s",
        context.topic(),
        context.partition(),
        context.offset(),
        context.processorNodeId(),
        exception.getClass().getSimpleName(),
        target);
    boolean whole = DeadLetters.holds(key, value, context.headers());
    Headers headers =
        whole
            ? new RecordHeaders(context.headers())
            : DeadLetters.without(value == null ? 0 : value.length);
    put(headers, "exception", exception.getClass().getName());
    put(headers, "message", reason);
    put(headers, "topic", context.topic());
    put(headers, "partition", String.valueOf(context.partition()));
    put(headers, "offset", String.valueOf(context.offset()));
    return new ProducerRecord<>(
        target,
        null,
        Math.max(0, context.timestamp()),
        whole ? key : null,
        whole ? value : null,
        headers);
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(HEADER + name);
    headers.add(HEADER + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
