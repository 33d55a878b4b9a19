package dev.pactwatch.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.http.Failure;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Hop;
import dev.pactwatch.http.OutboundResult.Response;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Feeds as publishers run them, without a network: each publishes at times of its own, shows its
 * newest items, and keeps a record of who asked when. It answers in place of the HTTP client, below
 * which nothing is simulated; the time that an answer takes passes on the {@link VirtualClock}.
 */
final class SimulatedWeb implements FeedReader {

  /** How a feed behaves. The share is of a hundred feeds. */
  enum Kind {
    STEADY(26, 12, 20),
    BURSTY(14, 0, 20),
    FIREHOSE(2, 1_500, 50),
    QUIET(12, 0.15, 15),
    DEAD(12, 0, 10),
    UNDATED(8, 8, 15),
    SLOW(5, 6, 20),
    FLAKY(6, 8, 20),
    LYING(4, 6, 20),
    MOVING(4, 6, 20),
    THROTTLED(4, 6, 20),
    SKIPPING(3, 6, 20);

    final int share;
    private final double perDay;
    private final int window;

    Kind(int share, double perDay, int window) {
      this.share = share;
      this.perDay = perDay;
      this.window = window;
    }
  }

  /** Rules that a publisher expects to be kept; each breach is counted. */
  enum Rule {
    SPACING,
    CONCURRENCY,
    RETRY_AFTER,
    SKIP_HOURS,
    TTL,
    MAX_AGE,
    TEN_MINUTES,
    UNCONDITIONAL_TWICE_A_DAY,
    GONE
  }

  /** A clock that stands still until it is set. */
  static final class VirtualClock implements InstantSource {

    private Instant now;

    VirtualClock(Instant start) {
      now = start;
    }

    void set(Instant instant) {
      now = instant;
    }

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private static final Duration ANSWER = Duration.ofMillis(300);
  private static final Duration SLOW_ANSWER = Duration.ofSeconds(25);
  private static final Set<Integer> SKIPPED = Set.of(0, 1, 2, 3, 4, 5);

  /** A site that many feeds share answers this many requests within the time, and no more. */
  private static final int PATIENCE = 8;

  private static final Duration PATIENCE_TIME = Duration.ofMinutes(10);
  private static final int FEEDS_PER_SHARED_SITE = 20;

  /** One feed and its record. */
  static final class Site {
    final Kind kind;
    final String url;
    final String domain;
    final int window;

    /** Seconds since the start, in order; an item's number is its place. */
    final long[] published;

    /** Seconds since the start at which an item was first handed on; -1 for never. */
    final long[] seen;

    /** How many polls an item stood in, as differences between neighbours. */
    final int[] stood;

    int requests;
    int answered;
    Instant lastPoll;
    Instant lastWhole;
    Instant lastUnconditional;
    Instant keptUntil = Instant.MIN;
    boolean gone;

    Site(Kind kind, String url, String domain, int window, long[] published) {
      this.kind = kind;
      this.url = url;
      this.domain = domain;
      this.window = window;
      this.published = published;
      this.seen = new long[published.length];
      Arrays.fill(seen, -1);
      this.stood = new int[published.length + 1];
    }

    /** Items published by then. */
    int count(long second) {
      int at = Arrays.binarySearch(published, second);
      if (at < 0) {
        return -at - 1;
      }
      while (at < published.length && published[at] == second) {
        at++;
      }
      return at;
    }

    int first(int count) {
      return Math.max(0, count - window);
    }
  }

  private static final class Domain {
    Instant lastStart = Instant.MIN;
    Instant leaveAloneUntil = Instant.MIN;
    final Deque<Instant> running = new ArrayDeque<>();
    final Deque<Instant> recent = new ArrayDeque<>();
  }

  private final Instant start;
  private final VirtualClock clock;
  private final IngestSettings settings;
  private final Random random;
  private final List<Site> sites = new ArrayList<>();
  private final Map<String, Site> byUrl = new HashMap<>();
  private final Map<String, Domain> domains = new HashMap<>();
  private final Map<Rule, Integer> broken = new EnumMap<>(Rule.class);
  private Site asked;

  SimulatedWeb(
      int feeds, Duration time, Instant start, VirtualClock clock, IngestSettings settings) {
    this.start = start;
    this.clock = clock;
    this.settings = settings;
    this.random = new Random(settings.seed());
    for (Kind kind : Kind.values()) {
      int count = Math.max(1, feeds * kind.share / 100);
      for (int i = 0; i < count; i++) {
        add(kind, i, time);
      }
    }
  }

