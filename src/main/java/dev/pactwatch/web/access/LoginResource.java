package dev.pactwatch.web.access;

import dev.pactwatch.web.Assets;
import io.quarkus.oidc.OidcSession;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** How browsers log in with a token, and out; works without script. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
public class LoginResource {

  private static final Logger LOG = Logger.getLogger(LoginResource.class);

  /**
   * @param user who is logged in, null for nobody
   * @param open whether no login is asked for at all
   * @param problem why the last attempt failed, null where there was none
   * @param oidc whether there is another way to log in
   */
  public record Login(
      String assets, String user, boolean open, String problem, String next, boolean oidc) {}

  /** Templates, checked at build time. */
  @CheckedTemplate
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance login(Login login);
  }

  private final Access access;
  private final CurrentVertxRequest request;
  private final OidcSession oidc;

  LoginResource(Access access, CurrentVertxRequest request, OidcSession oidc) {
    this.access = access;
    this.request = request;
    this.oidc = oidc;
  }

  /** A field for the token; for somebody who is logged in, the way out. */
  @GET
  @Path("login")
  public Response login(@QueryParam("next") String next, @Context SecurityContext user) {
    return page(200, user, null, next);
  }

  /** Opens a session for the token, and goes on to the page that was asked for. */
  @POST
  @Path("login")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response login(
      @FormParam("token") String secret,
      @FormParam("next") String next,
      @Context SecurityContext user) {
    String address = http().remoteAddress().hostAddress();
    if (access.failedLogins().reached(address)) {
      return Response.fromResponse(
              page(429, null, "Too many failures from your address. Try again later.", next))
          .header("Retry-After", access.failedLogins().within().toSeconds())
          .build();
    }
    Optional<AccessToken> token =
        access.enforced() && secret != null ? access.token(secret.strip()) : Optional.empty();
    if (token.isEmpty()) {
      access.failedLogins().failed(address);
      LOG.warnf("token refused address=%s via=login", address);
      return page(401, user, "This token is unknown, expired or removed.", next);
    }
    LOG.infof(
        "logged in name=%s role=%s address=%s",
        token.get().name(), token.get().role().label(), address);
    return Response.seeOther(own(next))
        .cookie(
            cookie(
                access.sessions().open(token.get()),
                (int) access.sessions().lifetime().toSeconds()))
        .header("Cache-Control", "no-store")
        .build();
  }

  /** Somebody whom the other server vouches for goes on; the guard sends nobody else here. */
  @GET
  @Path("login/oidc")
  public Response oidc(@QueryParam("next") String next) {
    return Response.seeOther(own(next)).header("Cache-Control", "no-store").build();
  }

  /** Ends the session, wherever its cookie may have got to. */
  @POST
  @Path("logout")
  public Uni<Response> logout(@CookieParam(TokenMechanism.COOKIE) String session) {
    if (session != null) {
      access.sessions().close(session);
    }
    Response out =
        Response.seeOther(URI.create("/login"))
            .cookie(cookie("", 0))
            .header("Cache-Control", "no-store")
            .build();
    return access.oidcConfigured() ? oidc.logout().replaceWith(out) : Uni.createFrom().item(out);
  }

  private Response page(int status, SecurityContext user, String problem, String next) {
    String name =
        user == null || user.getUserPrincipal() == null ? null : user.getUserPrincipal().getName();
    return Response.status(status)
        .entity(
            Templates.login(
                new Login(
                    Assets.VERSION,
                    name,
                    !access.enforced(),
                    problem,
                    own(next).toString(),
                    access.oidcConfigured())))
        .header("Cache-Control", "no-store")
        .build();
  }

  private NewCookie cookie(String value, int seconds) {
    return new NewCookie.Builder(TokenMechanism.COOKIE)
        .value(value)
        .path("/")
        .maxAge(seconds)
        .httpOnly(true)
        .secure("https".equals(http().scheme()))
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }

  private HttpServerRequest http() {
    return request.getCurrent().request();
  }

  /** A place of ours, and the page of alerts for everything else. */
  static URI own(String next) {
    URI home = URI.create("/");
    if (next == null || !next.startsWith("/") || next.startsWith("//") || next.contains("\\")) {
      return home;
    }
    try {
      URI place = new URI(next);
      return place.getScheme() == null && place.getRawAuthority() == null ? place : home;
    } catch (URISyntaxException e) {
      return home;
    }
  }
}
