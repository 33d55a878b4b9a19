package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import dev.pactwatch.tagging.Weights.Term;
import dev.pactwatch.text.Tokens;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one item: sentences to findings, findings to events. One per thread. */
final class Reading {
  /**
   * More than any news item tells of. Every sentence is held against every event so far, so a text
   * made of thousands must not cost the square of its length.
   */
  private static final int MOST_EVENTS = 32;

  /** How far behind an anchor is looked for what it is about. */
  private static final int REACH = 10;

  /** Sentences of a body that open it. */
  private static final int OPENING = 3;

  /** Between the ranks of topics of two parts of an article. */
  private static final int ZONE = 100;

  /** Sentences of a body in which the parties of its report are named. */
  private static final int REPORT = 5;

  /** Weight of the heaviest rule that tells what happened. */
  private static final int UPPERMOST = 30;

  /** Sentences below the headline that are read together with it. */
  private static final int TOGETHER = 2;

  private static final EventType[] TYPES = EventType.values();

  /** What evidence of the first parties is called. */
  private static final String[] PARTIES = {"parties[0]", "parties[1]", "parties[2]", "parties[3]"};

  private static final Comparator<Finding> HEAVIEST =
      Comparator.comparingInt(each -> -each.weight());

  private static final Comparator<Finding> SUREST =
      Comparator.comparing((Finding each) -> each.outer)
          .thenComparing(each -> each.noun && !identifies(each))
          .thenComparingInt(each -> -each.weight());

  private final Lexicon lexicon;
  private final Classes classes;
  private final Products products;
  private final Matcher matcher;
  private final Passage headline = new Passage("headline");
  private final Passage summary = new Passage("summary");
  private final Passage body = new Passage("body");
  private final Passage[] passages = {headline, summary, body};

  /** By index of the anchor. */
  private final Frame[] frames;

  private final long sellers;

  /** By ordinal of the type. */
  private final Weights[] weights;

  /** Filled with every event that was weighed where somebody asks for them; null otherwise. */
  List<Candidate> candidates;

  /**
   * An event that was weighed.
   *
   * @param sum above zero where it was kept
   * @param terms what was observed, with its weight
   * @param parties as the text has them
   */
  record Candidate(
      EventType type,
      boolean background,
      double sum,
      Map<String, Double> terms,
      List<String> parties) {}

  /** Who is named in the headline. */
  private final Set<String> headliners = new HashSet<>();

  private long lead;

  /** Of the item that is read. */
  private final List<Draft> drafts = new ArrayList<>();

  /** What is found in a sentence of one type of event. */
  private final List<Finding> own = new ArrayList<>();

  Reading(Lexicon lexicon, Classes classes, Matcher matcher, Frame[] frames, Weights[] weights) {
    this.lexicon = lexicon;
    this.weights = weights;
    this.frames = frames;
    this.sellers = classes.cloudCompany | classes.cloudUnit;
    this.classes = classes;
    this.products = new Products(classes);
    this.matcher = matcher;
  }

