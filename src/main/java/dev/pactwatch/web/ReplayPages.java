package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.replay.Cause;
import dev.pactwatch.replay.Comparison;
import dev.pactwatch.replay.ReplayManifest;
import dev.pactwatch.replay.ReplayProgress;
import dev.pactwatch.replay.ReplaySet;
import dev.pactwatch.replay.ReplayStore;
import dev.pactwatch.replay.RunningReplays;
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
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Pages of replays: what would another set of rules or agreements have told of old news? Begun by a
 * form, watched, and read side by side; of use without script.
 */
@Path("/replays")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class ReplayPages {

  private static final String ROOM = "/replays";

  /** The value of the live log in the choice of sources; no file can have the name. */
  private static final String LIVE = "topic:articles.v1";

  /** A page with more than this is of no use to a reader; the report has them all. */
  private static final int MOST = 200;

  /** A replay in the list. */
  public record Row(String id, String state, String created, String sources, String result) {}

  /** All replays, and the form for another. */
  public record ListPage(
      Frame frame,
      List<Row> rows,
      List<String> sources,
      List<String> sets,
      String source,
      String set,
      String from,
      String to) {}

  /** A line about a replay. */
  public record Fact(String name, String value) {}

  /** How far one is; the values of the progress bar are whole. */
  public record ProgressView(String state, String text, long done, long total) {}

  /** One of the two passes. */
  public record SideView(
      String label, String name, String lexicon, String registry, String result) {}

  /** A field that differs. */
  public record FieldView(String name, String before, String after) {}

  /** An alert of the comparison; all of it can come from news. */
  public record DifferenceView(
      String kind,
      String id,
      String day,
      String severity,
      String title,
      List<FieldView> fields,
      List<Cause> causes) {}

  /** One replay. */
  public record OnePage(
      Frame frame,
      Row row,
      List<Fact> facts,
      ProgressView progress,
      List<SideView> sides,
      ReplayManifest.Differences differences,
      List<DifferenceView> added,
      List<DifferenceView> removed,
      List<DifferenceView> changed,
      int left,
      boolean resumable,
      boolean removable) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "ReplayPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance list(ListPage page);

    public static native TemplateInstance one(OnePage page);
  }

  /** What a set can consist of. */
  private static final Set<String> PARTS = Set.of("agreements", "lexicon", "topics.yaml");

  private final RunningReplays replays;

  ReplayPages(RunningReplays replays) {
    this.replays = replays;
  }

  /** All of them. */
  @GET
  public Response list() {
    return list(200, null, LIVE, "", "", "");
  }

  /** Makes one and begins to work on it. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response start(
      @FormParam("source") String source,
      @FormParam("set") String set,
      @FormParam("from") String from,
      @FormParam("to") String to,
      @Context SecurityContext user)
      throws IOException {
    try {
      RunningReplays.Offer offer = offer();
      if (offer.store().list().stream()
          .anyMatch(entry -> entry.state() == ReplayManifest.State.RUNNING)) {
        throw new ConfigException("Another replay is under way; there is room for one at a time.");
      }
      String of =
          source == null || source.equals(LIVE)
              ? LIVE
              : offer.source(source).toAbsolutePath().toString();
      ReplayManifest.Asked asked =
          new ReplayManifest.Asked(
              List.of(of),
              day("From", from),
              day("To", to),
              0,
              offer.touches(),
              null,
              NotifyProblems.who(user));
      ReplaySet.Origin second =
          set == null || set.isBlank() ? null : offer.config().with(offer.set(set));
      String id = offer.store().create(asked, offer.config(), second);
      offer.launcher().launch(id);
      return see(ROOM + "/" + id);
    } catch (ConfigException e) {
      return list(422, e.getMessage(), text(source), text(set), text(from), text(to));
    }
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id) throws IOException {
    return one(200, id, null);
  }

  /** How far one is, for the page's script. */
  @GET
  @Path("{id}/progress")
  @Produces(MediaType.APPLICATION_JSON)
  public Response progress(@PathParam("id") String id) {
    return offer()
        .store()
        .find(id)
        .map(entry -> Response.ok(view(entry)).header("Cache-Control", "no-store").build())
        .orElseGet(() -> Response.status(404).build());
  }

  /** Goes on with one, or removes it. */
  @POST
  @Path("{id}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response act(@PathParam("id") String id, @FormParam("act") String act) throws IOException {
    RunningReplays.Offer offer = offer();
    if (offer.store().find(id).isEmpty()) {
      return missing(id);
    }
    try {
      switch (act == null ? "" : act) {
        case "resume" -> offer.launcher().launch(id);
        case "remove" -> {
          offer.store().remove(id);
          return see(ROOM);
        }
        default -> {
          return one(400, id, "There is no such button.");
        }
      }
      return see(ROOM + "/" + id);
    } catch (ConfigException e) {
      return one(422, id, e.getMessage());
    }
  }

  private Response list(
      int status, String problem, String source, String set, String from, String to) {
    RunningReplays.Offer offer = offer();
    return html(
        status,
        Templates.list(
            new ListPage(
                new Frame(Assets.VERSION, "Replays", ROOM, problem, null),
                offer.store().list().stream().map(ReplayPages::row).toList(),
                offer.sources(),
                offer.sets(),
                source,
                set,
                from,
                to)));
  }

  private Response one(int status, String id, String problem) throws IOException {
    ReplayStore store = offer().store();
    ReplayStore.Entry entry = store.find(id).orElse(null);
    return entry == null ? missing(id) : html(status, Templates.one(pageOf(store, entry, problem)));
  }

  private static OnePage pageOf(ReplayStore store, ReplayStore.Entry entry, String problem)
      throws IOException {
    ReplayManifest manifest = entry.manifest();
    boolean working = entry.state() == ReplayManifest.State.RUNNING;
    boolean begun = working || entry.state() == ReplayManifest.State.NEW;
    List<DifferenceView> added = new ArrayList<>();
    List<DifferenceView> removed = new ArrayList<>();
    List<DifferenceView> changed = new ArrayList<>();
    int left = 0;
    if (manifest.differences() != null) {
      for (Comparison.Difference each :
          Comparison.read(store.folder(manifest.id())).differences()) {
        List<DifferenceView> into =
            switch (each.kind()) {
              case ADDED -> added;
              case REMOVED -> removed;
              case CHANGED -> changed;
            };
        if (into.size() < MOST) {
          into.add(view(each));
        } else {
          left++;
        }
      }
    }
    return new OnePage(
        new Frame(
            Assets.VERSION,
            "Replay " + manifest.id(),
            ROOM,
            problem == null ? manifest.problem() : problem,
            null),
        row(entry),
        facts(manifest),
        begun ? view(entry) : null,
        sides(manifest),
        manifest.differences(),
        added,
        removed,
        changed,
        left,
        !working && entry.state() != ReplayManifest.State.DONE,
        !working);
  }

  private static ProgressView view(ReplayStore.Entry entry) {
    ReplayProgress progress = entry.progress();
    if (progress == null) {
      return new ProgressView(entry.state().label(), entry.state().label(), 0, 0);
    }
    StringBuilder text = new StringBuilder(progress.phase());
    if (progress.done() > 0) {
      text.append(String.format(Locale.ROOT, ", %,d", progress.done()));
      if (progress.total() > 0) {
        text.append(String.format(Locale.ROOT, " of %,d", progress.total()));
      }
      text.append(" articles");
    }
    if (progress.perSecond() > 0) {
      text.append(String.format(Locale.ROOT, ", %,.0f a second", progress.perSecond()));
    }
    if (progress.secondsLeft() > 0) {
      text.append(String.format(Locale.ROOT, ", %,.0f seconds left", progress.secondsLeft()));
    }
    return new ProgressView(
        entry.state().label(), text.toString(), progress.done(), progress.total());
  }

  private static DifferenceView view(Comparison.Difference difference) {
    Alert alert = difference.alert();
    return new DifferenceView(
        difference.kind().label(),
        alert.id(),
        LocalDate.ofInstant(alert.lastSeen(), ZoneOffset.UTC).toString(),
        alert.severity().label(),
        alert.title(),
        difference.fields().stream()
            .map(field -> new FieldView(field.name(), field.before(), field.after()))
            .toList(),
        difference.causes());
  }

  private static Row row(ReplayStore.Entry entry) {
    ReplayManifest manifest = entry.manifest();
    String result = "";
    if (manifest.differences() != null) {
      result =
          manifest.differences().added()
              + " added, "
              + manifest.differences().removed()
              + " removed, "
              + manifest.differences().changed()
              + " changed";
    } else if (manifest.first().pass() != null) {
      result = manifest.first().pass().alerts() + " alerts";
    }
    return new Row(
        manifest.id(), entry.state().label(), at(manifest.created()), sources(manifest), result);
  }

  private static String sources(ReplayManifest manifest) {
    List<String> names = new ArrayList<>();
    for (String source : manifest.asked().sources()) {
      names.add(
          source.equals(LIVE)
              ? "articles of this installation"
              : source.startsWith("topic:") || source.contains("://")
                  ? source
                  : source.substring(source.lastIndexOf('/') + 1));
    }
    return String.join(", ", names);
  }

  private static List<Fact> facts(ReplayManifest manifest) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Asked", at(manifest.created()) + by(manifest)));
    facts.add(new Fact("News", sources(manifest)));
    if (manifest.asked().from() != null || manifest.asked().to() != null) {
      facts.add(
          new Fact(
              "Days",
              (manifest.asked().from() == null ? "the first" : manifest.asked().from())
                  + " to "
                  + (manifest.asked().to() == null ? "the last" : manifest.asked().to())));
    }
    ReplayManifest.Input input = manifest.input();
    if (input != null && input.oldest() != null) {
      facts.add(
          new Fact(
              "Articles",
              String.format(
                  Locale.ROOT,
                  "%,d, %s to %s",
                  input.articles(),
                  at(input.oldest()),
                  at(input.newest()))));
      if (input.refused() > 0 || input.rejected() > 0) {
        facts.add(
            new Fact(
                "Not taken",
                input.refused() + " documents refused, " + input.rejected() + " items rejected"));
      }
    }
    return facts;
  }

  private static String by(ReplayManifest manifest) {
    return manifest.asked().by() == null ? "" : " by " + manifest.asked().by();
  }

  private static List<SideView> sides(ReplayManifest manifest) {
    List<SideView> sides = new ArrayList<>();
    sides.add(side(manifest.second() == null ? "Set" : "First set", manifest.first()));
    if (manifest.second() != null) {
      sides.add(side("Second set", manifest.second()));
    }
    return sides;
  }

  /** What whoever offers a set calls it: the folder, not which part of it is used. */
  private static String name(String set) {
    List<String> names = new ArrayList<>(List.of(set.split("/")));
    while (names.size() > 1 && PARTS.contains(names.get(names.size() - 1))) {
      names.remove(names.size() - 1);
    }
    return names.get(names.size() - 1);
  }

  private static SideView side(String label, ReplayManifest.Side side) {
    ReplayManifest.Pass pass = side.pass();
    return new SideView(
        label,
        name(side.name()),
        side.versions().lexicon(),
        side.versions().registry(),
        pass == null
            ? ""
            : String.format(
                Locale.ROOT,
                "%,d events in %,d articles, %,d alerts",
                pass.events(),
                pass.eventful(),
                pass.alerts()));
  }

  private RunningReplays.Offer offer() {
    return replays
        .get()
        .orElseThrow(() -> new ServiceUnavailableException("this process offers no replays"));
  }

  private static LocalDate day(String name, String given) {
    if (given == null || given.isBlank()) {
      return null;
    }
    try {
      return LocalDate.parse(given.strip());
    } catch (DateTimeParseException e) {
      throw new ConfigException(name + ": '" + given + "' is no day such as 2026-03-18", e);
    }
  }

  private static Response missing(String id) {
    return html(
        404, PageResource.Templates.problem(Assets.VERSION, "There is no replay " + id + "."));
  }

  private static Response see(String path) {
    return Response.seeOther(URI.create(path)).build();
  }

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }

  private static String text(String given) {
    return Objects.requireNonNullElse(given, "");
  }

  private static String at(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }
}
