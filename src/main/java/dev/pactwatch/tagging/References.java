package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.text.Tokens;
import java.util.HashSet;
import java.util.Set;

/**
 * What "the airline", "the Danish group", "the start-up" and "it" refer back to: an organisation
 * that the headline or one of the sentences right before names. Where two could be meant, none is.
 */
final class References {

  /** Sentences before, among which an organisation is looked for. */
  private static final int BACK = 3;

  /** Sentences of the headline that are looked at. */
  private static final int HEADLINES = 3;

  /** Words between the article and the noun. */
  private static final int DESCRIPTION = 4;

  private static final Set<String> KINDS =
      Set.of("company", "unit", "fund", "association", "university");

  private final Item item;
  private final Classes classes;
  private final Lexicon lexicon;
  private final int the;
  private final int it;
  private final int its;
  private final int based;

  References(Item item, Classes classes, Lexicon lexicon) {
    this.item = item;
    this.classes = classes;
    this.lexicon = lexicon;
    this.the = lexicon.vocabulary().find("the");
    this.it = lexicon.vocabulary().find("it");
    this.its = lexicon.vocabulary().find("its");
    this.based = lexicon.vocabulary().find("based");
  }

  /** Makes the sentences that a sentence may refer to; it is to be made after them. */
  void prepare(Passage passage, int number) {
    if (passage == item.headline || !refers(passage, number)) {
      return;
    }
    for (int i = 0; i < Math.min(HEADLINES, item.headline.tokens.sentences()); i++) {
      item.make(item.headline, i);
    }
    if (passage == item.body && number < BACK) {
      int last = item.summary.tokens.sentences();
      for (int i = Math.max(0, last - BACK); i < last; i++) {
        item.make(item.summary, i);
      }
    }
    for (int i = Math.max(0, number - BACK); i < number; i++) {
      item.make(passage, i);
    }
  }

  private boolean refers(Passage passage, int number) {
    int from = passage.tokens.sentence(number);
    int to = passage.tokens.sentence(number + 1);
    int first = passage.tokens.word(from);
    return first == it || first == its || (passage.classes(from, to) & classes.reference) != 0;
  }

  /**
   * The mention that starts at a token because the words there refer back to a name, or null.
   *
   * @param sentence that is being made: the names that the lexicon lists are known in it
   */
  Mention at(Sentence sentence, int token) {
    if (sentence.headline) {
      return null;
    }
    Passage passage = sentence.passage;
    int word = sentence.tokens.word(token);
    if (token == sentence.text() && (word == it || word == its)) {
      Mention.Antecedent whom = subjectBefore(sentence, word == it);
      if (whom == null) {
        return null;
      }
      Mention mention = mention(token, token + 1, whom);
      mention.possessive = word == its;
      return mention;
    }
    if (!passage.is(token, classes.reference) || passage.is(token - 1, classes.reference)) {
      return null;
    }
    int end = token + 1;
    if (end + 1 < sentence.to
        && sentence.tokens.first(end) == '-'
        && sentence.tokens.is(end, Tokens.GLUED)
        && passage.is(end + 1, classes.reference)) {
      end += 2;
    }
    if (!closes(sentence, end)) {
      return null;
    }
    Set<String> sectors = lexicon.sectorsOfNoun(word);
    String country = null;
    int start = token - 1;
    for (; start >= sentence.from && sentence.tokens.word(start) != the; start--) {
      boolean glue = sentence.tokens.first(start) == '-';
      if (token - start > DESCRIPTION
          || (!glue && !sentence.tokens.is(start, Tokens.WORD))
          || (sentence.mentionAt(start) != null && !seat(sentence, start))
          || passage.is(
              start, classes.preposition | classes.be | classes.have | classes.auxiliary)) {
        return null;
      }
      String demonym = lexicon.country(sentence.tokens.word(start));
      country = demonym == null ? country : demonym;
      Set<String> trade = lexicon.sectorsOfTrade(sentence.tokens.word(start));
      sectors = trade.isEmpty() ? sectors : trade;
    }
    if (start < sentence.from) {
      return null;
    }
    Mention.Antecedent whom =
        sectors.isEmpty() && country == null
            ? nearest(sentence, token)
            : fitting(sentence, sectors, country);
    return whom == null ? null : mention(token, end, whom);
  }

  /** True for the place in "the Leeds-based retailer". */
  private boolean seat(Sentence sentence, int token) {
    return token + 2 < sentence.to
        && sentence.tokens.first(token + 1) == '-'
        && sentence.tokens.is(token + 1, Tokens.GLUED)
        && sentence.tokens.word(token + 2) == based;
  }

