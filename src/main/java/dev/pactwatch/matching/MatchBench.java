package dev.pactwatch.matching;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementParty;
import dev.pactwatch.agreement.Confidence;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.json.Json;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * {@code bench match}: how fast events find and are judged against many agreements, beside two
 * yardsticks in the same run: plain look-ups in a hash map, than which it cannot be faster, and a
 * plain scan of all agreements, which it replaces. Figures are per second of one core's time.
 */
public final class MatchBench {

  /** So many agreements are measured unless another number is asked for. */
  public static final int AGREEMENTS = 100_000;

  private static final int EVENTS = 20_000;
  private static final int PARTIES = 2;
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = 600_000_000L;

  private final TopicTree topics;
  private final List<String> deals;
  private final int count;
  private final int organisations;

  private MatchBench(TopicTree topics, int count) {
    this.count = count;
    this.organisations = 2 * count;
    this.topics = topics;
    this.deals = topics.topics().stream().filter(topics::dealable).toList();
  }

  /**
   * What one run found; per second of one core's time.
   *
   * @param lookupsPerSecond parties whose agreements of that day were found
   * @param judgedPerSecond events with two parties, their agreements found and judged, reasons
   *     written
   * @param yardstickPerSecond parties whose group was looked up in a hash map, and nothing else
   * @param scannedPerSecond parties whose agreements of that day were found by looking at all
   * @param startMillis from nothing to ready: organisations, agreements read from their stored
   *     form, index
   * @param heapMegabytes that all of it takes
   */
  public record Result(
      double lookupsPerSecond,
      double judgedPerSecond,
      double yardstickPerSecond,
      double scannedPerSecond,
      long startMillis,
      long indexMillis,
      long heapMegabytes) {}

  /**
   * Builds agreements between twice as many organisations, then measures; about fifteen seconds.
   *
   * @param topics the tree whose topics are used; must have some that deals can be about
   * @param agreements how many, at least 100
   */
  public static Result run(TopicTree topics, int agreements, PrintStream out) {
    return new MatchBench(topics, agreements).run(out);
  }

  private Result run(PrintStream out) {
    Random random = new Random(7);
    List<byte[]> stored = stored(random);
    long before = used();
    long start = System.nanoTime();
    String[] ids = new String[organisations];
    Map<String, String> groups = new HashMap<>(organisations * 2);
    for (int i = 0; i < organisations; i++) {
      ids[i] = "organisation-" + i;
      groups.put(ids[i], i % 10 == 9 ? ids[i - 1] : ids[i]);
    }
    Kinship kinship =
        new Kinship() {
          @Override
          public String group(String organisationId) {
            return groups.getOrDefault(organisationId, organisationId);
          }

          @Override
          public String name(String organisationId) {
            return organisationId;
          }
        };
    List<Agreement> agreements = new ArrayList<>(count);
    stored.forEach(value -> agreements.add(read(value)));
    long indexed = System.nanoTime();
    AgreementIndex index = AgreementIndex.of(agreements, kinship);
    long end = System.nanoTime();
    long startMillis = (end - start) / 1_000_000;
    long indexMillis = (end - indexed) / 1_000_000;
    long megabytes = Math.max(0, used() - before) >> 20;
    List<Event> events = new ArrayList<>(EVENTS);
    LocalDate[] dates = new LocalDate[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      events.add(event(agreements, ids, random));
      dates[i] = LocalDate.of(2018, 1, 1).plusDays(random.nextInt(3000));
    }
    Matcher matcher = new Matcher(topics, kinship);

    double yardstick =
        PARTIES
            * best(
                i -> {
                  int found = 0;
                  for (Party party : events.get(i).parties()) {
                    found += groups.get(party.organisation()).length();
                  }
                  return found;
                });
    double lookups =
        PARTIES
            * best(
                i -> {
                  int[] found = new int[1];
                  index.candidates(events.get(i), dates[i], agreement -> found[0]++);
                  return found[0];
                });
    double judged =
        best(
            i -> {
              int[] found = new int[1];
              index.candidates(
                  events.get(i),
                  dates[i],
                  agreement ->
                      found[0] +=
                          matcher.match(events.get(i), dates[i], agreement).isPresent() ? 1 : 0);
              return found[0];
            });
    double scanned = PARTIES * scan(agreements, events, dates, kinship);
    out.printf(Locale.ROOT, "%,d agreements, %,d organisations%n", count, organisations);
    out.printf(
        Locale.ROOT,
        "start: %,d ms, of which the index %,d ms   (bound: 60,000 ms)%n",
        startMillis,
        indexMillis);
    out.printf(Locale.ROOT, "heap used by all of it: %,d MB   (bound: 1,024 MB)%n", megabytes);
    out.printf(
        Locale.ROOT, "group of a party, alone   %,12.0f look-ups/s (yardstick)%n", yardstick);
    out.printf(
        Locale.ROOT, "agreements of a party     %,12.0f look-ups/s (bound: 1,000,000)%n", lookups);
    out.printf(
        Locale.ROOT,
        "the same by plain scan    %,12.0f look-ups/s (yardstick; %,.0f times slower)%n",
        scanned,
        lookups / scanned);
    out.printf(Locale.ROOT, "found, judged, explained  %,12.0f events/s%n", judged);
    return new Result(lookups, judged, yardstick, scanned, startMillis, indexMillis, megabytes);
  }

