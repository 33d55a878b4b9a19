package dev.pactwatch.feed;

import java.util.List;

/** What became of the bytes of a feed. */
public sealed interface FeedResult {

  /**
   * A feed was read, though perhaps not all of it.
   *
   * @param rejected items left out, each with its reason
   * @param warnings what was mended or passed over, one line each
   */
  record Parsed(ParsedFeed feed, List<RejectedItem> rejected, List<String> warnings)
      implements FeedResult {

    public Parsed {
      rejected = List.copyOf(rejected);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Nothing in it can be used.
   *
   * @param reason one line for people, such as {@code an HTML page, not a feed}
   */
  record Unreadable(String reason) implements FeedResult {}
}
