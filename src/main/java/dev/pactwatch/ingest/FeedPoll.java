package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.http.Failure;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Hop;
import dev.pactwatch.http.OutboundResult.Refused;
import dev.pactwatch.http.OutboundResult.Response;
import dev.pactwatch.ingest.FeedState.Move;
import dev.pactwatch.ingest.FeedState.Push;
import dev.pactwatch.ingest.FeedState.Seen;
import dev.pactwatch.ingest.FeedState.Trouble;
import dev.pactwatch.ingest.FeedState.Validators;
import dev.pactwatch.ingest.PollReport.Outcome;
import dev.pactwatch.ingest.PollSchedule.Weight;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One poll of one feed: ask, read, tell new from known, decide when to come back. Changes nothing:
 * the outcome is a value, to be made durable by {@link FeedLog}. Safe for use by many threads.
 */
public final class FeedPoll {

  private static final String ACCEPT =
      "application/rss+xml, application/atom+xml, application/feed+json;q=0.9,"
          + " application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";

  /** After so many failures at an address that replaced the listed one, the listed one is tried. */
  private static final int BACK_TO_LISTED_AFTER = 8;

  private static final int SNIFFED_BYTES = 512;

  /** So many "not found" in a row, with pauses of hours between, are no accident any more. */
  private static final int VANISHED_AFTER = 5;

  /** A shorter document may well be new as a whole without anything lost. */
  private static final int TELLING_ITEMS = 10;

  /**
   * @param state the feed's state after this poll
   * @param articles to be published, none of them known before
   */
  public record Result(FeedState state, List<Article> articles, PollReport report) {
    public Result {
      articles = List.copyOf(articles);
    }
  }

  private final Function<OutboundRequest, OutboundResult> http;
  private final FeedReader reader;
  private final PollSchedule schedule;
  private final IngestSettings settings;
  private final InstantSource clock;
  private final HealthRules health;

  public FeedPoll(
      OutboundClient http,
      FeedReader reader,
      PollSchedule schedule,
      IngestSettings settings,
      InstantSource clock) {
    this(http::send, reader, schedule, settings, clock);
  }

  /**
   * @param http makes the request, as {@link OutboundClient#send} does
   */
  FeedPoll(
      Function<OutboundRequest, OutboundResult> http,
      FeedReader reader,
      PollSchedule schedule,
      IngestSettings settings,
      InstantSource clock) {
    this.http = http;
    this.reader = reader;
    this.schedule = schedule;
    this.settings = settings;
    this.clock = clock;
    this.health = new HealthRules(settings.health());
  }

  /** Polls the feed. Blocks up to the client's total deadline. */
  public Result poll(FeedState state) {
    Validators validators = state.doubt() == null ? state.validators() : state.doubt();
    boolean audit =
        state.doubt() == null
            && state.lastUnconditional() != null
            && Duration.between(state.lastUnconditional(), clock.instant())
                    .compareTo(settings.unconditionalEvery())
                >= 0;
    boolean conditional = validators != null && !state.conditionalOff() && !audit;
    OutboundRequest request = OutboundRequest.get(state.url(), Map.of("Accept", ACCEPT));
    if (!waitsForRedirect(state)) {
      request = request.holding();
    }
    if (conditional) {
      Map<String, String> headers = new HashMap<>();
      if (validators.etag() != null) {
        headers.put("If-None-Match", validators.etag());
      }
      if (validators.lastModified() != null) {
        headers.put("If-Modified-Since", validators.lastModified());
      }
      request = request.with(new OutboundRequest.Only(validators.url(), headers));
    }
    OutboundResult result = http.apply(request);
    Instant now = clock.instant();
    if (result instanceof Response response) {
      return answered(state, response, conditional, now);
    }
    if (result instanceof Refused refused) {
      return failed(
          state,
          now,
          0,
          "refused-" + Kebab.of(refused.reason()),
          refused.detail(),
          Weight.HARD,
          CacheHints.NONE);
    }
    Failed failed = (Failed) result;
    Weight weight = failed.reason() == Failure.TLS ? Weight.HARD : Weight.TEMPORARY;
    return failed(
        state, now, 0, Kebab.of(failed.reason()), failed.detail(), weight, CacheHints.NONE);
  }

