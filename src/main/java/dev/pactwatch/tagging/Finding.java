package dev.pactwatch.tagging;

import java.util.LinkedHashMap;
import java.util.Map;

/** One rule that fired in a sentence, with the parties in its places. */
final class Finding {
  final Sentence sentence;
  final Frame frame;
  final int from;
  final int to;
  final Map<Mention, Role> parties = new LinkedHashMap<>(4);
  Status status;
  boolean negated;
  boolean planned;
  boolean talks;
  boolean history;

  /** The anchor is a noun or a fixed phrase. */
  boolean noun;

  /** The party is only who the sentence is about. */
  boolean outer;

  Finding(Sentence sentence, Frame frame, int from, int to) {
    this.sentence = sentence;
    this.frame = frame;
    this.from = from;
    this.to = to;
    this.status = frame.status;
  }

  int weight() {
    return frame.rule.weight();
  }
}
