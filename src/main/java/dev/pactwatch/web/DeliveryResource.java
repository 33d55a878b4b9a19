package dev.pactwatch.web;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.DeliveryAdmin;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Set;

/** The delivery log over HTTP, and sending again: what the command {@code deliveries} does. */
@Path("/api/deliveries")
@Produces(MediaType.APPLICATION_JSON)
public class DeliveryResource {

  private static final int MOST = 1_000;
  private static final int PAGE = 100;

  /**
   * @param count messages that are to be sent again
   */
  public record Again(int count) {}

  private final NotifyProblems notifier;

  DeliveryResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /**
   * Messages, newest first.
   *
   * @param before {@code next} of the page before
   */
  @GET
  public String list(
      @QueryParam("subscription") String subscription,
      @QueryParam("alert") String alert,
      @QueryParam("state") String state,
      @QueryParam("since") String since,
      @QueryParam("until") String until,
      @QueryParam("before") Long before,
      @QueryParam("limit") String limit) {
    return Json.write(
        deliveries().list(wanted(subscription, alert, state, since, until, before, limit)));
  }

  static MessageTable.Wanted wanted(
      String subscription,
      String alert,
      String state,
      String since,
      String until,
      Long before,
      String limit) {
    return new MessageTable.Wanted(
        SubscriptionResource.blankToNull(subscription),
        SubscriptionResource.blankToNull(alert),
        NotifyProblems.constant(MessageState.class, "state", state),
        NotifyProblems.time("since", since),
        NotifyProblems.time("until", until),
        before,
        NotifyProblems.number("limit", limit, 1, MOST, PAGE));
  }

  /** What matched and what became of it: matched = sent + pending + dead + suppressed. */
  @GET
  @Path("counts")
  public String counts() {
    return Json.write(deliveries().counts());
  }

  /** One message with every attempt. Its text and the receivers' answers are hostile. */
  @GET
  @Path("{id}")
  public String show(@PathParam("id") String id) {
    return Json.write(deliveries().show(id));
  }

  /** Sends it again, with its key and bytes. */
  @POST
  @Path("{id}/retry")
  public Response retry(@PathParam("id") String id, @Context SecurityContext user) {
    return Response.accepted(Json.write(deliveries().retry(id, NotifyProblems.who(user)))).build();
  }

  /**
   * Sends many again: {@code {"state": "dead"}} all that is dead, and with {@code subscription},
   * {@code since} and {@code until} less of it; also {@code delivered}, of at most 30 days.
   */
  @POST
  @Path("retry")
  @Consumes({MediaType.APPLICATION_JSON, SubscriptionResource.YAML})
  public Response retry(@Context SecurityContext user, String body) {
    return NotifyProblems.usable(
        () -> {
          Yaml range = Yaml.parse("body", body);
          range.map(Set.of("subscription", "state", "since", "until"));
          int count =
              deliveries()
                  .retry(
                      new DeliveryAdmin.Range(
                          range.get("subscription").map(Yaml::text).orElse(null),
                          range.need("state").oneOf(MessageState.class),
                          range
                              .get("since")
                              .map(time -> NotifyProblems.time("since", time.text()))
                              .orElse(null),
                          range
                              .get("until")
                              .map(time -> NotifyProblems.time("until", time.text()))
                              .orElse(null)),
                      NotifyProblems.who(user));
          return Response.accepted(Json.write(new Again(count))).build();
        });
  }

  private DeliveryAdmin deliveries() {
    return notifier.admin().deliveries();
  }
}
