package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.article.Article;
import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.lexicon.Organisations;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.tagging.Tagger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules as the configuration folder has them. */
public final class ProductRules implements Rules {

  private volatile Tagger tagger;
  private final Matcher matcher;
  private final Kinship kinship;

  private ProductRules(Tagger tagger, TopicTree topics, boolean touches) {
    this.tagger = tagger;
    this.kinship = new LexiconKinship(tagger.lexicon().organisations());
    this.matcher = new Matcher(topics, kinship, touches);
  }

  /**
   * @param lexicon folder of the lexicon
   * @param topics file of the topic tree
   * @param touches whether an event that merely names a party matches
   * @throws dev.pactwatch.config.ConfigException naming file, line and field of what is wrong
   */
  public static ProductRules load(Path lexicon, Path topics, boolean touches) {
    return new ProductRules(Tagger.load(lexicon), TopicTree.load(topics), touches);
  }

  /**
   * Tags with another lexicon from the next article on. Who belongs to whom stays as it was: state
   * is kept by it.
   */
  void use(Tagger next) {
    tagger = next;
  }

  /** Version of the lexicon that tags. */
  public String lexiconVersion() {
    return tagger.lexicon().version();
  }

  @Override
  public TaggedArticle tag(Article article) {
    return tagger.tag(article);
  }

  @Override
  public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
    return matcher.match(event, date, agreement);
  }

  @Override
  public Kinship kinship() {
    return kinship;
  }

  private static final class LexiconKinship implements Kinship {

    private final Organisations organisations;
    private final Map<String, List<String>> aliases = new HashMap<>();

    LexiconKinship(Organisations organisations) {
      this.organisations = organisations;
      for (Organisation organisation : organisations.all()) {
        List<String> ofGroup =
            aliases.computeIfAbsent(
                organisations.group(organisation.id()), group -> new ArrayList<>());
        for (Alias alias : organisation.aliases()) {
          if (standsAlone(alias)) {
            ofGroup.add(alias.text());
          }
        }
      }
    }

    /** A descriptor, a place or a name that needs other words beside it may mean another. */
    private static boolean standsAlone(Alias alias) {
      return alias.needs().isEmpty()
          && alias.not().isEmpty()
          && alias.as() != Alias.As.DESCRIPTOR
          && alias.as() != Alias.As.PLACE;
    }

    @Override
    public String group(String organisationId) {
      return organisations.group(organisationId);
    }

    @Override
    public String name(String organisationId) {
      return organisations.name(organisationId);
    }

    @Override
    public Collection<String> aliases(String organisationId) {
      return aliases.getOrDefault(group(organisationId), List.of(name(organisationId)));
    }
  }
}
