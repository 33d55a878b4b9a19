package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How fast articles are tagged, beside two yardsticks in the same run: splitting into tokens only,
 * and a scan for the lexicon's phrases only. Rates are per second of processor time of the one
 * thread that works, so neighbours on the machine count little.
 */
public final class TagBench {

  private static final int ARTICLES = 2_000;
  private static final int ALIASES = 100_000;
  private static final long ROUND = 600_000_000L;
  private static final int ROUNDS = 5;

  /** Warm-up ends after so many rounds of which none was faster than the best before. */
  private static final int WARM_UP = 6;

  private static final int LONGEST_WARM_UP = 40;
  private static final double FASTER = 1.02;
  private static final LocalDate DAY = LocalDate.of(2025, 6, 1);

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private TagBench() {}

  /** Work on one article; the sum of the answers is used so that nothing is optimised away. */
  private interface Work {
    int on(BenchArticles.Sample article);
  }

  /**
   * What was measured.
   *
   * @param name of the work
   * @param perSecond articles per second of processor time, median of the rounds
   * @param bytesPerArticle allocated
   */
  public record Rate(String name, double perSecond, double bytesPerArticle) {}

  /** Runs all on the lexicon in {@code config/lexicon} of the working directory. */
  public static List<Rate> run(PrintStream out) {
    return run(out, Path.of("config", "lexicon"), null);
  }

  /**
   * Runs all and prints a table.
   *
   * @param bodies JSON Lines with title and body, measured as well; may be null
   * @throws dev.pactwatch.config.ConfigException when a file cannot be used
   */
  public static List<Rate> run(PrintStream out, Path lexiconDirectory, Path bodies) {
    Lexicon lexicon = Lexicon.load(lexiconDirectory);
    List<BenchArticles.Sample> real = bodies == null ? List.of() : BenchArticles.read(bodies);
    List<BenchArticles.Sample> made = BenchArticles.made(lexicon, ARTICLES, 7);
    out.println(
        "articles of "
            + BenchArticles.LENGTH
            + " characters, one thread, per second of processor time");
    List<Rate> rates = new ArrayList<>(rates(out, lexicon, "made up", made));
    if (!real.isEmpty()) {
      rates.addAll(rates(out, lexicon, "real", real));
      out.printf(
          Locale.ROOT,
          "real: %,d articles from %s, bodies of %d characters and more, cut or joined to length%n",
          real.size(),
          bodies,
          BenchArticles.SHORTEST);
    }
    out.printf(Locale.ROOT, "%,d aliases read and compiled in %,d ms%n", ALIASES, compile(ALIASES));
    return rates;
  }

  private static List<Rate> rates(
      PrintStream out, Lexicon lexicon, String kind, List<BenchArticles.Sample> articles) {
    Tagger tagger = new Tagger(lexicon);
    Tokens tokens = new Tokens();
    Passage passage = new Passage("body");
    List<Rate> rates =
        List.of(
            measure(
                kind + ", tokenise only",
                articles,
                article -> {
                  tokens.read(article.body(), lexicon.vocabulary());
                  return tokens.size();
                }),
            measure(
                kind + ", keyword scan",
                articles,
                article -> {
                  passage.read(article.body(), lexicon);
                  return passage.hits;
                }),
            measure(
                kind + ", full tagging",
                articles,
                article -> tagger.tag(article.title(), null, article.body(), DAY).size()));
    for (Rate rate : rates) {
      out.printf(
          Locale.ROOT,
          "  %-22s %,9.0f articles/s %7.1f MB/s %4.0f %% of tokenise %,8.0f bytes allocated each%n",
          rate.name(),
          rate.perSecond(),
          rate.perSecond() * BenchArticles.LENGTH / 1e6,
          100 * rate.perSecond() / rates.get(0).perSecond(),
          rate.bytesPerArticle());
    }
    return rates;
  }

  private static Rate measure(String name, List<BenchArticles.Sample> articles, Work work) {
    double best = 0;
    int since = 0;
    for (int round = 0; round < LONGEST_WARM_UP && since < WARM_UP; round++) {
      double rate = round(articles, work, ROUND);
      since = rate > best * FASTER ? 0 : since + 1;
      best = Math.max(best, rate);
    }
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      rates.add(round(articles, work, ROUND));
    }
    rates.sort(Comparator.naturalOrder());
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    round(articles, work, 0);
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return new Rate(name, rates.get(ROUNDS / 2), (double) bytes / articles.size());
  }

  /** Articles per second of processor time, over all articles once and on until the time is up. */
  private static double round(List<BenchArticles.Sample> articles, Work work, long nanoseconds) {
    long checksum = 0;
    long count = 0;
    long start = THREADS.getCurrentThreadCpuTime();
    do {
      for (BenchArticles.Sample article : articles) {
        checksum += work.on(article);
      }
      count += articles.size();
    } while (THREADS.getCurrentThreadCpuTime() - start < nanoseconds);
    if (checksum == Long.MIN_VALUE) {
      throw new IllegalStateException("the work must not be optimised away");
    }
    return count * 1e9 / (THREADS.getCurrentThreadCpuTime() - start);
  }

  /** Milliseconds to read and compile that many made-up aliases. */
  static long compile(int aliases) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("pactwatch-bench");
      String text = BenchArticles.organisations(aliases);
      Files.writeString(directory.resolve("made-up.yaml"), text, StandardCharsets.UTF_8);
      long start = System.nanoTime();
      Lexicon.load(directory);
      return (System.nanoTime() - start) / 1_000_000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
