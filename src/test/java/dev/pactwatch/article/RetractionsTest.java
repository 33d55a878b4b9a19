package dev.pactwatch.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetractionsTest {

  private static final Retractions RETRACTIONS =
      Retractions.load(Path.of("config/retractions.yaml"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "RETRACTED: The lab signs with Cumulus | - | true",
        "Retraction – the lab and Cumulus | - | true",
        "The lab signs with Cumulus [Withdrawn] | - | true",
        "The lab signs with Cumulus | Editor's note: This  article has been\tretracted. | true",
        "The lab signs with Cumulus | It signed. | false",
        "The lab has withdrawn its suit | It said so. | false",
        "Withdrawn suit leaves the lab free | - | false",
        "Retraction of the offer expected | - | false",
        "Correction: the lab pays 4 billion | An earlier version named another sum. | false",
      })
  void aRetractionIsToldFromNewsOfOne(String headline, String body, boolean retracted) {
    assertThat(RETRACTIONS.retracted(article(headline, body))).isEqualTo(retracted);
  }

  @Test
  void aNoticeFarBelowIsAboutSomethingElse() {
    String body = "The lab signed. ".repeat(40) + "This article has been retracted.";
    assertThat(RETRACTIONS.retracted(article("The lab signs", body))).isFalse();
  }

  @Test
  void withoutTheFileNothingIsARetraction() {
    assertThat(
            Retractions.load(Path.of("config/no-such-file.yaml"))
                .retracted(article("RETRACTED: The lab", null)))
        .isFalse();
  }

  private static Article article(String headline, String body) {
    Instant time = Instant.parse("2025-03-01T00:00:00Z");
    return new Article(
        "urn:a",
        1,
        headline,
        null,
        body,
        "en",
        null,
        time,
        null,
        time,
        new Publisher("A Paper", "paper.example", "paper"),
        "feed",
        null,
        "00",
        false,
        null);
  }
}
