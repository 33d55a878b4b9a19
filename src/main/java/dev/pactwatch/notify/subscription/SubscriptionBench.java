package dev.pactwatch.notify.subscription;

import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * How fast alerts find the subscriptions that want them, beside a look at every subscription, which
 * the index replaces, in the same run. Figures are per second of one core's time.
 */
public final class SubscriptionBench {

  /** So many subscriptions are measured unless another number is asked for. */
  public static final int SUBSCRIPTIONS = 100_000;

  private static final int ORGANISATIONS = 20_000;
  private static final int AGREEMENTS = 20_000;
  private static final int WORDS = 20_000;
  private static final int ALERTS = 5_000;
  private static final int SCANNED = 40;
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = 600_000_000L;

  private final Random random = new Random(11);

  private SubscriptionBench() {}

  /**
   * What one run found.
   *
   * @param matchedPerSecond alerts of which all subscriptions that want them were found
   * @param scannedPerSecond the same by asking every subscription
   * @param matchesPerAlert how many want one, on average
   * @param buildMillis until the index stands
   * @param indexMegabytes that it takes beside the subscriptions themselves
   */
  public record Result(
      int subscriptions,
      double matchedPerSecond,
      double scannedPerSecond,
      double matchesPerAlert,
      long buildMillis,
      double indexMegabytes) {}

  /**
   * Measures; some ten seconds.
   *
   * @param subscriptions how many; of 100,000 about ten want each alert
   */
  public static Result run(int subscriptions, PrintStream out) {
    Result result = new SubscriptionBench().measure(subscriptions);
    out.printf(
        Locale.ROOT,
        "%,d subscriptions, %.1f want each alert%n"
            + "  index   %,12.0f alerts/s%n"
            + "  scan    %,12.0f alerts/s (yardstick: every subscription asked), index is %,.0f times"
            + " as fast%n"
            + "  built in %d ms, %.1f MB%n",
        result.subscriptions(),
        result.matchesPerAlert(),
        result.matchedPerSecond(),
        result.scannedPerSecond(),
        result.matchedPerSecond() / result.scannedPerSecond(),
        result.buildMillis(),
        result.indexMegabytes());
    return result;
  }

