package dev.pactwatch.cli;

import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.ingest.PushInbox;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.notify.RunningNotifier;
import dev.pactwatch.notify.admin.RunningAdmin;
import dev.pactwatch.notify.delivery.Notifier;
import dev.pactwatch.replay.DemoFeeds;
import dev.pactwatch.replay.ReplaySet;
import dev.pactwatch.replay.ReplayStore;
import dev.pactwatch.replay.RunningReplays;
import dev.pactwatch.telemetry.Tracing;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.LexiconTopic;
import dev.pactwatch.topology.LexiconWatch;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RegistryWatch;
import dev.pactwatch.topology.RunningDetector;
import dev.pactwatch.web.ListenAddress;
import dev.pactwatch.web.access.AccessFile;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import sun.misc.Signal;

/**
 * One process with its roles. Starts what others need first, and stops in the opposite order:
 * server and notifier, poller, topology, broker last.
 */
final class Application {

  /** A shell adds this to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(25);

  private final Settings.Loaded loaded;
  private final Set<Role> roles;
  private final boolean demo;
  private final PrintStream err = System.err;
  private final long started = System.nanoTime();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final AtomicInteger status = new AtomicInteger();

  Application(Settings.Loaded loaded, Set<Role> roles, boolean demo) {
    this.loaded = loaded;
    this.roles = roles;
    this.demo = demo;
  }

  /** Returns when the process is asked to stop, with its exit status. */
  int run() {
    CountDownLatch stopped = new CountDownLatch(1);
    // A signal ends the server; the process must not end before the broker has closed its log.
    Thread hook = new Thread(() -> await(stopped), "stop");
    int port = freePort(loaded.settings().http().port());
    try {
      start(port);
      Runtime.getRuntime().addShutdownHook(hook);
      Quarkus.run(
          Server.class,
          (code, error) -> {
            if (error != null) {
              err.println("pactwatch: the server cannot start: " + error.getMessage());
              status.compareAndSet(0, Main.FAILED);
            }
            status.compareAndSet(0, code);
          });
    } catch (CompletionException e) {
      throw e.getCause() instanceof ConfigException config ? config : e;
    } finally {
      stop();
      stopped.countDown();
    }
    return status.get();
  }

  private void start(int port) {
    Settings settings = loaded.settings();
    Path config = settings.configDir();
    checkAccess(settings);
    // Ends last, when everything that has a part in traces has ended.
    Tracing.start(System::getenv, Version.number())
        .ifPresent(
            traces -> {
              running.push(traces);
              say(
                  "Traces to "
                      + System.getenv().getOrDefault(Tracing.ENDPOINT, "the OTLP receiver"));
            });
    boolean detect = roles.contains(Role.detect);
    // Reading the lexicon takes about as long as starting the broker.
    CompletableFuture<ProductRules> rules =
        CompletableFuture.supplyAsync(
            () ->
                detect
                    ? ProductRules.load(
                        config.resolve("lexicon"),
                        config.resolve("topics.yaml"),
                        settings.detect().touches(),
                        settings.dataDir().resolve("lexicons"))
                    : null);
    RegistryFolder registry =
        new RegistryFolder(config.resolve("agreements"), InstantSource.system());
    CompletableFuture<Registry> agreements =
        CompletableFuture.supplyAsync(() -> detect ? registry.registry() : null);
    Cluster cluster = Cluster.own(loaded);
    running.push(cluster);
    Doctor.refuse(loaded, cluster);
    cluster.prepareTopics();
    say(
        (cluster.embedded() ? "Kafka (embedded) at " : "Kafka at ")
            + cluster.clients().bootstrapServers());
    // The beans read the server's configuration, which knows nothing of the folder given by
    // --config.
    loaded.kafka().forEach((name, value) -> publish("kafka." + name, value));
    if (!loaded.server().getOrDefault(Settings.OIDC_SERVER, "").isBlank()) {
      publish("quarkus.oidc.tenant-enabled", "true");
    }
    loaded.server().forEach(Application::publish);
    settings
        .http()
        .names()
        .ifPresent(names -> publish("pactwatch.http.names", String.join(",", names)));
    Settings.Access login = settings.access();
    publish("pactwatch.access.session", login.session().toString());
    publish("pactwatch.access.oidc-viewer", String.join(",", login.oidcViewer()));
    publish("pactwatch.access.oidc-editor", String.join(",", login.oidcEditor()));
    publish("pactwatch.access.oidc-admin", String.join(",", login.oidcAdmin()));
    publish("kafka.bootstrap.servers", cluster.clients().bootstrapServers());
    settings
        .http()
        .allowPrivate()
        .ifPresent(hosts -> publish("pactwatch.http.allow-private", String.join(",", hosts)));
    settings.http().contact().ifPresent(contact -> publish("pactwatch.http.contact", contact));
    publish("pactwatch.ingest.metrics-feeds", String.valueOf(settings.ingest().metricsFeeds()));
    publish("pactwatch.detect.touches", String.valueOf(settings.detect().touches()));
    publish("pactwatch.detect.retention", settings.detect().retention().toString());
    publish("pactwatch.topic-prefix", settings.topicPrefix());
    publish("pactwatch.config-dir", config.toString());
    publish(
        "pactwatch.roles",
        roles.stream().map(Role::name).sorted().collect(Collectors.joining(",")));
    // One process on its own broker comes back as itself, also after a kill.
    String instance = cluster.embedded() ? "embedded" : null;
    if (instance != null) {
      publish("pactwatch.instance", instance);
    }
    publish("quarkus.http.port", String.valueOf(port));
    // Opening the database takes about as long as starting the topology.
    CompletableFuture<NotifyAccess> notify =
        CompletableFuture.supplyAsync(
            () ->
                roles.contains(Role.notify) || roles.contains(Role.web)
                    ? NotifyAccess.open(loaded, cluster.clients(), roles.contains(Role.notify))
                    : null);
    agreements.join();
    if (detect || roles.contains(Role.web)) {
      running.push(RegistryWatch.start(cluster, registry, detect, this::say));
    }
    if (detect) {
      Consumer<String> activate = version -> LexiconTopic.activate(cluster, version, Instant.now());
      activate.accept(rules.join().lexiconVersion());
      Detector detector =
          Detector.start(
              cluster,
              rules.join(),
              new Detector.Options(
                  settings.dataDir().resolve("streams"),
                  settings.detect().threads(),
                  // The history of a demonstration spans years; nothing of it may be forgotten.
                  demo ? null : settings.detect().retention(),
                  false,
                  instance,
                  "127.0.0.1:" + port),
              // The bundled history is as old as it says; its lags would say nothing.
              demo ? null : InstantSource.system(),
              failure -> fail("a stream thread died: " + Detector.reason(failure)));
      running.push(detector);
      RunningDetector.is(detector);
      running.push(LexiconWatch.start(config.resolve("lexicon"), rules.join(), activate));
    }
    NotifyAccess access = notify.join();
    if (access != null) {
      running.push(access);
      RunningAdmin.is(access.admin());
      if (roles.contains(Role.notify)) {
        Notifier notifier = access.notifier(cluster.topics(), instance);
        running.push(notifier);
        RunningNotifier.is(notifier);
      }
    }
    if (roles.contains(Role.web)) {
      offerReplays(settings);
      Polling.webSub(settings)
          .ifPresent(
              key -> {
                PushInbox inbox = PushInbox.open(cluster.clients(), cluster.topics(), key);
                running.push(inbox);
                PushInbox.use(inbox);
              });
    }
    if (roles.contains(Role.ingest)) {
      if (demo) {
        List<Article> history = DemoFeeds.articles(Instant.now());
        say("Bundled history: " + history.size() + " articles, a retelling of public facts");
        running.push(DemoHistory.play(cluster, history));
      } else {
        running.push(Polling.start(cluster, loaded));
      }
    }
    say("Page and API at http://127.0.0.1:" + port + "/   (stop with Ctrl-C)");
  }