  List<Event> read(String title, String description, String text, LocalDate day) {
    headline.read(title, lexicon);
    summary.read(description, lexicon);
    body.read(text, lexicon);
    if (headline.anchors + summary.anchors + body.anchors == 0) {
      return List.of();
    }
    lead = lead();
    long item = headline.allCues | summary.allCues | body.allCues;
    long classesOfItem = headline.all | summary.all | body.all;
    List<Draft> drafts = this.drafts;
    drafts.clear();
    boolean clouds = (classesOfItem & (classes.strongCloud | sellers)) != 0;
    boolean begun = false;
    int zone = 0;
    for (Passage passage : passages) {
      int hit = 0;
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        int to = passage.tokens.sentence(number + 1);
        long words = 0;
        long cues = 0;
        boolean known = false;
        boolean anchored = false;
        for (; hit < passage.anchors && passage.anchorFrom[hit] < to; hit++) {
          if (!anchored) {
            if (!known) {
              words = passage.classes(passage.tokens.sentence(number), to);
              cues = passage.cues(passage.tokens.sentence(number), to);
              known = true;
            }
            Frame frame = frames[passage.anchor[hit]];
            anchored =
                Matcher.possible(frame, cues, around(passage, number), item)
                    && (frame.type == EventType.LITIGATION
                        || (clouds
                            && (passage != body
                                || (words & (classes.strongCloud | sellers)) != 0)));
          }
        }
        if (anchored) {
          if (!begun) {
            headliners(day);
            begun = true;
          }
          Sentence sentence = passage.sentence(number, classes, day);
          sentence.around = around(passage, number);
          sentence(sentence, item, zone, drafts);
        }
        zone++;
      }
    }
    if (drafts.isEmpty()) {
      return List.of();
    }
    notAccused(drafts);
    enrich(drafts, day);
    List<Event> events = new ArrayList<>();
    boolean[] kept = new boolean[TYPES.length];
    boolean suit = any(drafts, EventType.LITIGATION);
    for (Draft draft : drafts) {
      int parties = parties(draft);
      if (draft.type == EventType.CLOUD_PARTNERSHIP) {
        trim(draft);
        parties = Math.max(parties, fill(draft, day));
        roles(draft);
        trim(draft);
      } else {
        if (!told(draft)) {
          continue;
        }
        oppose(draft);
        employer(draft);
        complete(draft, day);
        if (draft.named() > 1 && !draft.has(Role.PLAINTIFF) && !draft.has(Role.DEFENDANT)) {
          describe(draft);
        }
        if (draft.named() == 1
            && draft.status == Status.SETTLED
            && !draft.has(Role.PLAINTIFF)
            && draft.members.values().stream().noneMatch(each -> each.role == Role.DEFENDANT)) {
          // Who alone is said to settle is as a rule who was sued.
          draft.members.values().forEach(each -> each.role = Role.DEFENDANT);
        }
        if (draft.members.isEmpty() && draft.first.sentence.passage != headline) {
          continue;
        }
      }
      long observed = observed(draft, parties, suit && draft.type == EventType.CLOUD_PARTNERSHIP);
      Weights weights = this.weights[draft.type.ordinal()];
      Sentence report = draft.first.sentence;
      draft.score = weights.sum(observed, report, draft.first.frame.rule);
      if (candidates != null) {
        candidates.add(
            new Candidate(
                draft.type,
                draft.background,
                draft.score,
                weights.named(observed, report, draft.first.frame.rule),
                draft.members.values().stream().map(each -> each.name).toList()));
      }
      boolean takeover =
          draft.type == EventType.CLOUD_PARTNERSHIP
              && draft.exclusivity == Exclusivity.NONE
              && buysCompany(report);
      if (draft.score <= 0 || takeover) {
        continue;
      }
      if (draft.background && !draft.deep && !kept[draft.type.ordinal()]) {
        // What was thought to be the main event is none.
        draft.background = false;
        draft.backgroundSpan = null;
      }
      kept[draft.type.ordinal()] |= !draft.background;
      if (draft.type == EventType.CLOUD_PARTNERSHIP) {
        judge(draft, drafts);
        product(draft);
      }
      Event event = event(draft);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  /**
   * Headline and lead are read together: "Acme and Globex call a truce" is about a suit where the
   * next sentence speaks of one.
   */
  private long around(Passage passage, int number) {
    if (passage == headline) {
      return lead;
    }
    return number < TOGETHER && (headline.all & classes.inCourt) != 0 ? headline.allCues : 0;
  }

  /** Cues of the sentences right below the headline. */
  private long lead() {
    Passage below = summary.tokens.size() > 0 ? summary : body;
    int sentences = Math.min(TOGETHER, below.tokens.sentences());
    int end = sentences == 0 ? 0 : below.tokens.sentence(sentences);
    return (below.classes(0, end) & classes.inCourt) == 0 ? 0 : below.cues(0, end);
  }

  /** "Acme is not a defendant", "neither is named as a party": who the report says is none. */
  private void notAccused(List<Draft> drafts) {
    if (drafts.stream().noneMatch(each -> each.type == EventType.LITIGATION)) {
      return;
    }
    for (Passage passage : passages) {
      for (int i = 0; i < passage.tokens.size(); i++) {
        if (!passage.is(i, classes.litigant)) {
          continue;
        }
        int no = i - 1;
        while (no > Math.max(0, i - 5) && !passage.is(no, classes.negation)) {
          no--;
        }
        if (no < 0 || !passage.is(no, classes.negation)) {
          continue;
        }
        for (Draft draft : drafts) {
          if (draft.type == EventType.LITIGATION) {
            int end = no;
            draft
                .members
                .values()
                .removeIf(
                    each ->
                        !each.unnamed
                            && each.organisation != null
                            && named(passage, each, Math.max(0, end - 4), end));
          }
        }
      }
    }
  }

  /** True where the organisation of a party is named between two tokens. */
  private static boolean named(Passage passage, Draft.Member member, int from, int to) {
    for (int hit = passage.firstHit(from); hit < passage.hits && passage.hitFrom[hit] < to; hit++) {
      if (passage.hitEntry(hit) instanceof Entry.Named named
          && named.organisation().id().equals(member.organisation)) {
        return true;
      }
    }
    return false;
  }

  /** Looks for sums and exclusivity in sentences that speak of an event without reporting it. */
  private void enrich(List<Draft> drafts, LocalDate day) {
    long wanted =
        classes.exclusive | classes.nonExclusive | classes.firstRefusal | classes.preferred;
    long told = wanted | classes.magnitude;
    for (Passage passage : passages) {
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
            sentence = passage.sentence(number, classes, day);
          }
          boolean legal = (bits & (classes.court | classes.suit | classes.claim)) != 0;
          boolean near =
              passage != body
                  || number < 2
                  || speaksOf(sentence, draft, legal && draft.type == EventType.LITIGATION);
          boolean cloud = draft.type == EventType.CLOUD_PARTNERSHIP;
          if (near
              && cloud
              && (passage != body
                  || (bits & (classes.dealObject | classes.cloud)) != 0
                  || (bits & classes.supplier) != 0)) {
            attributes(draft, sentence, false);
            if (passage != body || (number < 4 && (bits & classes.history) == 0)) {
              amount(draft, sentence);
            }
          } else if (near
              && !cloud
              && (passage != body || (number < 8 && (bits & classes.history) == 0))) {
            amount(draft, sentence);
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
        if (draft.members.containsKey(Draft.key(mention, sentence, lexicon.organisations()))) {
          own++;
        } else if (mention.organisation != null) {
          other++;
        }
      }
    }
    return own > 1 || ((own > 0 || unnamed) && other == 0);
  }

