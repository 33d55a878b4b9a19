package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Why a subscriber was told of an alert, or was not. */
@Path("/api/alerts/{id}/explain")
@Produces(MediaType.APPLICATION_JSON)
public class AlertDeliveryResource {

  private final NotifyProblems notifier;

  AlertDeliveryResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /** The same answer as the command {@code subscriptions explain} gives. */
  @GET
  public String explain(
      @PathParam("id") String id, @QueryParam("subscription") String subscription) {
    if (SubscriptionResource.blankToNull(subscription) == null) {
      throw new NotifyProblems.Refused(
          "subscription must name the one that is asked about", "subscription", null);
    }
    return Json.write(notifier.admin().alerts().explain(id, subscription));
  }
}
