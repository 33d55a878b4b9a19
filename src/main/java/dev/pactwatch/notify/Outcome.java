package dev.pactwatch.notify;

import java.time.Duration;
import java.util.Optional;

/** How an attempt to deliver ended. Details are phrases for people, without the receiver's text. */
sealed interface Outcome {

  record Delivered() implements Outcome {}

  /**
   * Not taken; to be tried again.
   *
   * @param notBefore the least time to wait, as the receiver asked or as good manners demand
   */
  record Failed(String detail, Optional<Duration> notBefore) implements Outcome {}

  /** The receiver wants no more deliveries, ever. */
  record Gone(String detail) implements Outcome {}
}
