package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a text gives the events it gives.
 *
 * @param events what the tagger finds
 * @param fired rules that fired, with the words and the parties they took
 * @param weighed events that were weighed, kept or not
 * @param almost rules whose anchor stands in the text but which did not fire, with the reason
 * @param unlisted capitalised names near an anchor that are in no list
 */
public record Explanation(
    List<Event> events,
    List<Fired> fired,
    List<Weighed> weighed,
    List<Almost> almost,
    List<String> unlisted) {

  /**
   * A rule that fired.
   *
   * @param rule id
   * @param words the anchor in the text
   * @param parties "role: name" of each party
   * @param counted false where a negation took the event away
   */
  public record Fired(String rule, String words, List<String> parties, boolean counted) {}

  /**
   * A rule that did not fire.
   *
   * @param rule id
   * @param words the anchor in the text
   * @param reason which condition failed
   */
  public record Almost(String rule, String words, String reason) {}

  /**
   * An event that was weighed.
   *
   * @param parties as the text has them
   * @param sum above 0 where what speaks for the event is more than what speaks against it
   * @param terms what was observed, with its weight; those without weight left out
   */
  public record Weighed(
      EventType type, List<String> parties, double sum, Map<String, Double> terms) {}

  /** Explains a text as if it were a headline. */
  public static Explanation of(Tagger tagger, String text) {
    return new Explainer(tagger).explain(text);
  }

  /** Explains many texts with one compiled lexicon. Not safe for use by several threads. */
  public static final class Explainer {
    private final Lexicon lexicon;
    private final Tagger tagger;
    private final Matcher matcher;
    private final Reading reading;
    private final Passage passage = new Passage("headline");

    public Explainer(Tagger tagger) {
      this.lexicon = tagger.lexicon();
      this.tagger = tagger;
      this.matcher = tagger.matcher();
      this.reading = tagger.reading();
    }

    /** Explains a text as if it were a headline. */
    public Explanation explain(String text) {
      List<Fired> fired = new ArrayList<>();
      List<Almost> almost = new ArrayList<>();
      List<String> unlisted = new ArrayList<>();
      passage.read(text, lexicon);
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        Sentence sentence = tagger.sentence(passage, number, null);
        boolean anchored = false;
        for (int hit = passage.firstAnchor(sentence.from);
            hit < passage.anchors && passage.anchorFrom[hit] < sentence.to;
            hit++) {
          anchored = true;
          String reason = matcher.objection(sentence, hit, passage.allCues);
          if (reason != null) {
            String words = passage.tokens.text(passage.anchorFrom[hit], passage.anchorTo[hit]);
            Rule rule = lexicon.anchors().get(passage.anchor[hit]).rule();
            almost.add(new Almost(rule.id(), words, reason));
          }
        }
        for (Finding finding : matcher.match(sentence, passage.allCues)) {
          fired.add(fired(finding));
        }
        for (Mention mention : sentence.mentions) {
          if (anchored && mention.unlisted()) {
            unlisted.add(passage.tokens.text(mention.from, mention.to));
          }
        }
      }
      reading.candidates = new ArrayList<>();
      List<Event> events = reading.read(text, null, null, null);
      return new Explanation(events, fired, weighed(reading.candidates), almost, unlisted);
    }

    private static List<Weighed> weighed(List<Reading.Candidate> candidates) {
      List<Weighed> weighed = new ArrayList<>();
      for (Reading.Candidate each : candidates) {
        Map<String, Double> terms = new LinkedHashMap<>(each.terms());
        terms.values().removeIf(value -> value == 0);
        weighed.add(new Weighed(each.type(), each.parties(), each.sum(), terms));
      }
      return weighed;
    }

    boolean fires(Rule rule, String text) {
      passage.read(text, lexicon);
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        Sentence sentence = tagger.sentence(passage, number, null);
        for (Finding finding : matcher.match(sentence, passage.allCues)) {
          if (finding.frame.rule.id().equals(rule.id()) && !finding.negated) {
            return true;
          }
        }
      }
      return false;
    }

    private static Fired fired(Finding finding) {
      List<String> parties = new ArrayList<>();
      finding.parties.forEach(
          (mention, role) ->
              parties.add(
                  role.label() + ": " + finding.sentence.tokens.text(mention.from, mention.to)));
      return new Fired(
          finding.frame.rule.id(),
          finding.sentence.tokens.text(finding.from, finding.to),
          parties,
          !finding.negated);
    }
  }
}
