package dev.pactwatch.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;

/** Server-sent events: {@code text/event-stream} of the HTML standard. */
final class EventWire implements StreamWire {

  /** Of a response that has its connection to itself. */
  private static final int NO_STREAM = -1;

  private final HttpServerResponse response;
  private final HttpConnection connection;

  EventWire(HttpServerResponse response, HttpConnection connection) {
    this.response = response;
    this.connection = connection;
  }

  /** Sends the head of the answer. */
  void begin() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no")
        .write("retry: 2000\n\n");
  }

  @Override
  public boolean open() {
    return !response.ended() && !response.closed();
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public boolean awaited() {
    return false;
  }

  /** Line ends within JSON are escaped there. */
  @Override
  public void event(String event, String id, String data) {
    response.write("id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n");
  }

  @Override
  public void keepAlive() {
    response.write(": not yet\n\n");
  }

  /** There is no such thing; a connection that is gone stops to take heartbeats. */
  @Override
  public void probe() {}

  @Override
  public void cutOff() {
    if (response.streamId() == NO_STREAM) {
      Abort.now(connection);
    } else {
      response.reset();
    }
  }

  /** A browser comes back, and is told then why it gets nothing more. */
  @Override
  public Future<Void> expel() {
    return leave();
  }

  @Override
  public Future<Void> leave() {
    if (response.writeQueueFull()) {
      cutOff();
      return Future.succeededFuture();
    }
    return response.end();
  }
}
