package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Rule;
import java.util.ArrayList;
import java.util.List;

/** Runs the examples that every rule carries. */
public final class LexiconCheck {

  private LexiconCheck() {}

  /**
   * One example that does not hold.
   *
   * @param place file and line of the rule
   * @param rule id
   * @param example the text
   * @param expected true where the rule had to fire
   */
  public record Failure(String place, String rule, String example, boolean expected) {

    /** One line to show. */
    public String message() {
      return place
          + ": rule '"
          + rule
          + "' "
          + (expected ? "does not fire on: " : "fires on: ")
          + example;
    }
  }

  /** The examples that do not hold; empty for a sound lexicon. */
  public static List<Failure> run(Tagger tagger) {
    Explanation.Explainer explainer = new Explanation.Explainer(tagger);
    List<Failure> failures = new ArrayList<>();
    for (Rule rule : tagger.lexicon().rules()) {
      for (String text : rule.yes()) {
        if (!explainer.fires(rule, text)) {
          failures.add(new Failure(rule.place(), rule.id(), text, true));
        }
      }
      for (String text : rule.no()) {
        if (explainer.fires(rule, text)) {
          failures.add(new Failure(rule.place(), rule.id(), text, false));
        }
      }
    }
    return failures;
  }
}
