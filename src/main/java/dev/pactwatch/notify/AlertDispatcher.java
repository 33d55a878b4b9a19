package dev.pactwatch.notify;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.kafka.ConfiguredKafka;
import dev.pactwatch.kafka.KafkaClients;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Runs one worker per subscription, each with a consumer group and a thread of its own, when the
 * process has the role {@code notify}.
 */
@ApplicationScoped
public class AlertDispatcher {

  static final String ROLE = "notify";

  private static final Logger LOG = Logger.getLogger(AlertDispatcher.class);

  private static final int BAD_INPUT = 2;

  /** Longer than the longest round of a worker: one slice and one attempt that times out. */
  private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

  /** Standard Webhooks advises 15 to 30 seconds. */
  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** Of a receiver's answer, which is read and not looked at. */
  private static final int MAX_ANSWER = 1024 * 1024;

  private static final Duration STOP = Duration.ofSeconds(10);

  private final Optional<KafkaClients> kafka;
  private final Set<String> roles;
  private final String prefix;
  private final Optional<String> instance;
  private final Path subscriptions;
  private final OutboundSettings outbound;

  private final List<SubscriptionWorker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Null while no role needs it. */
  private OutboundClient client;

  AlertDispatcher(
      Config config,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix,
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") String configDir,
      @ConfigProperty(name = "quarkus.application.version") String version,
      @ConfigProperty(name = "pactwatch.notify.allow-private") Optional<List<String>> allowPrivate,
      @ConfigProperty(name = "pactwatch.instance") Optional<String> instance) {
    this.instance = instance;
    this.kafka = ConfiguredKafka.clients(config);
    this.roles = roles.orElse(Set.of());
    this.prefix = prefix;
    this.subscriptions = Path.of(configDir, "subscriptions.yaml");
    this.outbound = outbound(version, allowPrivate.orElse(List.of()));
  }

  /** Whether this process notifies anybody. */
  public boolean active() {
    return kafka.isPresent() && roles.contains(ROLE);
  }

  List<SubscriptionState.Snapshot> snapshots() {
    return workers().stream().map(SubscriptionWorker::snapshot).toList();
  }

  void start(@Observes @Priority(200) StartupEvent event) {
    if (!active()) {
      return;
    }
    List<Subscription> wanted;
    try {
      wanted = new SubscriptionFile(System::getenv).read(subscriptions);
    } catch (ConfigException e) {
      throw new PreventFurtherStepsException(e.getMessage(), BAD_INPUT);
    }
    client = new OutboundClient(outbound);
    synchronized (workers) {
      for (Subscription subscription : wanted) {
        SubscriptionWorker worker = worker(subscription);
        Thread thread = new Thread(worker, "notify-" + subscription.id());
        workers.add(worker);
        threads.add(thread);
        thread.start();
      }
    }
    LOG.infof("notifying %d subscriptions of %s", wanted.size(), subscriptions);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    workers().forEach(SubscriptionWorker::stop);
    long end = System.nanoTime() + STOP.toNanos();
    for (Thread thread : threads) {
      thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      if (thread.isAlive()) {
        // Ends the attempts under way, which then count as not made.
        client.close();
        thread.interrupt();
      }
    }
    if (client != null) {
      client.close();
    }
  }

  private List<SubscriptionWorker> workers() {
    synchronized (workers) {
      return List.copyOf(workers);
    }
  }

  private SubscriptionWorker worker(Subscription subscription) {
    InstantSource clock = InstantSource.system();
    return new SubscriptionWorker(
        subscription,
        channel(subscription, clock),
        prefix + "alerts.v1",
        () -> consumer(subscription),
        new RetrySchedule(ThreadLocalRandom::current),
        clock);
  }

  static OutboundSettings outbound(String version, List<String> allowPrivate) {
    OutboundSettings usual = OutboundSettings.defaults(version, null, allowPrivate);
    return new OutboundSettings(
        version,
        null,
        allowPrivate,
        usual.ports(),
        usual.connect(),
        ATTEMPT,
        ATTEMPT,
        MAX_ANSWER,
        usual.maxRatio());
  }

  private Channel channel(Subscription subscription, InstantSource clock) {
    if (subscription.target() instanceof Subscription.Webhook webhook) {
      return new WebhookChannel(webhook, client, clock);
    }
    return new ConsoleChannel(System.out, AlertText.forStandardOutput());
  }

  private Consumer<String, byte[]> consumer(Subscription subscription) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "notify-" + subscription.id());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
    settings.put(
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Math.toIntExact(MAX_POLL_INTERVAL.toMillis()));
    // One that comes back under its name takes its place at once, also after a kill.
    instance.ifPresent(name -> settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
    return kafka.orElseThrow().consumer(prefix + "notify-" + subscription.id(), settings);
  }
}
