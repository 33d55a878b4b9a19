package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Polls the feeds of the list that are this instance's, for as long as it runs. One thread decides
 * who is due; a few workers poll; each poll's articles and state are committed in one step. A feed
 * that is slow, broken or hostile costs one worker for at most the client's total deadline, and
 * nobody else anything.
 */
public final class Poller implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Poller.class.getName());

  /** How long the scheduler sleeps at most: the clock may be another than the one it sleeps by. */
  private static final long LOOK_AGAIN_MILLIS = 200;

  private static final Duration REOPEN_FIRST = Duration.ofMillis(500);
  private static final Duration REOPEN_LONGEST = Duration.ofSeconds(30);

  /** How long polls of feeds that another instance takes over may go on before they are cut off. */
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(3);

  private static final int MAX_INBOX = 64;

  private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(1);

  /** Where the poller stands. */
  public enum Status {
    NEW,
    /** Finding out which feeds are this instance's, and reading their state. */
    OPENING,
    /** Polling what is this instance's; with more instances than slots that is nothing. */
    RUNNING,
    /** The log cannot be written; opened again with growing pauses. */
    LOG_LOST,
    STOPPED
  }

  private final Supplier<List<FeedEntry>> list;
  private final OutboundClient http;
  private final FeedPoll polls;
  private final FullText pages;
  private final FeedLog log;
  private final DomainGate gate;
  private final IngestSettings settings;
  private final InstantSource clock;
  private final IngestCounters counters = new IngestCounters();
  private final ExecutorService workers;
  private final Thread scheduler;

  private final Object lock = new Object();
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, FeedState> states = new HashMap<>();
  private final Map<String, FeedState> running = new HashMap<>();
  private final Object commits = new Object();
  private volatile Status status = Status.NEW;
  private volatile String problem;
  private volatile boolean stopping;
  private boolean logLost;
  private List<FeedEntry> lastList = List.of();
  private String lastComplaint;
  private final Set<String> cutOff = new HashSet<>();
  private final FeedLog.Owner owner = new Share();
  private final Deque<PushMessage> inbox = new ArrayDeque<>();
  private volatile WebSub hubs;
  private volatile Rediscovery rediscovery = feed -> Optional.empty();

  /** The poller as it is used: all parts made from these. */
  public static Poller create(
      Supplier<List<FeedEntry>> list,
      OutboundClient http,
      FeedReader reader,
      FeedLog log,
      IngestSettings settings,
      InstantSource clock) {
    PollSchedule schedule = new PollSchedule(settings, new Random(settings.seed()));
    return new Poller(
        list,
        http,
        new FeedPoll(http, reader, schedule, settings, clock),
        null,
        log,
        settings,
        clock);
  }

  /** The same that reads the pages of articles where users ask for it. */
  public static Poller create(
      Supplier<List<FeedEntry>> list,
      OutboundClient http,
      FeedReader reader,
      FullText pages,
      FeedLog log,
      IngestSettings settings,
      InstantSource clock) {
    PollSchedule schedule = new PollSchedule(settings, new Random(settings.seed()));
    return new Poller(
        list,
        http,
        new FeedPoll(http, reader, schedule, settings, clock),
        pages,
        log,
        settings,
        clock);
  }

  /**
   * @param list asked several times a second, so that feeds can be added and removed while it runs;
   *     cheap, and a ConfigException keeps the list as it was
   * @param http the client that {@code polls} uses; it stays open
   * @param pages reads the pages of articles; null for none
   * @param log opened by {@link #start} and closed by {@link #stop}
   */
  public Poller(
      Supplier<List<FeedEntry>> list,
      OutboundClient http,
      FeedPoll polls,
      FullText pages,
      FeedLog log,
      IngestSettings settings,
      InstantSource clock) {
    this.list = list;
    this.http = http;
    this.polls = polls;
    this.pages = pages;
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.gate = new DomainGate(settings);
    this.workers =
        Executors.newFixedThreadPool(settings.workers(), task -> daemon(task, "ingest-worker"));
    this.scheduler = daemon(this::run, "ingest-scheduler");
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Lets hubs push what they have; to be called before the start. */
  public void use(WebSub webSub) {
    hubs = webSub;
  }

  /** Looks for feeds that have vanished; to be called before the start. */
  public void use(Rediscovery finder) {
    rediscovery = finder;
  }

  /** Starts; returns at once. A poller starts once. */
  public void start() {
    scheduler.start();
  }

  public Status status() {
    return status;
  }

  /** Whether its thread runs, or was stopped. */
  public boolean alive() {
    return stopping || status != Status.STOPPED;
  }

  /** Why it is not running, for people; empty while all is well. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  public IngestCounters counters() {
    return counters;
  }

  /** Whether the feed is polled by this instance, as things stand. */
  public boolean owns(String feed) {
    return log.owns(feed);
  }

  /** State of every feed that this instance polls, by address. */
  public Map<String, FeedState> states() {
    synchronized (lock) {
      return new TreeMap<>(states);
    }
  }

  /** Polls the feed as soon as its domain allows, whenever it would be due. */
  public void pollSoon(String feed) {
    synchronized (lock) {
      states.computeIfPresent(feed, (url, state) -> dueNow(state));
      wake.release();
    }
  }

  private FeedState dueNow(FeedState state) {
    return state.dueAt(new PollDecision(clock.instant(), 0, "asked for", List.of()));
  }

  /**
   * Stops: no new polls, running ones are cut off after half of the time, nothing half done is
   * committed. Returns within the given time, or a little more when a commit is under way.
   */
  public void stop(Duration within) {
    synchronized (lock) {
      stopping = true;
      wake.release();
    }
    workers.shutdown();
    long half = within.toMillis() / 2;
    try {
      if (!workers.awaitTermination(half, TimeUnit.MILLISECONDS)) {
        http.cancelAll();
        workers.shutdownNow();
        if (!workers.awaitTermination(half, TimeUnit.MILLISECONDS)) {
          LOG.log(Level.WARNING, "stop overdue" + LogText.pair("running", runningNow()));
        }
      }
      // Interrupted only if it must be: then it could not take leave of the other instances.
      scheduler.join(Math.max(1, half));
      scheduler.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (commits) {
      log.close();
    }
    status = Status.STOPPED;
  }

  /** Stops within five seconds. */
  @Override
  public void close() {
    stop(Duration.ofSeconds(5));
  }

  private int runningNow() {
    synchronized (lock) {
      return running.size();
    }
  }

  private void run() {
    try {
      open(Status.OPENING);
      while (!stopping) {
        if (lost()) {
          open(Status.LOG_LOST);
        }
        attend();
        lookOnce();
      }
    } catch (InterruptedException e) {
      // Only stop() interrupts this thread.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      problem = "the scheduler ended: " + e.getClass().getSimpleName();
      status = Status.STOPPED;
      LOG.log(Level.ERROR, "scheduler ended", e);
    }
  }

  private boolean lost() {
    synchronized (lock) {
      return logLost;
    }
  }

  /** Opens the log, trying for as long as it takes. */
  private void open(Status meanwhile) throws InterruptedException {
    status = meanwhile;
    Duration pause = REOPEN_FIRST;
    // Running polls began from states that may not be the last: they end before others are read.
    while (runningNow() > 0 && !stopping) {
      pause(LOOK_AGAIN_MILLIS);
    }
    while (!stopping) {
      try {
        synchronized (lock) {
          states.clear();
          cutOff.clear();
        }
        synchronized (commits) {
          log.open();
        }
        synchronized (lock) {
          logLost = false;
        }
        return;
      } catch (FeedLog.Lost e) {
        problem = e.getMessage();
        LOG.log(Level.WARNING, "log not open" + LogText.pair("reason", e.getMessage()));
        pause(pause.toMillis());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(REOPEN_LONGEST) > 0 ? REOPEN_LONGEST : pause;
      }
    }
  }

  private void attend() throws InterruptedException {
    if (stopping || lost()) {
      return;
    }
    try {
      if (log.attend(owner) && status != Status.RUNNING) {
        status = Status.RUNNING;
        problem = null;
      }
    } catch (FeedLog.Lost e) {
      problem = e.getMessage();
      LOG.log(Level.WARNING, "log lost" + LogText.pair("reason", e.getMessage()));
      synchronized (lock) {
        logLost = true;
      }
      pause(REOPEN_FIRST.toMillis());
    }
  }

  /** The feeds of the list that are this instance's. */
  private final class Share implements FeedLog.Owner {

    @Override
    public void took(Map<String, FeedState> taken) {
      synchronized (lock) {
        taken.forEach((feed, state) -> states.merge(feed, state, FeedState::later));
      }
      gate.restore(taken.values());
    }

    @Override
    public void leave(Predicate<String> leaving) {
      synchronized (lock) {
        states.keySet().removeIf(leaving);
      }
      if (ended(leaving, LEAVE_WITHIN)) {
        return;
      }
      Set<String> urls = new HashSet<>();
      synchronized (lock) {
        running.values().stream()
            .filter(state -> leaving.test(state.feed()))
            .forEach(
                state -> {
                  cutOff.add(state.feed());
                  urls.add(state.url());
                });
      }
      http.cancel(urls);
      if (!ended(leaving, CUT_OFF_WITHIN)) {
        LOG.log(Level.WARNING, "polls go on though their feeds have gone to another instance");
      }
    }

    @Override
    public void pushed(PushMessage message) {
      synchronized (lock) {
        // What does not fit is found by the next poll, like everything that a hub fails to push.
        if (inbox.size() < MAX_INBOX) {
          inbox.add(message);
        }
      }
    }

    private boolean ended(Predicate<String> leaving, Duration within) {
      long deadline = System.nanoTime() + within.toNanos();
      while (true) {
        synchronized (lock) {
          if (running.keySet().stream().noneMatch(leaving)) {
            return true;
          }
        }
        if (System.nanoTime() > deadline) {
          return false;
        }
        try {
          pause(20);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
  }

  private void lookOnce() throws InterruptedException {
    List<FeedEntry> feeds = feeds();
    takePushes();
    synchronized (lock) {
      dismissRetired(feeds);
      Instant now = clock.instant();
      List<FeedState> due = new ArrayList<>();
      for (FeedEntry feed : feeds) {
        if (!log.owns(feed.url())) {
          continue;
        }
        FeedState state = states.computeIfAbsent(feed.url(), FeedState::fresh);
        if (state.retired() == null
            && !running.containsKey(state.feed())
            && !state.due().isAfter(now)) {
          due.add(state);
        }
      }
      due.sort(Comparator.comparing(FeedState::due));
      for (FeedState state : due) {
        if (stopping || logLost || running.size() >= settings.workers()) {
          break;
        }
        // However many servers are slow or silent: half of the workers are there for the others.
        if (state.failures() > 0 && failing() >= Math.max(1, settings.workers() / 2)) {
          continue;
        }
        if (gate.tryStart(state.url(), now)) {
          running.put(state.feed(), state);
          workers.execute(() -> work(state));
        }
      }
    }
    if (!stopping && !lost()) {
      pause(LOOK_AGAIN_MILLIS);
    }
  }

  /**
   * Who takes a retired feed off the list and puts it back some day wants it asked again. That is
   * noted when it goes, as its coming back may fall between two runs.
   */
  private void dismissRetired(List<FeedEntry> feeds) {
    List<FeedState> retired =
        states.values().stream()
            .filter(state -> state.retired() != null && !running.containsKey(state.feed()))
            .toList();
    if (retired.isEmpty() || stopping || logLost) {
      return;
    }
    Set<String> listed = new HashSet<>();
    feeds.forEach(feed -> listed.add(feed.url()));
    for (FeedState state : retired) {
      if (!listed.contains(state.feed()) && log.owns(state.feed())) {
        running.put(state.feed(), state);
        workers.execute(
            () -> {
              try {
                commit(List.of(), dueNow(state));
              } finally {
                synchronized (lock) {
                  running.remove(state.feed());
                }
                wake.release();
              }
            });
      }
    }
  }

  private void takePushes() {
    synchronized (lock) {
      Iterator<PushMessage> messages = inbox.iterator();
      while (messages.hasNext() && !stopping && !logLost) {
        PushMessage message = messages.next();
        FeedState state = states.get(message.feed());
        if (state != null && running.containsKey(message.feed())) {
          continue;
        }
        messages.remove();
        if (state == null) {
          continue;
        }
        if (message.kind() == PushMessage.Kind.CONTENT && message.body().length == 0) {
          states.put(message.feed(), dueNow(state));
        } else {
          running.put(message.feed(), state);
          workers.execute(() -> take(message, state));
        }
      }
    }
  }

  private void take(PushMessage message, FeedState state) {
    Span span =
        Tracing.span("ingest push", SpanKind.INTERNAL)
            .setAttribute("pactwatch.feed", FeedEntry.id(state.feed()))
            .startSpan();
    try (Scope unused = span.makeCurrent()) {
      FeedPoll.Result result = polls.pushed(state, message);
      if (!stopping && !isCutOff(state.feed())) {
        keep(result);
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "push crashed" + LogText.pair("feed", state.feed()), e);
    } finally {
      span.end();
      synchronized (lock) {
        running.remove(state.feed());
      }
      wake.release();
    }
  }

  /** Makes the outcome durable, then ours. False when it is not. */
  private boolean keep(FeedPoll.Result result) {
    if (!commit(result.articles(), result.state())) {
      return false;
    }
    synchronized (lock) {
      counters.add(result.report());
    }
    log(result.report());
    return true;
  }

  /** What a poll leads to besides its items: a subscription, or a search for where the feed is. */
  private void followUp(FeedPoll.Result result) {
    FeedState state = result.state();
    if (result.report().problem() == null) {
      Optional.ofNullable(hubs)
          .flatMap(asked -> asked.subscribe(state))
          .ifPresent(push -> commit(List.of(), state.with(push)));
    } else if (FeedPoll.vanished(state.trouble())) {
      entry(state.feed())
          .flatMap(rediscovery::find)
          .filter(found -> !found.equals(state.feed()))
          .ifPresent(
              found -> {
                LOG.log(
                    Level.WARNING,
                    "feed may have moved"
                        + LogText.pair("feed", state.feed())
                        + LogText.pair("perhaps", found));
                commit(List.of(), state.suggesting(found));
              });
    }
  }

  private Optional<FeedEntry> entry(String feed) {
    synchronized (lock) {
      return lastList.stream().filter(entry -> entry.url().equals(feed)).findFirst();
    }
  }

  private long failing() {
    return running.values().stream().filter(state -> state.failures() > 0).count();
  }

  /** The list as it is now, or as it was last when it cannot be read while somebody edits it. */
  private List<FeedEntry> feeds() {
    try {
      List<FeedEntry> read = List.copyOf(list.get());
      synchronized (lock) {
        lastList = read;
      }
    } catch (ConfigException e) {
      if (!e.getMessage().equals(lastComplaint)) {
        LOG.log(Level.WARNING, "feed list kept as it was" + LogText.pair("reason", e.getMessage()));
      }
      lastComplaint = e.getMessage();
    }
    return lastList;
  }

  /** Until something happened, or the time is over. */
  private void pause(long millis) throws InterruptedException {
    wake.tryAcquire(millis, TimeUnit.MILLISECONDS);
    wake.drainPermits();
  }

  private void work(FeedState state) {
    Span span =
        Tracing.span("ingest poll", SpanKind.INTERNAL)
            .setAttribute("pactwatch.feed", FeedEntry.id(state.feed()))
            .startSpan();
    try (Scope unused = span.makeCurrent()) {
      FeedPoll.Result result;
      try {
        result = poll(state);
      } finally {
        // Before pages are asked for: those of the feed's own site wait for a place as well.
        gate.finished(state.url());
      }
      if (result.report().throttledSeconds() > 0) {
        gate.leaveAlone(
            state.url(), clock.instant().plusSeconds(result.report().throttledSeconds()));
      }
      if (pages != null && !stopping) {
        result =
            pages.enrich(
                result,
                (address, within, request) -> inTurn(state.feed(), address, within, request));
      }
      // A poll that was cut off by stop() or by another instance's taking over says nothing about
      // the feed.
      if (!stopping && !isCutOff(state.feed()) && keep(result)) {
        followUp(result);
      }
      span.setAttribute("pactwatch.outcome", Kebab.of(result.report().outcome()));
    } finally {
      span.end();
      synchronized (lock) {
        running.remove(state.feed());
      }
      wake.release();
    }
  }

  private boolean isCutOff(String feed) {
    synchronized (lock) {
      return cutOff.remove(feed);
    }
  }

  private boolean mustLeave(String feed) {
    synchronized (lock) {
      return cutOff.contains(feed);
    }
  }

  /** A request in its domain's turn, as any poll; null when there is none in time. */
  private OutboundResult inTurn(
      String feed, String address, Duration within, FullText.Pace.Request request)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (!gate.tryStart(address, clock.instant())) {
      if (stopping || mustLeave(feed) || System.nanoTime() > end) {
        return null;
      }
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
    try {
      return request.send();
    } finally {
      gate.finished(address);
    }
  }

  private FeedPoll.Result poll(FeedState state) {
    try {
      return polls.poll(state);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "poll crashed" + LogText.pair("feed", state.feed()), e);
      return polls.crashed(state, e);
    }
  }

  /** Makes a state durable with its articles, then ours. False when it was not committed. */
  private boolean commit(List<Article> articles, FeedState state) {
    synchronized (commits) {
      if (lost()) {
        return false;
      }
      try {
        if (!log.commit(articles, state)) {
          return false;
        }
        synchronized (lock) {
          if (log.owns(state.feed())) {
            states.put(state.feed(), state);
          }
        }
        return true;
      } catch (FeedLog.Lost e) {
        problem = e.getMessage();
        LOG.log(
            Level.WARNING,
            "not committed"
                + LogText.pair("feed", state.feed())
                + LogText.pair("reason", e.getMessage()));
        synchronized (lock) {
          logLost = true;
        }
        return false;
      }
    }
  }

  private static void log(PollReport report) {
    boolean bad = report.outcome() == PollReport.Outcome.FAILED;
    Level level =
        bad || !report.notices().isEmpty()
            ? Level.WARNING
            : report.published() > 0 ? Level.INFO : Level.DEBUG;
    if (!LOG.isLoggable(level)) {
      return;
    }
    StringBuilder line = new StringBuilder("poll");
    line.append(LogText.pair("feed", report.feed()))
        .append(LogText.pair("outcome", Kebab.of(report.outcome())))
        .append(LogText.pair("status", report.status()))
        .append(LogText.pair("items", report.items()))
        .append(LogText.pair("published", report.published()))
        .append(LogText.pair("edited", report.edited()))
        .append(LogText.pair("known", report.known()))
        .append(LogText.pair("rejected", report.rejectedTotal()));
    if (report.problem() != null) {
      line.append(LogText.pair("problem", report.problem()))
          .append(LogText.pair("detail", report.detail()));
    }
    report.notices().forEach(notice -> line.append(LogText.pair("notice", notice)));
    if (report.next() != null) {
      line.append(LogText.pair("next", report.next().at()))
          .append(LogText.pair("because", report.next().because()));
    }
    LOG.log(level, line.toString());
  }
}
