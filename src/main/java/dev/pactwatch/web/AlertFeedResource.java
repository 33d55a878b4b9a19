package dev.pactwatch.web;

import dev.pactwatch.notify.admin.AlertFeedPages.Format;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Subscriptions that are read as a feed. The key in the address is the credential: an unknown one
 * is answered like any other address that is not there.
 */
@Path("/feeds/alerts")
public class AlertFeedResource {

  private final NotifyProblems notifier;

  AlertFeedResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  /** As Atom. */
  @GET
  @Path("{key}.atom")
  public Response atom(
      @PathParam("key") String key,
      @QueryParam("before") Long before,
      @HeaderParam("If-None-Match") String ifNoneMatch) {
    return feed(key, Format.ATOM, before, ifNoneMatch, "application/atom+xml");
  }

  /** As JSON Feed. */
  @GET
  @Path("{key}.json")
  public Response json(
      @PathParam("key") String key,
      @QueryParam("before") Long before,
      @HeaderParam("If-None-Match") String ifNoneMatch) {
    return feed(key, Format.JSON, before, ifNoneMatch, "application/feed+json");
  }

  private Response feed(
      String key, Format format, Long before, String ifNoneMatch, String mediaType) {
    Optional<byte[]> page = notifier.admin().feeds().page(key, format, before);
    if (page.isEmpty()) {
      return Response.status(Response.Status.NOT_FOUND).build();
    }
    String version = version(page.get());
    Response.ResponseBuilder answer =
        Preconditions.known(ifNoneMatch, version)
            ? Response.notModified()
            : Response.ok(page.get(), mediaType);
    return answer
        .header("ETag", Preconditions.tag(version))
        .header("Cache-Control", "private, no-cache")
        .build();
  }

  private static String version(byte[] page) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(page), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
