package dev.pactwatch.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.proof.Ledger.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receivers of webhooks, one per path. What comes is written down before it is answered; one
 * message in sixteen is refused when it comes for the first time.
 */
final class Sink implements AutoCloseable {

  private static final Pattern AGENT = Pattern.compile("\\(\\+([^)]*)\\)");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<String, Instant> lastHeard = new ConcurrentHashMap<>();

  Sink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/", this::receive);
    server.setExecutor(threads);
    server.start();
  }

  /** To which the name of a subscription is added. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String id = String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id"));
      Matcher name =
          AGENT.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")));
      if (name.find()) {
        lastHeard.put(name.group(1), Instant.now());
      }
      boolean takes;
      synchronized (deliveries) {
        takes = id.hashCode() % 16 != 0 || !refused.add(id);
        deliveries.add(
            new Delivery(
                exchange.getRequestURI().getPath().substring(1),
                id,
                sha256(body),
                takes,
                Instant.now()));
        if (takes) {
          taken.add(id);
        }
      }
      exchange.sendResponseHeaders(takes ? 204 : 503, -1);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Delivery> deliveries() {
    synchronized (deliveries) {
      return List.copyOf(deliveries);
    }
  }

  /** How many different messages were taken. */
  int taken() {
    synchronized (deliveries) {
      return taken.size();
    }
  }

  /** When a process last sent something, by the contact that it gives. */
  Instant lastHeard(String contact) {
    return lastHeard.getOrDefault(contact, Instant.MIN);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
