package dev.pactwatch.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How requests leave the house.
 *
 * @param version of this program, for the User-Agent
 * @param contact URL or mail address for site owners, {@code pactwatch.http.contact}; may be blank
 * @param allowPrivate {@code pactwatch.http.allow-private}: addresses, blocks and host names that
 *     may be asked although they are not public
 * @param ports allowed besides any port of a host in {@code allowPrivate}
 * @param connect for resolving, for connecting and for the TLS handshake, each
 * @param silence longest pause of the server, before its first byte and between bytes
 * @param total for the whole exchange, redirects and body included
 * @param maxBytes of a body, as sent and once unpacked
 * @param maxRatio how many bytes one packed byte may become
 */
public record OutboundSettings(
    String version,
    String contact,
    List<String> allowPrivate,
    Set<Integer> ports,
    Duration connect,
    Duration silence,
    Duration total,
    int maxBytes,
    int maxRatio) {

  public OutboundSettings {
    allowPrivate = List.copyOf(allowPrivate);
    ports = Set.copyOf(ports);
  }

  /** 5 s to connect, 10 s of silence, 30 s in all; 10 MiB; 100:1; ports 80, 443 and 8443. */
  public static OutboundSettings defaults(
      String version, String contact, List<String> allowPrivate) {
    return new OutboundSettings(
        version,
        contact,
        allowPrivate,
        Set.of(80, 443, 8443),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        10 * 1024 * 1024,
        100);
  }

  /** The same with other deadlines. */
  public OutboundSettings withDeadlines(Duration connect, Duration silence, Duration total) {
    return new OutboundSettings(
        version, contact, allowPrivate, ports, connect, silence, total, maxBytes, maxRatio);
  }

  /** {@code Pactwatch/0.1.0 (+https://example.org/bot)}. */
  public String userAgent() {
    String name = "Pactwatch/" + version;
    return contact == null || contact.isBlank() ? name : name + " (+" + contact.strip() + ")";
  }
}
