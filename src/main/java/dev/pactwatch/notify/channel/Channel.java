package dev.pactwatch.notify.channel;

/** A way to tell somebody. Safe for use by many threads. */
public interface Channel extends AutoCloseable {

  /** Makes the message. The same notification gives the same bytes. */
  Message render(Notification notification);

  /**
   * One attempt.
   *
   * @throws InterruptedException when the process stops; the attempt counts as not made
   */
  Outcome send(Message message, Attempt attempt) throws InterruptedException;

  @Override
  default void close() {}
}
