package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertFacetsTest {

  private static final Instant NOW = SampleAlerts.SEEN.plusSeconds(5 * 86_400);

  private final List<Alert> alerts =
      List.of(
          SampleAlerts.dispute(),
          SampleAlerts.conflict(),
          SampleAlerts.as(
              SampleAlerts.conflict(), "old", 1, SampleAlerts.SEEN.minusSeconds(60 * 86_400)));

  @Test
  void aHeadingCountsWhatItsOwnChoiceWouldLeave() {
    Map<String, List<AlertFacets.Option>> facets = facets(Map.of("relation", "conflict"));

    // Under the heading chosen from, the others are still counted.
    assertThat(facets.get("Relation"))
        .extracting(AlertFacets.Option::label, AlertFacets.Option::count)
        .containsExactly(tuple("Conflict", 2), tuple("Dispute", 1));
    // Under all others, only what is chosen.
    assertThat(facets.get("Status"))
        .extracting(AlertFacets.Option::label)
        .containsExactly("Agreed");
    assertThat(facets.get("Severity"))
        .extracting(AlertFacets.Option::label, AlertFacets.Option::count)
        .containsExactly(tuple("High and above", 2), tuple("Medium and above", 2));
    assertThat(facets.get("Period"))
        .extracting(AlertFacets.Option::label, AlertFacets.Option::count)
        .containsExactly(
            tuple("Last 7 days", 1),
            tuple("Last 30 days", 1),
            tuple("Last 90 days", 2),
            tuple("Last year", 2));
  }

  @Test
  void aLinkKeepsWhatElseIsAskedForAndTheChosenOneLeadsOut() {
    Map<String, List<AlertFacets.Option>> facets =
        facets(Map.of("relation", "conflict", "q", "atlas & co"));

    assertThat(facets(Map.of("relation", "conflict")).get("Relation").get(0).link()).isEqualTo("/");
    assertThat(facets(Map.of("relation", "conflict")).get("Status").get(0).link())
        .isEqualTo("/?relation=conflict&status=agreed");
    assertThat(facets.getOrDefault("Relation", List.of()))
        .allSatisfy(option -> assertThat(option.link()).contains("q=atlas+%26+co"));
  }

  @ParameterizedTest
  @CsvSource({
    "tidewater, 3",
    "TIDÉWATER lumen, 3",
    "'legal threat ledger', 1",
    "weighing action, 1",
    "'atlas agents sole', 2",
    "tidewater nowhere, 0"
  })
  void everyWordMustOccurSomewhereCaseAndAccentsAside(String words, int found) {
    AlertQuery query = query(Map.of("q", words));

    assertThat(alerts.stream().filter(query)).hasSize(found);
  }

  @Test
  void whatCannotBeAskedForIsNamed() {
    assertThatThrownBy(() -> query(Map.of("period", "1w")))
        .hasMessage("period must be one of 1d, 7d, 30d, 90d, 365d");
    assertThatThrownBy(() -> query(Map.of("status", "done")))
        .hasMessageStartingWith("status must be one of in-talks,");
    assertThatThrownBy(() -> query(Map.of("q", "x".repeat(201)))).hasMessageContaining("200");
  }

  private Map<String, List<AlertFacets.Option>> facets(Map<String, String> asked) {
    AlertFacets counts = new AlertFacets(query(asked), NOW);
    alerts.forEach(counts::add);
    return counts.facets(Function.identity()).stream()
        .collect(Collectors.toMap(AlertFacets.Facet::title, AlertFacets.Facet::options));
  }

  private static AlertQuery query(Map<String, String> asked) {
    return AlertQuery.parse(
        asked.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, one -> List.of(one.getValue()))),
        10,
        NOW);
  }
}
