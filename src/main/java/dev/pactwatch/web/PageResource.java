package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The page of alerts, and what its script asks for. */
@Path("/")
@Blocking
public class PageResource {

  /** So many alerts in one answer to the script. */
  private static final int MAX_CARDS = 50;

  /**
   * @param cursor where the live stream goes on after this page
   * @param query the words searched for, may be empty
   * @param kept parameters that a search keeps
   * @param chosen what the page is narrowed by, each with the address without it
   * @param more address of the same page with more alerts, null when all are shown
   */
  public record Page(
      String assets,
      String cursor,
      Notice notice,
      String query,
      List<Kept> kept,
      List<AlertFacets.Option> chosen,
      List<AlertFacets.Facet> facets,
      boolean filtered,
      List<AlertView> alerts,
      int total,
      String more) {}

  /** What stands in place of alerts, or null texts. */
  public record Notice(String title, String text) {}

  /** A parameter of the page. */
  public record Kept(String name, String value) {}

  /** An option of a filter. */
  public record Choice(String value, String label, boolean chosen) {}

  /** Templates, checked at build time. */
  @CheckedTemplate
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance now(Page page);

    public static native TemplateInstance problem(String assets, String detail);
  }

  private final AlertLog log;
  private final OrganisationAccess organisations;
  private final InstantSource clock = InstantSource.system();

  PageResource(AlertLog log, OrganisationAccess organisations) {
    this.log = log;
    this.organisations = organisations;
  }

  /**
   * Alerts, newest first; complete without script. The parameters are those of {@link AlertQuery}.
   */
  @GET
  @Produces(MediaType.TEXT_HTML)
  public RestResponse<TemplateInstance> now(@Context UriInfo asked) {
    Instant now = clock.instant();
    AlertQuery query;
    try {
      query = AlertQuery.parse(asked.getQueryParameters(), AlertQuery.PAGE_LIMIT, now);
    } catch (AlertQuery.BadParameter e) {
      return RestResponse.ResponseBuilder.create(
              RestResponse.Status.BAD_REQUEST, Templates.problem(Assets.VERSION, e.getMessage()))
          .build();
    }
    return RestResponse.ResponseBuilder.ok(Templates.now(page(query, now)))
        .header("Cache-Control", "no-store")
        .build();
  }

  /** The alerts of these ids that pass the filter, as the page shows them. */
  @GET
  @Path("page/alerts")
  @Produces(MediaType.APPLICATION_JSON)
  public String cards(@QueryParam("id") List<String> ids, @Context UriInfo asked) {
    AlertQuery query =
        AlertQuery.parse(asked.getQueryParameters(), AlertQuery.PAGE_LIMIT, clock.instant());
    if (ids.size() > MAX_CARDS) {
      throw new AlertQuery.BadParameter("id may stand " + MAX_CARDS + " times at most");
    }
    return Json.write(
        ids.stream()
            .map(log.store()::latest)
            .flatMap(Optional::stream)
            .filter(query)
            .map(AlertView::of)
            .toList());
  }

  @ServerExceptionMapper
  Response badParameter(AlertQuery.BadParameter e) {
    return AlertResource.problem(400, "Bad parameter", e.getMessage());
  }

  Page page(AlertQuery query, Instant now) {
    AlertFacets counts = new AlertFacets(query, now);
    AlertStore.Listing listing = log.store().list(counts::add, query.limit());
    boolean filtered = !query.isOpen();
    List<AlertFacets.Facet> facets = counts.facets(organisations::name);
    return new Page(
        Assets.VERSION,
        listing.cursor().toString(),
        notice(listing, filtered),
        query.text() == null ? "" : query.text(),
        kept(query),
        chosen(query, facets),
        facets,
        filtered,
        listing.alerts().stream().map(AlertView::of).toList(),
        listing.total(),
        more(query, listing));
  }

  private static List<Kept> kept(AlertQuery query) {
    return query.parameters().entrySet().stream()
        .filter(one -> !one.getKey().equals("q"))
        .map(one -> new Kept(one.getKey(), one.getValue()))
        .toList();
  }

  private static List<AlertFacets.Option> chosen(AlertQuery query, List<AlertFacets.Facet> facets) {
    List<AlertFacets.Option> chosen = new ArrayList<>();
    if (query.text() != null) {
      chosen.add(
          new AlertFacets.Option(
              "“" + AlertView.clean(query.text()) + "”", 0, query.address("q", null), true));
    }
    for (AlertFacets.Facet facet : facets) {
      facet.options().stream().filter(AlertFacets.Option::chosen).forEach(chosen::add);
    }
    return List.copyOf(chosen);
  }

  private Notice notice(AlertStore.Listing listing, boolean filtered) {
    if (listing.total() > 0) {
      return null;
    }
    if (filtered && listing.known() > 0) {
      return new Notice(
          "No alert passes this filter",
          listing.known() + (listing.known() == 1 ? " alert does" : " alerts do") + " without it.");
    }
    return switch (log.phase()) {
      case OFF ->
          new Notice(
              "Not connected",
              "This process has no broker to read alerts from, or not the role web.");
      case WAITING ->
          new Notice(
              "Waiting for the broker",
              "The topic of alerts cannot be read yet. Tried again every two seconds.");
      case LOADING ->
          new Notice("Reading alerts", "What was found before this start is being read.");
      case LIVE ->
          new Notice(
              "All quiet",
              "Feeds are read and judged against the registry of agreements. The first event that"
                  + " touches one appears here by itself.");
      case STOPPED -> new Notice("Stopped", "Alerts are no longer read. Restart the process.");
    };
  }

  private static String more(AlertQuery query, AlertStore.Listing listing) {
    if (listing.alerts().size() >= listing.total() || query.limit() >= AlertQuery.MAX_LIMIT) {
      return null;
    }
    return query.address(
        "limit", String.valueOf(Math.min(query.limit() * 2, AlertQuery.MAX_LIMIT)));
  }
}
