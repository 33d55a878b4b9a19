package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Rule;
import dev.pactwatch.tagging.Weights.Term;
import java.util.Map;

/** What can be observed of an event, for its weights to judge it by. */
final class Observation {

  /** How far behind an anchor is looked for what it is about. */
  private static final int REACH = 10;

  /** Sentences of a body that open it. */
  private static final int OPENING = 3;

  private final Item item;
  private final Classes classes;
  private final Market market;
  private final Deals deals;

  Observation(Item item, Classes classes, Market market, Deals deals) {
    this.item = item;
    this.classes = classes;
    this.market = market;
    this.deals = deals;
  }

  /** Parties that the report itself names, a group without a name counted as one. */
  int parties(Draft draft) {
    int named = 0;
    int unnamed = 0;
    for (Draft.Member member : draft.members.values()) {
      if (member.told == draft.first.sentence || member.sentence.passage != item.body) {
        named += member.unnamed || (member.role == Role.PROVIDER && member.mention.place()) ? 0 : 1;
        unnamed = member.unnamed ? 1 : unnamed;
      }
    }
    return named + unnamed;
  }

  /**
   * What can be observed of an event, as bits of {@link Weights.Term}.
   *
   * @param parties that the report itself names
   */
  long observed(Draft draft, int parties, boolean suit) {
    Sentence sentence = draft.first.sentence;
    long bits =
        Weights.bit(
            sentence.passage == item.headline
                ? Term.IN_HEADLINE
                : sentence.passage == item.summary
                    ? Term.IN_SUMMARY
                    : sentence.number < OPENING ? Term.IN_LEAD : Term.IN_BODY);
    int listed = 0;
    int sellers = 0;
    int buyers = 0;
    for (Map.Entry<String, Draft.Member> each : draft.members.entrySet()) {
      Draft.Member member = each.getValue();
      if (member.unnamed) {
        bits |= Weights.bit(Term.UNNAMED);
        continue;
      }
      if (sentence.passage != item.headline && item.inHeadline(each.getKey())) {
        bits |= Weights.bit(Term.HEADLINE_PARTY);
      }
      boolean known = member.organisation != null;
      listed += known ? 1 : 0;
      bits |= known ? 0 : Weights.bit(Term.UNLISTED);
      bits |= member.mention.attributive ? Weights.bit(Term.ATTRIBUTIVE) : 0;
      if (draft.type == EventType.LITIGATION) {
        continue;
      }
      if (market.seller(member)) {
        sellers++;
        bits |= Weights.bit(market.unit(member) ? Term.CLOUD_UNIT : Term.SELLER);
      } else {
        buyers++;
        bits |= Weights.bit(known ? Term.LISTED_BUYER : Term.UNLISTED_BUYER);
      }
    }
    bits |=
        Weights.bit(listed > 1 ? Term.TWO_LISTED : listed > 0 ? Term.ONE_LISTED : Term.NONE_LISTED);
    if (draft.type == EventType.CLOUD_PARTNERSHIP) {
      bits |=
          sellers == 0
              ? Weights.bit(Term.NO_SELLER)
              : sellers > 1 ? Weights.bit(Term.TWO_SELLERS) : 0;
      bits |= buyers == 0 ? Weights.bit(Term.NO_BUYER) : 0;
    }
    int named = draft.named();
    bits |=
        named == 1 ? Weights.bit(Term.ONE_PARTY) : named > 2 ? Weights.bit(Term.THREE_PARTIES) : 0;
    Rule rule = draft.first.frame.rule;
    bits |= parties < rule.parties() ? Weights.bit(Term.TOO_FEW) : 0;
    bits |= draft.amount != null ? Weights.bit(Term.AMOUNT) : 0;
    bits |= draft.exclusivity != Exclusivity.NONE ? Weights.bit(Term.EXCLUSIVITY) : 0;
    bits |= draft.first.planned ? Weights.bit(Term.PLANNED) : 0;
    bits |= draft.first.talks ? Weights.bit(Term.TALKS) : 0;
    bits |= draft.first.outer ? Weights.bit(Term.OUTER) : 0;
    bits |= rule.fallback() ? Weights.bit(Term.FALLBACK) : 0;
    bits |= draft.first.noun ? Weights.bit(Term.NOUN) : 0;
    for (Finding finding : draft.findings) {
      if (finding.sentence != sentence) {
        bits |= Weights.bit(Term.REPEATED);
      } else if (finding != draft.first) {
        bits |= Weights.bit(Term.CONFIRMED);
      }
    }
    long clouds = classes.strongCloud | classes.cloudUnit;
    boolean beside =
        (sentence.passage != item.headline && (item.headline.all & clouds) != 0)
            || (sentence.passage != item.summary && (item.summary.all & clouds) != 0);
    if (draft.type == EventType.CLOUD_PARTNERSHIP) {
      bits |= beside ? Weights.bit(Term.CLOUD_BESIDE) : 0;
      bits |= suit ? Weights.bit(Term.SUIT_BESIDE) : 0;
      bits |= sidesOf(draft, sellers, buyers);
    }
    return bits;
  }

