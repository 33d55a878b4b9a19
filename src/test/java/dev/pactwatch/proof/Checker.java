package dev.pactwatch.proof;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.proof.Ledger.Delivery;
import dev.pactwatch.proof.Ledger.Fault;
import dev.pactwatch.proof.Ledger.Item;
import dev.pactwatch.proof.Ledger.Row;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Holds a ledger against the invariants. Pure; every check stands for itself and says what it
 * found, by name.
 */
final class Checker {

  /** What one side notes may be a little late against the other. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final Oracle oracle;
  private final Map<Invariant, List<String>> findings = new EnumMap<>(Invariant.class);

  /** What ought to come of articles. */
  interface Oracle {

    TaggedArticle tag(Article article);

    /**
     * @param articles the newest version of each
     * @return the latest revision of each alert that holds, by id
     */
    Map<String, Alert> alerts(Collection<Article> articles);
  }

  private Checker(Oracle oracle) {
    this.oracle = oracle;
  }

  /** The invariants that do not hold, each with what contradicts it; empty when all hold. */
  static Map<Invariant, List<String>> check(Ledger ledger, Oracle oracle) {
    Checker checker = new Checker(oracle);
    checker.published(ledger);
    checker.order(ledger);
    checker.tagged(ledger);
    checker.revisions(ledger);
    checker.states(ledger);
    checker.model(ledger);
    checker.traces(ledger);
    checker.letters(ledger);
    checker.aborted(ledger);
    checker.told(ledger);
    checker.repeats(ledger);
    checker.recovery(ledger);
    checker.replay(ledger);
    return checker.findings;
  }

  private void found(Invariant invariant, String what) {
    findings.computeIfAbsent(invariant, i -> new ArrayList<>()).add(what);
  }

  private void published(Ledger ledger) {
    Map<String, Item> owed = new LinkedHashMap<>();
    ledger.served().forEach(item -> owed.put(item.name(), item));
    Map<String, Integer> times = new LinkedHashMap<>();
    for (Row<Article> row : ledger.articles()) {
      Article article = row.value();
      if (ledger.aborted().contains(row.key())) {
        continue;
      }
      Item item =
          new Item(
              article.feed(),
              article.guid(),
              article.version(),
              article.headline(),
              article.summary());
      if (!item.equals(owed.get(item.name()))) {
        found(Invariant.NOTHING_IS_PUBLISHED_TWICE, "no feed had " + item);
      } else if (times.merge(item.name(), 1, Integer::sum) > 1) {
        found(
            Invariant.NOTHING_IS_PUBLISHED_TWICE,
            item.name() + " is there again at " + row.partition() + "/" + row.offset());
      }
    }
    owed.keySet().stream()
        .filter(name -> !times.containsKey(name))
        .forEach(name -> found(Invariant.EVERY_ITEM_IS_PUBLISHED, name + " is missing"));
  }

  private void order(Ledger ledger) {
    Map<String, Row<Article>> last = new HashMap<>();
    for (Row<Article> row : ledger.articles()) {
      Row<Article> before = last.put(row.key(), row);
      if (before == null) {
        if (row.value().version() != 1 && !ledger.aborted().contains(row.key())) {
          found(Invariant.VERSIONS_ARE_IN_ORDER, place(row) + " begins with another than 1");
        }
      } else if (before.partition() != row.partition()
          || before.value().version() > row.value().version()) {
        found(Invariant.VERSIONS_ARE_IN_ORDER, place(row) + " comes after " + place(before));
      }
    }
  }

  private static String place(Row<Article> row) {
    return row.key()
        + " version "
        + row.value().version()
        + " at "
        + row.partition()
        + "/"
        + row.offset();
  }

  private void tagged(Ledger ledger) {
    Map<String, Article> owed = new LinkedHashMap<>();
    ledger.articles().stream()
        .filter(row -> !ledger.aborted().contains(row.key()))
        .forEach(row -> owed.put(row.key() + "#" + row.value().version(), row.value()));
    Map<String, Integer> times = new HashMap<>();
    for (Row<TaggedArticle> row : ledger.events()) {
      if (ledger.aborted().contains(row.key())) {
        continue;
      }
      String name = row.value().uri() + "#" + row.value().version();
      Article article = owed.get(name);
      if (article == null) {
        found(Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE, name + " is tagged and was no article");
      } else if (times.merge(name, 1, Integer::sum) > 1) {
        found(Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE, name + " is tagged again");
      } else if (!Json.write(oracle.tag(article)).equals(Json.write(row.value()))) {
        found(Invariant.EVENTS_ARE_THOSE_OF_THE_RULES, name + " has other events");
      }
    }
    owed.keySet().stream()
        .filter(name -> !times.containsKey(name))
        .forEach(name -> found(Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE, name + " was never tagged"));
  }

