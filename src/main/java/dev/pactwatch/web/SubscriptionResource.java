package dev.pactwatch.web;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin.Held;
import dev.pactwatch.notify.policy.DryRun;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Subscriptions over HTTP: what the command {@code subscriptions} does, on the same database. A
 * subscription has a version, which is its ETag; a change names the version it is a change of.
 * Secrets are in no answer, but for a new signing key in the one that makes it.
 */
@Path("/api/subscriptions")
@Produces(MediaType.APPLICATION_JSON)
public class SubscriptionResource {

  static final String YAML = "application/yaml";

  /** What stands in the place of an id in the addresses below. */
  private static final Set<String> RESERVED = Set.of("audit");

  private static final int LONGEST_WAIT = 30;
  private static final int AUDIT = 1_000;

  /**
   * @param problems with the file, and with stored ones that cannot be read
   */
  public record Subscriptions(
      int total, List<SubscriptionAdmin.Shown> subscriptions, List<String> problems) {}

  private final NotifyProblems notifier;

  SubscriptionResource(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  // ---- reading

  /** All, by id, with how they fare. */
  @GET
  public String list() {
    SubscriptionAdmin.Listing listing = subscriptions().list();
    return Json.write(
        new Subscriptions(
            listing.subscriptions().size(), listing.subscriptions(), listing.problems()));
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public Response show(@PathParam("id") String id) {
    return tagged(200, subscriptions().show(id));
  }

  /** What was sent to one, or is owed: as {@code /api/deliveries?subscription=}. */
  @GET
  @Path("{id}/deliveries")
  public String deliveries(
      @PathParam("id") String id,
      @QueryParam("alert") String alert,
      @QueryParam("state") String state,
      @QueryParam("since") String since,
      @QueryParam("until") String until,
      @QueryParam("before") Long before,
      @QueryParam("limit") String limit) {
    subscriptions().show(id);
    return Json.write(
        notifier
            .admin()
            .deliveries()
            .list(DeliveryResource.wanted(id, alert, state, since, until, before, limit)));
  }

  /** Who changed what of the notifier, newest first, and whether the trail is unbroken. */
  @GET
  @Path("audit")
  public String audit(@QueryParam("limit") String limit) {
    return Json.write(
        notifier.admin().audit(NotifyProblems.number("limit", limit, 1, AUDIT, AUDIT)));
  }

  // ---- changing

  /** Makes a subscription, or replaces it. */
  @PUT
  @Path("{id}")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response put(
      @PathParam("id") String id,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam("If-None-Match") String ifNoneMatch,
      @Context SecurityContext user,
      String body) {
    Long expected =
        ifNoneMatch != null && ifNoneMatch.strip().equals("*") ? Long.valueOf(0) : version(ifMatch);
    return NotifyProblems.usable(
        () -> {
          Yaml named = Yaml.parse("body", body).need("id");
          if (!named.text().equals(id) || RESERVED.contains(id)) {
            throw named.problem(
                RESERVED.contains(id)
                    ? "'" + id + "' is a word of this interface"
                    : "must be '" + id + "', as in the address");
          }
          SubscriptionAdmin.Shown now =
              subscriptions().put(body, NotifyProblems.who(user), expected);
          boolean made = expected != null && expected == 0;
          return Response.fromResponse(tagged(made ? 201 : 200, now))
              .location(made ? URI.create("/api/subscriptions/" + id) : null)
              .build();
        });
  }

  /** Takes it out. What was sent stays on record. */
  @DELETE
  @Path("{id}")
  public Response remove(
      @PathParam("id") String id,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user) {
    subscriptions().remove(id, NotifyProblems.who(user), version(ifMatch));
    return Response.noContent().build();
  }

  /** Holds everything back: {@code {"reason": "..."}}, or no body. */
  @POST
  @Path("{id}/pause")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response pause(@PathParam("id") String id, @Context SecurityContext user, String body) {
    return NotifyProblems.usable(
        () ->
            tagged(
                200,
                subscriptions()
                    .pause(id, text(body, "reason").orElse(null), NotifyProblems.who(user))));
  }

  /** Ends a pause: {@code {"held": "all"}}, {@code latest} or {@code none}; no body for all. */
  @POST
  @Path("{id}/resume")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response resume(@PathParam("id") String id, @Context SecurityContext user, String body) {
    return NotifyProblems.usable(
        () -> {
          Held held = field(body, "held").map(value -> value.oneOf(Held.class)).orElse(Held.ALL);
          return tagged(200, subscriptions().resume(id, held, NotifyProblems.who(user)));
        });
  }

  /**
   * Sends a message that says that it is a test: {@code {"alert": "..."}}, or no body.
   *
   * @param wait so many seconds for an attempt; none where it is left out
   */
  @POST
  @Path("{id}/test")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response test(
      @PathParam("id") String id,
      @QueryParam("wait") String wait,
      @Context SecurityContext user,
      String body)
      throws InterruptedException {
    int seconds = NotifyProblems.number("wait", wait, 0, LONGEST_WAIT, 0);
    SubscriptionAdmin.Tested test =
        NotifyProblems.usable(
            () ->
                subscriptions()
                    .test(id, text(body, "alert").orElse(null), NotifyProblems.who(user)));
    return Response.accepted(Json.write(subscriptions().await(test, Duration.ofSeconds(seconds))))
        .location(URI.create("/api/deliveries/" + test.message()))
        .build();
  }

  /**
   * What it would send, without sending it; of a document in the body that is not kept, too.
   *
   * @param alert what it is to be about; left out, the latest
   */
  @POST
  @Path("{id}/preview")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public String preview(
      @PathParam("id") String id, @QueryParam("alert") String alert, String body) {
    return NotifyProblems.usable(
        () -> Json.write(subscriptions().preview(id, blankToNull(body), blankToNull(alert))));
  }

  /**
   * What it would have sent in the last days; of a document in the body that is not kept, too.
   *
   * @param days at most 366; 90 where it is left out
   */
  @POST
  @Path("{id}/dry-run")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public String dryRun(@PathParam("id") String id, @QueryParam("days") String days, String body) {
    int back = NotifyProblems.number("days", days, 1, 366, (int) DryRun.PERIOD.toDays());
    return NotifyProblems.usable(
        () -> Json.write(subscriptions().dryRun(id, blankToNull(body), back)));
  }

  /** Gives a webhook a new signing key, which stands in this answer and in no other. */
  @POST
  @Path("{id}/secret")
  public Response rotate(@PathParam("id") String id, @Context SecurityContext user) {
    return NotifyProblems.usable(
        () ->
            Response.ok(Json.write(subscriptions().rotate(id, NotifyProblems.who(user))))
                .header("Cache-Control", "no-store")
                .build());
  }

  /** Leaves a webhook the newest of its signing keys alone. */
  @DELETE
  @Path("{id}/secret")
  public Response dropOldSecrets(@PathParam("id") String id, @Context SecurityContext user) {
    return NotifyProblems.usable(
        () -> tagged(200, subscriptions().dropOldSecrets(id, NotifyProblems.who(user))));
  }

  // ---- shared

  private SubscriptionAdmin subscriptions() {
    return notifier.admin().subscriptions();
  }

  /** Null for any; one that is no version of ours never matches. */
  private static Long version(String ifMatch) {
    String version = Preconditions.version(ifMatch, "/api/subscriptions/ID");
    if (version == null) {
      return null;
    }
    return version.matches("[1-9][0-9]{0,17}") ? Long.valueOf(version) : Long.valueOf(-1);
  }

  static String blankToNull(String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /** A field of a body that may be missing as a whole. */
  static Optional<Yaml> field(String body, String name) {
    if (blankToNull(body) == null) {
      return Optional.empty();
    }
    Yaml root = Yaml.parse("body", body);
    root.map(Set.of(name));
    return root.get(name);
  }

  private static Optional<String> text(String body, String name) {
    return field(body, name).map(Yaml::text);
  }

  private static Response tagged(int status, SubscriptionAdmin.Shown shown) {
    return Response.status(status)
        .header("ETag", Preconditions.tag(String.valueOf(shown.version())))
        .header("Cache-Control", "no-cache")
        .entity(Json.write(shown))
        .build();
  }
}
