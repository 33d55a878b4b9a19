package dev.pactwatch.alert;

import java.util.List;

/**
 * What the judgements of one thread say.
 *
 * @param histories one list per alert, in the order in which the alerts opened; each holds the
 *     alert's revisions, numbered from 1; the last is the latest state
 */
public record Folded(List<List<Alert>> histories) {

  public Folded {
    histories = histories.stream().map(List::copyOf).toList();
  }

  /** The latest state of each alert. */
  public List<Alert> latest() {
    return histories.stream().map(history -> history.get(history.size() - 1)).toList();
  }
}
