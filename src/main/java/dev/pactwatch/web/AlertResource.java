package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.topology.AlertHistories;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.RunningDetector;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Alerts as JSON, in the form of the topic's values. Problems are told as RFC 9457 asks. */
@Path("/api/alerts")
@Produces(MediaType.APPLICATION_JSON)
public class AlertResource {

  static final String PROBLEM = "application/problem+json";

  /**
   * @param cursor where the live stream goes on after this answer, for {@code ?since=}
   * @param total alerts that pass the filter, of which {@code alerts} holds the newest
   */
  public record Alerts(String cursor, int total, List<Alert> alerts) {}

  /** Names of the query parameters by which alerts are chosen. */
  public static final Set<String> PARAMETERS = AlertQuery.PARAMETERS;

  /**
   * @param revisions oldest first
   */
  public record History(Alert alert, List<Alert> revisions) {}

  /** A problem of the request. */
  public record Problem(String type, String title, int status, String detail) {}

  private final AlertLog log;
  private final RegistryAccess registry;
  private final RunningDetector topology;
  private final InstantSource clock = InstantSource.system();

  AlertResource(AlertLog log, RegistryAccess registry, RunningDetector topology) {
    this.log = log;
    this.registry = registry;
    this.topology = topology;
  }

  /**
   * Latest states, newest first. What is asked for are the parameters of {@link AlertQuery}: {@code
   * relation}, {@code severity}, {@code organisation}, {@code agreement}, {@code status}, {@code
   * q}, {@code period}, {@code since} and {@code limit}.
   */
  @GET
  public String list(@Context UriInfo asked) {
    AlertQuery query =
        AlertQuery.parse(asked.getQueryParameters(), AlertQuery.DEFAULT_LIMIT, clock.instant());
    AlertStore.Listing listing = log.store().list(query, query.limit());
    return Json.write(new Alerts(listing.cursor().toString(), listing.total(), listing.alerts()));
  }

  /** One alert with those of its revisions that are still kept in memory. */
  @GET
  @Path("{id}")
  public Response show(@PathParam("id") String id) {
    Optional<Alert> latest = log.store().latest(id);
    if (latest.isEmpty()) {
      return problem(404, "No such alert", "no alert has this id");
    }
    return Response.ok(Json.write(new History(latest.get(), log.store().revisions(id)))).build();
  }

  /**
   * The revisions that event time implies, whatever the order in which the articles came in: the
   * log tells what was known when, this what happened when. Asked of the topology's own store; an
   * instance that does not hold the alert's chain sends on to the one that does.
   */
  @GET
  @Path("{id}/history")
  public Response history(@PathParam("id") String id) {
    Optional<Alert> latest = log.store().latest(id);
    if (latest.isEmpty()) {
      return problem(404, "No such alert", "no alert has this id");
    }
    Optional<Detector> detector = topology.get();
    if (detector.isEmpty()) {
      return problem(
          501, "No topology here", "this process has not the role detect; ask one that has");
    }
    AlertHistories.Answer answer =
        AlertHistories.of(detector.get(), latest.get().agreement().chain(), id);
    if (answer instanceof AlertHistories.Found found) {
      return Response.ok(Json.write(new History(latest.get(), found.revisions()))).build();
    }
    if (answer instanceof AlertHistories.Elsewhere elsewhere) {
      return Response.temporaryRedirect(
              UriBuilder.newInstance()
                  .scheme("http")
                  .host(elsewhere.host())
                  .port(elsewhere.port())
                  .path("api/alerts/{id}/history")
                  .build(id))
          .build();
    }
    return Response.fromResponse(
            problem(503, "Not yet", "the topology's work is being moved between instances"))
        .header("Retry-After", 1)
        .build();
  }

  /**
   * Why an alert was raised, and the nearest relation that does not hold by the registry as it
   * stands now.
   */
  @GET
  @Path("{id}/explanation")
  public Response explain(@PathParam("id") String id) {
    Optional<Alert> latest = log.store().latest(id);
    if (latest.isEmpty()) {
      return problem(404, "No such alert", "no alert has this id");
    }
    try {
      return Response.ok(
              Json.write(registry.explainer().explain(latest.get(), registry.folder().registry())))
          .build();
    } catch (ConfigException e) {
      return problem(503, "The configuration cannot be used", e.getMessage());
    }
  }

  @ServerExceptionMapper
  Response badParameter(AlertQuery.BadParameter e) {
    return problem(400, "Bad parameter", e.getMessage());
  }

  static Response problem(int status, String title, String detail) {
    return Response.status(status)
        .type(PROBLEM)
        .entity(Json.write(new Problem("about:blank", title, status, detail)))
        .build();
  }
}
