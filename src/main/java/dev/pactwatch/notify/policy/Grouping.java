package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * When a group is told, with Alertmanager's meaning: the first look after {@code groupWait},
 * further ones every {@code groupInterval}, and a message when its table says so. Open stands for
 * firing, withdrawn for resolved; a new revision is something new.
 *
 * <p>Looks at which nothing can be found are left out. Unlike in Alertmanager, whoever was told of
 * an alert before it was silenced is not told of the very same revision again after that.
 */
public final class Grouping {

  /**
   * News never resolve by themselves: what was told and is not repeated is left behind after this.
   */
  private static final Duration KEPT = Duration.ofDays(30);

  private Grouping() {}

  /** Why a group is told, or why not. */
  public enum Why {
    FIRST_NOTIFICATION(true),
    NEW_ALERTS_IN_GROUP(true),
    ALL_WITHDRAWN(true),
    NEW_WITHDRAWN(true),
    REPEAT_INTERVAL_ELAPSED(true),
    /** Nothing is open, and nobody was told that anything is. */
    NOTHING_OPEN(false),
    /** The last message says it all. */
    NOTHING_NEW(false),
    /** Every alert is held back. */
    ALL_HELD(false);

    private final boolean send;

    Why(boolean send) {
      this.send = send;
    }

    public boolean send() {
      return send;
    }

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * What a look at a group brings.
   *
   * @param tell revisions by id of the alert that the message is to tell: what is new since the
   *     last one, and when it is repeated all that is open and not acknowledged; there is no
   *     message when it is empty, which it can be although the table says so, for who wants no
   *     withdrawals
   * @param open how many alerts of the group are open and not held back
   * @param next the state to be kept
   */
  public record Flush(Why why, Map<String, Integer> tell, int open, GroupState next) {

    public Flush {
      tell = Collections.unmodifiableMap(new TreeMap<>(tell));
    }
  }

  /**
   * Puts a revision into its group; an older one than is there changes nothing.
   *
   * @param state null for a group that does not exist yet
   * @param known when the revision was first known here, which is not its event time: a group whose
   *     first alert has waited already, over a restart, is not made to wait again
   */
  public static GroupState add(
      GroupState state, Timing.Grouped timing, Alert alert, Instant known, Instant now) {
    GroupState before = state == null ? new GroupState(Map.of(), null, null, null) : state;
    GroupState.Member member = before.members().get(alert.id());
    if (member != null && member.revision() >= alert.revision()) {
      return before;
    }
    Map<String, GroupState.Member> members = new TreeMap<>(before.members());
    members.put(
        alert.id(),
        new GroupState.Member(alert.revision(), alert.change() == Change.WITHDRAWN, now));
    Instant next;
    if (before.looked() == null) {
      Instant due = known.plus(timing.groupWait());
      next =
          due.isBefore(now)
              ? now
              : before.next() == null ? now.plus(timing.groupWait()) : before.next();
    } else {
      Instant tick = tick(before.looked(), timing.groupInterval(), now);
      next = before.next() == null || tick.isBefore(before.next()) ? tick : before.next();
    }
    return new GroupState(members, before.told(), before.looked(), next);
  }

  /**
   * Looks at a group whose time has come.
   *
   * @param decisions what {@link Policy} says of the newest revision, by id of the alert
   * @param acknowledged whether an alert (its id) is acknowledged, so that nobody need be reminded
   * @throws IllegalArgumentException when the subscription is not told in groups
   */
  public static Flush flush(
      Subscription subscription,
      GroupState state,
      Function<String, Decision> decisions,
      Predicate<String> acknowledged,
      Instant now) {
    if (!(subscription.timing() instanceof Timing.Grouped timing)) {
      throw new IllegalArgumentException(subscription.id() + " is not told in groups");
    }
    Map<String, Integer> open = new TreeMap<>();
    Map<String, Integer> withdrawn = new TreeMap<>();
    Map<String, GroupState.Member> members = new TreeMap<>(state.members());
    state
        .members()
        .forEach(
            (id, member) -> {
              Decision decision = decisions.apply(id);
              if (decision instanceof Decision.Tell) {
                (member.withdrawn() ? withdrawn : open).put(id, member.revision());
              } else if (decision instanceof Decision.Suppress suppress
                  && suppress.reason() == Reason.NEVER_TOLD) {
                members.remove(id);
              }
            });
    int held = members.size() - open.size() - withdrawn.size();
    boolean remind = open.keySet().stream().anyMatch(id -> !acknowledged.test(id));
    Why why =
        open.isEmpty() && withdrawn.isEmpty()
            ? held > 0 ? Why.ALL_HELD : Why.NOTHING_OPEN
            : why(
                state.told(),
                open,
                withdrawn,
                wantsWithdrawals(subscription),
                remind ? timing.repeatInterval() : null,
                now);
    GroupState.Told told = state.told();
    Map<String, Integer> tell = Map.of();
    if (why.send()) {
      tell =
          why == Why.REPEAT_INTERVAL_ELAPSED
              ? without(open, acknowledged)
              : news(told, open, withdrawn, wantsWithdrawals(subscription));
      told = told(told, members, open, withdrawn, now);
    }
    // As Alertmanager does, what is over is left behind once there was an occasion to say so.
    withdrawn.keySet().forEach(members::remove);
    if (told != null && timing.repeatInterval() == null) {
      Map<String, Integer> known = told.open();
      members
          .entrySet()
          .removeIf(
              one ->
                  one.getValue().since().isBefore(now.minus(KEPT))
                      && known(known, one.getKey(), one.getValue().revision()));
    }
    return new Flush(
        why,
        tell,
        open.size(),
        new GroupState(
            members,
            told,
            members.isEmpty() ? null : now,
            next(timing, members, told, open, held, remind, now)));
  }

