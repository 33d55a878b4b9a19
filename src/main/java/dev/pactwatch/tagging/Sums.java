package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.math.BigDecimal;

/** Which sum of money is the size of an event. */
final class Sums {

  /** How far before a sum is looked for what it is of, and how far behind. */
  private static final int BEFORE = 8;

  private static final int BEHIND = 4;
  private static final int BEHIND_CLAIM = 6;

  /** From here on a sum in a sentence that only goes on about a deal is taken for its size. */
  private static final int TIED = 3;

  private static final BigDecimal SMALLEST = BigDecimal.valueOf(1000);

  private final Item item;
  private final Classes classes;
  private final Lexicon lexicon;

  Sums(Item item, Classes classes, Lexicon lexicon) {
    this.item = item;
    this.classes = classes;
    this.lexicon = lexicon;
  }

  /** Takes the first sum that can be the size of an event from a sentence that reports it. */
  void reported(Draft draft, Sentence sentence) {
    if (draft.amount == null) {
      for (Money money : Money.in(sentence.tokens, sentence.from, sentence.to, lexicon)) {
        boolean suit = draft.type == EventType.LITIGATION;
        if (sized(money) && (suit ? claimed(draft, sentence, money) : agreed(sentence, money))) {
          take(draft, sentence, money);
          return;
        }
      }
    }
  }

  /**
   * Takes a sum from a sentence that only goes on about a deal: one that is tied to it.
   *
   * @param another whether the sentence tells what somebody does who is no party
   */
  void continued(Draft draft, Sentence sentence, boolean another) {
    if (draft.amount == null) {
      for (Money money : Money.in(sentence.tokens, sentence.from, sentence.to, lexicon)) {
        if (sized(money) && tied(draft, sentence, money, another)) {
          take(draft, sentence, money);
          return;
        }
      }
    }
  }

  /** What costs less is the price of a share or of an hour. */
  private static boolean sized(Money money) {
    return money.amount().value().compareTo(SMALLEST) >= 0;
  }

  private static void take(Draft draft, Sentence sentence, Money money) {
    draft.amount = money.amount();
    draft.amountSpan = new Draft.Span(sentence.passage, money.from(), money.to(), null);
  }

  private boolean agreed(Sentence sentence, Money money) {
    Passage passage = sentence.passage;
    int clause = sentence.clauseStart(money.from());
    int start = Math.max(clause, money.from() - BEFORE);
    boolean ofDeal =
        (passage.classes(Math.max(sentence.from, money.from() - 5), money.from())
                & classes.dealObject)
            != 0;
    boolean wide = !ofDeal && !lasts(sentence, money);
    int end = wide ? Math.min(sentence.to, money.to() + BEHIND) : money.from();
    int near = Math.max(sentence.from, money.from() - 3);
    boolean sued =
        sentence.from < clause
            && money.from() > clause
            && (passage.classes(clause, money.from()) & classes.inCourt) != 0
            && sentence.tokens.is(money.from() - 1, "for");
    return !sued
        && !bought(sentence, money)
        && !other(passage, wide ? Math.min(start, near) : near, end);
  }

  /** "paid $5 billion for Zibbo": the price of a company. */
  private static boolean bought(Sentence sentence, Money money) {
    Mention next = sentence.mentionAt(money.to() + 1);
    return next != null
        && next.organisation != null
        && !next.attributive
        && !next.ofDeal
        && !next.possessive
        && sentence.tokens.is(money.to(), "for");
  }

