package dev.pactwatch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  private final AddressGuard guard = AddressGuard.strict();
  private final UrlGuard urls = new UrlGuard(guard, Set.of(80, 443));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100.64.0.1",
        "192.0.0.192",
        "198.18.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "fc00::1",
        "fd00:ec2::254",
        "::127.0.0.1",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "192.0.2.1",
        "2001:db8::1",
        "0177.0.0.1",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "0x7f000001",
        "fe80::1%lo",
        // Beyond the measured list.
        "0.1.2.3",
        "172.31.255.255",
        "192.88.99.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "100.127.255.255",
        "239.255.255.250",
        "100::1",
        "3fff::1",
        "5f00::1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "0x7f.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.0.0.256"
      })
  void anAddressThatIsNotPublicIsRefusedInEverySpelling(String spelling) throws Exception {
    String host = spelling.contains(":") ? "[" + spelling + "]" : spelling;
    UrlGuard.Checked checked = urls.check("http://" + host + "/feed.xml");
    if (checked instanceof UrlGuard.Good) {
      CheckingResolver resolver =
          new CheckingResolver(guard, InetAddress::getAllByName, java.time.Duration.ofSeconds(5));
      assertThatThrownBy(() -> resolver.resolve(host))
          .isInstanceOf(CheckingResolver.RefusedAddress.class);
    } else {
      assertThat(((UrlGuard.Bad) checked).refusal()).isEqualTo(Refusal.SPELLING);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
        "64:ff9b::808:808"
      })
  void aPublicAddressMayBeDialled(String address) throws UnknownHostException {
    assertThat(guard.refusal(InetAddress.getByName(address))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "10.1.0.0/16, 10.1.255.3, true",
    "10.1.0.0/16, 10.2.0.1, false",
    "192.168.128.0/17, 192.168.127.255, false",
    "192.168.128.0/17, 192.168.128.0, true",
    "fd00:1::/32, fd00:1:2::3, true",
    "fd00:1::/32, fd00:2::3, false"
  })
  void aUserMayAllowAnAddressOrABlock(String allowed, String address, boolean passes)
      throws UnknownHostException {
    AddressGuard opened = AddressGuard.allowing(List.of(allowed));
    assertThat(opened.refusal(InetAddress.getByName(address)).isEmpty()).isEqualTo(passes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "127.1", "0x7f000001", "a b", "", "::1/129", "10.0.0.0/x"})
  void anUnclearAllowanceIsAnErrorThatNamesTheSetting(String entry) {
    assertThatThrownBy(() -> AddressGuard.allowing(List.of(entry)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pactwatch.http.allow-private");
  }
}
