package dev.pactwatch.notify;

/** A way to tell somebody. Used by one thread. */
interface Channel {

  /**
   * One attempt.
   *
   * @throws InterruptedException when the process stops; the delivery counts as not made
   */
  Outcome deliver(Delivery delivery) throws InterruptedException;
}
