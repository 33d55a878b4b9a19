package dev.pactwatch.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/**
 * Where the link of a message ends a subscription. Scanners of mail follow links: to look changes
 * nothing. The button, and a mail program that knows RFC 8058, post.
 */
@Path("/unsubscribe/{token}")
@Produces(MediaType.TEXT_HTML)
public class UnsubscribeResource {

  /**
   * @param subscription its id, null for a link that is none of ours
   * @param done whether it has been ended by now
   */
  public record Unsubscribe(String assets, String subscription, boolean done) {}

  /** Templates, checked at build time. */
  @CheckedTemplate
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance unsubscribe(Unsubscribe page);
  }

  private final NotifyProblems notifier;

  UnsubscribeResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /** A page with a button. */
  @GET
  public Response show(@PathParam("token") String token) {
    return page(notifier.admin().unsubscribing().subscription(token), false);
  }

  /** Ends it, as often as it is asked. */
  @POST
  @Consumes(MediaType.WILDCARD)
  public Response end(@PathParam("token") String token) {
    Optional<String> subscription = notifier.admin().unsubscribing().subscription(token);
    return page(subscription, notifier.admin().unsubscribing().end(token));
  }

  private static Response page(Optional<String> subscription, boolean done) {
    return Response.status(subscription.isPresent() ? 200 : 404)
        .entity(
            Templates.unsubscribe(new Unsubscribe(Assets.VERSION, subscription.orElse(null), done)))
        .header("Cache-Control", "no-store")
        .build();
  }
}
