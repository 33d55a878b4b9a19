package dev.pactwatch.alert;

import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Status;

/**
 * How much an alert should disturb.
 *
 * <table>
 *   <caption>Severity of what is certain</caption>
 *   <tr><th>relation</th><th>status</th><th>severity</th></tr>
 *   <tr><td>dispute</td><td>filed, ongoing, ruled, appealed</td><td>critical</td></tr>
 *   <tr><td>dispute</td><td>threatened, settled, dismissed, dropped</td><td>high</td></tr>
 *   <tr><td>conflict</td><td>agreed, expanded</td><td>high</td></tr>
 *   <tr><td>conflict</td><td>in talks</td><td>medium</td></tr>
 *   <tr><td>ending</td><td>in talks</td><td>medium</td></tr>
 *   <tr><td>ending</td><td>any other</td><td>high</td></tr>
 *   <tr><td>amendment</td><td>any</td><td>medium</td></tr>
 *   <tr><td>touches</td><td>any</td><td>low</td></tr>
 * </table>
 *
 * <p>What is only possible is one step lower. Three independent publisher families make what is
 * only possible, in talks or threatened one step higher, though never critical.
 */
public final class SeverityPolicy {

  private static final int MANY = 3;

  private SeverityPolicy() {}

  /**
   * @param independent number of publisher families that report it
   */
  public static Severity of(
      Relation relation, Status status, Certainty certainty, int independent) {
    Severity severity = certain(relation, status);
    if (certainty == Certainty.POSSIBLE) {
      severity = step(severity, -1);
    }
    boolean unsure =
        certainty == Certainty.POSSIBLE || status == Status.IN_TALKS || status == Status.THREATENED;
    if (unsure
        && independent >= MANY
        && relation != Relation.TOUCHES
        && severity.compareTo(Severity.HIGH) < 0) {
      severity = step(severity, 1);
    }
    return severity;
  }

  private static Severity certain(Relation relation, Status status) {
    return switch (relation) {
      case DISPUTE ->
          switch (status) {
            case FILED, ONGOING, RULED, APPEALED -> Severity.CRITICAL;
            default -> Severity.HIGH;
          };
      case CONFLICT, ENDING -> status == Status.IN_TALKS ? Severity.MEDIUM : Severity.HIGH;
      case AMENDMENT -> Severity.MEDIUM;
      case TOUCHES -> Severity.LOW;
    };
  }

  private static Severity step(Severity severity, int by) {
    int to = Math.max(0, Math.min(Severity.values().length - 1, severity.ordinal() + by));
    return Severity.values()[to];
  }
}