  /** Agreements as the topic holds them. */
  private List<byte[]> stored(Random random) {
    String[] ids = new String[organisations];
    for (int i = 0; i < organisations; i++) {
      ids[i] = "organisation-" + i;
    }
    List<byte[]> stored = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      stored.add(Json.bytes(agreement(i, ids, random)));
    }
    return stored;
  }

  private static Agreement read(byte[] value) {
    try {
      return Json.read(value, Agreement.class);
    } catch (IOException e) {
      throw new IllegalStateException("what was written cannot be read", e);
    }
  }

  /** Events per second for which every agreement is looked at. */
  private static double scan(
      List<Agreement> agreements, List<Event> events, LocalDate[] dates, Kinship kinship) {
    long start = cpu();
    long spent;
    int done = 0;
    long found = 0;
    do {
      Event event = events.get(done);
      LocalDate date = dates[done];
      for (Agreement agreement : agreements) {
        Term term = agreement.terms().get(0);
        String grantor = kinship.group(term.grantor());
        for (Party party : event.parties()) {
          if (kinship.group(party.organisation()).equals(grantor)
              && !agreement.effectiveFrom().first().isAfter(date)) {
            found++;
          }
        }
      }
      done++;
      spent = cpu() - start;
    } while (spent < ROUND_NANOS && done < events.size());
    if (found < 0) {
      throw new IllegalStateException("more found than there is");
    }
    return done * 1e9 / spent;
  }

  private Agreement agreement(int i, String[] ids, Random random) {
    // A few organisations have very many agreements, as large clouds do.
    int wide = random.nextInt(10) == 0 ? few() : organisations;
    String grantor = ids[random.nextInt(organisations)];
    String beneficiary = ids[random.nextInt(wide)];
    LocalDate from = LocalDate.of(2010, 1, 1).plusDays(random.nextInt(5800));
    TermKind kind = TermKind.values()[random.nextInt(TermKind.values().length)];
    String topic = deals.get(random.nextInt(deals.size()));
    return new Agreement(
        "agreement-" + i,
        "Agreement " + i,
        "chain-" + i,
        "1",
        List.of(
            new AgreementParty(grantor, grantor, "grantor"),
            new AgreementParty(beneficiary, beneficiary, "beneficiary")),
        List.of(new Term(kind, topic, grantor, beneficiary, null, List.of())),
        PartialDate.parse(from.toString()),
        i % 2 == 0 ? PartialDate.parse(from.plusYears(3).toString()) : null,
        null,
        "in-force",
        null,
        Confidence.HIGH,
        List.of(),
        List.of(new Source("a source", "a publisher", from.toString(), null, "primary", null)),
        null);
  }

  private Event event(List<Agreement> agreements, String[] ids, Random random) {
    // Every second event is about somebody who has an agreement.
    String customer =
        random.nextBoolean()
            ? agreements.get(random.nextInt(count)).terms().get(0).grantor()
            : ids[random.nextInt(organisations)];
    String provider = ids[random.nextInt(random.nextBoolean() ? few() : organisations)];
    return new Event(
        EventType.CLOUD_PARTNERSHIP,
        Status.AGREED,
        List.of(
            new Party(customer, customer, Role.CUSTOMER, null, null),
            new Party(provider, provider, Role.PROVIDER, null, null)),
        null,
        Exclusivity.NONE,
        null,
        deals.get(random.nextInt(deals.size())),
        false,
        0.9,
        List.of());
  }

  /** Organisations that have many agreements. */
  private int few() {
    return Math.max(1, organisations / 200);
  }

  private interface Work {
    int of(int event);
  }

  private static double best(Work work) {
    double best = 0;
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = cpu();
      long done = 0;
      long spent;
      do {
        for (int i = 0; i < EVENTS; i++) {
          sum += work.of(i);
        }
        done += EVENTS;
        spent = cpu() - start;
      } while (spent < ROUND_NANOS);
      best = Math.max(best, done * 1e9 / spent);
    }
    if (sum < 0) {
      throw new IllegalStateException("more found than there is");
    }
    return best;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
