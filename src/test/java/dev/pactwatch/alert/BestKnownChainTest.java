package dev.pactwatch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.matching.Samples;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Status;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a careful reader would say of a deal, in each period of a chain that changed five times. */
class BestKnownChainTest {

  private static final Registry REGISTRY = AgreementFiles.load(Path.of("config/agreements"));
  private static final Matcher MATCHER =
      new Matcher(TopicTree.load(Path.of("config/topics.yaml")), Samples.KINSHIP);

  private static List<Alert> alerts(LocalDate date, Event... events) {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < events.length; i++) {
      for (Agreement agreement : REGISTRY.all()) {
        int index = i;
        MATCHER
            .match(events[i], date, agreement)
            .ifPresent(
                match ->
                    judgements.add(
                        new Judgement(
                            "urn:article",
                            1,
                            index,
                            "a headline",
                            null,
                            new Publisher("A Paper", "paper.example", "paper"),
                            date.atStartOfDay(ZoneOffset.UTC).toInstant(),
                            false,
                            "lexicon-1",
                            null,
                            events[index],
                            match)));
      }
    }
    return AlertFold.foldAll(judgements, AlertFold.Gaps.DEFAULT).stream()
        .flatMap(folded -> folded.latest().stream())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "?",
      value = {
        // what the grantor gets from another cloud, and the one alert
        // exclusive cloud
        "2019-07-21, compute, none",
        "2019-07-22, compute, certain exclusive compute 1",
        "2021-05-01, training, certain exclusive compute 1",
        "2021-05-01, model-api, possible exclusive compute 1",
        "2021-05-01, agent-platform, possible exclusive compute 1",
        "2021-05-01, ?, possible exclusive compute 1",
        // all workloads
        "2023-01-23, compute, certain exclusive compute 2",
        "2024-05-01, model-api, certain exclusive model-api 2",
        "2024-05-01, training, certain exclusive compute 2",
        "2024-05-01, agent-platform, possible exclusive compute 2",
        "2024-05-01, ?, possible exclusive compute 2",
        // right of first refusal on compute, exclusive API
        "2025-01-21, compute, certain right-of-first-refusal compute 3",
        "2025-03-01, training, certain right-of-first-refusal compute 3",
        "2025-03-01, model-api, certain exclusive model-api 3",
        "2025-03-01, agent-platform, possible exclusive model-api 3",
        "2025-10-27, compute, certain right-of-first-refusal compute 3",
        // the API alone
        "2025-10-28, compute, none",
        "2025-11-03, compute, none",
        "2025-11-03, training, none",
        "2025-11-03, model-api, certain exclusive model-api 4",
        "2025-11-03, national-security-api, none",
        "2025-11-03, agent-platform, possible exclusive model-api 4",
        "2025-11-03, model-distribution, possible exclusive model-api 4",
        "2025-11-03, ?, possible exclusive model-api 4",
        // clarified
        "2026-02-27, model-api, certain exclusive model-api 4a",
        "2026-03-18, compute, none",
        "2026-03-18, agent-platform, possible exclusive model-api 4a",
        "2026-04-26, agent-platform, possible exclusive model-api 4a",
        // ended
        "2026-04-27, model-api, none",
        "2026-04-27, agent-platform, none",
        "2026-06-01, compute, none",
        "2026-06-01, model-api, none",
        "2026-06-01, ?, none",
      })
  void aDealWithAnotherCloudIsJudgedByTheRevisionOfItsDay(
      LocalDate date, String topic, String expected) {
    String found =
        alerts(date, Samples.deal("openai", "amazon-aws", topic).event()).stream()
            .map(
                alert ->
                    alert.certainty().label()
                        + " "
                        + alert.agreement().term().kind().label()
                        + " "
                        + alert.agreement().term().topic()
                        + " "
                        + alert.agreement().revision())
            .collect(Collectors.joining("; "));
    assertThat(found.isEmpty() ? "none" : found).isEqualTo(expected);
  }

  private static final Event THREAT =
      Samples.suit(Status.THREATENED, "microsoft", "openai", "amazon")
          .sentence("The lender of servers weighs a suit against both.")
          .event();
  private static final Event FRONTIER =
      Samples.deal("openai", "amazon-aws", "agent-platform")
          .product("Frontier")
          .billions("50")
          .sentence("AWS is to be the one outside cloud for it.")
          .event();

  @Test
  void theFoundingStoryIsOneDisputeAndOnePossibleConflict() {
    List<Alert> alerts = alerts(LocalDate.of(2026, 3, 18), THREAT, FRONTIER);
    assertThat(alerts)
        .extracting(Alert::title)
        .containsExactly(
            "Possible conflict: OpenAI and AWS (Frontier), against Microsoft's exclusive term on"
                + " model-api",
            "Dispute (threatened): Microsoft against OpenAI and Amazon, over Microsoft's exclusive"
                + " term on model-api");
    assertThat(alerts).extracting(Alert::severity).containsExactly(Severity.MEDIUM, Severity.HIGH);
    Alert conflict = alerts.get(0);
    assertThat(conflict.agreement().id()).isEqualTo("msft-openai-r4a-2026-02");
    assertThat(conflict.agreement().source().publisher()).isEqualTo("OpenAI");
    assertThat(conflict.reasons())
        .contains(
            "Carve-out to weigh (revision 4): non-API products may run on any cloud.",
            "Carve-out to weigh (revision 4a): non-API products may run on any cloud.");
    assertThat(conflict.evidence())
        .extracting(Alert.Quote::text)
        .containsExactly("AWS is to be the one outside cloud for it.");
  }

  @Test
  void theSameStoryAfterTheEndHasNoConflict() {
    assertThat(alerts(LocalDate.of(2026, 5, 2), THREAT, FRONTIER))
        .extracting(Alert::relation)
        .containsExactly(Relation.DISPUTE);
  }

  @Test
  void aThirdCloudForTheSamePlatformRunsIntoBothPromises() {
    List<Alert> alerts =
        alerts(
            LocalDate.of(2026, 3, 18),
            Samples.deal("openai", "google-cloud", "agent-platform").product("Frontier").event());
    assertThat(alerts)
        .extracting(alert -> alert.certainty().label() + " " + alert.agreement().id())
        .containsExactly("possible msft-openai-r4a-2026-02", "certain openai-aws-frontier-2026");
  }

  @Test
  void anExplanationTellsTheReasonsAndTheNearestRelationThatDoesNotHold() {
    Alert conflict = alerts(LocalDate.of(2026, 3, 18), THREAT, FRONTIER).get(0);

    AlertExplanation explanation =
        AlertExplanation.of(conflict, REGISTRY, MATCHER, Samples.KINSHIP);

    assertThat(explanation.holds()).isTrue();
    assertThat(explanation.withdrawn()).isFalse();
    assertThat(explanation.judgedOn()).isEqualTo(LocalDate.of(2026, 3, 18));
    assertThat(explanation.reasons()).isEqualTo(conflict.reasons());
    assertThat(explanation.nearest().agreement()).isEqualTo("msft-openai-r3-2025-01");
    assertThat(explanation.nearest().why())
        .isEqualTo(
            "the term on compute was not in force on 2026-03-18: it began 2025-01-21 and ended"
                + " 2025-10-28");
    assertThat(explanation.others())
        .extracting(missed -> missed.agreement() + ": " + missed.why())
        .contains(
            "openai-aws-frontier-2026: Amazon / AWS, who enjoys the term, takes part itself",
            "msft-openai-r5-2026-04: a term that is primary (on compute) blocks nobody");
    assertThat(explanation.text())
        .startsWith("Possible conflict: OpenAI and AWS (Frontier), against Microsoft's")
        .contains(
            "\nnearest relation that does not hold on 2026-03-18\n  no possible conflict with"
                + " msft-openai-r3-2025-01: the term on compute was not in force")
        .doesNotContainIgnoringCase("breach");
  }

  @Test
  void anExplanationSaysWhenTheRegistryNoLongerSaysTheSame() {
    Alert conflict = alerts(LocalDate.of(2026, 3, 18), THREAT, FRONTIER).get(0);
    Registry without =
        Registry.of(
            REGISTRY.all().stream()
                .filter(agreement -> !agreement.id().equals(conflict.agreement().id()))
                .toList());

    AlertExplanation explanation = AlertExplanation.of(conflict, without, MATCHER, Samples.KINSHIP);

    assertThat(explanation.holds()).isFalse();
    assertThat(explanation.text())
        .contains("the registry as it stands now would not say so of 2026-03-18");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "?",
      value = {
        "2022-06-01|compute|OpenAI is bound to Microsoft by an exclusive term on compute since"
            + " 2019-07-22, until 2023-01-23|The term covers compute.",
        "2022-06-01|model-api|OpenAI is bound to Microsoft by an exclusive term on compute since"
            + " 2019-07-22, until 2023-01-23|Possible only: model-api may include compute, and the"
            + " article does not say whether it does.",
        "2022-06-01|?|OpenAI is bound to Microsoft by an exclusive term on compute since 2019-07-22,"
            + " until 2023-01-23|Possible only: the article does not say what was bought.",
        "2024-05-01|model-api|OpenAI is bound to Microsoft by an exclusive term on model-api since"
            + " 2023-01-23, until 2025-01-21|The term covers model-api.",
        "2025-03-01|compute|OpenAI is bound to Microsoft by a right of first refusal on compute since"
            + " 2025-01-21, until 2025-10-28|The term covers compute.",
        "2025-03-01|agent-platform|OpenAI is bound to Microsoft by an exclusive term on model-api"
            + " since 2025-01-21, until 2025-10-28|Possible only: agent-platform may include"
            + " model-api, and the article does not say whether it does.",
        "2025-11-03|model-api|OpenAI is bound to Microsoft by an exclusive term on model-api since"
            + " 2025-10-28, until 2026-04-27|The term covers model-api.",
        "2026-03-18|cloud|OpenAI is bound to Microsoft by an exclusive term on model-api since"
            + " 2026-02-27, until 2026-04-27|Possible only: cloud is broader than model-api, and the"
            + " article does not say which part.",
      })
  void theReasonsSayWhichTermOfWhichDayAndHowItReaches(
      LocalDate date, String topic, String bound, String reach) {
    List<Alert> alerts = alerts(date, Samples.deal("openai", "google-cloud", topic).event());
    assertThat(alerts).extracting(Alert::relation).containsExactly(Relation.CONFLICT);
    assertThat(alerts.get(0).reasons().get(0)).startsWith(bound + " (source: ");
    assertThat(alerts.get(0).reasons()).contains(reach);
    assertThat(alerts.get(0).title()).startsWith("Possible conflict: OpenAI and Google");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // when the own parties change it, by the day of the news
        "2023-01-23|EXPANDED|compute|amendment msft-openai-r1-2019",
        "2025-01-21|AMENDED|compute|amendment msft-openai-r2-2023",
        "2025-10-28|AMENDED|model-api|amendment msft-openai-r3-2025-01",
        "2026-04-27|ENDED|model-api|ending msft-openai-r4a-2026-02",
        "2026-04-28|ENDED|model-api|ending msft-openai-r4a-2026-02",
      })
  void whatTheOwnPartiesDoIsAChangeOfTheRevisionBefore(
      LocalDate date, Status status, String topic, String expected) {
    assertThat(alerts(date, Samples.deal("openai", "microsoft", topic).status(status).event()))
        .extracting(alert -> alert.relation().label() + " " + alert.agreement().id())
        .containsExactly(expected);
  }
}
