package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code GET /alerts/stream}: server-sent events. Every event has an id, a {@link Cursor}, from
 * which {@code Last-Event-ID} or {@code ?since=} goes on, at this instance or another.
 *
 * <ul>
 *   <li>{@code alert}: a revision, as in the topic
 *   <li>{@code heartbeat}: at the start and then while nothing happens; moves the cursor, too
 *   <li>{@code reset}: the place asked for is too old or unreadable; read {@code snapshot} anew,
 *       the stream goes on from now
 * </ul>
 *
 * <p>A client holds nothing but a place in the log: events are written as fast as its connection
 * takes them, and one that takes nothing for too long is cut off and may come back.
 */
@ApplicationScoped
public class AlertStream {

  private static final Logger LOG = Logger.getLogger(AlertStream.class);

  private static final int MAX_CLIENTS = 5_000;
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final String SNAPSHOT = "/api/alerts";

  private final AlertLog log;
  private final Vertx vertx;
  private final long heartbeatMillis;
  private final long stallMillis;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();

  AlertStream(
      AlertLog log,
      Vertx vertx,
      @ConfigProperty(name = "pactwatch.stream.heartbeat-millis", defaultValue = "15000")
          long heartbeatMillis,
      @ConfigProperty(name = "pactwatch.stream.stall-millis", defaultValue = "30000")
          long stallMillis) {
    this.log = log;
    this.vertx = vertx;
    this.heartbeatMillis = heartbeatMillis;
    this.stallMillis = stallMillis;
  }

  void routes(@Observes Router router) {
    router.route(HttpMethod.GET, "/alerts/stream").handler(this::open);
    log.onAdded(() -> clients.forEach(Client::wake));
  }

  void stop(@Observes ShutdownEvent event) {
    clients.forEach(Client::close);
  }

  int clients() {
    return clients.size();
  }

  private void open(RoutingContext request) {
    HttpServerResponse response = request.response();
    if (clients.size() >= MAX_CLIENTS) {
      response.setStatusCode(503).putHeader("Retry-After", "30").end();
      return;
    }
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    String since = request.request().getHeader("Last-Event-ID");
    if (since == null || since.isBlank()) {
      since = request.request().getParam("since");
    }
    new Client(vertx.getOrCreateContext(), response, since).start();
  }

  /** One connection. Everything but {@link #wake} and {@link #close} runs on its event loop. */
  private final class Client {

    private final Context context;
    private final HttpServerResponse response;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final String since;
    private AlertStore.From position;
    private long timer;
    private long quietSince;
    private long stalledSince;

    Client(Context context, HttpServerResponse response, String since) {
      this.context = context;
      this.response = response;
      this.since = since;
    }

    void start() {
      response.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
      response.closeHandler(closed -> end());
      response.exceptionHandler(broken -> end());
      response.drainHandler(
          drained -> {
            stalledSince = 0;
            pump();
          });
      timer =
          vertx.setPeriodic(Math.max(1, Math.min(heartbeatMillis, stallMillis) / 4), t -> tick());
      clients.add(this);
      quietSince = System.nanoTime();
      response.write("retry: 2000\n\n");
      AlertStore.Position asked =
          since == null || since.isBlank() ? log.store().now() : log.store().after(since);
      if (asked instanceof AlertStore.Lost lost) {
        reset(lost.reason(), lost.now());
      } else {
        position = (AlertStore.From) asked;
        heartbeat();
      }
      pump();
    }

    /** May be called from any thread, and often: wakes once. */
    void wake() {
      if (awake.compareAndSet(false, true)) {
        context.runOnContext(
            ignored -> {
              awake.set(false);
              pump();
            });
      }
    }

    void close() {
      context.runOnContext(ignored -> response.reset());
    }

    private void pump() {
      while (!response.ended() && !response.closed() && !response.writeQueueFull()) {
        AlertStore.Next next = log.store().next(position);
        if (next instanceof AlertStore.Found found) {
          position = found.then();
          write("alert", Json.write(found.alert()));
        } else if (next instanceof AlertStore.Behind behind) {
          reset("too-slow", behind.now());
        } else {
          position = ((AlertStore.Nothing) next).then();
          return;
        }
      }
      if (stalledSince == 0 && response.writeQueueFull()) {
        stalledSince = System.nanoTime();
      }
    }

    private void tick() {
      long now = System.nanoTime();
      if (stalledSince != 0) {
        if ((now - stalledSince) / 1_000_000 >= stallMillis) {
          LOG.infof("stream client cut off that takes nothing clients=%d", clients.size());
          response.reset();
          end();
        }
      } else if ((now - quietSince) / 1_000_000 >= heartbeatMillis) {
        heartbeat();
      }
    }

    private void heartbeat() {
      write("heartbeat", "{}");
    }

    private void reset(String reason, AlertStore.From now) {
      position = now;
      write("reset", Json.write(Map.of("reason", reason, "snapshot", SNAPSHOT)));
    }

    /** Data is JSON on one line: line ends within it are escaped there. */
    private void write(String event, String data) {
      quietSince = System.nanoTime();
      response.write("id: " + position.cursor() + "\nevent: " + event + "\ndata: " + data + "\n\n");
    }

    private void end() {
      if (clients.remove(this)) {
        vertx.cancelTimer(timer);
      }
    }
  }
}
