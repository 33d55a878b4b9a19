package dev.pactwatch.ingest;

import java.util.Optional;

/**
 * Looks for the new address of a feed that is not found any more. What it finds is a suggestion.
 */
@FunctionalInterface
public interface Rediscovery {

  /**
   * May ask the feed's site, which blocks.
   *
   * @param feed as listed, with the address of its site where the user gave one
   * @return an address that may have replaced it
   */
  Optional<String> find(FeedEntry feed);
}
