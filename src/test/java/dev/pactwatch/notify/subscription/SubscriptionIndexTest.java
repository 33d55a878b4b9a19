package dev.pactwatch.notify.subscription;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionIndexTest {

  private static final List<String> WORDS =
      List.of("talks", "deal", "Cloud", "suit", "right", "of", "first", "refusal", "x86", "Ärger");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void it_finds_what_a_look_at_every_subscription_finds(long seed) {
    Random random = new Random(seed);
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      all.add(subscription("s" + i, filter(random, true)));
    }
    SubscriptionIndex index = SubscriptionIndex.of(all);
    int matched = 0;

    for (int i = 0; i < 600; i++) {
      Alert alert = random(random, i);
      List<Subscription> expected =
          all.stream().filter(one -> one.filter().reject(alert).isEmpty()).toList();
      assertThat(index.matches(alert)).isEqualTo(expected);
      matched += expected.size();
    }
    assertThat(matched).isGreaterThan(1000);
  }

  @Test
  void its_cost_grows_with_what_might_match_and_not_with_what_there_is() {
    Alert alert = alert("a").parties("org-1", "org-2").title("the word7 of the day").build();
    int few = index(1_000).cost(alert);
    int many = index(100_000).cost(alert);

    assertThat(index(100_000).matches(alert)).hasSameSizeAs(index(1_000).matches(alert));
    assertThat(many).isEqualTo(few).isLessThan(20);
  }

  @Test
  void many_that_ask_for_the_same_are_passed_over_at_once() {
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      all.add(
          subscription(
              "s" + i,
              new Filter(
                  Set.of(EventType.LITIGATION),
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  Severity.LOW,
                  false,
                  i % 2 == 0 ? Set.of("lumen") : Set.of(),
                  Set.of(),
                  List.of(),
                  false,
                  List.of())));
    }

    assertThat(SubscriptionIndex.of(all).cost(alert("a").build())).isLessThan(5);
  }

  @Test
  void what_many_ask_for_is_not_where_a_subscription_is_filed() {
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(
          subscription(
              "s" + i,
              new Filter(
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  Severity.LOW,
                  false,
                  Set.of("lumen"),
                  Set.of(),
                  List.of("rare" + i),
                  false,
                  List.of())));
    }
    SubscriptionIndex index = SubscriptionIndex.of(all);
    Alert alert = alert("a").title("It says rare42 and Rare7.").build();

    assertThat(index.matches(alert)).extracting(Subscription::id).containsExactly("s7", "s42");
    assertThat(index.cost(alert)).isLessThan(10);
  }

  @Test
  void subscriptions_come_and_go() {
    SubscriptionIndex index = SubscriptionIndex.of(List.of(subscription("a", Filter.ALL)));
    Alert alert = alert("x").build();

    SubscriptionIndex two = index.with(subscription("b", Filter.ALL));
    assertThat(two.matches(alert)).extracting(Subscription::id).containsExactly("a", "b");
    assertThat(two.without("a").matches(alert)).extracting(Subscription::id).containsExactly("b");
    Filter nothing =
        new Filter(
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Severity.LOW,
            false,
            Set.of("nobody"),
            Set.of(),
            List.of(),
            false,
            List.of());
    assertThat(two.with(subscription("a", nothing)).matches(alert))
        .extracting(Subscription::id)
        .containsExactly("b");
    assertThat(index.matches(alert)).hasSize(1);
    assertThat(SubscriptionIndex.of(List.of()).matches(alert)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The DEAL, at last|deal|true",
        "The deals|deal|false",
        "Right-of-first refusal|right of first|true",
        "ÄRGER droht|ärger|true",
        "ΟΔΟΣ 7|οδος|true",
        "x86-chips|X86|true",
        "first right|right first|false",
        "東京 deal|東京|true",
      })
  void words_are_whole_words_whatever_the_case(String title, String phrase, boolean says) {
    assertThat(new AlertFacts(alert("a").title(title).build()).says(phrase)).isEqualTo(says);
  }

  /** Every thousandth asks for the same organisation or word. */
  private static SubscriptionIndex index(int size) {
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      boolean hit = i < 4;
      all.add(
          subscription(
              "s" + i,
              new Filter(
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  Severity.LOW,
                  false,
                  i % 2 == 0 ? Set.of(hit ? "org-1" : "other-" + i) : Set.of(),
                  Set.of(),
                  i % 2 == 1 ? List.of(hit ? "word7" : "word-x" + i) : List.of(),
                  false,
                  List.of())));
    }
    return SubscriptionIndex.of(all);
  }

  static Subscription subscription(String id, Filter filter) {
    return new Subscription(
        id,
        null,
        new Target.Console(),
        filter,
        new Timing.AtOnce(),
        null,
        List.of(),
        List.of(),
        Subscription.Start.BEGINNING,
        null,
        List.of(),
        false,
        null);
  }

  private static Filter filter(Random random, boolean exceptions) {
    List<Filter> except = new ArrayList<>();
    while (exceptions && random.nextInt(4) == 0) {
      except.add(filter(random, false));
    }
    return new Filter(
        some(random, EventType.class),
        some(random, Status.class),
        some(random, Relation.class),
        some(random, Change.class),
        any(random, Severity.values()),
        random.nextInt(4) == 0,
        names(random, "org-", 12),
        names(random, "pact-", 8),
        phrases(random),
        random.nextBoolean(),
        except);
  }

  private static Alert random(Random random, int number) {
    return alert("a" + number)
        .revision(1, any(random, Change.values()))
        .relation(any(random, Relation.values()))
        .certainty(any(random, Certainty.values()))
        .severity(any(random, Severity.values()))
        .status(any(random, Status.values()))
        .agreement("pact-" + random.nextInt(8), "pact-" + random.nextInt(8))
        .term("org-" + random.nextInt(12), random.nextBoolean() ? null : "org-1")
        .parties("org-" + random.nextInt(12), null)
        .counterparties("org-" + random.nextInt(12))
        .title(phrase(random) + ". " + phrase(random) + "!")
        .historical(random.nextInt(5) == 0)
        .build();
  }

  /** Often empty, which stands for any. */
  private static <E extends Enum<E>> Set<E> some(Random random, Class<E> type) {
    Set<E> found = EnumSet.noneOf(type);
    if (random.nextInt(4) == 0) {
      while (random.nextInt(3) > 0) {
        found.add(any(random, type.getEnumConstants()));
      }
    }
    return found;
  }

  private static <E> E any(Random random, E[] all) {
    return all[random.nextInt(all.length)];
  }

  private static Set<String> names(Random random, String prefix, int most) {
    Set<String> found = new LinkedHashSet<>();
    while (random.nextInt(3) == 0) {
      found.add(prefix + random.nextInt(most));
    }
    return found;
  }

  private static List<String> phrases(Random random) {
    List<String> found = new ArrayList<>();
    while (random.nextInt(4) == 0) {
      found.add(phrase(random));
    }
    return found;
  }

  private static String phrase(Random random) {
    StringBuilder text = new StringBuilder(WORDS.get(random.nextInt(WORDS.size())));
    while (random.nextInt(3) == 0) {
      text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }
}
