package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.subscription.AlertFacts;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a subscription would have sent, found by living through the revisions in virtual time with
 * {@link Policy}, {@link Grouping} and {@link DigestTimes}, as whoever notifies does. Nothing is
 * sent or stored; deliveries are taken to succeed at once.
 *
 * <p>A revision that is held back gives way to a newer one of its alert. One that only waits, for
 * the end of quiet hours or a digest, does so where the subscription wants the latest only, or
 * where the alert is withdrawn or no longer what the subscription asks for.
 */
public final class DryRun {

  /** How far one looks back unless told. */
  public static final Duration PERIOD = Duration.ofDays(90);

  private DryRun() {}

  /**
   * A revision that became known.
   *
   * @param at when it is taken to have become known: event time or time of receipt
   */
  public record Revision(Alert alert, Instant at) {}

  /**
   * What holds alerts back besides the subscription itself.
   *
   * @param intervals by name
   * @param silences as they stand; what ends by idleness ends as is known of it today
   * @param acknowledgements all there were, each in force from its own time on
   */
  public record Conditions(
      Map<String, TimeInterval> intervals,
      List<InhibitRule> rules,
      List<Silence> silences,
      Collection<Acknowledgement> acknowledgements) {

    /** Nothing holds anything back. */
    public static final Conditions NONE = new Conditions(Map.of(), List.of(), List.of(), List.of());

    public Conditions {
      intervals = Map.copyOf(intervals);
      rules = List.copyOf(rules);
      silences = List.copyOf(silences);
      acknowledgements = List.copyOf(acknowledgements);
    }
  }

  /** What kind of message it is. */
  public enum Kind {
    /** One revision of one alert. */
    ALERT,
    /** What is new in a group. */
    GROUP,
    /** Everything since the last digest. */
    DIGEST,
    /** What is still open in a group, once more. */
    REMINDER;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /** A revision that a message tells. */
  public record Told(String alertId, int revision) {}

  /**
   * A message that would have been made.
   *
   * @param group key of the group; null outside of groups
   */
  public record Planned(Instant at, Kind kind, String group, List<Told> alerts) {

    public Planned {
      alerts = List.copyOf(alerts);
    }
  }

  /**
   * What the period brings. Always {@code sent} and {@code pending} and all of {@code suppressed}
   * are {@code matched}, counted in revisions.
   *
   * @param messages in order
   * @param matched revisions of the period that the filter lets through
   * @param sent those of them that messages of the period tell, reminders apart
   * @param suppressed those that are not told, by reason, as it stands at the end
   * @param pending those that wait at the end of the period
   */
  public record Result(
      Instant from,
      Instant to,
      List<Planned> messages,
      int matched,
      int sent,
      Map<Reason, Integer> suppressed,
      int pending) {

    public Result {
      messages = List.copyOf(messages);
    }
  }

  /** The same for the 90 days before {@code to}. */
  public static Result of(
      Subscription subscription, List<Revision> revisions, Conditions conditions, Instant to) {
    return of(subscription, revisions, conditions, to.minus(PERIOD), to);
  }

  /**
   * Lives through a period.
   *
   * @param revisions of all alerts, not only of those that match, in the order in which they became
   *     known; a time before that of the revision before counts as that one's. Those before the
   *     period only set the scene: what was open and told
   * @param from first moment of the period
   * @param to first moment after it
   */
  public static Result of(
      Subscription subscription,
      List<Revision> revisions,
      Conditions conditions,
      Instant from,
      Instant to) {
    return new Run(subscription, conditions, from, to, true).through(revisions);
  }

  /** The same, without leaving out looks at groups that can find nothing: slow, for comparison. */
  static Result ofEveryLook(
      Subscription subscription,
      List<Revision> revisions,
      Conditions conditions,
      Instant from,
      Instant to) {
    return new Run(subscription, conditions, from, to, false).through(revisions);
  }

  private enum State {
    PENDING,
    SENT,
    SUPPRESSED
  }

  /** A revision that the filter let through, and what became of it. */
  private static final class Row {

    final Alert alert;
    final int number;
    final boolean counted;
    State state = State.PENDING;
    Reason reason;

    /** Whether nothing can change it any more. */
    boolean settled;

