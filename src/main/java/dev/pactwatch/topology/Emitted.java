package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;

/**
 * What was last written of an alert. A withdrawn one stays, so that its numbers go on.
 *
 * @param last the revision written last
 * @param steps how many revisions the fold had for it then
 */
record Emitted(Alert last, int steps) {}
