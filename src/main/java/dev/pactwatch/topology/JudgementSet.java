package dev.pactwatch.topology;

import dev.pactwatch.alert.Judgement;
import java.util.List;

/**
 * All that one article says about one agreement. Replaces what the same owner said before; an empty
 * list takes it back.
 *
 * @param owner the organisation in whose join it was found
 */
record JudgementSet(String uri, String agreement, String owner, List<Judgement> judgements) {}
