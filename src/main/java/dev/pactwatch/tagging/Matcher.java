package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import dev.pactwatch.text.Tokens;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Applies the rules to one sentence: which fire, and who stands in their places. */
final class Matcher {

  /** Auxiliaries and adverbs are looked for this far before a verb. */
  private static final int CHAIN = 6;

  /** A possessor or modifier may stand this far before its noun. */
  private static final int NOUN_PHRASE = 6;

  private final Classes classes;

  /** One that came to nothing, to be used again. */
  private Finding spare;

  private final List<Finding> findings = new ArrayList<>();

  /** By index of the anchor. */
  private final Frame[] frames;

  private final List<Entry.Anchor> anchors;
  private final int by;

  /** Groups of names that an earlier verb of the sentence took as its object. */
  private final BitSet objects = new BitSet();

  private final int infinitive;

  Matcher(Lexicon lexicon, Classes classes, Frame[] frames) {
    this.classes = classes;
    this.frames = frames;
    this.anchors = lexicon.anchors();
    this.by = lexicon.vocabulary().find("by");
    this.infinitive = lexicon.vocabulary().find("to");
  }

  /**
   * Whether a rule can fire at all in a sentence with these cues: a cheap look before the names are
   * found.
   */
  static boolean possible(Frame frame, long words, long around, long item) {
    return (frame.context == 0 || (item & frame.context) != 0)
        && (frame.with == 0 || (words & frame.with) != 0)
        && (frame.after == 0 || (words & frame.after) != 0)
        && (frame.near == 0 || ((words | around) & frame.near) != 0)
        && (words & frame.without) == 0;
  }

  /** What the rules find; the list is used again for the next sentence. */
  List<Finding> match(Sentence sentence, long item) {
    findings.clear();
    objects.clear();
    Passage passage = sentence.passage;
    for (int hit = passage.firstAnchor(sentence.from);
        hit < passage.anchors && passage.anchorFrom[hit] < sentence.to;
        hit++) {
      if (passage.anchorTo[hit] <= sentence.to
          && !contained(passage, hit)
          && !withinName(sentence, hit)) {
        Entry.Anchor anchor = anchors.get(passage.anchor[hit]);
        int from = passage.anchorFrom[hit];
        int to = passage.anchorTo[hit];
        Mention mention = sentence.mentionAt(from);
        if (mention != null && !mention.unnamed && !anchor.rule().fallback()) {
          continue;
        }
        if (anchor.forms() != Lexicon.NOUN && sentence.named(from)) {
          continue;
        }
        Finding finding =
            fire(sentence, frames[passage.anchor[hit]], anchor.forms(), from, to, item);
        if (finding != null) {
          findings.add(finding);
        }
      }
    }
    return findings;
  }

  /** "its Surface Book has": a verb does not carry a capital where other words do not. */
  private boolean withinName(Sentence sentence, int hit) {
    Passage passage = sentence.passage;
    int at = passage.anchorFrom[hit];
    return !sentence.titleCase
        && anchors.get(passage.anchor[hit]).forms() != Lexicon.NOUN
        && passage.anchorTo[hit] == at + 1
        && at > sentence.from
        && sentence.tokens.is(at, Tokens.CAPITAL)
        && !sentence.tokens.is(at, Tokens.ALL_CAPITALS)
        && sentence.tokens.is(at - 1, Tokens.CAPITAL)
        && sentence.mentionAt(at - 1) != null;
  }

  /** True for a phrase inside a longer one. */
  private boolean contained(Passage passage, int hit) {
    int from = passage.anchorFrom[hit];
    int to = passage.anchorTo[hit];
    for (int other = hit + 1;
        other < passage.anchors && passage.anchorFrom[other] == from;
        other++) {
      if (passage.anchorTo[other] > to && sameEvent(passage, hit, other)) {
        return true;
      }
    }
    for (int other = hit - 1; other >= 0 && passage.anchorFrom[other] > from - 6; other--) {
      if (passage.anchorFrom[other] < from
          && passage.anchorTo[other] >= to
          && sameEvent(passage, hit, other)) {
        return true;
      }
    }
    return false;
  }

  private boolean sameEvent(Passage passage, int one, int other) {
    return frames[passage.anchor[one]].type == frames[passage.anchor[other]].type;
  }

