package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Retractions;
import dev.pactwatch.lexicon.Rule;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.tagging.Tagger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules as the configuration folder has them. */
public final class ProductRules implements Rules {

  private volatile Tagger tagger;
  private final Retractions retractions;
  private final Matcher matcher;
  private final Kinship kinship;

  private ProductRules(Tagger tagger, TopicTree topics, Retractions retractions, boolean touches) {
    this.tagger = tagger;
    this.retractions = retractions;
    this.kinship = new LexiconKinship(tagger.lexicon().organisations());
    this.matcher = new Matcher(topics, kinship, touches);
  }

  /**
   * @param lexicon folder of the lexicon
   * @param topics file of the topic tree; {@code retractions.yaml} is looked for beside it
   * @param touches whether an event that merely names a party matches
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static ProductRules load(Path lexicon, Path topics, boolean touches) {
    return new ProductRules(
        Tagger.load(lexicon),
        TopicTree.load(topics),
        Retractions.load(topics.resolveSibling("retractions.yaml")),
        touches);
  }

  /**
   * Tags with another lexicon from the next article on. Who belongs to whom stays as it was: state
   * is kept by it.
   */
  void use(Tagger next) {
    tagger = next;
  }

  /** What tags now. */
  public Tagger tagger() {
    return tagger;
  }

  /** Version of the lexicon that tags. */
  public String lexiconVersion() {
    return tagger.lexicon().version();
  }

  /** Ids of the rules of the lexicon that tags. */
  public Set<String> lexiconRules() {
    return tagger.lexicon().rules().stream().map(Rule::id).collect(Collectors.toSet());
  }

  @Override
  public TaggedArticle tag(Article article) {
    TaggedArticle tagged = tagger.tag(article);
    return retractions.retracted(article) ? tagged.withoutEvents() : tagged;
  }

  @Override
  public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
    return matcher.match(event, date, agreement);
  }

  @Override
  public Kinship kinship() {
    return kinship;
  }
}
