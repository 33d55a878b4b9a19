package dev.pactwatch.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.notify.subscription.AlertBuilder;
import dev.pactwatch.proof.Ledger.Delivery;
import dev.pactwatch.proof.Ledger.Fault;
import dev.pactwatch.proof.Ledger.Item;
import dev.pactwatch.proof.Ledger.Row;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checker that cannot fail proves nothing: each is shown a fault that it alone has to find. */
class CheckerTest {

  private static final Instant START = Instant.parse("2026-03-18T07:00:00Z");

  /** A ledger that can be damaged, and what a model would say to it. */
  private static final class Draft implements Checker.Oracle {
    final List<Item> served = new ArrayList<>();
    final Set<String> poison = new HashSet<>(Set.of("poison-1", "poison-2"));
    final Set<String> aborted = Set.of("aborted-1");
    final List<Row<Article>> articles = new ArrayList<>();
    final List<Row<TaggedArticle>> events = new ArrayList<>();
    final List<Row<Alert>> alerts = new ArrayList<>();
    final List<Row<Alert>> states = new ArrayList<>();
    final List<String> unreadable = new ArrayList<>(poison);
    final List<String> letters = new ArrayList<>(poison);
    final List<Delivery> deliveries = new ArrayList<>();
    final List<Fault> faults = new ArrayList<>();
    final List<Instant> opened = new ArrayList<>();
    final List<String> before = new ArrayList<>(List.of("alerts.v1/0 ends at 7"));
    final List<String> after = new ArrayList<>(before);
    final Map<String, Alert> model = new LinkedHashMap<>();

    Draft() {
      for (int i = 0; i < 6; i++) {
        article("item-" + i, 1);
      }
      article("item-2", 2);
      revision("a1", 1, Change.OPENED, 100);
      revision("a1", 2, Change.CORROBORATED, 110);
      revision("a2", 1, Change.OPENED, 120);
      revision("a2", 2, Change.WITHDRAWN, 130);
      model.remove("a2");
      faults.add(new Fault("kill-detect", "detect-1", false, at(90), at(95)));
      faults.add(new Fault("kill-notify", "notify-1", true, at(112), at(115)));
    }

    static Instant at(int seconds) {
      return START.plusSeconds(seconds);
    }

    void article(String guid, int version) {
      String headline = "Something happened to " + guid;
      String text = "It was said " + version + " times.";
      Article article =
          new Article(
              "urn:" + guid,
              version,
              headline,
              text,
              null,
              "en",
              null,
              START,
              null,
              START,
              new Publisher("Outlet", "outlet.example", "outlet"),
              "http://outlet.example/feed",
              guid,
              "hash",
              false,
              null);
      served.add(new Item(article.feed(), guid, version, headline, text));
      articles.add(new Row<>(0, articles.size(), article.uri(), article));
      events.add(new Row<>(1, events.size(), article.uri(), tag(article)));
    }

    void revision(String id, int revision, Change change, int seconds) {
      Alert alert = AlertBuilder.alert(id).revision(revision, change).build();
      alert =
          resting(
              alert,
              "urn:item-1",
              new Alert.Quote("urn:item-1", "type", "headline", 0, 9, "Something"));
      alerts.add(new Row<>(0, alerts.size(), id, alert));
      states.add(new Row<>(0, states.size(), id, alert));
      model.put(id, alert);
      opened.add(at(seconds));
      deliver(alert, seconds + 1, "digest of " + id + revision);
    }

    void deliver(Alert alert, int seconds, String digest) {
      deliveries.add(new Delivery("desk", Checker.key(alert, "desk"), digest, true, at(seconds)));
    }

    static Alert resting(Alert alert, String uri, Alert.Quote quote) {
      return new Alert(
          alert.id(),
          alert.revision(),
          alert.change(),
          alert.title(),
          alert.relation(),
          alert.certainty(),
          alert.severity(),
          alert.agreement(),
          alert.event(),
          alert.reasons(),
          List.of(quote),
          List.of(
              new Alert.ArticleRef(
                  uri, "Something", null, "Outlet", "outlet", START, alert.event().status(), null)),
          alert.independentPublishers(),
          alert.reprints(),
          alert.firstSeen(),
          alert.lastSeen(),
          alert.historical(),
          alert.lexicon());
    }

    /** Puts another in the place of the first revision of a1 or of its second, everywhere. */
    void replace(int at, Alert alert) {
      alerts.set(at, row(alerts.get(at), alert));
      states.set(at, row(states.get(at), alert));
      if (at == 1) {
        model.put(alert.id(), alert);
      }
    }