  private Result measure(int count) {
    List<Subscription> subscriptions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      subscriptions.add(subscription(i));
    }
    List<Alert> alerts = new ArrayList<>(ALERTS);
    for (int i = 0; i < ALERTS; i++) {
      alerts.add(alert(i));
    }
    long before = used();
    long start = System.nanoTime();
    SubscriptionIndex index = SubscriptionIndex.of(subscriptions);
    long millis = (System.nanoTime() - start) / 1_000_000;
    double megabytes = Math.max(0, used() - before) / 1048576.0;
    long matches = 0;
    for (Alert alert : alerts) {
      matches += index.matches(alert).size();
    }
    double matched = best(ALERTS, i -> index.matches(alerts.get(i)).size());
    double scanned =
        best(
            SCANNED,
            i -> {
              AlertFacts facts = new AlertFacts(alerts.get(i));
              int found = 0;
              for (Subscription one : subscriptions) {
                found += one.filter().reject(facts).isEmpty() ? 1 : 0;
              }
              return found;
            });
    return new Result(count, matched, scanned, (double) matches / ALERTS, millis, megabytes);
  }

  /** As people might: most follow some organisations, some agreements, a few words or kinds. */
  private Subscription subscription(int number) {
    Set<String> organisations = Set.of();
    Set<String> agreements = Set.of();
    List<String> text = List.of();
    int kind = random.nextInt(100);
    if (kind < 70) {
      organisations =
          random.nextBoolean()
              ? Set.of(organisation())
              : Set.copyOf(List.of(organisation() + "a", organisation(), organisation() + "b"));
    } else if (kind < 90) {
      agreements = Set.of("agreement-" + skewed(AGREEMENTS));
    } else {
      text = List.of("word" + random.nextInt(WORDS) + " clause");
    }
    Filter filter =
        new Filter(
            random.nextInt(3) == 0 ? Set.of(EventType.LITIGATION) : Set.of(),
            Set.of(),
            random.nextInt(3) == 0 ? Set.of(Relation.CONFLICT, Relation.DISPUTE) : Set.of(),
            random.nextInt(4) == 0 ? Set.of(Change.OPENED, Change.ESCALATED) : Set.of(),
            Severity.values()[random.nextInt(4)],
            random.nextInt(4) == 0,
            organisations,
            agreements,
            text,
            false,
            List.of());
    return new Subscription(
        "s" + number,
        null,
        new Target.Console(),
        filter,
        new Timing.AtOnce(),
        null,
        List.of(),
        List.of(),
        Subscription.Start.NOW,
        null,
        List.of(),
        false,
        null);
  }

  private Alert alert(int number) {
    boolean suit = random.nextInt(3) == 0;
    String one = organisation();
    String other = organisation();
    String sentence =
        "Somebody says that word"
            + random.nextInt(WORDS)
            + " clause of the agreement stands against a deal over word"
            + random.nextInt(WORDS)
            + " worth several billions, as was reported in the morning.";
    return alert(
        "alert-" + number,
        Change.values()[random.nextInt(4)],
        Relation.values()[random.nextInt(4)],
        random.nextBoolean() ? Certainty.CERTAIN : Certainty.POSSIBLE,
        Severity.values()[random.nextInt(4)],
        new Alert.AgreementRef(
            "agreement-" + skewed(AGREEMENTS),
            "chain-" + random.nextInt(AGREEMENTS),
            "1",
            new Term(TermKind.EXCLUSIVE, "compute", one, organisation(), null, List.of()),
            null,
            null),
        suit,
        one,
        other,
        sentence);
  }

  /** A made-up alert of the usual size that names this organisation. */
  public static Alert sample(String id, String organisation) {
    return alert(
        id,
        Change.OPENED,
        Relation.CONFLICT,
        Certainty.CERTAIN,
        Severity.HIGH,
        new Alert.AgreementRef(
            "agreement",
            "chain",
            "1",
            new Term(TermKind.EXCLUSIVE, "compute", organisation, "another", null, List.of()),
            null,
            null),
        false,
        organisation,
        "a-third",
        "Somebody says that the agreement stands against a deal, as was reported in the morning.");
  }

  private static Alert alert(
      String id,
      Change change,
      Relation relation,
      Certainty certainty,
      Severity severity,
      Alert.AgreementRef agreement,
      boolean suit,
      String one,
      String other,
      String sentence) {
    return new Alert(
        id,
        1,
        change,
        "One organisation and another come to terms over something",
        relation,
        certainty,
        severity,
        agreement,
        new Alert.Tuple(
            suit ? EventType.LITIGATION : EventType.CLOUD_PARTNERSHIP,
            suit ? Status.FILED : Status.AGREED,
            List.of(
                new Party(one, one, Role.PARTY, null, null),
                new Party(other, other, Role.PARTY, null, null)),
            List.of(other),
            null,
            null,
            null,
            null),
        List.of(),
        List.of(new Alert.Quote("urn:x:1", "sentence", "body", 0, sentence.length(), sentence)),
        List.of(
            new Alert.ArticleRef(
                "urn:x:1",
                "One organisation and another come to terms",
                null,
                "Publisher",
                "Publisher",
                Instant.EPOCH,
                Status.AGREED,
                null)),
        1,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        false,
        "lexicon-1");
  }

  private String organisation() {
    return "organisation-" + skewed(ORGANISATIONS);
  }

  /** A few are in the news and followed far more often than most. */
  private int skewed(int size) {
    return (int) (size * Math.pow(random.nextDouble(), 2));
  }

  /** Alerts per second of this thread's processor time, the best of several rounds. */
  private static double best(int size, IntUnaryOperator work) {
    var threads = ManagementFactory.getThreadMXBean();
    double best = 0;
    int used = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      long spent;
      long done = 0;
      do {
        for (int i = 0; i < SCANNED; i++) {
          used += work.applyAsInt((int) (done % size));
          done++;
        }
        spent = threads.getCurrentThreadCpuTime() - start;
      } while (spent < ROUND_NANOS);
      best = Math.max(best, done * 1e9 / spent);
    }
    // Keeps the work from being optimised away.
    return used == Integer.MIN_VALUE ? 0 : best;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    // Only every fourth collection of the serial collector leaves nothing behind in the old space.
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
