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
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules as the configuration folder has them. */
public final class ProductRules implements Rules {

  /** How long a lexicon is waited for that another process has activated. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Lexicons lexicons;
  private final Retractions retractions;
  private final Matcher matcher;
  private final Kinship kinship;

  private ProductRules(
      Lexicons lexicons, TopicTree topics, Retractions retractions, boolean touches) {
    this.lexicons = lexicons;
    this.retractions = retractions;
    this.kinship = new LexiconKinship(lexicons.own().lexicon().organisations());
    this.matcher = new Matcher(topics, kinship, touches);
  }

  /**
   * @param lexicon folder of the lexicon
   * @param topics file of the topic tree; {@code retractions.yaml} is looked for beside it
   * @param touches whether an event that merely names a party matches
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static ProductRules load(Path lexicon, Path topics, boolean touches) {
    return load(lexicon, topics, touches, null, PATIENCE);
  }

  /**
   * The same for a stream in which lexicons change.
   *
   * @param copies folder in which lexicons are kept that this process tagged with: after a start
   *     with another one, a part of the stream may still be before the change
   */
  public static ProductRules load(Path lexicon, Path topics, boolean touches, Path copies) {
    return load(lexicon, topics, touches, copies, PATIENCE);
  }

  static ProductRules load(
      Path lexicon, Path topics, boolean touches, Path copies, Duration patience) {
    return new ProductRules(
        new Lexicons(lexicon, Tagger.load(lexicon), copies, patience),
        TopicTree.load(topics),
        Retractions.load(topics.resolveSibling("retractions.yaml")),
        touches);
  }

  /**
   * The configuration folder has another lexicon now, which tags from where the stream says so. Who
   * belongs to whom stays as it was: state is kept by it.
   */
  void use(Tagger next) {
    lexicons.own(next);
  }

  /** What the lexicon of the configuration folder tags with. */
  public Tagger tagger() {
    return lexicons.own();
  }

  /** Version of the lexicon of the configuration folder. */
  public String lexiconVersion() {
    return tagger().lexicon().version();
  }

  /** Ids of its rules. */
  public Set<String> lexiconRules() {
    return tagger().lexicon().rules().stream().map(Rule::id).collect(Collectors.toSet());
  }

  @Override
  public TaggedArticle tag(Article article, String lexicon) {
    Tagger tagger = lexicon == null ? lexicons.own() : lexicons.of(lexicon);
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
