package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static dev.pactwatch.ingest.Doubles.feed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.PushMessage.Kind;
import dev.pactwatch.json.Json;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub that is honest, silent or not the hub at all. */
@Timeout(30)
class WebSubTest {

  private static final String CALLBACK = "https://watch.example/websub";

  private final Doubles.Clock clock = new Doubles.Clock();
  private final WebSubKey key = new WebSubKey("0123456789abcdef0123456789abcdef");
  private final List<PushMessage> handedOver = new ArrayList<>();
  private final PushInbox inbox = new PushInbox(key, handedOver::add, () -> {});
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final IngestSettings settings = IngestSettings.defaults();
  private final FeedPoll polls =
      new FeedPoll(
          http,
          new Doubles.LineReader(),
          new PollSchedule(settings, new Random(1)),
          settings,
          clock);
  private final WebSub webSub = new WebSub(http, CALLBACK, key, clock);
  private volatile String body = feed("1|one");
  private volatile String hubAnswer = "202 Accepted";
  private final RawServer hub = new RawServer((request, out) -> respond(out, hubAnswer, "", ""));
  private final RawServer site =
      new RawServer(
          (request, out) ->
              respond(
                  out,
                  "200 OK",
                  "Link: <https://example.org/feed>; rel=\"self\", <"
                      + hub.url("/hub")
                      + ">; rel=hub\r\n",
                  body));
  private FeedState state = FeedState.fresh(site.url("/feed"));
  private Map<String, String> asked;

  @AfterEach
  void close() {
    http.close();
    hub.close();
    site.close();
  }

  private FeedPoll.Result keep(FeedPoll.Result result) throws Exception {
    state = Json.read(Json.bytes(result.state()), FeedState.class);
    assertThat(state).isEqualTo(result.state());
    return result;
  }

  /** Polls, and asks the hub as far as it is time to. */
  private FeedPoll.Result poll() throws Exception {
    FeedPoll.Result result = keep(polls.poll(state));
    webSub.subscribe(state).ifPresent(push -> state = state.with(push));
    return result;
  }

