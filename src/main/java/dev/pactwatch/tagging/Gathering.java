package dev.pactwatch.tagging;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which event a finding tells of: one that is known from another sentence, or a new one. */
final class Gathering {

  /**
   * More than any news item tells of. Every sentence is held against every event so far, so a text
   * made of thousands must not cost the square of its length.
   */
  private static final int MOST_EVENTS = 32;

  /** Weight from which a rule tells of the sentence's own news. */
  private static final int MAIN = 14;

  /** Sentences of an item in which the parties of its main event are named. */
  private static final int REPORT = 8;

  /** Words after a verb in which the head of its object stands. */
  private static final int OBJECT = 5;

  private static final Comparator<Finding> SUREST =
      Comparator.comparing((Finding each) -> each.outer)
          .thenComparing(each -> each.noun && !each.identifies())
          .thenComparingInt(each -> -each.weight());

  private final Item item;
  private final Classes classes;
  private final Market market;
  private final Sums sums;
  private final DealTerms terms;

  Gathering(Item item, Classes classes, Market market, Sums sums, DealTerms terms) {
    this.item = item;
    this.classes = classes;
    this.market = market;
    this.sums = sums;
    this.terms = terms;
  }

  void place(List<Finding> findings, int zone, List<Draft> drafts) {
    Finding top = top(findings);
    Sentence sentence = top.sentence;
    Draft target = null;
    for (Draft draft : drafts) {
      if (draft.type == top.frame.type
          && shares(draft, findings)
          && !(draft.first.sentence == sentence && top.status != draft.first.status)
          && !rivals(draft, findings)) {
        target = draft;
        break;
      }
    }
    if (target == null && zone < REPORT) {
      target =
          top.frame.type == EventType.LITIGATION
              ? completed(drafts, findings)
              : completedDeal(drafts, findings, top);
    }
    boolean fresh = target == null;
    if (fresh) {
      if (top.status == null || drafts.size() >= MOST_EVENTS) {
        return;
      }
      target = new Draft(top);
      boolean main =
          Draft.any(drafts, top.frame.type)
              && (top.frame.type == EventType.LITIGATION
                  || sentence.passage == item.body
                  || named(findings) < 2
                  || (sentence.passage.classes(top.from - 1, Math.min(sentence.to, top.to + 2))
                          & classes.stays)
                      != 0);
      target.deep = zone > 4 && !item.headlined(findings);
      target.background = main || target.deep;
      if (target.background) {
        target.backgroundSpan = new Draft.Span(sentence.passage, sentence.from, sentence.to, null);
      }
      drafts.add(target);
    }
    boolean same = fresh || target.first.sentence == sentence;
    findings.sort(SUREST);
    Finding main =
        top.frame.type == EventType.LITIGATION && findings.size() > 1 ? main(findings) : null;
    for (Finding finding : findings) {
      if (finding.frame.status == Status.SETTLED
          || (finding.outer && finding.frame.type == EventType.LITIGATION)) {
        mutual(finding);
      }
      target.findings.add(finding);
      Status status = finding.reported();
      int weight = same ? finding.weight() + 100 : finding.weight();
      boolean aside =
          main != null
              && finding != main
              && status != Status.SETTLED
              && status != Status.DISMISSED
              && subordinate(finding, main);
      if (status != null
          && !aside
          && ((weight > target.statusWeight && (same || target.statusWeight < 105))
              || (!same && zone < REPORT && closer(target, finding, status)))) {
        target.status = status;
        target.statusWeight = weight;
        target.statusSpan =
            new Draft.Span(sentence.passage, finding.from, finding.to, finding.frame.rule.id());
      }
      if (!finding.outer || target.members.isEmpty()) {
        join(target, finding, same);
      }
    }
    if (same || target.type == EventType.LITIGATION || sentence.passage != item.body) {
      sums.reported(target, sentence);
    }
    terms.attributes(target, sentence, true);
  }

  /**
   * "Acme stays with Globex. They have lengthened the deal": what was agreed is told more closely.
   */
  private boolean closer(Draft target, Finding finding, Status status) {
    if (target.status != Status.AGREED
        || target.background
        || finding.history
        || (status != Status.EXPANDED && status != Status.AMENDED)) {
      return false;
    }
    // What is extended has to be the deal: a service may be, too.
    int end = Math.min(finding.to + OBJECT, finding.sentence.to);
    return finding.noun
        || (finding.sentence.passage.classes(finding.to, end) & classes.dealObject) != 0;
  }

  /** The first with a status: what only tells who is who, however surely, reports no event. */
  private static Finding top(List<Finding> findings) {
    for (Finding finding : findings) {
      if (finding.status != null) {
        return finding;
      }
    }
    return findings.get(0);
  }

