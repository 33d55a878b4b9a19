package dev.pactwatch.web;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFacts;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AgreementParty;
import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.Condition;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.agreement.VersionConflict;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.text.Fold;
import dev.pactwatch.web.plot.Timeline;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/**
 * Pages of the registry: what holds on a day, everything about one agreement, and forms to change
 * it over what REST does, of use without script. Before anything is changed, a page shows which
 * alerts that would open, revise or withdraw. A form says which version it was made of, and is
 * shown again when somebody changed that meanwhile.
 */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class AgreementPages {

  static final String ROOM = "/agreements";
  private static final String VIA = "page";
  private static final String DOCUMENT = "document";
  private static final int MOST_ALERTS = 12;
  private static final int MOST_MARKS = 60;
  private static final int YEARS_AHEAD = 2;

  private static final String NEW =
      """
      agreements:
        - id: lab-cumulus-1
          title: The lab buys its compute from one cloud
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus}
          effective_from: '2026-01-15'
          status: in-force
          checked_to: '2026-03-01'
          confidence: high
          sources:
            - {title: The lab and Cumulus announce, url: 'https://cumulus.example/news/1'}
      """;

  /** What the list is asked for; texts as given, empty for none. */
  public record Filter(String q, String on, String onText) {}

  /**
   * @param start first day of the slider, ISO
   * @param days its length
   * @param value days from the start
   */
  public record Slider(String start, long days, long value) {}

  /** An agreement in the list. */
  public record Row(
      String href,
      String title,
      String parties,
      List<AgreementViews.TermView> terms,
      String period,
      AgreementViews.State state,
      String checked,
      String confidence,
      long alerts) {}

  /** All that pass the filter. */
  public record ListPage(
      Frame frame,
      Filter filter,
      Slider slider,
      List<PageResource.Choice> states,
      List<PageResource.Choice> organisations,
      List<PageResource.Choice> kinds,
      List<PageResource.Choice> topics,
      String summary,
      boolean filtered,
      List<Row> rows) {}

  /** A revision of the same chain. */
  public record RevisionView(
      String href,
      String label,
      String title,
      String period,
      boolean current,
      boolean first,
      List<RegistryPreview.Field> changes) {}

  /** A label with what is known. */
  public record Fact(String label, String text) {}

  /** An alert on the chain. */
  public record AlertRow(
      String href,
      String severity,
      String relation,
      String status,
      boolean withdrawn,
      String title,
      AlertView.Moment seen) {}

  /** One agreement. */
  public record OnePage(
      Frame frame,
      String id,
      String href,
      AgreementViews.State state,
      String stateSentence,
      List<AgreementViews.PartyView> parties,
      List<Fact> facts,
      List<AgreementViews.TermView> terms,
      List<String> carveOuts,
      List<AgreementViews.SourceView> sources,
      String notes,
      Timeline timeline,
      List<RevisionView> revisions,
      List<AlertRow> alerts,
      int alertsTotal,
      boolean open) {}

  /**
   * A document that is to become an agreement, or several.
   *
   * @param action where the form goes
   * @param version that the change is one of
   * @param fresh where to begin anew after somebody else's change, null when there was none
   * @param line of the document that cannot be used, null for none
   */
  public record EditPage(
      Frame frame,
      String action,
      String back,
      boolean upload,
      String document,
      String why,
      String version,
      String fresh,
      Line line,
      RegistryPreview.View preview) {}

  /** A line of a document. */
  public record Line(int number, String text) {}

  /** An end that is to be recorded. */
  public record EndPage(
      Frame frame,
      String action,
      String back,
      String on,
      String source,
      String title,
      String publisher,
      String why,
      String version,
      String fresh,
      RegistryPreview.View preview) {}

  /** A change that was made. */
  public record AuditRow(
      String at,
      String by,
      String via,
      String action,
      String agreement,
      String why,
      List<RegistryPreview.Field> changes) {}

  /** Who changed what. */
  public record AuditPage(Frame frame, String back, List<AuditRow> rows, List<Integer> broken) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "AgreementPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance list(ListPage page);

    public static native TemplateInstance one(OnePage page);

    public static native TemplateInstance edit(EditPage page);

    public static native TemplateInstance end(EndPage page);

    public static native TemplateInstance audit(AuditPage page);
  }

  private final RegistryAccess registry;
  private final RegistryPreview preview;
  private final AlertLog log;
  private final InstantSource clock = InstantSource.system();

  AgreementPages(RegistryAccess registry, RegistryPreview preview, AlertLog log) {
    this.registry = registry;
    this.preview = preview;
    this.log = log;
  }

  // ---- the list

  /**
   * Agreements with the terms that hold on a day.
   *
   * @param state {@code ended}, {@code all}; in force on that day unless given
   * @param on the day; today unless given
   */
  @GET
  @Path("agreements")
  public Response list(
      @QueryParam("q") String q,
      @QueryParam("state") String state,
      @QueryParam("organisation") String organisation,
      @QueryParam("kind") String kind,
      @QueryParam("topic") String topic,
      @QueryParam("on") String on) {
    LocalDate today = today();
    LocalDate day;
    try {
      day = blank(on) ? today : LocalDate.parse(on.strip());
    } catch (DateTimeParseException e) {
      return problem(400, "on must be a day such as 2026-03-18");
    }
    Registry now;
    TopicTree topics;
    try {
      now = registry.folder().registry();
      topics = registry.topics();
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
    String wanted = text(state);
    List<Row> rows = new ArrayList<>();
    int terms = 0;
    Map<String, Long> alerts = alertsByChain();
    List<String> words = words(q);
    for (Agreement agreement : now.all()) {
      if (!passes(agreement, words, organisation, topic, topics)) {
        continue;
      }
      List<AgreementViews.TermView> found = new ArrayList<>();
      for (Term term : agreement.terms()) {
        AgreementViews.TermView view = AgreementViews.term(agreement, term, topics, day);
        boolean standing =
            switch (wanted) {
              case "all" -> true;
              case "ended" -> view.state().key().equals("ended");
              default -> view.state().holds();
            };
        if (standing
            && (blank(kind) || kind.equals(term.kind().label()))
            && (blank(topic) || topics.covers(topic, term.topic()))) {
          found.add(view);
        }
      }
      if (!found.isEmpty()) {
        terms += found.size();
        rows.add(row(agreement, found, day, alerts));
      }
    }
    rows.sort(
        Comparator.comparing(Row::alerts)
            .reversed()
            .thenComparing(Row::title, String.CASE_INSENSITIVE_ORDER));
    String holds =
        switch (wanted) {
          case "all" -> rows.size() == 1 ? "is known" : "are known";
          case "ended" -> "no longer held on " + Words.day(day);
          default -> day.equals(today) ? "in force today" : "in force on " + Words.day(day);
        };
    boolean filtered =
        !(blank(q) && blank(organisation) && blank(kind) && blank(topic) && wanted.isEmpty());
    return html(
        200,
        Templates.list(
            new ListPage(
                Frame.of("Agreements", ROOM),
                new Filter(text(q), day.toString(), Words.day(day)),
                slider(now, day, today),
                List.of(
                    new PageResource.Choice("", "In force that day", wanted.isEmpty()),
                    new PageResource.Choice("ended", "Ended by then", wanted.equals("ended")),
                    new PageResource.Choice("all", "All", wanted.equals("all"))),
                organisations(now, organisation),
                kinds(kind),
                topics(now, topics, topic),
                Words.count(terms, "term")
                    + " of "
                    + Words.count(rows.size(), "agreement")
                    + " "
                    + holds
                    + ".",
                filtered || !day.equals(today),
                rows)));
  }

  private static boolean passes(
      Agreement agreement, List<String> words, String organisation, String topic, TopicTree tree) {
    if (!blank(organisation)
        && agreement.parties().stream()
            .noneMatch(party -> party.organisation().equals(organisation))) {
      return false;
    }
    if (!blank(topic)
        && agreement.terms().stream().noneMatch(term -> tree.covers(topic, term.topic()))) {
      return false;
    }
    if (words.isEmpty()) {
      return true;
    }
    String text = Fold.of(AgreementViews.searched(agreement));
    return words.stream().allMatch(text::contains);
  }

  private static List<String> words(String q) {
    return blank(q) ? List.of() : List.of(Fold.of(q).strip().split("\\s+"));
  }

  private static Row row(
      Agreement agreement,
      List<AgreementViews.TermView> terms,
      LocalDate day,
      Map<String, Long> alerts) {
    return new Row(
        href(agreement.id(), ""),
        AlertView.clean(agreement.title()),
        String.join(
            ", ",
            AgreementViews.parties(agreement).stream()
                .map(AgreementViews.PartyView::name)
                .toList()),
        terms,
        AgreementViews.period(agreement),
        AgreementViews.state(agreement, day),
        Words.date(agreement.checkedTo(), "never"),
        agreement.confidence().label(),
        alerts.getOrDefault(agreement.chain(), 0L));
  }

  private Map<String, Long> alertsByChain() {
    Map<String, Long> counts = new HashMap<>();
    for (Alert alert : log.store().list(alert -> true, Integer.MAX_VALUE).alerts()) {
      counts.merge(alert.agreement().chain(), 1L, Long::sum);
    }
    return counts;
  }

  private static Slider slider(Registry registry, LocalDate day, LocalDate today) {
    LocalDate first =
        registry.all().stream()
            .map(Agreement::effectiveFrom)
            .filter(Objects::nonNull)
            .map(PartialDate::first)
            .min(Comparator.naturalOrder())
            .orElse(today)
            .withDayOfMonth(1);
    LocalDate start = day.isBefore(first) ? day : first;
    LocalDate ahead = today.plusYears(YEARS_AHEAD);
    LocalDate end = day.isAfter(ahead) ? day : ahead;
    return new Slider(
        start.toString(), ChronoUnit.DAYS.between(start, end), ChronoUnit.DAYS.between(start, day));
  }

  private static List<PageResource.Choice> organisations(Registry registry, String chosen) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, String> names = new HashMap<>();
    for (Agreement agreement : registry.all()) {
      for (AgreementParty party : agreement.parties()) {
        names.putIfAbsent(party.organisation(), AlertView.clean(party.name()));
      }
    }
    names.forEach((id, name) -> byName.put(name + "\0" + id, id));
    List<PageResource.Choice> choices = new ArrayList<>();
    choices.add(new PageResource.Choice("", "Everybody", blank(chosen)));
    byName
        .values()
        .forEach(id -> choices.add(new PageResource.Choice(id, names.get(id), id.equals(chosen))));
    return choices;
  }

  private static List<PageResource.Choice> kinds(String chosen) {
    List<PageResource.Choice> choices = new ArrayList<>();
    choices.add(new PageResource.Choice("", "Every kind", blank(chosen)));
    for (TermKind kind : TermKind.values()) {
      choices.add(
          new PageResource.Choice(
              kind.label(), Words.capital(Words.label(kind.label())), kind.label().equals(chosen)));
    }
    return choices;
  }

  /** Those of agreements, and what lies above them. */
  private static List<PageResource.Choice> topics(
      Registry registry, TopicTree tree, String chosen) {
    TreeSet<String> used = new TreeSet<>();
    registry.all().forEach(one -> one.terms().forEach(term -> used.add(term.topic())));
    List<String> shown = new ArrayList<>(tree.topics());
    shown.removeIf(topic -> used.stream().noneMatch(one -> tree.covers(topic, one)));
    used.removeAll(shown);
    shown.addAll(used);
    List<PageResource.Choice> choices = new ArrayList<>();
    choices.add(new PageResource.Choice("", "Every topic", blank(chosen)));
    for (String topic : shown) {
      choices.add(
          new PageResource.Choice(
              topic, Words.capital(AgreementViews.title(tree, topic)), topic.equals(chosen)));
    }
    return choices;
  }

  // ---- one

  /** Everything about one. */
  @GET
  @Path("agreements/{id}")
  public Response one(@PathParam("id") String id) {
    Registry now;
    TopicTree topics;
    try {
      now = registry.folder().registry();
      topics = registry.topics();
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
    Agreement agreement = now.find(id).orElse(null);
    if (agreement == null) {
      List<Agreement> chain = now.history(id);
      return chain.isEmpty()
          ? problem(404, "There is no agreement '" + id + "'.")
          : see(href(chain.get(chain.size() - 1).id(), ""));
    }
    LocalDate today = today();
    List<Agreement> chain = now.history(agreement.chain());
    AlertStore.Listing listing =
        log.store().list(alert -> agreement.chain().equals(alert.agreement().chain()), MOST_MARKS);
    List<AlertRow> alerts =
        listing.alerts().stream().limit(MOST_ALERTS).map(AgreementPages::row).toList();
    AgreementViews.State state = AgreementViews.state(agreement, today);
    return html(
        200,
        Templates.one(
            new OnePage(
                Frame.of(AlertView.clean(agreement.title()), ROOM),
                AlertView.clean(id),
                href(id, ""),
                state,
                sentence(agreement, state),
                AgreementViews.parties(agreement),
                facts(agreement),
                agreement.terms().stream()
                    .map(term -> AgreementViews.term(agreement, term, topics, today))
                    .toList(),
                agreement.carveOuts().stream().map(AlertView::clean).toList(),
                agreement.sources().stream().map(AgreementViews::source).toList(),
                AlertView.clean(agreement.notes()),
                Timeline.of(
                    "chain",
                    chain.size() == 1
                        ? "The agreement and its alerts over time"
                        : "Its " + chain.size() + " revisions and their alerts over time",
                    chain,
                    listing.alerts().stream().map(AgreementPages::occurrence).toList(),
                    today),
                revisions(chain, agreement, topics),
                alerts,
                listing.total(),
                agreement.effectiveTo() == null && !AgreementViews.over(agreement))));
  }

  private static Timeline.Occurrence occurrence(Alert alert) {
    return new Timeline.Occurrence(
        alert.agreement().id(),
        LocalDate.ofInstant(alert.lastSeen(), ZoneOffset.UTC),
        alert.title(),
        "/alerts/" + alert.id(),
        alert.severity().label(),
        false);
  }

  private static AlertRow row(Alert alert) {
    AlertView view = AlertView.of(alert);
    return new AlertRow(
        "/alerts/" + alert.id(),
        view.severity(),
        view.relation(),
        view.status(),
        view.withdrawn(),
        view.title(),
        view.lastSeen());
  }

  private static String sentence(Agreement agreement, AgreementViews.State state) {
    String checked =
        agreement.checkedTo() == null
            ? "nobody noted when it was checked"
            : "checked to " + Words.date(agreement.checkedTo(), "");
    return Words.capital(state.text()) + "; " + checked + ".";
  }

  private static List<Fact> facts(Agreement agreement) {
    List<Fact> facts = new ArrayList<>();
    AgreementFacts more = agreement.facts();
    facts.add(new Fact("From", dated(agreement.effectiveFrom(), "Not known")));
    facts.add(
        new Fact(
            "To",
            dated(
                agreement.effectiveTo(),
                AgreementViews.over(agreement) ? "Not known" : "No end is known")));
    fact(facts, "Dated by", Words.label(more.dateBasis()));
    facts.add(new Fact("Recorded as", AlertView.clean(Words.label(agreement.status()))));
    facts.add(new Fact("Checked to", dated(agreement.checkedTo(), "Never")));
    facts.add(new Fact("Confidence", agreement.confidence().label()));
    fact(facts, "Territory", more.territory());
    fact(facts, "Amounts", more.amounts());
    if (Boolean.TRUE.equals(more.mutual())) {
      facts.add(new Fact("Mutual", "Each side is bound to the other"));
    }
    if (Boolean.TRUE.equals(more.disputed())) {
      facts.add(new Fact("Disputed", "A party or a court contests a term"));
    }
    return facts;
  }

  private static void fact(List<Fact> facts, String label, String text) {
    if (!blank(text)) {
      facts.add(new Fact(label, AlertView.clean(text)));
    }
  }

  private static String dated(PartialDate date, String otherwise) {
    String precision = Words.precision(date);
    return Words.date(date, otherwise) + (precision.isEmpty() ? "" : " (" + precision + ")");
  }

  private static List<RevisionView> revisions(
      List<Agreement> chain, Agreement shown, TopicTree topics) {
    List<RevisionView> views = new ArrayList<>();
    for (int i = chain.size() - 1; i >= 0; i--) {
      Agreement one = chain.get(i);
      views.add(
          new RevisionView(
              href(one.id(), ""),
              AlertView.clean(one.revision()),
              AlertView.clean(one.title()),
              AgreementViews.period(one),
              one.id().equals(shown.id()),
              i == 0,
              AgreementViews.changes(i == 0 ? null : chain.get(i - 1), one, topics)));
    }
    return views;
  }

  // ---- changing one

  /** The form with its document. */
  @GET
  @Path("agreements/{id}/edit")
  public Response edit(@PathParam("id") String id) {
    try {
      Registry now = registry.folder().registry();
      Agreement agreement = now.find(id).orElse(null);
      return agreement == null
          ? problem(404, "There is no agreement '" + id + "'.")
          : editing(
              200,
              id,
              null,
              AgreementFiles.yaml(List.of(agreement)),
              "",
              now.version(agreement.chain()),
              false,
              null,
              null);
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  /**
   * Shows what a document would do, or keeps it.
   *
   * @param act {@code save}; anything else shows
   */
  @POST
  @Path("agreements/{id}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response edit(
      @PathParam("id") String id,
      @FormParam("document") String document,
      @FormParam("why") String why,
      @FormParam("version") String version,
      @FormParam("act") String act,
      @Context SecurityContext user) {
    String given = lines(document);
    Condition condition = Condition.chainAt(text(version));
    try {
      List<Agreement> sent = AgreementFiles.read(DOCUMENT, given).all();
      if (sent.size() != 1 || !sent.get(0).id().equals(id)) {
        return editing(
            422,
            id,
            "The document must be the one agreement '" + AlertView.clean(id) + "'.",
            given,
            why,
            version,
            false,
            null,
            null);
      }
      if (Objects.equals(act, "save")) {
        RegistryFolder.Written unused =
            registry.folder().put(sent, author(user, why), condition, RegistryFolder.NEW_FILE);
        return see(href(id, ""));
      }
      Registry before = registry.folder().registry();
      RegistryFolder.Written written =
          registry
              .folder()
              .load(
                  List.of(new RegistryFolder.Named(RegistryFolder.NEW_FILE, given)),
                  author(user, why),
                  condition,
                  true);
      return editing(
          200,
          id,
          null,
          given,
          why,
          version,
          false,
          null,
          preview.of(written.entries(), before, written.registry()));
    } catch (VersionConflict e) {
      return editing(412, id, conflict(), given, why, version, true, null, null);
    } catch (ConfigException e) {
      return editing(422, id, e.getMessage(), given, why, version, false, e, null);
    }
  }

  private static Response editing(
      int status,
      String id,
      String problem,
      String document,
      String why,
      String version,
      boolean conflict,
      ConfigException wrong,
      RegistryPreview.View shown) {
    return html(
        status,
        Templates.edit(
            new EditPage(
                new Frame(
                    Assets.VERSION,
                    "Edit " + AlertView.clean(id),
                    ROOM,
                    AlertView.clean(problem),
                    null),
                href(id, "/edit"),
                href(id, ""),
                false,
                document,
                text(why),
                text(version),
                conflict ? href(id, "/edit") : null,
                line(wrong, document),
                shown)));
  }

  // ---- ending one

  /** The form. */
  @GET
  @Path("agreements/{id}/end")
  public Response end(@PathParam("id") String id) {
    try {
      Registry now = registry.folder().registry();
      Agreement agreement = now.find(id).orElse(null);
      return agreement == null
          ? problem(404, "There is no agreement '" + id + "'.")
          : ending(
              200,
              agreement,
              null,
              new Ended(today().toString(), "", "", "", ""),
              now.version(agreement.chain()),
              false,
              null);
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  /** The fields of the form, as given. */
  private record Ended(String on, String source, String title, String publisher, String why) {}

  /**
   * Shows what an end would do, or records it.
   *
   * @param on first day without it; of day, month or year precision
   * @param act {@code save}; anything else shows
   */
  @POST
  @Path("agreements/{id}/end")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response end(
      @PathParam("id") String id,
      @FormParam("on") String on,
      @FormParam("source") String source,
      @FormParam("title") String title,
      @FormParam("publisher") String publisher,
      @FormParam("why") String why,
      @FormParam("version") String version,
      @FormParam("act") String act,
      @Context SecurityContext user) {
    Ended given =
        new Ended(text(on).strip(), text(source).strip(), text(title), text(publisher), text(why));
    Registry now;
    try {
      now = registry.folder().registry();
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
    Agreement agreement = now.find(id).orElse(null);
    if (agreement == null) {
      return problem(404, "There is no agreement '" + id + "'.");
    }
    PartialDate day;
    try {
      day = PartialDate.parse(given.on());
    } catch (IllegalArgumentException e) {
      return ending(422, agreement, "on: " + e.getMessage(), given, version, false, null);
    }
    if (Source.address(given.source()).isEmpty()) {
      return ending(
          422,
          agreement,
          "source: '" + given.source() + "' is no address of a page",
          given,
          version,
          false,
          null);
    }
    Source says =
        new Source(
            blank(given.title()) ? "End of: " + agreement.title() : given.title().strip(),
            blank(given.publisher()) ? null : given.publisher().strip(),
            null,
            given.source(),
            null,
            null);
    Condition condition = Condition.chainAt(text(version));
    try {
      if (Objects.equals(act, "save")) {
        RegistryFolder.Written unused =
            registry.folder().end(id, day, says, author(user, why), condition);
        return see(href(id, ""));
      }
      condition.check(now, List.of(agreement));
      Agreement ended = agreement.ended(day, says, today());
      Registry after =
          Registry.of(now.all().stream().map(one -> one.id().equals(id) ? ended : one).toList());
      AuditEntry entry =
          new AuditEntry(
              clock.instant(),
              NotifyProblems.who(user),
              VIA,
              "ended",
              id,
              agreement.chain(),
              now.version(agreement.chain()),
              after.version(agreement.chain()),
              AuditEntry.changes(agreement, ended),
              given.why(),
              null,
              null);
      return ending(
          200, agreement, null, given, version, false, preview.of(List.of(entry), now, after));
    } catch (VersionConflict e) {
      return ending(412, agreement, conflict(), given, version, true, null);
    } catch (ConfigException e) {
      return ending(422, agreement, e.getMessage(), given, version, false, null);
    }
  }

  private static Response ending(
      int status,
      Agreement agreement,
      String problem,
      Ended given,
      String version,
      boolean conflict,
      RegistryPreview.View shown) {
    return html(
        status,
        Templates.end(
            new EndPage(
                new Frame(
                    Assets.VERSION,
                    "End " + AlertView.clean(agreement.id()),
                    ROOM,
                    AlertView.clean(problem),
                    null),
                href(agreement.id(), "/end"),
                href(agreement.id(), ""),
                given.on(),
                given.source(),
                given.title(),
                given.publisher(),
                given.why(),
                text(version),
                conflict ? href(agreement.id(), "/end") : null,
                shown)));
  }

  // ---- taking over many

  /** The form for new agreements, and for files of them. */
  @GET
  @Path("agreements/import")
  public Response load() {
    try {
      return loading(200, null, NEW, "", registry.folder().registry().version(), false, null, null);
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  /**
   * Shows what a text of agreements would do, or takes it over, all or nothing.
   *
   * @param document the text; a file that is chosen takes its place
   * @param act {@code save}; anything else shows
   */
  @POST
  @Path("agreements/import")
  @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_FORM_URLENCODED})
  public Response load(
      @RestForm("document") String document,
      @RestForm("file") FileUpload file,
      @RestForm("why") String why,
      @RestForm("version") String version,
      @RestForm("act") String act,
      @Context SecurityContext user) {
    String given = lines(document);
    String name = "imported";
    if (file != null && file.size() > 0) {
      name = file.fileName();
      try {
        given = lines(Files.readString(file.uploadedFile(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        return loading(
            422, "The file is no text in UTF-8.", given, why, version, false, null, null);
      }
    }
    Condition condition = Condition.registryAt(text(version));
    try {
      Registry before = registry.folder().registry();
      boolean save = Objects.equals(act, "save");
      RegistryFolder.Written written =
          registry
              .folder()
              .load(
                  List.of(new RegistryFolder.Named(name, given)),
                  author(user, why),
                  condition,
                  !save);
      return save
          ? see(ROOM)
          : loading(
              200,
              null,
              given,
              why,
              version,
              false,
              null,
              preview.of(written.entries(), before, written.registry()));
    } catch (VersionConflict e) {
      return loading(412, conflict(), given, why, version, true, null, null);
    } catch (ConfigException e) {
      return loading(422, e.getMessage(), given, why, version, false, e, null);
    }
  }

  private static Response loading(
      int status,
      String problem,
      String document,
      String why,
      String version,
      boolean conflict,
      ConfigException wrong,
      RegistryPreview.View shown) {
    return html(
        status,
        Templates.edit(
            new EditPage(
                new Frame(Assets.VERSION, "Add agreements", ROOM, AlertView.clean(problem), null),
                "/agreements/import",
                ROOM,
                true,
                document,
                text(why),
                text(version),
                conflict ? "/agreements/import" : null,
                line(wrong, document),
                shown)));
  }

  // ---- who changed what

  /** The audit trail of one agreement and its chain. */
  @GET
  @Path("agreements/{id}/audit")
  public Response audit(@PathParam("id") String id) {
    try {
      AuditTrail.Trail trail = registry.folder().audit();
      List<AuditEntry> entries = trail.about(id);
      if (entries.isEmpty() && registry.folder().registry().historyOf(id).isEmpty()) {
        return problem(404, "There is no agreement '" + id + "'.");
      }
      List<AuditRow> rows = new ArrayList<>();
      for (int i = entries.size() - 1; i >= 0; i--) {
        rows.add(row(entries.get(i)));
      }
      return html(
          200,
          Templates.audit(
              new AuditPage(
                  Frame.of("Changes of " + AlertView.clean(id), ROOM),
                  href(id, ""),
                  rows,
                  trail.broken())));
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  private static AuditRow row(AuditEntry entry) {
    return new AuditRow(
        Words.at(entry.at()),
        AlertView.clean(entry.by()),
        Words.label(entry.via()),
        entry.action(),
        AlertView.clean(entry.agreement()),
        AlertView.clean(text(entry.why())),
        entry.changes().stream()
            .map(
                change ->
                    new RegistryPreview.Field(
                        AlertView.clean(change.field()),
                        Words.value(change.from()),
                        Words.value(change.to())))
            .toList());
  }

  // ---- all

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String conflict() {
    return "Somebody changed it while you wrote. Nothing was kept of yours yet.";
  }

  private static Line line(ConfigException wrong, String document) {
    if (wrong == null || wrong.place().isEmpty()) {
      return null;
    }
    int number = wrong.place().get().line();
    List<String> all = document.lines().toList();
    return number < 1 || number > all.size()
        ? null
        : new Line(number, AlertView.clean(all.get(number - 1)));
  }

  private static Author author(SecurityContext user, String why) {
    return new Author(NotifyProblems.who(user), VIA, blank(why) ? null : why.strip());
  }

  private static String href(String id, String rest) {
    return UriBuilder.fromPath(ROOM + "/{id}" + rest).build(id).toString();
  }

  private static Response problem(int status, String detail) {
    return html(status, PageResource.Templates.problem(Assets.VERSION, AlertView.clean(detail)));
  }

  private static Response see(String path) {
    return Response.seeOther(URI.create(path)).build();
  }

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }

  /** Browsers send every end of a line as two characters. */
  private static String lines(String text) {
    return text(text).replace("\r\n", "\n");
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }

  private static boolean blank(String given) {
    return given == null || given.isBlank();
  }
}
