package dev.pactwatch.topology;

import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertExplanation;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Matcher;
import java.nio.file.Path;

/** Explains alerts by the rules of the configuration folder. Immutable. */
public final class Explainer {

  private final Matcher matcher;
  private final Kinship kinship;

  private Explainer(Matcher matcher, Kinship kinship) {
    this.matcher = matcher;
    this.kinship = kinship;
  }

  /**
   * @param lexicon folder of the lexicon, of which only the organisations are kept
   * @param topics file of the topic tree
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static Explainer load(Path lexicon, Path topics) {
    Kinship kinship = new LexiconKinship(Lexicon.load(lexicon).organisations());
    return new Explainer(new Matcher(TopicTree.load(topics), kinship), kinship);
  }

  /**
   * @param registry as it stands now
   */
  public AlertExplanation explain(Alert alert, Registry registry) {
    return AlertExplanation.of(alert, registry, matcher, kinship);
  }
}
