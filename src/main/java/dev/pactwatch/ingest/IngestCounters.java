package dev.pactwatch.ingest;

import dev.pactwatch.json.Kebab;
import java.util.Map;
import java.util.TreeMap;

/** What came of polls since the start, per feed. Safe for use by many threads. */
public final class IngestCounters {

  /**
   * Sums for one feed.
   *
   * @param outcomes polls by {@link PollReport.Outcome}, in kebab-case
   * @param problems polls by problem code
   * @param items always {@code published + known + } the sum of {@code rejected}
   * @param edited those of {@code published} that are later versions
   * @param rejected items by reason
   */
  public record Feed(
      Map<String, Long> outcomes,
      Map<String, Long> problems,
      long items,
      long published,
      long edited,
      long known,
      Map<String, Long> rejected) {

    private static final Feed NONE = new Feed(Map.of(), Map.of(), 0, 0, 0, 0, Map.of());

    public Feed {
      outcomes = Map.copyOf(outcomes);
      problems = Map.copyOf(problems);
      rejected = Map.copyOf(rejected);
    }

    private Feed plus(PollReport report) {
      Map<String, Long> moreOutcomes = new TreeMap<>(outcomes);
      moreOutcomes.merge(Kebab.of(report.outcome()), 1L, Long::sum);
      Map<String, Long> moreProblems = new TreeMap<>(problems);
      if (report.problem() != null) {
        moreProblems.merge(report.problem(), 1L, Long::sum);
      }
      Map<String, Long> moreRejected = new TreeMap<>(rejected);
      report.rejected().forEach((reason, n) -> moreRejected.merge(reason, (long) n, Long::sum));
      return new Feed(
          moreOutcomes,
          moreProblems,
          items + report.items(),
          published + report.published(),
          edited + report.edited(),
          known + report.known(),
          moreRejected);
    }
  }

  private final Map<String, Feed> feeds = new TreeMap<>();

  synchronized void add(PollReport report) {
    feeds.merge(report.feed(), Feed.NONE.plus(report), (old, one) -> old.plus(report));
  }

  /** The sums by address of the feed. */
  public synchronized Map<String, Feed> snapshot() {
    return Map.copyOf(feeds);
  }
}
