package dev.pactwatch.web;

import dev.pactwatch.ingest.PushInbox;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * Where WebSub hubs confirm subscriptions and push. Answers 404 to everything unless a callback
 * address is set, and to every address that was not given to a hub.
 */
@Path("/websub/{feed}/{topic}/{seal}")
public class WebSubResource {

  @PathParam("feed")
  String feed;

  @PathParam("topic")
  String topic;

  @PathParam("seal")
  String seal;

  /** Confirms that the subscription is meant. */
  @GET
  @Produces(MediaType.TEXT_PLAIN)
  public Response confirm(
      @QueryParam("hub.mode") String mode,
      @QueryParam("hub.topic") String named,
      @QueryParam("hub.challenge") String challenge,
      @QueryParam("hub.lease_seconds") String lease) {
    return PushInbox.current()
        .flatMap(inbox -> inbox.confirm(feed, topic, seal, mode, named, challenge, lease))
        .map(answer -> Response.ok(answer).build())
        .orElseGet(() -> Response.status(Response.Status.NOT_FOUND).build());
  }

  /** Takes what the hub pushes. */
  @POST
  @Consumes(MediaType.WILDCARD)
  public Response receive(
      @HeaderParam("X-Hub-Signature") String signature,
      @HeaderParam("Content-Type") String type,
      byte[] body) {
    boolean ours =
        PushInbox.current()
            .map(inbox -> inbox.receive(feed, topic, seal, signature, type, body))
            .orElse(false);
    return Response.status(ours ? Response.Status.ACCEPTED : Response.Status.NOT_FOUND).build();
  }
}
