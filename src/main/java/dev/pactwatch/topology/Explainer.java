package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertExplanation;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.tagging.Event;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;

/** Explains alerts by the rules of the configuration folder. Immutable. */
public final class Explainer {

  private final TopicTree topics;
  private final Matcher matcher;
  private final Kinship kinship;

  private Explainer(TopicTree topics, Kinship kinship) {
    this.topics = topics;
    this.matcher = new Matcher(topics, kinship);
    this.kinship = kinship;
  }

  /**
   * @param lexicon folder of the lexicon, of which only the organisations are kept
   * @param topics file of the topic tree
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static Explainer load(Path lexicon, Path topics) {
    Kinship kinship = new LexiconKinship(Lexicon.load(lexicon).organisations());
    return new Explainer(TopicTree.load(topics), kinship);
  }

  /**
   * The same by the rules of a topology that runs.
   *
   * @param topics file of the topic tree
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static Explainer of(ProductRules rules, Path topics) {
    return new Explainer(TopicTree.load(topics), rules.kinship());
  }

  /**
   * @param registry as it stands now
   */
  public AlertExplanation explain(Alert alert, Registry registry) {
    return AlertExplanation.of(alert, registry, matcher, kinship);
  }

  /**
   * Tries changes of the registry by the same rules.
   *
   * @param touches whether an event that merely names a party matches
   */
  public RegistryTrial trial(boolean touches) {
    Matcher judge = new Matcher(topics, kinship, touches);
    return new RegistryTrial(
        new MatchRules() {
          @Override
          public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
            return judge.match(event, date, agreement);
          }

          @Override
          public Kinship kinship() {
            return kinship;
          }
        });
  }
}
