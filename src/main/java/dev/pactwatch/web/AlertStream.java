package dev.pactwatch.web;

import dev.pactwatch.web.access.AccessGuard;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The live stream, as server-sent events at {@code GET /alerts/stream} and as a WebSocket at {@code
 * GET /alerts/ws}. Every event has an id, a {@link Cursor}, from which {@code ?since=} or the
 * header {@code Last-Event-ID} goes on, at this instance or another, by either way.
 *
 * <ul>
 *   <li>{@code alert}: a revision, as in the topic
 *   <li>{@code heartbeat}: at the start and then while nothing happens; moves the cursor, too
 *   <li>{@code reset}: the place asked for is too old or unreadable; read {@code snapshot} anew,
 *       the stream goes on from now
 * </ul>
 *
 * <p>A client holds nothing but a place in the log: events are written as fast as its connection
 * takes them, and one that takes nothing for too long is cut off and may come back. While older
 * alerts are still being read there is no place for anybody: clients wait for their first event.
 * Whoever loses the login that a stream was opened with loses the stream within seconds.
 */
@ApplicationScoped
public class AlertStream {

  private static final Logger LOG = Logger.getLogger(AlertStream.class);

  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private final AlertLog log;
  private final AccessGuard guard;
  private final Vertx vertx;
  private final StreamClient.Pace pace;
  private final int maxClients;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  AlertStream(
      AlertLog log,
      AccessGuard guard,
      Vertx vertx,
      @ConfigProperty(name = "pactwatch.stream.heartbeat-millis", defaultValue = "15000")
          long heartbeatMillis,
      @ConfigProperty(name = "pactwatch.stream.stall-millis", defaultValue = "30000")
          long stallMillis,
      @ConfigProperty(name = "pactwatch.stream.max-clients", defaultValue = "5000")
          int maxClients) {
    this.log = log;
    this.guard = guard;
    this.vertx = vertx;
    this.pace = new StreamClient.Pace(heartbeatMillis, stallMillis);
    this.maxClients = maxClients;
  }

  void routes(@Observes Router router) {
    router.route(HttpMethod.GET, "/alerts/stream").handler(this::openEvents);
    router.route(HttpMethod.GET, "/alerts/ws").handler(this::openSocket);
    log.onAdded(() -> connections.forEach(Connection::wake));
  }

