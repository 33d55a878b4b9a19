package dev.pactwatch.alert;

import dev.pactwatch.matching.Match;

/**
 * The coarse identity under which judgements meet to be folded: agreement chain, relation, type of
 * event, counterparties by group. Episodes, products and amounts divide a thread into alerts.
 */
public final class ThreadKey {

  private ThreadKey() {}

  public static String of(Judgement judgement) {
    Match match = judgement.match();
    return String.join(
        "|",
        match.chain(),
        match.relation().label(),
        judgement.event().type().label(),
        String.join("+", match.counterparties()));
  }
}