    static <T> Row<T> row(Row<T> row, T value) {
      return new Row<>(row.partition(), row.offset(), row.key(), value);
    }

    @Override
    public TaggedArticle tag(Article article) {
      return new TaggedArticle(
          article.uri(),
          article.version(),
          article.headline(),
          article.link(),
          article.publisher(),
          article.published(),
          article.observed(),
          article.historical(),
          "lexicon",
          null,
          List.of());
    }

    @Override
    public Map<String, Alert> alerts(Collection<Article> newest) {
      return model;
    }

    Ledger ledger() {
      return new Ledger(
          served,
          poison,
          aborted,
          articles,
          events,
          alerts,
          states,
          unreadable,
          letters,
          Set.of("desk"),
          deliveries,
          faults,
          opened,
          Duration.ofSeconds(30),
          before,
          after);
    }

    Map<Invariant, List<String>> findings() {
      return Checker.check(ledger(), this);
    }
  }

  /** What can be wrong, and who has to find it. */
  private enum Plant {
    A_LINE_OF_THE_LEDGER_IS_LOST(
        Invariant.EVERY_ITEM_IS_PUBLISHED,
        draft -> {
          draft.articles.remove(4);
          draft.events.remove(4);
        }),
    A_LINE_OF_THE_LEDGER_IS_DOUBLED(
        Invariant.NOTHING_IS_PUBLISHED_TWICE,
        draft -> draft.articles.add(new Row<>(0, 99, "urn:item-5", draft.articles.get(5).value()))),
    SOMETHING_IS_PUBLISHED_THAT_NO_FEED_HAD(
        Invariant.NOTHING_IS_PUBLISHED_TWICE, draft -> draft.served.remove(0)),
    AN_EDIT_OVERTAKES_WHAT_IT_EDITS(
        Invariant.VERSIONS_ARE_IN_ORDER, draft -> draft.articles.add(0, draft.articles.remove(6))),
    AN_EDIT_LIES_IN_ANOTHER_PARTITION(
        Invariant.VERSIONS_ARE_IN_ORDER,
        draft ->
            draft.articles.set(6, new Row<>(1, 0, "urn:item-2", draft.articles.get(6).value()))),
    AN_ARTICLE_WAS_NEVER_TAGGED(
        Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE, draft -> draft.events.remove(3)),
    AN_ARTICLE_WAS_TAGGED_TWICE(
        Invariant.EVERY_ARTICLE_IS_TAGGED_ONCE, draft -> draft.events.add(draft.events.get(3))),
    THE_SAME_ARTICLE_GAVE_OTHER_EVENTS(
        Invariant.EVENTS_ARE_THOSE_OF_THE_RULES,
        draft -> {
          TaggedArticle tagged = draft.events.get(3).value();
          draft.events.set(
              3,
              Draft.row(
                  draft.events.get(3),
                  new TaggedArticle(
                      tagged.uri(),
                      tagged.version(),
                      tagged.headline() + " at 12:31:07",
                      tagged.link(),
                      tagged.publisher(),
                      tagged.published(),
                      tagged.observed(),
                      tagged.historical(),
                      tagged.lexicon(),
                      null,
                      tagged.events())));
        }),
    A_REVISION_IS_MISSING(
        Invariant.REVISIONS_COUNT_UP,
        draft -> {
          draft.alerts.remove(0);
          draft.deliveries.remove(0);
        }),
    A_REVISION_IS_WRITTEN_TWICE(
        Invariant.REVISIONS_COUNT_UP, draft -> draft.alerts.add(2, draft.alerts.get(1))),
    REVISIONS_CHANGE_PLACES(
        Invariant.REVISIONS_COUNT_UP,
        draft -> {
          // What is last is the state and what the model says, as a reader takes it.
          draft.alerts.add(0, draft.alerts.remove(1));
          draft.states.add(0, draft.states.remove(1));
          draft.model.put("a1", draft.alerts.get(1).value());
        }),
    A_STATE_STAYED_BEHIND(
        Invariant.STATES_ARE_THE_LATEST_REVISIONS, draft -> draft.states.remove(1)),
    THE_MODEL_KNOWS_ANOTHER_ALERT(
        Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL,
        draft -> draft.model.put("a3", AlertBuilder.alert("a3").build())),
    THE_MODEL_DOES_NOT_KNOW_AN_ALERT(
        Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL, draft -> draft.model.remove("a1")),
    AN_ALERT_SAYS_SOMETHING_ELSE(
        Invariant.ALERTS_ARE_THOSE_OF_THE_MODEL,
        draft -> draft.model.put("a1", AlertBuilder.alert("a1").title("Nothing").build())),
    AN_ALERT_RESTS_ON_WHAT_IS_NOT_THERE(
        Invariant.CLAIMS_CAN_BE_TRACED,
        draft ->
            draft.replace(
                1,
                Draft.resting(
                    draft.alerts.get(1).value(),
                    "urn:item-9",
                    new Alert.Quote("urn:item-1", "type", "headline", 0, 9, "Something")))),
    A_QUOTE_IS_NOT_IN_THE_ARTICLE(
        Invariant.CLAIMS_CAN_BE_TRACED,
        draft ->
            draft.replace(
                1,
                Draft.resting(
                    draft.alerts.get(1).value(),
                    "urn:item-1",
                    new Alert.Quote("urn:item-1", "type", "summary", 0, 9, "Something")))),
    A_DEAD_LETTER_IS_MISSING(
        Invariant.DEAD_LETTERS_ARE_THE_POISON, draft -> draft.letters.remove(0)),
    A_DEAD_LETTER_IS_THERE_TWICE(
        Invariant.DEAD_LETTERS_ARE_THE_POISON, draft -> draft.letters.add(draft.letters.get(0))),
    GOOD_NEWS_IS_A_DEAD_LETTER(
        Invariant.DEAD_LETTERS_ARE_THE_POISON, draft -> draft.letters.add("urn:item-3")),
    WHAT_WAS_ABORTED_IS_READ(
        Invariant.NOTHING_ABORTED_IS_READ,
        draft -> draft.articles.add(new Row<>(0, 99, "aborted-1", draft.articles.get(0).value()))),
    A_REVISION_WAS_NEVER_TOLD(
        Invariant.EVERY_REVISION_IS_TOLD, draft -> draft.deliveries.remove(1)),
    A_REVISION_WAS_NEVER_TAKEN(
        Invariant.EVERY_REVISION_IS_TOLD,
        draft -> {
          Delivery told = draft.deliveries.get(1);
          draft.deliveries.set(
              1, new Delivery(told.subscription(), told.id(), told.digest(), false, told.at()));
        }),
    SOMETHING_IS_TOLD_THAT_NO_ALERT_SAYS(
        Invariant.NOTHING_ELSE_IS_TOLD,
        draft -> draft.deliver(AlertBuilder.alert("a9").build(), 140, "digest")),
    A_REPEAT_HAS_OTHER_BYTES(
        Invariant.ONE_KEY_HAS_ONE_BODY,
        draft -> draft.deliver(draft.alerts.get(1).value(), 116, "another digest")),
    A_REPEAT_HAS_NO_CAUSE(
        Invariant.REPEATS_HAVE_A_CAUSE,
        draft -> draft.deliver(draft.alerts.get(3).value(), 140, "digest of a22")),
    WORK_STANDS_STILL_AFTER_A_FAULT(
        Invariant.WORK_GOES_ON,
        draft ->
            draft.faults.add(new Fault("kill-broker", "2", false, Draft.at(129), Draft.at(131)))),
    A_REPLAY_MOVES_A_LIVE_OFFSET(
        Invariant.A_REPLAY_LEAVES_LIVE_ALONE, draft -> draft.after.set(0, "alerts.v1/0 ends at 8"));

