package dev.pactwatch.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a port of this machine, until it is told to break them. */
final class CutProxy implements AutoCloseable {

  private enum Mode {
    PASS,
    /** Connections are there, and nothing passes. */
    HOLD,
    /** No connection is there, and none comes about. */
    CUT
  }

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private Mode mode = Mode.PASS;
  private volatile boolean closed;

  /**
   * @param target port to pass connections on to
   */
  CutProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    start("accept", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Breaks every connection, and each new one, until {@link #mend}. */
  void cut() {
    set(Mode.CUT);
    closeAll();
  }

  /** Lets nothing pass in either direction, without a word to anybody, until {@link #mend}. */
  void hold() {
    set(Mode.HOLD);
  }

  /** Passes everything again, also what was held. */
  void mend() {
    set(Mode.PASS);
  }

  private void set(Mode next) {
    synchronized (lock) {
      mode = next;
      lock.notifyAll();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        start("connect", () -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      synchronized (lock) {
        if (mode == Mode.CUT) {
          client.close();
          return;
        }
        open.add(client);
      }
      Socket to = new Socket(InetAddress.getByName("127.0.0.1"), target);
      open.add(to);
      to.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      start("there", () -> pump(client, to));
      start("back", () -> pump(to, client));
    } catch (IOException e) {
      // Nobody listens there: the broker is down.
      close(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (lock) {
          while (mode == Mode.HOLD && !closed) {
            lock.wait();
          }
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One side is gone, and so is the other now.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void closeAll() {
    open.forEach(this::close);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    set(Mode.PASS);
    closeAll();
  }
}
