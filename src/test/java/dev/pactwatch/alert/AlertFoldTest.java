package dev.pactwatch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.matching.Samples;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import dev.pactwatch.text.Fingerprint;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertFoldTest {

  private static final LocalDate DAY = LocalDate.of(2025, 9, 1);

  private int articles;

  /** A report of an event that is judged against one made-up agreement. */
  private Judgement report(int day, String family, Samples samples, String... counterparties) {
    return report("article-" + ++articles, day, family, samples, "r1", "chain", counterparties);
  }

  private static Judgement report(
      String uri,
      int day,
      String family,
      Samples samples,
      String agreement,
      String chain,
      String... counterparties) {
    Event event = samples.event();
    Relation relation =
        event.type() == EventType.LITIGATION
            ? Relation.DISPUTE
            : event.exclusivity() == Exclusivity.NON_EXCLUSIVE || event.status() == Status.ENDED
                ? Relation.ENDING
                : event.status() == Status.AMENDED ? Relation.AMENDMENT : Relation.CONFLICT;
    Instant published = DAY.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Judgement(
        uri,
        1,
        0,
        "headline of " + uri,
        "https://" + family + ".example/" + uri,
        new Publisher(family, family + ".example", family),
        published,
        false,
        "lexicon-1",
        null,
        event,
        new Match(
            relation,
            event.topic() == null ? Certainty.POSSIBLE : Certainty.CERTAIN,
            agreement,
            chain,
            agreement.substring(1),
            new Term(TermKind.EXCLUSIVE, "compute", "openai", "microsoft", null, List.of()),
            new Source("a source", "a publisher", "2025", null, "primary", null),
            PartialDate.parse("2026"),
            PartialDate.parse("202" + agreement.substring(1)),
            List.of(counterparties),
            List.of(counterparties),
            Map.of("openai", "OpenAI", "microsoft", "Microsoft"),
            List.of("a reason for " + agreement)));
  }

  private static Samples aws(Status status) {
    return Samples.deal("openai", "amazon-aws", "compute").status(status);
  }

  private static Samples oracle(Status status) {
    return Samples.deal("openai", "oracle", "compute").status(status);
  }

  private static Samples suit(Status status, String plaintiff) {
    return Samples.suit(status, plaintiff, "openai");
  }

  private static List<List<Alert>> fold(Judgement... judgements) {
    return AlertFold.foldAll(List.of(judgements), AlertFold.Gaps.DEFAULT).stream()
        .flatMap(folded -> folded.histories().stream())
        .toList();
  }

  private static List<Change> changes(List<Alert> history) {
    return history.stream().map(Alert::change).toList();
  }

  /** Pairs of headlines that text similarity gets wrong, as what the tagger makes of them. */
  @Nested
  class HeadlinePairs {

    private void oneAlert(Judgement a, Judgement b, Change then) {
      List<List<Alert>> histories = fold(a, b);
      assertThat(histories).hasSize(1);
      assertThat(changes(histories.get(0))).containsExactly(Change.OPENED, then);
      assertThat(histories.get(0).get(1).independentPublishers()).isEqualTo(2);
    }

    private void twoAlerts(Judgement a, Judgement b) {
      List<List<Alert>> histories = fold(a, b);
      assertThat(histories).hasSize(2);
      assertThat(histories).extracting(history -> history.get(0).id()).doesNotHaveDuplicates();
      assertThat(histories).allSatisfy(history -> assertThat(history).hasSize(1));
    }

    @Test
    void one_theSameDealInOtherWordsIsCorroborated() {
      oneAlert(
          report(0, "a", aws(Status.AGREED).billions("38"), "amazon"),
          report(0, "b", aws(Status.AGREED).billions("38.0"), "amazon"),
          Change.CORROBORATED);
    }

    @Test
    void two_theSameDealWithoutTopicIsCorroborated() {
      oneAlert(
          report(0, "a", aws(Status.AGREED).billions("38"), "amazon"),
          report(1, "b", aws(Status.AGREED).billions("38").topic(null), "amazon"),
          Change.CORROBORATED);
    }

    @Test
    void three_oneEndingIsCorroborated() {
      oneAlert(
          report(
              0,
              "a",
              Samples.deal("openai", "microsoft", "compute").status(Status.ENDED),
              "microsoft",
              "openai"),
          report(
              1,
              "b",
              Samples.deal("openai", "microsoft", null)
                  .status(Status.AMENDED)
                  .exclusivity(Exclusivity.NON_EXCLUSIVE),
              "microsoft",
              "openai"),
          Change.CORROBORATED);
    }

    @Test
    void four_oneSuitIsFiledOnce() {
      oneAlert(
          report(0, "a", suit(Status.FILED, "nyt"), "nyt"),
          report(1, "b", suit(Status.FILED, "nyt"), "nyt"),
          Change.CORROBORATED);
    }

    @Test
    void five_oneRulingIsCorroborated() {
      oneAlert(
          report(0, "a", suit(Status.RULED, "nyt"), "nyt"),
          report(0, "b", suit(Status.RULED, "nyt"), "nyt"),
          Change.CORROBORATED);
    }

    @Test
    void six_aReportWithoutAmountJoins() {
      oneAlert(
          report(0, "a", oracle(Status.EXPANDED).product("TPU"), "google"),
          report(0, "b", oracle(Status.EXPANDED).billions("20"), "google"),
          Change.CORROBORATED);
    }

    @Test
    void seven_aSettlementEscalatesTheSuit() {
      oneAlert(
          report(0, "a", suit(Status.FILED, "nyt"), "nyt"),
          report(200, "b", suit(Status.SETTLED, "nyt").billions("1.5"), "nyt"),
          Change.ESCALATED);
    }

    @Test
    void eight_anotherAmountIsAnotherDeal() {
      twoAlerts(
          report(0, "a", oracle(Status.EXPANDED).billions("4"), "coreweave"),
          report(60, "b", oracle(Status.EXPANDED).billions("6.5"), "coreweave"));
    }

    @Test
    void nine_talksThatLeadToASignatureEscalate() {
      oneAlert(
          report(0, "a", oracle(Status.IN_TALKS), "google"),
          report(5, "b", oracle(Status.AGREED).billions("10"), "google"),
          Change.ESCALATED);
    }

    @Test
    void ten_aDenialNeverBecomesAReport() {
      // The matcher yields nothing for it, which its own test holds; a later report opens the
      // alert.
      List<List<Alert>> histories =
          fold(
              report(
                  3,
                  "b",
                  Samples.deal("openai", "microsoft", null).status(Status.ENDED),
                  "microsoft",
                  "openai"));
      assertThat(histories).hasSize(1);
      assertThat(changes(histories.get(0))).containsExactly(Change.OPENED);
    }

    @Test
    void eleven_anotherCounterpartyIsAnotherAlert() {
      twoAlerts(
          report(0, "a", aws(Status.AGREED).billions("38"), "amazon"),
          report(0, "b", oracle(Status.AGREED).billions("300"), "oracle"));
    }

    @Test
    void twelve_anotherPlaintiffIsAnotherAlert() {
      twoAlerts(
          report(0, "a", suit(Status.FILED, "nyt"), "nyt"),
          report(0, "b", suit(Status.FILED, "ziff-davis"), "ziff-davis"));
    }

    @Test
    void aSuitAndItsAnswerAreTwoAlerts() {
      twoAlerts(
          report(0, "a", suit(Status.FILED, "microsoft"), "microsoft", "openai"),
          report(
              30,
              "b",
              Samples.suit(Status.THREATENED, "openai", "microsoft"),
              "microsoft",
              "openai"));
    }

    @Test
    void aReportThatDoesNotSayWhoSuesIsOfTheSuitThatIsKnown() {
      oneAlert(
          report(0, "a", suit(Status.FILED, "microsoft"), "microsoft", "openai"),
          report(
              1,
              "b",
              Samples.deal(Status.FILED).party("microsoft", Role.PARTY).party("openai", Role.PARTY),
              "microsoft",
              "openai"),
          Change.CORROBORATED);
    }

    @Test
    void thirteen_anotherAgreementIsAnotherAlert() {
      twoAlerts(
          report("u1", 0, "a", aws(Status.AGREED), "r1", "chain", "amazon"),
          report(
              "u2",
              0,
              "b",
              Samples.deal("anthropic", "microsoft", "compute"),
              "r1",
              "other-chain",
              "microsoft"));
    }
  }

  @Nested
  class Lifecycles {

    @Test
    void aLateOrLesserReportNeverTakesTheStatusBack() {
      List<Alert> history =
          fold(
                  report(0, "a", suit(Status.THREATENED, "microsoft"), "microsoft", "openai"),
                  report(5, "b", suit(Status.FILED, "microsoft"), "microsoft", "openai"),
                  report(6, "c", suit(Status.THREATENED, "microsoft"), "microsoft", "openai"),
                  report(40, "a", suit(Status.RULED, "microsoft"), "microsoft", "openai"),
                  report(41, "a", suit(Status.ONGOING, "microsoft"), "microsoft", "openai"),
                  report(90, "a", suit(Status.APPEALED, "microsoft"), "microsoft", "openai"))
              .get(0);
      assertThat(changes(history))
          .containsExactly(
              Change.OPENED,
              Change.ESCALATED,
              Change.CORROBORATED,
              Change.ESCALATED,
              Change.ESCALATED);
      assertThat(history)
          .extracting(alert -> alert.event().status())
          .containsExactly(
              Status.THREATENED, Status.FILED, Status.FILED, Status.RULED, Status.APPEALED);
      assertThat(history).extracting(Alert::revision).containsExactly(1, 2, 3, 4, 5);
      assertThat(history.get(4).articles()).hasSize(6);
      assertThat(history.get(3).articles()).hasSize(4);
    }

    @Test
    void aChangeThatAnotherReportCallsAnEndingIsOneEnding() {
      Samples amended = Samples.deal("openai", "microsoft", "compute").status(Status.AMENDED);
      Samples ended = Samples.deal("openai", "microsoft", "compute").status(Status.ENDED);
      Judgement first = report(0, "a", amended, "microsoft", "openai");
      List<Alert> history =
          fold(
                  first,
                  report(1, "b", ended, "microsoft", "openai"),
                  report(2, "c", amended.billions("3"), "microsoft", "openai"))
              .get(0);
      assertThat(changes(history))
          .containsExactly(Change.OPENED, Change.ESCALATED, Change.CORROBORATED);
      assertThat(history)
          .extracting(Alert::relation)
          .containsExactly(Relation.AMENDMENT, Relation.ENDING, Relation.ENDING);
      assertThat(history)
          .extracting(Alert::title)
          .containsExactly(
              "Amendment: OpenAI and Microsoft, Microsoft's exclusive term on compute",
              "Ending: OpenAI and Microsoft, Microsoft's exclusive term on compute",
              "Ending: OpenAI and Microsoft, Microsoft's exclusive term on compute");
      assertThat(fold(first, report(30, "b", ended, "microsoft", "openai"))).hasSize(2);
    }

    @Test
    void aReprintWritesNoRevisionAndIsListedInTheNext() {
      Judgement first = report(0, "a", aws(Status.AGREED), "amazon");
      Judgement reprint = report(1, "a", aws(Status.AGREED), "amazon");
      assertThat(fold(first, reprint).get(0)).hasSize(1);
      List<Alert> history =
          fold(first, reprint, report(2, "b", aws(Status.AGREED), "amazon")).get(0);
      assertThat(history).hasSize(2);
      assertThat(history.get(1).articles()).hasSize(3);
      assertThat(history.get(1).independentPublishers()).isEqualTo(2);
    }

    @Test
    void aCopyOfAnotherPublishersTextConfirmsNothing() {
      Judgement wire = reading(WIRE, report(0, "wire", aws(Status.AGREED), "amazon"));
      Judgement copy =
          reading(
              "(Wire) - " + WIRE.substring(0, 150),
              report(1, "quay", aws(Status.AGREED), "amazon"));
      assertThat(fold(wire, copy).get(0)).hasSize(1);
      Judgement own =
          reading(
              "Of all the providers it was Amazon that OpenAI chose, as both confirmed today.",
              report(2, "ledger", aws(Status.AGREED), "amazon"));
      List<Alert> history = fold(copy, own, wire).get(0);
      assertThat(changes(history)).containsExactly(Change.OPENED, Change.CORROBORATED);
      Alert latest = history.get(1);
      assertThat(latest.independentPublishers()).isEqualTo(2);
      assertThat(latest.reprints()).isOne();
      assertThat(latest.articles())
          .extracting(Alert.ArticleRef::reprintOf)
          .containsExactly(null, wire.uri(), null);
    }

    @Test
    void theSameWordsAroundAnotherOutcomeAreNoReprint() {
      Judgement talks = reading(WIRE, report(0, "wire", aws(Status.IN_TALKS), "amazon"));
      Judgement deal = reading(WIRE, report(1, "quay", aws(Status.AGREED), "amazon"));
      List<Alert> history = fold(talks, deal).get(0);
      assertThat(changes(history)).containsExactly(Change.OPENED, Change.ESCALATED);
      assertThat(history.get(1).reprints()).isZero();
      assertThat(history.get(1).independentPublishers()).isEqualTo(2);
    }

    @Test
    void headlinesOfFewWordsAreAlikeByChance() {
      String headline = "OpenAI signs a cloud deal with Amazon";
      List<Alert> history =
          fold(
                  reading(headline, report(0, "a", aws(Status.AGREED), "amazon")),
                  reading(headline, report(1, "b", aws(Status.AGREED), "amazon")))
              .get(0);
      assertThat(history.get(1).independentPublishers()).isEqualTo(2);
    }

    @Test
    void aNewDetailUpdates() {
      List<Alert> history =
          fold(
                  report(0, "a", aws(Status.AGREED).topic(null), "amazon"),
                  report(1, "a", aws(Status.AGREED).billions("38"), "amazon"))
              .get(0);
      assertThat(changes(history)).containsExactly(Change.OPENED, Change.UPDATED);
      assertThat(history.get(0).certainty()).isEqualTo(Certainty.POSSIBLE);
      assertThat(history.get(1).certainty()).isEqualTo(Certainty.CERTAIN);
      assertThat(history.get(1).severity()).isEqualTo(Severity.HIGH);
    }

    @Test
    void ofOneArticleTheEventThatIsFurthestCounts() {
      Judgement talks = report("one", 0, "a", aws(Status.IN_TALKS), "r1", "chain", "amazon");
      Judgement signed =
          withIndex(report("one", 0, "a", aws(Status.AGREED), "r1", "chain", "amazon"), 1);
      List<Alert> history = fold(signed, talks).get(0);
      assertThat(changes(history)).containsExactly(Change.OPENED);
      assertThat(history.get(0).event().status()).isEqualTo(Status.AGREED);
      assertThat(history.get(0).articles()).hasSize(1);
    }

    @Test
    void theLatestRevisionOfAChainIsCited() {
      Judgement older = report("one", 0, "a", aws(Status.AGREED), "r4", "chain", "amazon");
      Judgement newer = report("one", 0, "a", aws(Status.AGREED), "r5", "chain", "amazon");
      List<Alert> history = fold(newer, older).get(0);
      assertThat(history).hasSize(1);
      assertThat(history.get(0).agreement().id()).isEqualTo("r5");
      assertThat(history.get(0).articles()).hasSize(1);
    }

    @Test
    void onlyTheNewestVersionOfAnArticleCounts() {
      Judgement first =
          report("one", 0, "a", aws(Status.AGREED).billions("4"), "r1", "c", "amazon");
      Judgement edited =
          withVersion(
              report("one", 0, "a", aws(Status.AGREED).billions("40"), "r1", "c", "amazon"), 2);
      List<List<Alert>> histories = fold(first, edited);
      assertThat(histories).hasSize(1);
      assertThat(histories.get(0).get(0).event().amount().value()).isEqualByComparingTo("40e9");
    }

    @Test
    void nothingLeftFoldsToNothingAndCanBeWithdrawn() {
      assertThat(AlertFold.fold(List.of()).histories()).isEmpty();
      Alert last = fold(report(0, "a", aws(Status.AGREED), "amazon")).get(0).get(0);
      Alert withdrawn = AlertFold.withdrawn(last, 2);
      assertThat(withdrawn.change()).isEqualTo(Change.WITHDRAWN);
      assertThat(withdrawn.revisionKey()).isEqualTo(last.id() + ".2");
    }
  }

  @Nested
  class Identity {

    @ParameterizedTest
    @CsvSource({
      "AGREED, 90, 1",
      "AGREED, 91, 2",
      "FILED, 365, 1",
      "FILED, 366, 2",
    })
    void aLongSilenceStartsAnotherEpisode(Status status, int days, int alerts) {
      Samples event = status == Status.FILED ? suit(status, "microsoft") : aws(status);
      assertThat(fold(report(0, "a", event, "x"), report(days, "b", event, "x"))).hasSize(alerts);
    }

    @ParameterizedTest
    @CsvSource({"38, 38.5, 1", "38, 40, 2", "4, 6.5, 2", "100, 98, 1", "100, 97, 2"})
    void amountsWithinTwoPercentAreTheSame(String one, String other, int alerts) {
      assertThat(
              fold(
                  report(0, "a", aws(Status.AGREED).billions(one), "amazon"),
                  report(1, "b", aws(Status.AGREED).billions(other), "amazon")))
          .hasSize(alerts);
    }

    @ParameterizedTest
    @CsvSource({"Frontier, the Frontier platform, 1", "Frontier, Stargate, 2", "Frontier, , 1"})
    void knownProductsDivide(String one, String other, int alerts) {
      assertThat(
              fold(
                  report(0, "a", aws(Status.AGREED).product(one), "amazon"),
                  report(1, "b", aws(Status.AGREED).product(other), "amazon")))
          .hasSize(alerts);
    }

    @Test
    void aReportWithoutAmountJoinsTheLatestDealItMayBeAbout() {
      List<List<Alert>> histories =
          fold(
              report(0, "a", aws(Status.EXPANDED).billions("4"), "amazon"),
              report(10, "a", aws(Status.EXPANDED).billions("6.5"), "amazon"),
              report(11, "b", aws(Status.EXPANDED), "amazon"),
              report(12, "c", aws(Status.EXPANDED).billions("4"), "amazon"));
      assertThat(histories)
          .extracting(history -> history.get(history.size() - 1).articles().size())
          .containsExactly(2, 2);
      assertThat(histories.get(1).get(1).articles().get(1).family()).isEqualTo("b");
    }

    @Test
    void idsStayWhenMoreIsKnown() {
      Judgement first = report(0, "a", aws(Status.IN_TALKS), "amazon");
      Judgement second = report(5, "b", aws(Status.AGREED).billions("38"), "amazon");
      assertThat(fold(first, second).get(0).get(0).id()).isEqualTo(fold(first).get(0).get(0).id());
      assertThat(fold(first).get(0).get(0).id()).matches("[0-9a-f]{16}");
    }
  }

  @Test
  void theAlertsDoNotDependOnTheOrderOfArrival() {
    Random random = new Random(20260318);
    for (int world = 0; world < 20; world++) {
      List<Judgement> judgements = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        judgements.add(anything(i, random));
      }
      String expected = Json.write(AlertFold.foldAll(judgements, AlertFold.Gaps.DEFAULT));
      for (int permutation = 0; permutation < 25; permutation++) {
        Collections.shuffle(judgements, random);
        assertThat(Json.write(AlertFold.foldAll(judgements, AlertFold.Gaps.DEFAULT)))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void inOrderOfTimeEveryFoldContinuesTheOneBefore() {
    Random random = new Random(7);
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Judgement judgement = anything(i, random);
      // One agreement per event, as an article arrives whole.
      judgements.add(judgement);
    }
    judgements.sort(
        java.util.Comparator.comparing(Judgement::published)
            .thenComparing(Judgement::uri)
            .thenComparing(judgement -> judgement.match().agreement()));
    List<Judgement> thread = new ArrayList<>();
    String key = ThreadKey.of(judgements.get(0));
    List<List<Alert>> before = List.of();
    for (Judgement judgement : judgements) {
      if (!ThreadKey.of(judgement).equals(key)) {
        continue;
      }
      thread.add(judgement);
      List<List<Alert>> after = AlertFold.fold(thread).histories();
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i)).startsWith(before.get(i).toArray(new Alert[0]));
      }
      before = after;
    }
    assertThat(thread).hasSizeGreaterThan(5);
  }

  @Test
  void takingInArticlesOneByOneSaysTheSameAsAllAtOnce() {
    Random random = new Random(11);
    int revisions = 0;
    for (int world = 0; world < 60; world++) {
      Map<String, List<Judgement>> threads = new TreeMap<>();
      for (int i = 0; i < 60; i++) {
        Judgement judgement = anything(i, random);
        List<Judgement> thread =
            threads.computeIfAbsent(ThreadKey.of(judgement), any -> new ArrayList<>());
        thread.add(judgement);
        if (i % 3 == 0) {
          thread.add(withIndex(judgement, 1));
        }
      }
      for (List<Judgement> thread : threads.values()) {
        ThreadFold fold = ThreadFold.of(List.of(), AlertFold.Gaps.DEFAULT);
        Map<String, List<Alert>> gained = new LinkedHashMap<>();
        for (List<Judgement> article : articles(thread)) {
          assertThat(fold.append(article)).isTrue();
          for (ThreadFold.Gain gain : fold.told()) {
            List<Alert> history = gained.computeIfAbsent(gain.id(), any -> new ArrayList<>());
            history.addAll(gain.gained());
            assertThat(gain.steps()).isEqualTo(history.size());
          }
        }
        assertThat(Json.write(List.copyOf(gained.values())))
            .isEqualTo(Json.write(AlertFold.fold(thread).histories()));
        revisions += gained.values().stream().mapToInt(List::size).sum();
      }
    }
    assertThat(revisions).isGreaterThan(1_000);
  }

  @Test
  void whatIsNotLaterThanAllThatIsKnownIsNotTakenIn() {
    Judgement known = deal("b", 3, Status.AGREED);
    ThreadFold fold = ThreadFold.of(List.of(known), AlertFold.Gaps.DEFAULT);
    assertThat(fold.told()).hasSize(1);

    assertThat(fold.append(List.of(deal("a", 2, Status.IN_TALKS)))).isFalse();
    assertThat(fold.append(List.of(deal("a", 3, Status.IN_TALKS)))).isFalse();
    assertThat(fold.append(List.of(deal("b", 4, Status.EXPANDED)))).isFalse();
    assertThat(fold.told()).isEmpty();
    assertThat(fold.append(List.of(deal("c", 4, Status.EXPANDED)))).isTrue();
    assertThat(fold.told())
        .singleElement()
        .satisfies(gain -> assertThat(gain.latest().change()).isEqualTo(Change.ESCALATED));
  }

  private static Judgement deal(String uri, int day, Status status) {
    return report(uri, day, "family of " + uri, aws(status), "r1", "chain", "amazon");
  }

  /** What each article says, in event time. */
  private static List<List<Judgement>> articles(List<Judgement> thread) {
    Map<String, List<Judgement>> byArticle = new LinkedHashMap<>();
    thread.stream()
        .sorted(AlertFold.EVENT_TIME)
        .forEach(
            judgement ->
                byArticle
                    .computeIfAbsent(judgement.uri(), any -> new ArrayList<>())
                    .add(judgement));
    return List.copyOf(byArticle.values());
  }

  private static Judgement anything(int i, Random random) {
    boolean deal = random.nextInt(3) > 0;
    Status[] statuses =
        deal
            ? new Status[] {Status.IN_TALKS, Status.AGREED, Status.EXPANDED}
            : new Status[] {Status.THREATENED, Status.FILED, Status.RULED, Status.SETTLED};
    Status status = statuses[random.nextInt(statuses.length)];
    Samples samples = deal ? aws(status) : suit(status, "microsoft");
    if (random.nextBoolean()) {
      samples.billions(List.of("4", "6.5", "38").get(random.nextInt(3)));
    }
    if (deal && random.nextInt(4) == 0) {
      samples.product(random.nextBoolean() ? "Frontier" : "Stargate");
    }
    if (random.nextInt(3) == 0) {
      samples.topic(null);
    }
    samples.sentence("sentence " + i);
    return report(
        // Several articles at one instant.
        "article-" + i,
        random.nextInt(30) * 12,
        "family-" + random.nextInt(6),
        samples,
        "r" + random.nextInt(3),
        "chain",
        deal ? "amazon" : "microsoft");
  }

  private static Judgement withIndex(Judgement j, int index) {
    return new Judgement(
        j.uri(),
        j.version(),
        index,
        j.headline(),
        j.link(),
        j.publisher(),
        j.published(),
        j.historical(),
        j.lexicon(),
        j.fingerprint(),
        j.event(),
        j.match());
  }

  private static final String WIRE =
      "OpenAI has agreed to rent computing capacity from Amazon for seven years, the two companies"
          + " said on Monday, in a contract that is worth 38 billion dollars. It will move the"
          + " training of its next model there.";

  private static Judgement reading(String text, Judgement j) {
    return new Judgement(
        j.uri(),
        j.version(),
        j.index(),
        j.headline(),
        j.link(),
        j.publisher(),
        j.published(),
        j.historical(),
        j.lexicon(),
        Fingerprint.of(text),
        j.event(),
        j.match());
  }

  private static Judgement withVersion(Judgement j, int version) {
    return new Judgement(
        j.uri(),
        version,
        j.index(),
        j.headline(),
        j.link(),
        j.publisher(),
        j.published(),
        j.historical(),
        j.lexicon(),
        j.fingerprint(),
        j.event(),
        j.match());
  }
}