  /**
   * Tells every client, those of WebSockets with the reason; before the server closes, which it has
   * done when {@link io.quarkus.runtime.ShutdownEvent} comes.
   */
  void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    stopping = true;
    List<Future<Void>> left = connections.stream().map(Connection::leave).toList();
    try {
      Future.join(left)
          .toCompletionStage()
          .toCompletableFuture()
          .get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debugf("not every stream client heard that the process stops: %s", e);
    }
  }

  int clients() {
    return connections.size();
  }

  private void openEvents(RoutingContext request) {
    if (!admits(request)) {
      return;
    }
    String since = request.request().getHeader("Last-Event-ID");
    if (since == null || since.isBlank()) {
      since = request.request().getParam("since");
    }
    HttpServerResponse response = request.response();
    EventWire wire = new EventWire(response, request.request().connection());
    Connection connection = new Connection(wire, since, guard.lasting(request));
    response.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    response.closeHandler(closed -> connection.end());
    response.exceptionHandler(broken -> connection.end());
    response.drainHandler(drained -> connection.client.drained());
    wire.begin();
    connection.start();
  }

  private void openSocket(RoutingContext request) {
    if (!"websocket".equalsIgnoreCase(request.request().getHeader("Upgrade"))) {
      request
          .response()
          .setStatusCode(426)
          .putHeader("Upgrade", "websocket")
          .putHeader("Connection", "Upgrade")
          .end();
    } else if (admits(request)) {
      String since = request.request().getParam("since");
      BooleanSupplier allowed = guard.lasting(request);
      request
          .request()
          .toWebSocket()
          .onSuccess(socket -> opened(socket, request, since, allowed))
          .onFailure(refused -> refuse(request, refused));
    }
  }

  private void opened(
      ServerWebSocket socket, RoutingContext request, String since, BooleanSupplier allowed) {
    SocketWire wire = new SocketWire(socket, request.request().connection());
    Connection connection = new Connection(wire, since, allowed);
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.closeHandler(closed -> connection.end());
    socket.exceptionHandler(broken -> LOG.debugf("stream client: %s", broken));
    socket.drainHandler(
        drained -> {
          wire.drained();
          connection.client.drained();
        });
    connection.start();
  }

  /** Vert.x answers what is no handshake by itself. */
  private static void refuse(RoutingContext request, Throwable refused) {
    LOG.debugf("no WebSocket: %s", refused);
    if (!request.response().ended()) {
      request.response().setStatusCode(400).end();
    }
  }

  private boolean admits(RoutingContext request) {
    if (stopping) {
      // A browser takes an answer that is no stream for the end, a broken connection not.
      request.request().connection().close();
      return false;
    }
    if (connections.size() >= maxClients) {
      request.response().setStatusCode(503).putHeader("Retry-After", "30").end();
      return false;
    }
    return true;
  }

  /** A client on its event loop; {@link #wake} and {@link #leave} may be called from any thread. */
  private final class Connection {

    private final Context context = vertx.getOrCreateContext();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final StreamWire wire;
    private final StreamClient client;
    private final BooleanSupplier allowed;
    private long timer;

    /**
     * @param allowed whether it may still have what it asked for
     */
    Connection(StreamWire wire, String since, BooleanSupplier allowed) {
      this.wire = wire;
      this.allowed = allowed;
      this.client = new StreamClient(log.store(), wire, since, pace, System::nanoTime);
    }

    void start() {
      timer = vertx.setPeriodic(pace.tickMillis(), tick -> tick());
      connections.add(this);
      client.pump();
      if (stopping) {
        wire.leave();
      }
    }

    /** However often it is called, it wakes once. */
    void wake() {
      if (awake.compareAndSet(false, true)) {
        context.runOnContext(
            ignored -> {
              awake.set(false);
              client.pump();
            });
      }
    }

    Future<Void> leave() {
      Promise<Void> left = Promise.promise();
      context.runOnContext(ignored -> wire.leave().onComplete(left));
      return left.future();
    }

    private void tick() {
      if (!allowed.getAsBoolean()) {
        LOG.infof("stream client sent away whose login has ended clients=%d", connections.size());
        end();
        Future<Void> told = wire.expel();
        vertx.setTimer(
            GOODBYE.toMillis(),
            late -> {
              if (!told.isComplete()) {
                wire.cutOff();
              }
            });
      } else if (!client.tick()) {
        LOG.infof("stream client cut off that takes nothing clients=%d", connections.size());
        end();
        vertx.setTimer(GOODBYE.toMillis(), late -> wire.cutOff());
      }
    }

    private void end() {
      if (connections.remove(this)) {
        vertx.cancelTimer(timer);
      }
    }
  }

  /** What the server does for WebSockets before a route sees them. */
  @ApplicationScoped
  public static class Handshakes implements HttpServerOptionsCustomizer {

    /**
     * Of a frame that comes in: pings and closes have 125 bytes at most, and nothing else comes.
     */
    static final int MAX_FRAME = 1024;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
      limit(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
      limit(options);
    }

    /** A compressor per connection would take more memory than everything else about it. */
    private static void limit(HttpServerOptions options) {
      options
          .setMaxWebSocketFrameSize(MAX_FRAME)
          .setMaxWebSocketMessageSize(MAX_FRAME)
          .setPerMessageWebSocketCompressionSupported(false)
          .setPerFrameWebSocketCompressionSupported(false);
    }
  }
}
