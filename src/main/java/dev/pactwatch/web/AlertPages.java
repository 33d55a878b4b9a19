package dev.pactwatch.web;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.admin.AlertAdmin;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import dev.pactwatch.notify.admin.UnknownIdException;
import dev.pactwatch.notify.policy.AlertLabel;
import dev.pactwatch.notify.policy.Matcher;
import dev.pactwatch.notify.policy.Matchers;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.web.plot.Bonds;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One alert with everything that is known of it, and what somebody can do about it: forms over what
 * REST does, of use without script.
 */
@Path("/alerts/{id}")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class AlertPages {

  private static final int MOST_MARKS = 60;
  private static final int MOST_PASSAGES = 12;

  /** What a form offers for how long something holds; the first of them is until it moves. */
  private static final Map<String, Duration> LASTS = new LinkedHashMap<>();

  static {
    LASTS.put("8h", Duration.ofHours(8));
    LASTS.put("1d", Duration.ofDays(1));
    LASTS.put("7d", Duration.ofDays(7));
    LASTS.put("30d", Duration.ofDays(30));
  }

  /** A passage of an article, with where it stands. */
  public record Passage(List<AlertView.Segment> segments, AlertView.ArticleView article) {}

  /** Where something is written. */
  public record SourceView(String title, String link, String detail) {}

  /**
   * The term judged against and the agreement around it.
   *
   * @param link page of the agreement, null where the registry no longer has it
   * @param bound who is bound to whom, in a sentence; null where the relation is about the whole
   * @param blocking what that means for others, null where there is no term
   * @param note what a reader must know of these lines, may be null
   */
  public record Clause(
      String link,
      String title,
      String revision,
      String bound,
      String blocking,
      String topic,
      String scope,
      List<String> carveOuts,
      String products,
      String period,
      String until,
      String standing,
      String checked,
      List<SourceView> sources,
      String notes,
      String note) {}

  /** A revision of the alert. */
  public record RevisionView(
      int number,
      String change,
      AlertView.Moment at,
      List<RevisionChanges.Difference> differences) {}

  /** Somebody who was told, or was not. */
  public record ToldRow(
      String subscription,
      String how,
      int revision,
      String state,
      String reason,
      String message,
      String at) {}

  /** What a step of the way says. */
  public record StepRow(String step, boolean passed, String says) {}

  /** Why one subscriber was told, or was not. */
  public record Why(String subscription, String verdict, List<StepRow> steps) {}

  /**
   * @param note what stands in place of rows, may be null
   * @param subscriptions all there are, to ask about
   */
  public record Told(List<ToldRow> rows, String note, List<String> subscriptions, Why why) {}

  /** Who has taken the alert on. */
  public record Taken(String by, String at, String until, String note) {}

  /**
   * @param timeline null where the registry does not have the chain
   * @param bonds null where nobody is bound to anybody
   * @param earlier what is said of revisions that are no longer kept, may be null
   * @param can whether a notifier answers here
   */
  public record AlertPage(
      Frame frame,
      AlertView alert,
      List<Passage> passages,
      Clause clause,
      Timeline timeline,
      Bonds bonds,
      List<String> reasons,
      List<AlertView.ArticleView> reports,
      List<RevisionView> revisions,
      String earlier,
      Told told,
      Taken taken,
      boolean can) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "AlertPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance alert(AlertPage page);
  }

  private final AlertLog log;
  private final RegistryAccess registry;
  private final OrganisationAccess organisations;
  private final NotifyProblems notifier;
  private final InstantSource clock = InstantSource.system();

  AlertPages(
      AlertLog log,
      RegistryAccess registry,
      OrganisationAccess organisations,
      NotifyProblems notifier) {
    this.log = log;
    this.registry = registry;
    this.organisations = organisations;
    this.notifier = notifier;
  }

  /**
   * The alert.
   *
   * @param ask a subscription, to say why it was told of this or was not
   */
  @GET
  public Response show(@PathParam("id") String id, @QueryParam("ask") String ask) {
    return page(200, id, null, null, ask);
  }

  /** Takes it on, gives it back, or keeps it or its agreement from being told. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response act(
      @PathParam("id") String id,
      @FormParam("act") String act,
      @FormParam("note") String note,
      @FormParam("lasts") String lasts,
      @Context SecurityContext user) {
    Optional<Alert> alert = log.store().latest(id);
    if (alert.isEmpty()) {
      return missing();
    }
    String who = NotifyProblems.who(user);
    try {
      NotifyAdmin admin = notifier.admin();
      switch (act == null ? "" : act) {
        case "acknowledge" -> {
          var unused = admin.alerts().acknowledge(id, who, note, until(lasts));
        }
        case "unacknowledge" -> {
          var unused = admin.alerts().unacknowledge(id, who);
        }
        case "silence-alert" -> silence(admin, AlertLabel.ALERT, id, lasts, note, who);
        case "silence-agreement" ->
            silence(admin, AlertLabel.AGREEMENT, alert.get().agreement().chain(), lasts, note, who);
        default -> {
          return page(400, id, "There is no such button.", null, null);
        }
      }
      return Response.seeOther(URI.create(Addresses.alert(id))).build();
    } catch (ConfigException e) {
      return page(422, id, e.getMessage(), null, null);
    } catch (UnknownIdException e) {
      return page(409, id, "The notifier has not read this alert yet: try again.", null, null);
    } catch (NotifyProblems.NoNotifier e) {
      return page(503, id, "This process has no notifier: ask one with that role.", null, null);
    }
  }

  private Instant until(String lasts) {
    if (lasts == null || lasts.isBlank()) {
      return null;
    }
    return clock.instant().plus(length(lasts));
  }

  private static Duration length(String lasts) {
    Duration length = LASTS.get(lasts == null ? "" : lasts);
    if (length == null) {
      throw new ConfigException("lasts must be one of " + String.join(", ", LASTS.keySet()));
    }
    return length;
  }

  private static void silence(
      NotifyAdmin admin, AlertLabel label, String value, String lasts, String note, String who) {
    Matchers matchers = new Matchers(List.of(new Matcher(label, Matcher.Operator.EQUAL, value)));
    var unused =
        admin
            .silences()
            .add(
                Json.write(
                    Map.of(
                        "matchers",
                        matchers.toString(),
                        "lasts",
                        length(lasts).toHours() + "h",
                        "comment",
                        note == null ? "" : note)),
                who,
                null);
  }

  private static Response missing() {
    return html(
        404,
        PageResource.Templates.problem(
            Assets.VERSION, "No alert has this id, or it is no longer kept."));
  }

  private Response page(int status, String id, String problem, String said, String ask) {
    Optional<Alert> found = log.store().latest(id);
    if (found.isEmpty()) {
      return missing();
    }
    Alert alert = found.get();
    AlertView view = AlertView.of(alert);
    Optional<Registry> now = registry();
    Optional<Agreement> agreement = now.flatMap(all -> all.find(alert.agreement().id()));
    List<Alert> revisions = log.store().revisions(id);
    Optional<NotifyAdmin> admin = admin();
    return html(
        status,
        Templates.alert(
            new AlertPage(
                new Frame(Assets.VERSION, view.title(), "/", problem, said),
                view,
                passages(alert),
                clause(alert, agreement),
                timeline(alert, now),
                bonds(alert, agreement),
                alert.reasons().stream().map(AlertView::clean).toList(),
                AlertView.articles(alert, Integer.MAX_VALUE),
                revisions(revisions),
                earlier(revisions),
                told(alert, admin, ask),
                admin.flatMap(one -> taken(one, id)).orElse(null),
                admin.isPresent())));
  }

  /**
   * A registry that cannot be read is told on the pages that edit it; here its lines are left out.
   */
  private Optional<Registry> registry() {
    try {
      return Optional.of(registry.folder().registry());
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private Optional<NotifyAdmin> admin() {
    try {
      return Optional.of(notifier.admin());
    } catch (NotifyProblems.NoNotifier e) {
      return Optional.empty();
    }
  }

  // ---- words

  private static List<Passage> passages(Alert alert) {
    Map<String, AlertView.ArticleView> articles = new HashMap<>();
    alert.articles().forEach(one -> articles.put(one.uri(), AlertView.article(one)));
    return AlertView.passages(alert).stream()
        .limit(MOST_PASSAGES)
        .map(quote -> new Passage(AlertView.segments(alert, quote), articles.get(quote.uri())))
        .toList();
  }

  // ---- agreement

  private Clause clause(Alert alert, Optional<Agreement> agreement) {
    Alert.AgreementRef judged = alert.agreement();
    Term term = judged.term();
    Function<String, String> name =
        id -> AlertView.clean(agreement.map(one -> one.nameOf(id)).orElse(organisations.name(id)));
    List<SourceView> sources = new ArrayList<>();
    agreement.map(Agreement::sources).orElse(List.of()).forEach(one -> sources.add(source(one)));
    if (sources.isEmpty() && judged.source() != null) {
      sources.add(source(judged.source()));
    }
    LocalDate day = alert.lastSeen().atZone(ZoneOffset.UTC).toLocalDate();
    return new Clause(
        agreement.map(one -> Addresses.agreement(one.id())).orElse(null),
        agreement.map(one -> AlertView.clean(one.title())).orElse(AlertView.clean(judged.id())),
        AlertView.clean(judged.revision()),
        term == null
            ? null
            : name.apply(term.grantor()) + " is bound to " + name.apply(term.beneficiary()),
        term == null
            ? null
            : capital(term.kind().inWords())
                + (term.kind().blocking()
                    ? ": keeps others out while it is in force"
                    : ": does not keep others out"),
        term == null ? null : AlertView.clean(words(term.topic())),
        term == null ? null : AlertView.clean(term.scope()),
        agreement
            .map(Agreement::carveOuts)
            .filter(outs -> !outs.isEmpty())
            .orElse(term == null ? List.of() : term.carveOuts())
            .stream()
            .map(AlertView::clean)
            .toList(),
        term == null || term.products().isEmpty()
            ? null
            : AlertView.clean(String.join(", ", term.products())),
        agreement.map(Timeline::period).orElse(null),
        term == null || term.until() == null ? null : Timeline.words(term.until()),
        agreement
            .filter(one -> term != null)
            .map(one -> standing(Standing.of(one, term, day)))
            .orElse(null),
        judged.checkedTo() == null ? null : Timeline.words(judged.checkedTo()),
        List.copyOf(sources),
        agreement.map(one -> AlertView.clean(one.notes())).orElse(null),
        agreement.isPresent()
            ? null
            : "The registry no longer has this revision: this is how it was judged against.");
  }

  private static String standing(Optional<Standing> standing) {
    return standing
        .map(
            one ->
                switch (one) {
                  case IN_FORCE -> "in force on the day of the event";
                  case IN_FORCE_WHEN_LAST_CHECKED ->
                      "in force when last checked, which was before the event";
                  case POSSIBLY_IN_FORCE -> "possibly in force on the day of the event";
                })
        .orElse("not in force on the day of the event, as the registry stands now");
  }

  private static SourceView source(Source source) {
    String detail =
        Stream.of(source.publisher(), source.date(), source.type())
            .filter(part -> part != null && !part.isBlank())
            .collect(Collectors.joining(", "));
    return new SourceView(
        AlertView.clean(source.title()), SafeLink.of(source.url()), AlertView.clean(detail));
  }

  private Timeline timeline(Alert alert, Optional<Registry> now) {
    List<Agreement> chain =
        now.map(all -> all.history(alert.agreement().chain())).orElse(List.of());
    if (chain.isEmpty()) {
      return null;
    }
    List<Timeline.Occurrence> marks = new ArrayList<>();
    for (Alert one :
        log.store()
            .list(other -> other.agreement().chain().equals(alert.agreement().chain()), MOST_MARKS)
            .alerts()) {
      if (!one.id().equals(alert.id())) {
        marks.add(mark(one, false));
      }
    }
    marks.add(mark(alert, true));
    return Timeline.of(
        "timeline",
        "The agreement over time, with its alerts",
        chain,
        marks,
        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }

  private static Timeline.Occurrence mark(Alert alert, boolean here) {
    return new Timeline.Occurrence(
        alert.agreement().id(),
        LocalDate.ofInstant(alert.firstSeen(), ZoneOffset.UTC),
        alert.title()
            + (alert.change() == Change.WITHDRAWN ? " (withdrawn)" : "")
            + (here ? " (this alert)" : ""),
        Addresses.alert(alert.id()),
        alert.severity().label(),
        here);
  }

  // ---- who is bound to whom

  private Bonds bonds(Alert alert, Optional<Agreement> agreement) {
    Term term = alert.agreement().term();
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, List<String>> parts = new HashMap<>();
    List<String> sides = new ArrayList<>();
    if (term != null) {
      for (String side : List.of(term.beneficiary(), term.grantor())) {
        names.put(side, agreement.map(one -> one.nameOf(side)).orElse(organisations.name(side)));
        sides.add(side);
      }
      add(parts, term.beneficiary(), "beneficiary");
      add(parts, term.grantor(), "bound");
    }
    List<Party> parties = alert.event().parties();
    for (Party party : parties) {
      String key = key(party);
      names.putIfAbsent(key, party.name());
      add(parts, key, party.role().label());
    }
    if (names.size() < 2) {
      return null;
    }
    List<Bonds.Bond> bonds = new ArrayList<>();
    if (term != null) {
      bonds.add(
          new Bonds.Bond(
              term.grantor(),
              term.beneficiary(),
              Bonds.Kind.TERM,
              names.get(term.grantor())
                  + " is bound to "
                  + names.get(term.beneficiary())
                  + ": "
                  + term.kind().inWords()
                  + ", "
                  + words(term.topic())));
    }
    event(alert, parties, names, bonds);
    Function<String, Bonds.Party> drawn =
        id ->
            new Bonds.Party(
                id, names.get(id), String.join(", ", parts.getOrDefault(id, List.of())), null);
    return Bonds.of(
        "bonds",
        "Who is bound to whom, and what the event adds",
        sides.stream().distinct().map(drawn).toList(),
        names.keySet().stream().filter(id -> !sides.contains(id)).map(drawn).toList(),
        bonds);
  }

  private static void event(
      Alert alert, List<Party> parties, Map<String, String> names, List<Bonds.Bond> bonds) {
    boolean deal = alert.event().type() == EventType.CLOUD_PARTNERSHIP;
    Set<Role> giving = deal ? Set.of(Role.PROVIDER) : Set.of(Role.PLAINTIFF);
    Set<Role> taking = deal ? Set.of(Role.CUSTOMER) : Set.of(Role.DEFENDANT);
    String amount = AlertView.amount(alert.event().amount());
    String what =
        words(alert.event().status().label())
            + (amount == null ? "" : ", " + amount)
            + (alert.event().product() == null ? "" : ", " + alert.event().product());
    List<Party> from = parties.stream().filter(one -> giving.contains(one.role())).toList();
    List<Party> to = parties.stream().filter(one -> taking.contains(one.role())).toList();
    for (Party one : from) {
      for (Party other : to) {
        bonds.add(
            new Bonds.Bond(
                key(one),
                key(other),
                Bonds.Kind.EVENT,
                names.get(key(one))
                    + (deal ? " supplies " : " against ")
                    + names.get(key(other))
                    + ": "
                    + what));
      }
    }
    if (from.isEmpty() || to.isEmpty()) {
      // Nobody says who gives and who gets: the first is tied to the others.
      for (int i = 1; i < parties.size(); i++) {
        bonds.add(
            new Bonds.Bond(
                key(parties.get(0)),
                key(parties.get(i)),
                Bonds.Kind.EVENT,
                names.get(key(parties.get(0)))
                    + (deal ? " with " : " and ")
                    + names.get(key(parties.get(i)))
                    + ": "
                    + what));
      }
    }
  }

  private static String key(Party party) {
    return party.organisation() == null ? party.name() : party.organisation();
  }

  private static void add(Map<String, List<String>> parts, String id, String part) {
    List<String> known = parts.computeIfAbsent(id, unused -> new ArrayList<>());
    if (!known.contains(part)) {
      known.add(part);
    }
  }

  // ---- revisions

  private static List<RevisionView> revisions(List<Alert> revisions) {
    List<RevisionView> views = new ArrayList<>();
    for (int i = revisions.size() - 1; i >= 0; i--) {
      Alert one = revisions.get(i);
      views.add(
          new RevisionView(
              one.revision(),
              one.change().label(),
              AlertView.Moment.of(one.lastSeen()),
              i == 0 ? List.of() : RevisionChanges.between(revisions.get(i - 1), one)));
    }
    return List.copyOf(views);
  }

  private static String earlier(List<Alert> revisions) {
    int first = revisions.isEmpty() ? 1 : revisions.get(0).revision();
    return first <= 1
        ? null
        : "Revisions before the " + first + "th are in the log, and no longer kept here.";
  }

  // ---- who was told

  private static Optional<Taken> taken(NotifyAdmin admin, String id) {
    return admin
        .alerts()
        .acknowledgement(id)
        .map(
            one ->
                new Taken(
                    AlertView.clean(one.by()),
                    AlertView.Moment.of(one.at()).text(),
                    one.until() == null ? null : AlertView.Moment.of(one.until()).text(),
                    AlertView.clean(one.note())));
  }

  private static Told told(Alert alert, Optional<NotifyAdmin> admin, String ask) {
    if (admin.isEmpty()) {
      return new Told(
          List.of(), "This process has no notifier: ask one with that role.", List.of(), null);
    }
    Map<String, String> how = new LinkedHashMap<>();
    for (SubscriptionAdmin.Shown one : admin.get().subscriptions().list().subscriptions()) {
      how.put(
          one.id(),
          AlertView.clean(one.subscription().path("channel").asText() + ", " + one.target()));
    }
    List<ToldRow> rows = new ArrayList<>();
    for (MatchTable.Row row : admin.get().alerts().told(alert.id())) {
      rows.add(
          new ToldRow(
              row.subscription(),
              how.getOrDefault(row.subscription(), "no longer there"),
              row.revision(),
              row.state().label(),
              row.reason() == null
                  ? null
                  : words(row.reason()) + (row.ref() == null ? "" : " (" + row.ref() + ")"),
              row.message(),
              AlertView.Moment.of(row.changed()).text()));
    }
    return new Told(
        List.copyOf(rows),
        rows.isEmpty() ? "No subscription's filter has let this alert through." : null,
        List.copyOf(how.keySet()),
        ask == null || !how.containsKey(ask) ? null : why(admin.get().alerts(), alert.id(), ask));
  }

  private static Why why(AlertAdmin alerts, String id, String subscription) {
    try {
      var now = alerts.explain(id, subscription).now();
      List<StepRow> steps = new ArrayList<>();
      now.filter()
          .forEach(
              check ->
                  steps.add(
                      new StepRow(
                          words(check.criterion().label()),
                          check.passed(),
                          AlertView.clean(
                              "wants " + check.wants() + "; the alert has " + check.has()))));
      now.stages()
          .forEach(
              step ->
                  steps.add(
                      new StepRow(
                          words(step.stage()),
                          step.passed(),
                          step.passed()
                              ? "lets it through"
                              : AlertView.clean(
                                  words(step.reason().label())
                                      + (step.ref() == null ? "" : " (" + step.ref() + ")")
                                      + (step.until() == null
                                          ? ""
                                          : " until "
                                              + AlertView.Moment.of(step.until()).text())))));
      return new Why(subscription, verdict(Kebab.of(now.verdict())), List.copyOf(steps));
    } catch (UnknownIdException e) {
      return new Why(subscription, "The notifier has not read this alert yet.", List.of());
    }
  }

  private static String verdict(String label) {
    return switch (label) {
      case "not-wanted" -> "Its filter does not want this alert.";
      case "suppressed" -> "It would not be told as things stand.";
      case "waits" -> "It would be told later.";
      default -> "Nothing holds it back.";
    };
  }

  // ---- all

  private static String words(String label) {
    return label.replace('-', ' ');
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }
}
