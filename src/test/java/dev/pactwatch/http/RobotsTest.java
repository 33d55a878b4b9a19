package dev.pactwatch.http;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RobotsTest {

  private static final String RULES =
      """
      User-agent: *
      Disallow: /private/
      Crawl-delay: 7

      User-agent: PactWatch
      Disallow: /archive/*.pdf$
      Allow: /archive/open.pdf
      """;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-02T09:00:00Z"));
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")));
  private final Robots robots = new Robots(http, now::get);
  private volatile String status = "200 OK";
  private volatile String text = RULES;
  private final RawServer server =
      new RawServer(
          (request, out) -> {
            if (request.path().equals("/moved.txt")) {
              respond(out, "200 OK", "", "User-agent: *\nDisallow: /x\n");
            } else if (status.startsWith("301")) {
              respond(out, status, "Location: /moved.txt\r\n", "");
            } else {
              respond(out, status, "", text);
            }
          });

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/archive/2026.pdf, false",
    "/archive/open.pdf, true",
    "/archive/2026.html, true",
    // Rules for others do not concern whom the site names.
    "/private/a, true"
  })
  void theRulesForOurNameHold(String path, boolean allowed) {
    assertThat(robots.allows(URI.create(server.url(path)))).isEqualTo(allowed);
  }

  @Test
  void withoutOurNameTheRulesForEverybodyHold() {
    text = RULES.replace("PactWatch", "other");

    assertThat(robots.check(server.url("/private/a")).allowed()).isFalse();
    assertThat(robots.check(server.url("/archive/2026.pdf")).allowed()).isTrue();
    assertThat(robots.check(server.url("/")).delay()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aSiteIsAskedOnceADay() {
    assertThat(robots.known(server.url("/a"))).isEmpty();
    robots.check(server.url("/a"));
    robots.check(server.url("/b"));
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(23)));
    assertThat(robots.known(server.url("/archive/1.pdf")))
        .hasValueSatisfying(verdict -> assertThat(verdict.allowed()).isFalse());
    robots.check(server.url("/c"));
    assertThat(server.requests()).hasSize(1);
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(1)));
    assertThat(robots.known(server.url("/a"))).isEmpty();
    robots.check(server.url("/d"));

    assertThat(server.requests()).hasSize(2).allMatch(r -> r.path().equals("/robots.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Not Found", "403 Forbidden", "401 Unauthorized"})
  void aSiteWithoutRulesAllowsEverything(String answer) {
    status = answer;

    assertThat(robots.check(server.url("/private/a")).allowed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Broken", "503 Busy", "429 Slow down"})
  void aSiteThatCannotAnswerAllowsNothingUntilItDoes(String answer) {
    status = answer;
    assertThat(robots.check(server.url("/a")).allowed()).isFalse();
    status = "200 OK";
    assertThat(robots.check(server.url("/a")).allowed()).isFalse();
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(30)));

    assertThat(robots.check(server.url("/a")).allowed()).isTrue();
  }

  @Test
  void rulesOnceReadHoldWhileTheSiteIsBroken() {
    robots.check(server.url("/a"));
    status = "500 Broken";
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(25)));

    assertThat(robots.check(server.url("/a")).allowed()).isTrue();
    assertThat(robots.check(server.url("/archive/1.pdf")).allowed()).isFalse();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void redirectsToTheRulesAreFollowed() {
    status = "301 Moved";

    assertThat(robots.check(server.url("/x")).allowed()).isFalse();
    assertThat(robots.check(server.url("/y")).allowed()).isTrue();
  }

  @Test
  void anAddressThatMustNotBeAskedIsNotAllowed() {
    assertThat(robots.check("http://10.0.0.1/page").allowed()).isFalse();
    assertThat(robots.check("ftp://example.org/").allowed()).isFalse();
    assertThat(robots.known("ftp://example.org/")).isPresent();
  }

  @Test
  void aVeryLongFileIsReadUpToTheLimit() throws IOException {
    text =
        "User-agent: *\nDisallow: /early\n"
            + "# filling\n".repeat(60_000)
            + "Disallow: /late\n".repeat(2);
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(500 * 1024);

    assertThat(robots.check(server.url("/early")).allowed()).isFalse();
    assertThat(robots.check(server.url("/late")).allowed()).isTrue();
  }
}
