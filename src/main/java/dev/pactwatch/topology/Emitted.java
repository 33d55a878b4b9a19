package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import java.util.List;

/**
 * What was last written of the alerts of one thread.
 *
 * @param alerts in the fold's order; withdrawn ones stay, so that their numbers go on
 */
record Emitted(List<Entry> alerts) {

  /**
   * @param last the revision written last
   * @param steps how many revisions the fold had for it then
   */
  record Entry(Alert last, int steps) {}
}
