package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedHealth;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.ingest.FeedStates;
import dev.pactwatch.ingest.FeedStatus;
import dev.pactwatch.ingest.PollDecision;
import dev.pactwatch.text.Fold;
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
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/**
 * Pages of the feeds: how each fares, in small pictures of one scale, and forms to find, add,
 * remove, import and export, of use without script. The list's own version guards every change.
 */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class FeedPages {

  private static final String ROOM = "/feeds";
  private static final String VIA = "page";
  private static final String ID = "[0-9a-f]{12}";
  private static final int MOST = 60;
  private static final Set<String> FINE = Set.of("well", "new");

  /** A feed in the list. */
  public record Card(
      String href,
      String title,
      String address,
      String category,
      String status,
      boolean fine,
      String sentence,
      String next,
      List<Sparkline> pictures) {}

  /**
   * A feed that was found behind an address.
   *
   * @param about format and number of items, in words
   */
  public record Found(
      String url, String title, String site, String how, String about, List<String> headlines) {}

  /** All feeds. */
  public record ListPage(
      Frame frame,
      String version,
      String address,
      List<Found> found,
      String summary,
      String since,
      String q,
      List<PageResource.Choice> states,
      boolean filtered,
      List<Card> cards,
      String all) {}

  /** One feed. */
  public record OnePage(
      Frame frame,
      Card card,
      boolean listed,
      String version,
      List<AgreementPages.Fact> facts,
      List<String> decision,
      List<String> notices,
      String since) {}

  /** A list of feeds that is to be taken over. */
  public record ImportPage(
      Frame frame, String version, String document, boolean tried, List<String> added, int known) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "FeedPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance list(ListPage page);

    public static native TemplateInstance one(OnePage page);

    public static native TemplateInstance load(ImportPage page);
  }

  private final FeedAccess feeds;
  private final InstantSource clock = InstantSource.system();

  FeedPages(FeedAccess feeds) {
    this.feeds = feeds;
  }

  // ---- all

  /**
   * How feeds fare, those with troubles first.
   *
   * @param status keeps those that have it
   * @param all shows more than fit one page
   */
  @GET
  @Path("feeds")
  public Response list(
      @QueryParam("q") String q,
      @QueryParam("status") String status,
      @QueryParam("all") String all) {
    return list(200, null, null, "", List.of(), text(q), text(status), all != null);
  }

  /**
   * Looks for feeds behind an address, or adds one.
   *
   * @param act {@code add}; anything else looks
   */
  @POST
  @Path("feeds")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response add(
      @FormParam("url") String url,
      @FormParam("title") String title,
      @FormParam("category") String category,
      @FormParam("full-text") String fullText,
      @FormParam("version") String version,
      @FormParam("act") String act,
      @Context SecurityContext user)
      throws InterruptedException {
    String wanted = text(url).strip();
    if (wanted.isEmpty()) {
      return again(422, "Write the address of a feed, or of a page that has one.", wanted);
    }
    try {
      var twin = FeedListFile.twin(feeds.file().read().list(), wanted);
      if (twin.isPresent()) {
        return again(422, AlertView.clean(twin.get().url()) + " is watched already.", wanted);
      }
      if (!(feeds.find(wanted) instanceof FeedFinder.Feeds found)) {
        return again(422, "No feed is found there.", wanted);
      }
      if (!Objects.equals(act, "add") || found.feeds().size() != 1) {
        return list(
            200,
            null,
            null,
            wanted,
            found.feeds().stream().map(FeedPages::found).toList(),
            "",
            "",
            false);
      }
      FeedFinder.Candidate one = found.feeds().get(0);
      String name = text(title).strip();
      FeedEntry feed =
          new FeedEntry(
              one.url(),
              !name.isEmpty() ? name : one.title() == null ? one.url() : one.title(),
              one.site(),
              blankToNull(category),
              null,
              fullText != null);
      String unused = feeds.file().add(feed, null, author(user), text(version));
      return see(ROOM + "/" + feed.id());
    } catch (FeedListFile.Changed e) {
      return again(412, "Somebody changed the list meanwhile; look again and add it then.", wanted);
    } catch (FeedListFile.Duplicate e) {
      return again(422, AlertView.clean(e.listed().url()) + " is watched already.", wanted);
    } catch (ConfigException e) {
      return again(422, e.getMessage(), wanted);
    }
  }

  private Response again(int status, String problem, String address) {
    return list(status, problem, null, address, List.of(), "", "", false);
  }

  private Response list(
      int status,
      String problem,
      String said,
      String address,
      List<Found> found,
      String q,
      String wanted,
      boolean all) {
    FeedListFile.Current list;
    List<FeedStatus> every;
    Map<String, List<FeedStates.Poll>> polls;
    String trouble = problem;
    try {
      list = feeds.file().read();
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
    try {
      every = FeedStatus.of(list.list().feeds(), feeds.states());
      polls = feeds.polls();
    } catch (FeedStates.Unavailable e) {
      every = FeedStatus.of(list.list().feeds(), Map.of());
      polls = Map.of();
      trouble = trouble == null ? "How feeds fare cannot be read now: no broker answers." : trouble;
    }
    Instant now = clock.instant();
    List<FeedStatus> listed = every.stream().filter(FeedStatus::listed).toList();
    String folded = Fold.of(q).strip();
    List<FeedStatus> passing =
        listed.stream()
            .filter(feed -> wanted.isEmpty() || feed.status().contains(wanted))
            .filter(
                feed ->
                    folded.isEmpty()
                        || Fold.of(feed.title() + " " + feed.feed() + " " + feed.category())
                            .contains(folded))
            .sorted(Comparator.comparing(FeedPages::fine))
            .toList();
    Map<String, List<FeedStates.Poll>> known = polls;
    List<Card> cards =
        passing.stream()
            .limit(all ? Long.MAX_VALUE : MOST)
            .map(feed -> card(feed, known.getOrDefault(feed.feed(), List.of()), now))
            .toList();
    List<PageResource.Choice> states = new ArrayList<>();
    states.add(new PageResource.Choice("", "Every state", wanted.isEmpty()));
    for (String one : List.of("well", "new", "failing", "broken", "gone", "silent", "renumbered")) {
      states.add(new PageResource.Choice(one, Words.capital(one), one.equals(wanted)));
    }
    return html(
        status,
        Templates.list(
            new ListPage(
                new Frame(Assets.VERSION, "Feeds", ROOM, AlertView.clean(trouble), said),
                list.version(),
                address,
                found,
                summary(listed),
                since(polls.values().stream().flatMap(List::stream).toList()),
                q,
                states,
                !q.isEmpty() || !wanted.isEmpty(),
                cards,
                cards.size() < passing.size()
                    ? "/feeds?all=1"
                        + (wanted.isEmpty() ? "" : "&status=" + encoded(wanted))
                        + (q.isEmpty() ? "" : "&q=" + encoded(q))
                    : null)));
  }

  private static String summary(List<FeedStatus> listed) {
    long fresh = listed.stream().filter(feed -> feed.status().contains("new")).count();
    long wrong = listed.stream().filter(feed -> !fine(feed)).count();
    return Words.count(listed.size(), "feed")
        + " watched"
        + (wrong == 0
            ? ", none in trouble"
            : ", " + wrong + (wrong == 1 ? " needs" : " need") + " a look")
        + (fresh == 0 ? "." : "; " + fresh + " not asked yet.");
  }

  private static boolean fine(FeedStatus feed) {
    return FINE.containsAll(feed.status());
  }

  private static String since(List<FeedStates.Poll> polls) {
    return polls.stream()
        .map(FeedStates.Poll::at)
        .min(Comparator.naturalOrder())
        .map(first -> "Pictures show the polls known since " + Words.at(first) + ", newest right.")
        .orElse(null);
  }

  // ---- one in words and pictures

  private static Card card(FeedStatus feed, List<FeedStates.Poll> polls, Instant now) {
    return new Card(
        ROOM + "/" + feed.id(),
        AlertView.clean(feed.title()),
        AlertView.clean(feed.feed()),
        AlertView.clean(feed.category()),
        String.join(", ", feed.status()),
        fine(feed),
        sentence(feed, now),
        next(feed, now),
        pictures(feed, polls));
  }

  private static String sentence(FeedStatus feed, Instant now) {
    if (feed.lastPoll() == null) {
      return "Not asked yet.";
    }
    StringBuilder text = new StringBuilder("Asked ").append(ago(feed.lastPoll(), now));
    if (feed.failures() > 0) {
      text.append(", failed ")
          .append(feed.failures() == 1 ? "once" : feed.failures() + " times in a row");
      if (feed.lastProblem() != null) {
        text.append(" (").append(AlertView.clean(Words.label(feed.lastProblem()))).append(')');
      }
    } else if (feed.lastNew() == null) {
      text.append(", nothing new so far");
    } else {
      text.append(", something new ").append(ago(feed.lastNew(), now));
    }
    text.append('.');
    feed.troubles()
        .forEach(
            (what, since) ->
                text.append(' ')
                    .append(Words.capital(what))
                    .append(" since ")
                    .append(Words.at(since))
                    .append('.'));
    if (feed.suggestion() != null) {
      text.append(" It may have moved to ").append(AlertView.clean(feed.suggestion())).append('.');
    }
    return text.toString();
  }

  private static String next(FeedStatus feed, Instant now) {
    if (feed.next() == null) {
      return feed.lastPoll() == null ? "soon" : "never";
    }
    long seconds = Duration.between(now, feed.next()).toSeconds();
    return (seconds <= 0 ? "now" : "in " + Words.span(seconds))
        + (feed.because() == null ? "" : ", because of " + Words.label(feed.because()));
  }

  private static String ago(Instant then, Instant now) {
    long seconds = Duration.between(then, now).toSeconds();
    return seconds <= 0 ? "just now" : Words.span(seconds) + " ago";
  }

  /** All of one scale in time: one place for each poll. */
  private static List<Sparkline> pictures(FeedStatus feed, List<FeedStates.Poll> polls) {
    int places = FeedStates.MOST_POLLS;
    List<Boolean> failed = polls.stream().map(poll -> !poll.well()).toList();
    long bad = failed.stream().filter(one -> one).count();
    List<Boolean> fine = polls.stream().map(poll -> false).toList();
    long fresh =
        polls.stream()
            .filter(poll -> poll.published() != null)
            .mapToLong(FeedStates.Poll::published)
            .sum();
    int worst = polls.stream().mapToInt(FeedStates.Poll::failures).max().orElse(0);
    String shown = Words.count(polls.size(), "poll") + " shown";
    return List.of(
        Sparkline.of(
            "Polls",
            String.valueOf(feed.polls()),
            shown + ", " + bad + " of them failed; " + feed.polls() + " in all",
            polls.stream().map(poll -> 1.0).toList(),
            failed,
            places),
        Sparkline.of(
            "New items",
            String.valueOf(feed.published()),
            shown
                + ", with "
                + Words.count(fresh, "new item")
                + "; "
                + feed.published()
                + " in all",
            polls.stream()
                .map(poll -> poll.published() == null ? null : (Double) (double) poll.published())
                .toList(),
            fine,
            places),
        Sparkline.of(
            "Lag",
            feed.lagP50() == null ? "none yet" : Words.span(feed.lagP50()) + " (p50)",
            feed.lagP50() == null
                ? "No item has told how late it was seen"
                : "From publication to observation: half within "
                    + Words.span(feed.lagP50())
                    + ", 95 of 100 within "
                    + Words.span(feed.lagP95()),
            polls.stream()
                .map(
                    poll ->
                        poll.lag() == null ? null : (Double) Math.log1p(Math.max(0, poll.lag())))
                .toList(),
            fine,
            places),
        Sparkline.of(
            "Errors in a row",
            String.valueOf(feed.failures()),
            "Now " + feed.failures() + ", at most " + worst + " in the " + shown,
            polls.stream().map(poll -> (double) poll.failures()).toList(),
            polls.stream().map(poll -> poll.failures() > 0).toList(),
            places));
  }

  /** Everything about one. */
  @GET
  @Path("feeds/{id}")
  public Response one(@PathParam("id") String id) {
    return one(200, id, null);
  }

  /**
   * Removes one.
   *
   * @param act {@code remove}
   */
  @POST
  @Path("feeds/{id}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response act(
      @PathParam("id") String id,
      @FormParam("version") String version,
      @FormParam("act") String act,
      @Context SecurityContext user) {
    if (!Objects.equals(act, "remove")) {
      return one(422, id, "There is no such button.");
    }
    if (!id.matches(ID)) {
      return problem(404, "No feed has this id.");
    }
    try {
      FeedEntry unused = feeds.file().remove(id, author(user), text(version));
      return see(ROOM);
    } catch (FeedListFile.Changed e) {
      return one(412, id, "Somebody changed the list meanwhile. Press again if you still want it.");
    } catch (FeedListFile.Unknown e) {
      return problem(404, "No feed has this id.");
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  private Response one(int status, String id, String problem) {
    FeedListFile.Current list;
    Map<String, List<FeedStates.Poll>> polls;
    List<FeedStatus> every;
    String trouble = problem;
    try {
      list = feeds.file().read();
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
    try {
      every = FeedStatus.of(list.list().feeds(), feeds.states());
      polls = feeds.polls();
    } catch (FeedStates.Unavailable e) {
      every = FeedStatus.of(list.list().feeds(), Map.of());
      polls = Map.of();
      trouble = trouble == null ? "How feeds fare cannot be read now: no broker answers." : trouble;
    }
    FeedStatus feed = every.stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (feed == null) {
      return problem(404, "No feed has this id.");
    }
    Instant now = clock.instant();
    List<FeedStates.Poll> known = polls.getOrDefault(feed.feed(), List.of());
    Card card = card(feed, known, now);
    List<FeedHealth.Notice> notices = new ArrayList<>(feed.notices());
    java.util.Collections.reverse(notices);
    return html(
        status,
        Templates.one(
            new OnePage(
                new Frame(Assets.VERSION, card.title(), ROOM, AlertView.clean(trouble), null),
                card,
                feed.listed(),
                list.version(),
                facts(feed),
                feed.inputs().stream().map(input -> input(input, feed.because())).toList(),
                notices.stream()
                    .map(one -> Words.at(one.at()) + ": " + AlertView.clean(one.text()))
                    .toList(),
                since(known))));
  }

  private static String input(PollDecision.Input input, String because) {
    return Words.label(input.source())
        + " asks for "
        + Words.span(input.seconds())
        + " ("
        + AlertView.clean(input.note())
        + ")"
        + (input.source().equals(because) ? ", which decided" : "");
  }

  private static List<AgreementPages.Fact> facts(FeedStatus feed) {
    List<AgreementPages.Fact> facts = new ArrayList<>();
    fact(facts, "Address", feed.feed());
    fact(facts, "Asked at", feed.asks());
    fact(facts, "Category", feed.category());
    fact(facts, "Full text", feed.fullText() ? "Read from the article's page" : null);
    fact(facts, "Last poll", Words.at(feed.lastPoll()));
    fact(facts, "Last success", Words.at(feed.lastSuccess()));
    fact(facts, "Last answer", feed.lastStatus() == 0 ? null : "HTTP " + feed.lastStatus());
    fact(facts, "Problem", feed.lastProblem());
    fact(facts, "Last new item", Words.at(feed.lastNew()));
    fact(
        facts,
        "Overlap",
        feed.overlap() == null ? null : feed.overlap() + " % of the last document was known");
    fact(
        facts,
        "Lag",
        feed.lagP50() == null
            ? null
            : Words.span(feed.lagP50()) + " (p50), " + Words.span(feed.lagP95()) + " (p95)");
    fact(
        facts,
        "Items",
        feed.items()
            + ": "
            + feed.published()
            + " published ("
            + feed.edited()
            + " edits), "
            + feed.known()
            + " known before, "
            + feed.rejected().values().stream().mapToLong(Long::longValue).sum()
            + " rejected");
    fact(facts, "Rejected for", counts(feed.rejected()));
    fact(facts, "Pages read", counts(feed.pages()));
    fact(facts, "Told by", feed.identity());
    return facts;
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(one -> one.getKey() + " " + one.getValue())
        .collect(Collectors.joining(", "));
  }

  private static void fact(List<AgreementPages.Fact> facts, String label, String text) {
    if (text != null && !text.isBlank()) {
      facts.add(new AgreementPages.Fact(label, AlertView.clean(text)));
    }
  }

  private static Found found(FeedFinder.Candidate one) {
    return new Found(
        one.url(),
        AlertView.clean(one.title() == null ? one.url() : one.title()),
        SafeLink.of(one.site()),
        AlertView.clean(one.how()),
        AlertView.clean(one.format())
            + ", "
            + Words.count(one.items(), "item")
            + (one.newest() == null ? "" : ", the newest of " + Words.at(one.newest())),
        one.headlines().stream().map(AlertView::clean).toList());
  }

  // ---- taking over a list

  /** The form. */
  @GET
  @Path("feeds/import")
  public Response load() {
    try {
      return loading(200, null, "", feeds.file().read().version(), null);
    } catch (ConfigException e) {
      return problem(503, e.getMessage());
    }
  }

  /**
   * Shows which feeds of an OPML list would be added, or adds them.
   *
   * @param document the text; a file that is chosen takes its place
   * @param act {@code save}; anything else shows
   */
  @POST
  @Path("feeds/import")
  @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_FORM_URLENCODED})
  public Response load(
      @RestForm("document") String document,
      @RestForm("file") FileUpload file,
      @RestForm("version") String version,
      @RestForm("act") String act,
      @Context SecurityContext user) {
    String given = text(document);
    byte[] opml = given.getBytes(StandardCharsets.UTF_8);
    if (file != null && file.size() > 0) {
      try {
        opml = Files.readAllBytes(file.uploadedFile());
        given = new String(opml, StandardCharsets.UTF_8);
      } catch (IOException e) {
        return loading(422, "The file cannot be read.", given, version, null);
      }
    }
    boolean save = Objects.equals(act, "save");
    try {
      FeedListFile.Imported imported =
          feeds.file().load("document", opml, author(user), text(version), !save);
      return save ? see(ROOM) : loading(200, null, given, version, imported);
    } catch (FeedListFile.Changed e) {
      return loading(
          412, "Somebody changed the list meanwhile; open this page anew.", given, version, null);
    } catch (ConfigException e) {
      return loading(422, e.getMessage(), given, version, null);
    }
  }

  private static Response loading(
      int status, String problem, String document, String version, FeedListFile.Imported tried) {
    return html(
        status,
        Templates.load(
            new ImportPage(
                new Frame(Assets.VERSION, "Add feeds", ROOM, AlertView.clean(problem), null),
                text(version),
                document,
                tried != null,
                tried == null
                    ? List.of()
                    : tried.added().stream()
                        .map(feed -> AlertView.clean(feed.title() + ", " + feed.url()))
                        .toList(),
                tried == null ? 0 : tried.known().size())));
  }

  // ---- all

  private static FeedListFile.Author author(SecurityContext user) {
    return new FeedListFile.Author(NotifyProblems.who(user), VIA, null);
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

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String blankToNull(String given) {
    return given == null || given.isBlank() ? null : given.strip();
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }
}
