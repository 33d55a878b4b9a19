package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A place in the log and a connection to write to: what follows the place is written as fast as the
 * connection takes it, and nothing else is kept. Not safe for many threads.
 */
final class StreamClient {

  private static final String SNAPSHOT = "/api/alerts";

  /**
   * How long things take.
   *
   * @param heartbeatMillis without an event before there is a heartbeat
   * @param stallMillis for which a connection may take nothing
   */
  record Pace(long heartbeatMillis, long stallMillis) {

    /** Whatever else is to be noticed about a client is noticed within this. */
    private static final long MAX_TICK_MILLIS = 2_000;

    /** How often {@link StreamClient#tick} is to be called. */
    long tickMillis() {
      return Math.max(1, Math.min(MAX_TICK_MILLIS, Math.min(heartbeatMillis, stallMillis) / 4));
    }
  }

  private final AlertStore store;
  private final StreamWire wire;
  private final Pace pace;
  private final LongSupplier nanos;

  /** The place to go on from while there is no {@link #position}; null for now. */
  private String since;

  /** Null while the store is not complete. */
  private AlertStore.From position;

  private boolean greeted;
  private boolean stuck;
  private long stuckSince;
  private long quietSince;

  /**
   * @param since the cursor to go on from; null or blank for now
   * @param nanos a clock such as {@link System#nanoTime}
   */
  StreamClient(AlertStore store, StreamWire wire, String since, Pace pace, LongSupplier nanos) {
    this.store = store;
    this.wire = wire;
    this.since = since;
    this.pace = pace;
    this.nanos = nanos;
    this.quietSince = nanos.getAsLong();
  }

  /** Writes what there is, as far as the connection takes it. */
  void pump() {
    while (wire.open() && !wire.full() && (position != null || place())) {
      AlertStore.Next next = store.next(position);
      if (next instanceof AlertStore.Found found) {
        position = found.then();
        write("alert", Json.write(found.alert()));
      } else if (next instanceof AlertStore.Nothing nothing) {
        position = nothing.then();
        return;
      } else {
        // Perhaps the store was filled anew and has what comes after the same cursor.
        since = position.cursor().toString();
        position = null;
      }
    }
  }

  /** The connection takes more again. */
  void drained() {
    stuck = false;
    pump();
  }

  /**
   * To be called now and then.
   *
   * @return false when the connection was cut off
   */
  boolean tick() {
    long now = nanos.getAsLong();
    pump();
    // One that is being closed may be in the way of its own end, too.
    if (wire.open() && !wire.full() && !wire.awaited()) {
      stuck = false;
    } else if (!stuck) {
      stuck = true;
      stuckSince = now;
    } else if (millis(stuckSince, now) >= pace.stallMillis()) {
      wire.cutOff();
      return false;
    }
    if (wire.open() && !wire.full() && millis(quietSince, now) >= pace.heartbeatMillis()) {
      if (position == null) {
        quietSince = now;
        wire.keepAlive();
      } else {
        heartbeat();
        wire.probe();
      }
    }
    return true;
  }

  /** Finds the position, and says so to one who has just come or has lost something. */
  private boolean place() {
    AlertStore.Position asked = store.place(since);
    if (asked instanceof AlertStore.Lost lost) {
      position = lost.now();
      write("reset", Json.write(Map.of("reason", lost.reason(), "snapshot", SNAPSHOT)));
    } else if (asked instanceof AlertStore.From from) {
      position = from;
      if (!greeted) {
        heartbeat();
      }
    } else {
      return false;
    }
    greeted = true;
    return true;
  }

  private void heartbeat() {
    write("heartbeat", "{}");
  }

  private void write(String event, String data) {
    quietSince = nanos.getAsLong();
    wire.event(event, position.cursor().toString(), data);
  }

  private static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
