package dev.pactwatch.notify.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a group between two looks at it; kept as JSON.
 *
 * @param members by id of the alert
 * @param told what the last message told; null before the first
 * @param looked when the group was last looked at; null where that is still to come for the first
 *     time, also after it had become empty
 * @param next when it is to be looked at; null where nothing is to be done until something is added
 */
public record GroupState(Map<String, Member> members, Told told, Instant looked, Instant next) {

  public GroupState {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }

  /**
   * An alert of the group.
   *
   * @param revision the newest that is known
   * @param withdrawn whether that one withdraws it
   * @param since when it was added
   */
  public record Member(int revision, boolean withdrawn, Instant since) {}

  /**
   * What subscribers have been told; revisions by id of the alert.
   *
   * @param at when the last message was made
   */
  public record Told(Instant at, Map<String, Integer> open, Map<String, Integer> withdrawn) {

    public Told {
      open = Collections.unmodifiableMap(new TreeMap<>(open));
      withdrawn = Collections.unmodifiableMap(new TreeMap<>(withdrawn));
    }
  }

  /** The same without an alert that has moved to another group, or that nobody wants any more. */
  public GroupState without(String alertId) {
    Map<String, Member> left = new TreeMap<>(members);
    left.remove(alertId);
    return new GroupState(left, told, looked, next);
  }
}
