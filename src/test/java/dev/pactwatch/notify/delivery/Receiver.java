package dev.pactwatch.notify.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Receivers of webhooks at the paths of one real server; each answers as it is told to. */
final class Receiver implements AutoCloseable {

  /** What came in, and when. */
  record Call(String id, String body, String kind, Instant at) {}

  /**
   * @param headers beside the body
   */
  record Answer(int status, Map<String, String> headers, Duration after) {

    static Answer of(int status) {
      return new Answer(status, Map.of(), Duration.ZERO);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
  private final Map<String, Function<Call, Answer>> answers = new ConcurrentHashMap<>();

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  /** How calls to this name are answered from now on; without, with 204. */
  void answers(String name, Function<Call, Answer> how) {
    answers.put(name, how);
  }

  void answers(String name, int status) {
    answers(name, call -> Answer.of(status));
  }

  List<Call> calls(String name) {
    return calls.getOrDefault(name, List.of());
  }

  List<String> ids(String name) {
    return calls(name).stream().map(Call::id).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(1);
      Call call =
          new Call(
              exchange.getRequestHeaders().getFirst("webhook-id"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              exchange.getRequestHeaders().getFirst("webhook-attempt-kind"),
              Instant.now());
      calls.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(call);
      Answer answer = answers.getOrDefault(name, c -> Answer.of(204)).apply(call);
      if (!answer.after().isZero()
          && closed.await(answer.after().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
        return;
      }
      answer.headers().forEach((header, value) -> exchange.getResponseHeaders().add(header, value));
      exchange.sendResponseHeaders(answer.status(), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
