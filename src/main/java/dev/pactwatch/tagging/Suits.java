package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is true of litigation alone: who sues, who is sued, and who is no party. */
final class Suits {

  /** Sentences of a body in which the parties of its report are named. */
  private static final int REPORT = 5;

  private final Item item;
  private final Classes classes;
  private final Lexicon lexicon;

  Suits(Item item, Classes classes, Lexicon lexicon) {
    this.item = item;
    this.classes = classes;
    this.lexicon = lexicon;
  }

  /** "Acme is not a defendant", "neither is named as a party": who the report says is none. */
  void notAccused(List<Draft> drafts) {
    if (!Draft.any(drafts, EventType.LITIGATION)) {
      return;
    }
    for (Passage passage : item.passages) {
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
        Set<String> cleared = named(passage, Math.max(0, no - 4), no);
        for (Draft draft : drafts) {
          if (draft.type == EventType.LITIGATION && !cleared.isEmpty()) {
            draft.members.keySet().removeAll(cleared);
            draft.cleared.addAll(cleared);
          }
        }
      }
    }
  }

  /** "criticised the Acme terms but is no party": a noun follows that the name only describes. */
  private boolean describes(Passage passage, int after) {
    return passage.is(after, classes.dealObject | classes.nounHead | classes.suit);
  }

  /** Keys of the organisations that are named between two tokens. */
  private Set<String> named(Passage passage, int from, int to) {
    Set<String> keys = new HashSet<>();
    for (int hit = passage.firstHit(from); hit < passage.hits && passage.hitFrom[hit] < to; hit++) {
      if (passage.hitEntry(hit) instanceof Entry.Named named
          && !describes(passage, passage.hitTo[hit])) {
        keys.add(lexicon.organisations().group(named.organisation().id()));
      }
    }
    return keys;
  }

  /**
   * Finds out who sues and who is sued.
   *
   * @return false where what was found is no suit
   */
  boolean complete(Draft draft) {
    if (!told(draft)) {
      return false;
    }
    oppose(draft);
    employer(draft);
    supply(draft);
    if (draft.named() > 1 && !draft.has(Role.PLAINTIFF) && !draft.has(Role.DEFENDANT)) {
      describe(draft);
    }
    if (draft.named() == 1
        && draft.status == Status.SETTLED
        && !draft.has(Role.PLAINTIFF)
        && !draft.any(each -> each.role == Role.DEFENDANT)) {
      // Who alone is said to settle is as a rule who was sued.
      draft.members.values().forEach(each -> each.role = Role.DEFENDANT);
    }
    return !draft.members.isEmpty() || draft.first.sentence.passage == item.headline;
  }

  /** Whether what was found is enough for a suit. */
  private boolean told(Draft draft) {
    boolean top = draft.first.sentence.passage == item.headline;
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
      if (draft.has(Role.PARTY)) {
        opponent(draft, Role.PARTY);
      }
    }
  }

  /**
   * A side that the report does not name: who is named right below it, where little else can be
   * meant.
   */
  private void supply(Draft draft) {
    if (draft.background) {
      return;
    }
    for (Passage passage : item.passages) {
      int last =
          Math.min(passage.tokens.sentences(), passage == item.body ? REPORT : Item.TOGETHER);
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
        if (passage == item.headline
            ? !unreported(draft, item.sentence(passage, number))
            : passage == item.body && !legal && number > 0) {
          continue;
        }
        Role missing = plaintiff ? Role.DEFENDANT : defendant ? Role.PLAINTIFF : Role.PARTY;
        Sentence sentence = item.sentence(passage, number);
        Role acting = missing == Role.PARTY && passage == item.headline ? acting(draft) : null;
        if (acting == null) {
          name(draft, sentence, missing);
        } else {
          name(draft, sentence, acting);
          if (draft.named() == 1) {
            name(draft, sentence, acting == Role.PLAINTIFF ? Role.DEFENDANT : Role.PLAINTIFF);
          }
        }
      }
    }
  }

  /**
   * "Acme goes to law // The chip designer has sued ...": what the one does whom the headline names
   * first, where the report calls that one something else; null for all others.
   */
  private Role acting(Draft draft) {
    Sentence report = draft.first.sentence;
    if (report.passage == item.headline || draft.first.noun || draft.named() > 0) {
      return null;
    }
    int start = report.clauseStart(draft.first.from);
    Role role = draft.first.frame.role(Frame.Place.SUBJECT);
    return role != null
            && role != Role.PARTY
            && start < draft.first.from
            && report.passage.is(start, classes.article)
            && (report.passage.classes(start, draft.first.from) & (classes.court | classes.suit))
                == 0
        ? role
        : null;
  }

  /**
   * True for a sentence of the headline, beside the report, that names one of the parties, and for
   * the question before a report without names: "Can Acme make Globex pay? Judges hear the case".
   */
  private boolean unreported(Draft draft, Sentence sentence) {
    if (sentence == draft.first.sentence) {
      return false;
    }
    if (draft.named() == 0) {
      return true;
    }
    for (Mention mention : sentence.mentions) {
      if (draft.members.containsKey(item.key(mention, sentence))) {
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
      String key = item.key(mention, sentence);
      boolean another = group >= 0 && mention.group != group;
      if (draft.members.containsKey(key)
          || draft.cleared.contains(key)
          || sentence.placeName(mention)
          || (another && (role != Role.PARTY || draft.named() > 1))) {
        continue;
      }
      group = mention.group;
      draft.members.put(
          key, new Draft.Member(item.name(mention, sentence), role, mention, sentence, null));
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
          String key = item.key(mention, member.sentence);
          if (draft.cleared.contains(key)) {
            continue;
          }
          draft.members.putIfAbsent(
              key,
              new Draft.Member(
                  item.name(mention, member.sentence),
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
    if (draft.any(each -> each.unnamed && each.role == role)) {
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
          || draft.members.containsKey(item.key(mention, sentence))
          || draft.cleared.contains(item.key(mention, sentence))) {
        continue;
      }
      if (found != null) {
        return;
      }
      found = mention;
    }
    if (found != null) {
      draft.members.put(
          item.key(found, sentence),
          new Draft.Member(item.name(found, sentence), role, found, sentence, null));
    }
  }
}
