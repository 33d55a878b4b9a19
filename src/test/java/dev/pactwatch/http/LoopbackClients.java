package dev.pactwatch.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Clients for which names of a test lead to this machine, on any port. */
public final class LoopbackClients {

  private LoopbackClients() {}

  /**
   * @param version for the User-Agent
   * @param hosts names that lead to 127.0.0.1
   */
  public static OutboundClient of(String version, String contact, List<String> hosts) {
    return of(OutboundSettings.defaults(version, contact, List.of()), hosts);
  }

  /**
   * @param settings limits; what they allow besides the names is kept
   * @param hosts names that lead to 127.0.0.1 and may; every other name leads there, too, but may
   *     not
   */
  public static OutboundClient of(OutboundSettings settings, List<String> hosts) {
    List<String> allowed = new ArrayList<>(hosts);
    allowed.addAll(settings.allowPrivate());
    OutboundSettings local =
        new OutboundSettings(
            settings.version(),
            settings.contact(),
            allowed,
            settings.ports(),
            settings.connect(),
            settings.silence(),
            settings.total(),
            settings.maxBytes(),
            settings.maxRatio());
    return new OutboundClient(
        local, null, host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")});
  }
}