    Row(Alert alert, int number, boolean counted) {
      this.alert = alert;
      this.number = number;
      this.counted = counted;
    }

    void settle(State as, Reason why) {
      state = as;
      reason = why;
      settled = true;
    }

    void hold(Decision decision) {
      if (decision instanceof Decision.Wait wait) {
        state = State.PENDING;
        reason = wait.reason();
      } else if (decision instanceof Decision.Suppress suppress) {
        state = State.SUPPRESSED;
        reason = suppress.reason();
      }
    }
  }

  /**
   * Something that is to be looked at: a row, a group (by its key) or the digest.
   *
   * @param number keeps the order of what is due at the same moment
   */
  private record Due(Instant at, long number, Row row, String group) {

    static final Comparator<Due> ORDER =
        Comparator.comparing(Due::at).thenComparingLong(Due::number);
  }

  private static final class Run {

    private final Subscription subscription;
    private final Conditions conditions;
    private final Instant from;
    private final Instant to;
    private final boolean leaps;

    private final Map<String, Alert> latest = new HashMap<>();

    /** Latest revisions that a rule can name as what inhibits: nothing else inhibits. */
    private final Map<String, Alert> sources = new LinkedHashMap<>();

    private final Map<String, Acknowledgement> acknowledged = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final PolicyState state;

    private final List<Row> rows = new ArrayList<>();

    /** Rows that can still change, by id of the alert, in their order. */
    private final Map<String, List<Row>> unsettled = new LinkedHashMap<>();

    /** Rows, and keys of groups, in which something is held back by another alert, by its id. */
    private final Map<String, Set<Row>> inhibited = new HashMap<>();

    private final Map<String, Set<String>> inhibitedGroups = new HashMap<>();

    private final Map<String, GroupState> groups = new HashMap<>();
    private final Map<String, String> groupOf = new HashMap<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>(Due.ORDER);
    private final List<Planned> messages = new ArrayList<>();
    private Instant nextDigest;
    private long number;
    private Instant now = Instant.MIN;

    Run(Subscription subscription, Conditions conditions, Instant from, Instant to, boolean leaps) {
      this.subscription = subscription;
      this.conditions = conditions;
      this.from = from;
      this.to = to;
      this.leaps = leaps;
      this.state =
          new PolicyState(
              sources.values(),
              conditions.silences(),
              acknowledged,
              conditions.intervals(),
              conditions.rules(),
              (id, alertId) -> told.contains(alertId));
    }

    Result through(List<Revision> revisions) {
      List<Acknowledgement> taken = new ArrayList<>(conditions.acknowledgements());
      taken.sort(Comparator.comparing(Acknowledgement::at));
      Iterator<Acknowledgement> acknowledgements = taken.iterator();
      Acknowledgement next = acknowledgements.hasNext() ? acknowledgements.next() : null;
      for (Revision revision : revisions) {
        Instant at = revision.at().isBefore(now) ? now : revision.at();
        if (!at.isBefore(to)) {
          break;
        }
        while (next != null && !next.at().isAfter(at)) {
          acknowledge(next);
          next = acknowledgements.hasNext() ? acknowledgements.next() : null;
        }
        // What becomes known at the moment of a look is seen by it.
        advance(at);
        now = at;
        take(revision.alert());
      }
      while (next != null && next.at().isBefore(to)) {
        acknowledge(next);
        next = acknowledgements.hasNext() ? acknowledgements.next() : null;
      }
      advance(to);
      now = to;
      return result();
    }

    private void acknowledge(Acknowledgement one) {
      if (one.at().isAfter(now)) {
        advance(one.at());
        now = one.at();
      }
      acknowledged.put(one.alertId(), one);
      touch(groupOf.get(one.alertId()));
      List.copyOf(unsettled.getOrDefault(one.alertId(), List.of())).forEach(this::review);
    }

    /** Everything that is due before the moment. */
    private void advance(Instant until) {
      while (!queue.isEmpty() && queue.peek().at().isBefore(until)) {
        Due due = queue.poll();
        if (due.at().isAfter(now)) {
          now = due.at();
        }
        if (due.group() != null) {
          GroupState group = groups.get(due.group());
          // Its time may have been moved since.
          if (group != null && due.at().equals(group.next())) {
            flush(due.group(), group);
          }
        } else if (due.row() == null) {
          if (due.at().equals(nextDigest)) {
            digest();
          }
        } else if (!due.row().settled) {
          tellNow(due.row());
        }
      }
    }

