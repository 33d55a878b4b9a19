package dev.pactwatch.replay;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.NewsHeaders;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.tagging.BenchArticles;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.RegistryTopic;
import dev.pactwatch.topology.Rules;
import dev.pactwatch.topology.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Measures the topology beside what limits it, on a Kafka of its own in this process: a topology
 * that only copies the same records with the same settings, a bare producer and a bare consumer of
 * the same bytes. One measurement at a time.
 */
public final class StreamBench implements AutoCloseable {

  /**
   * Of a hundred articles, so many tell of events: many times what feeds of news and of the trade
   * press have, of whose items fewer than one in a hundred does.
   */
  public static final int EVENTS = 10;

  private static final String COPIES = "bench.copies";
  private static final String SENT = "bench.sent";
  private static final String COPIER = "bench.copier";
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long SEED = 11;

  /** Two years of news. */
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

  private static final Duration SPAN = Duration.ofDays(730);

  /** So many outlets. */
  private static final int PUBLISHERS = 200;

  /** Of records whose bytes are kept, to be sent once more. */
  private static final int KEPT = 5_000;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Path folder;
  private final Duration commit;
  private final Collection<Agreement> agreements;
  private final Topics topics;
  private final Cluster cluster;
  private final Admin admin;
  private final Supplier<BenchArticles.Sample> maker;
  private final List<ProducerRecord<String, byte[]>> kept = new ArrayList<>();
  private int articles;

  /**
   * @param heap bytes used after a collection
   * @param resident bytes that the process has of the machine's memory, 0 where that is not known
   */
  public record Memory(long heap, long resident) {}

  /**
   * @param perSecond articles
   * @param early memory after a tenth
   * @param late memory at the end
   */
  public record Run(double perSecond, Memory early, Memory late) {}

  /**
   * How long it took from before an article was sent until an alert of it was read.
   *
   * @param alerts that were read
   * @param p50 milliseconds, and so on
   */
  public record Latency(int alerts, double p50, double p99, double p999) {}

  /**
   * @param parent folder in which one is made for Kafka's files and those of the streams, and
   *     removed at the end
   * @param commit time between commits, see {@link StreamsSettings}
   * @param maker of the articles that are sent
   * @param agreements that they are held against
   */
  public StreamBench(
      Path parent,
      int partitions,
      Duration commit,
      Supplier<BenchArticles.Sample> maker,
      Collection<Agreement> agreements)
      throws IOException {
    this.folder = Files.createTempDirectory(Files.createDirectories(parent), "bench-");
    this.commit = commit;
    this.agreements = agreements;
    this.topics = new Topics("bench.", partitions, (short) 1);
    this.maker = maker;
    this.cluster = Cluster.isolated(folder.resolve("kafka"), topics);
    this.admin = cluster.clients().admin();
    cluster.prepareTopics();
    RegistryTopic.put(cluster, agreements);
  }

  /**
   * Articles for every measurement.
   *
   * @param events of a hundred, so many tell of events
   */
  public static Supplier<BenchArticles.Sample> articles(Path lexicon, int events) {
    return BenchArticles.maker(Lexicon.load(lexicon), SEED, events);
  }

  /** Sends articles of two years, for the measurements that come after it. */
  public void send(int count) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      for (int i = 0; i < count; i++) {
        Instant published = FIRST.plus(SPAN.multipliedBy(i).dividedBy(count));
        ProducerRecord<String, byte[]> record =
            ArticleRecords.of(topics, article(maker.get(), i, published, true), "/bench");
        if (kept.size() < KEPT) {
          kept.add(record);
        }
        var unused =
            producer.send(
                record,
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
    articles += count;
  }

  private static Article article(
      BenchArticles.Sample sample, int number, Instant published, boolean historical) {
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
        historical,
        null);
  }

