package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Reads one item: sentences to findings, findings to events. One per thread. */
final class Reading {

  private static final EventType[] TYPES = EventType.values();

  private static final Comparator<Finding> HEAVIEST =
      Comparator.comparingInt(each -> -each.weight());

  private final Matcher matcher;
  private final Item item;

  /** By index of the anchor. */
  private final Frame[] frames;

  private final long clouds;

  /** By ordinal of the type. */
  private final Weights[] weights;

  private final Deals deals;
  private final DealTerms terms;
  private final Suits suits;
  private final Gathering gathering;
  private final Elaboration elaboration;
  private final Observation observation;

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

  /** Of the item that is read. */
  private final List<Draft> drafts = new ArrayList<>();

  /** What is found in a sentence of one type of event. */
  private final List<Finding> own = new ArrayList<>();

  Reading(Lexicon lexicon, Classes classes, Matcher matcher, Frame[] frames, Weights[] weights) {
    this.weights = weights;
    this.frames = frames;
    this.clouds = classes.strongCloud | classes.cloudCompany | classes.cloudUnit;
    this.matcher = matcher;
    this.item = new Item(lexicon, classes);
    Market market = new Market(classes);
    Sums sums = new Sums(item, classes, lexicon);
    this.terms = new DealTerms(item, classes, market);
    this.deals = new Deals(item, classes, market, sums);
    this.suits = new Suits(item, classes, lexicon);
    this.gathering = new Gathering(item, classes, market, sums, terms);
    this.elaboration = new Elaboration(item, classes, sums, terms);
    this.observation = new Observation(item, classes, market, deals);
  }

  List<Event> read(String title, String description, String text, LocalDate day) {
    if (!item.read(title, description, text, day)) {
      return List.of();
    }
    drafts.clear();
    gather();
    if (drafts.isEmpty()) {
      return List.of();
    }
    suits.notAccused(drafts);
    elaboration.enrich(drafts);
    List<Event> events = new ArrayList<>();
    boolean[] kept = new boolean[TYPES.length];
    for (Draft draft : drafts) {
      int parties = observation.parties(draft);
      if (draft.type == EventType.CLOUD_PARTNERSHIP) {
        parties = Math.max(parties, deals.complete(draft));
      } else if (!suits.complete(draft)) {
        continue;
      }
      if (!believed(draft, parties)) {
        continue;
      }
      if (draft.background && !draft.deep && !kept[draft.type.ordinal()]) {
        // What was thought to be the main event is none.
        draft.background = false;
        draft.backgroundSpan = null;
      }
      kept[draft.type.ordinal()] |= !draft.background;
      if (draft.type == EventType.CLOUD_PARTNERSHIP) {
        deals.judge(draft, drafts);
        terms.product(draft);
      }
      for (Draft.Member member : draft.members.values()) {
        member.name = item.fullName(member, draft.type == EventType.CLOUD_PARTNERSHIP);
      }
      Event event = draft.event();
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  /** Looks for events in every sentence in which a rule could fire. */
  private void gather() {
    long cuesOfItem = item.cues();
    boolean sold = (item.all() & clouds) != 0;
    boolean begun = false;
    int zone = 0;
    for (Passage passage : item.passages) {
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
                Matcher.possible(frame, cues, item.around(passage, number), cuesOfItem)
                    && (frame.type == EventType.LITIGATION
                        || (sold && (passage != item.body || (words & clouds) != 0)));
          }
        }
        if (anchored) {
          if (!begun) {
            item.headliners();
            begun = true;
          }
          Sentence sentence = item.sentence(passage, number);
          sentence.around = item.around(passage, number);
          sentence(sentence, cuesOfItem, zone);
        }
        zone++;
      }
    }
  }

  /** Whether what was observed of an event speaks for it. */
  private boolean believed(Draft draft, int parties) {
    boolean deal = draft.type == EventType.CLOUD_PARTNERSHIP;
    boolean suit = deal && Draft.any(drafts, EventType.LITIGATION);
    long observed = observation.observed(draft, parties, suit);
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
    boolean takeover = deal && draft.exclusivity == Exclusivity.NONE && deals.buysCompany(report);
    return draft.score > 0 && !takeover;
  }

  private void sentence(Sentence sentence, long cuesOfItem, int zone) {
    List<Finding> findings = matcher.match(sentence, cuesOfItem);
    if (findings.isEmpty()) {
      return;
    }
    deals.overDeal(findings);
    for (EventType type : TYPES) {
      own.clear();
      boolean verb = false;
      boolean sure = false;
      for (Finding finding : findings) {
        if (finding.frame.type == type && !finding.denied()) {
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
      if (own.isEmpty() && type == EventType.CLOUD_PARTNERSHIP && !drafts.isEmpty()) {
        for (Finding finding : findings) {
          if (finding.frame.type == type) {
            own.add(finding);
          }
        }
        gathering.deny(own, drafts);
      } else if (!own.isEmpty()) {
        own.sort(HEAVIEST);
        if (type == EventType.CLOUD_PARTNERSHIP) {
          deals.stillOpen(own);
        }
        List<Finding> next = deals.successor(own);
        if (!next.isEmpty()) {
          own.removeAll(next);
        }
        gathering.place(own, zone, drafts);
        if (!next.isEmpty()) {
          deals.inherit(own, next);
          gathering.place(next, zone, drafts);
        }
      }
    }
  }
}