    private final Invariant found;
    private final Consumer<Draft> plant;

    Plant(Invariant found, Consumer<Draft> plant) {
      this.found = found;
      this.plant = plant;
    }
  }

  @Test
  void a_sound_ledger_holds() {
    assertThat(new Draft().findings()).isEmpty();
  }

  @Test
  void a_repeat_after_the_sender_was_hit_is_allowed() {
    Draft draft = new Draft();
    draft.deliver(draft.alerts.get(1).value(), 116, "digest of a12");

    assertThat(draft.findings()).isEmpty();
  }

  @Test
  void who_is_hit_again_before_work_goes_on_is_given_time_once_more() {
    Draft draft = new Draft();
    draft.faults.add(new Fault("cut", "all", false, Draft.at(131), Draft.at(132)));
    draft.faults.add(new Fault("cut", "all", false, Draft.at(140), Draft.at(150)));
    draft.opened.add(Draft.at(175));

    assertThat(draft.findings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Plant.class)
  void a_planted_fault_is_found_by_its_own_check_and_by_no_other(Plant plant) {
    Draft draft = new Draft();
    plant.plant.accept(draft);

    assertThat(draft.findings()).containsOnlyKeys(plant.found);
  }

  @Test
  void every_invariant_has_a_planted_fault() {
    Set<Invariant> found = new HashSet<>();
    for (Plant plant : Plant.values()) {
      found.add(plant.found);
    }

    assertThat(found).containsExactlyInAnyOrder(Invariant.values());
  }
}
