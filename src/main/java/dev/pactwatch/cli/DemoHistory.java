package dev.pactwatch.cli;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The bundled history: feeds of invented outlets that retell public facts. They go through the
 * product's own parser and topology like any other feed.
 */
final class DemoHistory {

  private static final String ROOT = "/demo/";
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

  /** All items of the bundled feeds, oldest first. */
  static List<Article> articles() {
    PublisherFamilies families =
        PublisherFamilies.of(
            Yaml.parse(
                "demo/publishers.yaml",
                new String(resource("publishers.yaml"), StandardCharsets.UTF_8)));
    ArticleMaker maker = new ArticleMaker(families);
    FeedParser parser = new FeedParser();
    List<Article> articles = new ArrayList<>();
    for (String line : new String(resource("index.txt"), StandardCharsets.UTF_8).split("\n")) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] fileAndAddress = line.split(" ");
      FeedResult result =
          parser.parse(resource("feeds/" + fileAndAddress[0]), null, fileAndAddress[1]);
      if (!(result instanceof FeedResult.Parsed parsed)) {
        throw new IllegalStateException(fileAndAddress[0] + ": is no feed");
      }
      articles.addAll(
          maker.make(parsed.feed(), fileAndAddress[1], Instant.now(), false).articles());
    }
    articles.sort(Comparator.comparing(Article::published).thenComparing(Article::uri));
    return articles;
  }

  /** Publishes the history, and returns when it is committed. */
  static int publish(Cluster cluster) {
    List<Article> articles = articles();
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

  private static byte[] resource(String name) {
    try (InputStream in = DemoHistory.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + ROOT + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
