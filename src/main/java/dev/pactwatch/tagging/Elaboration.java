package dev.pactwatch.tagging;

import java.util.List;

/** What sentences that report no event add to one that another sentence reports. */
final class Elaboration {

  private final Item item;
  private final Classes classes;
  private final Sums sums;
  private final DealTerms terms;

  Elaboration(Item item, Classes classes, Sums sums, DealTerms terms) {
    this.item = item;
    this.classes = classes;
    this.sums = sums;
    this.terms = terms;
  }

  /** Looks for sums and exclusivity in sentences that speak of an event without reporting it. */
  void enrich(List<Draft> drafts) {
    long wanted =
        classes.exclusive | classes.nonExclusive | classes.firstRefusal | classes.preferred;
    long told = wanted | classes.magnitude;
    for (Passage passage : item.passages) {
      if ((passage.all & told) == 0) {
        continue;
      }
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        int from = passage.tokens.sentence(number);
        int to = passage.tokens.sentence(number + 1);
        long bits = passage.classes(from, to);
        boolean money = (bits & classes.magnitude) != 0;
        if ((bits & wanted) == 0 && !money) {
          continue;
        }
        Sentence sentence = null;
        for (Draft draft : drafts) {
          if (draft.background
              || reportsOther(drafts, draft, passage, from)
              || (draft.first.sentence.from == from && draft.first.sentence.passage == passage)) {
            continue;
          }
          if (sentence == null) {
            sentence = item.sentence(passage, number);
          }
          boolean legal = (bits & (classes.court | classes.suit | classes.claim)) != 0;
          boolean near =
              passage != item.body
                  || number < 2
                  || speaksOf(sentence, draft, legal && draft.type == EventType.LITIGATION);
          boolean cloud = draft.type == EventType.CLOUD_PARTNERSHIP;
          if (near
              && cloud
              && (passage != item.body
                  || (bits & (classes.dealObject | classes.cloud)) != 0
                  || (bits & classes.supplier) != 0)) {
            terms.attributes(draft, sentence, false);
            if (passage != item.body || (number < 4 && (bits & classes.history) == 0)) {
              sums.amount(draft, sentence);
            }
          } else if (near
              && !cloud
              && (passage != item.body || (number < 8 && (bits & classes.history) == 0))) {
            sums.amount(draft, sentence);
          }
        }
      }
    }
  }

  /** True for the sentence in which another event of the article was found. */
  private static boolean reportsOther(List<Draft> drafts, Draft draft, Passage passage, int from) {
    for (Draft other : drafts) {
      if (other != draft
          && other.type == draft.type
          && other.first.sentence.passage == passage
          && other.first.sentence.from == from) {
        return true;
      }
    }
    return false;
  }

  /**
   * True where a sentence names two parties of an event, or one and no other organisation.
   *
   * @param unnamed whether it may speak of them as "the company"
   */
  private boolean speaksOf(Sentence sentence, Draft draft, boolean unnamed) {
    int own = 0;
    int other = 0;
    for (Mention mention : sentence.mentions) {
      if (!mention.unnamed && !mention.dropped) {
        if (draft.members.containsKey(item.key(mention, sentence))) {
          own++;
        } else if (mention.organisation != null) {
          other++;
        }
      }
    }
    return own > 1 || ((own > 0 || unnamed) && other == 0);
  }
}
