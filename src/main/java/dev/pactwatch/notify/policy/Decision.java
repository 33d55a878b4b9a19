package dev.pactwatch.notify.policy;

import java.time.Instant;

/** What is to be done with a revision that a subscription's filter lets through. */
public sealed interface Decision {

  /** It is told, in the way of the subscription's timing. */
  record Tell() implements Decision {}

  /** It is told later, and decided on again then. */
  record Wait(Instant until, Reason reason) implements Decision {}

  /**
   * It is not told as things stand.
   *
   * @param ref what stands behind the reason: id of a silence, rule, or other alert, name of a time
   *     interval, or whoever acknowledged
   * @param reviewAt when time alone can change the decision; null where only something else can
   */
  record Suppress(Reason reason, String ref, Instant reviewAt) implements Decision {}
}
