package dev.pactwatch.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
  private final InstantSource clock = now::get;

  @Test
  void aSessionEndsWithItsLifetimeOrWhenItIsClosed() {
    Sessions sessions = new Sessions(Duration.ofHours(12), clock);
    AccessToken token = new AccessToken("a", AccessRole.VIEWER, "0".repeat(64), null, null);
    String first = sessions.open(token);
    String second = sessions.open(token);

    assertThat(first).isNotEqualTo(second).hasSize(43);
    assertThat(sessions.tokenHash(first)).hasValue(token.hash());
    assertThat(sessions.tokenHash(first + "x")).isEmpty();
    sessions.close(first);
    assertThat(sessions.tokenHash(first)).isEmpty();
    later(Duration.ofHours(12).minusMillis(1));
    assertThat(sessions.tokenHash(second)).isPresent();
    later(Duration.ofMillis(1));
    assertThat(sessions.tokenHash(second)).isEmpty();
  }

  @Test
  void anAddressThatFailsTooOftenHasToWaitAndNoOtherHas() {
    FailureLimit limit = new FailureLimit(3, Duration.ofMinutes(5), clock);

    limit.failed("192.0.2.1");
    limit.failed("192.0.2.1");
    assertThat(limit.reached("192.0.2.1")).isFalse();
    limit.failed("192.0.2.1");
    assertThat(limit.reached("192.0.2.1")).isTrue();
    assertThat(limit.reached("192.0.2.2")).isFalse();
    later(Duration.ofMinutes(5));
    assertThat(limit.reached("192.0.2.1")).isFalse();
  }

  @Test
  void theAddressesOfOneIpv6NetworkAreOne() {
    FailureLimit limit = new FailureLimit(1, Duration.ofMinutes(5), clock);

    limit.failed("2001:db8:1:2::1");

    assertThat(limit.reached("2001:db8:1:2:ffff::9")).isTrue();
    assertThat(limit.reached("2001:db8:1:3::1")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"/?severity=high, /?severity=high", "/api/alerts, /api/alerts"})
  void aLoginGoesOnToThePlaceThatWasAskedFor(String next, String place) {
    assertThat(LoginResource.own(next)).isEqualTo(URI.create(place));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/\t/evil.example",
      })
  void aLoginGoesOnToNoPlaceOfOthers(String next) {
    assertThat(LoginResource.own(next)).isEqualTo(URI.create("/"));
  }

  private void later(Duration time) {
    Instant unused = now.updateAndGet(instant -> instant.plus(time));
  }
}
