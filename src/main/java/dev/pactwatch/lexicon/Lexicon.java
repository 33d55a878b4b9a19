package dev.pactwatch.lexicon;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.text.Phrases;
import dev.pactwatch.text.Vocabulary;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything the tagger knows that is no code: organisations, classes of words, rules, currencies,
 * topics. Read from the files of a directory; immutable afterwards.
 */
public final class Lexicon {

  /** Forms of an anchor, to be combined. */
  public static final int BASE = Inflection.BASE;

  /** {@code sues}. */
  public static final int THIRD = Inflection.THIRD;

  /** {@code sued}, finite. */
  public static final int PAST = Inflection.PAST;

  /** {@code sued}, passive. */
  public static final int PARTICIPLE = Inflection.PARTICIPLE;

  /** {@code suing}. */
  public static final int ING = Inflection.ING;

  /** {@code lawsuit}. */
  public static final int NOUN = Inflection.NOUN;

  /** In the number of a phrase: it is an {@link Entry.Anchor}, and its forms follow. */
  static final int ANCHOR = 1 << 30;

  /** In the number of a phrase: it is an {@link Entry.Named} with classes or cues. */
  static final int MARKING = 1 << 29;

  private static final int INDEX = MARKING - 1;

  /** In the number of an anchor: where its forms stand, above its index. */
  private static final int FORMS = 23;

  private final String version;
  private final Organisations organisations;
  private final Vocabulary vocabulary;
  private final int half;
  private final Phrases phrases;
  private final Entry[] entries;
  private final Entry.Classed[] classed;
  private final Entry.Anchor[] anchors;

  /** Classes and cues by turns, after two zeros for an unknown word, whose id is -1. */
  private final long[] bits;

  private final long[] themes;

  private final boolean[] abbreviations;
  private final Map<String, Long> classNames;
  private final List<Rule> rules;
  private final Map<String, String> currencies;
  private final Set<String> currencyStarts = new HashSet<>();
  private final Map<String, BigDecimal> magnitudes;
  private final Map<String, List<Weight>> weights;
  private final Map<String, Long> cueNames;
  private final Map<String, Long> themeNames;
  private final Map<Integer, Set<String>> references;
  private final Map<Integer, Set<String>> trades;
  private final Map<Integer, String> demonyms;

  Lexicon(LexiconReader reader, String version) {
    this.version = version;
    this.organisations = new Organisations(reader.organisations);
    this.vocabulary = reader.vocabulary;
    this.half = vocabulary.add("half");
    this.phrases = reader.phrases;
    this.entries = reader.entries.toArray(Entry[]::new);
    this.classed = reader.classed.toArray(Entry.Classed[]::new);
    this.anchors = reader.anchors.toArray(Entry.Anchor[]::new);
    this.bits = new long[2 * (vocabulary.size() + 1)];
    System.arraycopy(
        reader.wordBits, 0, bits, 2, Math.min(reader.wordBits.length, bits.length - 2));
    this.themes = Arrays.copyOf(reader.wordThemes, vocabulary.size());
    this.classNames = Map.copyOf(reader.classNames);
    this.rules = List.copyOf(reader.rules);
    this.currencies = Map.copyOf(reader.currencies);
    for (String currency : currencies.keySet()) {
      int space = currency.indexOf(' ');
      if (space > 0) {
        currencyStarts.add(currency.substring(0, space));
      }
    }
    this.magnitudes = Map.copyOf(reader.magnitudes);
    this.weights = Map.copyOf(reader.weights);
    this.cueNames = Map.copyOf(reader.cueNames);
    this.themeNames = Map.copyOf(reader.themeNames);
    this.references = Map.copyOf(reader.references);
    this.trades = Map.copyOf(reader.trades);
    this.demonyms = Map.copyOf(reader.demonyms);
    this.abbreviations = new boolean[vocabulary.size()];
    for (int word : reader.abbreviations) {
      abbreviations[word] = true;
    }
  }

  /**
   * Reads every {@code *.yaml} below a directory.
   *
   * @throws ConfigException with file, line and reason when something cannot be used
   */
  public static Lexicon load(Path directory) {
    return LexiconReader.load(directory);
  }

  /** The first 12 hexadecimal digits of a SHA-256 over all files. */
  public String version() {
    return version;
  }

