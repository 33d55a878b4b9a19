package dev.pactwatch.matching;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why an event touches an agreement, or does not.
 *
 * @param match the relation that holds, if one does
 * @param misses relations that do not hold, in the order in which they were tried
 */
public record Explanation(Optional<Match> match, List<Miss> misses) {

  public Explanation {
    misses = List.copyOf(misses);
  }

  /**
   * A relation that does not hold.
   *
   * @param why a sentence
   * @param met how many of the relation's conditions held before one did not
   */
  public record Miss(Relation relation, String why, int met) {}

  /** The relation that came closest without holding. */
  public Optional<Miss> nearest() {
    return misses.stream().max(Comparator.comparingInt(Miss::met));
  }
}
