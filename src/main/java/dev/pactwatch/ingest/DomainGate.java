package dev.pactwatch.ingest;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Good manners per registrable domain: how many requests at once, how far apart, and not before the
 * moment a server has named. Safe for use by many threads.
 */
final class DomainGate {

  private final IngestSettings settings;
  private final Map<String, Domain> domains = new HashMap<>();

  DomainGate(IngestSettings settings) {
    this.settings = settings;
  }

  private static final class Domain {
    private int running;
    private Instant nextStart = Instant.MIN;
  }

  /** True when a request may start now; it is then counted until {@link #finished}. */
  synchronized boolean tryStart(String url, Instant now) {
    Domain domain = domains.computeIfAbsent(key(url), key -> new Domain());
    if (domain.running >= settings.perDomain() || now.isBefore(domain.nextStart)) {
      return false;
    }
    domain.running++;
    domain.nextStart = now.plus(settings.spacing());
    return true;
  }

  synchronized void finished(String url) {
    domains.get(key(url)).running--;
  }

  /** Nothing of this domain starts before {@code until}. */
  synchronized void leaveAlone(String url, Instant until) {
    Domain domain = domains.computeIfAbsent(key(url), key -> new Domain());
    if (until.isAfter(domain.nextStart)) {
      domain.nextStart = until;
    }
  }

  /**
   * Puts back what earlier polls, by whomever, mean for their domains: when each was last asked,
   * and how long it wants to be left alone.
   */
  void restore(Collection<FeedState> states) {
    for (FeedState state : states) {
      if (state.lastPoll() == null) {
        continue;
      }
      leaveAlone(state.url(), state.lastPoll().plus(settings.spacing()));
      if (state.lastProblem() != null && state.failures() == 0 && state.next() != null) {
        state.next().inputs().stream()
            .filter(input -> input.source().equals("retry-after"))
            .mapToLong(input -> Math.min(input.seconds(), settings.cap().toSeconds()))
            .forEach(wait -> leaveAlone(state.url(), state.lastPoll().plusSeconds(wait)));
      }
    }
  }

  private String key(String url) {
    String domain = FeedSlot.domain(url);
    return settings.hostsOnTheirOwn().contains(domain) ? FeedSlot.host(url).orElse(domain) : domain;
  }
}
