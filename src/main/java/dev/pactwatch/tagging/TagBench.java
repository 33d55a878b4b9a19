package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
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
import java.util.Random;
import java.util.stream.Stream;

/**
 * How fast articles are tagged, beside two yardsticks in the same run: splitting into tokens only,
 * and a scan for the lexicon's phrases only. Rates are per second of processor time of the one
 * thread that works, so neighbours on the machine count little.
 */
public final class TagBench {

  private static final int ARTICLES = 2_000;
  private static final int LENGTH = 2_048;
  private static final long WARM_UP = 3_000_000_000L;
  private static final long ROUND = 600_000_000L;
  private static final int ROUNDS = 5;
  private static final LocalDate DAY = LocalDate.of(2025, 6, 1);

  private TagBench() {}

  /** Work on one article; the sum of the answers is printed so that nothing is optimised away. */
  private interface Work {
    int on(String article);
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
    return run(out, Path.of("config", "lexicon"));
  }

  /** Runs all and prints a table. */
  public static List<Rate> run(PrintStream out, Path lexiconDirectory) {
    Lexicon lexicon = Lexicon.load(lexiconDirectory);
    Tagger tagger = new Tagger(lexicon);
    List<String> articles = articles(lexicon, 7);
    List<Rate> rates = new ArrayList<>();
    Tokens tokens = new Tokens();
    Passage passage = new Passage("body");
    rates.add(
        measure(
            "tokenise only",
            articles,
            article -> {
              tokens.read(article, lexicon.vocabulary());
              return tokens.size();
            }));
    rates.add(
        measure(
            "keyword scan",
            articles,
            article -> {
              passage.read(article, lexicon);
              return passage.hits;
            }));
    rates.add(
        measure(
            "full tagging",
            articles,
            article -> tagger.tag(title(article), null, article, DAY).size()));
    out.println("articles of " + LENGTH + " characters, one thread, per second of processor time");
    for (Rate rate : rates) {
      out.printf(
          Locale.ROOT,
          "  %-14s %,9.0f articles/s %7.1f MB/s %,9.0f bytes allocated per article%n",
          rate.name(),
          rate.perSecond(),
          rate.perSecond() * LENGTH / 1e6,
          rate.bytesPerArticle());
    }
    out.printf(Locale.ROOT, "100,000 aliases compiled in %,d ms%n", compile(100_000));
    return rates;
  }

  /** A headline of the same words, so that the whole way is measured. */
  private static String title(String article) {
    return article.substring(0, article.indexOf('.'));
  }

  private static Rate measure(String name, List<String> articles, Work work) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long checksum = 0;
    long until = threads.getCurrentThreadCpuTime() + WARM_UP;
    while (threads.getCurrentThreadCpuTime() < until) {
      for (String article : articles) {
        checksum += work.on(article);
      }
    }
    List<Double> rates = new ArrayList<>();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long done = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      long count = 0;
      do {
        for (String article : articles) {
          checksum += work.on(article);
        }
        count += articles.size();
      } while (threads.getCurrentThreadCpuTime() - start < ROUND);
      rates.add(count * 1e9 / (threads.getCurrentThreadCpuTime() - start));
      done += count;
    }
    bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
    rates.sort(Comparator.naturalOrder());
    if (checksum == 42) {
      throw new IllegalStateException("the work must not be optimised away");
    }
    return new Rate(name, rates.get(ROUNDS / 2), (double) bytes / done);
  }

  /** Articles with the density of names, sums and triggers of the trade press. */
  static List<String> articles(Lexicon lexicon, long seed) {
    String[] words =
        ("the a of to in and for on with that is by at from as its was said will has it be an are"
                + " which year new more than last company after their market people two could"
                + " would been first over week one about into other all month plans shares"
                + " business technology investors growth service group chief executive quarter"
                + " analysts demand industry products customers report data research percent"
                + " software network spending world national prices results expected according"
                + " move large part team public under strong value long early local system home")
            .split(" ");
    List<String> names = new ArrayList<>();
    for (Organisation organisation : lexicon.organisations().all()) {
      if (!organisation.word() && organisation.aliases().get(0).letters() == Alias.Letters.NAME) {
        names.add(organisation.name());
      }
    }
    if (names.isEmpty()) {
      names.add("Acme");
    }
    String[] triggers = {
      "sues", "signed a cloud deal with", "filed a lawsuit against", "will run its apps on", "picks"
    };
    Random random = new Random(seed);
    List<String> articles = new ArrayList<>(ARTICLES);
    for (int i = 0; i < ARTICLES; i++) {
      StringBuilder text = new StringBuilder(LENGTH + 200);
      int sentence = 0;
      while (text.length() < LENGTH) {
        sentence(text, words, names, triggers, random, sentence++ == 0 || random.nextInt(12) == 0);
      }
      articles.add(text.substring(0, LENGTH));
    }
    return articles;
  }

  private static void sentence(
      StringBuilder text,
      String[] words,
      List<String> names,
      String[] triggers,
      Random random,
      boolean event) {
    if (event) {
      text.append(names.get(zipf(random, names.size())))
          .append(' ')
          .append(triggers[random.nextInt(triggers.length)])
          .append(' ')
          .append(names.get(zipf(random, names.size())))
          .append(" for $")
          .append(1 + random.nextInt(900))
          .append(" million ");
    } else {
      text.append("The ");
    }
    int n = 10 + random.nextInt(14);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(40) == 0) {
        text.append(names.get(zipf(random, names.size()))).append(' ');
      } else {
        text.append(words[zipf(random, words.length)]).append(' ');
      }
    }
    text.setCharAt(text.length() - 1, '.');
    text.append(' ');
  }

  private static int zipf(Random random, int n) {
    return (int) Math.min(n - 1, Math.floor(Math.exp(random.nextDouble() * Math.log(n + 1.0))) - 1);
  }

  /** Milliseconds to read and compile that many made-up aliases. */
  static long compile(int aliases) {
    String[] syllables =
        "ba ce di fo gu la me ni po ru sa te vi xo zu kra ple sti tro gna".split(" ");
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("organisations:\n");
    for (int i = 0; i < aliases; i++) {
      StringBuilder name = new StringBuilder();
      for (int k = 0; k < 4; k++) {
        name.append(syllables[random.nextInt(syllables.length)]);
      }
      name.setCharAt(0, Character.toUpperCase(name.charAt(0)));
      text.append("  - {id: o").append(i).append(", name: ").append(name).append(" Cloud ");
      text.append(i % 100).append("}\n");
    }
    Path directory = null;
    try {
      directory = Files.createTempDirectory("pactwatch-bench");
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