  private Finding fire(Sentence sentence, Frame frame, int forms, int from, int to, long item) {
    Rule rule = frame.rule;
    int start = sentence.clauseStart(from);
    int end = Math.max(to, sentence.clauseEnd(to));
    if (failed(sentence, rule, from, to, start, end, item) != null) {
      return null;
    }
    Finding finding = spare == null ? new Finding() : spare;
    spare = finding;
    finding.begin(sentence, frame, from, to);
    boolean noun = forms == Lexicon.NOUN;
    finding.noun = noun;
    boolean passive =
        !noun
            && (passive(sentence, forms, from, to, start, end)
                || bare(sentence, frame, forms, from, to));
    modality(finding, start, from);
    boolean claims = claims(sentence, frame, passive, start, from);
    for (Frame.Slot slot : frame.slots) {
      Role role = slot.role();
      Mention found =
          switch (slot.place()) {
            case SUBJECT ->
                passive
                    ? prepositional(sentence, by, to, end)
                    : subject(sentence, frame, start, from);
            case OBJECT ->
                passive ? subject(sentence, frame, start, from) : either(sentence, frame, to, end);
            case POSSESSOR -> owner(sentence, from, start, true);
            case MODIFIER -> owner(sentence, from, start, false);
            case OUTER -> null;
            case LEFT -> adjacent(sentence, from, -1);
            case RIGHT -> adjacent(sentence, to, 1);
            case PREPOSITION ->
                passive && slot.word() == by && frame.role(Frame.Place.SUBJECT) != null
                    ? null
                    : prepositional(sentence, slot.word(), to, end);
          };
      if (found != null
          && slot.word() == classes.against
          && !noun
          && !passive
          && frame.role(Frame.Place.OBJECT) == role) {
        // "bars Acme from speaking against Globex": who is barred stands before
        Mention object = either(sentence, frame, to, end);
        if (object != null
            && !object.authority()
            && object.group != found.group
            && object.to <= found.from) {
          continue;
        }
      }
      if (found != null && claims) {
        role = opposite(role);
      }
      if (found != null) {
        boolean receives =
            slot.place() == Frame.Place.MODIFIER && role == Role.DEFENDANT && found.authority();
        boolean venue =
            slot.place() == Frame.Place.MODIFIER
                && found.authority()
                && sentence.passage.is(found.from - 1, classes.owning);
        // "a Springfield verdict"
        boolean where =
            slot.place() == Frame.Place.MODIFIER && found.place() && frame.status == Status.RULED;
        if (receives || venue || where) {
          continue;
        }
        if (slot.place() == Frame.Place.OBJECT && !passive && !rule.fallback()) {
          objects.set(found.group);
        }
        boolean describes = slot.place() == Frame.Place.MODIFIER && role == Role.PARTY;
        if (slot.place() == Frame.Place.MODIFIER && staff(sentence, found, from)) {
          role = Role.DEFENDANT;
          describes = false;
        }
        assign(finding, found, describes ? side(found) : role);
      }
    }
    boolean gerund = forms == Lexicon.ING || ((forms & Lexicon.BASE) != 0 && from == sentence.from);
    if (gerund
        && frame.type == EventType.CLOUD_PARTNERSHIP
        && subject(sentence, frame, sentence.from, from) == null) {
      return null;
    }
    Role outer = frame.role(Frame.Place.OUTER);
    if (outer != null && finding.parties.isEmpty()) {
      Mention topic = outer(sentence, from);
      if (topic != null) {
        assign(finding, topic, outer);
        finding.outer = true;
      }
    } else if (outer != null && described(finding)) {
      Mention topic = outer(sentence, from);
      if (topic != null && topic.preposition < 0) {
        assign(finding, topic, Role.PARTY);
      }
    }
    if (frame.others != null) {
      Role others = claims ? opposite(frame.others) : frame.others;
      boolean any = false;
      for (Mention mention : sentence.mentions) {
        any |=
            !mention.dropped
                && mention.organisation != null
                && !mention.product()
                && !mention.attributive
                && !mention.modifier
                && !finding.parties.containsKey(mention);
      }
      boolean attributive = !any;
      for (Mention mention : sentence.mentions) {
        if (!mention.dropped
            && !mention.unnamed
            && !mention.unlisted()
            && !mention.product()
            && !(mention.place() && mention.preposition >= 0)
            && (attributive || !mention.attributive)
            && !mention.modifier) {
          finding.parties.putIfAbsent(mention, others);
        }
      }
    }
    if (frame.needs.length > 0) {
      int filled = 0;
      for (Role need : frame.needs) {
        filled += need != null && finding.parties.containsValue(need) ? 1 : 0;
      }
      if (filled == 0 || (rule.both() && filled < frame.needs.length)) {
        return null;
      }
    }
    spare = null;
    return finding;
  }

