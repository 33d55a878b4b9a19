package dev.pactwatch.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalLinkTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          https://example.com https://example.com/
          HTTPS://WWW.Example.COM/Path https://www.example.com/Path
          https://example.com:443/a https://example.com/a
          http://example.com:80/a http://example.com/a
          http://example.com:8080/a http://example.com:8080/a
          https://example.com./a https://example.com/a
          https://example.com/a/ https://example.com/a
          https://example.com/a#part https://example.com/a
          https://example.com/#!/a https://example.com/#!/a
          https://example.com/a?utm_source=x&utm_medium=y https://example.com/a
          https://example.com/a?id=7&fbclid=z https://example.com/a?id=7
          https://example.com/a?b=2&a=1 https://example.com/a?a=1&b=2
          https://example.com/a?b=2&amp;a=1 https://example.com/a?a=1&b=2
          https://example.com/a? https://example.com/a
          https://m.example.com/a https://example.com/a
          https://en.m.example.org/wiki/X https://en.example.org/wiki/X
          https://amp.example.co.uk/a https://example.co.uk/a
          https://m.co.uk/a https://m.co.uk/a
          https://example.com/a/amp https://example.com/a
          https://example.com/a/amp/ https://example.com/a
          https://example.com/amp/a https://example.com/a
          https://example.com/a.amp.html https://example.com/a.html
          https://example.com/a?amp=1 https://example.com/a
          https://example.com/a?outputType=amp https://example.com/a
          https://example-com.cdn.ampproject.org/c/s/example.com/a https://example.com/a
          https://search.example.net/amp/s/www.example.com/a https://www.example.com/a
          https://search.example.net/url?rct=j&url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&ct=ga https://example.com/a?id=7
          https://example.com/%7euser/%c3%a9 https://example.com/~user/%C3%A9
          https://example.com/é https://example.com/%C3%A9
          https://example.com/a/../b/./c https://example.com/b/c
          https://example.com/../../b https://example.com/b
          https://bücher.example/a https://xn--bcher-kva.example/a
          http://[2001:db8::1]:8080/a http://[2001:db8::1]:8080/a
          """)
  void an_address_has_one_canonical_form_and_keeps_it(String link, String canonical) {
    assertThat(CanonicalLink.of(link)).isEqualTo(canonical);
    assertThat(CanonicalLink.of(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "example.com/a",
        "/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://user@example.com/a",
        "https://example.com\\@evil.example/",
        "https://exa mple.com/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://..example.com/",
        "https://example.com/\n/a",
        "urn:uuid:1",
      })
  void what_is_no_plain_web_address_is_none(String link) {
    assertThat(CanonicalLink.of(link)).isNull();
  }

  @Test
  void an_address_in_base64_inside_an_aggregators_path_is_unwrapped() {
    byte[] wrapped =
        "\u0008\u0013\"\u001fhttps://example.com/harbour/cranes\u00d2\u0001\u0000"
            .getBytes(StandardCharsets.ISO_8859_1);
    String segment = Base64.getUrlEncoder().withoutPadding().encodeToString(wrapped);
    assertThat(CanonicalLink.of("https://news.example.net/rss/articles/" + segment + "?oc=5"))
        .isEqualTo("https://example.com/harbour/cranes");
  }

  @Test
  void a_wrapper_around_itself_ends() {
    String link = "https://example.com/url?url=https://example.com/url?url=";
    assertThat(CanonicalLink.of(link.repeat(20))).isNotNull();
  }

  @Test
  void an_endless_address_is_none() {
    assertThat(CanonicalLink.of("https://example.com/" + "a".repeat(5_000))).isNull();
    // Nor is one that its escapes make endless: it could not be read again.
    assertThat(CanonicalLink.of("https://example.com/" + "<".repeat(1_000))).isNull();
    assertThat(CanonicalLink.of("https://example.com/" + "<".repeat(500))).hasSize(1_520);
  }
}
