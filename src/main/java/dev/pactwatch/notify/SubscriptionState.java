package dev.pactwatch.notify;

import java.util.EnumMap;
import java.util.Map;

/** What has become of a subscription's alerts since the process started. Safe for many threads. */
final class SubscriptionState {

  /** Whether deliveries are made. */
  enum Phase {
    STARTING,
    RUNNING,
    /** The last attempt failed; the next is scheduled. */
    RETRYING,
    /** The receiver wants no more; alerts are held in the topic. */
    DISABLED,
    /** The connection to Kafka is being made anew. */
    BROKEN,
    STOPPED
  }

  /**
   * @param suppressed alerts that the subscription does not want, by reason
   * @param dead alerts that no attempt could deliver
   * @param unreadable records that are no alerts
   * @param problem of the last failed attempt, null when the last one succeeded
   */
  record Snapshot(
      String id,
      Phase phase,
      long delivered,
      long failedAttempts,
      Map<Filter.Rejection, Long> suppressed,
      long dead,
      long unreadable,
      String problem) {}

  private final String id;
  private final Map<Filter.Rejection, Long> suppressed = new EnumMap<>(Filter.Rejection.class);
  private Phase phase = Phase.STARTING;
  private long delivered;
  private long failedAttempts;
  private long dead;
  private long unreadable;
  private String problem;

  SubscriptionState(String id) {
    this.id = id;
  }

  synchronized Snapshot snapshot() {
    return new Snapshot(
        id, phase, delivered, failedAttempts, Map.copyOf(suppressed), dead, unreadable, problem);
  }

  synchronized void joined() {
    if (phase == Phase.STARTING || phase == Phase.BROKEN) {
      phase = Phase.RUNNING;
      problem = null;
    }
  }

  synchronized void delivered() {
    delivered++;
    phase = Phase.RUNNING;
    problem = null;
  }

  synchronized void suppressed(Filter.Rejection reason) {
    suppressed.merge(reason, 1L, Long::sum);
  }

  synchronized void failed(String detail) {
    failedAttempts++;
    phase = Phase.RETRYING;
    problem = detail;
  }

  synchronized void dead() {
    dead++;
  }

  synchronized void unreadable() {
    unreadable++;
  }

  synchronized void disabled(String detail) {
    failedAttempts++;
    phase = Phase.DISABLED;
    problem = detail;
  }

  synchronized void broken(String detail) {
    // A receiver's 410 outlives a reconnect to Kafka.
    if (phase != Phase.DISABLED) {
      phase = Phase.BROKEN;
      problem = detail;
    }
  }

  synchronized void stopped() {
    phase = Phase.STOPPED;
  }
}
