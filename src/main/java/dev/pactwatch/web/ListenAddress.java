package dev.pactwatch.web;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * As long as there is no login, nobody but this machine may ask: the program refuses to listen
 * elsewhere, and refuses requests under another name than this machine's, which a web page could
 * make by pointing its own name here.
 */
@ApplicationScoped
public class ListenAddress {

  private static final int BAD_INPUT = 2;
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final String host;

  ListenAddress(@ConfigProperty(name = "quarkus.http.host") String host) {
    this.host = host;
  }

  void check(@Observes @Priority(1) StartupEvent event) {
    if (!isLoopback(host)) {
      throw new PreventFurtherStepsException(
          "quarkus.http.host: '"
              + host
              + "' can be reached by other machines and there is no login yet; use 127.0.0.1",
          BAD_INPUT);
    }
  }

  void guard(@Observes Filters filters) {
    filters.register(ListenAddress::guard, 1000);
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

  private static void guard(RoutingContext request) {
    HostAndPort authority = request.request().authority();
    if (authority != null && OWN_NAMES.contains(authority.host().toLowerCase(Locale.ROOT))) {
      request.next();
    } else {
      request
          .response()
          .setStatusCode(421)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end("This address is served as localhost only.\n");
    }
  }
}
