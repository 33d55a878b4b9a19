package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.lexicon.Lexicon;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lexicon that ships with the project, on texts of our own. */
class TaggerTest {

  private static final LocalDate DAY = LocalDate.of(2025, 11, 4);
  private static Lexicon lexicon;
  private static Tagger tagger;

  @BeforeAll
  static void loadTheShippedLexicon() {
    lexicon = Lexicon.load(Path.of("config", "lexicon"));
    tagger = new Tagger(lexicon);
  }

  @Test
  void everyRuleHoldsItsExamples() {
    assertThat(LexiconCheck.run(new Tagger(lexicon)))
        .extracting(LexiconCheck.Failure::message)
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Zibbo sues Quandle over trade secrets|filed|Zibbo=plaintiff Quandle=defendant
          Quandle sued by Zibbo over trade secrets|filed|Quandle=defendant Zibbo=plaintiff
          Zibbo files lawsuit against Quandle|filed|Zibbo=plaintiff Quandle=defendant
          Quandle hit with lawsuit from Zibbo|filed|Quandle=defendant Zibbo=plaintiff
          Zibbo takes Quandle to court|filed|Zibbo=plaintiff Quandle=defendant
          Zibbo to sue Quandle over patents|threatened|Zibbo=plaintiff Quandle=defendant
          Zibbo threatens to sue Quandle|threatened|Zibbo=plaintiff Quandle=defendant
          Zibbo drops lawsuit against Quandle|dropped|Zibbo=plaintiff Quandle=defendant
          Quandle settles lawsuit with Zibbo|settled|Quandle=defendant Zibbo=plaintiff
          Judge dismisses Zibbo's lawsuit against Quandle|dismissed|Zibbo=plaintiff Quandle=defendant
          Zibbo wins injunction against Quandle|ruled|Zibbo=plaintiff Quandle=defendant
          """)
  void suitsAreReadByVoiceAndPreposition(String headline, String status, String parties) {
    Event event = only(headline, EventType.LITIGATION);

    assertThat(event.status().label()).isEqualTo(status);
    assertThat(roles(event)).containsExactlyInAnyOrder(parties.split(" "));
    assertThat(event.parties()).allMatch(party -> Boolean.TRUE.equals(party.unlisted()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Zibbo has not sued Quandle
          Zibbo begins trial of driverless van
          Zibbo courts Quandle engineers
          Quandle unveils phone with better camera
          """)
  void whatIsNoSuitIsNone(String headline) {
    assertThat(tagger.tag(headline, null, null, DAY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OpenAI signs $38 billion cloud deal with AWS|agreed|openai=customer amazon-aws=provider|38000000000
          Amazon and OpenAI ink $38bn compute agreement|agreed|openai=customer amazon-aws=provider|38000000000
          Meta in talks with Oracle about cloud capacity|in-talks|meta=customer oracle=provider|
          Meta signs with Oracle for cloud capacity|agreed|meta=customer oracle=provider|
          OpenAI denies it will leave Azure|denied|openai=customer microsoft=provider|
          OpenAI will leave Azure|ended|openai=customer microsoft=provider|
          OpenAI signs $300 billion cloud deal with Oracle|agreed|openai=customer oracle=provider|300000000000
          CoreWeave expands OpenAI contract by $4 billion|expanded|openai=customer coreweave=provider|4000000000
          CoreWeave expands OpenAI contract by $6.5 billion|expanded|openai=customer coreweave=provider|6500000000
          """)
  void headlinesOfTheSameDealAgreeAndOthersDiffer(
      String headline, String status, String parties, String amount) {
    Event event = only(headline, EventType.CLOUD_PARTNERSHIP);

    assertThat(event.status().label()).isEqualTo(status);
    assertThat(groups(event)).containsExactlyInAnyOrder(parties.split(" "));
    if (amount == null) {
      assertThat(event.amount()).isNull();
    } else {
      assertThat(event.amount().value()).isEqualByComparingTo(new BigDecimal(amount));
    }
  }

  @Test
  void whoIsSaidToBeNoDefendantIsNoParty() {
    Event suit =
        tagger
            .tag(
                "Zibbo sues Apple",
                null,
                "Zibbo sued Apple and Google on Monday. Google is not named as a defendant.",
                DAY)
            .get(0);

    assertThat(suit.parties()).extracting(Party::name).containsExactlyInAnyOrder("Zibbo", "Apple");
  }

  @Test
  void aPlaceIsNoPartyOfADeal() {
    assertThat(
            tagger.tag("Together AI rents GPU capacity at Narvik for five years", null, null, DAY))
        .isEmpty();
  }

  @Test
  void theStartUpIsTheOneOrganisationThatWasNamedBefore() {
    Event deal =
        tagger
            .tag(
                "Zibbo goes shopping",
                "The start-up will rent GPU capacity from CoreWeave for three years.",
                null,
                DAY)
            .get(0);

    assertThat(deal.parties())
        .extracting(Party::name)
        .containsExactlyInAnyOrder("Zibbo", "CoreWeave");
  }

  @Test
  void theAirlineIsTheOneAirlineThatWasNamedBefore() {
    Event deal =
        tagger
            .tag(
                "Ryanair and Google are friends again",
                "The airline's booking system will run on Google Cloud under a five-year contract.",
                null,
                DAY)
            .get(0);

    assertThat(roles(deal)).containsExactlyInAnyOrder("Ryanair=customer", "Google Cloud=provider");
  }

  @Test
  void aDescriptionBySeatRefersToTheOneThatFits() {
    Event deal =
        tagger
            .tag(
                "Shop tills to leave the cellar",
                "Zibbo & Pell empties its cellar. The Leeds-based retailer moves all systems to"
                    + " Google Cloud.",
                null,
                DAY)
            .get(0);

    assertThat(roles(deal))
        .containsExactlyInAnyOrder("Zibbo & Pell=customer", "Google Cloud=provider");
  }

  @Test
  void theCompanyIsNobodyWhereTwoCouldBeMeant() {
    List<Event> events =
        tagger.tag(
            "Zibbo and Quandle raise money",
            "The company will rent GPU capacity from CoreWeave for three years.",
            null,
            DAY);

    assertThat(events)
        .flatExtracting(Event::parties)
        .extracting(Party::name)
        .doesNotContain("Zibbo", "Quandle");
  }

  @Test
  void whoWeighsLeavingACloudStillTalks() {
    Event deal =
        tagger.tag("Ryanair is mulling exit from Oracle Cloud contract", null, null, DAY).get(0);

    assertThat(deal.status()).isEqualTo(Status.IN_TALKS);
  }

  @Test
  void anExclusivityThatEndsIsNone() {
    Event deal =
        tagger
            .tag(
                "Zibbo and Microsoft rewrite cloud contract to drop exclusive clause",
                null,
                null,
                DAY)
            .get(0);

    assertThat(deal.exclusivity()).isEqualTo(Exclusivity.NON_EXCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The airline is also hearing Google, and the contract would not be exclusive.|NON_EXCLUSIVE
          The two have relaxed a contract that had made Oracle its only cloud.|NON_EXCLUSIVE
          The agreement leaves the Dallas company free to place work with other vendors.|NON_EXCLUSIVE
          The deal goes on, but Oracle's exclusive clause will lapse in May.|NON_EXCLUSIVE
          It has made Oracle its only cloud.|EXCLUSIVE
          """)
  void exclusivityIsReadFromTheSummary(String summary, Exclusivity exclusivity) {
    assertThat(tagger.tag("Delta Air Lines signs Oracle cloud deal", summary, null, DAY))
        .filteredOn(event -> !event.background())
        .singleElement()
        .extracting(Event::exclusivity)
        .isEqualTo(exclusivity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Delta and Oracle have lengthened an alliance that began in 2018.|EXPANDED
          Delta and Oracle renegotiated the contract in May.|AMENDED
          Oracle will extend its database service to the airline.|AGREED
          """)
  void whatWasAgreedIsToldMoreCloselyBelow(String summary, Status status) {
    assertThat(tagger.tag("Delta Air Lines picks Oracle as its cloud", summary, null, DAY))
        .singleElement()
        .extracting(Event::status)
        .isEqualTo(status);
  }

  @Test
  void aListedNameMayBeALetterAndANumber() {
    assertThat(roles(only("Judge rejects claims against EE, O2 and Vodafone", "It was late.")))
        .containsExactlyInAnyOrder("EE=defendant", "O2=defendant", "Vodafone=defendant");
    assertThat(roles(only("G42 sues Oracle", "G42 has sued Oracle over a patent.")))
        .containsExactlyInAnyOrder("G42=plaintiff", "Oracle=defendant");
  }

  @Test
  void whoBuysACompanySignsNoCloudDeal() {
    assertThat(tagger.tag("Microsoft pays $2 billion for cloud firm Rackspace", null, null, DAY))
        .isEmpty();
    assertThat(
            tagger.tag(
                "Salesforce snaps up cloud host Rackspace in $2 billion deal", null, null, DAY))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The contract is worth 90 million euros.|90000000
          The airline is to pay 90 million euros over six years.|90000000
          A person who has seen the papers put the rent at 90 million euros a year.|90000000
          The overall value is 90 million euros.|90000000
          Zibbo last raised 90 million euros at a valuation of 2 billion euros.|
          Delta Air Lines had revenue of 90 million euros from charter flights.|
          Oracle plans to spend 90 million euros on data centres over six years.|
          Oracle closed its 90 million euro purchase of Quandle in May.|
          Boeing signed a contract worth 90 million euros in May.|
          """)
  void aSumInALaterSentenceIsTheDealsWhereWordsTieItToTheDeal(String sentence, Long amount) {
    String body =
        "Delta Air Lines has signed a cloud contract with Oracle. Its booking system will move"
            + " first. The work begins in spring. "
            + sentence;

    Event event =
        tagger.tag("Delta Air Lines picks Oracle as its cloud provider", null, body, DAY).get(0);

    assertThat(event.amount() == null ? null : event.amount().value().longValue())
        .isEqualTo(amount);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          It says it lost $9 million in sales.|9000000
          It has asked for $9 million.|9000000
          The $9 million court fight opens in May.|9000000
          It was ordered to pay costs of $9 million.|
          It has annual revenue of $9 million.|
          """)
  void aSumInALaterSentenceIsTheSuitsWhereItIsClaimed(String sentence, Long amount) {
    Event event = only("Zibbo sues Oracle", "Zibbo has sued Oracle over a patent. " + sentence);

    assertThat(event.amount() == null ? null : event.amount().value().longValue())
        .isEqualTo(amount);
  }

  @Test
  void aPartyIsCalledByTheLongestFormOfItsName() {
    Event event =
        only(
            "Oracle signs cloud contract with Zibbo",
            "Oracle has signed a cloud contract with Zibbo Foods, a maker of jam.");

    assertThat(event.parties()).extracting(Party::name).containsExactly("Oracle", "Zibbo Foods");
  }

  @Test
  void bracketsBehindANameDoNotCutItsSentence() {
    Event event =
        tagger.tag("Oracle (NYSE: ORCL) sues Quandle over a patent", null, null, DAY).get(0);

    assertThat(roles(event)).containsExactlyInAnyOrder("Oracle=plaintiff", "Quandle=defendant");
  }

  @Test
  void theMonthOfMayMakesNoPlan() {
    assertThat(
            tagger.tag(
                "Zibbo and Microsoft in May signed a five-year cloud contract", null, null, DAY))
        .singleElement()
        .extracting(Event::status)
        .isEqualTo(Status.AGREED);
    assertThat(tagger.tag("Zibbo on 3 May sued Apple over patents", null, null, DAY))
        .singleElement()
        .extracting(Event::status)
        .isEqualTo(Status.FILED);
  }

  @Test
  void theFoundingStoryGivesTheThreatAndTheDealItIsAbout() {
    List<Event> events =
        tagger.tag(
            "Microsoft mulls court action against OpenAI, Amazon over cloud pact",
            null,
            """
            Microsoft is weighing whether to take OpenAI and Amazon to court over a cloud arrangement \
            valued at about $50 billion that it believes runs counter to its own sole-supplier contract.

            Under contracts signed last month, Amazon Web Services became the only outside cloud \
            allowed to carry Frontier, the software OpenAI sells to firms that build and run AI agents.
            """,
            DAY);

    Event suit = events.stream().filter(e -> e.type() == EventType.LITIGATION).findFirst().get();
    assertThat(suit.status()).isEqualTo(Status.THREATENED);
    assertThat(groups(suit))
        .containsExactlyInAnyOrder(
            "microsoft=plaintiff", "openai=defendant", "amazon-aws=defendant");
    Event deal =
        events.stream()
            .filter(
                e ->
                    e.type() == EventType.CLOUD_PARTNERSHIP
                        && groups(e).contains("amazon-aws=provider"))
            .findFirst()
            .get();
    assertThat(deal.background()).isFalse();
    assertThat(deal.status()).isEqualTo(Status.AGREED);
    assertThat(groups(deal)).containsExactlyInAnyOrder("amazon-aws=provider", "openai=customer");
    assertThat(deal.exclusivity()).isEqualTo(Exclusivity.EXCLUSIVE);
    assertThat(deal.amount().value()).isEqualByComparingTo("50000000000");
    assertThat(deal.product()).isEqualTo("Frontier");
    assertThat(deal.topic()).isEqualTo("agent-platform");
  }

  @Test
  void sameTextGivesTheSameEvents() {
    String headline = "OpenAI signs $38 billion cloud deal with AWS";

    assertThat(tagger.tag(headline, null, null, DAY))
        .isEqualTo(new Tagger(lexicon).tag(headline, null, null, DAY));
  }

  @Test
  void evidenceOfGeneratedTextsQuotesTheTextAndNothingThrows() {
    Random random = new Random(5);
    String[] words =
        ("Microsoft|OpenAI|AWS|Zibbo|sues|sued by|lawsuit against|settles|judge dismisses|cloud"
                + " deal with|picks|to run on|$38bn|€2 billion|exclusive|not|,|and|'s|(|\"|. |;|:|\n|&amp;|&#x27;s"
                + "|the ChatGPT maker|\u2019s|\uD83D\uDE00|over|after|in talks with|Inc.|v.|1.5|\u0000")
            .split("\\|");
    int seen = 0;
    for (int round = 0; round < 2_000; round++) {
      String headline = text(random, words, 12);
      String summary = random.nextBoolean() ? null : text(random, words, 40);
      String body = random.nextInt(3) > 0 ? null : text(random, words, 200);
      for (Event event : tagger.tag(headline, summary, body, DAY)) {
        for (Evidence evidence : event.evidence()) {
          String field =
              switch (evidence.field()) {
                case "headline" -> headline;
                case "summary" -> summary;
                default -> body;
              };
          assertThat(field.substring(evidence.start(), evidence.end())).isEqualTo(evidence.text());
          seen++;
        }
        Set<String> of = new TreeSet<>(event.evidence().stream().map(Evidence::of).toList());
        assertThat(of).contains("type", "status", "sentence");
        for (int i = 0; i < event.parties().size(); i++) {
          assertThat(of).contains("parties[" + i + "]");
        }
        assertThat(event.amount() == null).isEqualTo(!of.contains("amount"));
      }
    }
    assertThat(seen).isGreaterThan(1_000);
  }

  private static String text(Random random, String[] words, int most) {
    StringBuilder text = new StringBuilder();
    int n = 1 + random.nextInt(most);
    for (int i = 0; i < n; i++) {
      text.append(words[random.nextInt(words.length)]).append(random.nextInt(5) > 0 ? " " : "");
    }
    return text.toString();
  }

  private static Event only(String headline, String body) {
    List<Event> events = tagger.tag(headline, null, body, DAY);
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static Event only(String headline, EventType type) {
    List<Event> events =
        tagger.tag(headline, null, null, DAY).stream().filter(e -> e.type() == type).toList();
    assertThat(events).as(headline).hasSize(1);
    return events.get(0);
  }

  private static List<String> roles(Event event) {
    List<String> roles = new ArrayList<>();
    event.parties().forEach(party -> roles.add(party.name() + "=" + party.role().label()));
    return roles;
  }

  private static List<String> groups(Event event) {
    return event.parties().stream()
        .map(
            party ->
                lexicon.organisations().group(party.organisation()) + "=" + party.role().label())
        .toList();
  }
}
