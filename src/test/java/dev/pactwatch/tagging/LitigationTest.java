package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.lexicon.Lexicon;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How suits are told of: who sues whom and how far it has come, in sentences of our own. */
class LitigationTest {

  private static final LocalDate DAY = LocalDate.of(2025, 5, 1);
  private static Tagger tagger;

  @BeforeAll
  static void loadTheShippedLexicon() {
    tagger = new Tagger(Lexicon.load(Path.of("config", "lexicon")));
  }

  /** Weights that are fitted anew may lose a few; the grammar may not. */
  @Test
  void headlinesTellStatusAndRoles() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> rows = rows("suits.txt");
    for (String row : rows) {
      String[] fields = row.split("\\|");
      List<String> read =
          tagger.tag(fields[0], null, null, DAY).stream()
              .map(event -> event.status().label() + "|" + String.join(" ", roles(event)))
              .toList();
      if (!read.equals(List.of(fields[1] + "|" + fields[2]))) {
        wrong.add(row + " is read as " + read);
      }
    }

    assertThat(wrong).as("of " + rows.size()).hasSizeLessThanOrEqualTo(rows.size() / 12);
  }

  @Test
  void aNewspaperThatReportsIsNoParty() {
    List<Event> events =
        tagger.tag(
            "Zibbo Inc considers taking Quandle Corp to court - Reuters",
            "Zibbo Inc may sue Quandle Corp, the Financial Times reported on Wednesday.",
            null,
            DAY);

    assertThat(events)
        .singleElement()
        .extracting(LitigationTest::roles)
        .asString()
        .isEqualTo("[Quandle_Corp=defendant, Zibbo_Inc=plaintiff]");
  }

  @Test
  void wordsOfTheLawInOtherMattersAreNoSuit() throws IOException {
    List<String> rows = rows("no-suits.txt");

    assertThat(rows.stream().filter(row -> !tagger.tag(row, null, null, DAY).isEmpty()).toList())
        .as("of " + rows.size())
        .hasSizeLessThanOrEqualTo(rows.size() / 25);
  }

  @Test
  void twoHeadlinesOfOneSuitGiveTheSamePartiesAndStatus() {
    same(
        "Judge dismisses part of Acme's lawsuit against Globex",
        "Court tosses some of Acme's claims against Globex");
    same("Acme sues Globex over scraped articles", "Acme files copyright lawsuit against Globex");
    same("Globex sued by Acme", "Acme takes Globex to court");
  }

  @Test
  void aSuitAndItsEndDifferInStatusAlone() {
    Event filed = only("Acme sues Globex over scraped articles", null, null);
    Event settled = only("Acme settles lawsuit with Globex over scraped articles", null, null);

    assertThat(filed.status()).isEqualTo(Status.FILED);
    assertThat(settled.status()).isEqualTo(Status.SETTLED);
    assertThat(names(settled)).isEqualTo(names(filed));
  }

  @Test
  void anotherPlaintiffIsAnotherSuit() {
    assertThat(names(only("Acme sues Globex over scraped articles", null, null)))
        .isNotEqualTo(names(only("Initech sues Globex over scraped articles", null, null)));
  }

  @Test
  void whoIsNamedBelowAHeadlineWithoutNamesIsTheParty() {
    Event event =
        only(
            "Chip designer takes former partner to court",
            null,
            "LONDON - Acme has sued Globex, a maker of sensors, for $30 million. The suit says that"
                + " drawings were copied. Judge Mary Stone will hear it in May.");

    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=plaintiff", "Globex=defendant");
    assertThat(event.amount()).isEqualTo(new Amount(new BigDecimal(30000000), "USD"));
  }

  @Test
  void aHeadlineThatSpeaksOfATruceIsReadWithItsLead() {
    Event event =
        only(
            "Acme and Globex call truce",
            "The two told a court that their patent suit is over.",
            null);

    assertThat(event.status()).isEqualTo(Status.SETTLED);
    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=party", "Globex=party");
  }

  @Test
  void anOlderSuitOfTheSameDefendantIsAnotherEvent() {
    List<Event> events =
        tagger.tag(
            "Acme sues Globex over patents",
            null,
            "Acme has sued Globex in Delaware. Globex was sued by Initech last year.",
            DAY);

    assertThat(events).filteredOn(each -> !each.background()).hasSize(1);
    assertThat(names(events.get(0))).containsExactlyInAnyOrder("Acme", "Globex");
  }

  @Test
  void judgesCourtsAndWitnessesAreNoParties() {
    Event event =
        only(
            "Acme v. Globex: judge hears closing arguments",
            "District Judge Mary B. Stone heard lawyers for Acme in the High Court.",
            null);

    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=plaintiff", "Globex=defendant");
  }

  private static List<String> rows(String file) throws IOException {
    return Files.readAllLines(Path.of("src", "test", "resources", "tagging", file)).stream()
        .filter(row -> !row.isBlank() && !row.startsWith("#"))
        .toList();
  }

  @Test
  void whoIsSaidToBeNoPartyDoesNotComeBackAsTheOtherSide() {
    String body =
        "Zibbo Inc sued over chip prices in a court filing on Monday. IBM is not a party.";

    assertThat(tagger.tag("Zibbo Inc sues in dispute over IBM chips", null, body, DAY))
        .filteredOn(event -> event.type() == EventType.LITIGATION)
        .first()
        .extracting(LitigationTest::roles)
        .asString()
        .isEqualTo("[Zibbo_Inc=plaintiff]");
  }

  @Test
  void whatTheMainClauseTellsIsTheStatus() {
    assertThat(
            tagger.tag(
                "Zibbo Inc sues Quandle Corp in court after IBM drops its lawsuit",
                null,
                null,
                DAY))
        .first()
        .extracting(Event::status)
        .isEqualTo(Status.FILED);
  }

  @Test
  void anAuthorityThatAppealsIsTheOneThatSued() {
    List<Event> events =
        tagger.tag("FTC takes Quandle Corp loss to appeals court", null, null, DAY);

    assertThat(events)
        .singleElement()
        .extracting(LitigationTest::roles)
        .asString()
        .isEqualTo("[FTC=plaintiff, Quandle_Corp=defendant]");
  }

  @Test
  void theHeadlineNamesWhoActsInTheReportBelow() {
    List<Event> events =
        tagger.tag(
            "Not done yet: Nvidia",
            "The chip designer has filed a lawsuit over unpaid licence fees.",
            null,
            DAY);

    assertThat(events)
        .singleElement()
        .extracting(LitigationTest::roles)
        .asString()
        .isEqualTo("[Nvidia=plaintiff]");
  }

  @Test
  void anEmployeesCaseIsAgainstTheEmployer() {
    List<Event> events =
        tagger.tag("Judge sends former Nvidia engineer's age-bias case to trial", null, null, DAY);

    assertThat(events)
        .singleElement()
        .extracting(LitigationTest::roles)
        .asString()
        .isEqualTo("[Nvidia=defendant]");
  }

  private static void same(String one, String other) {
    assertThat(roles(only(one, null, null))).isEqualTo(roles(only(other, null, null)));
    assertThat(only(one, null, null).status()).isEqualTo(only(other, null, null).status());
  }

  private static Event only(String headline, String summary, String body) {
    List<Event> events = tagger.tag(headline, summary, body, DAY);
    assertThat(events).as(headline).hasSize(1);
    return events.get(0);
  }

  private static List<String> names(Event event) {
    return event.parties().stream().map(Party::name).sorted().toList();
  }

  private static List<String> roles(Event event) {
    return event.parties().stream()
        .map(party -> party.name().replace(' ', '_') + "=" + party.role().label())
        .sorted()
        .toList();
  }
}
