package dev.pactwatch.tagging;

import dev.pactwatch.text.Tokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is true of cloud partnerships alone: who provides, who buys, and which deal is which. */
final class Deals {

  /** Sentences of a body that open it. */
  private static final int OPENING = 3;

  private final Item item;
  private final Classes classes;
  private final Market market;
  private final Sums sums;

  Deals(Item item, Classes classes, Market market, Sums sums) {
    this.item = item;
    this.classes = classes;
    this.market = market;
    this.sums = sums;
  }

  /** "X sues Y and Z over their cloud deal": who sues is no party of the deal. */
  void overDeal(List<Finding> findings) {
    boolean suit = false;
    boolean deal = false;
    for (Finding finding : findings) {
      suit |= finding.frame.type == EventType.LITIGATION;
      deal |= finding.frame.type == EventType.CLOUD_PARTNERSHIP;
    }
    if (!suit || !deal) {
      return;
    }
    Set<String> plaintiffs = new HashSet<>();
    Set<String> defendants = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.frame.type == EventType.LITIGATION && !finding.denied()) {
        finding.parties.forEach(
            (mention, role) -> {
              Set<String> side =
                  role == Role.PLAINTIFF ? plaintiffs : role == Role.DEFENDANT ? defendants : null;
              if (side != null && !mention.unnamed) {
                side.add(item.key(mention, finding.sentence));
              }
            });
      }
    }
    if (plaintiffs.isEmpty() || defendants.size() < 2) {
      return;
    }
    findings.removeIf(
        finding -> {
          if (finding.frame.type == EventType.CLOUD_PARTNERSHIP) {
            finding
                .parties
                .keySet()
                .removeIf(mention -> plaintiffs.contains(item.key(mention, finding.sentence)));
            return finding.parties.isEmpty();
          }
          return false;
        });
  }

  /** "weighs moving from X to Y": while they talk, nothing has ended with X. */
  void stillOpen(List<Finding> findings) {
    Set<String> courted = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.status != Status.ENDED && finding.reported() == Status.IN_TALKS) {
        courted.addAll(providers(finding));
      }
    }
    if (courted.isEmpty()) {
      return;
    }
    Set<String> left = new HashSet<>();
    for (int i = findings.size() - 1; i >= 0; i--) {
      if (findings.get(i).status == Status.ENDED) {
        Set<String> sellers = providers(findings.get(i));
        if (!sellers.isEmpty() && !courted.containsAll(sellers)) {
          left.addAll(sellers);
          findings.remove(i);
        }
      }
    }
    courted.removeAll(left);
    if (courted.isEmpty()) {
      return;
    }
    for (Finding finding : findings) {
      finding
          .parties
          .keySet()
          .removeIf(mention -> left.contains(item.key(mention, finding.sentence)));
    }
  }

  /** "X leaves Y and signs Z" is two events: what begins is told apart from what ends. */
  List<Finding> successor(List<Finding> findings) {
    if (findings.get(0).status != Status.ENDED || findings.size() < 2) {
      return List.of();
    }
    List<Finding> next = new ArrayList<>();
    Set<String> left = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.status == Status.ENDED) {
        left.addAll(providers(finding));
      }
    }
    for (Finding finding : findings) {
      if (finding.status == Status.AGREED && finding.weight() > 5) {
        Set<String> providers = providers(finding);
        if (!providers.isEmpty() && Collections.disjoint(providers, left)) {
          next.add(finding);
        }
      }
    }
    return next;
  }

  /** Keys of those parties of a finding that sell clouds or stand in the provider's place. */
  private Set<String> providers(Finding finding) {
    Set<String> keys = new HashSet<>();
    finding.parties.forEach(
        (mention, role) -> {
          if (!mention.unnamed
              && (role == Role.PROVIDER || market.sells(finding.sentence.passage, mention))) {
            keys.add(item.key(mention, finding.sentence));
          }
        });
    return keys;
  }

  /** Who leaves is also who signs anew. */
  void inherit(List<Finding> ended, List<Finding> next) {
    for (Finding finding : ended) {
      finding.parties.forEach(
          (mention, role) -> {
            if (role != Role.PROVIDER && !market.sells(finding.sentence.passage, mention)) {
              next.get(0).parties.putIfAbsent(mention, role);
            }
          });
    }
  }

  /**
   * Finds out who provides and who buys.
   *
   * @return how many parties headline and summary name where the report lacks one, else 0
   */
  int complete(Draft draft) {
    trim(draft);
    int parties = fill(draft);
    roles(draft);
    trim(draft);
    return parties;
  }

  /** Takes a side that the report leaves open from the headline and the summary. */
  private int fill(Draft draft) {
    int sellers = 0;
    int others = 0;
    for (Draft.Member member : draft.members.values()) {
      sellers += !member.unnamed && market.seller(member) ? 1 : 0;
      others += !member.unnamed && !market.seller(member) ? 1 : 0;
    }
    if (draft.background || (sellers > 0 && others > 0) || draft.named() != 1) {
      return 0;
    }
    for (Passage passage : item.passages) {
      int last = passage == item.body ? 2 : passage.tokens.sentences();
      for (int number = 0; number < Math.min(last, passage.tokens.sentences()); number++) {
        Sentence sentence = item.sentence(passage, number);
        for (Mention mention : sentence.mentions) {
          if (mention.unnamed
              || mention.dropped
              || mention.modifier
              || mention.attributive
              || mention.product()
              || mention.unlisted()
              || (mention.place() && sentence.located(mention))
              || (mention.place() && (mention.preposition >= 0 || passage != item.headline))
              || (passage == item.body && mention.preposition >= 0)
              || (mention.to < sentence.to && sentence.tokens.is(mention.to, Tokens.HAS_DIGIT))
              || mention.organisation.kind().equals("media")
              || mention.organisation.kind().equals("person")) {
            continue;
          }
          boolean seller = market.sells(passage, mention);
          if (draft.named() > 1 && (seller ? sellers > 0 : others > 0)) {
            continue;
          }
          String key = item.key(mention, sentence);
          if (!draft.members.containsKey(key)) {
            draft.members.put(
                key,
                new Draft.Member(
                    item.name(mention, sentence),
                    seller ? Role.PROVIDER : Role.CUSTOMER,
                    mention,
                    sentence,
                    null));
            others += seller ? 0 : 1;
            sellers += seller && passage != item.summary ? 1 : 0;
          }
        }
        if (draft.named() > 1) {
          return passage == item.summary ? draft.named() : 0;
        }
      }
    }
    return 0;
  }

  /** Takes out what a cloud partnership cannot have as a party: places that sell, programmes. */
  private static void trim(Draft draft) {
    int group = -1;
    for (Draft.Member member : draft.members.values()) {
      if (member.role == Role.CUSTOMER && member.organisation != null) {
        group = member.mention.group;
        break;
      }
    }
    int customers = group;
    draft
        .members
        .values()
        .removeIf(
            each ->
                (each.role == Role.PROVIDER && each.mention.place())
                    || (each.mention.organisation != null
                        && each.mention.organisation.kind().equals("person"))
                    || (each.mention.unlisted() && each.name.length() < 3)
                    || (each.role == Role.CUSTOMER
                        && customers >= 0
                        && each.mention.unlisted()
                        && each.mention.group != customers));
  }

  /**
   * Where one side sells clouds and the other does not, "partner" becomes provider and customer.
   */
  private void roles(Draft draft) {
    int sellers = 0;
    int others = 0;
    for (Draft.Member member : draft.members.values()) {
      if (draft.type == EventType.LITIGATION) {
        continue;
      }
      if (market.seller(member)) {
        sellers++;
      } else if (!member.unnamed) {
        others++;
      }
    }
    boolean told = sellers > 0 && others > 0;
    boolean mutual = draft.first.frame.rule.mutual();
    boolean resold = (draft.first.sentence.all() & classes.resale) != 0;
    if (mutual && !draft.any(each -> each.role != Role.PARTNER)) {
      for (Draft.Member member : draft.members.values()) {
        member.role = market.unit(member) ? Role.PROVIDER : Role.PARTNER;
      }
      return;
    }
    if (told && !draft.has(Role.CUSTOMER) && !draft.has(Role.PARTNER)) {
      for (Draft.Member member : draft.members.values()) {
        member.role = market.seller(member) ? Role.PROVIDER : Role.CUSTOMER;
      }
    }
    if (sellers > 1 && others == 0 && !draft.first.frame.rule.sure()) {
      int highest = 0;
      int lowest = Integer.MAX_VALUE;
      for (Draft.Member member : draft.members.values()) {
        highest = Math.max(highest, market.rank(member));
        lowest = Math.min(lowest, market.rank(member));
      }
      if (highest > lowest) {
        for (Draft.Member member : draft.members.values()) {
          member.role = market.rank(member) == highest ? Role.PROVIDER : Role.CUSTOMER;
        }
      }
    }
    for (Draft.Member member : draft.members.values()) {
      if (member.role == Role.PARTNER) {
        if (told) {
          boolean provides = market.seller(member) || besideSeller(draft, member);
          member.role = provides ? Role.PROVIDER : resold ? Role.PARTNER : Role.CUSTOMER;
        } else if (draft.has(Role.PROVIDER) != draft.has(Role.CUSTOMER)) {
          member.role = draft.has(Role.PROVIDER) ? Role.CUSTOMER : Role.PROVIDER;
        } else if (draft.named() == 1 && !member.unnamed) {
          member.role = market.seller(member) ? Role.PROVIDER : Role.CUSTOMER;
        }
      }
    }
    boolean swapped =
        !draft.first.frame.rule.sure()
            && draft.any(
                member ->
                    member.role == Role.CUSTOMER
                        && ((market.seller(member) && market.none(draft, Role.PROVIDER))
                            || market.unit(member)));
    if (swapped && told) {
      for (Draft.Member member : draft.members.values()) {
        member.role = market.seller(member) ? Role.PROVIDER : Role.CUSTOMER;
      }
    }
  }

  /** "in talks with Acme, Globex and Zibbo": who stands in a row with sellers and has no list. */
  private boolean besideSeller(Draft draft, Draft.Member member) {
    for (Draft.Member other : draft.members.values()) {
      if (member.mention.unlisted()
          && other.sentence == member.sentence
          && other.mention.group == member.mention.group
          && market.seller(other)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a deal that is told of below the headline is current or history: one between two
   * parties who are sued together is what the suit is about; one between those who sue and are sued
   * is history unless it ended.
   */
  void judge(Draft deal, List<Draft> drafts) {
    Draft suit = null;
    for (Draft draft : drafts) {
      if (draft.type == EventType.LITIGATION && !draft.background) {
        suit = draft;
        break;
      }
    }
    if (deal.any(each -> each.sentence.passage == item.headline)) {
      return;
    }
    if (suit == null) {
      boolean below =
          deal.first.sentence.passage == item.body && deal.first.sentence.number >= OPENING;
      deal.background |= below && deal.members.keySet().stream().noneMatch(item::inHeadline);
      return;
    }
    int defendants = 0;
    int plaintiffs = 0;
    for (String key : deal.members.keySet()) {
      Draft.Member member = suit.members.get(key);
      if (member != null) {
        defendants += member.role == Role.DEFENDANT ? 1 : 0;
        plaintiffs += member.role == Role.PLAINTIFF ? 1 : 0;
      }
    }
    if (defendants > 1) {
      deal.background = false;
      deal.backgroundSpan = null;
      attacked(deal, suit);
    } else if (defendants > 0
        && plaintiffs == 0
        && (item.headline.all & (classes.strongCloud | classes.dealObject)) != 0) {
      deal.background = false;
      deal.backgroundSpan = null;
    } else if (deal.status != Status.ENDED) {
      deal.background = true;
      deal.backgroundSpan =
          new Draft.Span(
              deal.first.sentence.passage, deal.first.sentence.from, deal.first.sentence.to, null);
    } else if (plaintiffs > 0 && defendants > 0) {
      deal.background = false;
      deal.backgroundSpan = null;
    }
  }

  /** The size of a deal that a suit attacks often stands with the suit. */
  private void attacked(Draft deal, Draft suit) {
    for (Finding finding : suit.findings) {
      sums.reported(deal, finding.sentence);
    }
  }

  /** "buys cloud firm Acme", "to acquire Acme", not "buys capacity from Acme". */
  boolean buysCompany(Sentence sentence) {
    for (Mention mention : sentence.mentions) {
      if (mention.unnamed || mention.possessive || mention.attributive || mention.ofDeal) {
        continue;
      }
      int before = mention.from - 1;
      while (before >= sentence.from
          && sentence.passage.is(
              before,
              classes.article | classes.descriptor | classes.nationality | classes.adverb)) {
        before--;
      }
      if (before >= sentence.from && sentence.passage.is(before, classes.takeover)) {
        return true;
      }
      // "pays $2 billion for Acme"
      if (before > sentence.from
          && sentence.tokens.folded(before).equals("for")
          && sentence.passage.is(before - 1, classes.magnitude)
          && (sentence.passage.classes(mention.from, mention.to) & classes.cloudUnit) == 0) {
        return true;
      }
    }
    return false;
  }
}
