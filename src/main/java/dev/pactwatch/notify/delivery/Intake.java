package dev.pactwatch.notify.delivery;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.NewsHeaders;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.policy.Escalation;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.ScheduleTable;
import dev.pactwatch.notify.store.SubscriptionTable;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionIndex;
import dev.pactwatch.telemetry.Meters;
import dev.pactwatch.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Reads alerts from their topic into the outbox. What a batch of records brings is written in one
 * transaction of the database, and only then is the batch's place committed: a process that ends in
 * between reads it again, and finds it there.
 */
final class Intake implements Runnable {

  private static final Logger LOG = System.getLogger(Intake.class.getName());

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);
  private static final int BATCH = 200;
  private static final int BACKLOG = 200;
  private static final int MANY_FAILURES = 3;

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final Rendering rendering;
  private final Standing standing = new Standing();
  private final KafkaClients kafka;
  private final Topics topics;
  private final String instance;
  private final InstantSource clock;
  private final Consumer<Set<String>> owed;

  /** Where subscriptions take part, by partition that is read here. Only the reading thread's. */
  private final Map<Integer, Map<String, Long>> starts = new HashMap<>();

  /** The catalogue all of whose subscriptions have a start in a partition, or look back in it. */
  private final Map<Integer, Catalogue.Snapshot> begun = new HashMap<>();

  /** How far new subscriptions have looked back, by partition. */
  private final Map<Integer, Backlog> backlogs = new HashMap<>();

  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile KafkaConsumer<String, byte[]> consumer;
  private volatile boolean joined;
  private volatile String problem;
  private volatile boolean ended;

  private record Backlog(List<Subscription> subscriptions, SubscriptionIndex index, long seq) {}

  /**
   * @param instance name under which this process comes back; null for none
   * @param owed is told of subscriptions that have something to be sent
   */
  Intake(
      NotifyDatabase database,
      Catalogue catalogue,
      Rendering rendering,
      KafkaClients kafka,
      Topics topics,
      String instance,
      InstantSource clock,
      Consumer<Set<String>> owed) {
    this.database = database;
    this.catalogue = catalogue;
    this.rendering = rendering;
    this.kafka = kafka;
    this.topics = topics;
    this.instance = instance;
    this.clock = clock;
    this.owed = owed;
  }

  /** Revisions taken in since the start, those that were known among them. */
  long taken() {
    return taken.get();
  }

  /** Records that are no alerts, since the start. */
  long unreadable() {
    return unreadable.get();
  }

  /** Whether it reads, or stands by for others to end. */
  boolean joined() {
    return joined;
  }

  /** What keeps it from working; null while nothing does. */
  String problem() {
    return problem;
  }

  boolean ended() {
    return ended;
  }

  void stop() {
    stop.countDown();
    KafkaConsumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping()) {
        try (KafkaConsumer<String, byte[]> opened = open();
            KafkaProducer<String, byte[]> letters = kafka.producer()) {
          consumer = opened;
          opened.subscribe(List.of(topics.alerts()), new Rebalance());
          while (!stopping()) {
            step(opened, letters);
          }
        } catch (WakeupException | InterruptException e) {
          LOG.log(Level.DEBUG, "reading alerts is told to stop");
        } catch (RuntimeException e) {
          // Also what nobody thought of: read again, and seen in the health, rather than no more.
          failed("reading alerts failed", e);
        } finally {
          joined = false;
        }
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
    }
  }

  private KafkaConsumer<String, byte[]> open() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "notify");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
    settings.put(
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Math.toIntExact(MAX_POLL_INTERVAL.toMillis()));
    if (instance != null) {
      // One that comes back under its name takes its place at once, also after a kill.
      settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
    }
    return kafka.consumer(topics.prefix() + "notify", settings);
  }

  private void step(KafkaConsumer<String, byte[]> reader, KafkaProducer<String, byte[]> letters)
      throws InterruptedException {
    ConsumerRecords<String, byte[]> records =
        reader.poll(backlogs.isEmpty() ? POLL : Duration.ZERO);
    if (!reader.assignment().isEmpty()) {
      joined = true;
    }
    Catalogue.Snapshot snapshot = catalogue.snapshot();
    write(() -> begin(reader, snapshot));
    if (!records.isEmpty()) {
      List<Read> read = read(records, letters);
      write(() -> database.inTransaction(handle -> take(handle, snapshot, read)));
      reader.commitSync();
    }
    for (Integer partition : List.copyOf(backlogs.keySet())) {
      write(() -> lookBack(snapshot, partition));
    }
  }

  /** A record that is an alert. */
  private record Read(Alert alert, ConsumerRecord<String, byte[]> record) {}

  private List<Read> read(
      ConsumerRecords<String, byte[]> records, KafkaProducer<String, byte[]> letters)
      throws InterruptedException {
    List<Read> read = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      Alert alert = null;
      try {
        alert =
            record.value() == null
                ? null
                : ContractJson.read(Contract.ALERT, Alert.class, record.value());
      } catch (IOException e) {
        // Its message quotes the record; where it stands is enough to find it.
        LOG.log(Level.DEBUG, "a record is no alert");
      }
      if (alert == null || alert.revision() < 1) {
        setAside(record, letters);
      } else {
        read.add(new Read(alert, record));
      }
    }
    return read;
  }

  /** Not committed before it stands with the dead letters. */
  private void setAside(
      ConsumerRecord<String, byte[]> record, KafkaProducer<String, byte[]> letters)
      throws InterruptedException {
    String target = topics.deadLetters(record.topic());
    LOG.log(
        Level.WARNING,
        "dead letter: topic="
            + record.topic()
            + " partition="
            + record.partition()
            + " offset="
            + record.offset()
            + " error=no alert to="
            + target);
    byte[] key = record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8);
    boolean whole = DeadLetters.holds(key, record.value(), record.headers());
    Headers headers =
        whole
            ? new RecordHeaders(record.headers())
            : DeadLetters.without(record.value() == null ? 0 : record.value().length);
    Map.of(
            "dead-letter-reason", "no alert",
            "dead-letter-topic", record.topic(),
            "dead-letter-partition", String.valueOf(record.partition()),
            "dead-letter-offset", String.valueOf(record.offset()))
        .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    try {
      var unused =
          letters
              .send(
                  new ProducerRecord<>(
                      target,
                      null,
                      Math.max(0, record.timestamp()),
                      whole ? record.key() : null,
                      whole ? record.value() : null,
                      headers))
              .get();
    } catch (ExecutionException e) {
      throw new KafkaException("the dead letter was not taken", e.getCause());
    }
    unreadable.incrementAndGet();
    Meters.DEAD_LETTERS.labels(target.substring(topics.prefix().length())).inc();
  }

  private Set<String> take(Handle handle, Catalogue.Snapshot snapshot, List<Read> read) {
    Instant now = clock.instant();
    Admission admission = admission(handle, snapshot, now);
    for (Read one : read) {
      Alert alert = one.alert();
      int partition = one.record().partition();
      long offset = one.record().offset();
      boolean isNew =
          AlertTable.insert(handle, alert, one.record().value(), partition, offset, now, way(one));
      AlertTable.Row row =
          new AlertTable.Row(alert, one.record().value(), 0, partition, offset, now);
      Set<String> known = isNew ? Set.of() : MatchTable.known(handle, alert.id(), alert.revision());
      Map<String, Long> taking = starts.getOrDefault(partition, Map.of());
      Set<String> reached = new HashSet<>(known);
      for (Subscription subscription : snapshot.index().matches(alert)) {
        Long start = taking.get(subscription.id());
        if (start != null && offset >= start && reached.add(subscription.id())) {
          admission.add(subscription, row);
        }
      }
      if (isNew && !snapshot.file().inhibit().isEmpty()) {
        // What it kept from being told may be needed now.
        MatchTable.review(handle, Reason.INHIBITION.label(), alert.id(), now);
      }
      if (alert.change() == Change.WITHDRAWN) {
        toldBefore(handle, snapshot, row, reached, admission);
        ScheduleTable.reviewSteps(handle, alert.id(), now);
      } else if (isNew && !alert.historical()) {
        for (Escalation escalation : snapshot.file().escalations()) {
          if (escalation.matchers().matches(alert)) {
            ScheduleTable.escalate(handle, alert.id(), escalation.id(), now);
          }
        }
      }
      taken.incrementAndGet();
    }
    return admission.write();
  }

  /**
   * How it came here; what a changed agreement brought forth is no news, and old news none either.
   */
  private static AlertTable.Way way(Read one) {
    Optional<Instant> observed =
        one.alert().historical() ? Optional.empty() : NewsHeaders.observed(one.record().headers());
    return new AlertTable.Way(
        observed.map(any -> one.alert().lastSeen()).orElse(null),
        observed.orElse(null),
        trace(one));
  }

  private static String trace(Read one) {
    if (!Tracing.on()) {
      return null;
    }
    return Tracing.of(one.record().headers())
        .map(
            parent -> {
              Span span =
                  Tracing.span("notify take", SpanKind.CONSUMER, parent)
                      .setAttribute("messaging.system", "kafka")
                      .setAttribute("messaging.destination.name", one.record().topic())
                      .setAttribute("pactwatch.alert", one.alert().revisionKey())
                      .startSpan();
              span.end();
              return Tracing.parent(span);
            })
        .orElse(null);
  }

  /** Who was told of an alert is told that it is withdrawn, whatever its filter says by now. */
  private static void toldBefore(
      Handle handle,
      Catalogue.Snapshot snapshot,
      AlertTable.Row row,
      Set<String> reached,
      Admission admission) {
    Set<String> told = new TreeSet<>(MatchTable.toldOf(handle, row.alert().id()));
    told.addAll(admission.toldHere(row.alert().id()));
    for (String id : told) {
      snapshot
          .find(id)
          .map(Catalogue.Entry::subscription)
          .filter(
              one ->
                  one.filter().changes().isEmpty()
                      || one.filter().changes().contains(Change.WITHDRAWN))
          .filter(one -> reached.add(one.id()))
          .ifPresent(one -> admission.add(one, row));
    }
  }

  private Admission admission(Handle handle, Catalogue.Snapshot snapshot, Instant now) {
    return new Admission(handle, standing.at(handle, snapshot.file(), now), rendering, now);
  }

  /** Finds subscriptions that are new in the partitions that are read here. */
  private Set<String> begin(KafkaConsumer<String, byte[]> reader, Catalogue.Snapshot snapshot) {
    for (TopicPartition partition : reader.assignment()) {
      int number = partition.partition();
      Map<String, Long> known =
          starts.computeIfAbsent(
              number, p -> database.read(handle -> SubscriptionTable.startsIn(handle, p)));
      if (backlogs.containsKey(number) || snapshot.equals(begun.get(number))) {
        continue;
      }
      List<Subscription> fromTheStart = new ArrayList<>();
      for (Catalogue.Entry entry : snapshot.entries().values()) {
        Subscription one = entry.subscription();
        if (known.containsKey(one.id())) {
          continue;
        }
        if (one.start() == Subscription.Start.BEGINNING) {
          fromTheStart.add(one);
        } else {
          long end = reader.endOffsets(List.of(partition)).get(partition);
          database.useTransaction(handle -> SubscriptionTable.start(handle, one.id(), number, end));
          known.put(one.id(), end);
        }
      }
      begun.put(number, snapshot);
      if (!fromTheStart.isEmpty()) {
        backlogs.put(number, new Backlog(fromTheStart, SubscriptionIndex.of(fromTheStart), 0));
      }
    }
    return Set.of();
  }

  /**
   * Shows new subscriptions what was taken in before. Nobody but this thread writes down revisions
   * of the partition: whoever has seen its last one takes part from there on.
   */
  private Set<String> lookBack(Catalogue.Snapshot snapshot, int partition) {
    Backlog backlog = backlogs.get(partition);
    if (backlog == null) {
      return Set.of();
    }
    List<AlertTable.Row> rows =
        database.read(handle -> AlertTable.ofPartition(handle, partition, backlog.seq(), BACKLOG));
    boolean last = rows.size() < BACKLOG;
    Set<String> subscriptions =
        database.inTransaction(
            handle -> {
              Admission admission = admission(handle, snapshot, clock.instant());
              for (AlertTable.Row row : rows) {
                Set<String> known =
                    MatchTable.known(handle, row.alert().id(), row.alert().revision());
                for (Subscription subscription : backlog.index().matches(row.alert())) {
                  if (!known.contains(subscription.id())) {
                    admission.add(subscription, row);
                  }
                }
              }
              if (last) {
                backlog
                    .subscriptions()
                    .forEach(one -> SubscriptionTable.start(handle, one.id(), partition, 0));
              }
              return admission.write();
            });
    if (last) {
      backlog.subscriptions().forEach(one -> starts.get(partition).put(one.id(), 0L));
      backlogs.remove(partition);
    } else {
      backlogs.put(
          partition,
          new Backlog(backlog.subscriptions(), backlog.index(), rows.get(rows.size() - 1).seq()));
    }
    return subscriptions;
  }

  /** Tries until the database takes it; what is written twice stands there once. */
  private void write(Supplier<Set<String>> work) throws InterruptedException {
    int failures = 0;
    while (!stopping()) {
      try {
        Set<String> subscriptions = work.get();
        if (!subscriptions.isEmpty()) {
          owed.accept(subscriptions);
        }
        problem = null;
        return;
      } catch (JdbiException e) {
        failures++;
        if (failures >= MANY_FAILURES) {
          failed("writing to the outbox failed", e);
        }
        if (failures > 1) {
          pause();
        }
      }
    }
    throw new WakeupException();
  }

  private void failed(String what, RuntimeException e) {
    problem = what + ": " + e.getClass().getSimpleName();
    LOG.log(Level.ERROR, what + ", again in " + AGAIN.toSeconds() + " s", e);
  }

  private void pause() throws InterruptedException {
    var unused = stop.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      // Whoever read them before may know of subscriptions that are not known here yet.
      catalogue.refresh();
      forget(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
      partitions.forEach(
          partition -> {
            starts.remove(partition.partition());
            begun.remove(partition.partition());
            backlogs.remove(partition.partition());
          });
    }
  }
}
