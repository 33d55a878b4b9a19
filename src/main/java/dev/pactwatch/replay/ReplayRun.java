package dev.pactwatch.replay;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.AlertHistories;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.RegistryTopic;
import dev.pactwatch.topology.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * One pass of articles through the product's own topology, on a broker, topics and state that exist
 * for this run only: it cannot touch a live topic or a live offset, and nobody is told.
 */
public final class ReplayRun {

  private static final Duration LOOK = Duration.ofMillis(50);

  private ReplayRun() {}

  /**
   * What came of it.
   *
   * @param events tagged articles, by event time and uri; may hold articles without events
   * @param alerts every revision of every alert, by event time
   * @param elapsed from the first article sent to the last alert written
   */
  public record Result(List<TaggedArticle> events, List<Alert> alerts, Duration elapsed) {}

  /**
   * How to run.
   *
   * @param folder for the broker's data, made and removed by the run
   * @param speed event time per wall time; 0 for as fast as it goes
   * @param progress told the number of articles sent so far
   */
  public record Options(Path folder, double speed, LongConsumer progress) {}

  /**
   * @param articles in the order of their event time
   */
  public static Result run(
      List<Article> articles, Collection<Agreement> agreements, Rules rules, Options options)
      throws InterruptedException {
    Topics topics = new Topics("replay.", 1, (short) 1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Cluster cluster = Cluster.isolated(options.folder().resolve("kafka"), topics)) {
      cluster.prepareTopics();
      RegistryTopic.put(cluster, agreements);
      try (Detector detector =
          Detector.start(
              cluster,
              rules,
              new Detector.Options(options.folder().resolve("streams"), 1, null, true, null, null),
              failure::set)) {
        long start = System.nanoTime();
        send(articles, cluster, options);
        awaitDrained(cluster, failure);
        List<Alert> alerts = AlertHistories.of(detector);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return new Result(events(cluster), alerts, elapsed);
      }
    } finally {
      delete(options.folder());
    }
  }

  private static void send(List<Article> articles, Cluster cluster, Options options)
      throws InterruptedException {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      Article before = null;
      long sent = 0;
      for (Article article : articles) {
        if (options.speed() > 0 && before != null) {
          Duration gap = Duration.between(before.published(), article.published());
          Thread.sleep((long) (Math.max(0, gap.toMillis()) / options.speed()));
        }
        before = article;
        var unused =
            producer.send(ArticleRecords.of(cluster.topics(), article, "/pactwatch/replay"));
        options.progress().accept(++sent);
      }
      producer.flush();
    }
  }

  private static void awaitDrained(Cluster cluster, AtomicReference<Throwable> failure)
      throws InterruptedException {
    try (Admin admin = cluster.clients().admin()) {
      while (!drained(admin, cluster.topics())) {
        if (failure.get() != null) {
          throw new IllegalStateException("the topology died", failure.get());
        }
        Thread.sleep(LOOK.toMillis());
      }
    }
  }

  private static boolean drained(Admin admin, Topics topics) throws InterruptedException {
    try {
      return Lag.of(admin, topics.applicationId(), DetectTopology.sources(topics)) == 0;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        // The topology has not made its own topics yet.
        return false;
      }
      throw new IllegalStateException("Kafka refuses to tell the lag", e.getCause());
    }
  }

  private static List<TaggedArticle> events(Cluster cluster) {
    List<TaggedArticle> events = new ArrayList<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().events(),
        record -> {
          try {
            events.add(Json.read(record.value(), TaggedArticle.class));
          } catch (IOException e) {
            throw new UncheckedIOException("the topology wrote something else than events", e);
          }
        });
    events.sort(
        Comparator.comparing(TaggedArticle::published)
            .thenComparing(TaggedArticle::uri)
            .thenComparingInt(TaggedArticle::version));
    return events;
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the replay's folder cannot be removed", e);
    }
  }
}
