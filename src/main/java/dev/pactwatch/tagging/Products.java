package dev.pactwatch.tagging;

import dev.pactwatch.text.Tokens;

/**
 * Names of what a deal is for: "to carry Frontier", "the JEDI contract". A name that belongs to a
 * party is none.
 */
final class Products {

  private static final int LONGEST = 4;
  private static final int SHORTEST = 3;

  private final Classes classes;

  Products(Classes classes) {
    this.classes = classes;
  }

  /** Tokens from one to before another. */
  record Name(int from, int to) {}

  /** The first name in a place where a product or a programme stands; null for none. */
  Name in(Sentence sentence) {
    for (int i = sentence.from; i < sentence.to; i++) {
      if (!capital(sentence, i) || capital(sentence, i - 1)) {
        continue;
      }
      int end = i + 1;
      while (end < sentence.to && end - i < LONGEST && capital(sentence, end)) {
        end++;
      }
      if (!taken(sentence, i, end) && named(sentence, i, end)) {
        return new Name(i, end);
      }
    }
    return null;
  }

  private boolean named(Sentence sentence, int from, int to) {
    Passage passage = sentence.passage;
    if (sentence.tokens.length(from) < SHORTEST || sentence.tokens.is(from, Tokens.HAS_DIGIT)) {
      // "M", "R150m": no names.
      return false;
    }
    // "the JEDI cloud contract"
    int noun = to < sentence.to && passage.is(to, classes.cloud) ? to + 1 : to;
    return (from > sentence.from && passage.is(from - 1, classes.carry))
        || (noun < sentence.to && passage.is(noun, classes.programmeNoun));
  }

  private boolean capital(Sentence sentence, int token) {
    return token >= sentence.from
        && token < sentence.to
        && sentence.tokens.is(token, Tokens.CAPITAL)
        && sentence.tokens.is(token, Tokens.WORD)
        && !sentence.passage.is(
            token, classes.article | classes.calendar | classes.nationality | classes.preposition)
        && !sentence.passage.is(token, classes.ordinary | classes.cloud);
  }

  /** Part of the name of an organisation that is no product of it. */
  private static boolean taken(Sentence sentence, int from, int to) {
    for (Mention mention : sentence.mentions) {
      if (mention.from < to && mention.to > from && !mention.product() && !mention.unlisted()) {
        return true;
      }
    }
    return false;
  }
}