  private void add(Kind kind, int number, Duration time) {
    boolean shares = kind == Kind.THROTTLED || (kind == Kind.STEADY && number % 3 == 0);
    String name = kind.name().toLowerCase(Locale.ROOT);
    String domain =
        name + (shares ? "-shared" + number / (3 * FEEDS_PER_SHARED_SITE) : number) + ".test";
    String url = "https://" + domain + "/" + number + "/feed";
    Site site = new Site(kind, url, domain, kind.window, times(kind, time));
    sites.add(site);
    byUrl.put(url, site);
    if (kind == Kind.MOVING) {
      byUrl.put(moved(url), site);
    }
  }

  private static String moved(String url) {
    return url.replace("/feed", "/news.xml");
  }

  /** Times from two weeks before the start on, so that every feed begins with a full document. */
  private long[] times(Kind kind, Duration time) {
    List<Long> times = new ArrayList<>();
    long from = -Duration.ofDays(14).toSeconds();
    long to = time.toSeconds();
    if (kind == Kind.DEAD) {
      for (int i = 0; i < kind.window; i++) {
        times.add(from + i);
      }
    } else if (kind == Kind.BURSTY) {
      long at = from;
      while (at < to) {
        at += (long) (-Math.log(1 - random.nextDouble()) * 86_400 * 1.5);
        int burst = 3 + random.nextInt(23);
        for (int i = 0; i < burst; i++) {
          times.add(at + random.nextInt(3_600));
        }
      }
    } else {
      double at = from;
      while (at < to) {
        at += -Math.log(1 - random.nextDouble()) * 86_400 / kind.perDay;
        // Newsrooms sleep: two of three items that would come at night do not.
        if (Math.floorMod((long) at, 86_400L) > 6 * 3_600 || random.nextInt(3) == 0) {
          times.add((long) at);
        }
      }
    }
    return times.stream().mapToLong(Long::longValue).filter(t -> t < to).sorted().toArray();
  }

  List<Site> sites() {
    return sites;
  }

  Map<Rule, Integer> broken() {
    return broken;
  }

  long second(Instant instant) {
    return Duration.between(start, instant).toSeconds();
  }

  private void breach(Rule rule) {
    broken.merge(rule, 1, Integer::sum);
  }

  /** What the HTTP client would give. */
  OutboundResult send(OutboundRequest request) {
    Instant now = clock.instant();
    Site site = byUrl.get(request.url());
    asked = site;
    site.requests++;
    Domain domain = domains.computeIfAbsent(site.domain, key -> new Domain());
    boolean conditional = request.only() != null && !request.only().headers().isEmpty();
    Duration takes = site.kind == Kind.SLOW ? SLOW_ANSWER : ANSWER;
    judge(site, domain, conditional, now, takes);
    site.lastPoll = now;
    clock.pass(takes);
    if (domain.leaveAloneUntil.isAfter(now) || impatient(site, domain, now)) {
      return answer(429, site, Map.of("retry-after", List.of("1800")), new byte[0], List.of());
    }
    if (site.kind == Kind.FLAKY && random.nextInt(5) == 0) {
      if (random.nextInt(3) == 0) {
        return new Failed(Failure.SILENCE, "no answer in time", List.of());
      }
      return answer(random.nextBoolean() ? 500 : 503, site, Map.of(), new byte[0], List.of());
    }
    long second = second(now);
    if (site.kind == Kind.DEAD && site.url.hashCode() % 4 == 0 && second > 20 * 86_400L) {
      site.gone = true;
      return answer(410, site, Map.of(), new byte[0], List.of());
    }
    List<Hop> hops = List.of();
    boolean old = site.kind == Kind.MOVING && request.url().equals(site.url);
    if (old && second > 20 * 86_400L) {
      return answer(404, site, Map.of(), new byte[0], List.of());
    }
    if (old && second > 5 * 86_400L) {
      hops = List.of(new Hop(301, site.url, moved(site.url), null));
    }
    return document(site, request, conditional, second, now, hops);
  }

  private OutboundResult document(
      Site site,
      OutboundRequest request,
      boolean conditional,
      long second,
      Instant now,
      List<Hop> hops) {
    int count = site.count(second);
    int first = site.first(count);
    site.answered++;
    // Also where it says that nothing changed: then it stood there without being shown.
    site.stood[first]++;
    site.stood[count]--;
    String etag = "\"" + (site.kind == Kind.LYING ? "always" : "v" + count) + "\"";
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("etag", List.of(etag));
    if (site.kind == Kind.QUIET) {
      headers.put("cache-control", List.of("max-age=7200"));
      site.keptUntil = now.plusSeconds(7_200);
    }
    String url = hops.isEmpty() ? request.url() : moved(site.url);
    if (conditional
        && request.only().url().equals(url)
        && etag.equals(request.only().headers().get("If-None-Match"))) {
      return new Response(304, url, headers, new byte[0], 0, hops);
    }
    site.lastWhole = now;
    if (!conditional) {
      site.lastUnconditional = now;
    }
    return new Response(200, url, headers, (first + " " + count).getBytes(ISO_8859_1), 0, hops);
  }

