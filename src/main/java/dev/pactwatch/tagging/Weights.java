package dev.pactwatch.tagging;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What speaks for and against an event of one type, as a sum of named terms. A sum above zero keeps
 * the event; the logistic function of the sum is its confidence. The weights stand in the lexicon,
 * fitted to labelled items (logistic regression).
 */
final class Weights {

  private static final String START = "start";
  private static final String WORD = "word ";
  private static final String RULE = "rule ";

  /** What can be observed of an event besides words and the rule that fired. */
  enum Term {
    IN_HEADLINE,
    IN_SUMMARY,
    IN_LEAD,
    IN_BODY,
    /** A party is named in the headline, told of below it. */
    HEADLINE_PARTY,
    TWO_LISTED,
    ONE_LISTED,
    NONE_LISTED,
    UNLISTED,
    UNNAMED,
    ONE_PARTY,
    THREE_PARTIES,
    /** Fewer parties than the rule asks for. */
    TOO_FEW,
    /** A cloud by name, such as the cloud unit of a company. */
    CLOUD_UNIT,
    /** A company that sells clouds, among other things. */
    SELLER,
    NO_SELLER,
    TWO_SELLERS,
    LISTED_BUYER,
    UNLISTED_BUYER,
    NO_BUYER,
    /** A party only describes a noun: "the Globex suit". */
    ATTRIBUTIVE,
    AMOUNT,
    EXCLUSIVITY,
    PLANNED,
    TALKS,
    FALLBACK,
    NOUN,
    /** Several rules fired. */
    CONFIRMED,
    /** Told in several sentences. */
    REPEATED,
    /** Who is meant stands outside the places of the rule. */
    OUTER,
    /** Clouds are spoken of in the headline or the summary, elsewhere than in the report. */
    CLOUD_BESIDE,
    /** Somebody sues or is sued in the same item. */
    SUIT_BESIDE,
    /** The rule itself tells who sells and who buys. */
    BOTH_SIDES,
    SELLER_AND_BUYER,
    UNIT_AND_BUYER,
    CLOUD_WORD_AND_SELLER,
    CLOUD_WORD_ALONE,
    /** A cloud by name stands in the provider's place. */
    UNIT_IN_PLACE,
    /** Somebody buys or funds a company: its name follows the verb at once. */
    BUYS_COMPANY,
    /** The rule only looks for the word, and no listed buyer stands in the headline. */
    FALLBACK_UNSURE,
    /** What follows the anchor at once speaks of clouds, machines or a deal. */
    OBJECT_CLOUD,
    OBJECT_DEAL,
    /** The name that follows the anchor at once sells clouds. */
    OBJECT_SELLER,
    /** A name that sells clouds follows after a preposition. */
    PREPOSITION_SELLER,
    /** A word of clouds right beside the anchor. */
    CLOUD_AT_ANCHOR
  }

  private final double start;
  private final double[] terms = new double[Term.values().length];
  private final Map<String, Double> rules = new HashMap<>();
  private final Masks cues;
  private final Masks themes;

  /** Weights of words, and the names of all that could have one. */
  private static final class Masks {
    private final long[] masks;
    private final double[] values;
    private final List<Map.Entry<String, Long>> names;

    Masks(List<Long> masks, List<Double> values, Map<String, Long> names) {
      this.masks = masks.stream().mapToLong(Long::longValue).toArray();
      this.values = values.stream().mapToDouble(Double::doubleValue).toArray();
      this.names = names.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    double sum(long words) {
      double sum = 0;
      for (int i = 0; i < masks.length; i++) {
        sum += (words & masks[i]) != 0 ? values[i] : 0;
      }
      return sum;
    }

    void name(long words, Map<String, Double> named) {
      for (Map.Entry<String, Long> each : names) {
        if ((words & each.getValue()) != 0) {
          named.put(WORD + each.getKey(), sum(each.getValue()));
        }
      }
    }
  }

  /**
   * @throws ConfigException for a term that does not exist
   */
  Weights(EventType type, Lexicon lexicon) {
    double first = 0;
    List<Long> cueMasks = new ArrayList<>();
    List<Double> cueValues = new ArrayList<>();
    List<Long> themeMasks = new ArrayList<>();
    List<Double> themeValues = new ArrayList<>();
    for (Lexicon.Weight weight : lexicon.weights(type.label())) {
      String term = weight.term();
      if (term.equals(START)) {
        first = weight.value();
      } else if (term.startsWith(WORD)) {
        String name = term.substring(WORD.length());
        boolean theme = lexicon.themeNames().containsKey(name);
        Long mask = theme ? lexicon.themeNames().get(name) : lexicon.cueNames().get(name);
        if (mask == null) {
          throw unknown(weight, "no cue or theme of that name");
        }
        (theme ? themeMasks : cueMasks).add(mask);
        (theme ? themeValues : cueValues).add(weight.value());
      } else if (term.startsWith(RULE)) {
        String id = term.substring(RULE.length());
        if (lexicon.rules().stream().noneMatch(rule -> rule.id().equals(id))) {
          throw unknown(weight, "no rule of that name");
        }
        rules.put(id, weight.value());
      } else {
        terms[term(weight).ordinal()] = weight.value();
      }
    }
    this.start = first;
    this.cues = new Masks(cueMasks, cueValues, lexicon.cueNames());
    this.themes = new Masks(themeMasks, themeValues, lexicon.themeNames());
  }

  private static Term term(Lexicon.Weight weight) {
    for (Term each : Term.values()) {
      if (Kebab.of(each).equals(weight.term())) {
        return each;
      }
    }
    throw unknown(
        weight,
        "start, 'word CUE', 'rule ID' or one of "
            + String.join(", ", Arrays.stream(Term.values()).map(Kebab::of).toList()));
  }

  private static ConfigException unknown(Lexicon.Weight weight, String why) {
    return new ConfigException(
        weight.place() + ": weights: '" + weight.term() + "' is unknown: " + why);
  }

  /**
   * The sum.
   *
   * @param observed bits of {@link Term} by ordinal
   * @param sentence that reports the event
   */
  double sum(long observed, Sentence sentence, Rule rule) {
    Double ofRule = rules.get(rule.id());
    double sum = ofRule == null ? start : start + ofRule;
    for (long rest = observed; rest != 0; rest &= rest - 1) {
      sum += terms[Long.numberOfTrailingZeros(rest)];
    }
    sum += cues.sum(sentence.cues()) + themes.sum(sentence.themes());
    return sum;
  }

  /** Every term that was observed with its weight, also where that is 0. */
  Map<String, Double> named(long observed, Sentence sentence, Rule rule) {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put(START, start);
    named.put(RULE + rule.id(), rules.getOrDefault(rule.id(), 0.0));
    for (Term term : Term.values()) {
      if ((observed & bit(term)) != 0) {
        named.put(Kebab.of(term), terms[term.ordinal()]);
      }
    }
    themes.name(sentence.themes(), named);
    cues.name(sentence.cues(), named);
    return named;
  }

  static long bit(Term term) {
    return 1L << term.ordinal();
  }

  /** Confidence of a sum, from 0 to 1. */
  static double logistic(double sum) {
    return 1 / (1 + Math.exp(-sum));
  }
}
