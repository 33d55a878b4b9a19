package dev.pactwatch.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlGuardTest {

  private final UrlGuard guard =
      new UrlGuard(AddressGuard.allowing(List.of("127.0.0.1", "feeds.intranet")), Set.of(80, 443));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http:\\\\example.org/",
        "http://exa mple.org/",
        "http://example.org/a\nb",
        "http://example..org/",
        "http://.example.org/",
        "http://example.org./",
        "http://-example.org/",
        "http://ex%61mple.org/",
        "http://１２７.0.0.1/",
        "http://bücher.example/",
        "http://example.org:0x50/",
        "http://example.org:/",
        "http://example.org:080/",
        "http://example.org:99999/",
        "http://[::1",
        "http://[example.org]/",
        "http://[fe80::1%25lo]/",
        "http:///feed",
        "http:feed",
        "http://",
        "  "
      })
  void anOddSpellingIsRefused(String url) {
    assertThat(guard.check(url)).isInstanceOf(UrlGuard.Bad.class);
    assertThat(((UrlGuard.Bad) guard.check(url)).refusal()).isEqualTo(Refusal.SPELLING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "feed",
        "javascript:alert(1)",
        "jar:http://example.org/!/"
      })
  void onlyHttpAndHttpsAreSpoken(String url) {
    assertThat(((UrlGuard.Bad) guard.check(url)).refusal()).isEqualTo(Refusal.SCHEME);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/, http://example.org/",
    "HTTPS://Example.ORG, https://example.org/",
    "http://example.org/a?b=c#d, http://example.org/a?b=c",
    "http://example.org/é, http://example.org/%C3%A9",
    "http://my_feed.example.org/, http://my_feed.example.org/",
    "http://127.0.0.1:9999/x, http://127.0.0.1:9999/x",
    "http://feeds.intranet:8081/x, http://feeds.intranet:8081/x",
    "http://[2606:4700::1111]/x, http://[2606:4700::1111]/x"
  })
  void aSoundUrlIsBroughtIntoOneForm(String url, String form) {
    assertThat(guard.check(url)).isInstanceOf(UrlGuard.Good.class);
    assertThat(((UrlGuard.Good) guard.check(url)).uri()).hasToString(form);
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 25, 6379, 8080, 9092})
  void aPortOutsideTheListIsRefused(int port) {
    assertThat(((UrlGuard.Bad) guard.check("http://example.org:" + port + "/")).refusal())
        .isEqualTo(Refusal.PORT);
  }
}