  private static Response answer(
      int status, Site site, Map<String, List<String>> headers, byte[] body, List<Hop> hops) {
    return new Response(status, site.url, headers, body, 0, hops);
  }

  /** Whether a shared site has had enough for now. */
  private static boolean impatient(Site site, Domain domain, Instant now) {
    if (site.kind != Kind.THROTTLED) {
      return false;
    }
    while (!domain.recent.isEmpty()
        && domain.recent.peekFirst().isBefore(now.minus(PATIENCE_TIME))) {
      domain.recent.removeFirst();
    }
    domain.recent.addLast(now);
    if (domain.recent.size() <= PATIENCE) {
      return false;
    }
    domain.recent.clear();
    domain.leaveAloneUntil = now.plus(ANSWER).plusSeconds(1_800);
    return true;
  }

  private void judge(Site site, Domain domain, boolean conditional, Instant now, Duration takes) {
    if (!domain.lastStart.equals(Instant.MIN)
        && now.isBefore(domain.lastStart.plus(settings.spacing()))) {
      breach(Rule.SPACING);
    }
    domain.lastStart = now;
    domain.running.removeIf(end -> !end.isAfter(now));
    domain.running.add(now.plus(takes));
    if (domain.running.size() > settings.perDomain()) {
      breach(Rule.CONCURRENCY);
    }
    // Requests that were under way when the site lost its patience are no breach.
    if (now.isBefore(domain.leaveAloneUntil)
        && now.isAfter(domain.leaveAloneUntil.minusSeconds(1_800))) {
      breach(Rule.RETRY_AFTER);
    }
    if (site.gone) {
      breach(Rule.GONE);
    }
    if (site.lastPoll != null && now.isBefore(site.lastPoll.plus(settings.floor()))) {
      breach(Rule.TEN_MINUTES);
    }
    if (now.isBefore(site.keptUntil)) {
      breach(Rule.MAX_AGE);
    }
    if (site.kind == Kind.SKIPPING && site.lastWhole != null) {
      var time = now.atZone(ZoneOffset.UTC);
      if (SKIPPED.contains(time.getHour()) || time.getDayOfWeek() == DayOfWeek.SUNDAY) {
        breach(Rule.SKIP_HOURS);
      }
      if (now.isBefore(site.lastPoll.plusSeconds(7_200))) {
        breach(Rule.TTL);
      }
    }
    // A server that gave validators expects them back, but for one look a day.
    if (!conditional
        && site.lastUnconditional != null
        && site.kind != Kind.LYING
        && now.isBefore(site.lastUnconditional.plus(Duration.ofHours(12)))) {
      breach(Rule.UNCONDITIONAL_TWICE_A_DAY);
    }
  }

  /** Reads what {@link #send} gave: the numbers of the items that the document shows. */
  @Override
  public Reading read(byte[] body, String contentType, String feed, Instant observed) {
    String[] range = new String(body, ISO_8859_1).split(" ");
    Site site = asked;
    List<Article> articles = new ArrayList<>();
    int first = Integer.parseInt(range[0]);
    for (int i = Integer.parseInt(range[1]) - 1; i >= first; i--) {
      Instant published = start.plusSeconds(site.published[i]);
      articles.add(
          article(site.url, i, site.kind == Kind.UNDATED ? observed : published, observed));
    }
    FeedHints hints =
        site.kind == Kind.SKIPPING
            ? new FeedHints(120, 0, SKIPPED, Set.of(DayOfWeek.SUNDAY), null, null)
            : FeedHints.NONE;
    return new Items(articles, Map.of(), hints, "guid");
  }

  /** An item without a text; its guid is its number. */
  static Article article(String feed, int number, Instant published, Instant observed) {
    String key = padded(feed.hashCode() * 31L, number);
    return new Article(
        "urn:pactwatch:article:" + key,
        1,
        "Item " + number,
        null,
        null,
        null,
        feed + "/" + number,
        published,
        null,
        observed,
        new Publisher(feed, feed, feed),
        feed,
        Integer.toString(number),
        key,
        false,
        null);
  }

  /** As long as a hash, without the cost of one. */
  private static String padded(long feed, int number) {
    String hex = Long.toHexString(feed) + "x" + Integer.toHexString(number);
    return "0".repeat(64 - hex.length()) + hex;
  }

  /** Notes what a poll has handed on. */
  void handedOn(String feed, List<Article> articles, Instant when) {
    Site site = byUrl.get(feed);
    for (Article article : articles) {
      int number = Integer.parseInt(article.guid());
      if (site.seen[number] < 0) {
        site.seen[number] = Math.max(0, second(when));
      }
    }
  }
}
