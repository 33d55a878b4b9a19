package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.web.access.Access;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where the program may listen, and under which names it may be asked. Without a login nobody but
 * this machine may ask; and a request under a name that is not ours could come from a web page that
 * points its own name here.
 */
@ApplicationScoped
public class ListenAddress {

  private static final int BAD_INPUT = 2;
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final String host;
  private final Set<String> names;
  private final Access access;

  ListenAddress(
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "pactwatch.http.names") Optional<List<String>> names,
      Access access) {
    this.host = host;
    this.names = new HashSet<>(OWN_NAMES);
    this.access = access;
    names.orElse(List.of()).forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
  }

  void check(@Observes @Priority(1) StartupEvent event) {
    try {
      check(host, names.size() > OWN_NAMES.size(), access.enforced());
    } catch (ConfigException e) {
      throw new PreventFurtherStepsException(e.getMessage(), BAD_INPUT);
    }
  }

  /**
   * Refuses to serve others without a login.
   *
   * @param named whether the program answers to names that are not this machine's alone
   * @throws ConfigException saying how to mend it
   */
  public static void check(String host, boolean named, boolean login) {
    if (login) {
      return;
    }
    String mend =
        "; make a token first (pactwatch token add NAME --role admin) or set"
            + " quarkus.oidc.auth-server-url";
    if (!isLoopback(host)) {
      throw new ConfigException(
          "quarkus.http.host: '"
              + host
              + "' can be reached by others, and nobody has to log in"
              + mend
              + ", or listen on 127.0.0.1");
    }
    if (named) {
      throw new ConfigException(
          "pactwatch.http.names: others are served under these names, and nobody has to log in"
              + mend);
    }
  }

  void guard(@Observes Filters filters) {
    filters.register(this::guard, 1000);
  }

  static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void guard(RoutingContext request) {
    HostAndPort authority = request.request().authority();
    if (authority != null && isOurs(authority.host(), request.request().localAddress())) {
      request.next();
    } else {
      request
          .response()
          .setStatusCode(421)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end("Not served under this name: see the setting pactwatch.http.names.\n");
    }
  }

  /** The address that was asked is no name that somebody could point elsewhere. */
  private boolean isOurs(String name, SocketAddress asked) {
    return names.contains(name.toLowerCase(Locale.ROOT))
        || asked != null && name.equals(bracketed(asked.hostAddress()));
  }

  private static String bracketed(String address) {
    return address != null && address.contains(":") ? '[' + address + ']' : address;
  }
}
