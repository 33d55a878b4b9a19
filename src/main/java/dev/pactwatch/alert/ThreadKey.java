package dev.pactwatch.alert;

import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Relation;

/**
 * The coarse identity under which judgements meet to be folded: agreement chain, relation, type of
 * event, identifying parties by group. Episodes, products and amounts divide a thread into alerts.
 */
public final class ThreadKey {

  private ThreadKey() {}

  public static String of(Judgement judgement) {
    Match match = judgement.match();
    return String.join(
        "|",
        match.chain(),
        relation(match.relation()),
        judgement.event().type().label(),
        String.join("+", match.identity()));
  }

  /** Amendment and ending are stages of one thing. */
  private static String relation(Relation relation) {
    return switch (relation) {
      case AMENDMENT, ENDING -> "change";
      case CONFLICT, DISPUTE, TOUCHES -> relation.label();
    };
  }
}