  /** Records per second that a bare producer sends, as many as there are articles. */
  public double produced() {
    create(SENT);
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      long start = System.nanoTime();
      for (int i = 0; i < articles; i++) {
        ProducerRecord<String, byte[]> record = kept.get(i % kept.size());
        var unused = producer.send(new ProducerRecord<>(SENT, record.key() + i, record.value()));
      }
      producer.flush();
      return perSecond(articles, start);
    }
  }

  /** Articles per second that a bare consumer reads. */
  public double consumed() {
    try (KafkaConsumer<String, byte[]> consumer = cluster.clients().reader()) {
      consumer.assign(partitions(topics.articles()));
      consumer.seekToBeginning(consumer.assignment());
      int read = 0;
      long start = System.nanoTime();
      while (read < articles) {
        read += consumer.poll(LOOK).count();
        inTime(start);
      }
      return perSecond(articles, start);
    }
  }

  private List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, topics.partitions())
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  private void create(String topic) {
    TopicAdmin.create(
        admin,
        List.of(
            new TopicSpec(topic, topics.partitions(), (short) 1, Map.of("retention.ms", "-1"))));
  }

  /** Articles per second through a topology that only copies them. */
  public double copied(int threads) throws InterruptedException {
    create(COPIES);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            topics.articles(),
            Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("articles"))
        .to(COPIES, Produced.with(Serdes.String(), Serdes.ByteArray()).withName("copies"));
    Properties settings =
        StreamsSettings.properties(
            StreamsSettings.of(cluster, folder.resolve(COPIER), threads, null, null, commit));
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, COPIER);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
      streams.setUncaughtExceptionHandler(
          error -> {
            failure.compareAndSet(null, error);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
          });
      streams.start();
      double perSecond = measure(COPIER, List.of(topics.articles()), failure).perSecond();
      var unused = streams.close(CLOSE);
      return perSecond;
    }
  }

  /**
   * Articles per second through the product's own topology, until all alerts are there.
   *
   * @param instances that work together
   * @param threads of each
   * @param closed whether it is told that no agreements will come, as a replay is
   */
  public Run detected(Rules rules, int instances, int threads, boolean closed)
      throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Detector> detectors = new ArrayList<>();
    try {
      for (int i = 0; i < instances; i++) {
        detectors.add(
            Detector.start(
                cluster,
                rules,
                new Detector.Options(
                    folder.resolve("streams-" + i),
                    threads,
                    null,
                    false,
                    null,
                    null,
                    commit,
                    closed ? agreements : null),
                error -> failure.compareAndSet(null, error)));
      }
      return measure(topics.applicationId(), DetectTopology.sources(topics), failure);
    } finally {
      detectors.forEach(Detector::close);
    }
  }

  /**
   * From the first commit, since to join a group and to open stores takes as long for ten articles
   * as for a million, to the one after which nothing is left.
   */
  private Run measure(String group, List<String> sources, AtomicReference<Throwable> failure)
      throws InterruptedException {
    long begun = 0;
    while (begun == 0) {
      check(failure);
      Thread.sleep(1);
      begun = committed(group);
    }
    long start = System.nanoTime();
    Memory early = null;
    while (lag(group, sources) != 0) {
      check(failure);
      if (early == null && committed(group) > articles / 10) {
        early = memory();
      }
      Thread.sleep(LOOK.toMillis());
    }
    double perSecond = perSecond(articles - begun, start);
    Memory late = memory();
    return new Run(perSecond, early == null ? late : early, late);
  }

  /**
   * Sends articles at a steady rate while the topology runs as it does for live news.
   *
   * @param articles to send a second
   * @param lasting how long it is measured, after a fifth of it that is not
   */
  public Latency latency(Rules rules, int threads, int articles, Duration lasting)
      throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (KafkaConsumer<String, byte[]> consumer = cluster.clients().reader();
        KafkaProducer<String, byte[]> producer = cluster.clients().producer();
        Detector detector =
            Detector.start(
                cluster,
                rules,
                new Detector.Options(folder.resolve("live"), threads, null, false, null, null),
                error -> failure.compareAndSet(null, error))) {
      consumer.assign(partitions(topics.alerts()));
      consumer.seekToBeginning(consumer.assignment());
      while (!detector.ready()) {
        check(failure);
        Thread.sleep(LOOK.toMillis());
      }
      long end = System.nanoTime() + lasting.multipliedBy(6).dividedBy(5).toNanos();
      Instant counted = Instant.now().plus(lasting.dividedBy(5));
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<double[]> millis =
          CompletableFuture.supplyAsync(() -> read(consumer, counted, done::get));
      long next = System.nanoTime();
      int number = this.articles;
      while (next < end) {
        check(failure);
        while (System.nanoTime() < next) {
          TimeUnit.NANOSECONDS.sleep(Math.max(1, next - System.nanoTime()));
        }
        next += TimeUnit.SECONDS.toNanos(1) / articles;
        Article article = article(maker.get(), number++, Instant.now(), false);
        var unused = producer.send(ArticleRecords.of(topics, article, "/bench"));
      }
      producer.flush();
      while (lag(topics.applicationId(), DetectTopology.sources(topics)) != 0) {
        check(failure);
        Thread.sleep(LOOK.toMillis());
      }
      done.set(true);
      double[] all = millis.join();
      if (all.length == 0) {
        throw new IllegalStateException("no article became an alert");
      }
      return new Latency(
          all.length, percentile(all, 0.5), percentile(all, 0.99), percentile(all, 0.999));
    }
  }

  /** Milliseconds of every alert since a time, in order; ends when no more are to come. */
  private static double[] read(
      KafkaConsumer<String, byte[]> consumer, Instant since, BooleanSupplier done) {
    List<Double> millis = new ArrayList<>();
    boolean last;
    do {
      last = done.getAsBoolean();
      do {
        ConsumerRecords<String, byte[]> records = consumer.poll(LOOK);
        Instant now = Instant.now();
        for (ConsumerRecord<String, byte[]> record : records) {
          Optional<Instant> observed = NewsHeaders.observed(record.headers());
          if (observed.isPresent() && observed.get().isAfter(since)) {
            millis.add(Duration.between(observed.get(), now).toNanos() / 1e6);
          }
        }
      } while (last && behind(consumer));
    } while (!last);
    return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static boolean behind(KafkaConsumer<String, byte[]> consumer) {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(sorted.length * share) - 1];
  }

  private static double perSecond(long count, long since) {
    return count * 1e9 / Math.max(1, System.nanoTime() - since);
  }

  private static void inTime(long since) {
    if (System.nanoTime() - since > PATIENCE.toNanos()) {
      throw new IllegalStateException("Kafka does not give back what was sent");
    }
  }

  private static void check(AtomicReference<Throwable> failure) {
    if (failure.get() != null) {
      throw new IllegalStateException("the topology died", failure.get());
    }
  }

  private long committed(String group) throws InterruptedException {
    try {
      return Lag.committed(admin, group, topics.articles());
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka refuses to tell what is done", e.getCause());
    }
  }

  private long lag(String group, List<String> sources) throws InterruptedException {
    try {
      return Lag.of(admin, group, sources);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        // The topology has not made its own topics yet.
        return Long.MAX_VALUE;
      }
      throw new IllegalStateException("Kafka refuses to tell the lag", e.getCause());
    }
  }

  /** Now, after a collection. */
  public static Memory memory() {
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

  @Override
  public void close() throws IOException {
    admin.close();
    cluster.close();
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