  /** True when the last poll met a redirect that asked for time, which has passed now. */
  private static boolean waitsForRedirect(FeedState state) {
    return state.lastProblem() != null && state.lastStatus() >= 300 && state.lastStatus() < 400;
  }

  /** What a poll would come to that gets this document, without headers that say anything. */
  public Result document(FeedState state, byte[] body) {
    return read(
        state,
        new Response(200, state.url(), Map.of(), body, body.length, List.of()),
        CacheHints.NONE,
        false,
        clock.instant());
  }

  /** What a poll comes to that ended in a fault of this program: a failure like any other. */
  public Result crashed(FeedState state, Throwable cause) {
    return failed(
        state,
        clock.instant(),
        0,
        "crashed",
        cause.getClass().getSimpleName(),
        Weight.SOFT,
        CacheHints.NONE);
  }

  private Result answered(FeedState state, Response response, boolean conditional, Instant now) {
    int status = response.status();
    CacheHints cache = CacheHints.of(response, now);
    for (Hop hop : response.hops()) {
      cache = cache.orLater(CacheHints.retryAfter(Optional.ofNullable(hop.retryAfter()), now));
    }
    if (status == 304) {
      return conditional
          ? unchanged(state, response, cache, Outcome.NOT_MODIFIED, now)
          : failed(
              state,
              now,
              status,
              "unexpected-304",
              "not modified, though not asked for it",
              Weight.SOFT,
              cache);
    }
    if (status == 200) {
      return read(state, response, cache, conditional, now);
    }
    if (status == 410) {
      return retired(state, now);
    }
    boolean redirect = status >= 300 && status < 400;
    if ((status == 429 || status == 503 || redirect) && cache.retryAfter().isPresent()) {
      return throttled(state, cache, status, now);
    }
    boolean temporary = status >= 500 || status == 408 || status == 425 || status == 429;
    return failed(
        state,
        now,
        status,
        "http-" + status,
        "the server answered " + status,
        temporary ? Weight.TEMPORARY : Weight.HARD,
        cache);
  }

  private Result read(
      FeedState state, Response response, CacheHints cache, boolean conditional, Instant now) {
    String hash = sha256(response.body());
    if (hash.equals(state.bodyHash())) {
      return unchanged(state, response, cache, Outcome.SAME_BODY, now);
    }
    if (looksLikeHtml(response.body())) {
      return failed(state, now, 200, "html", "an HTML page in place of a feed", Weight.SOFT, cache);
    }
    FeedReader.Reading reading =
        reader.read(
            response.body(), response.header("content-type").orElse(null), state.feed(), now);
    if (reading instanceof FeedReader.Unreadable unreadable) {
      return failed(
          state, now, 200, "unreadable", LogText.escape(unreadable.reason()), Weight.SOFT, cache);
    }
    FeedReader.Items items = (FeedReader.Items) reading;
    Sorted sorted = sort(state, items, settings.remember());
    sorted.dates =
        items.articles().stream()
            .filter(article -> article.publishedClaimed() != null)
            .map(Article::published)
            .filter(published -> published.isBefore(now))
            .toList();
    Next next = new Next(state, now, 200);
    next.bodyHash = hash;
    List<String> links = response.headers().getOrDefault("link", List.of());
    next.hints =
        items.hints().with(LinkHeader.target(links, "hub"), LinkHeader.target(links, "self"));
    next.watched(sorted);
    next.seen = sorted.seen;
    next.lastNew = sorted.published.isEmpty() ? state.lastNew() : now;
    Validators given = validators(response, null);
    next.doubt = null;
    if (!conditional) {
      next.lastUnconditional = now;
      next.audited(given, !sorted.published.isEmpty());
    }
    next.validators = given;
    next.moved(response.hops());
    next.compared(sorted);
    PollSchedule.Good good =
        new PollSchedule.Good(
            now,
            state.lastSuccess() == null,
            pause(state, now),
            Duration.ofSeconds(state.adaptiveSeconds()),
            sorted.published.size(),
            sorted.known,
            next.lastNew,
            items.hints(),
            cache,
            next.pushedUntil());
    return next.good(good, Outcome.READ, sorted);
  }