  private void revisions(Ledger ledger) {
    Map<String, Integer> last = new HashMap<>();
    for (Row<Alert> row : ledger.alerts()) {
      int before = last.getOrDefault(row.value().id(), 0);
      int revision = row.value().revision();
      if (revision != before + 1) {
        found(
            Invariant.REVISIONS_COUNT_UP,
            row.value().id()
                + " goes from "
                + before
                + " to "
                + revision
                + " at "
                + row.partition()
                + "/"
                + row.offset());
      }
      last.put(row.value().id(), Math.max(before, revision));
    }
  }

  private void states(Ledger ledger) {
    Map<String, Alert> latest = latest(ledger.alerts());
    Map<String, Alert> states = latest(ledger.states());
    Set<String> ids = new TreeSet<>(latest.keySet());
    ids.addAll(states.keySet());
    for (String id : ids) {
      Alert alert = latest.get(id);
      if (alert == null || !alert.equals(states.get(id))) {
        found(Invariant.STATES_ARE_THE_LATEST_REVISIONS, id + " stands otherwise in its state");
      }
    }
  }

  private static Map<String, Alert> latest(List<Row<Alert>> rows) {
    Map<String, Alert> latest = new TreeMap<>();
    rows.forEach(row -> latest.put(row.value().id(), row.value()));
    return latest;
  }

  private void model(Ledger ledger) {
    Map<String, Article> newest = new TreeMap<>();
    ledger.articles().stream()
        .filter(row -> !ledger.aborted().contains(row.key()))
        .forEach(
            row ->
                newest.merge(row.key(), row.value(), (a, b) -> a.version() >= b.version() ? a : b));
    Map<String, String> expected = settled(oracle.alerts(newest.values()).values());
    Map<String, String> actual = settled(latest(ledger.alerts()).values());
    Set<String> ids = new TreeSet<>(expected.keySet());
    ids.addAll(actual.keySet());
    for (String id : ids) {
      if (!expected.containsKey(id)) {
        found(Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL, id + " ought not to be there");
      } else if (!actual.containsKey(id)) {
        found(Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL, id + " ought to be there");
      } else if (!expected.get(id).equals(actual.get(id))) {
        found(Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL, id + " ought to say something else");
      }
    }
  }

  /**
   * Without the numbers that tell how often one was written, which the order of arrival decides.
   */
  private static Map<String, String> settled(Collection<Alert> alerts) {
    Map<String, String> settled = new TreeMap<>();
    for (Alert alert : alerts) {
      if (alert.change() != Change.WITHDRAWN) {
        settled.put(alert.id(), Json.write(AlertFold.renumbered(alert, 0, Change.UPDATED)));
      }
    }
    return settled;
  }

  private void traces(Ledger ledger) {
    Map<String, List<Article>> versions = new HashMap<>();
    ledger
        .articles()
        .forEach(
            row -> versions.computeIfAbsent(row.key(), k -> new ArrayList<>()).add(row.value()));
    for (Row<Alert> row : ledger.alerts()) {
      for (Alert.ArticleRef article : row.value().articles()) {
        if (!versions.containsKey(article.uri())) {
          found(
              Invariant.CLAIMS_CAN_BE_TRACED,
              row.value().revisionKey() + " rests on " + article.uri() + ", which is not there");
        }
      }
      for (Alert.Quote quote : row.value().evidence()) {
        if (versions.getOrDefault(quote.uri(), List.of()).stream()
            .noneMatch(article -> says(article, quote))) {
          found(
              Invariant.CLAIMS_CAN_BE_TRACED,
              row.value().revisionKey() + " quotes '" + quote.text() + "', which is not there");
        }
      }
    }
  }

  private static boolean says(Article article, Alert.Quote quote) {
    String text =
        switch (quote.field()) {
          case "headline" -> article.headline();
          case "summary" -> article.summary();
          default -> article.body();
        };
    return text != null
        && quote.end() <= text.length()
        && text.substring(quote.start(), quote.end()).equals(quote.text());
  }

  private void letters(Ledger ledger) {
    Map<String, Integer> times = new TreeMap<>();
    ledger.letters().forEach(key -> times.merge(String.valueOf(key), 1, Integer::sum));
    ledger.poison().forEach(key -> times.putIfAbsent(key, 0));
    times.forEach(
        (key, count) -> {
          int owed = ledger.poison().contains(key) ? 1 : 0;
          if (count != owed && !ledger.aborted().contains(key)) {
            found(
                Invariant.DEAD_LETTERS_ARE_THE_POISON,
                key + " is there " + count + " times in place of " + owed);
          }
        });
  }

