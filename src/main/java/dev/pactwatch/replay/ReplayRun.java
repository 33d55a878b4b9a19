package dev.pactwatch.replay;

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
import dev.pactwatch.topology.StreamsSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * One pass of articles through the product's own topology, on a broker, topics and state that exist
 * for this pass only: it cannot touch a live topic or a live offset, and nobody is told. All of it
 * lies on the disk, so that memory does not grow with the number of articles, and a pass that was
 * interrupted goes on where it was.
 */
final class ReplayRun {

  /** Every tagged article that has events, by event time, uri and version. */
  static final String EVENTS = "events.jsonl";

  /** Every revision of every alert, by event time, id and revision. */
  static final String ALERTS = "alerts.jsonl";

  /** The latest revision of every alert, in the order in which they were opened. */
  static final String LATEST = "latest.jsonl";

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration STOP = Duration.ofSeconds(10);

  /** One partition: how much of the file has been sent is how much stands there. */
  private static final Topics TOPICS = new Topics("replay.", 1, (short) 1);

  /** One partition has three parts that can be worked on at the same time. */
  static final int THREADS = Math.min(3, Runtime.getRuntime().availableProcessors());

  /** Under which the only instance comes back after a kill without being waited for. */
  private static final String INSTANCE = "replay";

  private final Path articles;
  private final Cluster cluster;
  private final Options options;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean sent = new AtomicBoolean();

  /**
   * How to run.
   *
   * @param work folder of broker and state; kept when the pass ends early, removed when it is done
   * @param into folder of the results
   * @param total number of articles
   * @param speed event time per wall time; 0 for as fast as it goes
   * @param progress told the number of articles processed so far, now and then
   */
  record Options(Path work, Path into, long total, double speed, LongConsumer progress) {}

  private ReplayRun(Path articles, Cluster cluster, Options options) {
    this.articles = articles;
    this.cluster = cluster;
    this.options = options;
  }

  /**
   * @param articles file of {@link ReplayInput}
   */
  static ReplayManifest.Pass run(Path articles, ReplaySet.Loaded set, Options options)
      throws IOException, InterruptedException {
    ReplayManifest.Pass pass;
    try (Cluster cluster = Cluster.isolated(options.work().resolve("kafka"), TOPICS)) {
      cluster.prepareTopics();
      RegistryTopic.put(cluster, set.registry().all());
      ReplayRun run = new ReplayRun(articles, cluster, options);
      try (Detector detector =
          Detector.start(
              cluster,
              set.rules(),
              new Detector.Options(
                  options.work().resolve("streams"),
                  THREADS,
                  null,
                  false,
                  INSTANCE,
                  null,
                  StreamsSettings.BATCH,
                  set.registry().all()),
              run::fail)) {
        long start = System.nanoTime();
        run.process();
        pass = run.results(detector, start);
      }
    }
    ReplayStore.delete(options.work());
    return pass;
  }

  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  private void process() throws InterruptedException {
    Thread sender = new Thread(this::send, "replay-sender");
    sender.setDaemon(true);
    sender.start();
    try (Admin admin = cluster.clients().admin()) {
      // Whether all is sent is asked before the lag: what is sent after it would not be missed.
      for (boolean all = sent.get(); !drained(admin, all); all = sent.get()) {
        if (failure.get() != null) {
          throw new IllegalStateException("the replay died: " + failure.get(), failure.get());
        }
        Thread.sleep(LOOK.toMillis());
      }
    } finally {
      sender.interrupt();
      sender.join(STOP.toMillis());
    }
    options.progress().accept(options.total());
  }

