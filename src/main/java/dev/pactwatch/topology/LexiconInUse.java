package dev.pactwatch.topology;

import java.time.Instant;

/**
 * Which lexicon tags the articles of a partition from here on.
 *
 * @param version of the lexicon, twelve hexadecimal digits
 * @param at when it was activated
 */
public record LexiconInUse(String version, Instant at) {}