  /**
   * "Acme and Globex settle", "Acme, Globex in new suit": who sued whom is for other words to tell.
   */
  private static void mutual(Finding finding) {
    int named = 0;
    int group = -1;
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      Mention mention = each.getKey();
      if (each.getValue() == Role.PLAINTIFF
          || (named > 0 && !mention.unnamed && mention.group != group)) {
        return;
      }
      if (!mention.unnamed) {
        group = mention.group;
        named++;
      }
    }
    if (named > 1) {
      finding.parties.replaceAll((mention, role) -> Role.PARTY);
    }
  }

  /** The first verb that tells surely what happened. */
  private static Finding main(List<Finding> findings) {
    Finding main = null;
    for (Finding finding : findings) {
      if (finding.status != null
          && !finding.noun
          && finding.weight() >= MAIN
          && (main == null || finding.from < main.from)) {
        main = finding;
      }
    }
    return main;
  }

  /** True for what stands in a clause behind the main one: "... after Acme had sued". */
  private boolean subordinate(Finding finding, Finding main) {
    Sentence sentence = main.sentence;
    for (int i = main.to; i < finding.from; i++) {
      if (sentence.passage.is(i, classes.cut) && !sentence.passage.is(i, classes.relative)) {
        return true;
      }
    }
    return false;
  }

  /**
   * "Zibbo will not buy from Acme": what is denied names the parties of a denial that lacks them.
   */
  void deny(List<Finding> denied, List<Draft> drafts) {
    for (Draft draft : drafts) {
      if (draft.type == EventType.CLOUD_PARTNERSHIP
          && draft.status == Status.DENIED
          && draft.named() < 2
          && shares(draft, denied)) {
        for (Finding finding : denied) {
          join(draft, finding, false);
        }
        return;
      }
    }
  }

  /** The main suit, where it lacks the side that these findings name and they name no other. */
  private static Draft completed(List<Draft> drafts, List<Finding> findings) {
    for (Draft draft : drafts) {
      if (draft.type != EventType.LITIGATION || draft.background) {
        continue;
      }
      boolean plaintiff = draft.has(Role.PLAINTIFF);
      if (!plaintiff && !draft.has(Role.DEFENDANT) && draft.named() < 2) {
        return draft;
      }
      if (plaintiff == draft.has(Role.DEFENDANT)) {
        return null;
      }
      Role missing = plaintiff ? Role.DEFENDANT : Role.PLAINTIFF;
      for (Finding finding : findings) {
        for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
          if (!each.getKey().unnamed
              && each.getValue() != missing
              && each.getValue() != Role.PARTY) {
            return null;
          }
        }
      }
      return draft;
    }
    return null;
  }

  /**
   * The main deal, where it lacks those who sell and these findings name nobody else, or lacks who
   * buys and they name nobody who sells.
   */
  private Draft completedDeal(List<Draft> drafts, List<Finding> findings, Finding top) {
    Draft deal = null;
    for (Draft draft : drafts) {
      if (draft.type == EventType.CLOUD_PARTNERSHIP && !draft.background) {
        deal = draft;
        break;
      }
    }
    boolean ending = top.status == Status.ENDED;
    Passage passage = top.sentence.passage;
    boolean stays = (passage.classes(top.from - 3, top.from) & classes.stays) != 0;
    if (deal == null || stays || deal.named() > 1 || ending != (deal.status == Status.ENDED)) {
      return null;
    }
    boolean sold = !market.none(deal, null) || deal.has(Role.PROVIDER);
    boolean any = false;
    for (Finding finding : findings) {
      for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
        Mention mention = each.getKey();
        if (!mention.unnamed) {
          boolean sells =
              each.getValue() == Role.PROVIDER
                  || (each.getValue() == Role.PARTNER
                      && market.sells(finding.sentence.passage, mention));
          if (deal.named() == 1 && sells == sold) {
            return null;
          }
          any |= sells;
        }
      }
    }
    return any || sold ? deal : null;
  }

  /** True where the sellers of clouds differ: another deal. */
  private boolean rivals(Draft draft, List<Finding> findings) {
    if (draft.type != EventType.CLOUD_PARTNERSHIP) {
      return draft.has(Role.PLAINTIFF)
          && draft.has(Role.DEFENDANT)
          && (stranger(draft, findings, Role.PLAINTIFF)
              || stranger(draft, findings, Role.DEFENDANT));
    }
    boolean sold = false;
    for (Finding finding : findings) {
      for (Mention mention : finding.parties.keySet()) {
        if (!mention.unnamed && market.sells(finding.sentence.passage, mention)) {
          sold = true;
          if (draft.members.containsKey(item.key(mention, finding.sentence))) {
            return false;
          }
        }
      }
    }
    return sold && !market.none(draft, null);
  }

  /** True where all who sue, or all who are sued, are no parties of this suit. */
  private boolean stranger(Draft draft, List<Finding> findings, Role role) {
    boolean any = false;
    for (Finding finding : findings) {
      for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
        if (each.getValue() == role && !each.getKey().unnamed) {
          Draft.Member member = draft.members.get(item.key(each.getKey(), finding.sentence));
          if (member != null && member.role == role) {
            return false;
          }
          any |= member == null;
        }
      }
    }
    return any;
  }

  private boolean shares(Draft draft, List<Finding> findings) {
    boolean any = false;
    for (Finding finding : findings) {
      for (Mention mention : finding.parties.keySet()) {
        if (!mention.unnamed) {
          any = true;
          if (draft.members.containsKey(item.key(mention, finding.sentence))) {
            return true;
          }
        }
      }
    }
    return !any || draft.named() == 0;
  }

  private static int named(List<Finding> findings) {
    Set<Mention> named = new HashSet<>();
    for (Finding finding : findings) {
      for (Mention mention : finding.parties.keySet()) {
        if (!mention.unnamed) {
          named.add(mention);
        }
      }
    }
    return named.size();
  }

  private void join(Draft draft, Finding finding, boolean same) {
    if (draft.type == EventType.CLOUD_PARTNERSHIP && draft.named() > 1) {
      boolean own = false;
      for (Mention mention : finding.parties.keySet()) {
        own |= draft.members.containsKey(item.key(mention, finding.sentence));
      }
      if (!own) {
        return;
      }
    }
    boolean complete = draft.type == EventType.CLOUD_PARTNERSHIP && draft.named() > 1;
    Set<Role> taken = EnumSet.noneOf(Role.class);
    for (Draft.Member member : draft.members.values()) {
      if (!member.unnamed) {
        taken.add(member.role);
      }
    }
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      Mention mention = each.getKey();
      String key = item.key(mention, finding.sentence);
      Draft.Member member = draft.members.get(key);
      if (member != null && across(member, mention, finding)) {
        key = mention.organisation.id() + "'";
        member = draft.members.get(key);
      }
      if (member != null) {
        if (member.guessed && finding.identifies() && each.getValue() != Role.PARTY) {
          member.role = each.getValue();
          member.guessed = false;
        }
        if (member.role == Role.PARTY
            && (member.sentence == finding.sentence || draft.type == EventType.LITIGATION)) {
          member.role = each.getValue();
        }
        continue;
      }
      if (!same
          && taken.contains(each.getValue())
          && !(draft.type == EventType.LITIGATION && beside(draft, finding, mention))) {
        continue;
      }
      if (!same && complete) {
        continue;
      }
      Draft.Member joined =
          new Draft.Member(
              item.name(mention, finding.sentence),
              each.getValue(),
              mention,
              finding.sentence,
              finding.frame.rule.id());
      joined.guessed = finding.frame.status == Status.APPEALED;
      draft.members.put(key, joined);
    }
    if (draft.type == EventType.LITIGATION && finding.identifies()) {
      contradict(draft, finding);
    }
  }

  /** "Acme appeals ... the verdict against Globex": it was not Acme that had been sued. */
  private void contradict(Draft draft, Finding finding) {
    for (Draft.Member member : draft.members.values()) {
      if (member.guessed
          && finding.parties.containsValue(member.role)
          && !draft.any(each -> !each.guessed && each.role != member.role)) {
        member.role = member.role == Role.DEFENDANT ? Role.PLAINTIFF : Role.DEFENDANT;
        member.guessed = false;
      }
    }
  }

  /** True in "against X and Y" where X is a party already. */
  private boolean beside(Draft draft, Finding finding, Mention mention) {
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      if (!each.getKey().equals(mention)
          && each.getKey().group == mention.group
          && !each.getKey().unnamed) {
        Draft.Member member = draft.members.get(item.key(each.getKey(), finding.sentence));
        if (member != null
            && member.sentence != finding.sentence
            && member.role == finding.parties.get(mention)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A parent that deals with its own unit is another party, not the same one named twice. */
  private static boolean across(Draft.Member member, Mention mention, Finding finding) {
    if (member.sentence != finding.sentence
        || mention.organisation == null
        || mention.organisation.id().equals(member.organisation)
        || mention.group == member.mention.group
        || !finding.parties.containsKey(member.mention)) {
      return false;
    }
    for (Mention other : finding.parties.keySet()) {
      String id = other.organisation == null ? null : other.organisation.id();
      if (!mention.organisation.id().equals(id) && !member.mention.organisation.id().equals(id)) {
        return false;
      }
    }
    return true;
  }
}
