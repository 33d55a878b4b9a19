package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.article.Article;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.LocalDate;
import java.util.Optional;

/** What the topology decides with; pure, so that the same input always gives the same alerts. */
public interface Rules {

  /** Finds the events of an article. */
  TaggedArticle tag(Article article);

  /** Judges one event of one day against one revision of an agreement. */
  Optional<Match> match(Event event, LocalDate date, Agreement agreement);

  /** Who belongs to whom: a unit and its parent meet under one name. */
  Kinship kinship();
}
