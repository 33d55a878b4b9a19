package dev.pactwatch.ingest;

import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.ingest.SimulatedWeb.Kind;
import dev.pactwatch.ingest.SimulatedWeb.Site;
import dev.pactwatch.ingest.SimulatedWeb.VirtualClock;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A month of polling a made-up web, on a clock that jumps from one event to the next. What decides
 * is the product's own: {@link FeedPoll}, {@link PollSchedule}, {@link DomainGate}. Only the
 * transport and the documents are simulated, and the threads: polls that overlap in virtual time
 * are run one after another.
 */
public final class PollingBench {

  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  /** How soon a poll that its domain does not allow yet is tried again. */
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  private static final int SHOWN = 50;

  private PollingBench() {}

  /**
   * What became of the feeds of one kind.
   *
   * @param published items within the time
   * @param scrolledOut items that left the document before they were seen
   * @param stoodInTwo those of them that two polls could have seen; must be 0
   * @param hourlyMissed items that a poll at every full hour would have missed
   * @param requests in the whole time
   * @param hourlyRequests of a poll at every full hour
   * @param p50 seconds from publication to being handed on
   * @param p95 the same
   */
  public record Row(
      String kind,
      int feeds,
      int published,
      int seen,
      int scrolledOut,
      int stoodInTwo,
      int hourlyMissed,
      long requests,
      long hourlyRequests,
      long p50,
      long p95) {}

  /**
   * @param total of all kinds
   * @param broken breaches of each rule; empty for none
   */
  public record Result(List<Row> rows, Row total, Map<String, Integer> broken) {}

  private record Due(Instant at, String feed, Duration retry) {}

  private record Ending(Instant at, FeedState before, FeedPoll.Result result) {}

  /**
   * Runs it and prints the table.
   *
   * @param held feeds whose state is held in memory at the end, to be measured
   */
  public static Result run(PrintStream out, int feeds, Duration time, int held) {
    long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(Thread.currentThread().getId());
    IngestSettings settings = IngestSettings.defaults();
    VirtualClock clock = new VirtualClock(START);
    SimulatedWeb web = new SimulatedWeb(feeds, time, START, clock, settings);
    poll(web, clock, settings, START.plus(time));
    Result result = result(web, time);
    print(out, result, time);
    out.printf(
        Locale.ROOT,
        "%,d polls in %.0f s of processor time%n",
        result.total().requests(),
        (ManagementFactory.getThreadMXBean().getThreadCpuTime(Thread.currentThread().getId()) - cpu)
            / 1e9);
    heap(out, held);
    return result;
  }

  private static void poll(
      SimulatedWeb web, VirtualClock clock, IngestSettings settings, Instant end) {
    PollSchedule schedule = new PollSchedule(settings, new Random(settings.seed()));
    FeedPoll polls = new FeedPoll(web::send, web, schedule, settings, clock);
    DomainGate gate = new DomainGate(settings);
    Map<String, FeedState> states = new HashMap<>();
    PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
    PriorityQueue<Ending> running = new PriorityQueue<>(Comparator.comparing(Ending::at));
    for (Site site : web.sites()) {
      states.put(site.url, FeedState.fresh(site.url));
      due.add(new Due(START, site.url, FIRST_RETRY));
    }
    while (true) {
      boolean free = running.size() < settings.workers();
      Due next = free ? due.peek() : null;
      Ending ending = running.peek();
      if (ending != null && (next == null || !ending.at().isAfter(next.at()))) {
        running.remove();
        finish(ending, web, gate, states, due);
      } else if (next == null || !next.at().isBefore(end)) {
        return;
      } else {
        due.remove();
        start(next, later(clock, next.at(), ending), polls, gate, clock, states, due, running);
      }
    }
  }

  /** A poll that waited for a worker starts when there is one. */
  private static Instant later(VirtualClock clock, Instant due, Ending ending) {
    Instant now = clock.instant();
    return due.isAfter(now) ? due : ending == null || now.isBefore(ending.at()) ? now : due;
  }

  private static void start(
      Due due,
      Instant now,
      FeedPoll polls,
      DomainGate gate,
      VirtualClock clock,
      Map<String, FeedState> states,
      PriorityQueue<Due> queue,
      PriorityQueue<Ending> running) {
    FeedState state = states.get(due.feed());
    if (!gate.tryStart(state.url(), now)) {
      Duration twice = due.retry().multipliedBy(2);
      queue.add(
          new Due(
              now.plus(due.retry()),
              due.feed(),
              twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY));
      return;
    }
    clock.set(now);
    FeedPoll.Result result = polls.poll(state);
    running.add(new Ending(clock.instant(), state, result));
    clock.set(now);
  }

  private static void finish(
      Ending ending,
      SimulatedWeb web,
      DomainGate gate,
      Map<String, FeedState> states,
      PriorityQueue<Due> queue) {
    FeedPoll.Result result = ending.result();
    String url = ending.before().url();
    if (result.report().throttledSeconds() > 0) {
      gate.leaveAlone(url, ending.at().plusSeconds(result.report().throttledSeconds()));
    }
    gate.finished(url);
    FeedState state = result.state();
    web.handedOn(state.feed(), result.articles(), ending.at());
    states.put(state.feed(), state);
    if (state.retired() == null) {
      queue.add(new Due(state.due(), state.feed(), FIRST_RETRY));
    }
  }

