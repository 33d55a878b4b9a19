package dev.pactwatch.ingest;

import dev.pactwatch.ingest.PollReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says what a poll means for the health of its feed. A trouble begins once and ends once, and each
 * is one notice; what it began with is remembered in the state, so that a restart tells nothing
 * twice. Decides from its arguments alone.
 */
final class HealthRules {

  static final String BROKEN = "broken";
  static final String GONE = "gone";
  static final String SILENT = "silent";
  static final String RENUMBERED = "renumbered";

  /**
   * A poll, as far as it tells of health.
   *
   * @param first whether this is the first document of the feed
   * @param failures in a row, this one included
   * @param problem code of what was wrong; null for nothing
   * @param mass whether the document gave most known items other identifiers
   * @param lags seconds, of new items that say when they were published
   * @param dates of the items of a first document, for its usual pauses
   * @param identity weakest rung of the document; null where none was read
   */
  record Poll(
      Instant now,
      Outcome outcome,
      boolean first,
      int failures,
      String problem,
      int items,
      int published,
      int edited,
      int known,
      int renumbered,
      boolean mass,
      Map<String, Integer> rejected,
      List<Long> lags,
      List<Instant> dates,
      String identity) {

    boolean well() {
      return outcome == Outcome.READ
          || outcome == Outcome.NOT_MODIFIED
          || outcome == Outcome.SAME_BODY;
    }
  }

  private final HealthLimits limits;

  HealthRules(HealthLimits limits) {
    this.limits = limits;
  }

  FeedHealth after(FeedHealth before, Poll poll) {
    Map<String, Long> rejected = new TreeMap<>(before.rejected());
    poll.rejected().forEach((reason, n) -> rejected.merge(reason, (long) n, Long::sum));
    List<Instant> arrivals = arrivals(before, poll);
    FeedHealth counted =
        new FeedHealth(
            before.polls() + 1,
            before.items() + poll.items(),
            before.published() + poll.published(),
            before.edited() + poll.edited(),
            before.known() + poll.known(),
            before.renumbered() + poll.renumbered(),
            rejected,
            latest(before.lags(), poll.lags(), FeedHealth.REMEMBERED_LAGS),
            arrivals,
            poll.identity() == null ? before.identity() : poll.identity(),
            before.troubles(),
            before.notices(),
            before.fullText());
    Changes changes = new Changes(counted, poll.now());
    changes.judge(poll);
    return changes.done();
  }

  private static List<Instant> arrivals(FeedHealth before, Poll poll) {
    if (poll.first()) {
      return latest(
          List.of(),
          poll.dates().stream().sorted().distinct().toList(),
          FeedHealth.REMEMBERED_ARRIVALS);
    }
    return poll.published() > poll.edited()
        ? latest(before.arrivals(), List.of(poll.now()), FeedHealth.REMEMBERED_ARRIVALS)
        : before.arrivals();
  }

  private static <T> List<T> latest(List<T> old, List<T> more, int most) {
    List<T> all = new ArrayList<>(old);
    all.addAll(more);
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  /** The troubles of a feed while they are judged. */
  private final class Changes {

    private final FeedHealth health;
    private final Instant now;
    private final Map<String, Instant> troubles;
    private final List<FeedHealth.Notice> notices;

    Changes(FeedHealth health, Instant now) {
      this.health = health;
      this.now = now;
      this.troubles = new TreeMap<>(health.troubles());
      this.notices = new ArrayList<>(health.notices());
    }

    void judge(Poll poll) {
      if (poll.outcome() == Outcome.RETIRED) {
        begin(GONE, "says that it is gone for good: retired, remove it from the list");
      } else if (poll.outcome() == Outcome.FAILED && poll.failures() >= limits.brokenAfter()) {
        begin(
            BROKEN,
            "is broken: "
                + poll.failures()
                + " polls in a row failed, the last with "
                + poll.problem());
      }
      if (!poll.well()) {
        return;
      }
      end(GONE, "answers again");
      end(BROKEN, "works again");
      if (poll.published() > poll.edited() && !poll.first()) {
        end(SILENT, "has something new again");
      } else {
        silence();
      }
      if (poll.mass()) {
        begin(
            RENUMBERED,
            "gave "
                + poll.renumbered()
                + " known items other identifiers: none of them is published as new");
      } else if (poll.outcome() == Outcome.READ) {
        end(RENUMBERED, "keeps its identifiers again");
      }
    }

    private void silence() {
      Duration usual = health.usualGap();
      if (usual == null) {
        return;
      }
      Instant last = health.arrivals().get(health.arrivals().size() - 1);
      Duration quiet = Duration.between(last, now);
      if (quiet.compareTo(usual.multipliedBy(limits.silentGaps())) > 0
          && quiet.compareTo(limits.silentAtLeast()) > 0) {
        begin(
            SILENT,
            "is silent: nothing new since " + last + ", usually every " + Spans.words(usual));
      }
    }

    private void begin(String what, String text) {
      if (troubles.putIfAbsent(what, now) == null) {
        notices.add(new FeedHealth.Notice(now, what, false, text));
      }
    }

    private void end(String what, String text) {
      Instant since = troubles.remove(what);
      if (since != null) {
        notices.add(
            new FeedHealth.Notice(
                now, what, true, text + " after " + Spans.words(Duration.between(since, now))));
      }
    }

    FeedHealth done() {
      int skip = Math.max(0, notices.size() - FeedHealth.REMEMBERED_NOTICES);
      return new FeedHealth(
          health.polls(),
          health.items(),
          health.published(),
          health.edited(),
          health.known(),
          health.renumbered(),
          health.rejected(),
          health.lags(),
          health.arrivals(),
          health.identity(),
          troubles,
          notices.subList(skip, notices.size()),
          health.fullText());
    }
  }
}