  private void aborted(Ledger ledger) {
    BiConsumer<String, String> look =
        (where, key) -> {
          if (ledger.aborted().contains(key)) {
            found(Invariant.NOTHING_ABORTED_IS_READ, key + " is read in " + where);
          }
        };
    ledger.articles().forEach(row -> look.accept("articles", row.key()));
    ledger.events().forEach(row -> look.accept("events", row.key()));
    ledger.unreadable().forEach(key -> look.accept("articles", key));
    ledger.letters().forEach(key -> look.accept("dead letters", key));
  }

  private void told(Ledger ledger) {
    Set<String> owed = new TreeSet<>();
    for (Row<Alert> row : ledger.alerts()) {
      for (String subscription : ledger.subscriptions()) {
        owed.add(key(row.value(), subscription));
      }
    }
    Set<String> taken = new HashSet<>();
    Set<String> strange = new TreeSet<>();
    Map<String, String> bodies = new HashMap<>();
    for (Delivery delivery : ledger.deliveries()) {
      if (delivery.taken()) {
        taken.add(delivery.id());
      }
      if (!owed.contains(delivery.id())) {
        strange.add(delivery.id());
      }
      String before = bodies.putIfAbsent(delivery.id(), delivery.digest());
      if (before != null && !before.equals(delivery.digest())) {
        found(Invariant.ONE_KEY_HAS_ONE_BODY, delivery.id() + " came with other bytes");
      }
    }
    strange.forEach(id -> found(Invariant.NOTHING_ELSE_IS_TOLD, id + " is no revision's key"));
    owed.stream()
        .filter(id -> !taken.contains(id))
        .forEach(id -> found(Invariant.EVERY_REVISION_IS_TOLD, id + " was never taken"));
  }

  /** The idempotency key of an alert's revision for one subscription. */
  static String key(Alert alert, String subscription) {
    return alert.id() + "-r" + alert.revision() + "-" + subscription;
  }

  private void repeats(Ledger ledger) {
    Map<String, Instant> taken = new HashMap<>();
    for (Delivery delivery : ledger.deliveries()) {
      Instant before = taken.get(delivery.id());
      if (before != null && ledger.faults().stream().noneMatch(f -> hit(f, before, delivery))) {
        found(
            Invariant.REPEATS_HAVE_A_CAUSE,
            delivery.id() + " was taken at " + before + " and came again at " + delivery.at());
      }
      if (delivery.taken()) {
        taken.put(delivery.id(), delivery.at());
      }
    }
  }

  private static boolean hit(Fault fault, Instant taken, Delivery again) {
    return fault.notifier()
        && !fault.until().isBefore(taken.minus(SLACK))
        && !fault.from().isAfter(again.at());
  }

  private void recovery(Ledger ledger) {
    for (Instant end : rests(ledger)) {
      boolean on =
          ledger.opened().stream()
              .anyMatch(at -> at.isAfter(end) && !at.isAfter(end.plus(ledger.recovery())));
      if (!on) {
        found(
            Invariant.WORK_GOES_ON,
            "no alert within " + ledger.recovery() + " of the end of all harm at " + end);
      }
    }
  }

  /** When everybody was whole again, and was left alone long enough to go on. */
  static List<Instant> rests(Ledger ledger) {
    return ledger.faults().stream()
        .map(Fault::until)
        .filter(
            end ->
                ledger.faults().stream()
                    .noneMatch(
                        other ->
                            other.until().isAfter(end)
                                && !other.from().isAfter(resumed(ledger, end))))
        .toList();
  }

  /** The first alert after this moment, and at the latest when it is overdue. */
  private static Instant resumed(Ledger ledger, Instant end) {
    Instant due = end.plus(ledger.recovery());
    return ledger.opened().stream()
        .filter(at -> at.isAfter(end) && at.isBefore(due))
        .findFirst()
        .orElse(due);
  }

  private void replay(Ledger ledger) {
    Set<String> differ = new TreeSet<>(ledger.liveBefore());
    differ.addAll(ledger.liveAfter());
    differ.removeIf(
        line -> ledger.liveBefore().contains(line) && ledger.liveAfter().contains(line));
    differ.forEach(line -> found(Invariant.A_REPLAY_LEAVES_LIVE_ALONE, line));
  }
}
