package dev.pactwatch.replay;

import java.time.Instant;

/**
 * How far a replay is; {@code progress.json} in its folder while somebody works on it.
 *
 * @param phase what is being done, for people
 * @param done articles
 * @param total articles, 0 where that is not known yet
 * @param perSecond articles
 * @param secondsLeft of this phase, at this rate; 0 where the total is not known
 * @param at when this was so
 */
public record ReplayProgress(
    String phase, long done, long total, double perSecond, double secondsLeft, Instant at) {}
