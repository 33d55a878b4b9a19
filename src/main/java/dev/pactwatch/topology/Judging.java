package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.matching.JoinKeys;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What one article says about one agreement: the step that the join and a trial of it share. */
final class Judging {

  private Judging() {}

  /**
   * @param meets which of the organisations under which the two meet are looked at
   */
  static List<Judgement> of(
      TaggedArticle tagged, Agreement agreement, MatchRules rules, Predicate<String> meets) {
    LocalDate date = LocalDate.ofInstant(tagged.published(), ZoneOffset.UTC);
    List<Judgement> found = new ArrayList<>();
    for (int i = 0; i < tagged.events().size(); i++) {
      Event event = tagged.events().get(i);
      int index = i;
      if (JoinKeys.meeting(event, agreement, rules.kinship()).filter(meets).isPresent()) {
        rules
            .match(event, date, agreement)
            .ifPresent(
                match ->
                    found.add(
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
    return found;
  }
}
