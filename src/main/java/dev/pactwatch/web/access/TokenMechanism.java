package dev.pactwatch.web.access;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Says who asks: by a token of {@code access.yaml}, by the session that was opened with one, or by
 * what another server vouches for, where one is set up. Whether that is enough is for {@link
 * AccessGuard} to say. Stands in the place of the mechanism of OpenID Connect, so that whoever is
 * turned away is so in one form.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class TokenMechanism implements HttpAuthenticationMechanism {

  /** Cookie of a browser's session. */
  static final String COOKIE = "pactwatch_session";

  private static final Logger LOG = Logger.getLogger(TokenMechanism.class);
  private static final String SCHEME = "bearer ";

  private final Access access;
  private final OidcAuthenticationMechanism oidc;

  TokenMechanism(Access access, OidcAuthenticationMechanism oidc) {
    this.access = access;
    this.oidc = oidc;
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
        return byOidc(request, identities);
      }
      Optional<AccessToken> token = access.token(bearer.get());
      if (token.isEmpty()) {
        refuse(request);
        return Uni.createFrom().item(nobody());
      }
      return Uni.createFrom().item(identity(token.get(), () -> access.lasts(token.get())));
    }
    Cookie cookie = request.request().getCookie(COOKIE);
    Optional<AccessToken> session =
        Optional.ofNullable(cookie).flatMap(one -> access.session(one.getValue()));
    return session.isPresent()
        ? Uni.createFrom()
            .item(identity(session.get(), () -> access.session(cookie.getValue()).isPresent()))
        : byOidc(request, identities);
  }

  private Uni<SecurityIdentity> byOidc(RoutingContext request, IdentityProviderManager identities) {
    if (!access.oidcConfigured()) {
      return Uni.createFrom().nullItem();
    }
    return oidc.authenticate(request, identities)
        .onTermination()
        // It notes itself as the one who answers; that is us.
        .invoke(() -> request.put(HttpAuthenticationMechanism.class.getName(), this));
  }

  /** What challenges are answered with is {@link AccessGuard}'s, too. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext request) {
    if (request.get(AccessGuard.TO_OIDC) != null) {
      return oidc.sendChallenge(request);
    }
    AccessGuard.unauthorised(request);
    return Uni.createFrom().item(true);
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return oidc.getCredentialTypes();
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

  private static SecurityIdentity identity(AccessToken token, BooleanSupplier lasts) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(token.name()))
        .addRole(token.role().label())
        .addAttribute(AccessGuard.ROLE, token.role())
        .addAttribute(AccessGuard.LASTS, lasts)
        .build();
  }
}