  private void send() {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer();
        BufferedReader lines = Files.newBufferedReader(articles, StandardCharsets.UTF_8)) {
      for (long there = there(); there > 0; there--) {
        lines.readLine();
      }
      Article before = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Article article = Json.read(line, Article.class);
        if (options.speed() > 0 && before != null) {
          Duration gap = Duration.between(before.published(), article.published());
          Thread.sleep((long) (Math.max(0, gap.toMillis()) / options.speed()));
        }
        before = article;
        var unused =
            producer.send(
                ArticleRecords.of(TOPICS, article, "/pactwatch/replay"),
                (done, error) -> {
                  if (error != null) {
                    fail(error);
                  }
                });
      }
      producer.flush();
      sent.set(true);
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException | RuntimeException e) {
      fail(e);
    }
  }

  /** How many articles were sent before an interruption: the topic holds them in their order. */
  private long there() throws ExecutionException, InterruptedException {
    TopicPartition only = new TopicPartition(TOPICS.articles(), 0);
    try (Admin admin = cluster.clients().admin()) {
      return admin
          .listOffsets(Map.of(only, OffsetSpec.latest()))
          .partitionResult(only)
          .get()
          .offset();
    }
  }

  private boolean drained(Admin admin, boolean all) throws InterruptedException {
    String group = TOPICS.applicationId();
    try {
      long committed = Lag.committed(admin, group, TOPICS.articles());
      options.progress().accept(Math.min(committed, options.total()));
      return all && Lag.none(cluster.clients(), admin, group, DetectTopology.sources(TOPICS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        // The topology has not made its own topics yet.
        return false;
      }
      throw new IllegalStateException("Kafka refuses to tell the lag", e.getCause());
    }
  }

  private ReplayManifest.Pass results(Detector detector, long start) throws IOException {
    long[] found = new long[2];
    String eventsHash;
    try (ExternalSort events = new ExternalSort(options.into());
        LinesWriter out = new LinesWriter(options.into().resolve(EVENTS))) {
      TopicReader.readAll(
          cluster.clients(), TOPICS.events(), record -> add(events, record.value(), found));
      events.forEach(out::line);
      eventsHash = out.finish();
    }
    long[] alerts = new long[2];
    String alertsHash;
    try (ExternalSort revisions = new ExternalSort(options.into());
        ExternalSort latest = new ExternalSort(options.into());
        LinesWriter out = new LinesWriter(options.into().resolve(ALERTS));
        LinesWriter outLatest = new LinesWriter(options.into().resolve(LATEST))) {
      AlertHistories.forEach(detector, history -> add(revisions, latest, history, alerts));
      revisions.forEach(out::line);
      latest.forEach(outLatest::line);
      var unused = outLatest.finish();
      alertsHash = out.finish();
    }
    return new ReplayManifest.Pass(
        found[0],
        found[1],
        alerts[0],
        alerts[1],
        Math.round((System.nanoTime() - start) / 1e8) / 10.0,
        eventsHash,
        alertsHash);
  }

  private static void add(ExternalSort sort, byte[] value, long[] found) {
    try {
      TaggedArticle tagged = Json.read(value, TaggedArticle.class);
      if (!tagged.events().isEmpty()) {
        found[0] += tagged.events().size();
        found[1]++;
        sort.add(
            SortKeys.of(
                SortKeys.time(tagged.published()), tagged.uri(), SortKeys.number(tagged.version())),
            Json.write(tagged));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the events cannot be kept", e);
    }
  }

  private static void add(
      ExternalSort revisions, ExternalSort latest, List<Alert> history, long[] counts) {
    try {
      for (Alert alert : history) {
        revisions.add(
            SortKeys.of(
                SortKeys.time(alert.lastSeen()), alert.id(), SortKeys.number(alert.revision())),
            Json.write(alert));
      }
      Alert first = history.get(0);
      latest.add(
          SortKeys.of(SortKeys.time(first.lastSeen()), first.id()),
          Json.write(history.get(history.size() - 1)));
    } catch (IOException e) {
      throw new UncheckedIOException("the alerts cannot be kept", e);
    }
    counts[0]++;
    counts[1] += history.size();
  }
}
