package dev.pactwatch.notify.policy;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.Durations;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who is told next when nobody takes on an alert.
 *
 * @param steps the earliest first
 * @param repeat how often all steps are gone through once more, 0 to 5
 */
public record Escalation(String id, Matchers matchers, List<Step> steps, int repeat) {

  private static final int MAX_STEPS = 20;
  private static final int MAX_REPEAT = 5;

  public Escalation {
    steps = List.copyOf(steps);
  }

  /**
   * @param after from the beginning of the round; the last step's is how long a round takes
   * @param subscriptions ids of subscriptions, whatever their filters say
   */
  public record Step(Duration after, List<String> subscriptions) {

    public Step {
      subscriptions = List.copyOf(subscriptions);
    }
  }

  /** How long one round takes. */
  Duration round() {
    return steps.get(steps.size() - 1).after();
  }

  /** Reads an entry of {@code escalations}. */
  public static Escalation read(Yaml item) {
    item.map(Set.of("id", "matchers", "steps", "repeat"));
    Yaml id = item.need("id");
    SubscriptionReader.checkId(id);
    Yaml list = item.need("steps");
    List<Step> steps = new ArrayList<>();
    for (Yaml one : list.list()) {
      one.map(Set.of("after", "notify"));
      Duration after = Durations.readPositive(one.need("after"));
      if (!steps.isEmpty() && after.compareTo(steps.get(steps.size() - 1).after()) <= 0) {
        throw one.need("after").problem("must be longer than that of the step before");
      }
      List<String> notify = one.need("notify").texts();
      if (notify.isEmpty()) {
        throw one.need("notify").problem("names nobody");
      }
      steps.add(new Step(after, notify));
    }
    if (steps.isEmpty() || steps.size() > MAX_STEPS) {
      throw list.problem("must hold 1 to " + MAX_STEPS + " steps, not " + steps.size());
    }
    int repeat = item.get("repeat").map(Yaml::integer).orElse(0);
    if (repeat < 0 || repeat > MAX_REPEAT) {
      throw item.need("repeat").problem("must lie between 0 and " + MAX_REPEAT + ", not " + repeat);
    }
    return new Escalation(id.text(), Matchers.read(item.need("matchers")), steps, repeat);
  }
}