  /**
   * True where the one who appeals is who sued: an authority, or a group without a name. Anybody
   * else appeals, as a rule, against what somebody else has won.
   */
  private boolean claims(Sentence sentence, Frame frame, boolean passive, int start, int from) {
    if (frame.status != Status.APPEALED
        || passive
        || frame.role(Frame.Place.SUBJECT) != Role.DEFENDANT) {
      return false;
    }
    Mention subject = subject(sentence, frame, start, from);
    return subject != null && (subject.unnamed || subject.authority());
  }

  private static Role opposite(Role role) {
    return switch (role) {
      case PLAINTIFF -> Role.DEFENDANT;
      case DEFENDANT -> Role.PLAINTIFF;
      default -> role;
    };
  }

  /** The condition of a rule that does not hold, or null. */
  private String failed(
      Sentence sentence, Rule rule, int from, int to, int start, int end, long item) {
    Passage passage = sentence.passage;
    if (lacks(rule.with(), passage, to, end)) {
      return "with";
    }
    if (rule.after() != 0 && !acts(sentence, rule.after(), start, from)) {
      return "after";
    }
    if (rule.near() != 0 && ((sentence.cues() | sentence.around) & rule.near()) == 0) {
      return "near";
    }
    if (rule.context() != 0 && (item & rule.context()) == 0) {
      return "context";
    }
    if ((sentence.cues() & rule.without()) != 0) {
      return "without";
    }
    if ((passage.cues(to, end) & rule.notWith()) != 0) {
      return "not-with";
    }
    if ((passage.cues(Math.max(start, from - 3), from) & rule.notAfter()) != 0) {
      return "not-after";
    }
    if (rule.next() != 0 || rule.notNext() != 0) {
      long next = passage.cues(to, Math.min(sentence.to, to + 2));
      if (rule.next() != 0 && (next & rule.next()) == 0) {
        return "next";
      }
      if ((next & rule.notNext()) != 0) {
        return "not-next";
      }
    }
    return null;
  }