  private Result unchanged(
      FeedState state, Response response, CacheHints cache, Outcome outcome, Instant now) {
    Next next = new Next(state, now, response.status());
    // A 304 need not repeat what still holds (RFC 9110, 15.4.5).
    next.validators =
        validators(response, outcome == Outcome.NOT_MODIFIED ? state.validators() : null);
    if (outcome == Outcome.SAME_BODY) {
      next.lastUnconditional = now;
    } else if (state.doubt() != null) {
      // The document is known to have changed since these validators were given.
      next.distrust("says that nothing changed while it has new items");
    }
    next.doubt = null;
    next.moved(response.hops());
    FeedHints hints = state.hints() == null ? FeedHints.NONE : state.hints();
    PollSchedule.Good good =
        new PollSchedule.Good(
            now,
            false,
            pause(state, now),
            Duration.ofSeconds(state.adaptiveSeconds()),
            0,
            0,
            state.lastNew(),
            hints,
            cache,
            next.pushedUntil());
    return next.good(good, outcome, Sorted.NOTHING);
  }

  /**
   * What a hub said, as a poll that was not made: items are published as they would be had they
   * been found, and count as known when the feed is asked. The decision when to ask stands.
   */
  public Result pushed(FeedState state, PushMessage message) {
    Instant now = clock.instant();
    Next next = new Next(state, now, state.lastStatus());
    next.keepPoll();
    Push push = state.push();
    if (push == null || !push.topic().equals(message.topic())) {
      return next.result(Outcome.PUSHED, "from a subscription that is over", Sorted.NOTHING, 0);
    }
    if (message.kind() != PushMessage.Kind.CONTENT) {
      next.push =
          message.kind() == PushMessage.Kind.CONFIRMED
              ? push.confirmed(now.plusSeconds(message.leaseSeconds()))
              : push.ended();
      return next.result(Outcome.PUSHED, null, Sorted.NOTHING, 0);
    }
    FeedReader.Reading reading =
        reader.read(message.body(), message.contentType(), state.feed(), now);
    if (!(reading instanceof FeedReader.Items items)) {
      next.notices.add("its hub pushed what is no feed");
      return next.result(Outcome.PUSHED, null, Sorted.NOTHING, 0);
    }
    // Nothing that may stand in the document is forgotten until the document is read.
    int remember = Math.max(settings.remember(), state.seen().size());
    Sorted sorted = sort(state, items, remember);
    next.seen = sorted.seen;
    if (!sorted.published.isEmpty()) {
      next.lastNew = now;
      next.push = push.proved(now);
    }
    return next.result(Outcome.PUSHED, null, sorted, 0);
  }

  private static Duration pause(FeedState state, Instant now) {
    return state.lastSuccess() == null ? Duration.ZERO : Duration.between(state.lastSuccess(), now);
  }

  private Result throttled(FeedState state, CacheHints cache, int status, Instant now) {
    Next next = new Next(state, now, status);
    next.failures = state.failures();
    next.problem = "http-" + status;
    next.lastSuccess = state.lastSuccess();
    next.trouble = state.trouble();
    next.decision =
        schedule.afterThrottle(
            now, Duration.ofSeconds(state.adaptiveSeconds()), cache, next.hintsOrNone());
    long seconds = Math.min(cache.retryAfter().orElse(0), settings.cap().toSeconds());
    return next.result(
        Outcome.THROTTLED, "the server asks to come back later", Sorted.NOTHING, seconds);
  }

  private Result retired(FeedState state, Instant now) {
    Next next = new Next(state, now, 410);
    next.retired = now;
    next.problem = "http-410";
    next.lastSuccess = state.lastSuccess();
    next.decision = null;
    return next.result(Outcome.RETIRED, "gone for good", Sorted.NOTHING, 0);
  }

