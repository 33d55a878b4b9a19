package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.ingest.FeedStates;
import dev.pactwatch.ingest.FeedStatus;
import dev.pactwatch.json.Json;
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
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The feeds over HTTP: what the command {@code feed} does, with the same file behind it. The ETag
 * is that of the list, and every change names the one it is a change of; how feeds fare changes
 * without it, and so nothing is to be cached. Problems are told as RFC 9457 asks.
 */
@Path("/api/feeds")
@Produces(MediaType.APPLICATION_JSON)
public class FeedResource {

  private static final String YAML = "application/yaml";
  private static final String OPML = "text/x-opml";

  /**
   * @param version of the list
   */
  public record Feeds(String version, int total, List<FeedStatus> feeds) {}

  /** What an address turned out to hold. */
  public record Choices(String address, List<FeedFinder.Candidate> choices) {}

  /**
   * @param field of the body, null where it is about the whole
   * @param version that stands there, where another was expected
   * @param id of the feed that is there already
   */
  public record Problem(
      String type,
      String title,
      int status,
      String detail,
      String field,
      Integer line,
      String version,
      String id) {}

  private final FeedAccess feeds;

  FeedResource(FeedAccess feeds) {
    this.feeds = feeds;
  }

  // ---- reading

  /**
   * How all feeds of the list fare, in its order.
   *
   * @param status keeps those that have it, such as {@code broken}
   * @param all adds those that were watched earlier
   */
  @GET
  public Response list(@QueryParam("status") String status, @QueryParam("all") boolean all) {
    FeedListFile.Current list = usable(feeds.file()::read);
    List<FeedStatus> found =
        FeedStatus.of(list.list().feeds(), feeds.states()).stream()
            .filter(feed -> feed.listed() || all)
            .filter(feed -> status == null || feed.status().contains(status))
            .toList();
    return tagged(200, list.version(), new Feeds(list.version(), found.size(), found)).build();
  }

  /** How one feed fares, by its id. */
  @GET
  @Path("{id}")
  public Response show(@PathParam("id") String id) {
    FeedListFile.Current list = usable(feeds.file()::read);
    return FeedStatus.of(list.list().feeds(), feeds.states()).stream()
        .filter(feed -> feed.id().equals(id))
        .findFirst()
        .map(feed -> tagged(200, list.version(), feed).build())
        .orElseGet(FeedResource::unknown);
  }

  /** The list as it is. */
  @GET
  @Path("export")
  @Produces(OPML)
  public Response export() {
    byte[] opml = usable(feeds.file()::export);
    return Response.ok(opml)
        .header("Content-Disposition", "attachment; filename=\"feeds.opml\"")
        .build();
  }

  // ---- changing

