package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.notify.subscription.QuietHours;
import dev.pactwatch.notify.subscription.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a revision that a subscription wants is told now, in Alertmanager's order: inhibition,
 * active times, mute times, silences, then acknowledgement and quiet hours. What time alone holds
 * back is to be decided on again when it can have changed, and is then told if the alert is still
 * as it was.
 *
 * <p>A withdrawal goes to everybody who was told of the alert, and to nobody else: it is neither
 * inhibited nor acknowledged away, and what else holds it back does not do so for good.
 */
public final class Policy {

  private Policy() {}

  /** The steps of a decision, in their order. */
  enum Stage {
    HISTORY,
    INHIBITION,
    ACTIVE_TIME,
    MUTE_TIME,
    SILENCE,
    ACKNOWLEDGEMENT,
    QUIET_HOURS
  }

  public static Decision decide(
      Subscription subscription, Alert alert, Instant now, PolicyState state) {
    for (Stage stage : Stage.values()) {
      Optional<Decision> held = at(stage, subscription, alert, now, state);
      if (held.isPresent()) {
        return held.get();
      }
    }
    return new Decision.Tell();
  }

  /** What this step alone says; empty where it lets the alert pass. */
  static Optional<Decision> at(
      Stage stage, Subscription subscription, Alert alert, Instant now, PolicyState state) {
    return switch (stage) {
      case HISTORY -> neverTold(subscription, alert, state);
      case INHIBITION -> inhibition(alert, state);
      case ACTIVE_TIME -> activeTime(subscription, now, state);
      case MUTE_TIME -> muteTime(subscription, now, state);
      case SILENCE -> silence(alert, now, state);
      case ACKNOWLEDGEMENT -> acknowledgement(alert, now, state);
      case QUIET_HOURS -> quietHours(subscription, alert, now);
    };
  }

  private static Optional<Decision> neverTold(
      Subscription subscription, Alert alert, PolicyState state) {
    return withdrawn(alert) && !state.told().test(subscription.id(), alert.id())
        ? Optional.of(new Decision.Suppress(Reason.NEVER_TOLD, null, null))
        : Optional.empty();
  }

  private static Optional<Decision> inhibition(Alert alert, PolicyState state) {
    if (withdrawn(alert)) {
      return Optional.empty();
    }
    return Inhibition.inhibitor(alert, state.open(), state.rules())
        .map(found -> new Decision.Suppress(Reason.INHIBITION, found.source().id(), null));
  }

  private static Optional<Decision> activeTime(
      Subscription subscription, Instant now, PolicyState state) {
    List<String> names = subscription.activeTimes();
    if (names.isEmpty() || IntervalTimes.covering(names, state.intervals(), now).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision.Suppress(
            Reason.ACTIVE_TIME,
            names.get(0),
            IntervalTimes.nextChange(names, state.intervals(), now, null).orElse(null)));
  }

  private static Optional<Decision> muteTime(
      Subscription subscription, Instant now, PolicyState state) {
    List<String> names = subscription.muteTimes();
    return IntervalTimes.covering(names, state.intervals(), now)
        .map(
            name ->
                new Decision.Suppress(
                    Reason.MUTE_TIME,
                    name,
                    IntervalTimes.nextChange(names, state.intervals(), now, null).orElse(null)));
  }

  /**
   * Of several silences, the one that lets go last is named; one that drops what it has silenced is
   * named before all.
   */
  private static Optional<Decision> silence(Alert alert, Instant now, PolicyState state) {
    List<Silence> active = new ArrayList<>();
    for (Silence silence : state.silences()) {
      if (silence.silences(alert, now, state.intervals())) {
        active.add(silence);
      }
    }
    if (active.isEmpty()) {
      return Optional.empty();
    }
    if (!withdrawn(alert)) {
      for (Silence silence : active) {
        if (silence.atEnd() == Silence.AtEnd.DROP) {
          return Optional.of(new Decision.Suppress(Reason.SILENCE, silence.id(), null));
        }
      }
    }
    Silence last = active.get(0);
    Instant until = last.nextChange(now, state.intervals()).orElse(null);
    for (Silence silence : active.subList(1, active.size())) {
      Instant next = silence.nextChange(now, state.intervals()).orElse(null);
      if (until != null && (next == null || next.isAfter(until))) {
        last = silence;
        until = next;
      }
    }
    return Optional.of(new Decision.Suppress(Reason.SILENCE, last.id(), until));
  }

  private static Optional<Decision> acknowledgement(Alert alert, Instant now, PolicyState state) {
    return Optional.ofNullable(state.acknowledgements().get(alert.id()))
        .filter(ack -> Acknowledgement.suppresses(alert.change()) && ack.holds(alert, now))
        .map(ack -> new Decision.Suppress(Reason.ACKNOWLEDGED, ack.by(), ack.until()));
  }

  private static Optional<Decision> quietHours(
      Subscription subscription, Alert alert, Instant now) {
    QuietHours quiet = subscription.quiet();
    if (quiet == null
        || (quiet.except() != null && alert.severity().compareTo(quiet.except()) >= 0)) {
      return Optional.empty();
    }
    return QuietTimes.endOfQuiet(quiet, now)
        .map(until -> new Decision.Wait(until, Reason.QUIET_HOURS));
  }

  private static boolean withdrawn(Alert alert) {
    return alert.change() == Change.WITHDRAWN;
  }
}
