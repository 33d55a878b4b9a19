package dev.pactwatch.alert;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.matching.Relation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * From the judgements of one thread ({@link ThreadKey}) to alerts. A pure function of the
 * <em>set</em> of judgements: their order does not matter, no clock is read, and equal sets give
 * equal bytes.
 *
 * <ol>
 *   <li>Of several versions of an article the newest counts. Where several revisions of a chain
 *       match one event, the latest of them is cited; what the others leave free is added to its
 *       reasons.
 *   <li>In event time, a thread is divided into episodes by gaps, and within an episode into
 *       alerts: two known products are two alerts, and so are two known amounts of one currency
 *       more than 2 % apart; a report that lacks one joins the alert it does not contradict.
 *       Litigations are divided by who sues whom only, as their amounts are claims and settlements
 *       of one and the same thing. What the agreement's own parties change within two weeks is one
 *       change, and an ending if any report calls it one; after that an amendment and an ending are
 *       two alerts.
 *   <li>Each alert steps through its articles: the first opens it; a status that lies further on
 *       escalates it; a new publisher family corroborates it; a new detail (amount, product, topic,
 *       exclusivity, certainty, revision of the agreement) updates it. A reprint ({@link
 *       Reprints}), or a repeat by the same family, writes no revision and is listed from the next
 *       one on.
 * </ol>
 *
 * <p>An alert is numbered by its place within its thread, so all judgements of a thread must be
 * kept as long as its alerts are to keep their ids.
 */
public final class AlertFold {

  static final Comparator<Judgement> EVENT_TIME =
      Comparator.comparing(Judgement::published)
          .thenComparing(Judgement::uri)
          .thenComparingInt(Judgement::index)
          .thenComparing(judgement -> judgement.match().agreement());

  private static final Comparator<PartialDate> LATER =
      Comparator.nullsFirst(Comparator.<PartialDate>naturalOrder());

  /** Which judgement speaks for an alert. */
  static final Comparator<Judgement> LEADS =
      Comparator.comparing((Judgement judgement) -> ends(judgement))
          .thenComparing(judgement -> judgement.match().certainty(), Comparator.reverseOrder())
          .thenComparing(judgement -> judgement.match().effectiveFrom(), LATER)
          .thenComparingInt(judgement -> Lifecycle.rank(judgement.event().status()))
          .thenComparingInt(AlertFold::litigants)
          .thenComparing(EVENT_TIME);

  /**
   * How long silence lasts before the same parties' next event is another one.
   *
   * @param deals for cloud partnerships
   * @param litigations for litigations
   */
  public record Gaps(Duration deals, Duration litigations) {
    public static final Gaps DEFAULT = new Gaps(Duration.ofDays(90), Duration.ofDays(365));
  }

  private AlertFold() {}

  /** Folds the judgements of one thread with the default gaps. */
  public static Folded fold(Collection<Judgement> thread) {
    return fold(thread, Gaps.DEFAULT);
  }

  /**
   * @param thread all judgements of one thread, in any order; may be empty
   */
  public static Folded fold(Collection<Judgement> thread, Gaps gaps) {
    return new Folded(
        ThreadFold.of(thread, gaps).told().stream().map(ThreadFold.Gain::gained).toList());
  }

  /** Folds judgements of any threads; threads in the order of their keys. */
  public static List<Folded> foldAll(Collection<Judgement> judgements, Gaps gaps) {
    Map<String, List<Judgement>> threads = new TreeMap<>();
    for (Judgement judgement : judgements) {
      threads.computeIfAbsent(ThreadKey.of(judgement), key -> new ArrayList<>()).add(judgement);
    }
    return threads.values().stream().map(thread -> fold(thread, gaps)).toList();
  }

  /**
   * The revision that takes an alert back.
   *
   * @param last its latest revision
   * @param revision number of the new one
   */
  public static Alert withdrawn(Alert last, int revision) {
    return renumbered(last, revision, Change.WITHDRAWN);
  }

  /** The same state under another number, for a log in which numbers must grow. */
  public static Alert renumbered(Alert alert, int revision, Change change) {
    return new Alert(
        alert.id(),
        revision,
        change,
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        alert.event(),
        alert.reasons(),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        alert.lastSeen(),
        alert.historical(),
        alert.lexicon());
  }

  // ---- one judgement per event and chain

  private record EventOfChain(String uri, int index, String chain) {}

  /** One judgement per event and chain, of the newest version of each article, in event time. */
  static List<Judgement> cited(Collection<Judgement> judgements) {
    Map<String, Integer> versions = new HashMap<>();
    for (Judgement judgement : judgements) {
      versions.merge(judgement.uri(), judgement.version(), Math::max);
    }
    Map<EventOfChain, List<Judgement>> byEvent = new LinkedHashMap<>();
    judgements.stream()
        .filter(judgement -> judgement.version() == versions.get(judgement.uri()))
        .sorted(EVENT_TIME)
        .forEach(
            judgement ->
                byEvent
                    .computeIfAbsent(
                        new EventOfChain(
                            judgement.uri(), judgement.index(), judgement.match().chain()),
                        key -> new ArrayList<>())
                    .add(judgement));
    return byEvent.values().stream().map(AlertFold::cite).toList();
  }

  /** The judgement against the latest revision, a blocking term before any other. */
  private static Judgement cite(List<Judgement> rivals) {
    Judgement best =
        rivals.stream()
            .max(
                Comparator.comparing((Judgement judgement) -> ends(judgement))
                    .thenComparing(judgement -> blocking(judgement.match()))
                    .thenComparing(judgement -> judgement.match().effectiveFrom(), LATER)
                    .thenComparing(
                        judgement -> judgement.match().certainty(), Comparator.reverseOrder())
                    .thenComparing(judgement -> judgement.match().agreement()))
            .orElseThrow();
    Set<String> reasons = new LinkedHashSet<>(best.match().reasons());
    for (Judgement other : rivals) {
      for (String reason : other.match().reasons()) {
        if (reason.startsWith(Matcher.CARVE_OUT)) {
          reasons.add(reason);
        }
      }
    }
    return reasons.size() == best.match().reasons().size()
        ? best
        : with(best, List.copyOf(reasons));
  }

  private static boolean ends(Judgement judgement) {
    return judgement.match().relation() == Relation.ENDING;
  }

  /** Of a litigation the report that names most speaks for all; zero for anything else. */
  private static int litigants(Judgement judgement) {
    return judgement.match().relation() == Relation.DISPUTE
        ? judgement.match().counterparties().size()
        : 0;
  }

  private static boolean blocking(Match match) {
    return match.term() != null && match.term().kind().blocking();
  }

  private static Judgement with(Judgement judgement, List<String> reasons) {
    Match match = judgement.match();
    return new Judgement(
        judgement.uri(),
        judgement.version(),
        judgement.index(),
        judgement.headline(),
        judgement.link(),
        judgement.publisher(),
        judgement.published(),
        judgement.historical(),
        judgement.lexicon(),
        judgement.fingerprint(),
        judgement.event(),
        new Match(
            match.relation(),
            match.certainty(),
            match.agreement(),
            match.chain(),
            match.revision(),
            match.term(),
            match.source(),
            match.checkedTo(),
            match.effectiveFrom(),
            match.counterparties(),
            match.identity(),
            match.names(),
            reasons));
  }
}
