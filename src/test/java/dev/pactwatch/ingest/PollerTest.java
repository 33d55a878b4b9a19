package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static dev.pactwatch.ingest.Doubles.feed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.Poller.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollerTest {

  private static final IngestSettings SETTINGS =
      IngestSettings.defaults()
          .withPauses(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ZERO);

  private final Doubles.Clock clock = new Doubles.Clock();
  private final Doubles.LineReader reader = new Doubles.LineReader();
  private final Doubles.MemoryLog log = new Doubles.MemoryLog();
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final List<FeedEntry> list = new CopyOnWriteArrayList<>();
  private final List<Poller> pollers = new ArrayList<>();
  private volatile String body = feed("1|one", "2|two");
  private RawServer server;

  @BeforeEach
  void start() {
    server =
        new RawServer(
            (request, out) -> {
              switch (request.path().replaceFirst("\\?.*", "")) {
                case "/slow" -> TimeUnit.MINUTES.sleep(5);
                case "/html" -> respond(out, "200 OK", "", "<html>");
                case "/crash" -> respond(out, "200 OK", "", feed("1|crash"));
                case "/busy" -> respond(out, "429 Too Many", "Retry-After: 7200\r\n", "");
                case "/gone" -> respond(out, "410 Gone", "", "");
                default -> respond(out, "200 OK", "", body);
              }
            });
  }

  @AfterEach
  void stop() {
    pollers.forEach(poller -> poller.stop(Duration.ofSeconds(1)));
    http.close();
    server.close();
  }

  private Poller started(IngestSettings settings) {
    Poller poller = Poller.create(() -> list, http, reader, log, settings, clock);
    pollers.add(poller);
    poller.start();
    return poller;
  }

  private String listed(String path) {
    String url = server.url(path);
    list.add(new FeedEntry(url, path, null, null, null));
    return url;
  }

  private long asked(String path) {
    return server.requests().stream().filter(request -> request.path().equals(path)).count();
  }

  private void eventually(Runnable check) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
  }

  @Test
  void aRestartPublishesNothingTwiceAndAsksNobodyBeforeTheirTime() {
    listed("/a");
    Poller first = started(SETTINGS);
    eventually(() -> assertThat(log.articles).hasSize(2));
    first.stop(Duration.ofSeconds(2));
    body = feed("3|three", "2|two, edited", "1|one");

    started(SETTINGS);
    listed("/b");
    eventually(() -> assertThat(asked("/b")).isEqualTo(1));
    assertThat(asked("/a")).isEqualTo(1);
    clock.forward(Duration.ofHours(2));

    eventually(() -> assertThat(asked("/a")).isEqualTo(2));
    eventually(
        () ->
            assertThat(log.articles)
                .filteredOn(article -> article.feed().endsWith("/a"))
                .extracting(article -> article.guid() + " v" + article.version())
                .containsExactly("1 v1", "2 v1", "3 v1", "2 v2"));
  }

  @Test
  void aCommitThatFailsLosesNothingAndDoublesNothing() {
    listed("/a");
    log.failNext = 2;
    Poller poller = started(SETTINGS);

    eventually(() -> assertThat(poller.status()).isEqualTo(Status.RUNNING));
    eventually(() -> assertThat(log.articles).hasSize(2));
    assertThat(log.opened.get()).isEqualTo(3);
    assertThat(poller.counters().snapshot().get(server.url("/a")).published()).isEqualTo(2);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotRepeated() {
    String url = listed("/a");
    log.failNext = 1;
    log.failAfterWriting = true;
    Poller poller = started(SETTINGS);

    eventually(() -> assertThat(log.opened.get()).isEqualTo(2));
    eventually(() -> assertThat(poller.states()).containsKey(url));
    clock.forward(Duration.ofHours(2));
    eventually(() -> assertThat(asked("/a")).isEqualTo(2));
    eventually(() -> assertThat(poller.states().get(url).lastPoll()).isEqualTo(clock.instant()));
    assertThat(log.articles).extracting(Article::guid).containsExactly("1", "2");
  }

  @Test
  void slowBrokenAndHostileFeedsCostTheOthersNothing() {
    for (int i = 0; i < 3; i++) {
      listed("/slow");
      list.set(i, new FeedEntry(server.url("/slow") + "?" + i, "slow", null, null, null));
    }
    listed("/html");
    String crash = listed("/crash");
    listed("/good");
    IngestSettings wide =
        new IngestSettings(
            SETTINGS.floor(),
            SETTINGS.cap(),
            SETTINGS.base(),
            8,
            8,
            Duration.ZERO,
            SETTINGS.hostsOnTheirOwn(),
            3,
            SETTINGS.moveAge(),
            200,
            SETTINGS.unconditionalEvery(),
            900_000,
            1,
            HealthLimits.defaults());
    Poller poller = started(wide);

    eventually(() -> assertThat(log.articles).hasSize(2));
    eventually(() -> assertThat(poller.states().get(crash).lastProblem()).isEqualTo("crashed"));
    assertThat(poller.counters().snapshot().get(server.url("/html")).problems())
        .isEqualTo(Map.of("html", 1L));
    assertThat(poller.status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void stoppingCutsOffWhatIsRunningWithinItsTimeAndCommitsNothingOfIt() {
    listed("/slow");
    Poller poller = started(SETTINGS);
    eventually(() -> assertThat(asked("/slow")).isEqualTo(1));

    long start = System.nanoTime();
    poller.stop(Duration.ofSeconds(2));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(poller.status()).isEqualTo(Status.STOPPED);
    assertThat(log.states).isEmpty();
  }

  @Test
  void oneDomainIsLeftAloneWhenOneOfItsFeedsIsAskedToWait() {
    listed("/busy");
    Poller poller = started(SETTINGS);
    eventually(() -> assertThat(poller.counters().snapshot()).hasSize(1));
    String other = listed("/other");
    clock.forward(Duration.ofMinutes(90));
    poller.pollSoon(other);
    String gone = listed("/gone");
    assertThat(asked("/other") + asked("/gone")).isZero();
    clock.forward(Duration.ofHours(1));

    eventually(() -> assertThat(asked("/other")).isEqualTo(1));
    eventually(() -> assertThat(poller.states()).containsKey(gone));
    eventually(() -> assertThat(poller.states().get(gone).retired()).isNotNull());
  }

  @Test
  void aRetiredFeedIsAskedAgainOnlyWhenSomebodyWants() {
    String gone = listed("/gone");
    Poller poller = started(SETTINGS);
    eventually(() -> assertThat(poller.states()).containsKey(gone));
    eventually(() -> assertThat(poller.states().get(gone).retired()).isNotNull());
    clock.forward(Duration.ofDays(3));
    String good = listed("/good");
    eventually(() -> assertThat(poller.states()).containsKey(good));
    eventually(() -> assertThat(poller.states().get(good).lastPoll()).isNotNull());
    assertThat(asked("/gone")).isEqualTo(1);

    poller.pollSoon(gone);

    eventually(() -> assertThat(asked("/gone")).isEqualTo(2));
  }

  @Test
  void aRetiredFeedThatIsTakenOffTheListAndPutBackIsAskedAgain() {
    String gone = listed("/gone");
    Poller poller = started(SETTINGS);
    eventually(() -> assertThat(poller.states()).containsKey(gone));
    eventually(() -> assertThat(poller.states().get(gone).retired()).isNotNull());

    FeedEntry entry = list.remove(0);
    eventually(() -> assertThat(poller.states().get(gone).retired()).isNull());
    clock.forward(Duration.ofDays(3));
    poller.stop(Duration.ofSeconds(2));
    assertThat(asked("/gone")).as("while it is not listed").isEqualTo(1);

    list.add(entry);
    started(SETTINGS);
    eventually(() -> assertThat(asked("/gone")).isEqualTo(2));
  }

  @Test
  void aListThatCannotBeReadIsKeptAsItWas() {
    listed("/a");
    Map<String, Boolean> broken = new HashMap<>();
    Poller poller =
        Poller.create(
            () -> {
              if (broken.containsKey("now")) {
                throw new ConfigException("feeds.opml:3: is no well-formed XML");
              }
              broken.put("now", true);
              return list;
            },
            http,
            reader,
            log,
            SETTINGS,
            clock);
    pollers.add(poller);
    poller.start();
    eventually(() -> assertThat(asked("/a")).isEqualTo(1));
    clock.forward(Duration.ofHours(2));

    eventually(() -> assertThat(asked("/a")).isEqualTo(2));
  }

  @Test
  void aDomainIsAskedByFewAtATimeAndWithPausesBetween() {
    DomainGate gate = new DomainGate(IngestSettings.defaults());
    var now = clock.instant();

    assertThat(gate.tryStart("https://a.example.co.uk/1", now)).isTrue();
    assertThat(gate.tryStart("https://b.example.co.uk/2", now)).isFalse();
    assertThat(gate.tryStart("https://other.co.uk/", now)).isTrue();
    assertThat(gate.tryStart("https://b.example.co.uk/2", now.plusSeconds(5))).isTrue();
    assertThat(gate.tryStart("https://b.example.co.uk/2", now.plusSeconds(60))).isFalse();
    gate.finished("https://a.example.co.uk/1");
    assertThat(gate.tryStart("https://b.example.co.uk/2", now.plusSeconds(60))).isTrue();
  }
}