  private void offerReplays(Settings settings) {
    ReplayStore store = new ReplayStore(settings.dataDir(), InstantSource.system());
    ReplayProcess processes = new ReplayProcess(loaded, store);
    running.push(processes);
    RunningReplays.is(
        new RunningReplays.Offer(
            store,
            settings.dataDir(),
            ReplaySet.Origin.of(settings.configDir()),
            settings.detect().touches(),
            processes));
  }

  /** Before anything starts: others are not served without a login. */
  private void checkAccess(Settings settings) {
    AccessFile file =
        new AccessFile(settings.configDir().resolve(AccessFile.NAME), InstantSource.system());
    boolean login =
        !file.read().isEmpty() || !loaded.server().getOrDefault(Settings.OIDC_SERVER, "").isBlank();
    ListenAddress.check(
        loaded.server().getOrDefault(Settings.HTTP_HOST, "127.0.0.1"),
        settings.http().names().isPresent(),
        login);
  }

  private void fail(String what) {
    err.println("pactwatch: " + what);
    status.set(Main.FAILED);
    Quarkus.asyncExit(Main.FAILED);
  }

  private void stop() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        err.println("pactwatch: stopping: " + e.getMessage());
        status.compareAndSet(0, Main.FAILED);
      }
    }
  }

  private static void publish(String name, String value) {
    System.setProperty(name, value);
  }

  /** A taken port is said in one line, before anything else starts. */
  private static int freePort(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new ConfigException(
          "port " + port + " on 127.0.0.1 is taken; choose another with --port", e);
    }
  }

  private static void await(CountDownLatch stopped) {
    try {
      if (!stopped.await(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("pactwatch: did not stop within " + STOP_TIMEOUT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String what) {
    if (Boolean.parseBoolean(loaded.server().get(Settings.JSON_LOGS))) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("timestamp", Instant.now().toString());
      line.put("level", "INFO");
      line.put("loggerName", Application.class.getName());
      line.put("message", what);
      err.println(Json.write(line));
    } else {
      err.printf(Locale.ROOT, "%5.1f s  %s%n", (System.nanoTime() - started) / 1e9, what);
    }
  }

  /** Lives until it is asked to stop; what it does is in the beans of notify and web. */
  public static final class Server implements QuarkusApplication {
    @Override
    public int run(String... args) {
      // As a shutdown hook, stopping would race with the hooks of the broker and the database.
      stopOn("INT");
      stopOn("TERM");
      Quarkus.waitForExit();
      return 0;
    }

    /** The first signal stops everything in its order, a second one at once. */
    private static void stopOn(String signal) {
      AtomicBoolean asked = new AtomicBoolean();
      Signal.handle(
          new Signal(signal),
          received -> {
            if (asked.getAndSet(true)) {
              Runtime.getRuntime().halt(SIGNALLED + received.getNumber());
            }
            // A stop that was asked for is no failure.
            Quarkus.asyncExit(0);
          });
    }
  }
}