  private static Map<String, String> form(String text) {
    return Stream.of(text.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  /** The parts of the path that the hub was told to call. */
  private String[] called() {
    asked = form(hub.requests().get(hub.requests().size() - 1).body());
    assertThat(asked.get("hub.callback")).startsWith(CALLBACK + "/");
    String[] path = URI.create(asked.get("hub.callback")).getPath().split("/");
    return new String[] {path[2], path[3], path[4]};
  }

  private Optional<String> confirm(String mode, String topic) {
    String[] path = called();
    return inbox.confirm(path[0], path[1], path[2], mode, topic, "challenge!", "7200");
  }

  private static String signed(String method, String secret, String content) throws Exception {
    Mac mac = Mac.getInstance("Hmac" + method.toUpperCase(java.util.Locale.ROOT));
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HMAC"));
    return method + "=" + HexFormat.of().formatHex(mac.doFinal(content.getBytes(UTF_8)));
  }

  private List<String> push(String content) throws Exception {
    String[] path = called();
    String signature = signed("sha256", asked.get("hub.secret"), content);
    assertThat(
            inbox.receive(
                path[0], path[1], path[2], signature, "text/plain", content.getBytes(UTF_8)))
        .isTrue();
    return keep(polls.pushed(state, handedOver.remove(0))).articles().stream()
        .map(Article::guid)
        .toList();
  }

  private void subscribed() throws Exception {
    poll();
    assertThat(confirm("subscribe", "https://example.org/feed")).contains("challenge!");
    keep(polls.pushed(state, handedOver.remove(0)));
  }

  @Test
  void theHubThatTheFeedNamesIsAskedOnceAndConfirmedByWhatWeAskedFor() throws Exception {
    subscribed();
    clock.forward(Duration.ofHours(1));
    poll();

    assertThat(hub.requests()).hasSize(1);
    assertThat(asked)
        .containsEntry("hub.mode", "subscribe")
        .containsEntry("hub.topic", "https://example.org/feed");
    assertThat(asked.get("hub.secret")).hasSizeGreaterThan(32);
    assertThat(state.push().leaseUntil()).isEqualTo(Doubles.START.plusSeconds(7200));
  }

  @Test
  void whatWasNotAskedForIsNotConfirmed() throws Exception {
    poll();
    assertThat(confirm("unsubscribe", "https://example.org/feed")).isEmpty();
    assertThat(confirm("subscribe", "https://example.org/other")).isEmpty();
    String[] path = called();
    assertThat(
            inbox.confirm(
                path[0],
                path[1],
                "0".repeat(64),
                "subscribe",
                "https://example.org/feed",
                "c",
                "1"))
        .isEmpty();
    assertThat(inbox.confirm("%%", path[1], path[2], "subscribe", "x", "c", "1")).isEmpty();
    assertThat(handedOver).isEmpty();
  }

  @Test
  void anHonestHubRelaxesPollsOnceItHasPushedAndLosesThatWithItsFirstMiss() throws Exception {
    subscribed();
    clock.forward(Duration.ofMinutes(70));
    assertThat(poll().report().next().because()).isEqualTo("adaptive");

    assertThat(push(feed("2|two"))).containsExactly("2");
    assertThat(push(feed("2|two"))).isEmpty();
    clock.forward(Duration.ofMinutes(10));
    body = feed("2|two", "1|one");
    FeedPoll.Result relaxed = poll();
    assertThat(relaxed.articles()).isEmpty();
    assertThat(relaxed.report().next().inputs())
        .filteredOn(input -> input.source().equals("push"))
        .singleElement()
        .satisfies(input -> assertThat(input.seconds()).isEqualTo(40 * 60));

    body = feed("3|three", "2|two", "1|one");
    FeedPoll.Result miss = poll();
    assertThat(miss.articles()).extracting(Article::guid).containsExactly("3");
    assertThat(miss.report().next().inputs()).noneMatch(input -> input.source().equals("push"));
    assertThat(push(feed("4|four"))).containsExactly("4");
    assertThat(state.push().proven(clock.instant())).isFalse();
    assertThat(push(feed("5|five"))).containsExactly("5");
    assertThat(state.push().proven(clock.instant())).isTrue();
  }

  @Test
  void aSilentHubChangesNothing() throws Exception {
    subscribed();
    for (int i = 2; i < 5; i++) {
      clock.forward(Duration.ofMinutes(30));
      body = feed(i + "|more", "1|one");
      assertThat(poll().report().next().seconds()).isLessThanOrEqualTo(3780);
    }

    assertThat(state.push().misses()).isEqualTo(3);
    assertThat(state.push().proven(clock.instant())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "sha256, wrong secret",
    "sha1, right",
    "none, right",
    "sha256=zz, right",
  })
  void aForgedPushIsIgnoredAndTheSenderIsNotTold(String method, String secret) throws Exception {
    subscribed();
    String[] path = called();
    String content = feed("666|forged");
    String signature =
        method.equals("none")
            ? null
            : method.contains("=")
                ? method
                : signed(
                    method, secret.equals("right") ? asked.get("hub.secret") : secret, content);

    assertThat(inbox.receive(path[0], path[1], path[2], signature, null, content.getBytes(UTF_8)))
        .isTrue();

    assertThat(handedOver).isEmpty();
    assertThat(inbox.forged()).isEqualTo(1);
    assertThat(inbox.receive(path[0], path[1], "no", signature, null, new byte[0])).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "sha384", "sha512"})
  void strongSignaturesAreBelieved(String method) throws Exception {
    subscribed();
    String[] path = called();
    String content = feed("2|two");

    inbox.receive(
        path[0],
        path[1],
        path[2],
        signed(method, asked.get("hub.secret"), content),
        null,
        content.getBytes(UTF_8));

    assertThat(handedOver).extracting(PushMessage::kind).containsExactly(Kind.CONTENT);
  }

  @Test
  void aLeaseIsRenewedBeforeItEndsAndAHubThatRefusesIsAskedAgainMuchLater() throws Exception {
    hubAnswer = "500 Oops";
    poll();
    assertThat(state.push().leaseUntil()).isNull();
    clock.forward(Duration.ofHours(1));
    poll();
    assertThat(hub.requests()).hasSize(1);
    hubAnswer = "202 Accepted";
    clock.forward(Duration.ofHours(6));
    poll();
    assertThat(hub.requests()).hasSize(2);
    String[] path = called();
    inbox.confirm(
        path[0], path[1], path[2], "subscribe", "https://example.org/feed", "c", "864000");
    keep(polls.pushed(state, handedOver.remove(0)));
    clock.forward(Duration.ofDays(8));
    poll();
    assertThat(hub.requests()).hasSize(2);
    clock.forward(Duration.ofDays(1));
    poll();

    assertThat(hub.requests()).hasSize(3);
  }

  @Test
  void aPushOfAnotherSubscriptionAndWhatIsNoFeedPublishNothing() throws Exception {
    subscribed();
    PushMessage other =
        new PushMessage(
            state.feed(), "https://else.example/", Kind.CONTENT, 0, null, body.getBytes(UTF_8));
    assertThat(polls.pushed(state, other).articles()).isEmpty();

    assertThat(push("<html>")).isEmpty();
    assertThat(state.failures()).isZero();
    assertThat(state.next()).isNotNull();
  }
}