  private long after(Finding finding) {
    Sentence sentence = finding.sentence;
    Passage passage = sentence.passage;
    long bits = 0;
    boolean object = true;
    for (int i = finding.to; i < Math.min(sentence.to, finding.to + REACH); i++) {
      if (sentence.cuts(i)) {
        break;
      }
      object &= !passage.is(i, classes.preposition);
      boolean seller = passage.is(i, classes.cloudCompany | classes.cloudUnit);
      if (object) {
        bits |= passage.is(i, classes.strongCloud) ? Weights.bit(Term.OBJECT_CLOUD) : 0;
        bits |= passage.is(i, classes.dealObject) ? Weights.bit(Term.OBJECT_DEAL) : 0;
        bits |= seller ? Weights.bit(Term.OBJECT_SELLER) : 0;
      } else {
        bits |= seller ? Weights.bit(Term.PREPOSITION_SELLER) : 0;
      }
    }
    return bits;
  }

  private long sidesOf(Draft draft, int sellers, int buyers) {
    Finding first = draft.first;
    Passage passage = first.sentence.passage;
    long bits = 0;
    boolean provider = false;
    boolean customer = false;
    for (Map.Entry<Mention, Role> each : first.parties.entrySet()) {
      provider |= each.getValue() == Role.PROVIDER;
      customer |= each.getValue() == Role.CUSTOMER;
      if (each.getValue() == Role.PROVIDER
          && (passage.classes(each.getKey().from, each.getKey().to) & classes.cloudUnit) != 0) {
        bits |= Weights.bit(Term.UNIT_IN_PLACE);
      }
    }
    bits |= provider && customer ? Weights.bit(Term.BOTH_SIDES) : 0;
    boolean unit = false;
    for (Draft.Member member : draft.members.values()) {
      unit |= market.unit(member);
    }
    bits |= sellers > 0 && buyers > 0 ? Weights.bit(Term.SELLER_AND_BUYER) : 0;
    bits |= unit && buyers > 0 ? Weights.bit(Term.UNIT_AND_BUYER) : 0;
    if ((first.sentence.all() & classes.strongCloud) != 0) {
      bits |= Weights.bit(sellers > 0 ? Term.CLOUD_WORD_AND_SELLER : Term.CLOUD_WORD_ALONE);
    }
    bits |= after(first);
    boolean unsure =
        first.frame.rule.fallback()
            && !draft.any(
                each ->
                    each.role == Role.CUSTOMER
                        && each.organisation != null
                        && !market.seller(each)
                        && !each.mention.attributive
                        && !each.mention.ofDeal
                        && !each.mention.authority()
                        && each.sentence.passage == item.headline);
    bits |= unsure ? Weights.bit(Term.FALLBACK_UNSURE) : 0;
    bits |= deals.buysCompany(first.sentence) ? Weights.bit(Term.BUYS_COMPANY) : 0;
    long beside =
        passage.classes(
            Math.max(first.sentence.from, first.from - 2),
            Math.min(first.sentence.to, first.to + 4));
    return bits | ((beside & classes.strongCloud) != 0 ? Weights.bit(Term.CLOUD_AT_ANCHOR) : 0);
  }
}
