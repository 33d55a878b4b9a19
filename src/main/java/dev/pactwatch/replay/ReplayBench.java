package dev.pactwatch.replay;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.tagging.BenchArticles;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RegistryTopic;
import dev.pactwatch.topology.Rules;
import dev.pactwatch.topology.StreamsSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Measures the topology of a replay beside one that copies the same records and does nothing else,
 * with the same settings, on the same broker, one after the other.
 */
public final class ReplayBench {

  private static final Topics TOPICS = new Topics("bench.", 1, (short) 1);
  private static final String COPIES = "bench.copies";
  private static final String COPIER = "bench.copier";
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(20);
  private static final long SEED = 11;

  /** Two years of news. */
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

  private static final Duration SPAN = Duration.ofDays(730);

  /** So many outlets. */
  private static final int PUBLISHERS = 200;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /**
   * @param perSecond articles through the replay's topology
   * @param barePerSecond the same records through the bare one
   * @param early memory after a tenth
   * @param late memory at the end
   */
  public record Result(double perSecond, double barePerSecond, Memory early, Memory late) {}

  /**
   * @param heap bytes used after a collection
   * @param resident bytes that the process has of the machine's memory, 0 where that is not known
   */
  public record Memory(long heap, long resident) {}

  private ReplayBench() {}

  /**
   * @param parent folder in which a folder is made, and removed at the end
   */
  public static Result run(PrintStream out, ReplaySet.Origin origin, Path parent, int articles)
      throws IOException, InterruptedException {
    Files.createDirectories(parent);
    Path folder = Files.createTempDirectory(parent, "bench-");
    try (Cluster cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS);
        Admin admin = cluster.clients().admin()) {
      cluster.prepareTopics();
      RegistryTopic.put(cluster, AgreementFiles.load(origin.agreements()).all());
      send(cluster, origin, articles);
      double bare = articles / copy(cluster, admin, folder.resolve("copier"));
      Rules rules = ProductRules.load(origin.lexicon(), origin.topics(), false);
      Result result = replay(cluster, admin, rules, folder.resolve("streams"), articles, bare);
      out.printf(
          Locale.ROOT,
          "%,d generated articles of %,d characters, on one partition, one thread%n  replay   "
              + " %,10.0f articles/s%n  bare      %,10.0f articles/s (yardstick: a topology that"
              + " only copies, same records and broker), replay is %.0f %%%n  heap after a"
              + " collection     %,6d MB after a tenth, %,6d MB at the end%n  memory of the process"
              + "       %,6d MB after a tenth, %,6d MB at the end%n",
          articles,
          BenchArticles.LENGTH,
          result.perSecond(),
          bare,
          100 * result.perSecond() / bare,
          result.early().heap() >> 20,
          result.late().heap() >> 20,
          result.early().resident() >> 20,
          result.late().resident() >> 20);
      return result;
    } finally {
      ReplayStore.delete(folder);
    }
  }

  private static void send(Cluster cluster, ReplaySet.Origin origin, int articles) {
    Supplier<BenchArticles.Sample> maker =
        BenchArticles.maker(Lexicon.load(origin.lexicon()), SEED);
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (int i = 0; i < articles; i++) {
        var unused =
            producer.send(
                ArticleRecords.of(TOPICS, article(maker.get(), i, articles), "/bench"),
                (done, error) -> {
                  if (error != null) {
                    failure.compareAndSet(null, error);
                  }
                });
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the articles cannot be sent", failure.get());
    }
  }

  private static Article article(BenchArticles.Sample sample, int number, int of) {
    Instant published = FIRST.plus(SPAN.multipliedBy(number).dividedBy(of));
    String name = "outlet-" + number % PUBLISHERS;
    String hash = ArticleIdentity.contentHash(sample.title(), null, sample.body());
    String guid = String.valueOf(number);
    return new Article(
        ArticleIdentity.of(name, guid, null, hash).uri(),
        1,
        sample.title(),
        null,
        sample.body(),
        "en",
        null,
        published,
        null,
        published,
        new Publisher(name, null, name),
        name,
        guid,
        hash,
        true,
        null);
  }

  /** Returns the seconds it took. */
  private static double copy(Cluster cluster, Admin admin, Path state) throws InterruptedException {
    TopicAdmin.create(
        admin, List.of(new TopicSpec(COPIES, 1, (short) 1, Map.of("retention.ms", "-1"))));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            TOPICS.articles(),
            Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("articles"))
        .to(COPIES, Produced.with(Serdes.String(), Serdes.ByteArray()).withName("copies"));
    Properties settings =
        StreamsSettings.properties(
            StreamsSettings.of(cluster, state, 1, null, null, StreamsSettings.BATCH));
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, COPIER);
    try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      streams.setUncaughtExceptionHandler(
          error -> {
            failure.compareAndSet(null, error);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
          });
      streams.start();
      awaitFirst(admin, COPIER, failure);
      long start = System.nanoTime();
      while (lag(admin, COPIER, List.of(TOPICS.articles())) != 0) {
        check(failure);
        Thread.sleep(LOOK.toMillis());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      var unused = streams.close(CLOSE);
      return seconds;
    }
  }

  private static Result replay(
      Cluster cluster, Admin admin, Rules rules, Path state, int articles, double bare)
      throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    String group = TOPICS.applicationId();
    try (Detector detector =
        Detector.start(
            cluster,
            rules,
            new Detector.Options(state, 1, null, false, null, null, StreamsSettings.BATCH),
            error -> failure.compareAndSet(null, error))) {
      awaitFirst(admin, group, failure);
      long start = System.nanoTime();
      Memory early = null;
      while (lag(admin, group, DetectTopology.sources(TOPICS)) != 0) {
        check(failure);
        if (early == null
            && lag(admin, group, List.of(TOPICS.articles())) < articles - articles / 10) {
          early = memory();
        }
        Thread.sleep(LOOK.toMillis());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Memory late = memory();
      return new Result(articles / seconds, bare, early == null ? late : early, late);
    }
  }

  /** Joining a group and opening stores takes as long for ten articles as for a million. */
  private static void awaitFirst(Admin admin, String group, AtomicReference<Throwable> failure)
      throws InterruptedException {
    try {
      while (Lag.committed(admin, group, TOPICS.articles()) == 0) {
        check(failure);
        Thread.sleep(1);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka refuses to tell the lag", e.getCause());
    }
  }

  private static void check(AtomicReference<Throwable> failure) {
    if (failure.get() != null) {
      throw new IllegalStateException("the topology died", failure.get());
    }
  }

  private static long lag(Admin admin, String group, List<String> topics)
      throws InterruptedException {
    try {
      return Lag.of(admin, group, topics);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        // The topology has not made its own topics yet.
        return Long.MAX_VALUE;
      }
      throw new IllegalStateException("Kafka refuses to tell the lag", e.getCause());
    }
  }

  private static Memory memory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long resident = 0;
    try {
      Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/self/status")));
      resident = line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
    } catch (IOException e) {
      // Not a Linux: unknown.
    }
    return new Memory(runtime.totalMemory() - runtime.freeMemory(), resident);
  }
}
