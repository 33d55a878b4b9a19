package dev.pactwatch.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryTest {

  private static final Registry REGISTRY =
      AgreementFiles.load(Path.of("config/agreements"))
          .with(TopicTree.load(Path.of("config/topics.yaml")));

  record Check(
      LocalDate date,
      String grantor,
      String beneficiary,
      TermKind kind,
      String topic,
      boolean expected,
      List<String> answeredBy) {}

  static Stream<Check> checks() {
    Yaml root = Yaml.read(Path.of("src/test/resources/agreements/as-of-checks.yaml"));
    return root.need("as_of_checks").list().stream()
        .map(
            item ->
                new Check(
                    item.need("date").day(),
                    item.need("grantor").text(),
                    item.need("beneficiary").text(),
                    item.need("kind").oneOf(TermKind.class),
                    item.need("topic").text(),
                    item.need("expected").bool(),
                    item.need("answered_by").texts()));
  }

  @ParameterizedTest
  @MethodSource("checks")
  void theRegistryAnswersItsOwnChecks(Check check) {
    List<InForce> answers =
        REGISTRY.inForce(
            new AsOf(check.date(), check.grantor(), check.beneficiary(), check.topic(), false));
    assertThat(answers)
        .filteredOn(answer -> answer.term().kind() == check.kind())
        .extracting(answer -> answer.agreement().id())
        .containsExactlyElementsOf(check.answeredBy());
    assertThat(check.answeredBy().isEmpty()).isNotEqualTo(check.expected());
  }

  @ParameterizedTest
  @MethodSource("checks")
  void theChecksAlsoHoldForWhoeverFiltersTheWholeAnswerOfADay(Check check) throws IOException {
    JsonNode rows = Json.mapper().readTree(AsOfJson.write(REGISTRY.inForce(AsOf.on(check.date()))));
    List<String> found = new ArrayList<>();
    for (JsonNode row : rows) {
      if (row.get("kind").asText().equals(check.kind().label())
          && row.get("topic").asText().equals(check.topic())
          && row.get("grantor").asText().equals(check.grantor())
          && row.get("beneficiary").asText().equals(check.beneficiary())) {
        found.add(row.get("agreement").asText());
      }
    }
    assertThat(found).containsExactlyElementsOf(check.answeredBy());
  }

  static Stream<Agreement> agreements() {
    return REGISTRY.all().stream();
  }

  @ParameterizedTest
  @MethodSource("agreements")
  void everyRecordAnswersInsideItsRangeAndNotOutside(Agreement agreement) {
    PartialDate from = agreement.effectiveFrom();
    PartialDate to = agreement.effectiveTo();
    for (Term term : agreement.terms()) {
      if (from != null) {
        assertThat(holds(agreement, term, from.first())).as("first day").isTrue();
        assertThat(holds(agreement, term, from.first().minusDays(1))).as("day before").isFalse();
      }
      if (to == null) {
        assertThat(holds(agreement, term, LocalDate.of(2026, 6, 15)))
            .as("an open record answers as last checked")
            .isTrue();
      } else if (to.precision() == PartialDate.Precision.DAY) {
        assertThat(holds(agreement, term, to.first())).as("the day of the end").isFalse();
        assertThat(holds(agreement, term, to.first().minusDays(1))).as("last day").isTrue();
      } else {
        assertThat(holds(agreement, term, to.last())).as("last day of month or year").isTrue();
        assertThat(holds(agreement, term, to.last().plusDays(1))).as("day after").isFalse();
      }
    }
  }

  private static boolean holds(Agreement agreement, Term term, LocalDate date) {
    return REGISTRY
        .inForce(new AsOf(date, term.grantor(), term.beneficiary(), term.topic(), false))
        .stream()
        .anyMatch(answer -> answer.agreement().equals(agreement) && answer.term().equals(term));
  }

  @ParameterizedTest
  @CsvSource({
    // day, agreement, topic, certainty
    "2026-03-18, msft-openai-r4a-2026-02, model-api, in-force",
    "2026-09-11, msft-openai-r5-2026-04, compute, in-force",
    "2026-09-12, msft-openai-r5-2026-04, compute, in-force-when-last-checked",
    // its status is unclear, although it was checked in May 2026
    "2026-03-18, openai-aws-frontier-2026, agent-platform, in-force-when-last-checked",
    // nobody knows when it began
    "2024-01-01, google-samsung-search-rsa, search-default, possibly-in-force",
    // both may have held in the month in which one gave way to the other
    "2014-12-10, mozilla-google-2004, search-default, possibly-in-force",
    "2014-12-10, mozilla-yahoo-2014, search-default, possibly-in-force",
    "2015-02-10, mozilla-yahoo-2014, search-default, in-force",
    "2016-07-01, qualcomm-apple-2011, modem-chips, possibly-in-force",
    "2015-07-01, qualcomm-apple-2011, modem-chips, in-force",
    // a letter of intent binds nobody
    "2025-11-01, openai-nvidia-preferred-2025, ai-chips, possibly-in-force",
    // checked to 2025: the whole year counts as checked
    "2026-01-01, salesforce-aws-2016, compute, in-force-when-last-checked",
  })
  void everyAnswerSaysHowSureItIs(LocalDate date, String id, String topic, String certainty) {
    assertThat(REGISTRY.inForce(new AsOf(date, null, null, topic, false)))
        .filteredOn(answer -> answer.agreement().id().equals(id))
        .extracting(answer -> answer.certainty().label())
        .containsOnly(certainty);
  }

  @Test
  void aTermMayEndBeforeItsAgreement() {
    Term term =
        new Term(
            TermKind.EXCLUSIVE,
            "compute",
            "a",
            "b",
            null,
            List.of(),
            PartialDate.parse("2024-03"),
            null,
            null);
    Agreement agreement = agreement(term, "2023-01-01", null, "in-force", "2025-01-01");
    assertThat(Standing.of(agreement, term, LocalDate.of(2024, 2, 29))).hasValue(Standing.IN_FORCE);
    assertThat(Standing.of(agreement, term, LocalDate.of(2024, 3, 31)))
        .hasValue(Standing.POSSIBLY_IN_FORCE);
    assertThat(Standing.of(agreement, term, LocalDate.of(2024, 4, 1))).isEmpty();
  }

  @Test
  void whatEndedOnADayNobodyGaveMayHoldUntilItWasLookedAt() {
    Term term = new Term(TermKind.EXCLUSIVE, "compute", "a", "b", null, List.of());
    Agreement agreement = agreement(term, "2023-01-01", null, "ended", "2024-06-01");
    assertThat(Standing.of(agreement, term, LocalDate.of(2024, 5, 31)))
        .hasValue(Standing.POSSIBLY_IN_FORCE);
    assertThat(Standing.of(agreement, term, LocalDate.of(2024, 6, 1))).isEmpty();
  }

  @Test
  void aNarrowQuestionIsAnsweredByABroadTermOnlyWhenAskedFor() {
    LocalDate date = LocalDate.of(2024, 1, 1);
    assertThat(REGISTRY.inForce(new AsOf(date, "anthropic", null, "training", false))).isEmpty();
    assertThat(REGISTRY.inForce(new AsOf(date, "anthropic", null, "training", true)))
        .extracting(answer -> answer.agreement().id())
        .containsExactly("anthropic-aws-r1-2023");
  }

  @Test
  void aCarveOutIsNotCovered() {
    LocalDate date = LocalDate.of(2020, 1, 1);
    assertThat(REGISTRY.inForce(new AsOf(date, "amd", null, "foundry-7nm", true)))
        .extracting(answer -> answer.term().kind())
        .containsExactly(TermKind.NON_EXCLUSIVE);
  }

  @Test
  void partiesCanBeAskedForByName() {
    assertThat(
            REGISTRY.inForce(
                new AsOf(LocalDate.of(2022, 6, 1), "OpenAI", "microsoft", "compute", false)))
        .hasSize(1);
  }

  @Test
  void aChainShowsItsRevisionsInTheirOrder() {
    assertThat(REGISTRY.history("microsoft-openai"))
        .extracting(Agreement::revision)
        .containsExactly("2b", "1", "1b", "2", "3", "4", "4a", "5");
    assertThat(AgreementText.history(REGISTRY.history("microsoft-openai")))
        .contains("exclusive model-api less national-security-api: OpenAI is bound to Microsoft")
        .contains("checked to 2026-04-27; source: ");
  }

  @Test
  void everyTopicOfTheRegistryStandsInTheTree() {
    TopicTree topics = TopicTree.load(Path.of("config/topics.yaml"));
    for (Agreement agreement : REGISTRY.all()) {
      for (Term term : agreement.terms()) {
        assertThat(topics.topics()).contains(term.topic()).containsAll(term.carveOuts());
      }
    }
  }

  @Test
  void nothingIsSaidOfADayWithoutTerms() {
    LocalDate date = LocalDate.of(1990, 1, 1);
    List<InForce> none =
        REGISTRY.inForce(AsOf.on(date)).stream()
            .filter(answer -> answer.agreement().effectiveFrom() != null)
            .toList();
    assertThat(none).isEmpty();
    assertThat(AsOfJson.write(none)).isEqualTo("[]");
    assertThat(AgreementText.asOf(date, none))
        .isEqualTo("No such term is known to be in force on 1990-01-01.\n");
  }

  private static Agreement agreement(
      Term term, String from, String to, String status, String checkedTo) {
    return new Agreement(
        "x",
        "X",
        "x",
        "1",
        List.of(
            new AgreementParty("a", "A", "grantor"), new AgreementParty("b", "B", "beneficiary")),
        List.of(term),
        PartialDate.parse(from),
        to == null ? null : PartialDate.parse(to),
        null,
        status,
        PartialDate.parse(checkedTo),
        Confidence.HIGH,
        List.of(),
        List.of(),
        null);
  }
}
