package dev.pactwatch.cli;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.replay.DemoFeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Feeds the bundled history into a running product: its articles go through the same topology as
 * those of any other feed.
 */
final class DemoHistory {

  private static final String MARKER = "this-is-a-demo";

  private DemoHistory() {}

  /**
   * The demonstration's own data folder, emptied, so that everything happens before the eyes each
   * time. Live data stay untouched.
   */
  static Path freshFolder(Settings settings) {
    Path folder = settings.dataDir().resolve("demo");
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

  /** Publishes the history, and returns when it is committed. */
  static int publish(Cluster cluster) {
    List<Article> articles = DemoFeeds.articles(Instant.now());
    try (KafkaProducer<String, byte[]> producer =
        cluster.clients().transactionalProducer(cluster.topics().prefix() + "demo")) {
      producer.initTransactions();
      producer.beginTransaction();
      for (Article article : articles) {
        // The commit fails when any of the sends did.
        var unused = producer.send(ArticleRecords.of(cluster.topics(), article, "/pactwatch/demo"));
      }
      producer.commitTransaction();
    }
    return articles.size();
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
