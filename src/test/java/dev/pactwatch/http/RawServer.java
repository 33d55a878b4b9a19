package dev.pactwatch.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on the loopback that says exactly what a test tells it to, byte by byte. */
public final class RawServer implements AutoCloseable {

  /**
   * What a client sent.
   *
   * @param body of the declared length; empty where none is declared
   */
  public record Request(String path, List<String> lines, String body) {

    /** Value of a header exactly as sent, one char per byte. */
    public Optional<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst();
    }
  }

  /** Answers one request; the connection is closed afterwards. */
  @FunctionalInterface
  public interface Handler {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Handler handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  public RawServer(Handler handler) {
    this(plain(), handler);
  }

  public RawServer(ServerSocket socket, Handler handler) {
    this.socket = socket;
    this.handler = handler;
    start(this::accept);
  }

  private static ServerSocket plain() {
    try {
      return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Runnable work) {
    Thread thread = new Thread(work, "raw-server");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Request request = read(client.getInputStream());
      requests.add(request);
      OutputStream out = client.getOutputStream();
      handler.answer(request, out);
      out.flush();
      // Half-closed first, so that a client which still sends does not lose the answer to a reset.
      client.shutdownOutput();
    } catch (IOException | UnsupportedOperationException e) {
      // The client went away, which is what many of these tests are about.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
      threads.remove(Thread.currentThread());
    }
  }

  private static Request read(InputStream raw) throws IOException {
    InputStream in = new BufferedInputStream(raw);
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      start.write(b);
      text = b == '\n' ? start.toString(StandardCharsets.ISO_8859_1) : "";
    }
    List<String> lines = List.of(text.strip().split("\r\n"));
    Request head = new Request(lines.get(0).split(" ")[1], lines, "");
    int length = head.header("content-length").map(Integer::parseInt).orElse(0);
    String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new Request(head.path(), lines, body);
  }

  /** Status line and headers, then the body; the length is declared. */
  public static void respond(OutputStream out, String status, String headers, byte[] body)
      throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
  }

  public static void respond(OutputStream out, String status, String headers, String body)
      throws IOException {
    respond(out, status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  public List<Request> requests() {
    return requests;
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Absolute URL of a path on this server. */
  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
      threads.forEach(Thread::interrupt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