  /** True where such a word stands before, and not after a preposition: "went to court to stop". */
  private boolean acts(Sentence sentence, long wanted, int start, int from) {
    Passage passage = sentence.passage;
    for (int i = start; i < from; i++) {
      if ((passage.cues[i] & wanted) != 0) {
        int before = i - 1;
        while (before >= start
            && before >= i - NOUN_PHRASE
            && ((passage.cues[before] & wanted) != 0
                || passage.is(before, classes.article | classes.nationality | classes.descriptor)
                || sentence.tokens.is(before, Tokens.CAPITAL))) {
          before--;
        }
        if (before < start || !passage.is(before, classes.preposition)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean lacks(long wanted, Passage passage, int from, int to) {
    return wanted != 0 && (passage.cues(from, to) & wanted) == 0;
  }

  /** Why an anchor did not fire, or null if it did. */
  String objection(Sentence sentence, int hit, long item) {
    Passage passage = sentence.passage;
    Entry.Anchor anchor = anchors.get(passage.anchor[hit]);
    int from = passage.anchorFrom[hit];
    int to = passage.anchorTo[hit];
    if (contained(passage, hit)) {
      return "part of a longer phrase";
    }
    Mention mention = sentence.mentionAt(from);
    if ((mention != null && !mention.unnamed) || withinName(sentence, hit)) {
      return "part of a name";
    }
    int start = sentence.clauseStart(from);
    int end = Math.max(to, sentence.clauseEnd(to));
    String failed = failed(sentence, anchor.rule(), from, to, start, end, item);
    if (failed != null) {
      return "condition '" + failed + "' does not hold";
    }
    return fire(sentence, frames[passage.anchor[hit]], anchor.forms(), from, to, item) == null
        ? "no party in " + String.join(", ", anchor.rule().needs())
        : null;
  }

  /** "The US suit" is brought by the US; of "the Globex suit" other words must tell. */
  private static Role side(Mention mention) {
    return mention.authority() ? Role.PLAINTIFF : Role.PARTY;
  }

  private void assign(Finding finding, Mention found, Role role) {
    boolean place =
        finding.frame.type == EventType.CLOUD_PARTNERSHIP
            ? finding.sentence.located(found)
            : finding.sentence.placeName(found);
    if (place) {
      return;
    }
    for (Mention mention : finding.sentence.mentions) {
      if (mention.group == found.group
          && !mention.dropped
          && (!mention.modifier || mention.equals(found))
          && !programme(finding.sentence, mention)) {
        finding.parties.putIfAbsent(mention, role);
      }
    }
  }

  /** True where the participle is meant: "was sued", "sued by", "sued over". */
  private boolean passive(Sentence sentence, int forms, int from, int to, int start, int end) {
    if ((forms & Lexicon.PARTICIPLE) == 0) {
      return false;
    }
    boolean have = false;
    for (int i = from - 1; i >= Math.max(start, from - CHAIN); i--) {
      if (sentence.passage.is(i, classes.be)) {
        return true;
      }
      have |= sentence.passage.is(i, classes.have);
      if (!sentence.passage.is(i, classes.auxiliary | classes.adverb | classes.negation)) {
        break;
      }
    }
    boolean infinitiveBefore = from > start && sentence.tokens.word(from - 1) == infinitive;
    if (have || ((forms & Lexicon.BASE) != 0 && infinitiveBefore)) {
      return false;
    }
    int next = to;
    while (next < end && sentence.passage.is(next, classes.adverb)) {
      next++;
    }
    for (int i = next; i < Math.min(end, next + 3); i++) {
      if (sentence.tokens.word(i) == by) {
        return true;
      }
    }
    if ((forms & Lexicon.BASE) != 0 || ((forms & Lexicon.PAST) != 0 && to - from > 1)) {
      return false;
    }
    if ((forms & Lexicon.PAST) == 0) {
      return true;
    }
    if (next >= sentence.to) {
      return true;
    }
    boolean preposition =
        sentence.passage.is(next, classes.preposition)
            || sentence.cuts(next)
            || (next > to && sentence.tokens.is(next, Tokens.SIGN));
    return preposition && object(sentence, to, end) == null;
  }

  /** "accused in court of theft": a verb that takes an object and has none. */
  private boolean bare(Sentence sentence, Frame frame, int forms, int from, int to) {
    if (frame.type != EventType.LITIGATION
        || (forms & Lexicon.PARTICIPLE) == 0
        || (forms & Lexicon.BASE) != 0
        || to - from > 1
        || frame.role(Frame.Place.OBJECT) == null
        || sentence.passage.is(from - 1, classes.have)
        || !sentence.passage.is(to, classes.preposition)
        || sentence.passage.is(to + 1, classes.calendar)
        || (to + 1 < sentence.to && sentence.tokens.is(to + 1, Tokens.CAPITAL | Tokens.NUMBER))) {
      return false;
    }
    for (Frame.Slot slot : frame.slots) {
      if (slot.word() == sentence.tokens.word(to)) {
        return false;
      }
    }
    return true;
  }

  private void modality(Finding finding, int start, int from) {
    Sentence sentence = finding.sentence;
    long bits = 0;
    for (int i = from - 1; i >= Math.max(start, from - CHAIN); i--) {
      if (sentence.tokens.first(i) == ',') {
        break;
      }
      Mention mention = sentence.mentionAt(i);
      if (mention != null
          && !mention.unnamed
          && !mention.attributive
          && !mention.possessive
          && i < from - 1) {
        break;
      }
      // The month of May is no "may".
      boolean month =
          !sentence.titleCase
              && sentence.tokens.is(i, Tokens.CAPITAL)
              && sentence.passage.is(i, classes.calendar);
      bits |= month ? 0 : sentence.passage.classes[i];
    }
    finding.negated = (bits & classes.negation) != 0;
    boolean future = from > start && sentence.tokens.word(from - 1) == infinitive;
    finding.planned = future || (bits & classes.plan) != 0;
    finding.talks = (bits & classes.talks) != 0;
  }

  /** Who acts; in a suit a product stands for its maker, and a lawyer for the client. */
  private Mention subject(Sentence sentence, Frame frame, int start, int before) {
    Mention found = subject(sentence, start, before);
    if (found != null && found.ofSuit && found.possessive && frame.type == EventType.LITIGATION) {
      // "Acme's lawsuit is thrown out": the suit stands there, not Acme
      return null;
    }
    if (found == null && frame.type == EventType.CLOUD_PARTNERSHIP) {
      return antecedent(sentence, start);
    }
    if (found != null || frame.type != EventType.LITIGATION) {
      return found;
    }
    for (Mention mention : sentence.mentions) {
      if (mention.from >= start
          && mention.to <= before
          && !mention.dropped
          && mention.preposition < 0
          && !mention.attributive
          && !mention.unnamed
          && (mention.modifier ? mention.ofLawyer : mention.product())) {
        return mention;
      }
    }
    return null;
  }

  /** "Acme, which rents out machines, will host ...": whom a clause with "which" is about. */
  private Mention antecedent(Sentence sentence, int start) {
    if (start == sentence.from || !sentence.passage.is(start - 1, classes.relative)) {
      return null;
    }
    int end = start - 1;
    while (end > sentence.from && sentence.tokens.first(end - 1) == ',') {
      end--;
    }
    Mention best = null;
    for (Mention mention : sentence.mentions) {
      if (mention.to == end) {
        return mention.dropped || mention.product() ? null : mention;
      }
      // "Acme, the cloud start-up that rents out machines"
      if (mention.to < end
          && !mention.dropped
          && !mention.modifier
          && !mention.product()
          && mention.preposition < 0
          && sentence.tokens.first(mention.to) == ','
          && sentence.describes(mention.to + 1, end)) {
        best = mention;
      }
    }
    return best;
  }

  private Mention subject(Sentence sentence, int start, int before) {
    Mention first = null;
    Mention best = null;
    for (Mention mention : sentence.mentions) {
      if (mention.from >= start
          && mention.to <= before
          && !mention.dropped
          && !mention.modifier
          && !mention.attributive
          && !mention.ofDeal
          && !mention.product()
          && mention.preposition < 0) {
        if (first == null) {
          first = mention;
        }
        if (best == null || !objects.get(mention.group)) {
          best = mention;
        }
      }
    }
    boolean resumed = before > start && sentence.tokens.first(before - 1) == ',';
    if (best != null && resumed && best.group != first.group) {
      return first;
    }
    return best;
  }

  /** True where all that is found is "the X suit": who else is in it must still be told. */
  private static boolean described(Finding finding) {
    Mention only = null;
    for (Mention mention : finding.parties.keySet()) {
      if (only != null) {
        return false;
      }
      only = mention;
    }
    return only != null
        && only.ofSuit
        && !only.possessive
        && finding.parties.get(only) == Role.PARTY;
  }

  /** The name the sentence is about, for a noun in a later clause: "X closes plant after suit". */
  private Mention outer(Sentence sentence, int before) {
    Mention best = null;
    int start = sentence.itemStart(before);
    for (Mention mention : sentence.mentions) {
      if (!mention.dropped
          && !mention.modifier
          && !mention.product()
          && mention.from >= start
          && mention.to <= before
          && !(mention.place() && sentence.labels(mention))) {
        if (mention.preposition < 0 && !mention.attributive && !mention.ofDeal) {
          return mention;
        }
        best = best == null ? mention : best;
      }
    }
    return best;
  }

  /** For a suit, "blocks Texas law" names Texas where nothing else is named. */
  private Mention either(Sentence sentence, Frame frame, int after, int end) {
    boolean suit = frame.type == EventType.LITIGATION;
    Mention found = object(sentence, after, end, false, suit);
    return found != null || !suit ? found : object(sentence, after, end, true, true);
  }

  private Mention object(Sentence sentence, int after, int end) {
    return object(sentence, after, end, false, false);
  }

  private Mention object(Sentence sentence, int after, int end, boolean attributive, boolean suit) {
    for (Mention mention : sentence.mentions) {
      if (mention.from >= after
          && mention.to <= end
          && !mention.dropped
          && !mention.modifier
          && (!mention.attributive || (attributive && mention.organisation != null))
          && !(suit && mention.ofSuit)
          && !programme(sentence, mention)) {
        if (crossesInfinitive(sentence, after, mention.from)) {
          return null;
        }
        return mention.preposition < 0 || prepositionAt(sentence, mention) < after ? mention : null;
      }
    }
    return null;
  }

  /** True where "to" and a verb stand between: "secures money to challenge X". */
  private boolean crossesInfinitive(Sentence sentence, int after, int before) {
    for (int i = after; i + 1 < before; i++) {
      if (sentence.tokens.word(i) == infinitive
          && !sentence.passage.is(i + 1, classes.article | classes.descriptor)) {
        return true;
      }
    }
    return false;
  }

  /** Token of the preposition before a mention. */
  private int prepositionAt(Sentence sentence, Mention mention) {
    int i = mention.from - 1;
    while (i > sentence.from && sentence.tokens.word(i) != mention.preposition) {
      i--;
    }
    return i;
  }

  private Mention prepositional(Sentence sentence, int word, int after, int clause) {
    int end = clause;
    while (end < sentence.to && sentence.passage.is(end, classes.relative)) {
      end = sentence.clauseEnd(end + 1);
    }
    for (Mention mention : sentence.mentions) {
      if (mention.from >= after
          && mention.to <= end
          && !mention.dropped
          && !mention.modifier
          && !mention.attributive
          && !programme(sentence, mention)
          && mention.preposition == word) {
        return mention;
      }
    }
    return null;
  }

  private Mention owner(Sentence sentence, int noun, int start, boolean possessive) {
    for (int k = sentence.mentions.length - 1; k >= 0; k--) {
      Mention mention = sentence.mentions[k];
      if (mention.to <= noun && mention.from >= start && !programme(sentence, mention)) {
        boolean close = noun - mention.to <= NOUN_PHRASE;
        if (!close || mention.possessive != possessive || mention.dropped) {
          return null;
        }
        for (int i = mention.to + (possessive ? 1 : 0); i < noun; i++) {
          if (sentence.passage.is(i, classes.preposition | classes.be | classes.have)
              || (sentence.tokens.is(i, Tokens.SIGN)
                  && (sentence.tokens.first(i) == ',' || sentence.cuts(i)))
              || (!possessive && verb(sentence, i))) {
            return null;
          }
        }
        return mention;
      }
    }
    return null;
  }

  /** "an Acme engineer's case": it is not Acme who sues. */
  private static boolean staff(Sentence sentence, Mention mention, int noun) {
    for (int i = mention.to; i < noun && mention.modifier; i++) {
      if (sentence.isPossessive(i)) {
        return true;
      }
    }
    return false;
  }

  /** An unlisted name in capitals before "contract": a programme, no party. */
  static boolean programme(Sentence sentence, Mention mention) {
    return mention.unlisted()
        && (mention.ofDeal || mention.attributive)
        && (sentence.tokens.is(mention.from, Tokens.ALL_CAPITALS) || mention.ofFeud);
  }

  private static boolean verb(Sentence sentence, int token) {
    return (sentence.passage.anchorAt(token) & Passage.VERB) != 0;
  }

  private Mention adjacent(Sentence sentence, int token, int direction) {
    Mention best = null;
    for (Mention mention : sentence.mentions) {
      if (mention.dropped) {
        continue;
      }
      int gap = direction < 0 ? token - mention.to : mention.from - token;
      boolean led =
          mention.to < sentence.to
              && sentence.tokens.first(mention.to) == '-'
              && sentence.tokens.is(mention.to, Tokens.GLUED);
      if (gap == 2 && direction > 0 && verb(sentence, token + 1)) {
        break;
      }
      if (gap >= 0 && gap <= 2 && !led) {
        best = mention;
        if (direction > 0) {
          break;
        }
      }
    }
    return best;
  }
}
