package dev.pactwatch.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * The Kafka that a command works with: the cluster that is configured, else the embedded broker of
 * another process on the same data folder (or, where nothing but a demonstration ever ran, on the
 * demonstration's), else one embedded in this process.
 */
public final class Cluster implements AutoCloseable {

  /** Folder within the data folder that a demonstration has for itself. */
  public static final String DEMO = "demo";

  private static final String KAFKA = "kafka";
  private static final String RUNNING = "running.json";
  private static final String LOCK = "lock";

  private final KafkaClients clients;
  private final Topics topics;
  private final boolean embedded;
  private final AutoCloseable held;

  private Cluster(KafkaClients clients, Topics topics, boolean embedded, AutoCloseable held) {
    this.clients = clients;
    this.topics = topics;
    this.embedded = embedded;
    this.held = held;
  }

  /** For the one process that owns the data folder; refuses when another one does. */
  public static Cluster own(Settings.Loaded loaded) {
    Optional<String> servers = loaded.bootstrapServers();
    return servers.isPresent()
        ? external(loaded)
        : embed(loaded, loaded.settings().embedded().port());
  }

  /** For a command beside a running process, or without one. */
  public static Cluster join(Settings.Loaded loaded) {
    if (loaded.bootstrapServers().isPresent()) {
      return external(loaded);
    }
    Path data = loaded.settings().dataDir();
    Optional<String> running = runningBroker(data);
    if (running.isEmpty() && !Files.exists(data.resolve(KAFKA))) {
      // Who has only ever started a demonstration means that one.
      running = runningBroker(data.resolve(DEMO));
    }
    if (running.isPresent()) {
      Map<String, String> properties = new HashMap<>(loaded.kafka());
      properties.put("bootstrap.servers", running.get());
      return new Cluster(
          new KafkaClients(properties), topics(loaded.settings(), true), true, () -> {});
    }
    return embed(loaded, 0);
  }

  /** A broker of its own in a folder that nobody else uses, on any free port. */
  public static Cluster isolated(Path directory, Topics topics) {
    EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
    return new Cluster(
        new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers())),
        topics,
        true,
        broker);
  }

  /**
   * A broker that another process started.
   *
   * @param bootstrapServers its address
   */
  public static Cluster at(String bootstrapServers, Topics topics) {
    return new Cluster(
        new KafkaClients(Map.of("bootstrap.servers", bootstrapServers)), topics, true, () -> {});
  }

  /**
   * @throws ConfigException when another process runs on the data folder
   */
  public static void refuseWhenInUse(Path data) {
    FolderLock.take(data).close();
  }

  /** Whether a process runs on the data folder, or a demonstration within it. */
  public static boolean running(Path data) {
    return FolderLock.taken(data) || FolderLock.taken(data.resolve(DEMO));
  }

  /** Whether there is an embedded Kafka that {@link #join} would find. */
  public static boolean exists(Path data) {
    return Files.exists(data.resolve(KAFKA)) || FolderLock.taken(data.resolve(DEMO));
  }

  public KafkaClients clients() {
    return clients;
  }

  public Topics topics() {
    return topics;
  }

  /** Whether the broker is one that this product started. */
  public boolean embedded() {
    return embedded;
  }

  /** Creates missing topics and refuses wrong ones. */
  public void prepareTopics() {
    try (Admin admin = clients.admin()) {
      TopicAdmin.createAndCheck(admin, topics);
    }
  }

  @Override
  public void close() {
    try {
      held.close();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded Kafka does not stop", e);
    }
  }

  private static Cluster external(Settings.Loaded loaded) {
    return new Cluster(
        new KafkaClients(loaded.kafka()), topics(loaded.settings(), false), false, () -> {});
  }

  /**
   * @param port 0 for any free one, as nobody else has to find a broker that only a command reads
   */
  private static Cluster embed(Settings.Loaded loaded, int port) {
    Settings settings = loaded.settings();
    Path data = settings.dataDir();
    FolderLock lock = FolderLock.take(data);
    try {
      EmbeddedBroker broker = EmbeddedBroker.start(data.resolve(KAFKA), port);
      writeRunning(data, broker.bootstrapServers());
      Map<String, String> properties = new HashMap<>(loaded.kafka());
      properties.put("bootstrap.servers", broker.bootstrapServers());
      return new Cluster(
          new KafkaClients(properties),
          topics(settings, true),
          true,
          () -> {
            broker.close();
            Files.deleteIfExists(data.resolve(RUNNING));
            lock.close();
          });
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The topics of the cluster that {@link #join} would find, without looking for it. */
  public static Topics declared(Settings.Loaded loaded) {
    return topics(loaded.settings(), loaded.bootstrapServers().isEmpty());
  }

  private static Topics topics(Settings settings, boolean embedded) {
    short replication = settings.topics().replication().orElse(embedded ? (short) 1 : (short) 3);
    return new Topics(settings.topicPrefix(), settings.topics().partitions(), replication);
  }

  private static void writeRunning(Path data, String servers) {
    Path file = data.resolve(RUNNING);
    Path draft = data.resolve(RUNNING + ".new");
    try {
      Files.writeString(
          draft, Json.write(Map.of("pid", ProcessHandle.current().pid(), "kafka", servers)));
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** The embedded broker of a living process, if the data folder has one. */
  private static Optional<String> runningBroker(Path data) {
    if (!FolderLock.taken(data)) {
      return Optional.empty();
    }
    Path file = data.resolve(RUNNING);
    try {
      JsonNode running = Json.mapper().readTree(Files.readString(file));
      return Optional.of(running.path("kafka").asText());
    } catch (IOException e) {
      throw new ConfigException(
          data + ": another pactwatch is starting or stopping here; try again in a moment", e);
    }
  }

  /** Held by the one process that may write a data folder; the system frees it when that dies. */
  private record FolderLock(FileChannel channel, FileLock lock) implements AutoCloseable {

    static FolderLock take(Path data) {
      FolderLock taken = tryTake(data);
      if (taken == null) {
        throw new ConfigException(
            data
                + ": another pactwatch runs on this data folder; stop it or choose another --data");
      }
      return taken;
    }

    static boolean taken(Path data) {
      if (!Files.exists(data.resolve(LOCK))) {
        return false;
      }
      FolderLock free = tryTake(data);
      if (free == null) {
        return true;
      }
      free.close();
      return false;
    }

    private static FolderLock tryTake(Path data) {
      try {
        Files.createDirectories(data);
        FileChannel channel =
            FileChannel.open(
                data.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
          FileLock lock = channel.tryLock();
          if (lock != null) {
            return new FolderLock(channel, lock);
          }
        } catch (OverlappingFileLockException e) {
          // Another owner in this very process: taken all the same.
        }
        channel.close();
        return null;
      } catch (IOException e) {
        throw new ConfigException(data + ": cannot be used as data folder: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException("the lock cannot be released", e);
      }
    }
  }
}
