package dev.pactwatch.web;

import io.vertx.core.Future;

/** A connection that {@link StreamClient} writes to. Used on the connection's event loop alone. */
interface StreamWire {

  /** Whether it can still be written to. */
  boolean open();

  /** Whether what was written before has to leave first. */
  boolean full();

  /** Whether the other side owes an answer to {@link #probe}. */
  boolean awaited();

  /**
   * Writes one event.
   *
   * @param id the {@link Cursor} to go on from after this event
   * @param data JSON on one line
   */
  void event(String event, String id, String data);

  /** Shows those in between that the connection is in use, without an event. */
  void keepAlive();

  /** Asks the other side for a sign of life, where the protocol knows of such. */
  void probe();

  /**
   * Ends the connection with one that takes nothing: what was written and has not left is lost. Who
   * may still hear why is told; called again, it ends in any case.
   */
  void cutOff();

  /**
   * Ends the stream of one who may no longer have it.
   *
   * @return completes when the other side has been told
   */
  Future<Void> expel();

  /**
   * Ends it since the process stops.
   *
   * @return completes when the other side has been told
   */
  Future<Void> leave();
}
