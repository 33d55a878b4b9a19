package dev.pactwatch.topology;

import java.time.Instant;
import java.util.List;

/**
 * Where a record of one side was last sent, so that a later version can take it back.
 *
 * @param version of the article; 0 for an agreement
 * @param published of the article; null for an agreement
 */
record Spread(List<String> organisations, int version, Instant published) {}
