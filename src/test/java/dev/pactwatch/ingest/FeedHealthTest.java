package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static dev.pactwatch.ingest.Doubles.feed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a feed over its life: each change once, and its end as well. */
class FeedHealthTest {

  private final Doubles.Clock clock = new Doubles.Clock();
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final IngestSettings settings =
      IngestSettings.defaults().withHealth(new HealthLimits(3, 5, Duration.ofDays(1)));
  private final FeedPoll polls =
      new FeedPoll(
          http,
          new Doubles.LineReader(),
          new PollSchedule(settings, new Random(1)),
          settings,
          clock);

  private final List<String> told = new ArrayList<>();
  private volatile String status = "200 OK";
  private volatile String body = feed("1|one", "2|two");
  private RawServer server;
  private FeedState state;

  @BeforeEach
  void start() {
    server = new RawServer((request, out) -> respond(out, status, "", body));
    state = FeedState.fresh(server.url("/feed"));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  /** Through the bytes of the topic each time, as after a restart. */
  private FeedHealth poll(Duration later) throws Exception {
    clock.forward(later);
    FeedPoll.Result result = polls.poll(state);
    told.addAll(result.report().notices());
    state = Json.read(Json.bytes(result.state()), FeedState.class);
    return state.health();
  }

  @Test
  void aFeedThatFailsIsBrokenAfterThreePollsAndWellAfterOneGoodOne() throws Exception {
    poll(Duration.ZERO);
    status = "500 Oh no";
    poll(Duration.ofHours(1));
    poll(Duration.ofHours(1));
    assertThat(told).isEmpty();

    FeedHealth broken = poll(Duration.ofHours(1));
    poll(Duration.ofHours(1));
    poll(Duration.ofHours(1));

    assertThat(told).containsExactly("is broken: 3 polls in a row failed, the last with http-500");
    assertThat(broken.troubles()).isEqualTo(Map.of("broken", clock.instant().minusSeconds(7200)));

    status = "200 OK";
    FeedHealth well = poll(Duration.ofHours(1));
    poll(Duration.ofHours(1));

    assertThat(told).hasSize(2).last().isEqualTo("works again after 3 h");
    assertThat(well.troubles()).isEmpty();
    assertThat(well.notices())
        .extracting(FeedHealth.Notice::what, FeedHealth.Notice::over)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("broken", false),
            org.assertj.core.groups.Tuple.tuple("broken", true));
  }

  @Test
  void aFeedThatIsGoneIsToldOnce() throws Exception {
    poll(Duration.ZERO);
    status = "410 Gone";

    FeedHealth gone = poll(Duration.ofHours(1));

    assertThat(gone.troubles()).containsOnlyKeys("gone");
    assertThat(told)
        .containsExactly("says that it is gone for good: retired, remove it from the list");
  }

  @Test
  void aFeedFallsSilentAfterFiveUsualPausesAndSpeaksAgain() throws Exception {
    poll(Duration.ZERO);
    for (int i = 3; i < 10; i++) {
      body = feed(i + "|item " + i, "1|one", "2|two");
      poll(Duration.ofHours(6));
    }
    for (int i = 0; i < 5; i++) {
      poll(Duration.ofHours(6));
    }
    assertThat(told).isEmpty();

    poll(Duration.ofHours(6));
    poll(Duration.ofHours(6));

    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("is silent: nothing new since 2026-03-04T03:00:00Z, usually every 6 h");
    assertThat(state.health().usualGap()).isEqualTo(Duration.ofHours(6));

    body = feed("99|news", "1|one", "2|two");
    poll(Duration.ofHours(6));

    assertThat(told).hasSize(2).last().isEqualTo("has something new again after 12 h");
    assertThat(state.health().troubles()).isEmpty();
  }

  @Test
  void aBusyFeedIsNotSilentOverNight() throws Exception {
    poll(Duration.ZERO);
    for (int i = 3; i < 10; i++) {
      body = feed(i + "|item " + i, "1|one", "2|two");
      poll(Duration.ofMinutes(10));
    }

    poll(Duration.ofHours(20));
    assertThat(told).isEmpty();

    poll(Duration.ofHours(5));
    assertThat(told).hasSize(1);
  }

  @Test
  void theUsualPauseOfAFeedIsTakenFromItsFirstDocument() {
    List<Instant> dates = new ArrayList<>();
    for (int day = 1; day <= 8; day++) {
      dates.add(Instant.parse("2025-01-0" + day + "T00:00:00Z"));
    }

    FeedHealth health =
        new HealthRules(HealthLimits.defaults())
            .after(
                FeedHealth.NONE,
                new HealthRules.Poll(
                    Doubles.START,
                    PollReport.Outcome.READ,
                    true,
                    0,
                    null,
                    8,
                    8,
                    0,
                    0,
                    0,
                    false,
                    Map.of(),
                    List.of(),
                    dates,
                    "guid"));

    assertThat(health.usualGap()).isEqualTo(Duration.ofDays(1));
    assertThat(health.troubles()).containsOnlyKeys("silent");
    assertThat(health.notices().get(0).text())
        .isEqualTo("is silent: nothing new since 2025-01-08T00:00:00Z, usually every 1 d");
  }

  @Test
  void lagsAreToldAsShares() {
    List<Long> lags = LongStream.rangeClosed(1, 100).boxed().toList();
    FeedHealth health =
        new FeedHealth(
            1, 0, 0, 0, 0, 0, Map.of(), lags, List.of(), null, Map.of(), List.of(), Map.of());

    assertThat(health.lag(50)).hasValue(50);
    assertThat(health.lag(95)).hasValue(95);
    assertThat(FeedHealth.NONE.lag(50)).isEmpty();
  }

  @Test
  void aStateOfAnOlderVersionIsReadAsOneWithoutHistory() throws Exception {
    FeedState old =
        Json.read(
            "{\"feed\":\"f\",\"url\":\"f\",\"conditionalOff\":false,\"adaptiveSeconds\":0,"
                + "\"lastStatus\":0,\"failures\":0,"
                + "\"seen\":[{\"uri\":\"u\",\"contentHash\":\"c\",\"version\":1}]}",
            FeedState.class);

    assertThat(old.health()).isEqualTo(FeedHealth.NONE);
    assertThat(old.seen().get(0).published()).isEqualTo("u");
  }
}
