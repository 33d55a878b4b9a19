package dev.pactwatch.tagging;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Articles of one length for benchmarks: made up, or cut from real ones. */
public final class BenchArticles {

  /** Length of a body in characters. */
  public static final int LENGTH = 2_048;

  /** Shorter bodies in a file are teasers, and left out. */
  static final int SHORTEST = 200;

  private static final String[] COMMON =
      ("the a of to in and for on with that is by at from as its was said will has it be an are"
              + " which year new more than last company after their market people two could"
              + " would been first over week one about into other all month plans shares"
              + " business technology investors growth service group chief executive quarter"
              + " analysts demand industry products customers report data research percent"
              + " software network spending world national prices results expected according"
              + " move large part team public under strong value long early local system home")
          .split(" ");

  private static final String[] SYLLABLES =
      "ba ce di fo gu la me ni po ru sa te vi xo zu kra ple sti tro gna".split(" ");

  private static final String[] TRIGGERS = {
    "sues", "signed a cloud deal with", "filed a lawsuit against", "will run its apps on", "picks"
  };

  /** Share of the sentences of an article about events that tell of one. */
  private static final double EVENT_SENTENCES = 1.0 / 12;

  /** Share of words that no lexicon knows, as in the trade press. */
  private static final double UNKNOWN = 0.2;

  private final Random random;
  private final List<String> names = new ArrayList<>();
  private final String[] unknown = new String[4_000];
  private final StringBuilder text = new StringBuilder();

  /**
   * An article.
   *
   * @param title may be null
   */
  public record Sample(String title, String body) {}

  private BenchArticles(Lexicon lexicon, long seed) {
    random = new Random(seed);
    for (Organisation organisation : lexicon.organisations().all()) {
      if (!organisation.word() && organisation.aliases().get(0).letters() == Alias.Letters.NAME) {
        names.add(organisation.name());
      }
    }
    if (names.isEmpty()) {
      names.add("Acme");
    }
    for (int i = 0; i < unknown.length; i++) {
      unknown[i] = word(1 + random.nextInt(4));
    }
  }

  /**
   * Articles with the density of names, sums and triggers of the trade press, a headline above each
   * that says what its first sentence says. The same seed gives the same articles.
   */
  static List<Sample> made(Lexicon lexicon, int count, long seed) {
    BenchArticles maker = new BenchArticles(lexicon, seed);
    List<Sample> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(maker.article());
    }
    return made;
  }

  /**
   * As many as are asked for, one after the other.
   *
   * @param events of a hundred articles, so many tell of events as {@link #made} ones do; the rest
   *     has names and sums and no event
   */
  public static Supplier<Sample> maker(Lexicon lexicon, long seed, int events) {
    BenchArticles maker = new BenchArticles(lexicon, seed);
    return () -> maker.random.nextInt(100) < events ? maker.article() : maker.ordinary();
  }

  /**
   * The bodies in a file, cut to the length or joined with the next ones until they have it.
   *
   * @param file JSON Lines with {@code title} and {@code body} or {@code description}
   * @throws ConfigException when the file cannot be read, or does not hold enough
   */
  static List<Sample> read(Path file) {
    List<Sample> samples = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    String title = null;
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      TagJson.Item item;
      try {
        item = TagJson.read(line);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(file + ":" + number + ": " + e.getMessage(), e);
      }
      String part = item.body() == null ? item.description() : item.body();
      if (part == null || part.length() < SHORTEST) {
        continue;
      }
      title = body.length() == 0 ? item.title() : title;
      body.append(part).append('\n');
      if (body.length() >= LENGTH) {
        samples.add(new Sample(title, body.substring(0, LENGTH)));
        body.setLength(0);
      }
    }
    if (samples.isEmpty()) {
      throw new ConfigException(
          file + ": holds less than one article of " + LENGTH + " characters");
    }
    return samples;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private Sample article() {
    return article(true, EVENT_SENTENCES);
  }

  private Sample ordinary() {
    return article(false, 0);
  }

  /**
   * @param inTitle whether the title tells of an event
   * @param events the share of the sentences that do
   */
  private Sample article(boolean inTitle, double events) {
    text.setLength(0);
    sentence(inTitle);
    String title = text.substring(0, text.indexOf("."));
    while (text.length() < LENGTH) {
      text.append(random.nextInt(4) == 0 ? '\n' : ' ');
      sentence(random.nextDouble() < events);
    }
    return new Sample(title, text.substring(0, LENGTH));
  }

  private void sentence(boolean event) {
    if (event) {
      text.append(name())
          .append(' ')
          .append(TRIGGERS[random.nextInt(TRIGGERS.length)])
          .append(' ')
          .append(name())
          .append(" for $")
          .append(1 + random.nextInt(900))
          .append(" million ");
    } else {
      text.append(random.nextInt(8) == 0 ? "\u201CThe " : "The ");
    }
    int n = 10 + random.nextInt(14);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(40) == 0) {
        text.append(name()).append(random.nextInt(3) == 0 ? "\u2019s " : " ");
      } else if (random.nextDouble() < UNKNOWN) {
        String word = unknown[zipf(unknown.length)];
        text.append(random.nextInt(5) == 0 ? capital(word) : word).append(' ');
      } else {
        text.append(COMMON[zipf(COMMON.length)]).append(random.nextInt(10) == 0 ? ", " : " ");
      }
    }
    text.setLength(text.length() - 1);
    text.append('.');
  }

  private String name() {
    return names.get(zipf(names.size()));
  }

  /** A word that no lexicon knows. */
  private String word(int syllables) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < syllables; i++) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    return word.toString();
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private int zipf(int n) {
    return (int) Math.min(n - 1, Math.floor(Math.exp(random.nextDouble() * Math.log(n + 1.0))) - 1);
  }

  /** The text of an organisation file with that many made-up aliases. */
  static String organisations(int aliases) {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("organisations:\n");
    for (int i = 0; i < aliases; i++) {
      StringBuilder name = new StringBuilder();
      for (int k = 0; k < 4; k++) {
        name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
      text.append("  - {id: o").append(i).append(", name: ").append(capital(name.toString()));
      text.append(" Cloud ").append(i % 100).append("}\n");
    }
    return text.toString();
  }
}
