package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.SilenceAdmin;
import dev.pactwatch.notify.policy.Silence;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** Silences over HTTP: what the command {@code silences} does. */
@Path("/api/silences")
@Produces(MediaType.APPLICATION_JSON)
public class SilenceResource {

  private static final int MOST = 1_000;

  /** Silences, newest first. */
  public record Silences(int total, List<SilenceAdmin.Shown> silences) {}

  private final NotifyProblems notifier;

  SilenceResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /** All, or those in one state. */
  @GET
  public String list(@QueryParam("state") String state) {
    Silence.State wanted = NotifyProblems.constant(Silence.State.class, "state", state);
    List<SilenceAdmin.Shown> found =
        silences().list(wanted == null ? Set.of() : Set.of(wanted), MOST);
    return Json.write(new Silences(found.size(), found));
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public String show(@PathParam("id") String id) {
    return Json.write(silences().show(id));
  }

  /**
   * Makes a silence: {@code matchers} and {@code comment}, and {@code lasts}, {@code ends-at} or
   * {@code expire-after-idle}; {@code starts-at}, {@code during} and {@code at-end} where wanted.
   *
   * @param request sent twice it makes one silence
   */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, SubscriptionResource.YAML})
  public Response add(
      @HeaderParam("Idempotency-Key") String request, @Context SecurityContext user, String body) {
    return NotifyProblems.usable(
        () -> {
          SilenceAdmin.Shown made = silences().add(body, NotifyProblems.who(user), request);
          return Response.created(URI.create("/api/silences/" + made.id()))
              .entity(Json.write(made))
              .build();
        });
  }

  /** Which open alerts the {@code matchers} of a document match. */
  @POST
  @Path("preview")
  @Consumes({MediaType.APPLICATION_JSON, SubscriptionResource.YAML})
  public String preview(String body) {
    return NotifyProblems.usable(() -> Json.write(silences().preview(body)));
  }

  /** Ends it now. It stays on record. */
  @DELETE
  @Path("{id}")
  public String expire(@PathParam("id") String id, @Context SecurityContext user) {
    return Json.write(silences().expire(id, NotifyProblems.who(user)));
  }

  private SilenceAdmin silences() {
    return notifier.admin().silences();
  }
}