    private void take(Alert alert) {
      Alert before = latest.get(alert.id());
      if (before != null && before.revision() >= alert.revision()) {
        return;
      }
      latest.put(alert.id(), alert);
      if (alert.change() != Change.WITHDRAWN
          && conditions.rules().stream().anyMatch(rule -> rule.source().matches(alert))) {
        sources.put(alert.id(), alert);
      } else {
        sources.remove(alert.id());
      }
      boolean wanted = subscription.filter().reject(new AlertFacts(alert)).isEmpty();
      overtake(alert, wanted);
      if (wanted) {
        Row row = new Row(alert, rows.size(), !now.isBefore(from));
        rows.add(row);
        unsettled.computeIfAbsent(alert.id(), none -> new ArrayList<>(1)).add(row);
        if (subscription.timing() instanceof Timing.Grouped grouped) {
          join(row, grouped);
        } else if (subscription.timing() instanceof Timing.Digest timing) {
          row.reason = Reason.DIGEST;
          digestAt(DigestTimes.next(timing, now));
        } else {
          tellNow(row);
        }
      } else {
        leave(alert.id());
      }
      release(alert.id());
    }

    /** Nobody is told later how an alert stood before; in a group it is the look that tells. */
    private void overtake(Alert alert, boolean wanted) {
      if (wanted && subscription.timing() instanceof Timing.Grouped) {
        return;
      }
      for (Row row : List.copyOf(unsettled.getOrDefault(alert.id(), List.of()))) {
        settle(row, State.SUPPRESSED, Reason.SUPERSEDED);
      }
    }

    private void settle(Row row, State as, Reason why) {
      row.settle(as, why);
      String id = row.alert.id();
      List<Row> left = unsettled.get(id);
      left.remove(row);
      if (left.isEmpty()) {
        unsettled.remove(id);
      }
      if (as == State.SENT) {
        told.add(id);
      }
    }

    /** Holds it back for now, or for good. */
    private void hold(Row row, Decision decision) {
      row.hold(decision);
      if (isFinal(decision)) {
        settle(row, State.SUPPRESSED, row.reason);
      } else {
        inhibitor(decision)
            .ifPresent(id -> inhibited.computeIfAbsent(id, none -> new LinkedHashSet<>()).add(row));
      }
    }

    private static Optional<String> inhibitor(Decision decision) {
      return decision instanceof Decision.Suppress suppress
              && suppress.reason() == Reason.INHIBITION
          ? Optional.of(suppress.ref())
          : Optional.empty();
    }

    /** Whether neither time nor another alert changes it. */
    private static boolean isFinal(Decision decision) {
      return decision instanceof Decision.Suppress suppress
          && (suppress.reason() == Reason.NEVER_TOLD
              // A silence always ends: one whose end changes nothing drops what it silenced.
              || (suppress.reason() == Reason.SILENCE && suppress.reviewAt() == null));
    }

    /** An alert has changed: those that it held back are decided on again. */
    private void release(String alertId) {
      Set<String> keys = inhibitedGroups.remove(alertId);
      if (keys != null) {
        keys.forEach(this::touch);
      }
      Set<Row> waiting = inhibited.remove(alertId);
      if (waiting != null) {
        waiting.forEach(this::review);
      }
    }

    /** Something else than time may have changed what holds it back. */
    private void review(Row row) {
      if (row.settled) {
        return;
      }
      if (subscription.timing() instanceof Timing.AtOnce) {
        tellNow(row);
      } else if (subscription.timing() instanceof Timing.Digest timing) {
        digestAt(DigestTimes.next(timing, now));
      }
    }

    private Decision decide(Alert alert) {
      return Policy.decide(subscription, alert, now, state);
    }

    private void tellNow(Row row) {
      Decision decision = decide(row.alert);
      if (decision instanceof Decision.Tell) {
        settle(row, State.SENT, null);
        plan(Kind.ALERT, null, List.of(told(row)));
        return;
      }
      hold(row, decision);
      Instant again = again(decision);
      if (again != null) {
        queue.add(new Due(again, number++, row, null));
      }
    }