  /**
   * What can be observed of an event, as bits of {@link Weights.Term}.
   *
   * @param parties that the report itself names
   */
  private long observed(Draft draft, int parties, boolean suit) {
    Sentence sentence = draft.first.sentence;
    long bits =
        Weights.bit(
            sentence.passage == headline
                ? Term.IN_HEADLINE
                : sentence.passage == summary
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
      if (sentence.passage != headline && headliners.contains(each.getKey())) {
        bits |= Weights.bit(Term.HEADLINE_PARTY);
      }
      boolean known = member.organisation != null;
      listed += known ? 1 : 0;
      bits |= known ? 0 : Weights.bit(Term.UNLISTED);
      bits |= member.mention.attributive ? Weights.bit(Term.ATTRIBUTIVE) : 0;
      if (draft.type == EventType.LITIGATION) {
        continue;
      }
      if (seller(member)) {
        sellers++;
        bits |= Weights.bit(unit(member) ? Term.CLOUD_UNIT : Term.SELLER);
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
        (sentence.passage != headline && (headline.all & clouds) != 0)
            || (sentence.passage != summary && (summary.all & clouds) != 0);
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

  /** "buys cloud firm Acme", "to acquire Acme", not "buys capacity from Acme". */
  private boolean buysCompany(Sentence sentence) {
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
      unit |= unit(member);
    }
    bits |= sellers > 0 && buyers > 0 ? Weights.bit(Term.SELLER_AND_BUYER) : 0;
    bits |= unit && buyers > 0 ? Weights.bit(Term.UNIT_AND_BUYER) : 0;
    if ((first.sentence.all() & classes.strongCloud) != 0) {
      bits |= Weights.bit(sellers > 0 ? Term.CLOUD_WORD_AND_SELLER : Term.CLOUD_WORD_ALONE);
    }
    bits |= after(first);
    boolean unsure =
        first.frame.rule.fallback()
            && draft.members.values().stream()
                .noneMatch(
                    each ->
                        each.role == Role.CUSTOMER
                            && each.organisation != null
                            && !seller(each)
                            && !each.mention.attributive
                            && !each.mention.ofDeal
                            && !each.mention.authority()
                            && each.sentence.passage == headline);
    bits |= unsure ? Weights.bit(Term.FALLBACK_UNSURE) : 0;
    bits |= buysCompany(first.sentence) ? Weights.bit(Term.BUYS_COMPANY) : 0;
    long beside =
        passage.classes(
            Math.max(first.sentence.from, first.from - 2),
            Math.min(first.sentence.to, first.to + 4));
    return bits | ((beside & classes.strongCloud) != 0 ? Weights.bit(Term.CLOUD_AT_ANCHOR) : 0);
  }

  /** Takes a side that the report leaves open from the headline and the summary. */
  private int fill(Draft draft, LocalDate day) {
    int sellers = 0;
    int others = 0;
    for (Draft.Member member : draft.members.values()) {
      sellers += !member.unnamed && seller(member) ? 1 : 0;
      others += !member.unnamed && !seller(member) ? 1 : 0;
    }
    if (draft.background || (sellers > 0 && others > 0) || draft.named() != 1) {
      return 0;
    }
    for (Passage passage : passages) {
      int last = passage == body ? 2 : passage.tokens.sentences();
      for (int number = 0; number < Math.min(last, passage.tokens.sentences()); number++) {
        Sentence sentence = passage.sentence(number, classes, day);
        for (Mention mention : sentence.mentions) {
          if (mention.unnamed
              || mention.dropped
              || mention.modifier
              || mention.attributive
              || mention.product()
              || mention.unlisted()
              || (mention.place() && (mention.preposition >= 0 || passage != headline))
              || (passage == body && mention.preposition >= 0)
              || (mention.to < sentence.to && sentence.tokens.is(mention.to, Tokens.HAS_DIGIT))
              || mention.organisation.kind().equals("media")
              || mention.organisation.kind().equals("person")) {
            continue;
          }
          boolean seller = sells(passage, mention);
          if (draft.named() > 1 && (seller ? sellers > 0 : others > 0)) {
            continue;
          }
          String key = Draft.key(mention, sentence, lexicon.organisations());
          if (!draft.members.containsKey(key)) {
            draft.members.put(
                key,
                new Draft.Member(
                    name(mention, sentence),
                    seller ? Role.PROVIDER : Role.CUSTOMER,
                    mention,
                    sentence,
                    null));
            others += seller ? 0 : 1;
            sellers += seller && passage != summary ? 1 : 0;
          }
        }
        if (draft.named() > 1) {
          return passage == summary ? draft.named() : 0;
        }
      }
    }
    return 0;
  }

  /** Parties that the report itself names, a group without a name counted as one. */
  private int parties(Draft draft) {
    int named = 0;
    int unnamed = 0;
    for (Draft.Member member : draft.members.values()) {
      if (member.sentence == draft.first.sentence || member.sentence.passage != body) {
        named += member.unnamed || (member.role == Role.PROVIDER && member.mention.place()) ? 0 : 1;
        unnamed = member.unnamed ? 1 : unnamed;
      }
    }
    return named + unnamed;
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
   * What the deal is for: a programme, a product of the customer, or what the cloud is to carry.
   */
  private void product(Draft draft) {
    Set<Sentence> read = new LinkedHashSet<>();
    for (Finding finding : draft.findings) {
      read.add(finding.sentence);
    }
    for (Sentence sentence : read) {
      for (Mention mention : sentence.mentions) {
        String key = Draft.key(mention, sentence, lexicon.organisations());
        boolean party = draft.members.containsKey(key);
        boolean own = mention.product() && party && !sells(sentence.passage, mention);
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

  private boolean sells(Passage passage, Mention mention) {
    return (passage.classes(mention.from, mention.to) & (classes.cloudCompany | classes.cloudUnit))
        != 0;
  }

  /** Those who let halls supply those who rent out machines, and these the big clouds. */
  private int rank(Draft.Member member) {
    long bits = member.sentence.passage.classes(member.mention.from, member.mention.to);
    return (bits & classes.landlord) != 0
        ? 3
        : (bits & classes.neocloud) != 0 ? 2 : (bits & classes.cloudUnit) != 0 ? 1 : 0;
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
      if (seller(member)) {
        sellers++;
      } else if (!member.unnamed) {
        others++;
      }
    }
    boolean told = sellers > 0 && others > 0;
    boolean mutual = draft.first.frame.rule.mutual();
    boolean resold = (draft.first.sentence.all() & classes.resale) != 0;
    if (mutual && draft.members.values().stream().allMatch(each -> each.role == Role.PARTNER)) {
      for (Draft.Member member : draft.members.values()) {
        member.role = unit(member) ? Role.PROVIDER : Role.PARTNER;
      }
      return;
    }
    if (told && !draft.has(Role.CUSTOMER) && !draft.has(Role.PARTNER)) {
      for (Draft.Member member : draft.members.values()) {
        member.role = seller(member) ? Role.PROVIDER : Role.CUSTOMER;
      }
    }
    if (sellers > 1 && others == 0 && !draft.first.frame.rule.sure()) {
      int highest = 0;
      int lowest = Integer.MAX_VALUE;
      for (Draft.Member member : draft.members.values()) {
        highest = Math.max(highest, rank(member));
        lowest = Math.min(lowest, rank(member));
      }
      if (highest > lowest) {
        for (Draft.Member member : draft.members.values()) {
          member.role = rank(member) == highest ? Role.PROVIDER : Role.CUSTOMER;
        }
      }
    }
    for (Draft.Member member : draft.members.values()) {
      if (member.role == Role.PARTNER) {
        if (told) {
          member.role = seller(member) ? Role.PROVIDER : resold ? Role.PARTNER : Role.CUSTOMER;
        } else if (draft.has(Role.PROVIDER) != draft.has(Role.CUSTOMER)) {
          member.role = draft.has(Role.PROVIDER) ? Role.CUSTOMER : Role.PROVIDER;
        } else if (draft.named() == 1 && !member.unnamed) {
          member.role = seller(member) ? Role.PROVIDER : Role.CUSTOMER;
        }
      }
    }
    boolean swapped =
        !draft.first.frame.rule.sure()
            && draft.members.values().stream()
                .anyMatch(
                    member ->
                        member.role == Role.CUSTOMER
                            && ((seller(member) && all(draft, Role.PROVIDER)) || unit(member)));
    if (swapped && told) {
      for (Draft.Member member : draft.members.values()) {
        member.role = seller(member) ? Role.PROVIDER : Role.CUSTOMER;
      }
    }
  }

  /** True where nobody in this role sells clouds; nobody at all for null. */
  private boolean all(Draft draft, Role role) {
    for (Draft.Member member : draft.members.values()) {
      if ((role == null || member.role == role) && seller(member)) {
        return false;
      }
    }
    return true;
  }

  private boolean unit(Draft.Member member) {
    return (member.sentence.passage.classes(member.mention.from, member.mention.to)
            & classes.cloudUnit)
        != 0;
  }

  /**
   * Whether a deal that is told of below the headline is current or history: one between two
   * parties who are sued together is what the suit is about; one between those who sue and are sued
   * is history unless it ended.
   */
  private void judge(Draft deal, List<Draft> drafts) {
    Draft suit = null;
    for (Draft draft : drafts) {
      if (draft.type == EventType.LITIGATION && !draft.background) {
        suit = draft;
        break;
      }
    }
    if (deal.members.values().stream().anyMatch(each -> each.sentence.passage == headline)) {
      return;
    }
    if (suit == null) {
      boolean below = deal.first.sentence.passage == body && deal.first.sentence.number >= OPENING;
      deal.background |= below && deal.members.keySet().stream().noneMatch(headliners::contains);
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
        && (headline.all & (classes.strongCloud | classes.dealObject)) != 0) {
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
      amount(deal, finding.sentence);
    }
  }

  private boolean seller(Draft.Member member) {
    return (member.sentence.passage.classes(member.mention.from, member.mention.to)
            & (classes.cloudCompany | classes.cloudUnit))
        != 0;
  }

  /** Whether what was found is enough for a suit. */
  private boolean told(Draft draft) {
    boolean top = draft.first.sentence.passage == headline;
    boolean strong = draft.statusWeight >= (top ? 118 : 120);
    if (strong && !draft.background) {
      return true;
    }
    boolean legal = (draft.first.sentence.all() & classes.inCourt) != 0;
    return !draft.members.isEmpty()
        && ((top && (legal || draft.statusWeight >= 110)) || known(draft));
  }

  /**
   * Below the headline "suits" may be clothes and "files" may be files: a lone capitalised word
   * that no list holds is no litigant there.
   */
  private static boolean known(Draft draft) {
    if (draft.named() > 1) {
      return true;
    }
    for (Draft.Member member : draft.members.values()) {
      if (!member.unnamed && member.organisation != null) {
        return true;
      }
    }
    return false;
  }

  /** Where the role of one side is known, the other side has the opposite one. */
  private void oppose(Draft draft) {
    boolean plaintiff = draft.has(Role.PLAINTIFF);
    boolean defendant = draft.has(Role.DEFENDANT);
    if (plaintiff && defendant) {
      // Who takes the stand is no third party.
      draft.members.values().removeIf(each -> each.role == Role.PARTY && witness(each));
    }
    if (draft.named() > 1 && draft.status == Status.SETTLED && plaintiff != defendant) {
      together(draft);
      plaintiff = draft.has(Role.PLAINTIFF);
      defendant = draft.has(Role.DEFENDANT);
    }
    if (draft.named() > 1 && !plaintiff && !defendant) {
      describe(draft);
      return;
    }
    if (plaintiff != defendant) {
      boolean open = draft.has(Role.PARTY);
      for (Draft.Member member : draft.members.values()) {
        if (member.role == Role.PARTY) {
          member.role = plaintiff ? Role.DEFENDANT : Role.PLAINTIFF;
        }
      }
      if (!open) {
        opponent(draft, plaintiff ? Role.DEFENDANT : Role.PLAINTIFF);
      }
    } else if (!plaintiff && draft.named() == 1) {
      for (Draft.Member member : draft.members.values()) {
        if (member.mention.attributive || member.mention.authority()) {
          member.role = member.mention.authority() ? Role.PLAINTIFF : Role.DEFENDANT;
        }
      }
    }
  }

  /**
   * A side that the report does not name: who is named right below it, where little else can be
   * meant.
   */
  private void complete(Draft draft, LocalDate day) {
    if (draft.background) {
      return;
    }
    for (Passage passage : passages) {
      int last = Math.min(passage.tokens.sentences(), passage == body ? REPORT : TOGETHER);
      for (int number = 0; number < last; number++) {
        boolean plaintiff = draft.has(Role.PLAINTIFF);
        boolean defendant = draft.has(Role.DEFENDANT);
        if ((plaintiff && defendant) || draft.named() > 1) {
          return;
        }
        int from = passage.tokens.sentence(number);
        int to = passage.tokens.sentence(number + 1);
        boolean legal =
            (passage.classes(from, to)
                    & (classes.court | classes.suit | classes.claim | classes.inCourt))
                != 0;
        if (passage == headline
            ? !unreported(draft, passage.sentence(number, classes, day))
            : passage == body && !legal && number > 0) {
          continue;
        }
        Role missing = plaintiff ? Role.DEFENDANT : defendant ? Role.PLAINTIFF : Role.PARTY;
        name(draft, passage.sentence(number, classes, day), missing);
      }
    }
  }

  /**
   * True for a sentence of the headline, beside the report, that names one of the parties, and for
   * the question before a report without names: "Can Acme make Globex pay? Judges hear the case".
   */
  private boolean unreported(Draft draft, Sentence sentence) {
    if (sentence == draft.first.sentence) {
      return false;
    }
    if (draft.members.isEmpty()) {
      return draft.first.sentence.passage == headline;
    }
    for (Mention mention : sentence.mentions) {
      if (draft.members.containsKey(Draft.key(mention, sentence, lexicon.organisations()))) {
        return true;
      }
    }
    return false;
  }

  private void name(Draft draft, Sentence sentence, Role role) {
    int group = -1;
    for (Mention mention : sentence.mentions) {
      if (mention.unnamed
          || mention.dropped
          || mention.attributive
          || mention.ofDeal
          || mention.product()
          || (mention.modifier && !mention.ofLawyer)
          || (mention.place() && mention.preposition >= 0)
          || sentence.labels(mention)
          || (mention.place() && sentence.lower(mention.to))
          || (mention.unlisted() && sentence.describes(mention))
          || (mention.unlisted() && (elsewhere(mention) || person(sentence, mention)))
          || (mention.organisation != null
              && (mention.organisation.kind().equals("media")
                  || mention.organisation.kind().equals("person")))) {
        continue;
      }
      String key = Draft.key(mention, sentence, lexicon.organisations());
      boolean another = group >= 0 && mention.group != group;
      if (draft.members.containsKey(key)
          || (another && (role != Role.PARTY || draft.named() > 1))) {
        continue;
      }
      group = mention.group;
      draft.members.put(
          key, new Draft.Member(name(mention, sentence), role, mention, sentence, null));
    }
  }

  private boolean elsewhere(Mention mention) {
    return mention.preposition >= 0 && (lexicon.classes(mention.preposition) & classes.toward) == 0;
  }

  /** Two capitalised words before "said", or before a job, are a person. */
  private boolean person(Sentence sentence, Mention mention) {
    int after = mention.to;
    if (after < sentence.to && sentence.tokens.first(after) == ',') {
      after++;
    }
    return mention.to - mention.from == 2
        && (sentence.passage.is(mention.to, classes.quote)
            || sentence.passage.is(mention.from - 1, classes.title | classes.quote)
            || sentence.passage.is(after, classes.title)
            || sentence.passage.is(after + 1, classes.title));
  }

  private static boolean witness(Draft.Member member) {
    return member.organisation != null && member.mention.organisation.kind().equals("person");
  }

  /** "Acme workers sue": who is not named elsewhere is whom they work for, buy from or own. */
  private void employer(Draft draft) {
    if (draft.has(Role.DEFENDANT) || draft.has(Role.PLAINTIFF)) {
      return;
    }
    for (Draft.Member member : List.copyOf(draft.members.values())) {
      if (!member.unnamed || member.role != Role.PLAINTIFF) {
        continue;
      }
      for (Mention mention : member.sentence.mentions) {
        if (mention.modifier
            && !mention.place()
            && !mention.unnamed
            && mention.to <= member.mention.from
            && member.mention.from - mention.to < 4) {
          draft.members.putIfAbsent(
              Draft.key(mention, member.sentence, lexicon.organisations()),
              new Draft.Member(
                  name(mention, member.sentence),
                  Role.DEFENDANT,
                  mention,
                  member.sentence,
                  member.rule));
        }
      }
    }
  }

  /** "X and Y settle": who sued whom cannot be told. */
  private static void together(Draft draft) {
    int group = -1;
    Sentence sentence = draft.first.sentence;
    for (Draft.Member member : draft.members.values()) {
      if (!member.unnamed) {
        if (member.sentence != sentence || (group >= 0 && member.mention.group != group)) {
          return;
        }
        group = member.mention.group;
      }
    }
    for (Draft.Member member : draft.members.values()) {
      member.role = Role.PARTY;
    }
  }

  /**
   * Who sued where no place tells: an authority; else who gives the suit its name, as in "X wins
   * the Y case".
   */
  private static void describe(Draft draft) {
    int authorities = 0;
    int names = 0;
    for (Draft.Member member : draft.members.values()) {
      authorities += member.mention.authority() ? 1 : 0;
      names += member.mention.ofSuit && !member.mention.possessive ? 1 : 0;
    }
    int named = draft.named();
    if (draft.status == Status.THREATENED && authorities + names == 0 && named == 2) {
      // "X told Y that it would sue"
      Role next = Role.PLAINTIFF;
      for (Draft.Member member : draft.members.values()) {
        if (!member.unnamed) {
          member.role = next;
          next = Role.DEFENDANT;
        }
      }
      return;
    }
    boolean enforced = authorities > 0 && authorities < named;
    if (enforced || (names > 0 && names < named)) {
      for (Draft.Member member : draft.members.values()) {
        boolean sues =
            enforced
                ? member.mention.authority()
                : member.mention.ofSuit && !member.mention.possessive;
        member.role = sues ? Role.PLAINTIFF : Role.DEFENDANT;
      }
    }
  }

  /** The one other organisation that the report names, where only one side is told. */
  private void opponent(Draft draft, Role role) {
    Sentence sentence = draft.first.sentence;
    if (draft.members.values().stream().anyMatch(each -> each.unnamed && each.role == role)) {
      return;
    }
    Mention found = null;
    int start = sentence.itemStart(draft.first.from);
    for (Mention mention : sentence.mentions) {
      if (mention.organisation == null
          || mention.from < start
          || (mention.ofSuit && mention.authority())
          || mention.dropped
          || mention.modifier
          || (mention.place() && mention.preposition >= 0)
          || mention.organisation.kind().equals("media")
          || draft.members.containsKey(Draft.key(mention, sentence, lexicon.organisations()))) {
        continue;
      }
      if (found != null) {
        return;
      }
      found = mention;
    }
    if (found != null) {
      draft.members.put(
          Draft.key(found, sentence, lexicon.organisations()),
          new Draft.Member(name(found, sentence), role, found, sentence, null));
    }
  }

  private void headliners(LocalDate day) {
    headliners.clear();
    for (int number = 0; number < headline.tokens.sentences(); number++) {
      Sentence sentence = headline.sentence(number, classes, day);
      for (Mention mention : sentence.mentions) {
        headliners.add(Draft.key(mention, sentence, lexicon.organisations()));
      }
    }
  }

  /** True where two or more of those in the headline are parties. */
  private boolean headlined(List<Finding> findings) {
    String first = null;
    for (Finding finding : findings) {
      for (Mention mention : finding.parties.keySet()) {
        String key = Draft.key(mention, finding.sentence, lexicon.organisations());
        if (headliners.contains(key)) {
          if (first != null && !first.equals(key)) {
            return true;
          }
          first = key;
        }
      }
    }
    return false;
  }

  private void sentence(Sentence sentence, long item, int zone, List<Draft> drafts) {
    List<Finding> findings = matcher.match(sentence, item);
    if (findings.isEmpty()) {
      return;
    }
    overDeal(findings);
    for (EventType type : TYPES) {
      own.clear();
      boolean verb = false;
      boolean sure = false;
      for (Finding finding : findings) {
        if (finding.frame.type == type && !denied(finding)) {
          own.add(finding);
          verb |= !finding.noun;
          sure |= !finding.frame.rule.fallback();
        }
      }
      if (type == EventType.LITIGATION && verb) {
        // "denies the claims in the X suit": what is denied is not the suit
        for (Finding finding : findings) {
          if (finding.frame.type == type
              && finding.noun
              && finding.negated
              && !own.contains(finding)) {
            own.add(finding);
            sure |= !finding.frame.rule.fallback();
          }
        }
      }
      if (sure) {
        own.removeIf(each -> each.frame.rule.fallback());
      }
      if (!own.isEmpty()) {
        own.sort(HEAVIEST);
        if (type == EventType.CLOUD_PARTNERSHIP) {
          stillOpen(own);
        }
        List<Finding> next = successor(own);
        if (!next.isEmpty()) {
          own.removeAll(next);
        }
        place(own, zone, drafts);
        if (!next.isEmpty()) {
          inherit(own, next);
          place(next, zone, drafts);
        }
      }
    }
  }

  /** True where a rule tells nothing but who is who, and tells that more surely than any other. */
  private static boolean identifies(Finding finding) {
    return finding.frame.status == null && finding.frame.rule.weight() > UPPERMOST;
  }

  /** A negation takes an event away; "did not infringe" is still what a court found. */
  private static boolean denied(Finding finding) {
    return finding.negated && finding.status != Status.RULED;
  }

  /** "X sues Y and Z over their cloud deal": who sues is no party of the deal. */
  private void overDeal(List<Finding> findings) {
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
      if (finding.frame.type == EventType.LITIGATION && !denied(finding)) {
        finding.parties.forEach(
            (mention, role) -> {
              Set<String> side =
                  role == Role.PLAINTIFF ? plaintiffs : role == Role.DEFENDANT ? defendants : null;
              if (side != null && !mention.unnamed) {
                side.add(Draft.key(mention, finding.sentence, lexicon.organisations()));
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
                .removeIf(
                    mention ->
                        plaintiffs.contains(
                            Draft.key(mention, finding.sentence, lexicon.organisations())));
            return finding.parties.isEmpty();
          }
          return false;
        });
  }

  /** "weighs moving from X to Y": while they talk, nothing has ended with X. */
  private void stillOpen(List<Finding> findings) {
    Set<String> courted = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.status != Status.ENDED && status(finding) == Status.IN_TALKS) {
        courted.addAll(sellers(finding));
      }
    }
    if (courted.isEmpty()) {
      return;
    }
    Set<String> left = new HashSet<>();
    for (int i = findings.size() - 1; i >= 0; i--) {
      if (findings.get(i).status == Status.ENDED) {
        Set<String> sellers = sellers(findings.get(i));
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
          .removeIf(
              mention ->
                  left.contains(Draft.key(mention, finding.sentence, lexicon.organisations())));
    }
  }

  /** "X leaves Y and signs Z" is two events: what begins is told apart from what ends. */
  private List<Finding> successor(List<Finding> findings) {
    if (findings.get(0).status != Status.ENDED || findings.size() < 2) {
      return List.of();
    }
    List<Finding> next = new ArrayList<>();
    Set<String> left = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.status == Status.ENDED) {
        left.addAll(sellers(finding));
      }
    }
    for (Finding finding : findings) {
      if (finding.status == Status.AGREED && finding.weight() > 5) {
        Set<String> providers = sellers(finding);
        if (!providers.isEmpty() && providers.stream().noneMatch(left::contains)) {
          next.add(finding);
        }
      }
    }
    return next;
  }

  /** Keys of those parties of a finding that sell clouds or stand in the provider's place. */
  private Set<String> sellers(Finding finding) {
    Set<String> keys = new HashSet<>();
    finding.parties.forEach(
        (mention, role) -> {
          if (!mention.unnamed
              && (role == Role.PROVIDER || sells(finding.sentence.passage, mention))) {
            keys.add(Draft.key(mention, finding.sentence, lexicon.organisations()));
          }
        });
    return keys;
  }

  /** Who leaves is also who signs anew. */
  private void inherit(List<Finding> ended, List<Finding> next) {
    for (Finding finding : ended) {
      finding.parties.forEach(
          (mention, role) -> {
            if (role != Role.PROVIDER && !sells(finding.sentence.passage, mention)) {
              next.get(0).parties.putIfAbsent(mention, role);
            }
          });
    }
  }

  private void place(List<Finding> findings, int zone, List<Draft> drafts) {
    // What only tells who is who, however surely, reports no event.
    Finding top =
        findings.stream().filter(each -> each.status != null).findFirst().orElse(findings.get(0));
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
    if (target == null && top.frame.type == EventType.LITIGATION && zone < 8) {
      target = completed(drafts, findings);
    }
    boolean fresh = target == null;
    if (fresh) {
      if (top.status == null || drafts.size() >= MOST_EVENTS) {
        return;
      }
      target = new Draft(top);
      boolean main =
          any(drafts, top.frame.type)
              && (top.frame.type == EventType.LITIGATION
                  || sentence.passage == body
                  || named(findings) < 2
                  || (sentence.passage.classes(top.from - 1, Math.min(sentence.to, top.to + 2))
                          & classes.stays)
                      != 0);
      target.deep = zone > 4 && !headlined(findings);
      target.background = main || target.deep;
      if (target.background) {
        target.backgroundSpan = new Draft.Span(sentence.passage, sentence.from, sentence.to, null);
      }
      drafts.add(target);
    }
    boolean same = fresh || target.first.sentence == sentence;
    findings.sort(SUREST);
    for (Finding finding : findings) {
      target.findings.add(finding);
      Status status = status(finding);
      int weight = same ? finding.weight() + 100 : finding.weight();
      if (status != null && weight > target.statusWeight && (same || target.statusWeight < 105)) {
        target.status = status;
        target.statusWeight = weight;
        target.statusSpan =
            new Draft.Span(sentence.passage, finding.from, finding.to, finding.frame.rule.id());
      }
      if (!finding.outer || target.members.isEmpty()) {
        join(target, finding, same);
      }
    }
    amount(target, sentence);
    attributes(target, sentence, true);
  }

  private static boolean any(List<Draft> drafts, EventType type) {
    for (Draft draft : drafts) {
      if (draft.type == type) {
        return true;
      }
    }
    return false;
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
        if (!mention.unnamed && sells(finding.sentence.passage, mention)) {
          sold = true;
          if (draft.members.containsKey(
              Draft.key(mention, finding.sentence, lexicon.organisations()))) {
            return false;
          }
        }
      }
    }
    return sold && !all(draft, null);
  }

  /** True where all who sue, or all who are sued, are no parties of this suit. */
  private boolean stranger(Draft draft, List<Finding> findings, Role role) {
    boolean any = false;
    for (Finding finding : findings) {
      for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
        if (each.getValue() == role && !each.getKey().unnamed) {
          Draft.Member member =
              draft.members.get(
                  Draft.key(each.getKey(), finding.sentence, lexicon.organisations()));
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
          if (draft.members.containsKey(
              Draft.key(mention, finding.sentence, lexicon.organisations()))) {
            return true;
          }
        }
      }
    }
    return !any || draft.named() == 0;
  }

