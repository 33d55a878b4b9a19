package dev.pactwatch.web;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.AlertAdmin;
import dev.pactwatch.notify.policy.Acknowledgement;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Who has taken on an alert. */
@Path("/api/alerts/{id}/acknowledgement")
@Produces(MediaType.APPLICATION_JSON)
public class AcknowledgementResource {

  private final NotifyProblems notifier;

  AcknowledgementResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /** 204 where nobody has, or the alert has moved on since. */
  @GET
  public Response show(@PathParam("id") String id) {
    return alerts()
        .acknowledgement(id)
        .map(one -> Response.ok(Json.write(one)).build())
        .orElseGet(() -> Response.noContent().build());
  }

  /** Takes it on: {@code {"note": "...", "until": "2026-03-18T09:30:00Z"}}, both as one likes. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, SubscriptionResource.YAML})
  public String acknowledge(
      @PathParam("id") String id, @Context SecurityContext user, String body) {
    return NotifyProblems.usable(
        () -> {
          Optional<Yaml> sent =
              Optional.ofNullable(SubscriptionResource.blankToNull(body))
                  .map(text -> Yaml.parse("body", text));
          sent.ifPresent(one -> one.map(Set.of("note", "until")));
          Instant until =
              sent.flatMap(one -> one.get("until"))
                  .map(time -> NotifyProblems.time("until", time.text()))
                  .orElse(null);
          Acknowledgement made =
              alerts()
                  .acknowledge(
                      id,
                      NotifyProblems.who(user),
                      sent.flatMap(one -> one.get("note")).map(Yaml::text).orElse(null),
                      until);
          return Json.write(made);
        });
  }

  /** Gives it back. */
  @DELETE
  public Response unacknowledge(@PathParam("id") String id, @Context SecurityContext user) {
    alerts().unacknowledge(id, NotifyProblems.who(user));
    return Response.noContent().build();
  }

  private AlertAdmin alerts() {
    return notifier.admin().alerts();
  }
}
