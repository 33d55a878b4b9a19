package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Reads one item: sentences to findings, findings to events. One per thread. */
final class Reading {

  private final Lexicon lexicon;
  private final Classes classes;
  private final Matcher matcher;
  private final Passage headline = new Passage("headline");
  private final Passage summary = new Passage("summary");
  private final Passage body = new Passage("body");

  Reading(Lexicon lexicon, Classes classes, Matcher matcher) {
    this.lexicon = lexicon;
    this.classes = classes;
    this.matcher = matcher;
  }

  List<Event> read(String title, String description, String text, LocalDate day) {
    headline.read(title, lexicon);
    summary.read(description, lexicon);
    body.read(text, lexicon);
    if (headline.anchors + summary.anchors + body.anchors == 0) {
      return List.of();
    }
    long item = headline.all | summary.all | body.all;
    List<Draft> drafts = new ArrayList<>();
    int zone = 0;
    for (Passage passage : List.of(headline, summary, body)) {
      int hit = 0;
      for (int number = 0; number < passage.tokens.sentences(); number++) {
        int to = passage.tokens.sentence(number + 1);
        boolean anchored = false;
        while (hit < passage.hits && passage.hitFrom[hit] < to) {
          anchored |= passage.hitEntry[hit] instanceof Entry.Anchor;
          hit++;
        }
        if (anchored) {
          sentence(new Sentence(passage, number, lexicon, classes, day), item, zone, drafts);
        }
        zone++;
      }
    }
    List<Event> events = new ArrayList<>();
    for (Draft draft : drafts) {
      Event event = event(draft);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  private void sentence(Sentence sentence, long item, int zone, List<Draft> drafts) {
    List<Finding> findings = matcher.match(sentence, item);
    for (EventType type : EventType.values()) {
      List<Finding> own = new ArrayList<>();
      for (Finding finding : findings) {
        if (finding.frame.type == type && !finding.negated) {
          own.add(finding);
        }
      }
      if (!own.isEmpty()) {
        own.sort(Comparator.comparingInt(each -> -each.weight()));
        place(own, zone, drafts);
      }
    }
  }

  private void place(List<Finding> findings, int zone, List<Draft> drafts) {
    Finding top = findings.get(0);
    Sentence sentence = top.sentence;
    Draft target = null;
    for (Draft draft : drafts) {
      if (draft.type == top.frame.type && shares(draft, findings)) {
        target = draft;
        break;
      }
    }
    boolean fresh = target == null;
    if (fresh) {
      if (top.status == null) {
        return;
      }
      target = new Draft(top);
      boolean main = drafts.stream().anyMatch(each -> each.type == top.frame.type);
      target.background = main || zone > 4;
      if (target.background) {
        target.backgroundSpan = new Draft.Span(sentence.passage, sentence.from, sentence.to, null);
      }
      drafts.add(target);
    }
    boolean same = fresh || target.first.sentence == sentence;
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
      join(target, finding, same);
    }
    amount(target, sentence);
    attributes(target, sentence);
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

  private void join(Draft draft, Finding finding, boolean same) {
    for (Map.Entry<Mention, Role> each : finding.parties.entrySet()) {
      Mention mention = each.getKey();
      String key = Draft.key(mention, finding.sentence, lexicon.organisations());
      Draft.Member member = draft.members.get(key);
      if (member != null) {
        continue;
      }
      if (!same && draft.has(each.getValue())) {
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
    for (Money money : Money.in(tokens, sentence.from, sentence.to, lexicon)) {
      int from = Math.max(sentence.from, money.from() - 4);
      int to = Math.min(sentence.to, money.to() + 4);
      if ((sentence.passage.classes(from, to) & classes.notAmount) == 0) {
        draft.amount = money.amount();
        draft.amountSpan = new Draft.Span(sentence.passage, money.from(), money.to(), null);
        return;
      }
    }
  }

  /** Exclusivity and topic, from the sentences that report the event. */
  private void attributes(Draft draft, Sentence sentence) {
    if (draft.type != EventType.CLOUD_PARTNERSHIP) {
      return;
    }
    Passage passage = sentence.passage;
    for (int i = sentence.from; i < sentence.to; i++) {
      Exclusivity found = exclusivity(sentence, i);
      if (found != Exclusivity.NONE && rank(found) > rank(draft.exclusivity)) {
        draft.exclusivity = found;
        draft.exclusivitySpan = new Draft.Span(passage, i, i + 1, null);
      }
    }
    for (int hit = passage.firstHit(sentence.from);
        draft.topic == null && hit < passage.hits && passage.hitFrom[hit] < sentence.to;
        hit++) {
      if (passage.hitEntry[hit] instanceof Entry.Topic topic) {
        draft.topic = topic.topic();
        draft.topicSpan = new Draft.Span(passage, passage.hitFrom[hit], passage.hitTo[hit], null);
      }
    }
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
    return passage.is(token, classes.nonExclusive)
        ? Exclusivity.NON_EXCLUSIVE
        : passage.is(token, classes.firstRefusal)
            ? Exclusivity.FIRST_REFUSAL
            : passage.is(token, classes.exclusive)
                ? Exclusivity.EXCLUSIVE
                : passage.is(token, classes.preferred) ? Exclusivity.PREFERRED : Exclusivity.NONE;
  }

  private static int rank(Exclusivity exclusivity) {
    return switch (exclusivity) {
      case NONE -> 0;
      case PREFERRED -> 1;
      case EXCLUSIVE -> 2;
      case FIRST_REFUSAL -> 3;
      case NON_EXCLUSIVE -> 4;
    };
  }

  private Event event(Draft draft) {
    if (draft.status == null) {
      return null;
    }
    List<Evidence> evidence = new ArrayList<>();
    Finding first = draft.first;
    Passage passage = first.sentence.passage;
    add(evidence, "type", new Draft.Span(passage, first.from, first.to, first.frame.rule.id()));
    add(evidence, "status", draft.statusSpan);
    List<Party> parties = new ArrayList<>();
    for (Draft.Member member : draft.members.values()) {
      if (member.unnamed) {
        continue;
      }
      add(
          evidence,
          "parties[" + parties.size() + "]",
          new Draft.Span(
              member.sentence.passage, member.mention.from, member.mention.to, member.rule));
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
    add(
        evidence,
        "sentence",
        new Draft.Span(passage, first.sentence.from, first.sentence.to, null));
    return new Event(
        draft.type,
        draft.status,
        parties,
        draft.amount,
        draft.type == EventType.LITIGATION ? null : draft.exclusivity,
        draft.product,
        draft.topic,
        draft.background,
        0.9,
        evidence);
  }

  private static void add(List<Evidence> evidence, String of, Draft.Span span) {
    if (span != null) {
      Tokens tokens = span.passage().tokens;
      int start = tokens.start(span.from());
      int end = tokens.end(span.to() - 1);
      evidence.add(
          new Evidence(
              of,
              span.passage().field,
              start,
              end,
              tokens.text().substring(start, end),
              span.rule()));
    }
  }
}