  public Organisations organisations() {
    return organisations;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  public Phrases phrases() {
    return phrases;
  }

  /**
   * True where a number that {@link Phrases} reports stands for an {@link Entry.Classed}. That and
   * the like is told by the number alone, since the entries themselves lie all over the memory.
   */
  public static boolean isClassed(int number) {
    return number < 0;
  }

  /** True where a number stands for an {@link Entry.Anchor}. */
  public static boolean isAnchor(int number) {
    return number > 0 && (number & ANCHOR) != 0;
  }

  /** True where a number stands for an {@link Entry.Named} with classes or cues. */
  public static boolean isMarking(int number) {
    return number > 0 && (number & (MARKING | ANCHOR)) == MARKING;
  }

  /** What a number stands for that is {@linkplain #isClassed classed}. */
  public Entry.Classed classed(int number) {
    return classed[~number];
  }

  /** All anchors; the number of a phrase that is one gives its index here. */
  public List<Entry.Anchor> anchors() {
    return List.of(anchors);
  }

  /** Index among the {@link #anchors} of a number that {@linkplain #isAnchor is one}. */
  public static int anchor(int number) {
    return number & ((1 << FORMS) - 1);
  }

  /** {@link Entry.Anchor#forms} of a number that {@linkplain #isAnchor is one}. */
  public static int forms(int number) {
    return (number & (ANCHOR - 1)) >>> FORMS;
  }

  /** The number of an anchor. */
  static int number(int anchor, int forms) {
    return ANCHOR | forms << FORMS | anchor;
  }

  /** What a number stands for that is neither classed nor an anchor. */
  public Entry entry(int number) {
    return entries[number & INDEX];
  }

  /** The classes of a single word that the grammar refers to, as bits. */
  public long classes(int word) {
    return bits[2 * word + 2];
  }

  /** The classes of a single word that conditions of rules refer to, as bits of their own. */
  public long cues(int word) {
    return bits[2 * word + 3];
  }

  /** The classes of a single word that weights refer to, as bits of their own. */
  public long themes(int word) {
    return word < 0 ? 0 : themes[word];
  }

  /** Id of the word "half", with which a sum can begin. */
  public int half() {
    return half;
  }

  /** By word: true where a full stop after it ends no sentence. */
  public boolean[] abbreviations() {
    return abbreviations;
  }

  /**
   * The bit of a class of words that the grammar refers to.
   *
   * @throws ConfigException when no file defines it
   */
  public long bit(String className) {
    Long bit = classNames.get(className);
    if (bit == null) {
      throw new ConfigException("lexicon: no file defines the class '" + className + "'");
    }
    return bit;
  }

  /**
   * The bit of a cue that the grammar refers to as well.
   *
   * @throws ConfigException when no file defines it
   */
  public long cue(String name) {
    Long bit = cueNames.get(name);
    if (bit == null) {
      throw new ConfigException("lexicon: no file defines the cue '" + name + "'");
    }
    return bit;
  }

  public List<Rule> rules() {
    return rules;
  }

  /**
   * What speaks for or against an event.
   *
   * @param term name of what is observed
   * @param value added where it is observed: above 0 speaks for the event
   * @param place file and line
   */
  public record Weight(String term, double value, String place) {}

  /** The weights of a type of event, in the order of the file; empty where none are given. */
  public List<Weight> weights(String event) {
    return weights.getOrDefault(event, List.of());
  }

  /** The cues by name, as bits. */
  public Map<String, Long> cueNames() {
    return cueNames;
  }

  /** The themes by name, as bits. */
  public Map<String, Long> themeNames() {
    return themeNames;
  }

  /** ISO 4217 code of a folded sign or word, or null. */
  public String currency(String folded) {
    return currencies.get(folded);
  }

  /** ISO 4217 code of two folded words such as {@code canadian dollars}, or null. */
  public String currency(String first, String second) {
    return currencyStarts.contains(first) ? currencies.get(first + " " + second) : null;
  }

  /**
   * Sectors of the organisations that a word behind "the" refers to, such as {@code airline}; empty
   * where it may refer to any.
   */
  public Set<String> sectorsOfNoun(int word) {
    return references.getOrDefault(word, Set.of());
  }

  /** Sectors that a word before such a noun tells, such as {@code oil}; empty for none. */
  public Set<String> sectorsOfTrade(int word) {
    return trades.getOrDefault(word, Set.of());
  }

  /** ISO 3166 code of the country that a word such as {@code danish} belongs to, or null. */
  public String country(int word) {
    return demonyms.get(word);
  }

  /** Factor of a folded magnitude such as {@code bn}, or null. */
  public BigDecimal magnitude(String folded) {
    return magnitudes.get(folded);
  }
}
