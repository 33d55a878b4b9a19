package dev.pactwatch.notify.policy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.SecretSource;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import dev.pactwatch.notify.subscription.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What {@code subscriptions.yaml} holds, in its order.
 *
 * @param intervals by name
 */
public record NotifyFile(
    List<Subscription> subscriptions,
    Map<String, TimeInterval> intervals,
    List<InhibitRule> inhibit,
    List<Escalation> escalations) {

  public NotifyFile {
    subscriptions = List.copyOf(subscriptions);
    intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
    inhibit = List.copyOf(inhibit);
    escalations = List.copyOf(escalations);
  }

  /**
   * What the file may rely on that does not stand in it.
   *
   * @param subscriptions ids of those made over REST, to which notices and escalations may go
   * @param intervals names of time intervals that silences and those subscriptions use
   */
  public record Elsewhere(Set<String> subscriptions, Set<String> intervals) {

    public static final Elsewhere NOTHING = new Elsewhere(Set.of(), Set.of());

    public Elsewhere {
      subscriptions = Set.copyOf(subscriptions);
      intervals = Set.copyOf(intervals);
    }
  }

  /**
   * Reads the file. Paths of secrets are relative to it.
   *
   * @param environment value of an environment variable, null when it is not set
   * @param warnings is told of files with secrets that everybody may read
   * @throws ConfigException that names file, line and field
   */
  public static NotifyFile read(
      Path file,
      UnaryOperator<String> environment,
      KnownIds known,
      Elsewhere elsewhere,
      Consumer<String> warnings) {
    return read(
        file,
        SecretSource.places(environment, file.toAbsolutePath().getParent(), warnings),
        known,
        elsewhere);
  }

  /** The same with secrets from elsewhere. */
  public static NotifyFile read(
      Path file, SecretSource secrets, KnownIds known, Elsewhere elsewhere) {
    return read(Yaml.read(file), new SubscriptionReader(secrets, known), elsewhere);
  }

  static NotifyFile read(Yaml root, SubscriptionReader reader, Elsewhere elsewhere) {
    root.map(Set.of("subscriptions", "time-intervals", "inhibit", "escalations"));
    Yaml list = root.need("subscriptions");
    List<Subscription> subscriptions = each(list, "id", reader::read, Subscription::id);
    Map<String, TimeInterval> intervals = new LinkedHashMap<>();
    for (TimeInterval interval :
        entries(root, "time-intervals", "name", TimeInterval::read, TimeInterval::name)) {
      intervals.put(interval.name(), interval);
    }
    NotifyFile file =
        new NotifyFile(
            subscriptions,
            intervals,
            entries(root, "inhibit", "id", InhibitRule::read, InhibitRule::id),
            entries(root, "escalations", "id", Escalation::read, Escalation::id));
    file.checkSubscriptions(list, elsewhere);
    file.checkIntervals(root, elsewhere);
    file.checkEscalations(root, elsewhere);
    return file;
  }

  /**
   * Checks what a subscription says about others, as for one that is given over REST.
   *
   * @param item where it was read from
   * @param ids of all other subscriptions
   * @param intervals names of those there are
   */
  public static void check(
      Yaml item, Subscription subscription, Collection<String> ids, Set<String> intervals) {
    if (subscription.notices() != null && !ids.contains(subscription.notices())) {
      throw item.need("notices")
          .problem("'" + subscription.notices() + "' is no other subscription");
    }
    checkNames(item, "mute-times", subscription.muteTimes(), intervals);
    checkNames(item, "active-times", subscription.activeTimes(), intervals);
  }

  private static void checkNames(
      Yaml item, String field, List<String> names, Set<String> intervals) {
    for (String name : names) {
      if (!intervals.contains(name)) {
        throw item.need(field).problem("'" + name + "' is no time interval");
      }
    }
  }

  private void checkSubscriptions(Yaml list, Elsewhere elsewhere) {
    Set<String> ids = ids(elsewhere);
    Map<String, String> feeds = new HashMap<>();
    List<Yaml> items = list.list();
    for (int i = 0; i < items.size(); i++) {
      Subscription one = subscriptions.get(i);
      check(items.get(i), one, ids, intervals.keySet());
      if (one.target() instanceof Target.Feed feed) {
        String other = feeds.put(feed.key().reveal(), one.id());
        if (other != null) {
          throw items.get(i).need("key").problem("is also the key of '" + other + "'");
        }
      }
    }
  }

  private void checkIntervals(Yaml root, Elsewhere elsewhere) {
    for (String name : elsewhere.intervals()) {
      if (!intervals.containsKey(name)) {
        throw root.problem(
            "lacks the time interval '"
                + name
                + "', which a silence or a subscription made elsewhere uses");
      }
    }
    Set<String> used = new HashSet<>(elsewhere.intervals());
    for (Subscription one : subscriptions) {
      used.addAll(one.muteTimes());
      used.addAll(one.activeTimes());
    }
    for (Yaml item : root.get("time-intervals").map(Yaml::list).orElse(List.of())) {
      String name = item.need("name").text();
      if (!used.contains(name) && !intervals.get(name).shared()) {
        throw item.need("name")
            .problem("nothing uses '" + name + "'; 'shared: true' keeps it for use elsewhere");
      }
    }
  }

  private void checkEscalations(Yaml root, Elsewhere elsewhere) {
    Set<String> ids = ids(elsewhere);
    for (Yaml item : root.get("escalations").map(Yaml::list).orElse(List.of())) {
      for (Yaml step : item.need("steps").list()) {
        for (String id : step.need("notify").texts()) {
          if (!ids.contains(id)) {
            throw step.need("notify").problem("'" + id + "' is no subscription");
          }
        }
      }
    }
  }

  private Set<String> ids(Elsewhere elsewhere) {
    Set<String> ids = new HashSet<>(elsewhere.subscriptions());
    subscriptions.forEach(one -> ids.add(one.id()));
    return ids;
  }

  private static <T> List<T> entries(
      Yaml root, String field, String key, Function<Yaml, T> read, Function<T, String> id) {
    return root.get(field).map(list -> each(list, key, read, id)).orElse(List.of());
  }

  private static <T> List<T> each(
      Yaml list, String key, Function<Yaml, T> read, Function<T, String> id) {
    List<T> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Yaml item : list.list()) {
      T one = read.apply(item);
      if (!ids.add(id.apply(one))) {
        throw item.need(key).problem("'" + id.apply(one) + "' stands twice");
      }
      all.add(one);
    }
    return all;
  }
}
