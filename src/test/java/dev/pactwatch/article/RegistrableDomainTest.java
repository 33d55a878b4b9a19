package dev.pactwatch.article;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrableDomainTest {

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com",
    "WWW.Example.com, example.com",
    "news.example.co.uk, example.co.uk",
    "a.b.example.com.au, example.com.au",
    "someone.github.io, someone.github.io",
    "co.uk, co.uk",
    "www.outlet.example, outlet.example",
    "a.b.intranet, b.intranet",
    "localhost, localhost",
    "192.0.2.7, 192.0.2.7",
    "[2001:db8::1], [2001:db8::1]",
    "x..y, x..y",
  })
  void the_registrable_part_of_a_host(String host, String domain) {
    assertThat(RegistrableDomain.of(host)).isEqualTo(domain);
  }
}