  /**
   * Alertmanager's table. Revisions are by id of the alert.
   *
   * @param told null where there was no message yet
   * @param repeat null for never
   */
  static Why why(
      GroupState.Told told,
      Map<String, Integer> open,
      Map<String, Integer> withdrawn,
      boolean wantsWithdrawals,
      Duration repeat,
      Instant now) {
    if (told == null) {
      return open.isEmpty() ? Why.NOTHING_OPEN : Why.FIRST_NOTIFICATION;
    }
    if (!within(open, told.open())) {
      return Why.NEW_ALERTS_IN_GROUP;
    }
    if (open.isEmpty()) {
      return told.open().isEmpty() ? Why.NOTHING_OPEN : Why.ALL_WITHDRAWN;
    }
    if (wantsWithdrawals && !within(withdrawn, told.withdrawn())) {
      return Why.NEW_WITHDRAWN;
    }
    return repeat != null && told.at().isBefore(now.minus(repeat))
        ? Why.REPEAT_INTERVAL_ELAPSED
        : Why.NOTHING_NEW;
  }

  private static boolean within(Map<String, Integer> some, Map<String, Integer> all) {
    return some.entrySet().stream().allMatch(one -> known(all, one.getKey(), one.getValue()));
  }

  private static boolean known(Map<String, Integer> told, String id, int revision) {
    return told.getOrDefault(id, 0) >= revision;
  }

  private static boolean wantsWithdrawals(Subscription subscription) {
    return subscription.filter().changes().isEmpty()
        || subscription.filter().changes().contains(Change.WITHDRAWN);
  }

  private static Map<String, Integer> news(
      GroupState.Told told,
      Map<String, Integer> open,
      Map<String, Integer> withdrawn,
      boolean wantsWithdrawals) {
    Map<String, Integer> news = new TreeMap<>(open);
    if (wantsWithdrawals) {
      news.putAll(withdrawn);
    }
    if (told != null) {
      news.entrySet()
          .removeIf(
              one ->
                  known(
                      open.containsKey(one.getKey()) ? told.open() : told.withdrawn(),
                      one.getKey(),
                      one.getValue()));
    }
    return news;
  }

  private static Map<String, Integer> without(
      Map<String, Integer> open, Predicate<String> acknowledged) {
    Map<String, Integer> left = new TreeMap<>(open);
    left.keySet().removeIf(acknowledged);
    return left;
  }

  /** What the message now tells, and what held back ones were told of before. */
  private static GroupState.Told told(
      GroupState.Told before,
      Map<String, GroupState.Member> members,
      Map<String, Integer> open,
      Map<String, Integer> withdrawn,
      Instant now) {
    Map<String, Integer> all = new TreeMap<>();
    if (before != null) {
      before
          .open()
          .forEach(
              (id, revision) -> {
                if (members.containsKey(id) && !withdrawn.containsKey(id)) {
                  all.put(id, revision);
                }
              });
    }
    all.putAll(open);
    return new GroupState.Told(now, all, withdrawn);
  }

  /** The next look at which something can be found. */
  private static Instant next(
      Timing.Grouped timing,
      Map<String, GroupState.Member> members,
      GroupState.Told told,
      Map<String, Integer> open,
      int held,
      boolean remind,
      Instant now) {
    if (members.isEmpty()) {
      return null;
    }
    Instant tick = now.plus(timing.groupInterval());
    if (held > 0) {
      return tick;
    }
    if (timing.repeatInterval() == null || open.isEmpty() || told == null) {
      return null;
    }
    if (!remind) {
      return tick;
    }
    // The table asks for more than the interval.
    Instant repeat = told.at().plus(timing.repeatInterval()).plusMillis(1);
    return repeat.isBefore(tick) ? tick : tick(now, timing.groupInterval(), repeat);
  }

  /** The first of the regular looks that does not lie before the moment. */
  static Instant tick(Instant looked, Duration interval, Instant notBefore) {
    long passed = Math.max(0, Duration.between(looked, notBefore).toMillis());
    long each = interval.toMillis();
    return looked.plusMillis(Math.max(1, (passed + each - 1) / each) * each);
  }
}
