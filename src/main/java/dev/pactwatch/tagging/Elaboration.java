package dev.pactwatch.tagging;

import java.util.List;

/** What sentences that report no event add to one that another sentence reports. */
final class Elaboration {

  /** Sentences of a body that tell what its headline tells. */
  private static final int LEAD = 2;

  private final Item item;
  private final Classes classes;
  private final Sums sums;
  private final DealTerms terms;

  /** Words that tell of exclusivity. */
  private final long exclusivity;

  Elaboration(Item item, Classes classes, Sums sums, DealTerms terms) {
    this.item = item;
    this.classes = classes;
    this.sums = sums;
    this.terms = terms;
    this.exclusivity =
        classes.exclusive | classes.nonExclusive | classes.firstRefusal | classes.preferred;
  }

  /** Looks for sums and exclusivity in sentences that speak of an event without reporting it. */
  void enrich(List<Draft> drafts) {
    for (Passage passage : item.passages) {
      int next = 0;
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        int from = passage.tokens.sentence(number);
        int to = passage.tokens.sentence(number + 1);
        int before = next;
        while (next < passage.numbers && passage.number[next] < to) {
          next++;
        }
        boolean numbers = next > before;
        if (!numbers && (passage.classes(from, to) & exclusivity) == 0) {
          continue;
        }
        for (Draft draft : drafts) {
          boolean own =
              draft.first.sentence.from == from && draft.first.sentence.passage == passage;
          if (!own && !draft.background && !reportsOther(drafts, draft, passage, from)) {
            Sentence sentence = item.sentence(passage, number);
            if (draft.type == EventType.CLOUD_PARTNERSHIP) {
              deal(draft, sentence, numbers);
            } else if (numbers && (passage != item.body || speaksOf(sentence, draft))) {
              suit(draft, sentence);
            }
          }
        }
      }
    }
  }

  private void deal(Draft draft, Sentence sentence, boolean numbers) {
    boolean below = sentence.passage == item.body;
    boolean speaks = speaksOf(sentence, draft);
    long deal = classes.dealObject | classes.cloud | classes.supplier;
    long telling = classes.nonExclusive | classes.firstRefusal;
    if (!below
        || ((speaks || sentence.number < LEAD) && (sentence.all() & (deal | telling)) != 0)) {
      terms.attributes(draft, sentence, false);
    }
    if (numbers && speaks && !below) {
      sums.reported(draft, sentence);
    } else if (numbers && speaks) {
      sums.continued(draft, sentence, aboutAnother(sentence, draft));
      if (sentence.number < LEAD
          && (sentence.all() & deal) != 0
          && (sentence.all() & classes.history) == 0) {
        sums.reported(draft, sentence);
      }
    }
  }

  private void suit(Draft draft, Sentence sentence) {
    if (sentence.passage != item.body || (sentence.all() & classes.history) == 0) {
      sums.reported(draft, sentence);
    }
  }

  /**
   * True for the sentence in which another event of the article was found; a deal of one side alone
   * is hardly one.
   */
  private static boolean reportsOther(List<Draft> drafts, Draft draft, Passage passage, int from) {
    for (Draft other : drafts) {
      if (other != draft
          && other.type == draft.type
          && (other.type == EventType.LITIGATION || other.named() > 1)
          && other.first.sentence.passage == passage
          && other.first.sentence.from == from) {
        return true;
      }
    }
    return false;
  }

  /**
   * True where a sentence names two parties of an event, or one and no other organisation, or no
   * organisation at all but what the event is: "the contract", "the suit".
   */
  private boolean speaksOf(Sentence sentence, Draft draft) {
    int own = 0;
    int other = 0;
    for (Mention mention : sentence.mentions) {
      if (!mention.unnamed && !mention.dropped) {
        if (draft.members.containsKey(item.key(mention, sentence))) {
          own++;
        } else if (mention.organisation != null && !passing(mention)) {
          other++;
        }
      }
    }
    return own > 1 || (other == 0 && (own > 0 || meant(sentence, draft)));
  }

  /** True for one that is named without doing anything: whose machines, which newspaper, where. */
  private static boolean passing(Mention mention) {
    String kind = mention.organisation.kind();
    return mention.attributive
        || mention.modifier
        || kind.equals("media")
        || (mention.place() && mention.preposition >= 0);
  }

  /** True where a sentence without names says "the contract", or what it costs. */
  private boolean meant(Sentence sentence, Draft draft) {
    if (draft.type == EventType.LITIGATION) {
      return (sentence.all() & (classes.court | classes.suit | classes.claim)) != 0;
    }
    return (sentence.all() & (classes.dealObject | classes.cloud)) != 0
        || (sentence.themes() & classes.worth) != 0;
  }

  /** True where somebody who is no party, and that no list holds, does something. */
  private boolean aboutAnother(Sentence sentence, Draft draft) {
    for (Mention mention : sentence.mentions) {
      if (mention.unlisted()
          && mention.preposition < 0
          && !mention.attributive
          && !mention.modifier
          && !mention.dropped
          && (sentence.passage.classes(mention.to, mention.to + 2) & classes.quote) == 0
          && !draft.members.containsKey(item.key(mention, sentence))
          && !shortForm(draft, mention, sentence)) {
        return true;
      }
    }
    return false;
  }

  /** "Zibbo" where "Zibbo Systems" is a party. */
  private static boolean shortForm(Draft draft, Mention mention, Sentence sentence) {
    String first = sentence.tokens.folded(mention.from);
    for (Draft.Member member : draft.members.values()) {
      if (member.sentence.tokens.folded(member.mention.from).equals(first)) {
        return true;
      }
    }
    return false;
  }
}
