package dev.pactwatch.ingest;

import dev.pactwatch.article.RegistrableDomain;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
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

  private String key(String url) {
    String host;
    try {
      host = URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      host = null;
    }
    if (host == null) {
      // The client will refuse it; until then it is a domain of its own.
      return url;
    }
    String domain = RegistrableDomain.of(host);
    return settings.hostsOnTheirOwn().contains(domain) ? host.toLowerCase(Locale.ROOT) : domain;
  }
}
