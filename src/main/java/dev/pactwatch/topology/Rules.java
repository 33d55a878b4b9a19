package dev.pactwatch.topology;

import dev.pactwatch.article.Article;
import dev.pactwatch.tagging.TaggedArticle;

/** What the topology decides with; pure, so that the same input always gives the same alerts. */
public interface Rules extends MatchRules {

  /**
   * Finds the events of an article.
   *
   * @param lexicon version of the lexicon that is in use where the article stands in the stream;
   *     null where the stream says none, as in a replay
   */
  TaggedArticle tag(Article article, String lexicon);
}
