package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.matching.JoinKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * The topology while it runs: starts, says when it has work, stops within a bound and leaves its
 * group, so that the next start need not wait for a member that is gone.
 */
public final class Detector implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Detector.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaStreams streams;
  private final Optional<HostInfo> server;
  private final Duration retention;
  private final Rules rules;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Detector(KafkaStreams streams, Rules rules, Options options) {
    this.streams = streams;
    this.rules = rules;
    this.server = Optional.ofNullable(options.server()).map(HostInfo::buildFromEndpoint);
    this.retention = options.retention();
  }

  /**
   * What a run of the topology needs.
   *
   * @param stateDir of the local stores
   * @param retention how long events wait for agreements yet to come; null for ever
   * @param inMemory whether the stores are kept off the disk
   * @param instance see {@link StreamsSettings#of}
   * @param server see {@link StreamsSettings#of}
   * @param commit see {@link StreamsSettings#of}
   * @param closed all agreements that there will ever be, as in a replay: an article is then not
   *     kept for organisations that none of them names. Null where more can come
   */
  public record Options(
      Path stateDir,
      int threads,
      Duration retention,
      boolean inMemory,
      String instance,
      String server,
      Duration commit,
      Collection<Agreement> closed) {

    /** For a run whose alerts are waited for. */
    public Options(
        Path stateDir,
        int threads,
        Duration retention,
        boolean inMemory,
        String instance,
        String server) {
      this(stateDir, threads, retention, inMemory, instance, server, StreamsSettings.LIVE, null);
    }
  }

  /**
   * Builds and starts.
   *
   * @param onFailure called once, on the dying thread, when a stream thread dies of an error; the
   *     process should end then, with a status other than 0
   */
  public static Detector start(
      Cluster cluster, Rules rules, Options options, Consumer<Throwable> onFailure) {
    return start(cluster, rules, options, null, onFailure);
  }

  /**
   * The same, and measures how long news take to become alerts.
   *
   * @param clock for that alone; nothing that is written depends on it. Null to measure nothing
   */
  public static Detector start(
      Cluster cluster,
      Rules rules,
      Options options,
      InstantSource clock,
      Consumer<Throwable> onFailure) {
    StreamsConfig config =
        StreamsSettings.of(
            cluster,
            options.stateDir(),
            options.threads(),
            options.instance(),
            options.server(),
            options.commit(),
            clock);
    Topology topology =
        DetectTopology.build(
            cluster.topics(),
            rules,
            new TopologyConfig(config),
            options.retention(),
            options.inMemory(),
            options.closed() == null ? null : organisations(options.closed(), rules));
    LOG.debug(topology.describe());
    KafkaStreams streams = new KafkaStreams(topology, StreamsSettings.properties(config));
    Detector detector = new Detector(streams, rules, options);
    streams.setUncaughtExceptionHandler(
        error -> {
          LOG.errorf(error, "a stream thread died; the topology stops");
          if (detector.failure.compareAndSet(null, error)) {
            onFailure.accept(error);
          }
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
    return detector;
  }

  /** Groups that agreements are of. */
  static Set<String> organisations(Collection<Agreement> agreements, Rules rules) {
    Set<String> organisations = new HashSet<>();
    agreements.forEach(each -> organisations.addAll(JoinKeys.of(each, rules.kinship())));
    return organisations;
  }

  /** Whether it runs and has tasks: a member that waits for its part of the work is not ready. */
  public boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING
        && streams.metadataForLocalThreads().stream()
            .anyMatch(thread -> !thread.activeTasks().isEmpty());
  }

  /** Why a stream thread died, in the words of whoever found it. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** Why it is not ready, for people; empty when it is. */
  Optional<String> waiting() {
    if (ready()) {
      return Optional.empty();
    }
    if (died().isPresent()) {
      return died().map(error -> "a stream thread died: " + error);
    }
    long lacking =
        streams.allLocalStorePartitionLags().values().stream()
            .flatMap(partitions -> partitions.values().stream())
            .mapToLong(one -> Math.max(0, one.offsetLag()))
            .sum();
    KafkaStreams.State state = streams.state();
    if (state != KafkaStreams.State.RUNNING) {
      return Optional.of(
          lacking == 0
              ? "work is being shared out: " + Kebab.of(state)
              : "stores are being restored, " + lacking + " records to go");
    }
    return Optional.of("other instances have all of the work");
  }

  /** Whether no stream thread has died. */
  public boolean alive() {
    return died().isEmpty();
  }

  /** Kind of the error that a stream thread died of; empty while none has. */
  Optional<String> died() {
    return Optional.ofNullable(failure.get()).map(error -> error.getClass().getSimpleName());
  }

  /** How long events wait for agreements yet to come; empty for ever. */
  public Optional<Duration> retention() {
    return Optional.ofNullable(retention);
  }

  /** What it decides with. */
  Rules rules() {
    return rules;
  }

  /** For interactive queries. */
  public KafkaStreams streams() {
    return streams;
  }

  /** Where other instances send who asks for what is held here; empty where nobody asks. */
  Optional<HostInfo> server() {
    return server;
  }

  @Override
  public void close() {
    boolean closed =
        streams.close(
            CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (!closed) {
      LOG.warnf("the topology did not stop within %s", CLOSE_TIMEOUT);
    }
  }
}