  /**
   * Watches another feed. The body gives its {@code url}, which may be that of a page, and where
   * wanted {@code title}, {@code category}, {@code folder}, {@code comment}, {@code fullText} and
   * {@code why}. Answers 300 with the choices where a page has several, and adds nothing.
   *
   * @param dryRun shows what would be added
   */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response add(
      @QueryParam("dry-run") boolean dryRun,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user,
      String body)
      throws InterruptedException {
    String expected = Preconditions.version(ifMatch, "/api/feeds");
    FeedEntry wanted;
    String folder;
    String why;
    try {
      Yaml feed = Yaml.parse("body", body);
      feed.map(Set.of("url", "title", "category", "folder", "comment", "fullText", "why"));
      wanted =
          new FeedEntry(
              feed.need("url").text(),
              feed.get("title").map(Yaml::text).orElse(null),
              null,
              feed.get("category").map(Yaml::text).orElse(null),
              feed.get("comment").map(Yaml::text).orElse(null),
              feed.get("fullText").map(Yaml::bool).orElse(false));
      folder = feed.get("folder").map(Yaml::text).orElse(null);
      why = feed.get("why").map(Yaml::text).orElse(null);
    } catch (ConfigException e) {
      return e.place()
          .map(
              place ->
                  problem(
                      400,
                      "Unusable feed",
                      place.problem(),
                      place.field().isEmpty() ? null : place.field(),
                      place.line()))
          .orElseGet(() -> problem(400, "Unusable feed", e.getMessage(), null, null));
    }
    FeedListFile.Current list = usable(feeds.file()::read);
    var twin = FeedListFile.twin(list.list(), wanted.url());
    if (twin.isPresent()) {
      return duplicate(twin.get());
    }
    FeedFinder.Found found = feeds.find(wanted.url());
    if (found instanceof FeedFinder.Nothing nothing) {
      return problem(422, "No feed found", nothing.why(), "url", null);
    }
    List<FeedFinder.Candidate> choices = ((FeedFinder.Feeds) found).feeds();
    if (choices.size() != 1) {
      return Response.status(300).entity(Json.write(new Choices(wanted.url(), choices))).build();
    }
    FeedFinder.Candidate one = choices.get(0);
    if (dryRun) {
      return Response.ok(Json.write(new Choices(wanted.url(), choices))).build();
    }
    FeedEntry feed =
        new FeedEntry(
            one.url(),
            wanted.title() != null ? wanted.title() : one.title() == null ? one.url() : one.title(),
            one.site(),
            wanted.category(),
            wanted.comment(),
            wanted.fullText());
    String version;
    try {
      version = usable(() -> feeds.file().add(feed, folder, author(user, why), expected));
    } catch (FeedListFile.Duplicate e) {
      return duplicate(e.listed());
    }
    FeedStatus added = FeedStatus.of(List.of(feed), feeds.states()).get(0);
    return tagged(201, version, added).location(URI.create("/api/feeds/" + feed.id())).build();
  }

  /** Watches a feed no longer. */
  @DELETE
  @Path("{id}")
  public Response remove(
      @PathParam("id") String id,
      @QueryParam("why") String why,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user) {
    String expected = Preconditions.version(ifMatch, "/api/feeds");
    if (!id.matches("[0-9a-f]{12}")) {
      return unknown();
    }
    FeedEntry unused = usable(() -> feeds.file().remove(id, author(user, why), expected));
    return Response.noContent().build();
  }

  // ---- problems

  /** The list's own file cannot be read or written: nothing that the request could mend. */
  static final class ListUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ListUnusable(ConfigException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @ServerExceptionMapper
  Response unusable(ListUnusable e) {
    return problem(503, "The list of feeds cannot be used", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response unavailable(FeedStates.Unavailable e) {
    return problem(503, "The states of feeds cannot be read", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response notThere(FeedListFile.Unknown e) {
    return unknown();
  }

  @ServerExceptionMapper
  Response missing(Preconditions.Missing e) {
    return problem(428, "Precondition required", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response conflict(FeedListFile.Changed e) {
    return answer(
        new Problem(
            "about:blank",
            "Changed meanwhile",
            412,
            e.getMessage(),
            null,
            null,
            e.version(),
            null));
  }

  private static Response duplicate(FeedEntry listed) {
    return answer(
        new Problem(
            "about:blank",
            "Watched already",
            409,
            listed.url() + " is watched already",
            "url",
            null,
            null,
            listed.id()));
  }

  private static Response unknown() {
    return problem(404, "No such feed", "no feed has this id", null, null);
  }

  private static Response problem(
      int status, String title, String detail, String field, Integer line) {
    return answer(new Problem("about:blank", title, status, detail, field, line, null, null));
  }

  private static Response answer(Problem problem) {
    return Response.status(problem.status())
        .type(AlertResource.PROBLEM)
        .entity(Json.write(problem))
        .build();
  }

  // ---- shared

  private static <T> T usable(Supplier<T> access) {
    try {
      return access.get();
    } catch (ConfigException e) {
      throw new ListUnusable(e);
    }
  }

  private static Response.ResponseBuilder tagged(int status, String version, Object body) {
    return Response.status(status)
        .entity(Json.write(body))
        .header("ETag", Preconditions.tag(version))
        .header("Cache-Control", "no-store");
  }

  /** Who is logged in; without a login it can be anybody on this machine. */
  private static FeedListFile.Author author(SecurityContext user, String why) {
    return new FeedListFile.Author(
        user.getUserPrincipal() == null ? "local" : user.getUserPrincipal().getName(), "api", why);
  }
}
