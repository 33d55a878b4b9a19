package dev.pactwatch.web;

import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Relation;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The page of alerts, and what its script asks for. */
@Path("/")
public class PageResource {

  /** So many alerts in one answer to the script. */
  private static final int MAX_CARDS = 50;

  /**
   * @param cursor where the live stream goes on after this page
   * @param more address of the same page with more alerts, null when all are shown
   */
  public record Page(
      String assets,
      String cursor,
      Notice notice,
      List<Choice> relations,
      List<Choice> severities,
      String organisation,
      boolean filtered,
      List<AlertView> alerts,
      int total,
      String more) {}

  /** What stands in place of alerts, or null texts. */
  public record Notice(String title, String text) {}

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

  PageResource(AlertLog log) {
    this.log = log;
  }

  /** Alerts, newest first; complete without script. */
  @GET
  @Produces(MediaType.TEXT_HTML)
  public RestResponse<TemplateInstance> now(
      @QueryParam("relation") String relation,
      @QueryParam("severity") String severity,
      @QueryParam("organisation") String organisation,
      @QueryParam("limit") String limit) {
    AlertQuery query;
    try {
      query = AlertQuery.parse(relation, severity, organisation, null, limit);
    } catch (AlertQuery.BadParameter e) {
      return RestResponse.ResponseBuilder.create(
              RestResponse.Status.BAD_REQUEST, Templates.problem(Assets.VERSION, e.getMessage()))
          .build();
    }
    return RestResponse.ResponseBuilder.ok(Templates.now(page(query)))
        .header("Cache-Control", "no-store")
        .build();
  }

  /** The alerts of these ids that pass the filter, as the page shows them. */
  @GET
  @Path("page/alerts")
  @Produces(MediaType.APPLICATION_JSON)
  public String cards(
      @QueryParam("id") List<String> ids,
      @QueryParam("relation") String relation,
      @QueryParam("severity") String severity,
      @QueryParam("organisation") String organisation) {
    AlertQuery query = AlertQuery.parse(relation, severity, organisation, null, null);
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

  Page page(AlertQuery query) {
    AlertStore.Listing listing = log.store().list(query, query.limit());
    boolean filtered = !query.isOpen();
    return new Page(
        Assets.VERSION,
        listing.cursor().toString(),
        notice(listing, filtered),
        choices(Relation.values(), query.relation(), "Every relation", ""),
        choices(descending(Severity.values()), query.severity(), "Every severity", " and above"),
        query.organisation() == null ? "" : query.organisation(),
        filtered,
        listing.alerts().stream().map(AlertView::of).toList(),
        listing.total(),
        more(query, listing));
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
    List<String> parameters = new ArrayList<>();
    if (query.relation() != null) {
      parameters.add("relation=" + query.relation().label());
    }
    if (query.severity() != null) {
      parameters.add("severity=" + query.severity().label());
    }
    if (query.organisation() != null) {
      parameters.add(
          "organisation=" + URLEncoder.encode(query.organisation(), StandardCharsets.UTF_8));
    }
    parameters.add("limit=" + Math.min(query.limit() * 2, AlertQuery.MAX_LIMIT));
    return "/?" + String.join("&", parameters);
  }

  private static Severity[] descending(Severity[] severities) {
    return Arrays.stream(severities).sorted(Comparator.reverseOrder()).toArray(Severity[]::new);
  }

  private static <E extends Enum<E>> List<Choice> choices(
      E[] constants, E chosen, String any, String suffix) {
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice("", any, chosen == null));
    for (E constant : constants) {
      String label = Kebab.of(constant);
      boolean top = constant == Severity.CRITICAL;
      choices.add(new Choice(label, capital(label) + (top ? "" : suffix), constant == chosen));
    }
    return List.copyOf(choices);
  }

  private static String capital(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }
}
