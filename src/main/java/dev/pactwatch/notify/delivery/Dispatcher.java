package dev.pactwatch.notify.delivery;

import com.google.common.collect.Lists;
import com.google.common.hash.Hashing;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.channel.Attempt;
import dev.pactwatch.notify.channel.Channel;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SubscriptionTable;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Target;
import dev.pactwatch.telemetry.Meters;
import dev.pactwatch.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Sends what the outbox owes. One thread leases messages and writes down how attempts ended, many
 * at a time; others send. Each endpoint has its own limits, and those that are slow or fail leave
 * half of the senders to the rest, so that none of them delays another.
 */
final class Dispatcher implements Runnable {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Between looks at the whole outbox, for what other instances have put there. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final Duration FAILURE_PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(25);
  private static final Duration MAIL_LEASE = Duration.ofMinutes(3);
  private static final Duration DISABLE = Duration.ofHours(120);
  private static final int[] NOTICES = {50, 70, 90};
  private static final int MOST_RESULTS = 200;

  /** Subscriptions that are leased for in one transaction, others waiting for what it locks. */
  private static final int TOGETHER = 32;

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final Rendering rendering;
  private final String owner;
  private final int workers;
  private final Duration lease;
  private final RetrySchedule schedule;
  private final InstantSource clock;

  private final ExecutorService senders;

  /** Results, and a null-like one that only wakes. */
  private final LinkedBlockingQueue<Optional<Result>> events = new LinkedBlockingQueue<>();

  private final Set<String> hinted = ConcurrentHashMap.newKeySet();
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final PriorityQueue<Again> again = new PriorityQueue<>();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

  /** Results whose transaction failed. */
  private final List<Result> unsettled = new ArrayList<>();

  private boolean disabled;
  private int underWay;
  private int slowUnderWay;
  private Instant looked = Instant.MIN;
  private Duration lookPause = LOOK;
  private volatile boolean stopping;
  private volatile String problem;
  private volatile boolean ended;

  /** When a subscription is worth looking at. */
  private record Again(Instant at, String subscription) implements Comparable<Again> {

    @Override
    public int compareTo(Again other) {
      return at.compareTo(other.at);
    }
  }

  /**
   * @param outcome null when the process stopped before it was sent
   */
  private record Result(
      Endpoint endpoint,
      boolean slow,
      MessageTable.Row row,
      Instant started,
      long millis,
      Outcome outcome) {}

