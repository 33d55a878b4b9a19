package dev.pactwatch.notify.delivery;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.notify.policy.Decision;
import dev.pactwatch.notify.policy.DigestTimes;
import dev.pactwatch.notify.policy.Escalation;
import dev.pactwatch.notify.policy.Escalations;
import dev.pactwatch.notify.policy.GroupState;
import dev.pactwatch.notify.policy.Grouping;
import dev.pactwatch.notify.policy.PolicyState;
import dev.pactwatch.notify.policy.QuietTimes;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.store.AcknowledgementTable;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.GroupTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.Retention;
import dev.pactwatch.notify.store.ScheduleTable;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Does what time brings: decides again on what was held back, looks at groups, sends digests, takes
 * the next steps of escalations, and throws away what is too old. Each thing is done by one
 * instance, in a transaction of its own.
 */
final class Planner implements Runnable {

  private static final Logger LOG = System.getLogger(Planner.class.getName());

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Duration PRUNE = Duration.ofHours(1);
  private static final int MOST = 50;

  /** Why nothing is told to a subscription that is no more. */
  static final String REMOVED = "removed";

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final Rendering rendering;
  private final Duration retention;
  private final InstantSource clock;
  private final Consumer<Set<String>> owed;
  private final Standing standing = new Standing();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile String problem;
  private volatile boolean ended;
  private Instant pruned = Instant.MIN;

  /**
   * @param retention how long what is done is kept
   * @param owed is told of subscriptions that have something to be sent
   */
  Planner(
      NotifyDatabase database,
      Catalogue catalogue,
      Rendering rendering,
      Duration retention,
      InstantSource clock,
      Consumer<Set<String>> owed) {
    this.database = database;
    this.catalogue = catalogue;
    this.rendering = rendering;
    this.retention = retention;
    this.clock = clock;
    this.owed = owed;
  }

  /** What keeps it from working; null while nothing does. */
  String problem() {
    return problem;
  }

  boolean ended() {
    return ended;
  }

  void stop() {
    stop.countDown();
  }

