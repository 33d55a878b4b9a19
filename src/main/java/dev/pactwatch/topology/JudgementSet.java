package dev.pactwatch.topology;

import dev.pactwatch.alert.Judgement;
import java.util.List;
import java.util.Map;

/**
 * All that one article says about agreements of one chain. For each agreement named, it replaces
 * what the same owner said before; an empty list takes it back.
 *
 * @param owner the organisation in whose join it was found
 * @param judgements by agreement
 */
record JudgementSet(String uri, String owner, Map<String, List<Judgement>> judgements) {

  /**
   * What one arrival says about one chain, which is one step of its alerts: a changed agreement is
   * one piece of news, however many articles are judged by it anew.
   */
  record Step(List<JudgementSet> sets) {}
}
