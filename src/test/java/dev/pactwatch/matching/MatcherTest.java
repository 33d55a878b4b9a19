package dev.pactwatch.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatcherTest {

  private static final Registry REGISTRY = AgreementFiles.load(Path.of("config/agreements"));
  private static final TopicTree TOPICS = TopicTree.load(Path.of("config/topics.yaml"));
  private static final Matcher MATCHER = new Matcher(TOPICS, Samples.KINSHIP);
  private static final LocalDate DISPUTED = LocalDate.of(2026, 3, 18);

  private static List<Match> matches(Samples samples, LocalDate date) {
    Event event = samples.event();
    List<Match> matches = new ArrayList<>();
    for (Agreement agreement : REGISTRY.all()) {
      MATCHER.match(event, date, agreement).ifPresent(matches::add);
    }
    return matches;
  }

  private static Optional<Match> against(String agreement, Samples samples, LocalDate date) {
    return MATCHER.match(samples.event(), date, REGISTRY.find(agreement).orElseThrow());
  }

  @Nested
  class Conflict {

    @ParameterizedTest
    @EnumSource(
        value = Status.class,
        names = {"IN_TALKS", "AGREED", "EXPANDED"})
    void talksAgreementsAndExpansionsConflict(Status status) {
      assertThat(
              against(
                  "msft-openai-r1-2019",
                  Samples.deal("openai", "oracle", "compute").status(status),
                  LocalDate.of(2022, 6, 1)))
          .map(Match::relation)
          .hasValue(Relation.CONFLICT);
    }

    @ParameterizedTest
    @EnumSource(
        value = Status.class,
        names = {"AMENDED", "ENDED", "DENIED"})
    void anythingElseDoesNot(Status status) {
      assertThat(
              matches(
                  Samples.deal("openai", "oracle", "compute").status(status),
                  LocalDate.of(2022, 6, 1)))
          .isEmpty();
    }

    @Test
    void theReasonsCanBeChecked() {
      Match match =
          against(
                  "msft-openai-r4a-2026-02",
                  Samples.deal("openai", "amazon-aws", "agent-platform")
                      .product("Frontier")
                      .sentence("AWS alone among outsiders may carry Frontier."),
                  DISPUTED)
              .orElseThrow();
      assertThat(match.certainty()).isEqualTo(Certainty.POSSIBLE);
      assertThat(match.counterparties()).containsExactly("amazon");
      assertThat(match.term().topic()).isEqualTo("model-api");
      assertThat(match.reasons())
          .satisfiesExactly(
              reason ->
                  assertThat(reason)
                      .startsWith(
                          "OpenAI is bound to Microsoft by an exclusive term on model-api since"
                              + " 2026-02-27, until 2026-04-27 (source: OpenAI, \"")
                      .doesNotContain("http")
                      .endsWith("; checked to 2026-04-27)."),
              reason ->
                  assertThat(reason)
                      .isEqualTo(
                          "By the article of 2026-03-18, OpenAI gets a platform to build and run"
                              + " agents (Frontier) from AWS."),
              reason ->
                  assertThat(reason)
                      .isEqualTo(
                          "The article says: 'AWS alone among outsiders may carry Frontier.'"),
              reason ->
                  assertThat(reason)
                      .isEqualTo(
                          "Possible only: agent-platform may include model-api, and the article"
                              + " does not say whether it does."),
              reason -> assertThat(reason).contains("OpenAI may commit compute elsewhere"),
              reason -> assertThat(reason).contains("partnerships with other clouds"),
              reason ->
                  assertThat(reason)
                      .isEqualTo(
                          "Carve-out to weigh (revision 4a): non-API products may run on any"
                              + " cloud."),
              reason -> assertThat(reason).contains("national-security customers"),
              reason -> assertThat(reason).endsWith("topic national-security-api."));
      assertThat(String.join(" ", match.reasons())).doesNotContainIgnoringCase("breach");
    }

    @Test
    void aUnitsDealMeetsItsParentsAgreement() {
      assertThat(
              against(
                  "msft-openai-r1-2019",
                  Samples.deal("openai", "azure", "compute"),
                  LocalDate.of(2022, 6, 1)))
          .as("the beneficiary's own cloud arm")
          .isEmpty();
      assertThat(
              against(
                      "openai-aws-frontier-2026",
                      Samples.deal("openai", "google-cloud", "agent-platform"),
                      DISPUTED)
                  .map(Match::counterparties))
          .hasValue(List.of("google"));
      assertThat(
              against(
                  "openai-aws-frontier-2026",
                  Samples.deal("openai", "amazon", "agent-platform"),
                  DISPUTED))
          .as("the parent of the beneficiary")
          .isEmpty();
    }

    @Test
    void theBeneficiaryTakingPartIsNotPassedOver() {
      assertThat(
              matches(
                  Samples.deal("openai", "oracle", "compute").party("microsoft", Role.PARTNER),
                  LocalDate.of(2024, 6, 12)))
          .isEmpty();
    }

    @Test
    void anUnlistedRivalCountsByItsName() {
      assertThat(
              against(
                      "msft-openai-r2-2023",
                      Samples.deal(Status.AGREED)
                          .party("openai", Role.CUSTOMER)
                          .unlisted("Sky & Cloud, Inc.", Role.PROVIDER)
                          .topic("compute"),
                      LocalDate.of(2023, 6, 1))
                  .map(Match::counterparties))
          .hasValue(List.of("sky-cloud-inc"));
    }

    @Test
    void anUnnamedRivalCouldBeTheBeneficiary() {
      assertThat(
              matches(
                  Samples.deal(Status.AGREED)
                      .party("openai", Role.CUSTOMER)
                      .unnamed("a cloud start-up", Role.PROVIDER)
                      .topic("compute"),
                  LocalDate.of(2023, 6, 1)))
          .isEmpty();
    }

    @Test
    void partnersOfWhomNobodyKnowsWhoBuysAreOnlyPossible() {
      Samples partners =
          Samples.deal(Status.AGREED)
              .party("openai", Role.PARTNER)
              .party("oracle", Role.PARTNER)
              .topic("compute");
      assertThat(
              against("msft-openai-r2-2023", partners, LocalDate.of(2023, 6, 1))
                  .map(Match::certainty))
          .hasValue(Certainty.POSSIBLE);
    }

    @Test
    void afterTheLastCheckTheAlertSaysSo() {
      Match match =
          against(
                  "openai-aws-frontier-2026",
                  Samples.deal("openai", "google-cloud", "agent-platform"),
                  LocalDate.of(2026, 8, 1))
              .orElseThrow();
      assertThat(match.certainty()).isEqualTo(Certainty.CERTAIN);
      assertThat(match.reasons().get(0))
          .contains("checked to 2026-05")
          .endsWith("on 2026-08-01 it was in force when last checked.");
    }

    @Test
    void aTermOnASiteIsNotAboutTheCompanysOtherDeals() {
      LocalDate date = LocalDate.of(2026, 6, 5);
      assertThat(matches(Samples.deal("google", "spacex-xai", "compute"), date)).isEmpty();
      assertThat(matches(Samples.deal("spacex-xai", "oracle", "compute"), date)).isEmpty();
      assertThat(
              matches(Samples.deal("google", "spacex-xai", "compute").product("Colossus 1"), date))
          .extracting(Match::agreement)
          .containsExactly("anthropic-spacex-colossus-2026");
    }
  }

  @Nested
  class Dispute {

    @Test
    void grantorAndBeneficiaryOnOppositeSidesAreInDispute() {
      List<Match> found =
          matches(Samples.suit(Status.THREATENED, "microsoft", "openai", "amazon"), DISPUTED);
      assertThat(found)
          .extracting(Match::agreement)
          .contains("msft-openai-r4-2025-10", "msft-openai-r4a-2026-02");
      assertThat(found)
          .allSatisfy(
              match -> {
                assertThat(match.relation()).isEqualTo(Relation.DISPUTE);
                assertThat(match.certainty()).isEqualTo(Certainty.CERTAIN);
                assertThat(match.counterparties()).containsExactly("amazon", "microsoft", "openai");
                assertThat(match.identity()).containsExactly("microsoft", "openai");
                assertThat(match.reasons().get(1))
                    .contains("opposite sides of a litigation (threatened)")
                    .endsWith("Microsoft against Amazon and OpenAI.");
              });
    }

    @Test
    void bothSuedTogetherAreNot() {
      assertThat(
              matches(
                  Samples.suit(Status.FILED, "nyt", "openai", "microsoft")
                      .sentence("The paper sued OpenAI and Microsoft over its articles."),
                  LocalDate.of(2023, 12, 27)))
          .isEmpty();
    }

    @Test
    void unlessTheSuitAttacksTheExclusivityItself() {
      List<Match> found =
          matches(
              Samples.suit(Status.FILED, "musk", "openai", "microsoft")
                  .sentence("The suit calls OpenAI's exclusive tie to Microsoft unlawful."),
              LocalDate.of(2024, 8, 5));
      assertThat(found).isNotEmpty();
      assertThat(found)
          .allSatisfy(
              match -> {
                assertThat(match.certainty())
                    .as("the start of one revision is not known")
                    .isEqualTo(
                        match.effectiveFrom() == null ? Certainty.POSSIBLE : Certainty.CERTAIN);
                assertThat(match.identity()).containsExactly("microsoft", "musk", "openai");
              });
    }

    @Test
    void unnamedPlaintiffsMayAttackItThroughOnePartyAlone() {
      Samples filed =
          Samples.deal(Status.FILED)
              .exclusivity(null)
              .unnamed("subscribers", Role.PLAINTIFF)
              .party("microsoft", Role.DEFENDANT)
              .sentence("They say that Microsoft's exclusive contract with OpenAI raised prices.");
      assertThat(against("msft-openai-r3-2025-01", filed, LocalDate.of(2025, 10, 14)))
          .hasValueSatisfying(
              match -> {
                assertThat(match.certainty()).isEqualTo(Certainty.CERTAIN);
                assertThat(match.identity()).containsExactly("microsoft");
              });
    }

    @Test
    void theBeneficiaryThatDefendsItAgainstARivalIsInTheSameDispute() {
      assertThat(
              against(
                      "msft-openai-r4a-2026-02",
                      Samples.suit(Status.THREATENED, "microsoft", "amazon")
                          .sentence(
                              "Microsoft may say that its exclusive deal with OpenAI is hurt."),
                      DISPUTED)
                  .map(Match::identity))
          .hasValue(List.of("microsoft", "openai"));
    }

    @Test
    void anExclusiveInterviewIsNoExclusivity() {
      assertThat(
              matches(
                  Samples.suit(Status.FILED, "musk", "openai", "microsoft")
                      .sentence("In an exclusive interview he said that he sued both."),
                  LocalDate.of(2024, 8, 5)))
          .isEmpty();
    }

    @Test
    void aNameInsideAnotherWordIsNoName() {
      Samples filed =
          Samples.suit(Status.FILED, "nyt", "perplexity")
              .sentence("A snapshot of Perplexity's exclusive feed.");
      assertThat(matches(filed, LocalDate.of(2025, 12, 1))).isEmpty();
      assertThat(
              matches(
                  Samples.suit(Status.FILED, "nyt", "qualcomm")
                      .sentence("Qualcomm's exclusive payments to Apple are at issue."),
                  LocalDate.of(2015, 12, 1)))
          .hasSize(1);
      assertThat(
              matches(
                  Samples.suit(Status.FILED, "nyt", "qualcomm")
                      .sentence("Qualcomm's exclusive payments to Snapple are at issue."),
                  LocalDate.of(2015, 12, 1)))
          .isEmpty();
    }

    @Test
    void aSuitAgainstOnePartyAloneIsNone() {
      assertThat(
              matches(
                  Samples.suit(Status.FILED, "nyt", "openai")
                      .sentence("It sued OpenAI over its sole use of articles."),
                  LocalDate.of(2024, 8, 5)))
          .isEmpty();
    }

    @Test
    void whenNobodyKnowsWhoSuesWhomItIsPossible() {
      Samples unclear =
          Samples.deal(Status.ONGOING).party("openai", Role.PARTY).party("microsoft", Role.PARTY);
      assertThat(matches(unclear, DISPUTED))
          .isNotEmpty()
          .allSatisfy(match -> assertThat(match.certainty()).isEqualTo(Certainty.POSSIBLE));
    }

    @Test
    void aSuitSoonAfterTheEndIsStillAboutIt() {
      assertThat(
              matches(Samples.suit(Status.FILED, "apple", "qualcomm"), LocalDate.of(2017, 1, 20)))
          .extracting(Match::agreement)
          .containsExactly("qualcomm-apple-2011");
      assertThat(
              matches(Samples.suit(Status.FILED, "apple", "qualcomm"), LocalDate.of(2019, 1, 20)))
          .isEmpty();
    }

    @Test
    void afterAReplacementTheNewRevisionAnswers() {
      assertThat(
              matches(Samples.suit(Status.FILED, "microsoft", "openai"), LocalDate.of(2026, 6, 1)))
          .extracting(Match::agreement)
          .containsExactly("msft-openai-r5-2026-04");
    }
  }

  @Nested
  class EndingAndAmendment {

    private Samples own(Status status) {
      return Samples.deal("openai", "microsoft", null).status(status);
    }

    @ParameterizedTest
    @CsvSource({"2026-04-27", "2026-04-29", "2026-05-15"})
    void newsOfAnEndIsAboutWhatHeldBefore(LocalDate date) {
      List<Match> found = matches(own(Status.AMENDED).exclusivity(Exclusivity.NON_EXCLUSIVE), date);
      assertThat(found)
          .extracting(Match::agreement)
          .containsExactly("msft-openai-r4-2025-10", "msft-openai-r4a-2026-02");
      assertThat(found)
          .allSatisfy(
              match -> {
                assertThat(match.relation()).isEqualTo(Relation.ENDING);
                assertThat(match.certainty()).isEqualTo(Certainty.CERTAIN);
              });
    }

    @Test
    void aChangeIsAnAmendmentOfTheRevisionBefore() {
      assertThat(
              matches(own(Status.AMENDED).topic("compute"), LocalDate.of(2025, 1, 22)).stream()
                  .map(match -> match.relation() + " " + match.agreement()))
          .containsExactly("AMENDMENT msft-openai-r2-2023");
    }

    @Test
    void aNewAgreementAmendsTheOneThatItReplaces() {
      Samples signed = own(Status.AGREED).topic("model-api").billions("250");
      assertThat(
              matches(signed, LocalDate.of(2025, 10, 28)).stream()
                  .map(match -> match.relation() + " " + match.agreement()))
          .containsExactly("AMENDMENT msft-openai-r3-2025-01");
      assertThat(matches(signed, LocalDate.of(2025, 8, 1))).isEmpty();
    }

    @Test
    void talkOfAnEndIsPossible() {
      assertThat(matches(own(Status.IN_TALKS).exclusivity(Exclusivity.NON_EXCLUSIVE), DISPUTED))
          .isNotEmpty()
          .allSatisfy(match -> assertThat(match.certainty()).isEqualTo(Certainty.POSSIBLE));
    }

    @Test
    void aDealBetweenTheOwnPartiesAloneIsNothing() {
      assertThat(matches(own(Status.AGREED), DISPUTED)).isEmpty();
    }

    @Test
    void theNewsOfTheAgreementItselfIsNoAmendment() {
      assertThat(
              matches(
                  Samples.deal("openai", "amazon-aws", "agent-platform").status(Status.EXPANDED),
                  LocalDate.of(2026, 2, 27)))
          .noneMatch(match -> match.relation() == Relation.AMENDMENT);
    }

    @Test
    void aCloudDealOfASportsLeagueDoesNotAmendItsBroadcastingRights() {
      assertThat(
              matches(
                  Samples.deal("nfl", "google-cloud", "compute").status(Status.EXPANDED),
                  LocalDate.of(2025, 6, 1)))
          .isEmpty();
    }

    @Test
    void whatWasNeverExclusiveCannotCeaseToBe() {
      assertThat(
              matches(
                  Samples.deal("anthropic", "amazon-aws", "compute")
                      .exclusivity(Exclusivity.NON_EXCLUSIVE),
                  LocalDate.of(2025, 6, 1)))
          .isEmpty();
    }
  }

  @Nested
  class Bystanders {

    @Test
    void preferredAndPrimaryProvidersBlockNobody() {
      assertThat(
              matches(
                  Samples.deal("anthropic", "google-cloud", "compute"), LocalDate.of(2025, 10, 23)))
          .isEmpty();
      assertThat(matches(Samples.deal("sap", "amazon-aws", "compute"), LocalDate.of(2020, 10, 1)))
          .isEmpty();
    }

    @Test
    void aDefaultPlacementBlocksNobody() {
      assertThat(matches(Samples.deal("samsung", "oracle", null), LocalDate.of(2025, 6, 1)))
          .isEmpty();
    }

    @Test
    void aDealOutsideTheTermsDatesIsNone() {
      assertThat(
              matches(Samples.deal("openai", "amazon-aws", "model-api"), LocalDate.of(2026, 4, 28)))
          .isEmpty();
      assertThat(matches(Samples.deal("openai", "oracle", "compute"), LocalDate.of(2019, 7, 21)))
          .isEmpty();
    }

    @Test
    void aChipSaleIsNone() {
      assertThat(matches(Samples.deal("openai", "amd", "ai-chips"), LocalDate.of(2022, 10, 6)))
          .isEmpty();
    }

    @Test
    void aDenialIsNone() {
      assertThat(
              matches(
                  Samples.deal("openai", "oracle", "compute").status(Status.DENIED),
                  LocalDate.of(2022, 6, 1)))
          .isEmpty();
    }

    @Test
    void historyIsNone() {
      assertThat(
              matches(
                  Samples.deal("openai", "oracle", "compute").background(),
                  LocalDate.of(2022, 6, 1)))
          .isEmpty();
    }

    @Test
    void aRecordOfLowConfidenceNeverAlerts() {
      assertThat(
              matches(Samples.suit(Status.FILED, "cerebras", "openai"), LocalDate.of(2026, 3, 1)))
          .isEmpty();
    }

    @Test
    void namingAPartyTouchesOnlyWhenAskedFor() {
      Event event = Samples.deal("openai", "oracle", "compute").event();
      Agreement agreement = REGISTRY.find("msft-openai-r5-2026-04").orElseThrow();
      LocalDate date = LocalDate.of(2026, 6, 1);
      assertThat(MATCHER.match(event, date, agreement)).isEmpty();
      assertThat(
              new Matcher(TOPICS, Samples.KINSHIP, true)
                  .match(event, date, agreement)
                  .map(Match::relation))
          .hasValue(Relation.TOUCHES);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "msft-openai-r4a-2026-02|2026-05-01|agent-platform|the term on model-api was not in force on"
            + " 2026-05-01: it began 2026-02-27 and ended 2026-04-27",
        "msft-openai-r4a-2026-02|2026-03-18|training|the deal is about training, the term about"
            + " model-api",
        "msft-openai-r4a-2026-02|2026-03-18|national-security-api|the term on model-api carves out"
            + " national-security-api",
        "msft-openai-r5-2026-04|2026-06-01|compute|a term that is primary (on compute) blocks nobody",
        "openai-aws-frontier-2026|2026-03-18|agent-platform|Amazon / AWS, who enjoys the term, takes"
            + " part itself",
      })
  void anExplanationTellsTheNearestRelationThatDidNotHold(
      String agreement, LocalDate date, String topic, String why) {
    Explanation explanation =
        MATCHER.explain(
            Samples.deal("openai", "amazon-aws", topic).event(),
            date,
            REGISTRY.find(agreement).orElseThrow());
    assertThat(explanation.match()).isEmpty();
    assertThat(
            explanation.nearest().map(Explanation.Miss::why).orElseThrow().replaceAll("\\s+", " "))
        .isEqualTo(why.replaceAll("\\s+", " "));
  }

  @Test
  void theIndexFindsEverythingThatMatches() {
    AgreementIndex index = AgreementIndex.of(REGISTRY.all(), Samples.KINSHIP);
    List<String> organisations =
        REGISTRY.all().stream()
            .flatMap(agreement -> agreement.parties().stream())
            .map(party -> party.organisation())
            .distinct()
            .toList();
    Random random = new Random(11);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      Status status = Status.values()[random.nextInt(Status.values().length)];
      boolean deal = status.ordinal() < Status.THREATENED.ordinal();
      Samples samples = Samples.deal(status).topic(random.nextBoolean() ? "compute" : null);
      for (int party = 0; party < 3; party++) {
        samples.party(
            organisations.get(random.nextInt(organisations.size())),
            deal
                ? party == 0 ? Role.CUSTOMER : Role.PROVIDER
                : party == 0 ? Role.PLAINTIFF : Role.DEFENDANT);
      }
      Event event = samples.event();
      LocalDate date = LocalDate.of(2008, 1, 1).plusDays(random.nextInt(7000));
      List<String> all = new ArrayList<>();
      for (Agreement agreement : REGISTRY.all()) {
        MATCHER.match(event, date, agreement).ifPresent(match -> all.add(match.agreement()));
      }
      List<Agreement> candidates = new ArrayList<>();
      index.candidates(event, date, candidates::add);
      assertThat(candidates).doesNotHaveDuplicates();
      List<String> indexed = new ArrayList<>();
      for (Agreement candidate : candidates) {
        assertThat(JoinKeys.meeting(event, candidate, Samples.KINSHIP)).isPresent();
        MATCHER.match(event, date, candidate).ifPresent(match -> indexed.add(match.agreement()));
      }
      assertThat(indexed).containsExactlyInAnyOrderElementsOf(all);
      found += all.size();
    }
    assertThat(found).isGreaterThan(100);
  }
}
