package dev.pactwatch.replay;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.tagging.BenchArticles;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.Rules;
import dev.pactwatch.topology.StreamsSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Measures the topology of a replay beside one that copies the same records and does nothing else,
 * with the same settings, on the same broker, one after the other.
 */
public final class ReplayBench {

  /**
   * @param run articles through the replay's topology
   * @param barePerSecond the same records through the bare one
   */
  public record Result(StreamBench.Run run, double barePerSecond) {}

  private ReplayBench() {}

  /**
   * @param parent folder in which a folder is made, and removed at the end
   * @param events of a hundred articles, so many tell of events
   */
  public static Result run(
      PrintStream out, ReplaySet.Origin origin, Path parent, int articles, int events)
      throws IOException, InterruptedException {
    try (StreamBench bench =
        new StreamBench(
            parent,
            1,
            StreamsSettings.BATCH,
            StreamBench.articles(origin.lexicon(), events),
            AgreementFiles.load(origin.agreements()).all())) {
      bench.send(articles);
      double bare = bench.copied(ReplayRun.THREADS);
      Rules rules = ProductRules.load(origin.lexicon(), origin.topics(), false);
      StreamBench.Run run = bench.detected(rules, 1, ReplayRun.THREADS, true);
      out.printf(
          Locale.ROOT,
          "%,d generated articles of %,d characters, %d of a hundred with events, on one"
              + " partition, %d threads%n  replay   "
              + " %,10.0f articles/s%n  bare      %,10.0f articles/s (yardstick: a topology that"
              + " only copies, same records and broker), replay is %.0f %%%n  heap after a"
              + " collection     %,6d MB after a tenth, %,6d MB at the end%n  memory of the process"
              + "       %,6d MB after a tenth, %,6d MB at the end%n",
          articles,
          BenchArticles.LENGTH,
          events,
          ReplayRun.THREADS,
          run.perSecond(),
          bare,
          100 * run.perSecond() / bare,
          run.early().heap() >> 20,
          run.late().heap() >> 20,
          run.early().resident() >> 20,
          run.late().resident() >> 20);
      return new Result(run, bare);
    }
  }
}
