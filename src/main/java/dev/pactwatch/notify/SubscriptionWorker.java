package dev.pactwatch.notify;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Delivers to one subscription. A delivery that fails holds back its own partition, and thereby the
 * later revisions of its alert, until it succeeds or the schedule ends; meanwhile the partition is
 * paused and the consumer goes on polling, so that it stays in its group. The count of attempts
 * lives in memory: after a restart the schedule begins anew.
 */
final class SubscriptionWorker implements Runnable {

  private static final Logger LOG = Logger.getLogger(SubscriptionWorker.class);

  private static final Duration POLL = Duration.ofMillis(500);

  /** After so long the worker polls again, even with deliveries left to make. */
  private static final Duration SLICE = Duration.ofSeconds(1);

  private static final Duration RECONNECT = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private static final class Pending {
    final ConsumerRecord<String, byte[]> record;
    int attempts;
    Instant due = Instant.MIN;

    Pending(ConsumerRecord<String, byte[]> record) {
      this.record = record;
    }
  }

  private final Subscription subscription;
  private final Channel channel;
  private final String topic;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final RetrySchedule schedule;
  private final InstantSource clock;
  private final SubscriptionState state;
  private final CountDownLatch stop = new CountDownLatch(1);

  private final Map<TopicPartition, Deque<Pending>> queues = new LinkedHashMap<>();

  /** Next offset per partition, not yet committed. */
  private final Map<TopicPartition, OffsetAndMetadata> settled = new HashMap<>();

  private volatile Consumer<String, byte[]> consumer;
  private boolean disabled;

  SubscriptionWorker(
      Subscription subscription,
      Channel channel,
      String topic,
      Supplier<Consumer<String, byte[]>> consumers,
      RetrySchedule schedule,
      InstantSource clock) {
    this.subscription = subscription;
    this.channel = channel;
    this.topic = topic;
    this.consumers = consumers;
    this.schedule = schedule;
    this.clock = clock;
    this.state = new SubscriptionState(subscription.id());
  }

  SubscriptionState.Snapshot snapshot() {
    return state.snapshot();
  }

  /** Asks the worker to stop; it finishes the attempt under way. */
  void stop() {
    stop.countDown();
    Consumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping()) {
        connect();
        try {
          while (!stopping()) {
            step();
          }
        } catch (WakeupException | InterruptedException | InterruptException e) {
          LOG.debugf("subscription=%s is told to stop", subscription.id());
        } catch (RuntimeException e) {
          LOG.errorf(
              e,
              "reading alerts failed, again in %s subscription=%s",
              RECONNECT,
              subscription.id());
          state.broken("reading alerts failed: " + e.getClass().getSimpleName());
        } finally {
          disconnect();
        }
        if (stop.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      state.stopped();
    }
  }

  /** Joins the group. */
  void connect() {
    consumer = consumers.get();
    consumer.subscribe(List.of(topic), new Rebalance());
  }

