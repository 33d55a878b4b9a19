package dev.pactwatch.web;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** Ends connections that take nothing. */
final class Abort {

  private Abort() {}

  /**
   * Closes a connection without waiting for what was written to leave. {@link HttpConnection#close}
   * writes all of it before, and so never closes one whose other side has stopped reading; the
   * channel's own close ends up there, too.
   */
  static void now(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      var unused = server.channelHandlerContext().close();
    } else {
      var unused = connection.close();
    }
  }
}