    /** Sees to it that there is a digest then at the latest. */
    private void digestAt(Instant at) {
      if (nextDigest == null || at.isBefore(nextDigest)) {
        nextDigest = at;
        queue.add(new Due(at, number++, null, null));
      }
    }

    private void digest() {
      Timing.Digest timing = (Timing.Digest) subscription.timing();
      nextDigest = null;
      List<Row> tell = new ArrayList<>();
      for (Row row : unsettled.values().stream().flatMap(List::stream).toList()) {
        Decision decision = decide(row.alert);
        if (decision instanceof Decision.Tell) {
          tell.add(row);
          continue;
        }
        hold(row, decision);
        if (row.settled) {
          continue;
        }
        if (decision instanceof Decision.Wait wait) {
          // Who is not to be disturbed when a digest is due gets it when the quiet is over.
          digestAt(wait.until());
        }
        if (!leaps) {
          digestAt(DigestTimes.next(timing, now));
        } else if (decision instanceof Decision.Suppress suppress && suppress.reviewAt() != null) {
          digestAt(DigestTimes.next(timing, suppress.reviewAt().minusNanos(1)));
        }
      }
      if (!tell.isEmpty()) {
        tell.sort(Comparator.comparingInt(row -> row.number));
        tell.forEach(row -> settle(row, State.SENT, null));
        plan(Kind.DIGEST, null, tell.stream().map(DryRun::told).toList());
      }
    }

    private void join(Row row, Timing.Grouped timing) {
      row.reason = Reason.GROUP;
      String key = GroupKey.of(subscription, row.alert);
      if (!key.equals(groupOf.get(row.alert.id()))) {
        leave(row.alert.id());
        groupOf.put(row.alert.id(), key);
      }
      schedule(key, Grouping.add(groups.get(key), timing, row.alert, now, now));
    }

    /** The alert is no longer of its group. */
    private void leave(String alertId) {
      String key = groupOf.remove(alertId);
      GroupState group = key == null ? null : groups.get(key);
      if (group != null) {
        GroupState left = group.without(alertId);
        if (left.members().isEmpty()) {
          groups.remove(key);
        } else {
          groups.put(key, left);
        }
      }
    }

    private void schedule(String key, GroupState group) {
      groups.put(key, group);
      if (group.next() != null) {
        queue.add(new Due(group.next(), number++, null, key));
      }
    }

    private void flush(String key, GroupState group) {
      Map<String, Decision> decisions = new HashMap<>();
      group.members().keySet().forEach(id -> decisions.put(id, decide(latest.get(id))));
      Grouping.Flush flush =
          Grouping.flush(subscription, group, decisions::get, this::isAcknowledged, now);
      GroupState next = flush.next();
      for (String id : group.members().keySet()) {
        Decision decision = decisions.get(id);
        settle(id, decision, flush.tell().get(id));
        inhibitor(decision)
            .ifPresent(
                by -> inhibitedGroups.computeIfAbsent(by, none -> new LinkedHashSet<>()).add(key));
        if (isFinal(decision)) {
          next = next.without(id);
        }
      }
      for (String id : group.members().keySet()) {
        if (!next.members().containsKey(id)) {
          groupOf.remove(id);
        }
      }
      if (!flush.tell().isEmpty()) {
        plan(
            flush.why() == Grouping.Why.REPEAT_INTERVAL_ELAPSED ? Kind.REMINDER : Kind.GROUP,
            key,
            flush.tell().entrySet().stream()
                .map(one -> new Told(one.getKey(), one.getValue()))
                .toList());
      }
      if (next.members().isEmpty()) {
        groups.remove(key);
      } else {
        schedule(key, leaps ? leap(next, decisions) : next);
      }
    }

