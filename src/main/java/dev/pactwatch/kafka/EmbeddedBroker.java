package dev.pactwatch.kafka;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real single-node Kafka (KRaft, broker and controller in one) inside this process, on loopback
 * only. Its data outlives the process, also a killed one. The classes it starts are Kafka's
 * internals: nothing else in the project may touch them.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int NODE_ID = 1;
  private static final String LOOPBACK = "127.0.0.1";

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Formats the directory on first use and starts the broker; returns when it accepts clients.
   *
   * @param directory holds the log and the metadata of this one broker
   * @param port to listen on, 0 for any free one
   * @throws ConfigException when the port is taken or the directory cannot be used
   */
  public static EmbeddedBroker start(Path directory, int port) {
    // A broker that fails to bind leaves threads that keep the process alive: look first.
    int listenerPort = freePort(port);
    Path log = directory.toAbsolutePath().normalize();
    Properties properties = properties(log, listenerPort, freePort(0));
    try {
      Files.createDirectories(log);
      if (!Files.exists(log.resolve("meta.properties"))) {
        format(log);
      }
    } catch (IOException e) {
      throw new ConfigException(log + ": cannot hold Kafka's data: " + e.getMessage(), e);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server, listenerPort);
  }

  /** For clients' {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Stops orderly, so that the next start need not wait for a session to expire. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static Properties properties(Path log, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", String.valueOf(NODE_ID));
    // A static voter may change its port between starts; a dynamic one may not.
    p.setProperty("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listeners",
        "PLAINTEXT://"
            + LOOPBACK
            + ":"
            + port
            + ",CONTROLLER://"
            + LOOPBACK
            + ":"
            + controllerPort);
    p.setProperty("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("inter.broker.listener.name", "PLAINTEXT");
    p.setProperty("log.dirs", log.toString());
    p.setProperty("auto.create.topics.enable", "false");
    // One node: every internal topic has one replica.
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    // A member that joins finds nobody to wait for.
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("group.min.session.timeout.ms", "1000");
    // After a kill the restarted broker is refused until its old session ends.
    p.setProperty("broker.heartbeat.interval.ms", "200");
    p.setProperty("broker.session.timeout.ms", "2000");
    // Small: the process shares its memory with the application.
    p.setProperty("num.network.threads", "1");
    p.setProperty("num.io.threads", "2");
    p.setProperty("num.replica.fetchers", "1");
    p.setProperty("background.threads", "2");
    p.setProperty("log.cleaner.threads", "1");
    p.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(4 * 1024 * 1024));
    p.setProperty("log.segment.bytes", String.valueOf(64 * 1024 * 1024));
    p.setProperty("log.index.size.max.bytes", String.valueOf(1024 * 1024));
    // Committed offsets outlive a holiday: a consumer that comes back does not start over.
    p.setProperty("offsets.retention.minutes", String.valueOf(365 * 24 * 60));
    return p;
  }

  private static void format(Path log) {
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setSupportedFeatures(
              java.util.List.of(Feature.PRODUCTION_FEATURES.toArray(Feature[]::new)))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .setDirectories(java.util.List.of(log.toString()))
          .setMetadataLogDirectory(log.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .setIgnoreFormatted(false)
          .run();
    } catch (Exception e) {
      throw new ConfigException(log + ": cannot be formatted for Kafka: " + e.getMessage(), e);
    }
  }

  private static int freePort(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      // As the broker will bind it: a connection of the last run in TIME_WAIT is no hindrance.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new ConfigException(
          "port "
              + port
              + " on "
              + LOOPBACK
              + " is taken; choose another for the embedded Kafka"
              + " with --kafka-port",
          e);
    }
  }
}