  /**
   * @param owner name of this process among those that share the database
   * @param workers messages on their way at the same time
   * @param lease how long a message is this process's alone; longer than any attempt takes
   */
  Dispatcher(
      NotifyDatabase database,
      Catalogue catalogue,
      Rendering rendering,
      String owner,
      int workers,
      Duration lease,
      RetrySchedule schedule,
      InstantSource clock) {
    this.database = database;
    this.catalogue = catalogue;
    this.rendering = rendering;
    this.owner = owner;
    this.workers = workers;
    this.lease = lease;
    this.schedule = schedule;
    this.clock = clock;
    // Never more tasks than threads; but one that has just ended may not have let go of its thread.
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            workers,
            workers,
            60,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "notify-send");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.senders = pool;
  }

  /** There is something to send to these. */
  void owed(Set<String> subscriptions) {
    hinted.addAll(subscriptions);
    events.add(Optional.empty());
  }

  /** Attempts since the start by how they ended and why, such as {@code failed timeout}. */
  Map<String, Long> counts() {
    Map<String, Long> now = new TreeMap<>();
    counts.forEach((name, count) -> now.put(name, count.get()));
    return now;
  }

  /** What keeps it from working; null while nothing does. */
  String problem() {
    return problem;
  }

  boolean ended() {
    return ended;
  }

  void stop() {
    stopping = true;
    events.add(Optional.empty());
  }

  @Override
  public void run() {
    try {
      // What this very process held before it was killed need not wait for its lease to run out.
      attempt(() -> database.useTransaction(handle -> MessageTable.release(handle, owner)));
      while (!stopping) {
        List<Result> results = await(patience());
        attempt(
            () -> {
              settle(results);
              lease();
            });
      }
      finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
    }
  }

  /** What came back; waits for the first. */
  private List<Result> await(Duration patience) throws InterruptedException {
    List<Result> results = new ArrayList<>(unsettled);
    unsettled.clear();
    Optional<Result> first =
        results.isEmpty()
            ? events.poll(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
            : events.poll();
    if (first != null) {
      first.ifPresent(results::add);
      List<Optional<Result>> more = new ArrayList<>();
      events.drainTo(more, MOST_RESULTS);
      more.forEach(one -> one.ifPresent(results::add));
    }
    return results;
  }

  private void attempt(Runnable work) throws InterruptedException {
    try {
      work.run();
      problem = null;
    } catch (RuntimeException e) {
      problem = "the outbox cannot be worked on: " + e.getClass().getSimpleName();
      LOG.log(Level.ERROR, problem + ", again in " + FAILURE_PAUSE.toSeconds() + " s", e);
      Thread.sleep(FAILURE_PAUSE.toMillis());
    }
  }

  private Duration patience() {
    if (!hinted.isEmpty() && underWay < workers) {
      return PAUSE;
    }
    Instant now = clock.instant();
    Instant next = looked.equals(Instant.MIN) ? now : looked.plus(lookPause);
    if (!again.isEmpty() && again.peek().at().isBefore(next)) {
      next = again.peek().at();
    }
    Duration wait = Duration.between(now, next);
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(LOOK) > 0 ? LOOK : wait;
  }

  // ---- leasing

  private void lease() {
    Instant now = clock.instant();
    if (!now.isBefore(looked.plus(lookPause))) {
      long began = System.nanoTime();
      Map<String, Instant> due = database.read(MessageTable::dueBySubscription);
      looked = now;
      // A look at a long queue takes its time; it is not all there is to do.
      lookPause = max(LOOK, Duration.ofNanos((System.nanoTime() - began) * 20));
      due.forEach(
          (id, at) -> {
            if (!at.isAfter(now)) {
              hinted.add(id);
            } else if (at.isBefore(now.plus(lookPause))) {
              again.add(new Again(at, id));
            }
          });
    }
    while (!again.isEmpty() && !again.peek().at().isAfter(now)) {
      hinted.add(again.remove().subscription());
    }
    if (underWay >= workers) {
      return;
    }
    Catalogue.Snapshot snapshot = catalogue.snapshot();
    List<Ready> ready = new ArrayList<>();
    for (String id : List.copyOf(hinted)) {
      hinted.remove(id);
      snapshot
          .find(id)
          .filter(entry -> entry.state() == SubscriptionTable.State.ACTIVE)
          .flatMap(entry -> ready(entry.subscription(), now))
          .ifPresent(ready::add);
    }
    for (List<Ready> some : Lists.partition(ready, TOGETHER)) {
      lease(some, now);
    }
  }

  /**
   * A subscription that may be sent to.
   *
   * @param held how long what is leased for it is this process's alone
   */
  private record Ready(Endpoint endpoint, Channel channel, Duration held) {

    String id() {
      return endpoint.subscription().id();
    }

    boolean slow() {
      return endpoint.slow() || endpoint.breaker().open();
    }
  }

  private Optional<Ready> ready(Subscription subscription, Instant now) {
    Endpoint endpoint = endpoint(subscription);
    Instant until = endpoint.breaker().open() ? endpoint.breaker().until() : now;
    if (until.isAfter(now)) {
      // Nobody asks what it is owed, which may be much, before it is sent to again.
      again.add(new Again(until, subscription.id()));
      return Optional.empty();
    }
    try {
      Duration held =
          subscription.target() instanceof Target.Email ? max(lease, MAIL_LEASE) : lease;
      return Optional.of(new Ready(endpoint, rendering.channel(subscription), held));
    } catch (ConfigException e) {
      LOG.log(Level.ERROR, "waits: " + e.getMessage());
      again.add(new Again(now.plus(Duration.ofMinutes(1)), subscription.id()));
      return Optional.empty();
    }
  }

  /** Leases for several in one transaction: to begin and end one costs as much as the rest. */
  private void lease(List<Ready> some, Instant now) {
    Map<Ready, List<MessageTable.Row>> leased = new LinkedHashMap<>();
    try {
      database.useTransaction(
          handle -> {
            Set<String> due = MessageTable.due(handle, some.stream().map(Ready::id).toList(), now);
            int room = workers - underWay;
            int slowRoom = Math.max(1, workers / 2) - slowUnderWay;
            for (Ready one : some) {
              if (due.contains(one.id())) {
                List<MessageTable.Row> rows =
                    lease(handle, one, one.slow() ? Math.min(room, slowRoom) : room, now);
                leased.put(one, rows);
                room -= rows.size();
                slowRoom -= one.slow() ? rows.size() : 0;
              }
            }
          });
    } catch (RuntimeException e) {
      some.forEach(one -> hinted.add(one.id()));
      throw e;
    }
    leased.forEach((one, rows) -> rows.forEach(row -> send(one.endpoint(), one.channel(), row)));
  }

  private List<MessageTable.Row> lease(Handle handle, Ready one, int room, Instant now) {
    Endpoint endpoint = one.endpoint();
    int permits = room <= 0 ? 0 : endpoint.permits(now, room);
    if (permits == 0) {
      if (room <= 0 && !one.slow()) {
        hinted.add(one.id());
      } else if (room <= 0 || (endpoint.underWay() == 0 && endpoint.limited())) {
        again.add(new Again(now.plus(PAUSE), one.id()));
      }
      // Otherwise it is looked at again when one that is under way comes back.
      return List.of();
    }
    List<MessageTable.Row> rows =
        MessageTable.lease(handle, one.id(), owner, now, now.plus(one.held()), permits);
    if (rows.size() == permits) {
      hinted.add(one.id());
    }
    return rows;
  }

  private Endpoint endpoint(Subscription subscription) {
    Endpoint known = endpoints.get(subscription.id());
    if (known != null && (known.subscription().equals(subscription) || known.underWay() > 0)) {
      return known;
    }
    Instant pausedUntil =
        known == null
            ? database
                .read(handle -> SubscriptionTable.find(handle, subscription.id()))
                .map(SubscriptionTable.Row::pausedUntil)
                .orElse(null)
            : null;
    Endpoint fresh = new Endpoint(subscription, pausedUntil);
    endpoints.put(subscription.id(), fresh);
    return fresh;
  }

  private void send(Endpoint endpoint, Channel channel, MessageTable.Row row) {
    boolean slow = endpoint.slow() || endpoint.breaker().open();
    endpoint.started();
    underWay++;
    slowUnderWay += slow ? 1 : 0;
    senders.execute(
        () -> {
          Instant started = clock.instant();
          long began = System.nanoTime();
          Outcome outcome;
          Span span = span(endpoint, row);
          try (Scope unused = span.makeCurrent()) {
            outcome = channel.send(row.message(), new Attempt(row.attempts() + 1, row.manual()));
          } catch (InterruptedException e) {
            outcome = null;
          } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "sending failed message=" + row.id(), e);
            outcome =
                new Outcome.Failed(
                    Outcome.Reason.OTHER,
                    "unexpected: " + e.getClass().getSimpleName(),
                    Optional.empty(),
                    Outcome.Trace.NONE);
          }
          long millis = (System.nanoTime() - began) / 1_000_000;
          span.setAttribute("pactwatch.outcome", outcome == null ? "withdrawn" : name(outcome));
          if (!(outcome instanceof Outcome.Delivered)) {
            span.setStatus(StatusCode.ERROR);
          }
          span.end();
          events.add(Optional.of(new Result(endpoint, slow, row, started, millis, outcome)));
        });
  }

  /** Below the traces of what the message tells: the first is the parent, the others are linked. */
  private Span span(Endpoint endpoint, MessageTable.Row row) {
    if (!Tracing.on()) {
      return Span.getInvalid();
    }
    List<Context> told =
        ways(List.of(row.id())).getOrDefault(row.id(), List.of()).stream()
            .flatMap(way -> Tracing.of(way.trace()).stream())
            .toList();
    SpanBuilder span =
        Tracing.span(
            "notify deliver", SpanKind.CLIENT, told.isEmpty() ? Context.root() : told.get(0));
    told.stream()
        .skip(1)
        .forEach(context -> span.addLink(Span.fromContext(context).getSpanContext()));
    return span.setAttribute("pactwatch.channel", endpoint.subscription().target().channel())
        .setAttribute("pactwatch.subscription", endpoint.subscription().id())
        .setAttribute("pactwatch.message", row.id())
        .setAttribute("pactwatch.attempt", row.attempts() + 1)
        .startSpan();
  }

  // ---- what came back

  private void settle(List<Result> results) {
    if (results.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<Settled> all = results.stream().map(result -> settled(result, now)).toList();
    try {
      Set<String> told =
          database.inTransaction(
              handle -> {
                Set<String> subscriptions = new HashSet<>();
                all.forEach(one -> write(handle, one, now, subscriptions));
                return subscriptions;
              });
      hinted.addAll(told);
    } catch (RuntimeException e) {
      unsettled.addAll(results);
      throw e;
    }
    Map<String, List<AlertTable.Way>> ways = ways(delivered(all));
    for (Settled one : all) {
      Result result = one.result();
      Endpoint endpoint = result.endpoint();
      underWay--;
      slowUnderWay -= result.slow() ? 1 : 0;
      if (result.outcome() == null || one.row().kind() == Kind.TEST) {
        endpoint.unsent();
      } else {
        count(result, ways.getOrDefault(one.row().id(), List.of()), now);
        boolean changed =
            endpoint.ended(!(result.outcome() instanceof Outcome.Delivered), result.millis(), now);
        if (changed) {
          breakerChanged(endpoint);
        }
      }
      hinted.add(endpoint.subscription().id());
      if (one.next() != null) {
        again.add(new Again(one.next(), endpoint.subscription().id()));
      }
    }
    if (disabled) {
      // At once, and not when the catalogue is looked at next.
      disabled = false;
      var unused = catalogue.refresh();
    }
  }

  private void breakerChanged(Endpoint endpoint) {
    String id = endpoint.subscription().id();
    Instant until = endpoint.breaker().until();
    LOG.log(
        Level.INFO,
        until == null
            ? "endpoint answers again subscription=" + id
            : "endpoint fails, left alone until " + until + " subscription=" + id);
    database.useTransaction(handle -> SubscriptionTable.pausedUntil(handle, id, until));
  }

  /** An attempt with what follows from it. */
  private record Settled(Result result, MessageState state, int attempts, Instant next) {

    MessageTable.Row row() {
      return result.row();
    }
  }

  private Settled settled(Result result, Instant now) {
    MessageTable.Row row = result.row();
    Outcome outcome = result.outcome();
    int attempts = row.attempts() + 1;
    if (outcome == null) {
      return new Settled(result, MessageState.PENDING, row.attempts(), now);
    }
    if (outcome instanceof Outcome.Delivered) {
      return new Settled(result, MessageState.DELIVERED, attempts, null);
    }
    if (outcome instanceof Outcome.Refused || row.kind() == Kind.TEST) {
      return new Settled(result, MessageState.DEAD, attempts, null);
    }
    if (outcome instanceof Outcome.Gone) {
      // Kept for the day on which the subscription is active again.
      return new Settled(result, MessageState.PENDING, attempts, now);
    }
    Outcome.Failed failed = (Outcome.Failed) outcome;
    Optional<Duration> pause =
        schedule.pause(result.endpoint().subscription().retries(), attempts, failed.notBefore());
    return pause.isEmpty()
        ? new Settled(result, MessageState.DEAD, attempts, null)
        : new Settled(result, MessageState.PENDING, attempts, now.plus(pause.get()));
  }

  private void write(Handle handle, Settled one, Instant now, Set<String> told) {
    Result result = one.result();
    MessageTable.Row row = one.row();
    Outcome outcome = result.outcome();
    if (outcome != null) {
      AttemptTable.insert(handle, attempt(one));
    }
    boolean ours =
        MessageTable.attempted(
            handle, row.id(), owner, one.state(), one.attempts(), one.next(), detail(outcome), now);
    if (outcome == null) {
      return;
    }
    if (!ours) {
      LOG.log(Level.WARNING, "the lease ran out during the attempt message=" + row.id());
      if (!(outcome instanceof Outcome.Delivered)) {
        return;
      }
    }
    if (one.state() == MessageState.DELIVERED) {
      MatchTable.settle(handle, row.id(), MatchState.SENT, now);
    } else if (one.state() == MessageState.DEAD) {
      MatchTable.settle(handle, row.id(), MatchState.DEAD, now);
      LOG.log(
          Level.ERROR,
          "given up after "
              + one.attempts()
              + " attempts message="
              + row.id()
              + " "
              + detail(outcome));
    }
    if (row.kind() != Kind.TEST) {
      health(handle, result.endpoint().subscription(), one, now, told);
    }
  }

  private static AttemptTable.Row attempt(Settled one) {
    Result result = one.result();
    Outcome outcome = result.outcome();
    Outcome.Trace trace = outcome.trace();
    return new AttemptTable.Row(
        0,
        one.row().id(),
        one.row().subscription(),
        one.attempts(),
        one.row().manual(),
        result.started(),
        result.millis(),
        name(outcome),
        reason(outcome),
        detail(outcome),
        trace.address(),
        trace.status(),
        AttemptTable.headers(trace.headers()),
        trace.answer(),
        Hashing.sha256().hashBytes(one.row().message().body()).toString(),
        one.next());
  }

  /** Remembers since when a receiver fails, and gives up on one that has for days. */
  private void health(
      Handle handle, Subscription subscription, Settled one, Instant now, Set<String> told) {
    String id = subscription.id();
    Outcome outcome = one.result().outcome();
    SubscriptionTable.Row row = SubscriptionTable.find(handle, id).orElse(null);
    if (row == null) {
      return;
    }
    if (outcome instanceof Outcome.Delivered) {
      if (row.failingSince() != null) {
        SubscriptionTable.failing(handle, id, null, 0);
      }
      return;
    }
    if (outcome instanceof Outcome.Gone gone) {
      disable(handle, subscription, "the receiver wants no more: " + gone.detail(), now, told);
      return;
    }
    if (one.state() == MessageState.DEAD) {
      notice(
          handle,
          subscription,
          id + "-n-dead-" + now.atZone(ZoneOffset.UTC).toLocalDate(),
          "A message to '"
              + id
              + "' was given up after "
              + one.attempts()
              + " attempts. It can be sent again by hand.",
          now,
          told);
    }
    Instant since = row.failingSince() == null ? one.result().started() : row.failingSince();
    long percent = Duration.between(since, now).toMillis() * 100 / DISABLE.toMillis();
    if (percent >= 100) {
      disable(handle, subscription, "nothing but failures since " + since, now, told);
      return;
    }
    int noticed = row.noticed();
    for (int step : NOTICES) {
      if (percent >= step && noticed < step) {
        noticed = step;
        notice(
            handle,
            subscription,
            id + "-n-" + since.getEpochSecond() + "-" + step,
            "Nothing has reached '"
                + id
                + "' since "
                + since
                + ". It will be disabled at "
                + since.plus(DISABLE)
                + " unless it answers before.",
            now,
            told);
      }
    }
    if (row.failingSince() == null || noticed != row.noticed()) {
      SubscriptionTable.failing(handle, id, since, noticed);
    }
  }

  private void disable(
      Handle handle, Subscription subscription, String why, Instant now, Set<String> told) {
    String id = subscription.id();
    LOG.log(Level.ERROR, "disabled subscription=" + id + " " + why);
    SubscriptionTable.state(handle, id, SubscriptionTable.State.DISABLED, why, now);
    disabled = true;
    notice(
        handle,
        subscription,
        id + "-n-" + now.getEpochSecond() + "-100",
        "'" + id + "' is disabled: " + why + ". What it matches is kept until it is active again.",
        now,
        told);
  }

  private void notice(
      Handle handle, Subscription about, String key, String text, Instant now, Set<String> told) {
    if (about.notices() == null) {
      return;
    }
    catalogue
        .snapshot()
        .find(about.notices())
        .map(Catalogue.Entry::subscription)
        .ifPresent(
            to -> {
              try {
                MessageTable.insert(handle, List.of(rendering.notice(to, key, text, now)));
                told.add(to.id());
              } catch (ConfigException e) {
                LOG.log(Level.ERROR, "no notice: " + e.getMessage());
              }
            });
  }

  /** Nothing but figures and traces lacks what cannot be read here. */
  private Map<String, List<AlertTable.Way>> ways(List<String> messages) {
    try {
      return messages.isEmpty()
          ? Map.of()
          : database.read(handle -> AlertTable.ways(handle, messages));
    } catch (JdbiException e) {
      LOG.log(Level.DEBUG, "ways not read: " + e.getClass().getSimpleName());
      return Map.of();
    }
  }

  /** Those that each tell one revision at once, and so how long that took. */
  private static List<String> delivered(List<Settled> all) {
    return all.stream()
        .filter(one -> one.state() == MessageState.DELIVERED && one.row().kind() == Kind.ALERT)
        .map(one -> one.row().id())
        .toList();
  }

  private void count(Result result, List<AlertTable.Way> ways, Instant now) {
    Outcome outcome = result.outcome();
    String reason = reason(outcome);
    String channel = result.endpoint().subscription().target().channel();
    Meters.DELIVERIES.labels(channel, name(outcome), reason == null ? "" : reason).inc();
    Meters.ATTEMPT.labels(channel).observe(result.millis() / 1000.0);
    if (result.row().attempts() > 0) {
      Meters.RETRIES.labels(channel).inc();
    }
    if (outcome instanceof Outcome.Delivered && !result.row().manual()) {
      ways.stream()
          .filter(way -> way.observed() != null)
          .forEach(way -> Meters.lag(Meters.End.DELIVERY, way.published(), way.observed(), now));
    }
    counts
        .computeIfAbsent(
            reason == null ? name(outcome) : name(outcome) + " " + reason, n -> new AtomicLong())
        .incrementAndGet();
  }

  private static String name(Outcome outcome) {
    return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String reason(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return Kebab.of(failed.reason());
    }
    return outcome instanceof Outcome.Refused refused ? Kebab.of(refused.reason()) : null;
  }

  private static String detail(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.detail();
    }
    if (outcome instanceof Outcome.Refused refused) {
      return refused.detail();
    }
    return outcome instanceof Outcome.Gone gone ? gone.detail() : null;
  }

  // ---- the end

  /** Lets what is under way come to an end, and gives back the rest. */
  private void finish() throws InterruptedException {
    long end = System.nanoTime() + STOP.toNanos();
    boolean told = false;
    while (underWay > 0 && System.nanoTime() < end) {
      List<Result> results = await(PAUSE);
      attempt(() -> settle(results));
      if (!told && System.nanoTime() > end - STOP.toNanos() / 2) {
        senders.shutdownNow();
        told = true;
      }
    }
    senders.shutdownNow();
    attempt(() -> database.useTransaction(handle -> MessageTable.release(handle, owner)));
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