    /**
     * What a look at its group means for the rows of one alert.
     *
     * @param revision that the message tells; null for none
     */
    private void settle(String id, Decision decision, Integer revision) {
      List<Row> of = List.copyOf(unsettled.getOrDefault(id, List.of()));
      for (int i = 0; i < of.size(); i++) {
        Row row = of.get(i);
        if (i < of.size() - 1) {
          settle(row, State.SUPPRESSED, Reason.SUPERSEDED);
        } else if (!(decision instanceof Decision.Tell)) {
          hold(row, decision);
        } else if (revision != null) {
          settle(row, State.SENT, null);
        } else {
          settle(row, State.SUPPRESSED, Reason.NOTHING_NEW);
        }
      }
    }

    private boolean isAcknowledged(String alertId) {
      Acknowledgement one = acknowledged.get(alertId);
      return one != null && one.holds(latest.get(alertId), now);
    }

    /**
     * A group that holds something back is looked at every interval, for months if need be. That is
     * needed only from the moment on at which a decision can have changed; a revision or an
     * acknowledgement moves it forward again.
     */
    private GroupState leap(GroupState group, Map<String, Decision> decisions) {
      if (group.next() == null) {
        return group;
      }
      Timing.Grouped timing = (Timing.Grouped) subscription.timing();
      Set<Instant> moments = new TreeSet<>();
      boolean open = false;
      for (Map.Entry<String, GroupState.Member> member : group.members().entrySet()) {
        Decision decision = decisions.get(member.getKey());
        Instant again = again(decision);
        if (again != null) {
          moments.add(again);
        }
        if (decision instanceof Decision.Tell && !member.getValue().withdrawn()) {
          open = true;
          if (isAcknowledged(member.getKey())
              && acknowledged.get(member.getKey()).until() != null) {
            moments.add(acknowledged.get(member.getKey()).until());
          }
        }
      }
      if (open && timing.repeatInterval() != null && group.told() != null) {
        // The table asks for more than the interval.
        Instant repeat = group.told().at().plus(timing.repeatInterval()).plusMillis(1);
        if (repeat.isAfter(now)) {
          moments.add(repeat);
        }
      }
      Instant first = moments.isEmpty() ? null : moments.iterator().next();
      Instant next = first == null ? null : regular(group, timing, first);
      return new GroupState(group.members(), group.told(), group.looked(), next);
    }

    /** Something may have changed for a group: it is looked at with the next regular look. */
    private void touch(String key) {
      GroupState group = key == null ? null : groups.get(key);
      if (group == null || group.looked() == null) {
        return;
      }
      Instant next = regular(group, (Timing.Grouped) subscription.timing(), now);
      if (group.next() == null || next.isBefore(group.next())) {
        schedule(key, new GroupState(group.members(), group.told(), group.looked(), next));
      }
    }

    /** The first of the regular looks after the last one that does not lie before the moment. */
    private static Instant regular(GroupState group, Timing.Grouped timing, Instant notBefore) {
      return Grouping.tick(group.looked(), timing.groupInterval(), notBefore);
    }

    private static Instant again(Decision decision) {
      if (decision instanceof Decision.Wait wait) {
        return wait.until();
      }
      return decision instanceof Decision.Suppress suppress ? suppress.reviewAt() : null;
    }

    private void plan(Kind kind, String group, List<Told> alerts) {
      if (!now.isBefore(from)) {
        messages.add(new Planned(now, kind, group, alerts));
      }
    }

    private Result result() {
      // What is held back is named by what holds it back at the end.
      for (List<Row> waiting : unsettled.values()) {
        for (Row row : waiting) {
          if (row.reason != Reason.GROUP && row.reason != Reason.DIGEST) {
            Decision decision = decide(row.alert);
            if (decision instanceof Decision.Tell) {
              row.state = State.PENDING;
            } else {
              row.hold(decision);
            }
          }
        }
      }
      int matched = 0;
      int sent = 0;
      int pending = 0;
      Map<Reason, Integer> suppressed = new EnumMap<>(Reason.class);
      for (Row row : rows) {
        if (!row.counted) {
          continue;
        }
        matched++;
        switch (row.state) {
          case SENT -> sent++;
          case PENDING -> pending++;
          case SUPPRESSED -> suppressed.merge(row.reason, 1, Integer::sum);
        }
      }
      return new Result(from, to, messages, matched, sent, suppressed, pending);
    }
  }

  private static Told told(Row row) {
    return new Told(row.alert.id(), row.alert.revision());
  }
}
