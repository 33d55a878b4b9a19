package dev.pactwatch.tagging;

import java.util.LinkedHashMap;
import java.util.Map;

/** One rule that fired in a sentence, with the parties in its places. */
final class Finding {
  Sentence sentence;
  Frame frame;
  int from;
  int to;
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
}
