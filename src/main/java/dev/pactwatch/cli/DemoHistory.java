package dev.pactwatch.cli;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Feeds the bundled history into a running product: its articles go through the same topology as
 * those of any other feed.
 */
final class DemoHistory {

  /** A hundred articles in some six seconds. */
  private static final long PACE_MILLIS = 60;

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
  private static final String MARKER = "this-is-a-demo";

  private DemoHistory() {}

  /**
   * The demonstration's own data folder, emptied, so that everything happens before the eyes each
   * time. Live data stay untouched.
   */
  static Path freshFolder(Settings settings) {
    Path folder = settings.dataDir().resolve(Cluster.DEMO);
    try {
      if (Files.exists(folder)) {
        if (!Files.exists(folder.resolve(MARKER)) && !isEmpty(folder)) {
          throw new ConfigException(
              folder + ": is no folder of an earlier demonstration; choose another --data");
        }
        Cluster.refuseWhenInUse(folder);
        try (Stream<Path> tree = Files.walk(folder)) {
          for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      Files.createDirectories(folder);
      Files.createFile(folder.resolve(MARKER));
    } catch (IOException e) {
      throw new ConfigException(folder + ": cannot be emptied: " + e.getMessage(), e);
    }
    return folder;
  }

  /**
   * Starts to publish the history, an article at a time, as the years brought it: who watches sees
   * alerts open, escalate and end. Closing stops it.
   */
  static AutoCloseable play(Cluster cluster, List<Article> articles) {
    Thread player = new Thread(() -> publish(cluster, articles), "demo");
    player.start();
    return () -> {
      player.interrupt();
      player.join(STOP_WITHIN.toMillis());
    };
  }

  private static void publish(Cluster cluster, List<Article> articles) {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (Article article : articles) {
        producer.send(ArticleRecords.of(cluster.topics(), article, "/pactwatch/demo")).get();
        TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      System.err.println("pactwatch: the history cannot be published: " + e.getCause());
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
