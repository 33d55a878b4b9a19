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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a publisher's log would show after a week, by the public rules of a feed reader score. */
@Timeout(120)
class EtiquetteTest {

  private record Seen(Instant at, RawServer.Request request, int status) {}

  private final Doubles.Clock clock = new Doubles.Clock();
  private final List<Seen> log = new ArrayList<>();
  private final Set<String> etags = new HashSet<>();
  private final Set<String> dates = new HashSet<>();
  private int version;
  private boolean busy;

  private void serve(RawServer.Request request, java.io.OutputStream out, String form)
      throws java.io.IOException {
    String etag = form.contains("etag") ? "W/\"caf\u00e9;" + version + "\"" : null;
    String date = form.contains("date") ? "version " + version + ", if you please" : null;
    boolean same =
        etag != null
            ? request.header("if-none-match").filter(etag::equals).isPresent()
            : request.header("if-modified-since").filter(d -> d.equals(date)).isPresent();
    int status = busy ? 429 : same ? 304 : 200;
    log.add(new Seen(clock.instant(), request, status));
    String headers = "Set-Cookie: id=1\r\n";
    if (etag != null && !busy) {
      headers += "ETag: " + etag + "\r\n";
      etags.add(etag);
    }
    if (date != null && !busy) {
      headers += "Last-Modified: " + date + "\r\n";
      dates.add(date);
    }
    headers += busy ? "Retry-After: 14400\r\n" : "";
    respond(
        out,
        status + " Answer",
        headers,
        status == 200 ? feed(version + "|new", "a|1", "b|2", "c|3") : "");
  }

  /** Polls whenever it is time, for a week; a new item every nineteen hours; busy for a while. */
  private void week(String form) throws Exception {
    IngestSettings settings = IngestSettings.defaults();
    try (RawServer server = new RawServer((request, out) -> serve(request, out, form));
        OutboundClient http =
            new OutboundClient(
                OutboundSettings.defaults(
                    "1.2", "https://watch.example/about", List.of("127.0.0.1")))) {
      FeedPoll polls =
          new FeedPoll(
              http,
              new Doubles.LineReader(),
              new PollSchedule(settings, new Random(7)),
              settings,
              clock);
      FeedState state = FeedState.fresh(server.url("/feed.xml?lang=en"));
      Instant end = Doubles.START.plus(Duration.ofDays(7));
      while (clock.instant().isBefore(end)) {
        long hours = Duration.between(Doubles.START, clock.instant()).toHours();
        version = (int) (hours / 19);
        busy = hours == 50;
        // Through the bytes in which it is stored, as if it were restarted after every poll.
        state = Json.read(Json.bytes(polls.poll(state).state()), FeedState.class);
        clock.forward(Duration.between(clock.instant(), state.due()));
      }
    }
  }

  private static boolean conditional(Seen seen) {
    return seen.request().header("if-none-match").isPresent()
        || seen.request().header("if-modified-since").isPresent();
  }

  private static Duration shortest(List<Seen> visits) {
    Duration shortest = Duration.ofDays(365);
    for (int i = 1; i < visits.size(); i++) {
      Duration gap = Duration.between(visits.get(i - 1).at(), visits.get(i).at());
      shortest = gap.compareTo(shortest) < 0 ? gap : shortest;
    }
    return shortest;
  }

  @ParameterizedTest
  @CsvSource({"etag", "date", "etag and date"})
  void aWeekOfVisitsKeepsEveryRule(String form) throws Exception {
    week(form);

    assertThat(log).hasSizeGreaterThan(100);
    assertThat(shortest(log)).isGreaterThanOrEqualTo(Duration.ofHours(1));
    List<Seen> unconditional = log.stream().filter(seen -> !conditional(seen)).toList();
    assertThat(unconditional).hasSizeBetween(6, 7);
    assertThat(shortest(unconditional)).isGreaterThanOrEqualTo(Duration.ofHours(24));
    for (Seen seen : log) {
      assertThat(seen.request().path()).isEqualTo("/feed.xml?lang=en");
      assertThat(seen.request().header("user-agent"))
          .hasValue("Pactwatch/1.2 (+https://watch.example/about)");
      assertThat(seen.request().header("accept-encoding")).hasValue("gzip, deflate, br");
      assertThat(seen.request().lines().stream().map(line -> line.toLowerCase(Locale.ROOT)))
          .noneMatch(line -> line.matches("(cookie|referer|cache-control|pragma|from|dnt):.*"));
      seen.request().header("if-none-match").ifPresent(tag -> assertThat(etags).contains(tag));
      seen.request().header("if-modified-since").ifPresent(d -> assertThat(dates).contains(d));
    }
    long wasted = log.stream().filter(seen -> conditional(seen) && seen.status() == 200).count();
    // Nine new versions, and at most as many tests of a server that may be lying.
    assertThat(wasted).isBetween(5L, 16L);
  }

  @Test
  void whoAsksForFourHoursGetsThem() throws Exception {
    week("etag");

    for (int i = 0; i < log.size() - 1; i++) {
      if (log.get(i).status() == 429) {
        assertThat(Duration.between(log.get(i).at(), log.get(i + 1).at()))
            .isGreaterThanOrEqualTo(Duration.ofHours(4));
      }
    }
    assertThat(log).filteredOn(seen -> seen.status() == 429).isNotEmpty();
  }
}
