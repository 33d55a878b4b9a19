package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static dev.pactwatch.ingest.Doubles.START;
import static dev.pactwatch.ingest.Doubles.feed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.FeedState.Validators;
import dev.pactwatch.ingest.PollReport.Outcome;
import dev.pactwatch.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedPollTest {

  private final Doubles.Clock clock = new Doubles.Clock();
  private final Doubles.LineReader reader = new Doubles.LineReader();
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final IngestSettings settings = IngestSettings.defaults();
  private final FeedPoll polls =
      new FeedPoll(http, reader, new PollSchedule(settings, new Random(1)), settings, clock);

  private volatile String status = "200 OK";
  private volatile String headers = "";
  private volatile String body = feed("1|one", "2|two");
  private RawServer server;
  private FeedState state;

  @BeforeEach
  void start() {
    server = new RawServer((request, out) -> respond(out, status, headers, body));
    state = FeedState.fresh(server.url("/feed"));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  /** Polls and keeps the state, through the bytes in which it would be stored. */
  private FeedPoll.Result poll() throws Exception {
    FeedPoll.Result result = polls.poll(state);
    PollReport report = result.report();
    assertThat(report.published() + report.known() + report.rejectedTotal())
        .isEqualTo(report.items());
    state = Json.read(Json.bytes(result.state()), FeedState.class);
    assertThat(state).isEqualTo(result.state());
    return result;
  }

  private RawServer.Request lastRequest() {
    return server.requests().get(server.requests().size() - 1);
  }

  @Test
  void whatIsNewIsPublishedOnce() throws Exception {
    assertThat(poll().articles()).extracting(Article::guid).containsExactly("1", "2");
    body = feed("3|three", "1|one", "2|two");

    FeedPoll.Result second = poll();

    assertThat(second.articles()).extracting(Article::guid).containsExactly("3");
    assertThat(second.report().known()).isEqualTo(2);
  }

  @Test
  void anEditIsTheNextVersionOfTheSameItem() throws Exception {
    poll();
    body = feed("1|one, corrected", "2|two");
    FeedPoll.Result edit = poll();
    body = feed("1|one, corrected again", "2|two");
    FeedPoll.Result again = poll();

    assertThat(edit.articles())
        .extracting(Article::uri, Article::version, Article::headline)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(state.feed() + "#1", 2, "one, corrected"));
    assertThat(edit.report().edited()).isEqualTo(1);
    assertThat(again.articles()).extracting(Article::version).containsExactly(3);
  }

  @Test
  void twoItemsOfOneIdentityAreNotEditsOfEachOtherForEver() throws Exception {
    body = feed("1|one", "1|other");
    FeedPoll.Result first = poll();
    body = feed("1|one", "1|other", "2|two");
    FeedPoll.Result second = poll();

    assertThat(first.articles()).extracting(Article::headline).containsExactly("one");
    assertThat(first.report().rejected()).isEqualTo(Map.of("repeated", 1));
    assertThat(second.articles()).extracting(Article::headline).containsExactly("two");
  }

  @Test
  void itemsThatAreNoArticlesAreCountedWithTheirReason() throws Exception {
    body = feed("1|one", "2|-", "3|-");

    assertThat(poll().report().rejected()).isEqualTo(Map.of("no-title", 2));
  }

  @Test
  void anArticleThatNoBrokerWouldTakeIsRejectedAndHoldsNothingUp() throws Exception {
    body = feed("1|" + "x".repeat(1_000_000), "2|two");

    FeedPoll.Result result = poll();

    assertThat(result.articles()).extracting(Article::guid).containsExactly("2");
    assertThat(result.report().rejected()).isEqualTo(Map.of("too-large", 1));
  }

  @Test
  void anItemThatReturnsAfterLeavingTheDocumentIsKnown() throws Exception {
    poll();
    body = feed("3|three");
    poll();
    body = feed("1|one", "3|three");

    assertThat(poll().articles()).isEmpty();
  }

  @Test
  void whatIsRememberedIsBounded() throws Exception {
    for (int round = 0; round < 30; round++) {
      StringBuilder lines = new StringBuilder("<feed>");
      for (int i = 0; i < 20; i++) {
        lines.append("\nr").append(round).append('-').append(i).append("|x");
      }
      body = lines.toString();
      poll();
    }

    assertThat(state.seen()).hasSize(20 + settings.remember());
    assertThat(state.seen().get(20).uri()).endsWith("#r28-0");
  }

  @Test
  void validatorsAreSentBackByteForByteAndA304IsNotParsed() throws Exception {
    headers = "ETag: \"a b;\u00e9\"\r\nLast-Modified: Mon, 2 Mar 2026  08:00:00 GMT\r\n";
    poll();
    status = "304 Not Modified";
    headers = "ETag: W/\"new\"\r\n";
    body = "";

    FeedPoll.Result second = poll();

    assertThat(lastRequest().header("if-none-match")).contains("\"a b;\u00e9\"");
    assertThat(lastRequest().header("if-modified-since")).contains("Mon, 2 Mar 2026  08:00:00 GMT");
    assertThat(second.report().outcome()).isEqualTo(Outcome.NOT_MODIFIED);
    assertThat(reader.reads).hasValue(1);
    assertThat(state.validators())
        .isEqualTo(
            new Validators(server.url("/feed"), "W/\"new\"", "Mon, 2 Mar 2026  08:00:00 GMT"));
  }

  @Test
  void a200WithoutValidatorsForgetsTheOldOnes() throws Exception {
    headers = "ETag: \"a\"\r\n";
    poll();
    headers = "";
    body = feed("3|three");
    poll();
    poll();

    assertThat(state.validators()).isNull();
    assertThat(lastRequest().header("if-none-match")).isEmpty();
  }

  @Test
  void theSameBytesAreNotParsedAgain() throws Exception {
    poll();

    assertThat(poll().report().outcome()).isEqualTo(Outcome.SAME_BODY);
    assertThat(reader.reads).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html><html></html>",
        "\ufeff\n <!-- x -->\n<HTML lang=en>",
        "<!doctype HTML>"
      })
  void anHtmlPageIsAFailureEachTimeAndLeavesNoTrace(String page) throws Exception {
    headers = "ETag: \"good\"\r\n";
    poll();
    headers = "ETag: \"page\"\r\n";
    body = page;

    assertThat(poll().report().problem()).isEqualTo("html");
    assertThat(poll().report().problem()).isEqualTo("html");
    assertThat(state.failures()).isEqualTo(2);
    assertThat(state.validators().etag()).isEqualTo("\"good\"");
    assertThat(state.seen()).hasSize(2);
  }

  @Test
  void whatIsNoFeedIsAFailureWhoseTextIsSafeForALog() throws Exception {
    body = "nonsense";

    PollReport report = poll().report();

    assertThat(report.problem()).isEqualTo("unreadable");
    assertThat(report.detail()).isEqualTo("no feed\\u000d\\u000a\\u001b[31m");
  }

  @Test
  void a304ThatWasNotAskedForIsAFailure() throws Exception {
    status = "304 Not Modified";
    body = "";

    assertThat(poll().report().problem()).isEqualTo("unexpected-304");
  }

  @ParameterizedTest
  @CsvSource({
    "429 Too Many, 1200, 1200",
    "503 Unavailable, 7200, 7200",
    "503 Unavailable, 'Mon, 02 Mar 2026 11:00:00 GMT', 7200",
    "429 Too Many, 'Monday, 02-Mar-26 11:00:00 GMT', 7200",
    "429 Too Many, 'Mon Mar  2 11:00:00 2026', 7200",
    "429 Too Many, 9999999999, 86400"
  })
  void aServerThatAsksForTimeGetsItAndHasNotFailed(String answer, String after, long seconds)
      throws Exception {
    poll();
    status = answer;
    headers = "Retry-After: " + after + "\r\n";

    PollReport report = poll().report();

    assertThat(report.outcome()).isEqualTo(Outcome.THROTTLED);
    assertThat(report.throttledSeconds()).isEqualTo(seconds);
    assertThat(report.next().at()).isAfterOrEqualTo(START.plusSeconds(Math.max(3600, seconds)));
    assertThat(report.next().at()).isBeforeOrEqualTo(START.plus(settings.cap()));
    assertThat(state.failures()).isZero();
    assertThat(state.seen()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "500 Oops, http-500",
    "429 Too Many, http-429",
    "404 Not Found, http-404",
    "403 Forbidden, http-403",
    "204 No Content, http-204"
  })
  void anyOtherAnswerIsAFailureAndOneSuccessEndsTheCount(String answer, String problem)
      throws Exception {
    status = answer;
    assertThat(poll().report().problem()).isEqualTo(problem);
    assertThat(poll().state().failures()).isEqualTo(2);
    status = "200 OK";

    assertThat(poll().state().failures()).isZero();
  }

  @Test
  void a410RetiresTheFeed() throws Exception {
    status = "410 Gone";

    FeedPoll.Result result = poll();

    assertThat(result.report().outcome()).isEqualTo(Outcome.RETIRED);
    assertThat(result.report().notices()).hasSize(1);
    assertThat(state.retired()).isEqualTo(START);
  }

  @Test
  void whatThePublisherWishesIsSeenInTheDecision() throws Exception {
    headers =
        "Cache-Control: public, max-age=9000\r\nAge: 1800\r\nExpires: Thu, 01 Jan 1970 00:00:00"
            + " GMT\r\n";
    reader.hints = new FeedHints(90, 1800, java.util.Set.of(), java.util.Set.of(), null, null);

    PollDecision decision = poll().report().next();

    assertThat(decision.because()).isEqualTo("max-age");
    assertThat(decision.inputs())
        .extracting(PollDecision.Input::source, PollDecision.Input::seconds)
        .contains(
            org.assertj.core.groups.Tuple.tuple("adaptive", 3600L),
            org.assertj.core.groups.Tuple.tuple("ttl", 5400L),
            org.assertj.core.groups.Tuple.tuple("sy", 1800L),
            org.assertj.core.groups.Tuple.tuple("max-age", 7200L));
  }

  @Test
  void aPermanentRedirectIsBelievedAfterThreeSightingsOverADay() throws Exception {
    RawServer moving = movingServer("301 Moved");
    state = FeedState.fresh(moving.url("/old"));
    poll();
    clock.forward(Duration.ofHours(1));
    poll();
    clock.forward(Duration.ofHours(1));
    poll();
    assertThat(state.url()).isEqualTo(moving.url("/old"));
    clock.forward(Duration.ofHours(22));

    FeedPoll.Result believed = poll();
    body = feed("1|one", "9|nine");
    FeedPoll.Result next = poll();

    assertThat(believed.report().notices()).hasSize(1);
    assertThat(state.url()).isEqualTo(moving.url("/new"));
    assertThat(state.feed()).isEqualTo(moving.url("/old"));
    assertThat(moving.requests().get(moving.requests().size() - 1).path()).isEqualTo("/new");
    assertThat(next.articles()).extracting(Article::guid).containsExactly("9");
    moving.close();
  }

  @Test
  void aTemporaryRedirectIsNeverBelieved() throws Exception {
    RawServer moving = movingServer("302 Found");
    state = FeedState.fresh(moving.url("/old"));
    for (int i = 0; i < 6; i++) {
      poll();
      clock.forward(Duration.ofDays(1));
    }

    assertThat(state.url()).isEqualTo(moving.url("/old"));
    assertThat(state.move()).isNull();
    moving.close();
  }

  private RawServer movingServer(String answer) {
    return new RawServer(
        (request, out) -> {
          if (request.path().equals("/old")) {
            respond(out, answer, "Location: /new\r\n", "");
          } else {
            respond(out, "200 OK", "", body);
          }
        });
  }

  @Test
  void anAddressThatFailsAfterAMoveIsGivenUpForTheListedOne() throws Exception {
    status = "404 Not Found";
    String listed = server.url("/listed");
    FeedState fresh = FeedState.fresh(listed);
    state =
        Json.read(
            Json.write(fresh).replace("\"url\":\"" + listed, "\"url\":\"" + server.url("/moved")),
            FeedState.class);
    for (int i = 0; i < 8; i++) {
      poll();
    }

    assertThat(state.url()).isEqualTo(listed);
  }

  @Test
  void validatorsThatStayTheSameOverNewItemsAreNoLongerTrusted() throws Exception {
    headers = "ETag: \"for ever\"\r\n";
    poll();
    clock.forward(Duration.ofHours(25));
    body = feed("3|three");

    FeedPoll.Result caught = poll();
    poll();

    assertThat(server.requests().get(1).header("if-none-match")).isEmpty();
    assertThat(caught.report().notices()).hasSize(1);
    assertThat(state.conditionalOff()).isTrue();
    assertThat(lastRequest().header("if-none-match")).isEmpty();
  }

  /**
   * Answers "not modified" to whatever validators it is shown, and with new ones when shown none.
   */
  private RawServer lyingServer() {
    return new RawServer(
        (request, out) -> {
          if (request.header("if-none-match").isPresent()) {
            respond(out, "304 Not Modified", "", "");
          } else {
            respond(out, "200 OK", "ETag: \"" + body.hashCode() + "\"\r\n", body);
          }
        });
  }

  @Test
  void aServerThatSaysNotModifiedOverNewItemsIsCaughtWithinTwoDaysAndLosesNoItemAfterThat()
      throws Exception {
    try (RawServer lying = lyingServer()) {
      state = FeedState.fresh(lying.url("/feed"));
      poll();
      body = feed("3|three", "1|one", "2|two");
      clock.forward(Duration.ofHours(12));
      assertThat(poll().report().outcome()).isEqualTo(Outcome.NOT_MODIFIED);
      clock.forward(Duration.ofHours(12));

      FeedPoll.Result audit = poll();
      assertThat(audit.articles()).extracting(Article::guid).containsExactly("3");
      assertThat(state.conditionalOff()).isFalse();
      clock.forward(Duration.ofHours(1));
      FeedPoll.Result proof = poll();

      assertThat(proof.report().notices()).singleElement().asString().contains("not modified");
      assertThat(state.conditionalOff()).isTrue();
      body = feed("4|four", "3|three");
      clock.forward(Duration.ofHours(1));
      assertThat(poll().articles()).extracting(Article::guid).containsExactly("4");
      assertThat(poll().report().notices()).isEmpty();
    }
  }

  @Test
  void anHonestServerWhoseDocumentChangedJustBeforeTheAuditKeepsItsTrust() throws Exception {
    try (RawServer honest =
        new RawServer(
            (request, out) -> {
              String etag = "\"" + body.hashCode() + "\"";
              boolean same = request.header("if-none-match").filter(etag::equals).isPresent();
              respond(
                  out,
                  same ? "304 Not Modified" : "200 OK",
                  "ETag: " + etag + "\r\n",
                  same ? "" : body);
            })) {
      state = FeedState.fresh(honest.url("/feed"));
      poll();
      clock.forward(Duration.ofHours(23));
      assertThat(poll().report().outcome()).isEqualTo(Outcome.NOT_MODIFIED);
      body = feed("3|three", "1|one", "2|two");
      clock.forward(Duration.ofHours(1));
      assertThat(poll().report().published()).isEqualTo(1);
      assertThat(state.doubt()).isNotNull();

      clock.forward(Duration.ofHours(1));
      assertThat(poll().report().outcome()).isEqualTo(Outcome.SAME_BODY);
      clock.forward(Duration.ofHours(1));
      assertThat(poll().report().outcome()).isEqualTo(Outcome.NOT_MODIFIED);

      assertThat(state.doubt()).isNull();
      assertThat(state.conditionalOff()).isFalse();
    }
  }

  @Test
  void aFeedThatIsAskedUnconditionallyIsSoOnceADayAndNotMore() throws Exception {
    headers = "ETag: \"a\"\r\n";
    for (int hour = 0; hour < 7 * 24; hour++) {
      status = hour == 0 || hour % 24 == 0 ? "200 OK" : "304 Not Modified";
      poll();
      clock.forward(Duration.ofHours(1));
    }

    assertThat(server.requests())
        .filteredOn(request -> request.header("if-none-match").isEmpty())
        .hasSize(7);
  }

  @ParameterizedTest
  @CsvSource({
    "302 Found, 7200, 7200",
    "307 Later, 'Mon, 02 Mar 2026 11:00:00 GMT', 7200",
    "301 Moved, 999999, 86400"
  })
  void aRedirectThatAsksForTimeIsFollowedOnlyOnceItHasPassed(
      String answer, String after, long seconds) throws Exception {
    try (RawServer moving =
        new RawServer(
            (request, out) -> {
              if (request.path().equals("/old")) {
                respond(out, answer, "Location: /new\r\nRetry-After: " + after + "\r\n", "");
              } else {
                respond(out, "200 OK", "", body);
              }
            })) {
      state = FeedState.fresh(moving.url("/old"));
      PollReport held = poll().report();
      assertThat(held.outcome()).isEqualTo(Outcome.THROTTLED);
      assertThat(held.throttledSeconds()).isEqualTo(seconds);
      assertThat(moving.requests()).hasSize(1);
      assertThat(state.failures()).isZero();
      clock.forward(Duration.between(clock.instant(), state.due()));

      assertThat(poll().articles()).hasSize(2);
      assertThat(moving.requests()).hasSize(3);
    }
  }

  @Test
  void aFeedThatIsNotFoundForLongIsReportedNowAndThenAndNeverGivenUp() throws Exception {
    status = "404 Not Found";
    List<Integer> reported = new java.util.ArrayList<>();
    for (int times = 1; times <= 12; times++) {
      if (!poll().report().notices().isEmpty()) {
        reported.add(times);
      }
      clock.forward(Duration.between(clock.instant(), state.due()));
    }
    assertThat(reported).containsExactly(5, 10);
    assertThat(state.trouble()).isEqualTo(new FeedState.Trouble(START, "http-404", 12, null));
    status = "500 Oops";
    assertThat(poll().state().trouble().times()).isEqualTo(1);
    assertThat(state.trouble().since()).isEqualTo(START);
    status = "200 OK";

    assertThat(poll().articles()).hasSize(2);
    assertThat(state.trouble()).isNull();
  }

  @Test
  void howMuchOfADocumentWasKnownIsKeptAndNothingKnownIsReported() throws Exception {
    body = feed("1|a", "2|b", "3|c", "4|d", "5|e", "6|f", "7|g", "8|h", "9|i", "10|j");
    assertThat(poll().report().notices()).isEmpty();
    assertThat(state.overlap()).isNull();
    body = body.replace("1|a", "0|z");
    poll();
    assertThat(state.overlap()).isEqualTo(90);
    body = body.replace("|", "0000|");

    assertThat(poll().report().notices()).singleElement().asString().contains("unseen");
    assertThat(state.overlap()).isZero();
  }

  @Test
  void anAddressThatMustNotBeAskedIsAHardFailure() throws Exception {
    state = FeedState.fresh("http://169.254.169.254/feed");

    PollReport report = poll().report();

    assertThat(report.problem()).isEqualTo("refused-address");
    assertThat(report.next().inputs().get(0).note()).contains("hard");
  }
}
