package dev.pactwatch.proof;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Folded;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.article.Article;
import dev.pactwatch.matching.JoinKeys;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.Rules;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What ought to come of articles: every event against every agreement in one thread, without Kafka,
 * stores, partitions or an order of arrival.
 */
final class Model implements Checker.Oracle {

  private final Rules rules;
  private final List<Agreement> agreements;

  /**
   * @param agreements those that held all the time
   */
  Model(Rules rules, Collection<Agreement> agreements) {
    this.rules = rules;
    this.agreements = List.copyOf(agreements);
  }

  @Override
  public TaggedArticle tag(Article article) {
    return rules.tag(article, null);
  }

  @Override
  public Map<String, Alert> alerts(Collection<Article> articles) {
    List<Judgement> judgements = new ArrayList<>();
    for (Article article : articles) {
      TaggedArticle tagged = rules.tag(article, null);
      for (int i = 0; i < tagged.events().size(); i++) {
        for (Agreement agreement : agreements) {
          judge(tagged, i, agreement, judgements);
        }
      }
    }
    Map<String, Alert> alerts = new HashMap<>();
    for (Folded thread : AlertFold.foldAll(judgements, AlertFold.Gaps.DEFAULT)) {
      thread.latest().forEach(alert -> alerts.put(alert.id(), alert));
    }
    return alerts;
  }

  private void judge(TaggedArticle tagged, int index, Agreement agreement, List<Judgement> to) {
    Event event = tagged.events().get(index);
    if (JoinKeys.meeting(event, agreement, rules.kinship()).isEmpty()) {
      return;
    }
    rules
        .match(event, tagged.published().atZone(ZoneOffset.UTC).toLocalDate(), agreement)
        .ifPresent(
            match ->
                to.add(
                    new Judgement(
                        tagged.uri(),
                        tagged.version(),
                        index,
                        tagged.headline(),
                        tagged.link(),
                        tagged.publisher(),
                        tagged.published(),
                        tagged.historical(),
                        tagged.lexicon(),
                        tagged.fingerprint(),
                        event,
                        match)));
  }
}