  @Override
  public void run() {
    try {
      while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          while (stop.getCount() > 0 && round()) {
            LOG.log(Level.TRACE, "more is due");
          }
          problem = null;
        } catch (RuntimeException e) {
          problem = "planning failed: " + e.getClass().getSimpleName();
          LOG.log(Level.ERROR, problem, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
    }
  }

  /** Does what is due; true where more may be. */
  boolean round() {
    Instant now = clock.instant();
    Catalogue.Snapshot snapshot = catalogue.snapshot();
    boolean more =
        each(
            handle -> MatchTable.due(handle, now, MOST),
            Planner::review,
            (handle, row) -> MatchTable.postpone(handle, row, now.plus(AGAIN)),
            snapshot,
            now);
    more |=
        each(
            handle -> GroupTable.due(handle, now, 1),
            this::look,
            (handle, row) -> GroupTable.postpone(handle, row, now.plus(AGAIN)),
            snapshot,
            now);
    more |=
        each(
            handle -> ScheduleTable.dueDigests(handle, now, 1),
            this::digest,
            (handle, id) -> ScheduleTable.digest(handle, id, now.plus(AGAIN)),
            snapshot,
            now);
    more |=
        each(
            handle -> ScheduleTable.dueSteps(handle, now, 1),
            this::escalate,
            (handle, step) ->
                ScheduleTable.step(
                    handle, step.alertId(), step.escalation(), step.run(), now.plus(AGAIN)),
            snapshot,
            now);
    if (pruned.isBefore(now.minus(PRUNE))) {
      pruned = now;
      database.useTransaction(handle -> Retention.prune(handle, now.minus(retention)));
    }
    return more;
  }

  /** One transaction's work. */
  private record Work(
      Handle handle,
      Catalogue.Snapshot snapshot,
      PolicyState state,
      Admission admission,
      Instant now) {

    Optional<Subscription> subscription(String id) {
      return snapshot.find(id).map(Catalogue.Entry::subscription);
    }
  }

  /**
   * Does one kind of thing for all that is due of it. What cannot be done now is put off, so that
   * it stands in nobody's way.
   *
   * @return whether anything was due
   */
  private <T> boolean each(
      Function<Handle, List<T>> due,
      BiConsumer<Work, T> work,
      BiConsumer<Handle, T> postpone,
      Catalogue.Snapshot snapshot,
      Instant now) {
    List<T> all = new ArrayList<>();
    try {
      return database.inTransaction(
          handle -> {
            all.clear();
            all.addAll(due.apply(handle));
            if (all.isEmpty()) {
              return false;
            }
            PolicyState state = standing.at(handle, snapshot.file(), now);
            Admission admission = new Admission(handle, state, rendering, now);
            Work context = new Work(handle, snapshot, state, admission, now);
            all.forEach(one -> work.accept(context, one));
            Set<String> subscriptions = admission.write();
            if (!subscriptions.isEmpty()) {
              owed.accept(subscriptions);
            }
            return true;
          });
    } catch (RuntimeException e) {
      if (all.isEmpty()) {
        throw e;
      }
      problem = "planning failed: " + e.getClass().getSimpleName();
      LOG.log(Level.ERROR, problem + ", again in " + AGAIN.toSeconds() + " s", e);
      database.useTransaction(handle -> all.forEach(one -> postpone.accept(handle, one)));
      return true;
    }
  }

  private static void review(Work work, MatchTable.Row before) {
    Optional<Subscription> subscription = work.subscription(before.subscription());
    Optional<AlertTable.Row> row =
        AlertTable.find(work.handle(), before.alertId(), before.revision());
    if (subscription.isEmpty() || row.isEmpty()) {
      work.admission().set(before, Admission.Placed.suppressed(REMOVED, null, null));
      return;
    }
    work.admission().review(subscription.get(), row.get(), before);
  }

  private void look(Work work, GroupTable.Row row) {
    Optional<Subscription> found = work.subscription(row.subscription());
    if (found.isEmpty() || !(found.get().timing() instanceof Timing.Grouped)) {
      // Told in another way by now: what waits is decided on anew.
      for (MatchTable.Row waiting : waiting(work, row)) {
        review(work, waiting);
      }
      GroupTable.remove(work.handle(), row.subscription(), row.key());
      return;
    }
    Subscription subscription = found.get();
    Map<String, Decision> decisions = new HashMap<>();
    Map<String, AlertTable.Row> latest = new HashMap<>();
    GroupState state = row.state();
    for (Map.Entry<String, GroupState.Member> member : row.state().members().entrySet()) {
      String id = member.getKey();
      Optional<AlertTable.Row> one =
          AlertTable.find(work.handle(), id, member.getValue().revision());
      if (one.isEmpty() || overtaken(work, id, member.getValue().revision())) {
        // By a revision that the subscription does not want, or it would be the member.
        decisions.put(id, new Decision.Suppress(Reason.SUPERSEDED, null, null));
        state = state.without(id);
      } else {
        latest.put(id, one.get());
        decisions.put(id, work.admission().decide(subscription, one.get().alert()));
      }
    }
    Grouping.Flush flush =
        Grouping.flush(
            subscription,
            state,
            decisions::get,
            id -> acknowledged(work, latest.get(id)),
            work.now());
    Map<String, String> messages = new HashMap<>();
    if (!flush.tell().isEmpty()) {
      List<AlertTable.Row> rows = flush.tell().keySet().stream().map(latest::get).toList();
      var made =
          flush.why() == Grouping.Why.REPEAT_INTERVAL_ELAPSED
              ? rendering.reminder(
                  subscription,
                  "remind-"
                      + work.now().toEpochMilli()
                      + "-"
                      + Integer.toHexString(row.key().hashCode()),
                  rows,
                  note(flush),
                  work.now())
              : rendering.group(subscription, row.key(), rows, note(flush), work.now());
      work.admission().send(made);
      for (int i = 0; i < rows.size(); i++) {
        messages.put(rows.get(i).alert().id(), made.get(i / Rendering.MOST_ITEMS).message().id());
      }
    }
    settle(work, subscription, row, flush, decisions, messages);
    GroupTable.put(work.handle(), row.subscription(), row.key(), flush.next());
  }

  private static boolean overtaken(Work work, String alertId, int revision) {
    return AlertTable.latestRevision(work.handle(), alertId) > revision;
  }

  private static boolean acknowledged(Work work, AlertTable.Row row) {
    if (row == null) {
      return false;
    }
    Acknowledgement acknowledgement = work.state().acknowledgements().get(row.alert().id());
    return acknowledgement != null && acknowledgement.holds(row.alert(), work.now());
  }

  private static String note(Grouping.Flush flush) {
    String open = flush.open() == 1 ? "1 alert is open" : flush.open() + " alerts are open";
    return switch (flush.why()) {
      case REPEAT_INTERVAL_ELAPSED -> "Still open: " + open + ".";
      case ALL_WITHDRAWN -> "Everything in this group is withdrawn.";
      default -> open.substring(0, 1).toUpperCase(Locale.ROOT) + open.substring(1) + ".";
    };
  }

  /** Writes down what became of each revision that has waited in the group. */
  private static void settle(
      Work work,
      Subscription subscription,
      GroupTable.Row group,
      Grouping.Flush flush,
      Map<String, Decision> decisions,
      Map<String, String> messages) {
    Map<String, MatchTable.Row> rows = new TreeMap<>();
    for (MatchTable.Row row : waiting(work, group)) {
      rows.put(row.alertId() + " " + row.revision(), row);
    }
    // What was held back, and is told now, waits under another reason.
    if (flush.why() != Grouping.Why.REPEAT_INTERVAL_ELAPSED) {
      flush
          .tell()
          .forEach(
              (id, revision) ->
                  MatchTable.find(work.handle(), id, revision, subscription.id())
                      .ifPresent(row -> rows.putIfAbsent(id + " " + revision, row)));
    }
    for (MatchTable.Row row : rows.values()) {
      Integer told =
          flush.why() == Grouping.Why.REPEAT_INTERVAL_ELAPSED
              ? null
              : flush.tell().get(row.alertId());
      Admission.Placed placed;
      if (told != null && told == row.revision()) {
        placed = Admission.Placed.told(messages.get(row.alertId()));
      } else if (!newest(group, row)) {
        placed = Admission.Placed.suppressed(Reason.SUPERSEDED.label(), null, null);
      } else if (decisions.get(row.alertId()) instanceof Decision.Wait) {
        continue;
      } else if (decisions.get(row.alertId()) instanceof Decision.Suppress suppress) {
        // The group itself is looked at again; its rows are not.
        placed = Admission.Placed.suppressed(suppress.reason().label(), suppress.ref(), null);
      } else {
        placed = Admission.Placed.suppressed(Reason.NOTHING_NEW.label(), null, null);
      }
      work.admission().set(row, placed);
    }
  }

  /** Whether its group knows of no newer revision of the alert. */
  private static boolean newest(GroupTable.Row group, MatchTable.Row row) {
    GroupState.Member member = group.state().members().get(row.alertId());
    return member == null || member.revision() <= row.revision();
  }

  private static List<MatchTable.Row> waiting(Work work, GroupTable.Row group) {
    return MatchTable.waiting(
        work.handle(), group.subscription(), Reason.GROUP.label(), Admission.ref(group.key()));
  }

  private void digest(Work work, String id) {
    Optional<Subscription> found = work.subscription(id);
    if (found.isEmpty() || !(found.get().timing() instanceof Timing.Digest digest)) {
      for (MatchTable.Row row :
          MatchTable.waiting(work.handle(), id, Reason.DIGEST.label(), null)) {
        review(work, row);
      }
      ScheduleTable.digest(work.handle(), id, null);
      return;
    }
    Subscription subscription = found.get();
    if (subscription.quiet() != null) {
      Optional<Instant> end = QuietTimes.endOfQuiet(subscription.quiet(), work.now());
      if (end.isPresent()) {
        ScheduleTable.digest(work.handle(), id, end.get());
        return;
      }
    }
    List<MatchTable.Row> waiting =
        MatchTable.waiting(work.handle(), id, Reason.DIGEST.label(), null);
    List<AlertTable.Row> told = new ArrayList<>();
    List<MatchTable.Row> matches = new ArrayList<>();
    waiting.forEach(
        match -> {
          if (overtaken(work, match.alertId(), match.revision())) {
            work.admission()
                .set(match, Admission.Placed.suppressed(Reason.SUPERSEDED.label(), null, null));
            return;
          }
          Optional<AlertTable.Row> row =
              AlertTable.find(work.handle(), match.alertId(), match.revision());
          if (row.isEmpty()) {
            work.admission().set(match, Admission.Placed.suppressed(REMOVED, null, null));
            return;
          }
          Decision decision = work.admission().decide(subscription, row.get().alert());
          if (decision instanceof Decision.Tell) {
            told.add(row.get());
            matches.add(match);
          } else {
            work.admission().set(match, Admission.held(decision));
          }
        });
    if (!told.isEmpty()) {
      String count = told.size() == 1 ? "1 alert" : told.size() + " alerts";
      var made =
          rendering.digest(subscription, told, count + " since the last digest.", work.now());
      work.admission().send(made);
      for (int i = 0; i < matches.size(); i++) {
        work.admission()
            .set(
                matches.get(i),
                Admission.Placed.told(made.get(i / Rendering.MOST_ITEMS).message().id()));
      }
    }
    ScheduleTable.digest(work.handle(), id, DigestTimes.next(digest, work.now()));
  }

  private void escalate(Work work, ScheduleTable.Step step) {
    Optional<Escalation> escalation =
        work.snapshot().file().escalations().stream()
            .filter(one -> one.id().equals(step.escalation()))
            .findFirst();
    Optional<AlertTable.Row> row = AlertTable.latest(work.handle(), step.alertId());
    if (escalation.isEmpty() || row.isEmpty()) {
      ScheduleTable.step(work.handle(), step.alertId(), step.escalation(), step.run(), null);
      return;
    }
    Alert alert = row.get().alert();
    Escalations.Result result =
        Escalations.due(
            escalation.get(),
            step.run(),
            alert,
            AcknowledgementTable.find(work.handle(), step.alertId()).orElse(null),
            work.now());
    for (Escalations.Due due : result.steps()) {
      for (String id : due.subscriptions()) {
        work.subscription(id)
            .ifPresent(
                subscription ->
                    work.admission()
                        .send(
                            rendering.reminder(
                                subscription,
                                alert.id()
                                    + "-e-"
                                    + step.escalation()
                                    + "-"
                                    + result.next().start().toEpochMilli()
                                    + "-"
                                    + due.round()
                                    + "-"
                                    + due.number(),
                                List.of(row.get()),
                                "Nobody has acknowledged this alert yet.",
                                work.now())));
      }
    }
    ScheduleTable.step(
        work.handle(), step.alertId(), step.escalation(), result.next(), result.nextAt());
  }
}
