package dev.pactwatch.notify.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.TerminalText;
import dev.pactwatch.notify.subscription.AlertFacts;
import dev.pactwatch.notify.subscription.Filter;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a subscription is told of an alert, or is not: what every step of the way says, found by the
 * code that decides.
 *
 * @param alert id
 * @param revision the newest, which everything is about but {@code earlier}
 * @param at the moment for which it is explained
 * @param earlier what the filter says of the revisions before, oldest first
 * @param filter every criterion, in order
 * @param stages every step that can hold back, in order
 * @param reviewAt when time alone can change the verdict; null where it cannot
 */
public record Explanation(
    String subscription,
    String alert,
    int revision,
    Instant at,
    List<Earlier> earlier,
    List<Filter.Check> filter,
    List<Step> stages,
    When timing,
    Verdict verdict,
    Instant reviewAt) {

  public Explanation {
    earlier = List.copyOf(earlier);
    filter = List.copyOf(filter);
    stages = List.copyOf(stages);
  }

  /**
   * An older revision.
   *
   * @param rejection null where the filter lets it through
   */
  public record Earlier(int revision, String change, Filter.Rejection rejection) {}

  /**
   * What one step says.
   *
   * @param stage such as {@code mute-time}
   * @param passed whether it lets the alert through
   * @param reason null where it does
   * @param ref what stands behind the reason; null where nothing does
   * @param until when it is asked again; null where time does not change it
   */
  public record Step(String stage, boolean passed, Reason reason, String ref, Instant until) {}

  /**
   * How it is told when nothing holds it back.
   *
   * @param how {@code at-once}, {@code group} or {@code digest}
   * @param group key of the group; null outside of groups
   * @param next when the group is looked at or the digest is due; null at once, or where a group
   *     waits for something to be added
   */
  public record When(String how, String group, Instant next) {}

  /** What it comes to. */
  public enum Verdict {
    /** The filter refuses it. */
    NOT_WANTED,
    /** It is not told as things stand. */
    SUPPRESSED,
    /** It is told later. */
    WAITS,
    /** Nothing holds it back. */
    TOLD;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * Asks every step, also those behind one that holds it back.
   *
   * @param revisions of one alert, the oldest first; at least one
   * @param group state of its group where it has one already; null otherwise
   */
  public static Explanation of(
      Subscription subscription,
      List<Alert> revisions,
      Instant now,
      PolicyState state,
      GroupState group) {
    Alert newest = revisions.get(revisions.size() - 1);
    List<Earlier> earlier = new ArrayList<>();
    for (Alert one : revisions.subList(0, revisions.size() - 1)) {
      earlier.add(
          new Earlier(
              one.revision(),
              one.change().label(),
              subscription.filter().reject(one).orElse(null)));
    }
    List<Filter.Check> checks = subscription.filter().checks(new AlertFacts(newest));
    List<Step> steps = new ArrayList<>();
    for (Policy.Stage stage : Policy.Stage.values()) {
      steps.add(step(stage, Policy.at(stage, subscription, newest, now, state)));
    }
    Decision decision = Policy.decide(subscription, newest, now, state);
    When when = when(subscription, newest, now, group);
    Verdict verdict;
    Instant review = null;
    if (!checks.stream().allMatch(Filter.Check::passed)) {
      verdict = Verdict.NOT_WANTED;
    } else if (decision instanceof Decision.Suppress suppress) {
      verdict = Verdict.SUPPRESSED;
      review = suppress.reviewAt();
    } else if (decision instanceof Decision.Wait wait) {
      verdict = Verdict.WAITS;
      review = wait.until();
    } else {
      verdict = Verdict.TOLD;
    }
    return new Explanation(
        subscription.id(),
        newest.id(),
        newest.revision(),
        now,
        earlier,
        checks,
        steps,
        when,
        verdict,
        review);
  }

  private static Step step(Policy.Stage stage, Optional<Decision> answer) {
    String name = Kebab.of(stage);
    Decision decision = answer.orElse(new Decision.Tell());
    if (decision instanceof Decision.Suppress suppress) {
      return new Step(name, false, suppress.reason(), suppress.ref(), suppress.reviewAt());
    }
    return decision instanceof Decision.Wait wait
        ? new Step(name, false, wait.reason(), null, wait.until())
        : new Step(name, true, null, null, null);
  }

  private static When when(Subscription subscription, Alert alert, Instant now, GroupState group) {
    if (subscription.timing() instanceof Timing.Grouped grouped) {
      Instant next =
          group != null && group.members().containsKey(alert.id())
              ? group.next()
              : Grouping.add(group, grouped, alert, now, now).next();
      return new When("group", GroupKey.of(subscription, alert), next);
    }
    return subscription.timing() instanceof Timing.Digest digest
        ? new When("digest", null, DigestTimes.next(digest, now))
        : new When("at-once", null, null);
  }

  /** Lines for a terminal, with what comes from news or users escaped. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("alert " + alert + " revision " + revision + ", subscription " + subscription);
    for (Earlier one : earlier) {
      lines.add(
          "  revision "
              + one.revision()
              + " ("
              + one.change()
              + "): "
              + (one.rejection() == null
                  ? "wanted"
                  : "not wanted because of " + one.rejection().label()));
    }
    for (Filter.Check one : filter) {
      lines.add(
          line(one.passed(), one.criterion().label())
              + "wants "
              + one.wants()
              + "; the alert has "
              + one.has());
    }
    for (Step one : stages) {
      lines.add(
          line(one.passed(), one.stage())
              + (one.passed()
                  ? "lets it through"
                  : one.reason().label()
                      + (one.ref() == null ? "" : " (" + one.ref() + ")")
                      + (one.until() == null ? "" : " until " + one.until())));
    }
    lines.add(
        "  timing: "
            + timing.how()
            + (timing.group() == null ? "" : " " + timing.group())
            + (timing.next() == null ? "" : ", next " + timing.next()));
    lines.add(
        "verdict: "
            + verdict.label()
            + (reviewAt == null ? "" : ", to be decided on again at " + reviewAt));
    // Indents are kept; what follows them cannot move the cursor or begin a line of its own.
    return lines.stream()
        .map(line -> (line.startsWith("  ") ? "  " : "") + TerminalText.clean(line))
        .toList();
  }

  private static String line(boolean passed, String name) {
    return "  " + (passed ? "pass " : "HOLD ") + name + ": ";
  }
}
