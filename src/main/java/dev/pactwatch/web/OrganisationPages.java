package dev.pactwatch.web;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementParty;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.lexicon.Organisations;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.text.Fold;
import dev.pactwatch.web.plot.Months;
import dev.pactwatch.web.plot.Timeline;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who appears in agreements and news: a list, and a page each. */
@Path("/organisations")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class OrganisationPages {

  private static final String ROOM = "/organisations";
  private static final int MOST_ROWS = 100;
  private static final int MOST_ALERTS = 12;
  private static final int MOST_COUNTERPARTS = 12;
  private static final int MOST_MEMBERS = 24;
  private static final int MAX_QUERY = 100;

  /** An organisation in the list. */
  public record Row(
      String name, String link, String detail, long agreements, long alerts, long reports) {}

  /**
   * @param note how many there are besides these, may be null
   */
  public record ListPage(Frame frame, String query, List<Row> rows, String note) {}

  /** A link with words. */
  public record Named(String name, String link) {}

  /** An agreement that the organisation is a party of. */
  public record Bound(
      String title, String link, String role, String terms, String period, String standing) {}

  /** An alert that names it. */
  public record Told(
      String title,
      String link,
      String severity,
      String relation,
      String status,
      AlertView.Moment at) {}

  /**
   * Who it meets in the news.
   *
   * @param share of the most frequent one, 0 to 100
   */
  public record Counterpart(String name, String link, int reports, int share) {}

  /**
   * @param detail kind, country, sectors in words
   * @param aliases ways to write it besides its name
   * @param moreAlerts address of all its alerts, null where all are shown
   * @param plot null where no event was reported
   * @param note what a reader must know of the counts, may be null
   */
  public record OrganisationPage(
      Frame frame,
      String id,
      String detail,
      String ticker,
      List<String> aliases,
      List<Named> parents,
      List<Named> members,
      List<Bound> agreements,
      List<Told> alerts,
      int allAlerts,
      String moreAlerts,
      Months plot,
      List<Counterpart> deals,
      List<Counterpart> suits,
      String note) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "OrganisationPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance list(ListPage page);

    public static native TemplateInstance organisation(OrganisationPage page);
  }

  private final AlertLog log;
  private final EventLog events;
  private final RegistryAccess registry;
  private final OrganisationAccess organisations;
  private final InstantSource clock = InstantSource.system();

  OrganisationPages(
      AlertLog log, EventLog events, RegistryAccess registry, OrganisationAccess organisations) {
    this.log = log;
    this.events = events;
    this.registry = registry;
    this.organisations = organisations;
  }

  /** Those that appear in agreements, alerts and news; with words, those of the lexicon as well. */
  @GET
  public Response list(@QueryParam("q") String q) {
    String query = q == null ? "" : q.strip();
    if (query.length() > MAX_QUERY) {
      return html(
          400,
          PageResource.Templates.problem(
              Assets.VERSION, "q must be up to " + MAX_QUERY + " characters"));
    }
    Map<String, Long> agreements = countAgreements();
    Map<String, Long> alerts = countAlerts();
    Map<String, Long> reports = events.counts().totals();
    Optional<Organisations> known = organisations.all();
    Set<String> ids = new HashSet<>();
    if (query.isEmpty()) {
      Stream.of(agreements, alerts, reports).forEach(counts -> ids.addAll(counts.keySet()));
    } else {
      String folded = Fold.of(query);
      known.ifPresent(
          all ->
              all.all().stream()
                  .filter(one -> isCalled(one, folded))
                  .forEach(one -> ids.add(one.id())));
      Stream.of(agreements, alerts, reports)
          .flatMap(counts -> counts.keySet().stream())
          .filter(id -> Fold.of(id).contains(folded))
          .forEach(ids::add);
    }
    Comparator<String> mostFirst =
        Comparator.<String>comparingLong(id -> -alerts.getOrDefault(id, 0L))
            .thenComparingLong(id -> -agreements.getOrDefault(id, 0L))
            .thenComparingLong(id -> -reports.getOrDefault(id, 0L))
            .thenComparing(organisations::name);
    List<Row> rows =
        ids.stream()
            .sorted(mostFirst)
            .limit(MOST_ROWS)
            .map(
                id ->
                    new Row(
                        AlertView.clean(name(id)),
                        Addresses.organisation(id),
                        detail(organisations.find(id)),
                        agreements.getOrDefault(id, 0L),
                        alerts.getOrDefault(id, 0L),
                        reports.getOrDefault(id, 0L)))
            .toList();
    return html(
        200,
        Templates.list(
            new ListPage(
                Frame.of("Organisations", ROOM),
                query,
                rows,
                note(query, ids.size(), known.map(Organisations::size).orElse(0)))));
  }

  private static String note(String query, int found, int known) {
    if (found > MOST_ROWS) {
      return found - MOST_ROWS + " more: search for them by name.";
    }
    return query.isEmpty()
        ? "The lexicon knows " + known + " organisations: search for the others by name."
        : null;
  }

  private static boolean isCalled(Organisation organisation, String folded) {
    return organisation.aliases().stream().anyMatch(one -> Fold.of(one.text()).contains(folded))
        || (organisation.ticker() != null && Fold.of(organisation.ticker()).equals(folded));
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public Response show(@PathParam("id") String id) {
    Optional<Organisation> known = organisations.find(id);
    List<Bound> agreements = agreements(id);
    AlertStore.Listing alerts = log.store().list(alert -> alert.names(id), MOST_ALERTS);
    EventCounts.Of counted = events.counts().of(id);
    if (known.isEmpty() && agreements.isEmpty() && alerts.total() == 0 && counted.total() == 0) {
      return html(
          404, PageResource.Templates.problem(Assets.VERSION, "No organisation has this id."));
    }
    return html(
        200,
        Templates.organisation(
            new OrganisationPage(
                Frame.of(AlertView.clean(name(id)), ROOM),
                AlertView.clean(id),
                detail(known),
                known.map(Organisation::ticker).map(AlertView::clean).orElse(null),
                known.map(OrganisationPages::aliases).orElse(List.of()),
                parents(known),
                members(id),
                agreements,
                alerts.alerts().stream().map(OrganisationPages::told).toList(),
                alerts.total(),
                alerts.total() > MOST_ALERTS
                    ? AlertQuery.parse(Map.of("organisation", List.of(id)), 1, clock.instant())
                        .address("limit", null)
                    : null,
                plot(counted),
                counterparts(counted, EventType.CLOUD_PARTNERSHIP),
                counterparts(counted, EventType.LITIGATION),
                events.complete()
                    ? null
                    : "News is still being read: the counts are not complete.")));
  }

  // ---- who it is

  /** As the lexicon names it; else as an agreement does; else its id. */
  private String name(String id) {
    return organisations
        .find(id)
        .map(Organisation::name)
        .orElseGet(
            () ->
                registryOrEmpty().stream()
                    .flatMap(agreement -> agreement.parties().stream())
                    .filter(party -> party.organisation().equals(id))
                    .map(AgreementParty::name)
                    .findFirst()
                    .orElse(id));
  }

  private static String detail(Optional<Organisation> organisation) {
    return organisation
        .map(
            one ->
                AlertView.clean(
                    Stream.concat(
                            Stream.of(one.kind(), one.country()),
                            one.sectors().stream().map(sector -> sector.replace('-', ' ')))
                        .filter(part -> part != null && !part.isBlank())
                        .collect(Collectors.joining(", "))))
        .orElse("");
  }

  private static List<String> aliases(Organisation organisation) {
    return organisation.aliases().stream()
        .map(Alias::text)
        .filter(text -> !text.equals(organisation.name()))
        .distinct()
        .map(AlertView::clean)
        .toList();
  }

  private List<Named> parents(Optional<Organisation> organisation) {
    List<Named> parents = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String at = organisation.map(Organisation::parent).orElse(null);
    while (at != null && seen.add(at)) {
      parents.add(named(at));
      at = organisations.find(at).map(Organisation::parent).orElse(null);
    }
    return List.copyOf(parents);
  }

  private List<Named> members(String id) {
    return organisations
        .all()
        .map(
            all ->
                all.all().stream()
                    .filter(one -> id.equals(one.parent()))
                    .limit(MOST_MEMBERS)
                    .map(one -> named(one.id()))
                    .toList())
        .orElse(List.of());
  }

  private Named named(String id) {
    return new Named(AlertView.clean(organisations.name(id)), Addresses.organisation(id));
  }

  // ---- what it agreed to

  private List<Agreement> registryOrEmpty() {
    try {
      return registry.folder().registry().all();
    } catch (ConfigException e) {
      return List.of();
    }
  }

  private List<Bound> agreements(String id) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return registryOrEmpty().stream()
        .filter(agreement -> partiesOf(agreement).contains(id))
        .sorted(
            Comparator.comparing(
                Agreement::effectiveFrom, Comparator.nullsFirst(Comparator.reverseOrder())))
        .map(agreement -> bound(agreement, id, today))
        .toList();
  }

  private static Set<String> partiesOf(Agreement agreement) {
    Set<String> parties = new HashSet<>();
    agreement.parties().forEach(party -> parties.add(party.organisation()));
    for (Term term : agreement.terms()) {
      parties.add(term.grantor());
      parties.add(term.beneficiary());
    }
    return parties;
  }

  private static Bound bound(Agreement agreement, String id, LocalDate today) {
    boolean grants = agreement.terms().stream().anyMatch(term -> term.grantor().equals(id));
    boolean enjoys = agreement.terms().stream().anyMatch(term -> term.beneficiary().equals(id));
    String role =
        grants && enjoys
            ? "bound and beneficiary"
            : grants ? "bound" : enjoys ? "beneficiary" : "party";
    Optional<Standing> standing =
        agreement.terms().stream()
            .flatMap(term -> Standing.of(agreement, term, today).stream())
            .min(Comparator.naturalOrder());
    return new Bound(
        AlertView.clean(agreement.title()),
        Addresses.agreement(agreement.id()),
        role,
        AlertView.clean(
            agreement.terms().stream()
                .map(term -> (term.kind().label() + ", " + term.topic()).replace('-', ' '))
                .distinct()
                .collect(Collectors.joining("; "))),
        Timeline.period(agreement),
        standing.map(one -> one.label().replace('-', ' ')).orElse("not in force"));
  }

  private Map<String, Long> countAgreements() {
    Map<String, Long> counts = new HashMap<>();
    for (Agreement agreement : registryOrEmpty()) {
      partiesOf(agreement).forEach(id -> counts.merge(id, 1L, Long::sum));
    }
    return counts;
  }

  // ---- what was told of it

  private Map<String, Long> countAlerts() {
    Map<String, Long> counts = new HashMap<>();
    for (Alert alert : log.store().list(any -> true, Integer.MAX_VALUE).alerts()) {
      AlertFacets.organisations(alert).forEach(id -> counts.merge(id, 1L, Long::sum));
    }
    return counts;
  }

  private static Told told(Alert alert) {
    return new Told(
        AlertView.clean(alert.title()),
        Addresses.alert(alert.id()),
        alert.severity().label(),
        alert.relation().label(),
        alert.event().status().label().replace('-', ' '),
        AlertView.Moment.of(alert.lastSeen()));
  }

  // ---- what news reported

  private static Months plot(EventCounts.Of counted) {
    if (counted.months().isEmpty()) {
      return null;
    }
    SortedMap<YearMonth, List<Integer>> months = new TreeMap<>();
    counted
        .months()
        .forEach(
            (month, types) ->
                months.put(
                    month,
                    Stream.of(EventType.CLOUD_PARTNERSHIP, EventType.LITIGATION)
                        .map(type -> types.getOrDefault(type, 0))
                        .toList()));
    return Months.of(
        "reports",
        "Events in the news over time",
        "reports a month",
        List.of("Cloud partnerships", "Litigation"),
        months);
  }

  private List<Counterpart> counterparts(EventCounts.Of counted, EventType type) {
    Map<String, Integer> with = counted.with().getOrDefault(type, Map.of());
    int most = with.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    return with.entrySet().stream()
        .limit(MOST_COUNTERPARTS)
        .map(
            one ->
                new Counterpart(
                    AlertView.clean(name(one.getKey())),
                    Addresses.organisation(one.getKey()),
                    one.getValue(),
                    one.getValue() * 100 / most))
        .toList();
  }

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }
}
