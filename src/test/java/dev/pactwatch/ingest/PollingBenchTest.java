package dev.pactwatch.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollingBenchTest {

  @Test
  void aWeekOfASmallWebBreaksNoRuleAndMissesNothingThatStoodInTwoPolls() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    PollingBench.Result result =
        PollingBench.run(
            new PrintStream(printed, true, StandardCharsets.UTF_8), 100, Duration.ofDays(8), 100);

    assertThat(result.broken()).isEmpty();
    assertThat(result.total().stoodInTwo()).isZero();
    assertThat(result.total().seen()).isGreaterThan(10_000);
    assertThat((double) result.total().requests() / result.total().seen())
        .isLessThan(
            (double) result.total().hourlyRequests()
                / (result.total().published() - result.total().hourlyMissed()));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("rules of politeness broken: none")
        .contains("the state of 100 feeds, each with 250 items");
  }
}
