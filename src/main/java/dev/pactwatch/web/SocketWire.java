package dev.pactwatch.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;

/**
 * A WebSocket (RFC 6455). Every event is one text frame, {@code {"event":...,"id":...,"data":...}};
 * nothing is understood that comes from the client.
 */
final class SocketWire implements StreamWire {

  /** The server stops. */
  static final short GOING_AWAY = 1001;

  /** A kind of data that is not taken. */
  static final short UNSUPPORTED = 1003;

  /** A message that nobody asked for, or somebody who is no longer logged in. */
  static final short VIOLATION = 1008;

  /** Too slow: may come back. */
  static final short AGAIN_LATER = 1013;

  private final ServerWebSocket socket;
  private final HttpConnection connection;
  private boolean awaited;
  private boolean closing;

  SocketWire(ServerWebSocket socket, HttpConnection connection) {
    this.socket = socket;
    this.connection = connection;
    socket.frameHandler(this::received);
    socket.pongHandler(pong -> awaited = false);
  }

  @Override
  public boolean open() {
    return !closing && !socket.isClosed();
  }

  @Override
  public boolean full() {
    return open() && socket.writeQueueFull();
  }

  @Override
  public boolean awaited() {
    return awaited;
  }

  /** An id has no character that JSON would have to escape. */
  @Override
  public void event(String event, String id, String data) {
    socket.writeFinalTextFrame(
        "{\"event\":\"" + event + "\",\"id\":\"" + id + "\",\"data\":" + data + "}");
  }

  @Override
  public void keepAlive() {
    probe();
  }

  @Override
  public void probe() {
    awaited = true;
    socket.writePing(Buffer.buffer());
  }

  /** Reads on after {@link #received} had to stop. */
  void drained() {
    if (open()) {
      socket.resume();
    }
  }

  @Override
  public void cutOff() {
    if (closing || socket.writeQueueFull()) {
      // Who takes nothing does not take the goodbye either.
      closing = true;
      Abort.now(connection);
    } else {
      var unused = close(AGAIN_LATER, "takes too little");
    }
  }

  @Override
  public Future<Void> expel() {
    return close(VIOLATION, "no longer logged in");
  }

  @Override
  public Future<Void> leave() {
    return close(GOING_AWAY, "stops");
  }

  private Future<Void> close(short code, String reason) {
    if (!open()) {
      return Future.succeededFuture();
    }
    if (socket.writeQueueFull()) {
      cutOff();
      return Future.succeededFuture();
    }
    closing = true;
    return socket.close(code, reason);
  }

  private void received(WebSocketFrame frame) {
    if (frame.isText()) {
      close(VIOLATION, "takes no messages");
    } else if (frame.isBinary() || frame.isContinuation()) {
      close(UNSUPPORTED, "takes no messages");
    } else if (full()) {
      // Every ping is answered: one who sends them and takes no answers is not listened to.
      socket.pause();
    }
  }
}