  private Result failed(
      FeedState state,
      Instant now,
      int status,
      String problem,
      String detail,
      Weight weight,
      CacheHints cache) {
    Next next = new Next(state, now, status);
    next.failures = state.failures() + 1;
    next.problem = problem;
    next.lastSuccess = state.lastSuccess();
    if (next.failures >= BACK_TO_LISTED_AFTER && !next.url.equals(state.feed())) {
      next.notices.add("fails where it moved to: asked at its listed address again");
      next.url = state.feed();
      next.validators = null;
      next.doubt = null;
    }
    next.trouble = trouble(state.trouble(), problem, now);
    if (vanished(next.trouble)) {
      next.notices.add(
          "was not found "
              + next.trouble.times()
              + " times in a row since "
              + next.trouble.since()
              + ": look for its new address");
    }
    next.decision = schedule.afterFailure(now, next.failures, weight, cache, next.hintsOrNone());
    return next.result(Outcome.FAILED, detail, Sorted.NOTHING, 0);
  }

  private static Trouble trouble(Trouble before, String problem, Instant now) {
    if (before == null) {
      return new Trouble(now, problem, 1, null);
    }
    int times = problem.equals(before.code()) ? before.times() + 1 : 1;
    return new Trouble(before.since(), problem, times, before.suggestion());
  }

  /** True each time that a feed has been missing long enough to look for it elsewhere. */
  static boolean vanished(Trouble trouble) {
    return trouble != null
        && trouble.code().equals("http-404")
        && trouble.times() % VANISHED_AFTER == 0;
  }

  /** The items of a document, told apart. */
  private static final class Sorted {

    static final Sorted NOTHING = new Sorted();

    private final List<Article> published = new ArrayList<>();
    private final Map<String, Integer> rejected = new LinkedHashMap<>();
    private List<Seen> seen = List.of();
    private int edited;
    private int known;
    private int renumbered;
    private boolean mass;
    private int items;
    private String identity;
    private List<Instant> dates = List.of();
  }

  private Sorted sort(FeedState state, FeedReader.Items items, int remember) {
    KnownItems before = new KnownItems(state.seen(), items.articles());
    Sorted sorted = new Sorted();
    sorted.identity = items.identity();
    sorted.mass = before.mass();
    sorted.rejected.putAll(items.rejected());
    sorted.items =
        items.articles().size() + items.rejected().values().stream().mapToInt(n -> n).sum();
    Map<String, Seen> after = new LinkedHashMap<>();
    Set<String> tooLarge = new HashSet<>();
    List<Seen> displaced = new ArrayList<>();
    for (Article article : items.articles()) {
      if (after.containsKey(article.uri()) || tooLarge.contains(article.uri())) {
        // Two items of one identity would be edits of each other for ever.
        sorted.rejected.merge("repeated", 1, Integer::sum);
        continue;
      }
      Seen last = before.find(article);
      String uri = last == null ? article.uri() : last.published();
      if (last != null && KnownItems.isAnother(last, article)) {
        // The identifier is one for whatever the feed has at the moment: its link tells the item.
        displaced.add(before.displaced(last));
        last = before.findDisplaced(article);
        uri =
            last == null
                ? ArticleIdentity.of(state.feed(), null, article.link(), article.contentHash())
                    .uri()
                : last.published();
        sorted.identity = Kebab.of(ArticleIdentity.Rung.LINK);
      }
      boolean renumbered = before.isRenumbered(article);
      if (last != null && isSame(last, article, renumbered && before.mass())) {
        sorted.known++;
        sorted.renumbered += renumbered ? 1 : 0;
        after.put(article.uri(), seen(article, uri, last.version()));
        continue;
      }
      Article version =
          last == null
              ? version(article, uri, 1, null)
              : version(article, uri, last.version() + 1, KnownItems.changed(last, article));
      if (Json.bytes(version).length > settings.maxArticleBytes()) {
        sorted.rejected.merge("too-large", 1, Integer::sum);
        tooLarge.add(article.uri());
      } else {
        sorted.published.add(version);
        sorted.edited += last == null ? 0 : 1;
        sorted.renumbered += renumbered ? 1 : 0;
        after.put(article.uri(), seen(article, uri, version.version()));
      }
    }
    List<Seen> kept = new ArrayList<>(after.values());
    Set<String> present = new HashSet<>();
    kept.forEach(seen -> present.add(seen.published()));
    Stream.concat(displaced.stream(), state.seen().stream())
        .filter(seen -> !after.containsKey(seen.uri()) && !present.contains(seen.published()))
        .limit(remember)
        .forEach(kept::add);
    sorted.seen = kept;
    return sorted;
  }

