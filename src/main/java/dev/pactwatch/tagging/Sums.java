package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.util.List;

/** Which sum of money is the size of an event. */
final class Sums {

  private final Classes classes;
  private final Lexicon lexicon;

  Sums(Classes classes, Lexicon lexicon) {
    this.classes = classes;
    this.lexicon = lexicon;
  }

  void amount(Draft draft, Sentence sentence) {
    if (draft.amount != null) {
      return;
    }
    Tokens tokens = sentence.tokens;
    boolean suit = draft.type == EventType.LITIGATION;
    List<Money> sums = Money.in(tokens, sentence.from, sentence.to, lexicon);
    for (int i = 0; i < sums.size(); i++) {
      Money money = sums.get(i);
      int from = Math.max(sentence.from, money.from() - 8);
      int to = Math.min(sentence.to, money.to() + (suit ? 6 : 4));
      boolean overYears =
          (sentence.passage.classes(money.to(), Math.min(sentence.to, money.to() + 8))
                  & classes.duration)
              != 0;
      boolean ofDeal =
          !suit
              && (sentence.passage.classes(Math.max(sentence.from, money.from() - 5), money.from())
                      & classes.dealObject)
                  != 0;
      long around = (overYears && !suit) || ofDeal ? 0 : sentence.passage.classes(from, to);
      if (!ofDeal) {
        around |= sentence.passage.classes(Math.max(sentence.from, money.from() - 3), money.from());
      }
      long wide =
          sentence.passage.classes(
              Math.max(sentence.from, money.from() - 8), Math.min(sentence.to, money.to() + 8));
      boolean award =
          suit
              && draft.status != Status.SETTLED
              && (sentence.passage.classes(money.to(), Math.min(sentence.to, money.to() + 2))
                      & (classes.court | classes.inCourt))
                  == 0
              && (sentence.passage.classes(money.to(), Math.min(sentence.to, money.to() + 5))
                      & classes.dealObject)
                  != 0;
      boolean asked =
          suit
              && money.from() > sentence.from
              && sentence.tokens.is(money.from() - 1, "for")
              && (sentence.all() & (classes.court | classes.suit | classes.inCourt)) != 0;
      if (!award
          && (around & (suit ? classes.notClaimed : classes.notAmount)) == 0
          && (!suit || asked || (wide & classes.claim) != 0)) {
        draft.amount = money.amount();
        draft.amountSpan = new Draft.Span(sentence.passage, money.from(), money.to(), null);
        return;
      }
    }
  }
}