  private static Result result(SimulatedWeb web, Duration time) {
    List<Row> rows = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      rows.add(
          row(
              kind.name().toLowerCase(Locale.ROOT),
              web.sites().stream().filter(site -> site.kind == kind).toList(),
              time));
    }
    Map<String, Integer> broken = new HashMap<>();
    web.broken().forEach((rule, count) -> broken.put(rule.name().toLowerCase(Locale.ROOT), count));
    return new Result(List.copyOf(rows), row("all", web.sites(), time), broken);
  }

  private static Row row(String name, List<Site> sites, Duration time) {
    int published = 0;
    int seen = 0;
    int scrolledOut = 0;
    int stoodInTwo = 0;
    int hourlyMissed = 0;
    long requests = 0;
    long[] lags = new long[sites.stream().mapToInt(site -> site.published.length).sum()];
    for (Site site : sites) {
      requests += site.requests;
      int polls = 0;
      int shown = site.first(site.published.length);
      for (int item = 0; item < site.published.length; item++) {
        polls += site.stood[item];
        if (site.published[item] < 0) {
          continue;
        }
        published++;
        if (site.seen[item] >= 0) {
          lags[seen++] = site.seen[item] - site.published[item];
        } else if (item < shown) {
          scrolledOut++;
          stoodInTwo += polls >= 2 ? 1 : 0;
        }
        hourlyMissed += item < shown && missedHourly(site, item) ? 1 : 0;
      }
    }
    Arrays.sort(lags, 0, seen);
    return new Row(
        name,
        sites.size(),
        published,
        seen,
        scrolledOut,
        stoodInTwo,
        hourlyMissed,
        requests,
        sites.size() * time.toHours(),
        seen == 0 ? 0 : lags[seen / 2],
        seen == 0 ? 0 : lags[(int) (seen * 0.95)]);
  }

  /** Whether no full hour falls between an item's appearance and its leaving. */
  private static boolean missedHourly(Site site, int item) {
    long offset = Math.floorMod(site.url.hashCode(), 3_600);
    long appears = site.published[item];
    long leaves = site.published[item + site.window];
    long nextPoll = Math.floorDiv(appears - offset + 3_599, 3_600L) * 3_600 + offset;
    return nextPoll >= leaves;
  }

  private static void print(PrintStream out, Result result, Duration time) {
    out.println(
        time.toDays()
            + " days of "
            + result.total().feeds()
            + " simulated feeds on a virtual clock; the transport is in this process, what decides"
            + " is the product's own");
    out.printf(
        "  %-10s %6s %9s %8s %6s %7s %9s %8s %8s %9s %9s%n",
        "feeds",
        "",
        "items",
        "missed",
        "in two",
        "hourly",
        "requests",
        "per new",
        "hourly",
        "lag p50",
        "lag p95");
    out.printf(
        "  %-10s %6s %9s %8s %6s %7s %9s %8s %8s %9s %9s%n",
        "", "", "published", "", "polls", "misses", "", "item", "per new", "min", "min");
    List<Row> rows = new ArrayList<>(result.rows());
    rows.add(result.total());
    for (Row row : rows) {
      int hourlySeen = row.published() - row.hourlyMissed();
      out.printf(
          Locale.ROOT,
          "  %-10s %6d %9d %8d %6d %7d %9d %8s %8s %9.0f %9.0f%n",
          row.kind(),
          row.feeds(),
          row.published(),
          row.scrolledOut(),
          row.stoodInTwo(),
          row.hourlyMissed(),
          row.requests(),
          ratio(row.requests(), row.seen()),
          ratio(row.hourlyRequests(), hourlySeen),
          row.p50() / 60.0,
          row.p95() / 60.0);
    }
    out.println(
        result.broken().isEmpty()
            ? "rules of politeness broken: none (5 s apart and 2 at once per domain, Retry-After,"
                + " skipHours and skipDays, ttl, max-age, 10 minutes at least, whole documents"
                + " unasked for, 410)"
            : "rules of politeness broken: " + result.broken());
  }

  private static String ratio(long requests, long items) {
    return items == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) requests / items);
  }

  /**
   * Prints what the state of many feeds takes: each has a document of {@value #SHOWN} items and
   * remembers as many others as it may.
   */
  private static void heap(PrintStream out, int feeds) {
    IngestSettings settings = IngestSettings.defaults();
    VirtualClock clock = new VirtualClock(START);
    FeedReader reader =
        (body, type, feed, observed) ->
            new FeedReader.Items(
                IntStream.range(body[0], body[0] + body[1] * SHOWN)
                    .mapToObj(item -> SimulatedWeb.article(feed, item, observed, observed))
                    .toList(),
                Map.of(),
                FeedHints.NONE,
                "guid");
    byte[][] documents = {{0, 5}, {100, 1}};
    int[] next = {0};
    FeedPoll polls =
        new FeedPoll(
            request ->
                new OutboundResult.Response(
                    200, request.url(), Map.of(), documents[next[0]], 0, List.of()),
            reader,
            new PollSchedule(settings, new Random(settings.seed())),
            settings,
            clock);
    long before = used();
    List<FeedState> states = new ArrayList<>();
    for (int feed = 0; feed < feeds; feed++) {
      FeedState state = FeedState.fresh("https://site" + feed + ".test/feed");
      for (next[0] = 0; next[0] < documents.length; next[0]++) {
        state = polls.poll(state).state();
      }
      states.add(state);
    }
    long taken = used() - before;
    out.printf(
        Locale.ROOT,
        "the state of %,d feeds, each with %d items to be known again, takes %.0f MB of heap,"
            + " %.1f kB each%n",
        states.size(),
        states.get(0).seen().size(),
        taken / 1e6,
        taken / 1e3 / feeds);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