  /**
   * Whether nothing is to be told of the item. Software that gives all items other identifiers
   * often writes their texts a little otherwise as well, which is no edit; a new title is.
   */
  private static boolean isSame(Seen last, Article article, boolean renumbered) {
    return last.contentHash().equals(article.contentHash())
        || (renumbered
            && last.keys().title() != null
            && last.keys().title().equals(KnownItems.keysOf(article).title()));
  }

  private static Seen seen(Article article, String published, int version) {
    return new Seen(
        article.uri(),
        article.contentHash(),
        version,
        KnownItems.keysOf(article),
        published.equals(article.uri()) ? null : published);
  }

  private static Article version(Article a, String uri, int version, List<String> changed) {
    return new Article(
        uri,
        version,
        a.headline(),
        a.summary(),
        a.body(),
        a.language(),
        a.link(),
        a.published(),
        a.publishedClaimed(),
        a.observed(),
        a.publisher(),
        a.feed(),
        a.guid(),
        a.contentHash(),
        a.historical(),
        changed);
  }

  private static Validators validators(Response response, Validators kept) {
    String etag = response.header("etag").orElse(kept == null ? null : kept.etag());
    String modified =
        response.header("last-modified").orElse(kept == null ? null : kept.lastModified());
    return etag == null && modified == null ? null : new Validators(response.url(), etag, modified);
  }

