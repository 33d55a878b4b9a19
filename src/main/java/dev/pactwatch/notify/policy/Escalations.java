package dev.pactwatch.notify.policy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which steps of an escalation are due. */
public final class Escalations {

  private Escalations() {}

  /**
   * How far an escalation of one alert has come.
   *
   * @param start when it began, or began again
   * @param done steps gone since, over all rounds
   */
  public record Run(Instant start, int done) {}

  /**
   * A step that is due.
   *
   * @param round 0 for the first time through
   * @param number of the step in its round, from 0
   * @param at when it fell due
   */
  public record Due(int round, int number, Instant at, List<String> subscriptions) {}

  /**
   * @param steps in their order; more than one only when nobody has looked for a while
   * @param next the state to be kept
   * @param nextAt when to look again; null where nothing but a change of the alert can bring more
   */
  public record Result(List<Due> steps, Run next, Instant nextAt) {

    public Result {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A withdrawn alert, or one that does not match any more, has no further steps. An
   * acknowledgement stops it while it holds; when it ends, by its time or because the alert moved
   * on, everything begins anew.
   *
   * @param run null for one that begins now
   * @param acknowledgement the latest; null for none
   */
  public static Result due(
      Escalation escalation, Run run, Alert alert, Acknowledgement acknowledgement, Instant now) {
    Run current = run == null ? new Run(now, 0) : run;
    if (alert.change() == Change.WITHDRAWN || !escalation.matchers().matches(alert)) {
      return new Result(List.of(), current, null);
    }
    if (acknowledgement != null) {
      if (acknowledgement.holds(alert, now)) {
        return new Result(List.of(), current, acknowledgement.until());
      }
      if (!acknowledgement.at().isBefore(current.start())) {
        boolean byTime = acknowledgement.expired(now) && !acknowledgement.movedOn(alert);
        current = new Run(byTime ? acknowledgement.until() : now, 0);
      }
    }
    int each = escalation.steps().size();
    int all = each * (escalation.repeat() + 1);
    List<Due> due = new ArrayList<>();
    int done = current.done();
    while (done < all && !at(escalation, current, done).isAfter(now)) {
      due.add(
          new Due(
              done / each,
              done % each,
              at(escalation, current, done),
              escalation.steps().get(done % each).subscriptions()));
      done++;
    }
    return new Result(
        due, new Run(current.start(), done), done < all ? at(escalation, current, done) : null);
  }

  private static Instant at(Escalation escalation, Run run, int step) {
    int each = escalation.steps().size();
    Duration rounds = escalation.round().multipliedBy(step / each);
    return run.start().plus(rounds).plus(escalation.steps().get(step % each).after());
  }
}
