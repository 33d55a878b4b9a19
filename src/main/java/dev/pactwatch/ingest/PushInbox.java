package dev.pactwatch.ingest;

import dev.pactwatch.ingest.PushMessage.Kind;
import dev.pactwatch.ingest.WebSubKey.Subscription;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Where hubs call (W3C WebSub): confirms subscriptions that are ours, takes what is signed, and
 * hands it to the instance that polls the feed. A push that is lost on the way is found by the next
 * poll. Safe for use by many threads.
 */
public final class PushInbox implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PushInbox.class.getName());

  private static final AtomicReference<PushInbox> CURRENT = new AtomicReference<>();

  /** More does not fit into a record; the feed is asked instead. */
  private static final int MAX_BODY = 900_000;

  private static final long DEFAULT_LEASE = 86_400;

  private final WebSubKey key;
  private final Consumer<PushMessage> out;
  private final AutoCloseable held;
  private final AtomicLong forged = new AtomicLong();

  /**
   * @param out takes what is genuine
   * @param held closed with this inbox
   */
  public PushInbox(WebSubKey key, Consumer<PushMessage> out, AutoCloseable held) {
    this.key = key;
    this.out = out;
    this.held = held;
  }

  /** Hands over through the topic of pushes. */
  public static PushInbox open(KafkaClients clients, Topics topics, WebSubKey key) {
    Producer<String, byte[]> producer = clients.producer();
    int slots = producer.partitionsFor(topics.pushes()).size();
    return new PushInbox(
        key,
        message -> {
          ProducerRecord<String, byte[]> record =
              new ProducerRecord<>(
                  topics.pushes(),
                  FeedSlot.of(message.feed(), slots),
                  message.feed(),
                  message.body());
          message.write(record.headers());
          @SuppressWarnings("unused")
          Future<RecordMetadata> unused = producer.send(record);
        },
        producer);
  }

  /** The inbox of this process; null for none. */
  public static void use(PushInbox inbox) {
    CURRENT.set(inbox);
  }

  /** The inbox of this process; empty where no hub may call. */
  public static Optional<PushInbox> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /**
   * A hub asks whether we meant it.
   *
   * @param feed first part of the called path
   * @param topic second part
   * @param seal third part
   * @param mode {@code hub.mode}; may be null, like the rest
   * @return what to answer with status 200; empty for a status of 404
   */
  public Optional<String> confirm(
      String feed,
      String topic,
      String seal,
      String mode,
      String named,
      String challenge,
      String lease) {
    Optional<Subscription> of = key.open(feed, topic, seal);
    if (of.isEmpty() || !of.get().topic().equals(named)) {
      return Optional.empty();
    }
    if ("denied".equals(mode)) {
      out.accept(message(of.get(), Kind.DENIED, 0, null, new byte[0]));
      return Optional.of("");
    }
    // We never unsubscribe, a lease just ends: such a wish is somebody else's.
    if (!"subscribe".equals(mode) || challenge == null) {
      return Optional.empty();
    }
    long seconds =
        lease != null && lease.matches("[1-9]\\d{0,8}") ? Long.parseLong(lease) : DEFAULT_LEASE;
    out.accept(message(of.get(), Kind.CONFIRMED, seconds, null, new byte[0]));
    return Optional.of(challenge);
  }

  /**
   * A hub pushes. What is not signed as it must be is counted and otherwise ignored, without
   * telling the sender, as the standard advises.
   *
   * @return false when the address is none of ours
   */
  public boolean receive(
      String feed, String topic, String seal, String signature, String type, byte[] body) {
    Optional<Subscription> of = key.open(feed, topic, seal);
    if (of.isEmpty()) {
      return false;
    }
    if (!key.genuine(of.get(), signature, body)) {
      LOG.log(
          Level.WARNING,
          "push not genuine"
              + LogText.pair("feed", of.get().feed())
              + LogText.pair("count", forged.incrementAndGet()));
      return true;
    }
    byte[] kept = body.length > MAX_BODY ? new byte[0] : body;
    out.accept(message(of.get(), Kind.CONTENT, 0, type, kept));
    return true;
  }

  /** Pushes that were not signed as they must be. */
  public long forged() {
    return forged.get();
  }

  private static PushMessage message(
      Subscription of, Kind kind, long lease, String type, byte[] body) {
    return new PushMessage(of.feed(), of.topic(), kind, lease, type, body);
  }

  @Override
  public void close() {
    CURRENT.compareAndSet(this, null);
    try {
      held.close();
    } catch (Exception e) {
      LOG.log(
          Level.WARNING, "inbox not closed" + LogText.pair("reason", e.getClass().getSimpleName()));
    }
  }
}