  private static boolean looksLikeHtml(byte[] body) {
    String start =
        new String(body, 0, Math.min(body.length, SNIFFED_BYTES), StandardCharsets.ISO_8859_1)
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .replaceFirst("(?s)^\\s*(<!--.*?-->\\s*)*", "")
            .toLowerCase(Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html");
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** A state in the making, with the report on it. */
  private final class Next {

    private final FeedState old;
    private final Instant now;
    private final int status;
    private final List<String> notices = new ArrayList<>();
    private String url;
    private Validators validators;
    private boolean conditionalOff;
    private Instant lastUnconditional;
    private String bodyHash;
    private FeedHints hints;
    private List<Seen> seen;
    private long adaptiveSeconds;
    private Instant lastNew;
    private Instant polled;
    private Instant lastSuccess;
    private String problem;
    private int failures;
    private Move move;
    private Instant retired;
    private PollDecision decision;
    private Validators doubt;
    private Trouble trouble;
    private Integer overlap;
    private Push push;

    Next(FeedState old, Instant now, int status) {
      this.old = old;
      this.now = now;
      this.status = status;
      url = old.url();
      validators = old.validators();
      conditionalOff = old.conditionalOff();
      lastUnconditional = old.lastUnconditional();
      bodyHash = old.bodyHash();
      hints = old.hints();
      seen = old.seen();
      adaptiveSeconds = old.adaptiveSeconds();
      lastNew = old.lastNew();
      polled = now;
      lastSuccess = now;
      move = old.move();
      doubt = old.doubt();
      overlap = old.overlap();
      push = old.push();
    }

    FeedHints hintsOrNone() {
      return hints == null ? FeedHints.NONE : hints;
    }

    /**
     * Judges earlier answers "not modified" by what was found without asking for them. A server
     * that is caught is asked unconditionally from now on; one that merely looks suspicious is put
     * to the test by the next poll, since its document may have changed just before this one.
     */
    void audited(Validators given, boolean found) {
      if (old.validators() == null || !found || old.conditionalOff()) {
        return;
      }
      if (old.validators().equals(given)) {
        distrust("answers with the same validators over new items");
      } else if (old.lastStatus() == 304) {
        doubt = old.validators();
      }
    }

    void distrust(String why) {
      conditionalOff = true;
      notices.add(why + ": its \"not modified\" is no longer believed");
    }

    /** A poll that finds something new shows that a hub which should have pushed it did not. */
    void watched(Sorted sorted) {
      boolean found = sorted.published.size() > sorted.edited;
      if (found && push != null && push.leaseUntil() != null && now.isBefore(push.leaseUntil())) {
        push = push.missed();
      }
    }

    Instant pushedUntil() {
      return push != null && push.proven(now) ? push.leaseUntil() : null;
    }

    /** Leaves everything as the last poll left it. */
    void keepPoll() {
      polled = old.lastPoll();
      lastSuccess = old.lastSuccess();
      problem = old.lastProblem();
      failures = old.failures();
      trouble = old.trouble();
      retired = old.retired();
      decision = old.next();
    }

    /** How much of the document was known already, which is what shows that nothing was missed. */
    void compared(Sorted sorted) {
      int items = sorted.published.size() + sorted.known;
      if (old.lastSuccess() == null || items == 0) {
        return;
      }
      overlap = 100 * sorted.known / items;
      if (overlap == 0 && items >= TELLING_ITEMS && !old.seen().isEmpty()) {
        notices.add(
            "none of its " + items + " items was known: others may have come and gone unseen");
      }
    }

    /** Believes a permanent redirect once it has been seen often and for long enough. */
    void moved(List<Hop> hops) {
      String target = null;
      for (Hop hop : hops) {
        if (!hop.permanent()) {
          break;
        }
        target = hop.to();
      }
      if (target == null) {
        move = null;
        return;
      }
      move =
          move != null && move.to().equals(target)
              ? new Move(target, move.sightings() + 1, move.since())
              : new Move(target, 1, now);
      if (move.sightings() >= settings.moveSightings()
          && Duration.between(move.since(), now).compareTo(settings.moveAge()) >= 0) {
        notices.add("has moved for good to " + LogText.escape(target));
        url = target;
        move = null;
        // Validators belong to the address that issued them.
        validators = validators != null && validators.url().equals(target) ? validators : null;
        doubt = null;
      }
    }

    Result good(PollSchedule.Good good, Outcome outcome, Sorted sorted) {
      adaptiveSeconds = schedule.learn(good).seconds();
      decision = schedule.after(good);
      return result(outcome, null, sorted, 0);
    }

    Result result(Outcome outcome, String detail, Sorted sorted, long throttledSeconds) {
      FeedHealth fared = health.after(old.health(), observed(outcome, sorted));
      fared.notices().stream()
          .filter(notice -> notice.at().equals(now) && !old.health().notices().contains(notice))
          .forEach(notice -> notices.add(notice.text()));
      FeedState state =
          new FeedState(
              old.feed(),
              url,
              validators,
              conditionalOff,
              lastUnconditional,
              bodyHash,
              hints,
              seen,
              adaptiveSeconds,
              lastNew,
              polled,
              lastSuccess,
              status,
              problem,
              failures,
              move,
              retired,
              decision,
              doubt,
              trouble,
              overlap,
              push,
              fared);
      PollReport report =
          new PollReport(
              old.feed(),
              outcome,
              status,
              problem,
              detail,
              sorted.items,
              sorted.published.size(),
              sorted.edited,
              sorted.known,
              sorted.rejected,
              throttledSeconds,
              notices,
              decision);
      return new Result(state, sorted.published, report);
    }

    private HealthRules.Poll observed(Outcome outcome, Sorted sorted) {
      boolean first = outcome == Outcome.READ && old.seen().isEmpty();
      List<Long> lags =
          first
              ? List.of()
              : sorted.published.stream()
                  .filter(article -> article.version() == 1 && !article.historical())
                  .filter(article -> article.publishedClaimed() != null)
                  .map(article -> Duration.between(article.published(), now).toSeconds())
                  .toList();
      return new HealthRules.Poll(
          now,
          outcome,
          first,
          failures,
          problem,
          sorted.items,
          sorted.published.size(),
          sorted.edited,
          sorted.known,
          sorted.renumbered,
          sorted.mass,
          sorted.rejected,
          lags,
          sorted.dates,
          sorted.identity);
    }
  }
}
