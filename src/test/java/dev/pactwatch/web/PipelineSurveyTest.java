package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.web.PipelineSurvey.Level;
import dev.pactwatch.web.PipelineSurvey.Survey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PipelineSurveyTest {

  private static final Instant THEN = Instant.parse("2026-03-18T09:30:00Z");

  @Test
  void theRateIsWhatWasAddedAMinuteOverAllThatIsRemembered() {
    assertThat(rate(survey(0, 100), survey(30, 400), survey(120, 300))).contains(100.0);
  }

  @Test
  void aTopicThatWasMadeAnewHasNoNegativeRate() {
    assertThat(rate(survey(0, 100), survey(60, 5))).contains(0.0);
  }

  @Test
  void oneLookIsNoRate() {
    assertThat(rate(survey(0, 100))).isEmpty();
    assertThat(
            PipelineSurvey.rate(
                new ArrayDeque<>(List.of(survey(0, 1), survey(10, 2))), "another topic"))
        .isEmpty();
  }

  private static Optional<Double> rate(Survey... surveys) {
    return PipelineSurvey.rate(new ArrayDeque<>(List.of(surveys)), "topic");
  }

  private static Survey survey(long seconds, long end) {
    return new Survey(THEN.plusSeconds(seconds), Map.of("topic", new Level(end, end)), Map.of());
  }
}