  private Mention mention(int from, int to, Mention.Antecedent whom) {
    return new Mention(from, to, whom, item.key(whom.mention(), whom.sentence()));
  }

  /** True where a noun phrase ends before a token: "the company said", not "the company car". */
  private boolean closes(Sentence sentence, int next) {
    if (next >= sentence.to) {
      return true;
    }
    Passage passage = sentence.passage;
    if (sentence.tokens.is(next, Tokens.SIGN)) {
      return sentence.tokens.first(next) != '-' || !sentence.tokens.is(next, Tokens.GLUED);
    }
    long after =
        classes.preposition
            | classes.auxiliary
            | classes.be
            | classes.have
            | classes.cut
            | classes.conjunction
            | classes.adverb
            | classes.negation
            | classes.quote
            | classes.plan
            | classes.talks
            | classes.stays
            | classes.relative;
    return !sentence.tokens.is(next, Tokens.CAPITAL)
        && (passage.is(next, after) || (passage.anchorAt(next) & Passage.VERB) != 0);
  }

  /** Who acts in the sentence before; for the first sentence of a text, in its headline. */
  private Mention.Antecedent subjectBefore(Sentence sentence, boolean alone) {
    Sentence before =
        sentence.number > 0
            ? sentence.passage.made(sentence.number - 1)
            : item.headline.tokens.sentences() == 1 ? item.headline.made(0) : null;
    // "Acme signed a contract. It runs for five years": the contract may be meant
    if (before == null || (alone && (before.all() & classes.dealObject) != 0)) {
      return null;
    }
    Mention first = null;
    for (Mention mention : before.mentions) {
      if (acts(mention, before)) {
        first = mention;
        break;
      }
    }
    return first == null || !organisation(first, before) || present(first, before, sentence)
        ? null
        : antecedent(first, before);
  }

  /** The one organisation that the nearest sentence with any names. */
  private Mention.Antecedent nearest(Sentence sentence, int token) {
    for (Mention mention : sentence.madeSoFar()) {
      if (!mention.unnamed && mention.from < token && !mention.place()) {
        return null;
      }
    }
    Mention.Antecedent found = null;
    for (int back = 1; back <= BACK; back++) {
      Sentence before =
          sentence.number >= back ? sentence.passage.made(sentence.number - back) : null;
      if (before == null) {
        break;
      }
      boolean any = false;
      for (Mention mention : before.mentions) {
        if (organisation(mention, before) && !present(mention, before, sentence)) {
          String key = item.key(mention, before);
          if (found != null && !key.equals(item.key(found.mention(), found.sentence()))) {
            return null;
          }
          found = antecedent(mention, before);
          any = true;
        }
      }
      if (any) {
        return acts(found.mention(), found.sentence()) || headliner(found) ? found : null;
      }
    }
    return sentence.number < BACK ? only(sentence) : null;
  }

  /** The one organisation in the headline. */
  private Mention.Antecedent only(Sentence sentence) {
    Mention.Antecedent found = null;
    for (int i = 0; i < Math.min(HEADLINES, item.headline.tokens.sentences()); i++) {
      Sentence headline = item.headline.made(i);
      for (Mention mention : headline == null ? new Mention[0] : headline.mentions) {
        if (organisation(mention, headline) && !present(mention, headline, sentence)) {
          String key = item.key(mention, headline);
          if (found != null && !key.equals(item.key(found.mention(), found.sentence()))) {
            return null;
          }
          found = antecedent(mention, headline);
        }
      }
    }
    return found;
  }

  /** The one organisation of these sectors, or of this country, that stands before. */
  private Mention.Antecedent fitting(Sentence sentence, Set<String> sectors, String country) {
    Fit fit = new Fit(sentence, sectors, country);
    for (int back = 1; back <= BACK && back <= sentence.number; back++) {
      fit.look(sentence.passage.made(sentence.number - back));
    }
    if (sentence.passage == item.body && sentence.number < BACK) {
      for (int i = item.summary.tokens.sentences() - 1; i >= 0; i--) {
        fit.look(item.summary.made(i));
      }
    }
    for (int i = 0; i < Math.min(HEADLINES, item.headline.tokens.sentences()); i++) {
      fit.look(item.headline.made(i));
    }
    return fit.result();
  }

