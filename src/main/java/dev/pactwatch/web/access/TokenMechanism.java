package dev.pactwatch.web.access;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Says who asks, by a token of {@code access.yaml} or by the session that was opened with one.
 * Whether that is enough is for {@link AccessGuard} to say.
 */
@ApplicationScoped
public class TokenMechanism implements HttpAuthenticationMechanism {

  /** Cookie of a browser's session. */
  static final String COOKIE = "pactwatch_session";

  private static final Logger LOG = Logger.getLogger(TokenMechanism.class);
  private static final String SCHEME = "bearer ";

  private final Access access;

  TokenMechanism(Access access) {
    this.access = access;
  }

  /** Before the one of OpenID Connect, which would take our tokens for broken ones of its own. */
  @Override
  public int getPriority() {
    return DEFAULT_PRIORITY + 1000;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager identities) {
    if (!access.enforced()) {
      return Uni.createFrom().nullItem();
    }
    Optional<String> bearer = bearer(request);
    if (bearer.isPresent()) {
      if (!bearer.get().startsWith(AccessToken.PREFIX)) {
        return Uni.createFrom().nullItem();
      }
      Optional<AccessToken> token = access.token(bearer.get());
      if (token.isEmpty()) {
        refuse(request);
        return Uni.createFrom().item(nobody());
      }
      return Uni.createFrom().item(identity(token.get()));
    }
    Cookie cookie = request.request().getCookie(COOKIE);
    return Uni.createFrom()
        .item(
            Optional.ofNullable(cookie)
                .flatMap(one -> access.session(one.getValue()))
                .map(TokenMechanism::identity)
                .orElse(null));
  }

  /** What challenges are answered with is {@link AccessGuard}'s, too. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext request) {
    if (request.normalizedPath().equals(AccessGuard.OIDC_LOGIN)) {
      return Uni.createFrom().item(false);
    }
    AccessGuard.unauthorised(request);
    return Uni.createFrom().item(true);
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  /** What follows {@code Authorization: Bearer}. */
  static Optional<String> bearer(RoutingContext request) {
    String header = request.request().getHeader("Authorization");
    return header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.of(header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private void refuse(RoutingContext request) {
    String address = request.request().remoteAddress().hostAddress();
    if (access.failedHeaders().reached(address)) {
      request.put(AccessGuard.TOO_MANY, access.failedHeaders().within());
    } else {
      access.failedHeaders().failed(address);
      LOG.warnf("token refused address=%s via=header", address);
    }
  }

  private static SecurityIdentity nobody() {
    return QuarkusSecurityIdentity.builder().setAnonymous(true).build();
  }

  private static SecurityIdentity identity(AccessToken token) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(token.name()))
        .addRole(token.role().label())
        .addAttribute(AccessGuard.ROLE, token.role())
        .build();
  }
}
