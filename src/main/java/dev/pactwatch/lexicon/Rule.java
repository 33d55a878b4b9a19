package dev.pactwatch.lexicon;

import java.util.List;
import java.util.Map;

/**
 * One rule of the lexicon: an anchor (a verb, a noun or a fixed phrase) that reports an event when
 * its conditions hold, and where around it the parties stand.
 *
 * @param id unique
 * @param event label of the event type
 * @param status label of the status that the anchor reports; null where other words must tell
 * @param weight the heavier of two rules in a sentence decides the status
 * @param anchors as written in the file
 * @param slots place around the anchor to the role of the party that stands there
 * @param with classes of which one must follow in the clause; 0 for no condition
 * @param after classes of which one must stand before in the clause
 * @param near classes of which one must stand in the sentence
 * @param context classes of which one must stand in the item
 * @param without classes of which none may stand in the sentence
 * @param notWith classes of which none may follow in the clause
 * @param notAfter classes of which none may stand right before, within three words
 * @param next classes of which one must follow at once, articles and adjectives aside
 * @param notNext classes of which none may follow at once
 * @param forms allowed forms of the anchor, see {@link Lexicon}; 0 for all
 * @param needs slots of which one must be filled; empty for none
 * @param both true where every slot in {@code needs} must be filled
 * @param parties how many named parties the event must have
 * @param sure true where the roles hold against what is known of who sells clouds
 * @param mutual true where neither side is said to buy from the other
 * @param fallback true where the rule counts only if no other rule of its event fires
 * @param yes texts in which the rule must fire
 * @param no texts in which it must not
 * @param place file and line
 */
public record Rule(
    String id,
    String event,
    String status,
    int weight,
    List<String> anchors,
    Map<String, String> slots,
    long with,
    long after,
    long near,
    long context,
    long without,
    long notWith,
    long notAfter,
    long next,
    long notNext,
    int forms,
    List<String> needs,
    boolean both,
    int parties,
    boolean sure,
    boolean mutual,
    boolean fallback,
    List<String> yes,
    List<String> no,
    String place) {

  public Rule {
    anchors = List.copyOf(anchors);
    slots = Map.copyOf(slots);
    needs = List.copyOf(needs);
    yes = List.copyOf(yes);
    no = List.copyOf(no);
  }
}
