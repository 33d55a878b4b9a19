package dev.pactwatch.notify.delivery;

import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SubscriptionTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The role {@code notify}: alerts come in from their topic, and messages go out. Any number of
 * these share one database.
 */
public final class Notifier implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Notifier.class.getName());

  private static final Duration REFRESH = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(30);

  /**
   * @param instance name under which this process comes back after it was killed; null for none
   * @param workers messages on their way at the same time
   * @param lease how long a message is one process's alone
   * @param retention how long what is done is kept
   */
  public record Options(String instance, int workers, Duration lease, Duration retention) {

    /** What suits most installations. */
    public static final Options DEFAULT =
        new Options(null, 64, Duration.ofSeconds(60), Duration.ofDays(90));
  }

  /**
   * How it stands.
   *
   * @param joined whether alerts are read, here or by others of the group
   * @param problems what keeps it from working
   * @param taken alert revisions taken in since the start
   * @param unreadable records that were no alerts, since the start
   * @param attempts since the start, by how they ended and why
   * @param matched rows of the whole installation by state: matched = sent + suppressed + pending +
   *     dead
   * @param suppressed rows of the whole installation by reason
   * @param messages of the whole installation by state
   */
  public record Status(
      boolean joined,
      List<String> problems,
      long taken,
      long unreadable,
      Map<String, Long> attempts,
      Map<MatchState, Long> matched,
      Map<String, Long> suppressed,
      Map<MessageState, Long> messages) {}

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final Intake intake;
  private final Planner planner;
  private final Dispatcher dispatcher;
  private final List<Thread> threads;
  private final ScheduledExecutorService refresher;
  private volatile Catalogue.Snapshot published;
  private volatile boolean stopped;

  private Notifier(
      NotifyDatabase database,
      Catalogue catalogue,
      Rendering rendering,
      KafkaClients kafka,
      Topics topics,
      Options options,
      InstantSource clock) {
    this.database = database;
    this.catalogue = catalogue;
    String owner = options.instance() == null ? UUID.randomUUID().toString() : options.instance();
    this.dispatcher =
        new Dispatcher(
            database,
            catalogue,
            rendering,
            owner,
            options.workers(),
            options.lease(),
            new RetrySchedule(ThreadLocalRandom::current),
            clock);
    this.intake =
        new Intake(
            database,
            catalogue,
            rendering,
            kafka,
            topics,
            options.instance(),
            clock,
            dispatcher::owed);
    this.planner =
        new Planner(database, catalogue, rendering, options.retention(), clock, dispatcher::owed);
    this.threads =
        List.of(
            new Thread(dispatcher, "notify-dispatch"),
            new Thread(planner, "notify-plan"),
            new Thread(intake, "notify-intake"));
    this.refresher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "notify-catalogue");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts it. What is given stays the caller's, and is closed after this.
   *
   * @throws dev.pactwatch.config.ConfigException when a subscription of the file cannot be used as
   *     this process is set up
   */
  public static Notifier start(
      NotifyDatabase database,
      Catalogue catalogue,
      Rendering rendering,
      KafkaClients kafka,
      Topics topics,
      Options options,
      InstantSource clock) {
    catalogue.snapshot().file().subscriptions().forEach(rendering::channel);
    Notifier notifier = new Notifier(database, catalogue, rendering, kafka, topics, options, clock);
    notifier.published = catalogue.publish();
    notifier.threads.forEach(Thread::start);
    var unused =
        notifier.refresher.scheduleWithFixedDelay(
            notifier::refresh, REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    LOG.log(Level.INFO, "notifying subscriptions=" + notifier.published.entries().size());
    return notifier;
  }

  /** How it stands; asks the database. */
  public Status status() {
    return new Status(
        intake.joined(),
        Stream.of(intake.problem(), planner.problem(), dispatcher.problem())
            .filter(Objects::nonNull)
            .toList(),
        intake.taken(),
        intake.unreadable(),
        dispatcher.counts(),
        database.read(handle -> MatchTable.counts(handle, null)),
        database.read(handle -> MatchTable.suppressions(handle, null)),
        database.read(handle -> MessageTable.counts(handle, null)));
  }

  /**
   * Figures of the whole installation.
   *
   * @param owed messages to active subscriptions that are not done
   * @param oldest when the oldest of them was made; null where there is none
   * @param dead messages that were given up
   * @param breakers subscriptions that are left alone because they fail, by channel; every channel
   *     in use is there
   * @param subscriptions by state
   * @param suppressed revisions that a subscription is not told of, by reason
   */
  public record Figures(
      long owed,
      Instant oldest,
      long dead,
      Map<String, Long> breakers,
      Map<SubscriptionTable.State, Long> subscriptions,
      Map<String, Long> suppressed) {}

  /** Figures for those who watch; asks the database. */
  public Figures figures() {
    return database.read(
        handle -> {
          Map<String, Long> breakers = new TreeMap<>();
          Map<SubscriptionTable.State, Long> states = new EnumMap<>(SubscriptionTable.State.class);
          for (SubscriptionTable.Row row : SubscriptionTable.all(handle)) {
            states.merge(row.state(), 1L, Long::sum);
            catalogue
                .snapshot()
                .find(row.id())
                .ifPresent(
                    entry ->
                        breakers.merge(
                            entry.subscription().target().channel(),
                            row.pausedUntil() == null ? 0L : 1L,
                            Long::sum));
          }
          MessageTable.Owed owed = MessageTable.owed(handle);
          return new Figures(
              owed.messages(),
              owed.oldest(),
              owed.dead(),
              breakers,
              states,
              MatchTable.suppressions(handle, null));
        });
  }

  /** Whether every part runs, or was stopped. */
  public boolean alive() {
    return stopped || !(intake.ended() || planner.ended() || dispatcher.ended());
  }

  private void refresh() {
    try {
      if (!catalogue.refresh().equals(published)) {
        published = catalogue.publish();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "subscriptions cannot be read, and stay as they were", e);
    }
  }

  /** Lets attempts under way come to an end, for half a minute at most. */
  @Override
  public void close() {
    stopped = true;
    refresher.shutdownNow();
    intake.stop();
    planner.stop();
    dispatcher.stop();
    long end = System.nanoTime() + STOP.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        if (thread.isAlive()) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
