package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import java.util.LinkedHashSet;
import java.util.Set;

/** Terms of a cloud partnership: exclusivity, topic, and the product it is for. */
final class DealTerms {

  /** Between the ranks of topics of two parts of an article. */
  private static final int ZONE = 100;

  /** Words in which the head of a word's subject stands before it. */
  private static final int SUBJECT = 4;

  /** Words between a verb and the head of its object. */
  private static final int OBJECT = 3;

  private final Item item;
  private final Classes classes;
  private final Market market;
  private final Products products;

  DealTerms(Item item, Classes classes, Market market) {
    this.item = item;
    this.classes = classes;
    this.market = market;
    this.products = new Products(classes);
  }

  /**
   * Exclusivity, topic and product.
   *
   * @param reports whether the sentence reports the event: what the headline and the report say of
   *     the topic goes before what is said of it elsewhere
   */
  void attributes(Draft draft, Sentence sentence, boolean reports) {
    if (draft.type != EventType.CLOUD_PARTNERSHIP) {
      return;
    }
    Passage passage = sentence.passage;
    int zone =
        passage == item.headline
            ? 0
            : passage == item.summary ? 1 : sentence == draft.first.sentence ? 2 : reports ? 3 : 4;
    long any = classes.exclusive | classes.nonExclusive | classes.firstRefusal | classes.preferred;
    boolean spoken = (sentence.all() & any) != 0;
    for (int i = sentence.from; spoken && i < sentence.to; i++) {
      Exclusivity found = exclusivity(sentence, i);
      if (found != Exclusivity.NONE
          && rank(found) > rank(draft.exclusivity)
          && bound(draft, sentence, i)) {
        draft.exclusivity = found;
        draft.exclusivitySpan = new Draft.Span(passage, i, i + 1, null);
      }
    }
    for (int hit = passage.firstHit(sentence.from);
        hit < passage.hits && passage.hitFrom[hit] < sentence.to;
        hit++) {
      if (passage.hitEntry(hit) instanceof Entry.Topic topic
          && topic.rank() + zone * ZONE < draft.topicRank) {
        draft.topicRank = topic.rank() + zone * ZONE;
        draft.topic = topic.topic();
        draft.topicSpan = new Draft.Span(passage, passage.hitFrom[hit], passage.hitTo[hit], null);
      }
    }
    Products.Name product = draft.product == null ? products.in(sentence) : null;
    if (product != null) {
      draft.product = passage.tokens.text(product.from(), product.to());
      draft.productSpan = new Draft.Span(passage, product.from(), product.to(), null);
    }
  }

  /**
   * True where the seller who stands nearest to a word is a party: whose exclusivity is meant. "The
   * contract is not exclusive" says itself whose.
   */
  private boolean bound(Draft draft, Sentence sentence, int token) {
    int nearest = Integer.MAX_VALUE;
    boolean own = true;
    if (sentence.passage.is(token, classes.nonExclusive) && ofTheDeal(sentence, token)) {
      return true;
    }
    for (Mention mention : sentence.mentions) {
      if (mention.unnamed || !market.sells(sentence.passage, mention)) {
        continue;
      }
      boolean party = draft.members.containsKey(item.key(mention, sentence));
      int distance = token < mention.from ? mention.from - token : token - mention.to + 1;
      if (distance < nearest || (distance == nearest && party)) {
        nearest = distance;
        own = party;
      }
    }
    return own;
  }

  /** True where the deal itself stands before the word, and nobody in between. */
  private boolean ofTheDeal(Sentence sentence, int token) {
    for (int i = token; i >= Math.max(sentence.from, token - SUBJECT); i--) {
      if (sentence.mentionAt(i) != null || sentence.cuts(i)) {
        return false;
      }
      if (sentence.passage.is(i, classes.dealObject)) {
        return true;
      }
    }
    return false;
  }

  private Exclusivity exclusivity(Sentence sentence, int token) {
    Passage passage = sentence.passage;
    boolean label =
        token + 1 < sentence.to
            && token == sentence.from
            && sentence.tokens.first(token + 1) == ':';
    if (label || passage.classes[token] == 0) {
      return Exclusivity.NONE;
    }
    boolean exclusive = passage.is(token, classes.exclusive);
    return passage.is(token, classes.nonExclusive) || (exclusive && noMore(sentence, token))
        ? Exclusivity.NON_EXCLUSIVE
        : passage.is(token, classes.firstRefusal)
            ? Exclusivity.FIRST_REFUSAL
            : exclusive
                ? Exclusivity.EXCLUSIVE
                : passage.is(token, classes.preferred) ? Exclusivity.PREFERRED : Exclusivity.NONE;
  }

  /** "drops its exclusive clause", "is not exclusive", "lets the exclusivity lapse". */
  private boolean noMore(Sentence sentence, int token) {
    Passage passage = sentence.passage;
    for (int i = token - 1; i >= Math.max(sentence.from, token - 6); i--) {
      if (sentence.cuts(i)) {
        if (passage.is(i, classes.relative) && ended(sentence, i - 1)) {
          return true;
        }
        break;
      }
      if (passage.cue(i, classes.notAnymore) || passage.is(i, classes.negation)) {
        return true;
      }
    }
    for (int i = token + 1; i < Math.min(sentence.to, token + 7); i++) {
      if (sentence.cuts(i)) {
        break;
      }
      if (passage.cue(i, classes.notAnymore)) {
        return true;
      }
    }
    return false;
  }

  /** "relaxed a contract", before "that had made Acme its only cloud". */
  private boolean ended(Sentence sentence, int noun) {
    Passage passage = sentence.passage;
    if (noun < sentence.from || !passage.is(noun, classes.dealObject)) {
      return false;
    }
    for (int i = noun - 1; i >= Math.max(sentence.from, noun - OBJECT); i--) {
      if (passage.cue(i, classes.notAnymore)) {
        return true;
      }
    }
    return false;
  }

  private static int rank(Exclusivity exclusivity) {
    return switch (exclusivity) {
      case NONE -> 0;
      case PREFERRED -> 1;
      case EXCLUSIVE -> 2;
      case NON_EXCLUSIVE -> 3;
      case FIRST_REFUSAL -> 4;
    };
  }

  /**
   * What the deal is for: a programme, a product of the customer, or what the cloud is to carry.
   */
  void product(Draft draft) {
    Set<Sentence> read = new LinkedHashSet<>();
    for (Finding finding : draft.findings) {
      read.add(finding.sentence);
    }
    for (Sentence sentence : read) {
      for (Mention mention : sentence.mentions) {
        String key = item.key(mention, sentence);
        boolean party = draft.members.containsKey(key);
        boolean own = mention.product() && party && !market.sells(sentence.passage, mention);
        boolean carried =
            !party
                && !mention.unnamed
                && !mention.modifier
                && (Matcher.programme(sentence, mention) || carried(sentence, mention));
        if (own || carried) {
          draft.product = sentence.tokens.text(mention.from, mention.to);
          draft.productSpan = new Draft.Span(sentence.passage, mention.from, mention.to, null);
          return;
        }
      }
    }
  }

  /** "to carry X", "for X": after "for" only a name that no list holds. */
  private boolean carried(Sentence sentence, Mention mention) {
    int before = mention.from - 1;
    return sentence.passage.is(before, classes.carry)
        && (mention.unlisted() || !sentence.passage.is(before, classes.preposition));
  }
}