  /** Who fits, among all that stand before. */
  private final class Fit {
    private final Sentence sentence;
    private final Set<String> sectors;
    private final String country;
    private final Set<String> listed = new HashSet<>(2);
    private final Set<String> others = new HashSet<>(2);
    private final Set<String> aside = new HashSet<>(2);
    private Mention.Antecedent known;
    private Mention.Antecedent unknown;
    private Mention.Antecedent beside;

    Fit(Sentence sentence, Set<String> sectors, String country) {
      this.sentence = sentence;
      this.sectors = sectors;
      this.country = country;
    }

    void look(Sentence before) {
      if (before == null) {
        return;
      }
      for (Mention mention : before.mentions) {
        if (!organisation(mention, before)) {
          continue;
        }
        Organisation organisation = mention.organisation;
        if (organisation == null) {
          String key = item.key(mention, before);
          if (acts(mention, before)) {
            if (others.add(key)) {
              unknown = antecedent(mention, before);
            }
          } else if (mention.possessive && aside.add(key)) {
            beside = antecedent(mention, before);
          }
        } else if (fits(organisation) && listed.add(item.key(mention, before))) {
          known = antecedent(mention, before);
        }
      }
    }

    private boolean fits(Organisation organisation) {
      if (country != null && !country.equals(organisation.country())) {
        return false;
      }
      for (String sector : organisation.sectors()) {
        if (sectors.contains(sector)) {
          return true;
        }
      }
      return sectors.isEmpty();
    }

    Mention.Antecedent result() {
      Set<String> names = !listed.isEmpty() ? listed : !others.isEmpty() ? others : aside;
      Mention.Antecedent found = names == listed ? known : names == others ? unknown : beside;
      return names.size() != 1 || present(found.mention(), found.sentence(), sentence)
          ? null
          : found;
    }
  }

  private static Mention.Antecedent antecedent(Mention mention, Sentence sentence) {
    return mention.antecedent == null
        ? new Mention.Antecedent(mention, sentence)
        : mention.antecedent;
  }

  private boolean headliner(Mention.Antecedent found) {
    return item.inHeadline(item.key(found.mention(), found.sentence()));
  }

  /** True for one that a sentence tells something of. */
  private static boolean acts(Mention mention, Sentence sentence) {
    return !mention.unnamed
        && !mention.dropped
        && !mention.modifier
        && !mention.attributive
        && !mention.ofDeal
        && mention.preposition < 0
        && !sentence.labels(mention);
  }

  /** True for the name of an organisation: no place, no person, no newspaper, no product. */
  private boolean organisation(Mention mention, Sentence sentence) {
    if (mention.unnamed || mention.dropped || mention.product() || mention.descriptor()) {
      return false;
    }
    return mention.organisation != null
        ? KINDS.contains(mention.organisation.kind())
        : !sentence.placeName(mention) && !sentence.located(mention) && !person(mention, sentence);
  }

  /** A name beside a job, or two words before "said". */
  private boolean person(Mention mention, Sentence sentence) {
    int after = mention.to;
    if (after < sentence.to && sentence.tokens.first(after) == ',') {
      after++;
    }
    while (after < sentence.to && sentence.passage.is(after, classes.article)) {
      after++;
    }
    int before = mention.from - 1;
    boolean pair = mention.to - mention.from == 2;
    return sentence.passage.is(before, classes.title | classes.judge)
        || (before >= sentence.from
            && sentence.tokens.first(before) == ','
            && sentence.passage.is(before - 1, classes.title))
        || sentence.passage.is(after, classes.title)
        || (pair
            && (sentence.passage.is(mention.to, classes.quote)
                || sentence.passage.is(before, classes.quote)));
  }

  /** True where the sentence itself names the same one. */
  private boolean present(Mention mention, Sentence before, Sentence sentence) {
    String key = item.key(mention, before);
    for (Mention other : sentence.madeSoFar()) {
      if (other.organisation != null
          && other.antecedent == null
          && key.equals(item.key(other, sentence))) {
        return true;
      }
    }
    Mention name = mention.antecedent == null ? mention : mention.antecedent.mention();
    Sentence where = mention.antecedent == null ? before : mention.antecedent.sentence();
    int first = where.tokens.word(name.from);
    String folded = first < 0 ? where.tokens.folded(name.from) : null;
    for (int i = sentence.from; i < sentence.to; i++) {
      if (sentence.tokens.is(i, Tokens.CAPITAL)
          && (first >= 0 ? sentence.tokens.word(i) == first : sentence.tokens.is(i, folded))) {
        return true;
      }
    }
    return false;
  }
}