  /** One round: read, deliver what is due, commit. */
  void step() throws InterruptedException {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(patience())) {
      queues
          .computeIfAbsent(
              new TopicPartition(record.topic(), record.partition()), p -> new ArrayDeque<>())
          .add(new Pending(record));
    }
    if (!consumer.assignment().isEmpty()) {
      state.joined();
    }
    try {
      work();
    } finally {
      commit();
    }
    Set<TopicPartition> busy =
        queues.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .collect(java.util.stream.Collectors.toSet());
    consumer.pause(busy);
    List<TopicPartition> idle = new ArrayList<>(consumer.assignment());
    idle.removeAll(busy);
    consumer.resume(idle);
  }

  private Duration patience() {
    if (disabled) {
      return POLL;
    }
    Instant now = clock.instant();
    return queues.values().stream()
        .filter(queue -> !queue.isEmpty())
        .map(queue -> queue.peek().due)
        .min(Instant::compareTo)
        .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO)
        .filter(wait -> wait.compareTo(POLL) < 0)
        .orElse(POLL);
  }

  private void work() throws InterruptedException {
    Instant end = clock.instant().plus(SLICE);
    for (Map.Entry<TopicPartition, Deque<Pending>> entry : queues.entrySet()) {
      Deque<Pending> queue = entry.getValue();
      while (!disabled && !queue.isEmpty()) {
        Instant now = clock.instant();
        if (now.isAfter(end) || stopping()) {
          return;
        }
        Pending head = queue.peek();
        if (head.due.isAfter(now) || !settle(head)) {
          break;
        }
        queue.remove();
        settled.put(entry.getKey(), new OffsetAndMetadata(head.record.offset() + 1));
      }
    }
  }

  /** Whether nothing is left to do for the record. */
  private boolean settle(Pending pending) throws InterruptedException {
    ConsumerRecord<String, byte[]> record = pending.record;
    Optional<Alert> read = read(record);
    if (read.isEmpty()) {
      state.unreadable();
      return true;
    }
    Alert alert = read.get();
    Optional<Filter.Rejection> rejection = subscription.filter().reject(alert);
    if (rejection.isPresent()) {
      state.suppressed(rejection.get());
      return true;
    }
    Outcome outcome = channel.deliver(new Delivery(subscription.id(), alert, record.value()));
    pending.attempts++;
    if (outcome instanceof Outcome.Delivered) {
      state.delivered();
      return true;
    }
    if (outcome instanceof Outcome.Gone gone) {
      disabled = true;
      state.disabled(gone.detail());
      LOG.errorf(
          "subscription disabled until the next start, its alerts are held subscription=%s: %s",
          subscription.id(), gone.detail());
      return false;
    }
    return giveUp(pending, (Outcome.Failed) outcome);
  }

  private boolean giveUp(Pending pending, Outcome.Failed failure) {
    state.failed(failure.detail());
    ConsumerRecord<String, byte[]> record = pending.record;
    Optional<Duration> pause = schedule.pause(pending.attempts, failure.notBefore());
    if (pause.isEmpty()) {
      state.dead();
      LOG.errorf(
          "delivery given up subscription=%s topic=%s partition=%d offset=%d attempts=%d: %s",
          subscription.id(),
          record.topic(),
          record.partition(),
          record.offset(),
          pending.attempts,
          failure.detail());
      return true;
    }
    pending.due = clock.instant().plus(pause.get());
    LOG.warnf(
        "delivery failed subscription=%s topic=%s partition=%d offset=%d attempt=%d again in %s: %s",
        subscription.id(),
        record.topic(),
        record.partition(),
        record.offset(),
        pending.attempts,
        pause.get(),
        failure.detail());
    return false;
  }

  private Optional<Alert> read(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.value() != null) {
        Alert alert = Json.read(record.value(), Alert.class);
        if (alert != null) {
          return Optional.of(alert);
        }
      }
      LOG.warnf(
          "record without an alert skipped subscription=%s topic=%s partition=%d offset=%d",
          subscription.id(), record.topic(), record.partition(), record.offset());
    } catch (IOException e) {
      // The parser's message quotes the record; the coordinates are enough to find it.
      LOG.warnf(
          "record that is no alert skipped subscription=%s topic=%s partition=%d offset=%d",
          subscription.id(), record.topic(), record.partition(), record.offset());
    }
    return Optional.empty();
  }

  private void commit() {
    if (!settled.isEmpty()) {
      consumer.commitSync(Map.copyOf(settled));
      settled.clear();
    }
  }

  private void disconnect() {
    try {
      // What the call to stop kept from being committed.
      commit();
    } catch (RuntimeException e) {
      LOG.debugf(e, "last commit failed subscription=%s", subscription.id());
    }
    try {
      consumer.close(CloseOptions.timeout(CLOSE));
    } catch (RuntimeException e) {
      LOG.warnf(e, "consumer did not close cleanly subscription=%s", subscription.id());
    } finally {
      queues.clear();
      settled.clear();
    }
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (subscription.start() == Subscription.Start.BEGINNING || partitions.isEmpty()) {
        return;
      }
      List<TopicPartition> fresh = new ArrayList<>(partitions);
      consumer
          .committed(Set.copyOf(partitions))
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  fresh.remove(partition);
                }
              });
      if (fresh.isEmpty()) {
        return;
      }
      consumer.seekToEnd(fresh);
      // Committed at once: from here on nothing is missed, even when the process dies before the
      // first alert.
      Map<TopicPartition, OffsetAndMetadata> from = new HashMap<>();
      fresh.forEach(
          partition -> from.put(partition, new OffsetAndMetadata(consumer.position(partition))));
      consumer.commitSync(from);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commit();
      partitions.forEach(queues::remove);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      partitions.forEach(settled::remove);
      partitions.forEach(queues::remove);
    }
  }
}
