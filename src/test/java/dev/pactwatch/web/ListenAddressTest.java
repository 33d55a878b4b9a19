package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "no-such-host.invalid"})
  void othersAreServedWithALoginAlone(String host) {
    assertThatThrownBy(() -> ListenAddress.check(host, false, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("quarkus.http.host: '" + host + "'", "token add", "127.0.0.1");
    assertThatCode(() -> ListenAddress.check(host, false, true)).doesNotThrowAnyException();
  }

  @Test
  void thisMachineNeedsNoLoginUnlessItServesUnderAnotherName() {
    assertThatCode(() -> ListenAddress.check("127.0.0.1", false, false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ListenAddress.check("127.0.0.1", true, false))
        .hasMessageStartingWith("pactwatch.http.names: ");
    assertThatCode(() -> ListenAddress.check("127.0.0.1", true, true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.8.9.10"})
  void loopbackIsKnownByEveryName(String host) {
    assertThat(ListenAddress.isLoopback(host)).isTrue();
  }
}
