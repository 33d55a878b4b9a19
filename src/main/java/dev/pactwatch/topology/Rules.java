package dev.pactwatch.topology;

import dev.pactwatch.article.Article;
import dev.pactwatch.tagging.TaggedArticle;

/** What the topology decides with; pure, so that the same input always gives the same alerts. */
public interface Rules extends MatchRules {

  /** Finds the events of an article. */
  TaggedArticle tag(Article article);
}
