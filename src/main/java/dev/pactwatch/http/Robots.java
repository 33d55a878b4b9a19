package dev.pactwatch.http;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import dev.pactwatch.http.OutboundResult.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What sites ask of robots, by RFC 9309: the rules for {@value #AGENT}, else those for everybody.
 * For whatever follows links: article pages, discovery. A site without a robots.txt (any 4xx)
 * allows everything; one that cannot be reached or answers 5xx allows nothing until it does, unless
 * its earlier rules are known. Asked through the one client, kept for at most a day. Safe for use
 * by many threads.
 *
 * <p>Polls of listed feeds do not ask: a person chose that very address, as with any feed reader,
 * and nothing is followed from it.
 */
public final class Robots {

  /** The product's name in a robots.txt; it is compared without regard to case. */
  public static final String AGENT = "pactwatch";

  private static final int MAX_SITES = 4096;

  /** The least that the standard lets a reader stop at. */
  private static final int MAX_BYTES = 500 * 1024;

  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration ASKED_AGAIN = Duration.ofMinutes(30);

  /**
   * What holds for an address.
   *
   * @param allowed whether it may be fetched
   * @param delay wanted between two requests to the site; zero for nothing said
   * @param why one phrase for people, without text from the site
   */
  public record Verdict(boolean allowed, Duration delay, String why) {}

  private static final class Site {
    private BaseRobotRules rules;
    private String why;
    private Instant until = Instant.MIN;
  }

  private final OutboundClient http;
  private final InstantSource clock;
  private final SimpleRobotRulesParser parser = new SimpleRobotRulesParser();
  private final Map<String, Site> sites =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Site> eldest) {
          return size() > MAX_SITES;
        }
      };

  /**
   * @param http the product's client; stays open
   */
  public Robots(OutboundClient http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  /** Short for {@code check(address.toString()).allowed()}. */
  public boolean allows(URI address) {
    return check(address.toString()).allowed();
  }

  /**
   * Whether the address may be fetched. Asks the site where its rules are not known, which blocks
   * up to the client's total deadline and is one request to the site.
   */
  public Verdict check(String address) {
    if (!(http.urls().check(address) instanceof UrlGuard.Good good)) {
      return new Verdict(false, Duration.ZERO, "the address is refused");
    }
    Site site;
    synchronized (sites) {
      site = sites.computeIfAbsent(good.origin(), origin -> new Site());
    }
    // One thread asks a site; others that want to know wait for its answer.
    synchronized (site) {
      if (!clock.instant().isBefore(site.until)) {
        ask(good.origin(), site);
      }
      return verdict(site, good);
    }
  }

  /** The verdict where no request is needed for it; empty where {@link #check} would ask. */
  public Optional<Verdict> known(String address) {
    if (!(http.urls().check(address) instanceof UrlGuard.Good good)) {
      return Optional.of(check(address));
    }
    Site site;
    synchronized (sites) {
      site = sites.get(good.origin());
    }
    if (site == null) {
      return Optional.empty();
    }
    synchronized (site) {
      return clock.instant().isBefore(site.until)
          ? Optional.of(verdict(site, good))
          : Optional.empty();
    }
  }

  private static Verdict verdict(Site site, UrlGuard.Good good) {
    long millis = site.rules.getCrawlDelay();
    Duration delay = millis > 0 ? Duration.ofMillis(millis) : Duration.ZERO;
    return new Verdict(site.rules.isAllowed(good.uri().toString()), delay, site.why);
  }

  private void ask(String origin, Site site) {
    String address = origin + "/robots.txt";
    OutboundResult result =
        http.send(OutboundRequest.get(address, Map.of("Accept", "text/plain, */*;q=0.1")));
    Instant now = clock.instant();
    if (result instanceof Response response && response.status() == 200) {
      byte[] text = Arrays.copyOf(response.body(), Math.min(MAX_BYTES, response.body().length));
      site.rules = parser.parseContent(address, text, "text/plain", List.of(AGENT));
      site.why = "robots.txt of the site";
      site.until = now.plus(KEPT);
    } else if (result instanceof Response response
        && response.status() >= 400
        && response.status() < 500
        && response.status() != 429) {
      site.rules = new SimpleRobotRules(RobotRulesMode.ALLOW_ALL);
      site.why = "the site has no robots.txt";
      site.until = now.plus(KEPT);
    } else {
      if (site.rules == null) {
        site.rules = new SimpleRobotRules(RobotRulesMode.ALLOW_NONE);
        site.why = "the robots.txt of the site cannot be read now";
      }
      site.until = now.plus(ASKED_AGAIN);
    }
  }
}
