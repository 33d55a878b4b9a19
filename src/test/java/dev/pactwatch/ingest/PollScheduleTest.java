package dev.pactwatch.ingest;

import static dev.pactwatch.ingest.Doubles.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.ingest.PollSchedule.Good;
import dev.pactwatch.ingest.PollSchedule.Weight;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PollScheduleTest {

  private static final IngestSettings SETTINGS = IngestSettings.defaults();

  /** No jitter, so that intervals can be compared. */
  private static final PollSchedule SCHEDULE =
      new PollSchedule(
          SETTINGS,
          new Random() {
            @Override
            public double nextDouble() {
              return 0;
            }
          });

  private static Good good(Instant now, FeedHints hints, CacheHints cache) {
    return new Good(
        now, false, Duration.ofHours(1), Duration.ofHours(1), 1, 1, now, hints, cache, null);
  }

  private static CacheHints cache(long maxAge, long expires, long retryAfter) {
    return new CacheHints(optional(maxAge), optional(expires), optional(retryAfter));
  }

  private static OptionalLong optional(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Nested
  class AfterAGoodPoll {

    @ParameterizedTest
    @CsvSource({
      // ttl minutes, sy, max-age, expires, retry-after, wins, seconds
      "0, 0, -1, -1, -1, adaptive, 3600",
      "90, 0, -1, -1, -1, ttl, 5400",
      "0, 7200, -1, -1, -1, sy, 7200",
      "30, 0, 9000, -1, -1, max-age, 9000",
      "30, 0, -1, 9000, -1, expires, 9000",
      "0, 0, 60, 9000, -1, adaptive, 3600",
      "0, 0, -1, -1, 10000, retry-after, 10000",
      "100000, 0, -1, -1, -1, cap, 86400",
      "0, 0, 999999999999, -1, -1, cap, 86400"
    })
    void theLongestWishWins(
        long ttl, long sy, long maxAge, long expires, long retry, String because, long seconds) {
      PollDecision decision =
          SCHEDULE.after(
              good(
                  START,
                  new FeedHints(ttl, sy, Set.of(), Set.of(), null, null),
                  cache(maxAge, expires, retry)));

      assertThat(decision.because()).isEqualTo(because);
      assertThat(decision.seconds()).isEqualTo(seconds);
      assertThat(decision.at()).isEqualTo(START.plusSeconds(seconds));
      assertThat(decision.explain()).startsWith(seconds + " s because of " + because);
    }

    @Test
    void nobodyIsAskedMoreOftenThanTheFloor() {
      Good firehose =
          new Good(
              START,
              false,
              Duration.ofMinutes(10),
              Duration.ofMinutes(10),
              50,
              0,
              START,
              FeedHints.NONE,
              CacheHints.NONE,
              null);

      assertThat(SCHEDULE.after(firehose).seconds()).isEqualTo(600);
    }

    @Test
    void hoursAndDaysToSkipAreSkipped() {
      // START is a Monday, 09:00; an hour later is 10:00.
      FeedHints hours = new FeedHints(0, 0, Set.of(10, 11), Set.of(), null, null);
      FeedHints day = new FeedHints(0, 0, Set.of(0), Set.of(DayOfWeek.MONDAY), null, null);

      assertThat(SCHEDULE.after(good(START, hours, CacheHints.NONE)).at())
          .isEqualTo("2026-03-02T12:00:00Z");
      PollDecision tuesday = SCHEDULE.after(good(START, day, CacheHints.NONE));
      assertThat(tuesday.at()).isEqualTo("2026-03-03T01:00:00Z");
      assertThat(tuesday.because()).isEqualTo("skip");
    }

    @Test
    void aPollInTheMiddleOfASecondDoesNotComeBackBeforeTheSkippedHoursEnd() {
      FeedHints hours = new FeedHints(0, 0, Set.of(10, 11), Set.of(), null, null);

      assertThat(SCHEDULE.after(good(START.plusMillis(300), hours, CacheHints.NONE)).at())
          .isAfterOrEqualTo("2026-03-02T12:00:00Z");
    }

    @Test
    void aFeedThatSkipsEverythingIsNotBelieved() {
      FeedHints never =
          new FeedHints(
              0,
              0,
              IntStream.range(0, 24).boxed().collect(Collectors.toSet()),
              EnumSet.allOf(DayOfWeek.class),
              null,
              null);

      assertThat(SCHEDULE.after(good(START, never, CacheHints.NONE)).seconds()).isEqualTo(3600);
    }

    @Test
    void jitterOnlyEverAddsAndKeepsTheCap() {
      PollSchedule jittery = new PollSchedule(SETTINGS, new Random(7));
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        seen.add(jittery.after(good(START, FeedHints.NONE, CacheHints.NONE)).seconds());
      }

      assertThat(seen).hasSizeGreaterThan(20).allMatch(s -> s >= 3600 && s <= 3780);
    }
  }

  @Nested
  class OverManyPolls {

    /** The interval in seconds after two simulated weeks of a feed showing its last 20 items. */
    private long settle(IntUnaryOperator itemsUpToMinute) {
      Duration interval = Duration.ZERO;
      Instant now = START;
      Instant lastNew = null;
      int before = 0;
      boolean first = true;
      while (now.isBefore(START.plus(Duration.ofDays(14)))) {
        int total = itemsUpToMinute.applyAsInt((int) Duration.between(START, now).toMinutes());
        int fresh = Math.min(20, total - before);
        before = total;
        lastNew = fresh > 0 ? now : lastNew;
        Good poll =
            new Good(
                now,
                first,
                interval,
                interval,
                fresh,
                20 - fresh,
                lastNew,
                FeedHints.NONE,
                CacheHints.NONE,
                null);
        first = false;
        interval = Duration.ofSeconds(SCHEDULE.learn(poll).seconds());
        now = SCHEDULE.after(poll).at();
      }
      return interval.toSeconds();
    }

    @Test
    void aFirehoseIsPolledAtTheFloor() {
      assertThat(settle(minute -> 20 + minute * 2)).isEqualTo(600);
    }

    @Test
    void aFeedOfTheUsualPaceIsPolledHourlyWhetherItHasDatesOrNot() {
      assertThat(settle(minute -> 20 + minute / 120)).isEqualTo(3600);
    }

    @Test
    void aFeedThatFillsItsDocumentWithinTheHourIsPolledSoOftenThatNothingScrollsOut() {
      assertThat(settle(minute -> 20 + minute)).isBetween(600L, 1200L);
    }

    @Test
    void anOutageTeachesNothingAboutTheInterval() {
      Good late =
          new Good(
              START,
              false,
              Duration.ofHours(9),
              Duration.ofHours(1),
              20,
              0,
              START,
              FeedHints.NONE,
              CacheHints.NONE,
              null);
      Good onTime =
          new Good(
              START,
              false,
              Duration.ofMinutes(63),
              Duration.ofHours(1),
              20,
              0,
              START,
              FeedHints.NONE,
              CacheHints.NONE,
              null);

      assertThat(SCHEDULE.learn(late).seconds()).isEqualTo(3600);
      assertThat(SCHEDULE.learn(onTime).seconds()).isEqualTo(1800);
    }

    @Test
    void aQuietFeedIsPolledEveryFewHoursAndADeadOneDaily() {
      assertThat(settle(minute -> minute < 1440 ? 20 + minute / 60 : 44)).isEqualTo(4 * 3600L);
      assertThat(settle(minute -> 0)).isEqualTo(24 * 3600L);
    }
  }

  @Nested
  class AfterABadPoll {

    @ParameterizedTest
    @EnumSource(Weight.class)
    void thePauseGrowsUpToTheCapAndNeverEnds(Weight weight) {
      PollSchedule schedule =
          new PollSchedule(
              SETTINGS,
              new Random() {
                @Override
                public double nextDouble() {
                  return Math.nextDown(1.0);
                }
              });
      long before = 0;
      for (int failures = 1; failures <= 30; failures++) {
        long seconds =
            schedule
                .afterFailure(START, failures, weight, CacheHints.NONE, FeedHints.NONE)
                .seconds();
        assertThat(seconds).isGreaterThanOrEqualTo(before).isBetween(600L, 86_400L);
        before = seconds;
      }
      assertThat(before).isEqualTo(86_400);
    }

    @Test
    void feedsThatFailTogetherDoNotComeBackTogether() {
      PollSchedule schedule = new PollSchedule(SETTINGS, new Random(3));
      Set<Long> pauses = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        pauses.add(
            schedule
                .afterFailure(START, 5, Weight.TEMPORARY, CacheHints.NONE, FeedHints.NONE)
                .seconds());
      }

      assertThat(pauses).hasSizeGreaterThan(90);
    }

    @Test
    void aHardFailureWaitsLongerThanATemporaryOne() {
      PollSchedule a = new PollSchedule(SETTINGS, new Random(3));
      PollSchedule b = new PollSchedule(SETTINGS, new Random(3));

      assertThat(a.afterFailure(START, 1, Weight.HARD, CacheHints.NONE, FeedHints.NONE).seconds())
          .isGreaterThan(
              b.afterFailure(START, 1, Weight.TEMPORARY, CacheHints.NONE, FeedHints.NONE)
                  .seconds());
    }
  }
}
