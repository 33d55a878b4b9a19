package dev.pactwatch.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {

  @ParameterizedTest
  @CsvSource({
    "1,PT5S", "2,PT5M", "3,PT30M", "4,PT2H", "5,PT5H", "6,PT10H", "7,PT14H", "8,PT20H", "9,PT24H"
  })
  void pausesAsStandardWebhooksAdvisesGiveOrTakeAFifth(int attempts, Duration pause) {
    RetrySchedule schedule = new RetrySchedule(() -> new Random(attempts));
    Random seeded = new Random(7);
    RetrySchedule varied = new RetrySchedule(() -> seeded);

    assertThat(schedule.pause(List.of(), attempts, Optional.empty()))
        .isEqualTo(schedule.pause(List.of(), attempts, Optional.empty()));
    long distinct =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(i -> varied.pause(List.of(), attempts, Optional.empty()).orElseThrow())
            .peek(
                one ->
                    assertThat(one)
                        .isBetween(
                            pause.multipliedBy(8).dividedBy(10),
                            pause.multipliedBy(12).dividedBy(10)))
            .distinct()
            .count();
    assertThat(distinct).isGreaterThan(25);
  }

  @Test
  void endsAfterTenAttempts() {
    RetrySchedule schedule = new RetrySchedule(() -> new Random(1));

    assertThat(schedule.pause(List.of(), 9, Optional.empty())).isPresent();
    assertThat(schedule.pause(List.of(), 10, Optional.of(Duration.ofSeconds(1)))).isEmpty();
  }

  @Test
  void neverAsksBeforeTheReceiverWantsTo() {
    RetrySchedule schedule = new RetrySchedule(() -> new Random(1));

    assertThat(schedule.pause(List.of(), 1, Optional.of(Duration.ofMinutes(10))))
        .contains(Duration.ofMinutes(10));
    assertThat(schedule.pause(List.of(), 9, Optional.of(Duration.ofMinutes(10))).orElseThrow())
        .isGreaterThan(Duration.ofHours(19));
  }
}