  private Status status(Finding finding) {
    if (finding.frame.type == EventType.LITIGATION
        && finding.planned
        && finding.status == Status.FILED) {
      return Status.THREATENED;
    }
    if (finding.frame.type == EventType.CLOUD_PARTNERSHIP
        && finding.talks
        && (finding.status == Status.AGREED || finding.status == Status.EXPANDED)) {
      return Status.IN_TALKS;
    }
    return finding.status;
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
        own |=
            draft.members.containsKey(
                Draft.key(mention, finding.sentence, lexicon.organisations()));
      }
      if (!own) {
        return;
      }
    }
    Set<Role> taken = EnumSet.noneOf(Role.class);
    for (Draft.Member member : draft.members.values()) {
      if (!member.unnamed) {
        taken.add(member.role);
      }
    }
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      Mention mention = each.getKey();
      String key = Draft.key(mention, finding.sentence, lexicon.organisations());
      Draft.Member member = draft.members.get(key);
      if (member != null && across(member, mention, finding)) {
        key = mention.organisation.id() + "'";
        member = draft.members.get(key);
      }
      if (member != null) {
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
      boolean complete = draft.type == EventType.CLOUD_PARTNERSHIP && draft.named() > 1;
      if (!same && complete) {
        continue;
      }
      draft.members.put(
          key,
          new Draft.Member(
              name(mention, finding.sentence),
              each.getValue(),
              mention,
              finding.sentence,
              finding.frame.rule.id()));
    }
  }

  /** True in "against X and Y" where X is a party already. */
  private boolean beside(Draft draft, Finding finding, Mention mention) {
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      if (!each.getKey().equals(mention)
          && each.getKey().group == mention.group
          && !each.getKey().unnamed) {
        Draft.Member member =
            draft.members.get(Draft.key(each.getKey(), finding.sentence, lexicon.organisations()));
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

  private String name(Mention mention, Sentence sentence) {
    return mention.organisation != null && mention.descriptor()
        ? mention.organisation.name()
        : sentence.tokens.text(mention.from, mention.to);
  }

  private void amount(Draft draft, Sentence sentence) {
    if (draft.amount != null) {
      return;
    }
    Tokens tokens = sentence.tokens;
    boolean suit = draft.type == EventType.LITIGATION;
    for (Money money : Money.in(tokens, sentence.from, sentence.to, lexicon)) {
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

  /**
   * Exclusivity, topic and product.
   *
   * @param reports whether the sentence reports the event: what the headline and the report say of
   *     the topic goes before what is said of it elsewhere
   */
  private void attributes(Draft draft, Sentence sentence, boolean reports) {
    if (draft.type != EventType.CLOUD_PARTNERSHIP) {
      return;
    }
    Passage passage = sentence.passage;
    int zone =
        passage == headline
            ? 0
            : passage == summary ? 1 : sentence == draft.first.sentence ? 2 : reports ? 3 : 4;
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

  /** True where the seller who stands nearest to a word is a party: whose exclusivity is meant. */
  private boolean bound(Draft draft, Sentence sentence, int token) {
    int nearest = Integer.MAX_VALUE;
    boolean own = true;
    for (Mention mention : sentence.mentions) {
      if (mention.unnamed || !sells(sentence.passage, mention)) {
        continue;
      }
      boolean party =
          draft.members.containsKey(Draft.key(mention, sentence, lexicon.organisations()));
      int distance = token < mention.from ? mention.from - token : token - mention.to + 1;
      if (distance < nearest || (distance == nearest && party)) {
        nearest = distance;
        own = party;
      }
    }
    return own;
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

  private static int rank(Exclusivity exclusivity) {
    return switch (exclusivity) {
      case NONE -> 0;
      case PREFERRED -> 1;
      case EXCLUSIVE -> 2;
      case NON_EXCLUSIVE -> 3;
      case FIRST_REFUSAL -> 4;
    };
  }

  private Event event(Draft draft) {
    if (draft.status == null) {
      return null;
    }
    List<Evidence> evidence = new ArrayList<>();
    Finding first = draft.first;
    Passage passage = first.sentence.passage;
    add(evidence, "type", passage, first.from, first.to, first.frame.rule.id());
    add(evidence, "status", draft.statusSpan);
    List<Party> parties = new ArrayList<>();
    for (Draft.Member member : draft.members.values()) {
      if (member.unnamed) {
        continue;
      }
      int number = parties.size();
      add(
          evidence,
          number < PARTIES.length ? PARTIES[number] : "parties[" + number + "]",
          member.sentence.passage,
          member.mention.from,
          member.mention.to,
          member.rule);
      parties.add(
          new Party(
              member.organisation,
              member.name,
              member.role,
              member.unnamed ? true : null,
              member.mention.unlisted() ? true : null));
    }
    add(evidence, "amount", draft.amountSpan);
    add(evidence, "exclusivity", draft.exclusivitySpan);
    add(evidence, "product", draft.productSpan);
    add(evidence, "topic", draft.topicSpan);
    add(evidence, "background", draft.backgroundSpan);
    add(evidence, "sentence", passage, first.sentence.from, first.sentence.to, null);
    return new Event(
        draft.type,
        draft.status,
        parties,
        draft.amount,
        draft.type == EventType.LITIGATION ? null : draft.exclusivity,
        draft.product,
        draft.topic,
        draft.background,
        Math.round(Weights.logistic(draft.score) * 1000) / 1000.0,
        evidence);
  }

  private static void add(List<Evidence> evidence, String of, Draft.Span span) {
    if (span != null) {
      add(evidence, of, span.passage(), span.from(), span.to(), span.rule());
    }
  }

  private static void add(
      List<Evidence> evidence, String of, Passage passage, int from, int to, String rule) {
    Tokens tokens = passage.tokens;
    int start = tokens.start(from);
    int end = tokens.end(to - 1);
    evidence.add(
        new Evidence(of, passage.field, start, end, tokens.text().substring(start, end), rule));
  }
}
