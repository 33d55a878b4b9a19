package dev.pactwatch.ingest;

import java.util.List;
import java.util.Map;

/**
 * What one poll came to. {@code items} is always the sum of {@code published}, {@code known} and
 * everything in {@code rejected}.
 *
 * @param feed address as listed
 * @param outcome in one word
 * @param status HTTP status; 0 when there was no answer
 * @param problem a short code such as {@code http-404} or {@code silence}; null for none
 * @param detail the problem in words, safe for one line; null for none
 * @param items in the document; 0 when it was not read
 * @param published new items and edits
 * @param edited those of {@code published} that are later versions
 * @param known items published before
 * @param rejected items by reason
 * @param throttledSeconds how long the server wants its whole domain left alone; 0 for not
 * @param notices what an operator should know, one line each
 * @param next when the feed is asked again, and why
 */
public record PollReport(
    String feed,
    Outcome outcome,
    int status,
    String problem,
    String detail,
    int items,
    int published,
    int edited,
    int known,
    Map<String, Integer> rejected,
    long throttledSeconds,
    List<String> notices,
    PollDecision next) {

  /** How a poll ended. */
  public enum Outcome {
    /** A document was read. */
    READ,
    /** The server said that nothing changed; nothing was parsed. */
    NOT_MODIFIED,
    /** The same bytes as last time; nothing was parsed. */
    SAME_BODY,
    /** A hub pushed; nothing was asked. */
    PUSHED,
    /** The server asked for time. */
    THROTTLED,
    /** The feed is gone for good. */
    RETIRED,
    /** No usable answer. */
    FAILED
  }

  public PollReport {
    rejected = Map.copyOf(rejected);
    notices = List.copyOf(notices);
  }

  public int rejectedTotal() {
    return rejected.values().stream().mapToInt(Integer::intValue).sum();
  }
}
