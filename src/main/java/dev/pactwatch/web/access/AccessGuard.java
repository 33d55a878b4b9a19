package dev.pactwatch.web.access;

import dev.pactwatch.json.Json;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Lets through the requests that {@link AccessRules} allow. Without tokens and without another
 * server to ask, everybody on this machine may do everything; but not on behalf of a web page of
 * elsewhere.
 */
@ApplicationScoped
public class AccessGuard {

  /** Where a login by OpenID Connect begins. */
  private static final String OIDC_LOGIN = "/login/oidc";

  /** Set on a request that is to be sent to the other server. */
  static final String TO_OIDC = "pactwatch.to-oidc";

  /** Attribute of an identity: the {@link AccessRole} of its token. */
  static final String ROLE = "pactwatch.role";

  /** Attribute of an identity by token: a {@link BooleanSupplier}, false once it has ended. */
  static final String LASTS = "pactwatch.lasts";

  /**
   * Attribute that Quarkus gives an identity by OpenID Connect: its end in seconds of the epoch.
   */
  private static final String OIDC_ENDS = "quarkus.identity.expire-time";

  /** Set on a request when its address has to wait: for how long at most. */
  static final String TOO_MANY = "pactwatch.too-many";

  /** After those who say who asks (200), before all that answers. */
  private static final int PRIORITY = 150;

  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");

  /** A problem of the request, as RFC 9457 writes it. */
  private record Problem(String type, String title, int status, String detail) {}

  private static final Logger LOG = Logger.getLogger(AccessGuard.class);

  private final Access access;
  private final HttpAuthenticator authenticator;

  AccessGuard(Access access, HttpAuthenticator authenticator) {
    this.access = access;
    this.authenticator = authenticator;
  }

