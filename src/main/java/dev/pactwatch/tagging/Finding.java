package dev.pactwatch.tagging;

import java.util.Map;

/** One rule that fired in a sentence, with the parties in its places. */
final class Finding {

  /** Weight of the heaviest rule that tells what happened. */
  private static final int UPPERMOST = 30;

  Sentence sentence;
  Frame frame;
  int from;
  int to;
  final Map<Mention, Role> parties = new Parties();
  Status status;
  boolean negated;
  boolean planned;
  boolean talks;
  boolean history;

  /** The anchor is a noun or a fixed phrase. */
  boolean noun;

  /** The party is only who the sentence is about. */
  boolean outer;

  /** Forgets what was found before. */
  void begin(Sentence in, Frame fired, int first, int end) {
    sentence = in;
    frame = fired;
    from = first;
    to = end;
    status = fired.status;
    parties.clear();
    negated = false;
    planned = false;
    talks = false;
    history = false;
    noun = false;
    outer = false;
  }

  int weight() {
    return frame.rule.weight();
  }

  /** True where a rule tells nothing but who is who, and tells that more surely than any other. */
  boolean identifies() {
    return frame.status == null && weight() > UPPERMOST;
  }

  /** A negation takes an event away; "did not infringe" is still what a court found. */
  boolean denied() {
    return negated && status != Status.RULED;
  }

  /** What is told with plans and talks regarded: "plans to sue" threatens. */
  Status reported() {
    if (frame.type == EventType.LITIGATION && planned && status == Status.FILED) {
      return Status.THREATENED;
    }
    if (frame.type == EventType.CLOUD_PARTNERSHIP
        && talks
        && (status == Status.AGREED || status == Status.EXPANDED || status == Status.ENDED)) {
      return Status.IN_TALKS;
    }
    return status;
  }
}