  /** True where a word tells that a sum is of something else; "the value of the deal" does not. */
  private boolean other(Passage passage, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean ofDeal =
          (passage.themes(i, i + 1) & classes.worth) != 0
              && (passage.classes(i - 3, i) & (classes.dealObject | classes.article)) != 0;
      if (passage.is(i, classes.notAmount) && !ofDeal) {
        return true;
      }
    }
    return false;
  }

  /** "over five years", "a five-year commitment" right behind a sum. */
  private boolean lasts(Sentence sentence, Money money) {
    int end = Math.min(sentence.to, money.to() + BEFORE);
    for (int i = money.to(); i < end; i++) {
      if (sentence.passage.is(i, classes.duration)
          || ((sentence.passage.themes(i, i + 1) & classes.timeUnit) != 0
              && sentence.tokens.is(i - 1, Tokens.NUMBER))) {
        return true;
      }
    }
    return false;
  }

  /**
   * True where words tie a sum to what the sentence is about: "the deal is worth", "a base rent
   * of", "to pay ... over five years", "a ... contract".
   */
  private boolean tied(Draft draft, Sentence sentence, Money money, boolean another) {
    Passage passage = sentence.passage;
    int clause = sentence.clauseStart(money.from());
    int start = Math.max(clause, money.from() - BEFORE);
    int end = Math.min(sentence.clauseEnd(money.to()), money.to() + BEHIND);
    boolean worth = (passage.themes(clause, money.from()) & classes.worth) != 0;
    boolean deal = (passage.classes(clause, money.from()) & classes.dealObject) != 0;
    boolean beside =
        (passage.classes(Math.max(clause, money.from() - 4), money.from()) & classes.dealObject)
            != 0;
    boolean ofDeal = (passage.classes(money.to(), end) & classes.dealObject) != 0;
    boolean lasts = lasts(sentence, money);
    int ties = (worth || beside || ofDeal ? 3 : 0) + (deal ? 2 : 0) + (lasts ? 2 : 0);
    boolean past =
        draft.status != Status.ENDED && (passage.classes(clause, end) & classes.history) != 0;
    return ties >= TIED
        && (!another || beside || ofDeal)
        && !past
        && !spender(draft, sentence, clause, money.from())
        && !other(passage, start, lasts ? money.from() : end);
  }

  /** "The provider plans to spend ...": what it spends is no price that it is paid. */
  private boolean spender(Draft draft, Sentence sentence, int from, int to) {
    boolean provider = false;
    for (Mention mention : sentence.mentions) {
      if (mention.from >= from && mention.to <= to && mention.preposition < 0) {
        Draft.Member member = draft.members.get(item.key(mention, sentence));
        if (member != null && member.role != Role.PROVIDER) {
          return false;
        }
        provider |= member != null;
      }
    }
    return provider && (sentence.passage.themes(from, to) & classes.spending) != 0;
  }

  private boolean claimed(Draft draft, Sentence sentence, Money money) {
    Passage passage = sentence.passage;
    int start = Math.max(sentence.from, money.from() - BEFORE);
    long around = passage.classes(start, Math.min(sentence.to, money.to() + BEHIND_CLAIM));
    long wide = passage.classes(start, Math.min(sentence.to, money.to() + BEFORE));
    long behind = passage.classes(money.to(), Math.min(sentence.to, money.to() + 2));
    boolean asked =
        money.from() > sentence.from
            && sentence.tokens.is(money.from() - 1, "for")
            && (sentence.all() & (classes.court | classes.suit | classes.inCourt)) != 0;
    // "owed $5 million in shares", "lost $5 million in sales", "a $5 million court fight"
    boolean direct =
        (passage.classes(money.from() - 2, money.from()) & classes.claim) != 0
            && (passage.classes(start, money.from()) & classes.notClaimed) == 0;
    // "the $5 billion Zibbo fight" is about Zibbo
    boolean ofSuit = (behind & (classes.suit | classes.feud)) != 0 && sentence.lower(money.to());
    boolean contract =
        draft.status != Status.SETTLED
            && !ofSuit
            && (behind & (classes.court | classes.inCourt)) == 0
            && contract(sentence, money.to());
    return !contract
        && (direct || ofSuit || (around & classes.notClaimed) == 0)
        && (asked || direct || ofSuit || (wide & classes.claim) != 0);
  }

  /** "a $5 billion contract": what a suit is about, and not what is claimed in it. */
  private boolean contract(Sentence sentence, int after) {
    for (int i = after; i < Math.min(sentence.to, after + 5); i++) {
      if (sentence.passage.is(i, classes.dealObject)) {
        return true;
      }
    }
    return false;
  }
}
