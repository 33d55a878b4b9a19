package dev.pactwatch.cli;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.feed.FeedBench;
import dev.pactwatch.matching.MatchBench;
import dev.pactwatch.notify.delivery.DeliveryBench;
import dev.pactwatch.notify.subscription.SubscriptionBench;
import dev.pactwatch.replay.ReplaySet;
import dev.pactwatch.replay.StreamBench;
import dev.pactwatch.tagging.TagBench;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.Rules;
import dev.pactwatch.topology.StreamsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every stage beside its yardstick in one table. */
final class BenchTable {

  private static final int[] SIZES = {100, 100_000};
  private static final int[] PARTITIONS = {1, 2, 4};
  private static final int ARTICLES = 60_000;
  private static final int DELIVERIES = 8_000;

  /** Of the load under which latency is measured. */
  private static final int PER_SECOND = 1_000;

  private static final Duration LATENCY = Duration.ofSeconds(30);

  private final ReplaySet.Origin origin;
  private final Path parent;
  private final PrintStream progress;
  private final PrintStream quiet =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private final List<Row> rows = new ArrayList<>();
  private StreamBench.Latency latency;
  private long started;

  /**
   * @param yardstick what stands beside it, with its unit
   * @param memory in words
   */
  private record Row(
      String stage, double rate, String unit, double yardstick, String what, String memory) {}

  /**
   * @param parent folder in which folders are made, and removed at the end
   */
  BenchTable(ReplaySet.Origin origin, Path parent, PrintStream progress) {
    this.origin = origin;
    this.parent = parent;
    this.progress = progress;
  }

  BenchTable measure() throws IOException, InterruptedException {
    started = System.nanoTime();
    tell("reading feeds");
    for (FeedBench.Rate rate : FeedBench.run(quiet, null)) {
      add(
          "read feeds, " + rate.kind(),
          rate.read(),
          "feeds/s",
          rate.stax(),
          "StAX alone",
          kilobytes(rate.allocated()) + " each");
    }
    tell("tagging");
    List<TagBench.Rate> tags = TagBench.run(quiet, origin.lexicon(), null);
    TagBench.Rate tag = tags.get(tags.size() - 1);
    add(
        "tag",
        tag.perSecond(),
        "articles/s",
        tags.get(0).perSecond(),
        "words alone",
        kilobytes(tag.bytesPerArticle()) + " each");
    TopicTree topics = TopicTree.load(origin.topics());
    for (int size : SIZES) {
      tell(String.format(Locale.ROOT, "matching with %,d agreements", size));
      MatchBench.Result match = MatchBench.run(topics, size, quiet);
      add(
          String.format(Locale.ROOT, "match, %,d agreements", size),
          match.judgedPerSecond(),
          "events/s",
          match.yardstickPerSecond() / 2,
          "hash map alone",
          match.heapMegabytes() + " MB");
    }
    for (int size : SIZES) {
      tell(String.format(Locale.ROOT, "filtering with %,d subscriptions", size));
      SubscriptionBench.Result filter = SubscriptionBench.run(size, quiet);
      add(
          String.format(Locale.ROOT, "filter, %,d subscriptions", size),
          filter.matchedPerSecond(),
          "alerts/s",
          filter.scannedPerSecond(),
          "each one asked",
          String.format(Locale.ROOT, "%.1f MB", filter.indexMegabytes()));
    }
    Rules rules = ProductRules.load(origin.lexicon(), origin.topics(), false);
    for (int partitions : PARTITIONS) {
      streams(rules, partitions);
    }
    tell("sending webhooks");
    DeliveryBench.Rate delivery = DeliveryBench.rate(quiet, DELIVERIES);
    add(
        "notify",
        delivery.perSecond(),
        "webhooks/s",
        delivery.barePerSecond(),
        "HTTP client alone",
        megabytes(StreamBench.memory().heap()));
    tell(String.format(Locale.ROOT, "from article to alert at %,d articles/s", PER_SECOND));
    latency =
        on(
            1,
            bench ->
                bench.latency(
                    rules, Runtime.getRuntime().availableProcessors(), PER_SECOND, LATENCY));
    tell("done");
    return this;
  }

  /** As many instances of one thread as there are partitions. */
  private void streams(Rules rules, int partitions) throws IOException, InterruptedException {
    String with =
        partitions == 1
            ? "1 partition, 1 instance"
            : partitions + " partitions, " + partitions + " instances";
    tell("the topology with " + with);
    on(
        partitions,
        bench -> {
          bench.send(ARTICLES);
          double copied = bench.copied(partitions);
          StreamBench.Run run = bench.detected(rules, partitions, 1, false);
          String memory =
              megabytes(run.late().heap()) + ", process " + megabytes(run.late().resident());
          add("stream, " + with, run.perSecond(), "articles/s", copied, "copying alone", memory);
          if (partitions == 1) {
            add("", run.perSecond(), "articles/s", bench.produced(), "producer alone", "");
            add("", run.perSecond(), "articles/s", bench.consumed(), "consumer alone", "");
          }
          return null;
        });
  }

  private interface Measurement<T> {
    T with(StreamBench bench) throws InterruptedException;
  }

  private <T> T on(int partitions, Measurement<T> measurement)
      throws IOException, InterruptedException {
    try (StreamBench bench =
        new StreamBench(
            parent,
            partitions,
            StreamsSettings.LIVE,
            StreamBench.articles(origin.lexicon(), StreamBench.EVENTS),
            AgreementFiles.load(origin.agreements()).all())) {
      return measurement.with(bench);
    }
  }

  private void tell(String what) {
    long seconds = (System.nanoTime() - started) / 1_000_000_000;
    progress.printf(Locale.ROOT, "%2d:%02d  %s%n", seconds / 60, seconds % 60, what);
  }

  private void add(
      String stage, double rate, String unit, double yardstick, String what, String memory) {
    rows.add(new Row(stage, rate, unit, yardstick, what, memory));
  }

  private static String kilobytes(double bytes) {
    return String.format(Locale.ROOT, "%,.1f kB", bytes / 1e3);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", bytes >> 20);
  }

  void print(PrintStream out) {
    out.printf(
        "%-34s %12s %-11s %12s %-18s %8s  %s%n",
        "stage", "ours", "", "yardstick", "", "ours/it", "memory");
    for (Row row : rows) {
      double share = row.rate() / row.yardstick();
      out.printf(
          Locale.ROOT,
          "%-34s %,12.0f %-11s %,12.0f %-18s %8s  %s%n",
          row.stage(),
          row.rate(),
          row.unit(),
          row.yardstick(),
          row.what(),
          share < 2
              ? String.format(Locale.ROOT, "%.0f %%", 100 * share)
              : String.format(Locale.ROOT, "%,.0f x", share),
          row.memory());
    }
    out.printf(
        Locale.ROOT,
        "%nFrom article to alert at %,d articles/s, %,d alerts: p50 %.0f ms, p99 %.0f ms, p99.9"
            + " %.0f ms%n",
        PER_SECOND,
        latency.alerts(),
        latency.p50(),
        latency.p99(),
        latency.p999());
    out.println(
        "Streams and latency: "
            + StreamBench.EVENTS
            + " of a hundred articles tell of events, in tagging all of them. Feeds, tagging,"
            + " matching and filtering: per second of processor time of one thread; the"
            + " rest by the clock, with Kafka and receivers in the same process.");
  }
}
