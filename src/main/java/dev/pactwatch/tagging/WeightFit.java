package dev.pactwatch.tagging;

import dev.pactwatch.text.Fold;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fits the weights of the lexicon to labelled items: logistic regression with a ridge penalty, so
 * that a term seen seldom stays near 0. The same items give the same weights.
 */
public final class WeightFit {

  private static final int ROUNDS = 3_000;
  private static final double RIDGE = 1.0;
  private static final int FOLDS = 5;

  /** What is missed counts this many times what is found wrongly: wrong examples abound. */
  private static final double RIGHT = 1.5;

  /** Nothing is learned from a term that is seen less often. */
  private static final int SELDOM = 5;

  /**
   * A labelled item.
   *
   * @param parties names of the parties of the current events, by type; a type that only stands in
   *     the background has an entry in {@code background}
   */
  public record Item(
      String id,
      String title,
      String description,
      String body,
      LocalDate date,
      Map<EventType, List<String>> parties,
      Set<EventType> background) {}

  /**
   * The outcome for one type.
   *
   * @param weights by term
   * @param examples events that were weighed
   * @param right how many of them are right
   * @param precision of those kept when judged by weights fitted to other items
   * @param recall the same, of the right ones among those weighed
   */
  public record Fitted(
      EventType type,
      Map<String, Double> weights,
      int examples,
      int right,
      double precision,
      double recall) {

    /** As the file of weights has them. */
    public String yaml() {
      StringBuilder text = new StringBuilder("  " + type.label() + ":\n");
      weights.forEach(
          (term, value) -> {
            if (Math.abs(value) >= 0.05) {
              text.append(String.format(Locale.ROOT, "    %s: %.2f%n", term, value));
            }
          });
      return text.toString();
    }
  }

  private record Example(Set<String> terms, boolean right, int fold) {}

  private final Reading reading;

  public WeightFit(Tagger tagger) {
    this.reading = tagger.reading();
  }

  /** Fits the weights of each type. */
  public List<Fitted> fit(List<Item> items) {
    List<Fitted> fitted = new ArrayList<>();
    for (EventType type : EventType.values()) {
      fitted.add(fit(type, examples(items, type)));
    }
    return fitted;
  }

  private List<Example> examples(List<Item> items, EventType type) {
    List<Example> examples = new ArrayList<>();
    for (Item item : items) {
      if (item.background().contains(type) && !item.parties().containsKey(type)) {
        continue;
      }
      reading.candidates = new ArrayList<>();
      reading.read(item.title(), item.description(), item.body(), item.date());
      boolean first = true;
      for (Reading.Candidate candidate : reading.candidates) {
        if (candidate.type() == type && (first || !candidate.background())) {
          boolean right = right(candidate, item.parties().get(type));
          examples.add(
              new Example(
                  candidate.terms().keySet(), right, Math.floorMod(item.id().hashCode(), FOLDS)));
          first = false;
        }
      }
    }
    return examples;
  }

  /** Right where the item has an event of this type with one of the parties. */
  private static boolean right(Reading.Candidate candidate, List<String> parties) {
    if (parties == null) {
      return false;
    }
    if (parties.isEmpty() || candidate.parties().isEmpty()) {
      return true;
    }
    for (String found : candidate.parties()) {
      for (String wanted : parties) {
        String one = Fold.of(found);
        String other = Fold.of(wanted);
        if (one.contains(other) || other.contains(one)) {
          return true;
        }
      }
    }
    return candidate.parties().size() > 1;
  }

  private static Fitted fit(EventType type, List<Example> examples) {
    TreeSet<String> names = new TreeSet<>();
    examples.forEach(example -> names.addAll(example.terms()));
    Map<String, Integer> seen = new HashMap<>();
    examples.forEach(example -> example.terms().forEach(term -> seen.merge(term, 1, Integer::sum)));
    List<String> terms = names.stream().filter(name -> seen.get(name) >= SELDOM).toList();
    int kept = 0;
    int hits = 0;
    int right = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int held = fold;
      double[] weights =
          descend(terms, examples.stream().filter(each -> each.fold() != held).toList());
      for (Example example : examples) {
        if (example.fold() == fold) {
          boolean keep = sum(terms, weights, example) > 0;
          kept += keep ? 1 : 0;
          hits += keep && example.right() ? 1 : 0;
          right += example.right() ? 1 : 0;
        }
      }
    }
    double[] weights = descend(terms, examples);
    Map<String, Double> named = new TreeMap<>();
    for (int i = 0; i < weights.length; i++) {
      named.put(terms.get(i), weights[i]);
    }
    return new Fitted(
        type,
        named,
        examples.size(),
        right,
        kept == 0 ? 0 : (double) hits / kept,
        right == 0 ? 0 : (double) hits / right);
  }

  /** Gradient descent with steps of their own for each term (AdaGrad). */
  private static double[] descend(List<String> terms, List<Example> examples) {
    int[][] rows = new int[examples.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          examples.get(i).terms().stream()
              .mapToInt(term -> Collections.binarySearch(terms, term))
              .filter(index -> index >= 0)
              .toArray();
    }
    double[] weights = new double[terms.size()];
    double[] squares = new double[terms.size()];
    Arrays.fill(squares, 1e-6);
    for (int round = 0; round < ROUNDS; round++) {
      double[] gradient = new double[terms.size()];
      for (int i = 0; i < rows.length; i++) {
        double sum = 0;
        for (int term : rows[i]) {
          sum += weights[term];
        }
        boolean right = examples.get(i).right();
        double error = (Weights.logistic(sum) - (right ? 1 : 0)) * (right ? RIGHT : 1);
        for (int term : rows[i]) {
          gradient[term] += error;
        }
      }
      for (int term = 0; term < weights.length; term++) {
        double slope = gradient[term] + RIDGE * weights[term];
        squares[term] += slope * slope;
        weights[term] -= 0.5 * slope / Math.sqrt(squares[term]);
      }
    }
    return weights;
  }

  private static double sum(List<String> terms, double[] weights, Example example) {
    double sum = 0;
    for (String term : example.terms()) {
      int index = Collections.binarySearch(terms, term);
      sum += index < 0 ? 0 : weights[index];
    }
    return sum;
  }
}
