package dev.pactwatch.ingest;

import dev.pactwatch.article.RegistrableDomain;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * Which feeds belong together. All feeds of one registrable domain are in one slot, and a slot is
 * polled by one instance: so one instance alone asks a domain, and what holds per domain holds over
 * all instances. A slot is a partition of the topic of feed states.
 */
public final class FeedSlot {

  private FeedSlot() {}

  /**
   * @param feed address as listed
   * @param slots how many there are: the partitions of the topic
   * @return the slot, and the partition that holds the feed's state
   */
  public static int of(String feed, int slots) {
    byte[] domain = domain(feed).getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(domain)) % slots;
  }

  /** The registrable domain of a URL; the URL itself where it names no host. */
  static String domain(String url) {
    return host(url).map(RegistrableDomain::of).orElse(url);
  }

  /** The host of a URL in lower case; empty where it names none. */
  static Optional<String> host(String url) {
    try {
      return Optional.ofNullable(URI.create(url).getHost())
          .map(host -> host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      // The client will refuse it.
      return Optional.empty();
    }
  }
}