  void guard(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext request) {
    String method = request.request().method().name();
    Optional<List<String>> path = AccessRules.segments(request.normalizedPath());
    if (path.isEmpty()) {
      problem(request, 400, "Bad path", "this path can be read in two ways");
      return;
    }
    Optional<AccessRules.Needs> needs = AccessRules.needs(method, path.get());
    boolean loggedIn = loggedIn(request);
    if (needs.isEmpty()) {
      if (access.enforced() && !loggedIn) {
        unauthorised(request);
      } else {
        unlisted(request, path.get());
      }
      return;
    }
    if (needs.get() != AccessRules.Needs.SECRET && isForeign(request, loggedIn)) {
      problem(
          request,
          403,
          "Not from here",
          "a page of another site may not do this; programs send Authorization: Bearer");
      return;
    }
    if (!loggedIn && access.oidcConfigured() && request.normalizedPath().equals(OIDC_LOGIN)) {
      challenge(request);
    } else if (!access.enforced() || needs.get().isMetBy(role(request))) {
      request.next();
    } else if (!loggedIn) {
      unauthorised(request);
    } else {
      problem(
          request,
          403,
          "Not allowed",
          "this needs the role " + needs.get().name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Whether the one who asked would still be let through: to be asked now and then by an answer
   * that goes on for long. True while the token is in the file and not expired, the session is not
   * over, or what another server vouched for has not run out.
   *
   * @param request one that was let through
   */
  public BooleanSupplier lasting(RoutingContext request) {
    if (!loggedIn(request)) {
      return () -> !access.enforced();
    }
    SecurityIdentity identity = identity(request);
    BooleanSupplier ofToken = identity.getAttribute(LASTS);
    if (ofToken != null) {
      return ofToken;
    }
    Long ends = identity.getAttribute(OIDC_ENDS);
    return () -> ends == null || !access.hasPassed(Instant.ofEpochSecond(ends));
  }

  // ---- who asks

  private static SecurityIdentity identity(RoutingContext request) {
    return request.user() instanceof QuarkusHttpUser user ? user.getSecurityIdentity() : null;
  }

  private static boolean loggedIn(RoutingContext request) {
    SecurityIdentity identity = identity(request);
    return identity != null && !identity.isAnonymous();
  }

  private AccessRole role(RoutingContext request) {
    if (!loggedIn(request)) {
      return null;
    }
    SecurityIdentity identity = identity(request);
    AccessRole ofToken = identity.getAttribute(ROLE);
    return ofToken == null ? access.oidcRole(identity.getRoles()).orElse(null) : ofToken;
  }

  // ---- where the request comes from

  /**
   * Whether another site's page made the browser send this. Browsers add what they know of somebody
   * to every request; only a bearer token has to be added by the one who asks. An opened WebSocket
   * could be read by such a page, too.
   */
  private static boolean isForeign(RoutingContext context, boolean loggedIn) {
    HttpServerRequest request = context.request();
    boolean socket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    if (HARMLESS.contains(request.method().name()) && !socket
        || TokenMechanism.bearer(context).isPresent()) {
      return false;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      // Another port of this machine is same-site, and not us.
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader("Origin");
    if (origin != null) {
      int scheme = origin.indexOf("://");
      return scheme < 0 || !origin.substring(scheme + 3).equalsIgnoreCase(host(request));
    }
    // Every browser of today says one of the two. Who says neither is a program, and a program that
    // sends a browser's cookie is none that we know.
    return loggedIn;
  }

  private static String host(HttpServerRequest request) {
    return request.authority() == null ? "" : request.authority().toString();
  }

  // ---- answers

  static void unauthorised(RoutingContext request) {
    Duration wait = request.get(TOO_MANY);
    if (wait != null) {
      request.response().putHeader("Retry-After", String.valueOf(wait.toSeconds()));
      problem(request, 429, "Too many failures", "too many refused tokens from this address");
    } else if (isPage(request)) {
      toLogin(request);
    } else {
      boolean refused = request.request().getHeader("Authorization") != null;
      request
          .response()
          .putHeader(
              "WWW-Authenticate",
              "Bearer realm=\"pactwatch\"" + (refused ? ", error=\"invalid_token\"" : ""));
      problem(
          request,
          401,
          "Not logged in",
          refused
              ? "the token is unknown, expired or removed"
              : "send Authorization: Bearer TOKEN");
    }
  }

  /** Sends the browser to the server that vouches for users. */
  private void challenge(RoutingContext request) {
    request.put(TO_OIDC, true);
    var unused =
        authenticator
            .sendChallenge(request)
            .subscribe()
            .with(
                sent -> {
                  if (!request.response().ended()) {
                    request.response().end();
                  }
                },
                failure -> {
                  LOG.errorf("login by OpenID Connect: %s", failure.getMessage());
                  problem(request, 503, "No login", "the server of logins cannot be asked");
                });
  }

  private static void toLogin(RoutingContext request) {
    String from = request.request().uri();
    boolean returns = request.request().method().equals(HttpMethod.GET) && !from.equals("/");
    HttpServerResponse response = request.response();
    response
        .setStatusCode(303)
        .putHeader(
            "Location",
            returns ? "/login?next=" + URLEncoder.encode(from, StandardCharsets.UTF_8) : "/login")
        .putHeader("Cache-Control", "no-store")
        .end();
  }

  private static void unlisted(RoutingContext request, List<String> path) {
    Set<String> methods = AccessRules.methods(path);
    if (methods.isEmpty()) {
      problem(request, 404, "Not found", "nothing is here");
    } else {
      request.response().putHeader("Allow", String.join(", ", methods));
      problem(request, 405, "Method not allowed", "the methods here: " + methods);
    }
  }

  /** Whether a person asked for something to look at. */
  private static boolean isPage(RoutingContext request) {
    String accept = request.request().getHeader("Accept");
    String path = request.normalizedPath();
    return accept != null
        && accept.contains("text/html")
        && !path.startsWith("/api/")
        && !path.startsWith("/q/");
  }

  private static void problem(RoutingContext request, int status, String title, String detail) {
    HttpServerResponse response = request.response();
    if (response.ended()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(Json.write(new Problem("about:blank", title, status, detail)));
  }
}
