package dev.pactwatch.topology;

import dev.pactwatch.alert.ThreadFold;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Folds of the threads that were in the news last, so that the next article need not be folded with
 * all that came before it. What is not here is folded anew from the store, to the same end.
 */
final class RecentFolds {

  private final int most;
  private final Map<String, Held> folds = new LinkedHashMap<>();
  private int articles;

  /**
   * @param articles that were counted for it
   */
  private record Held(ThreadFold fold, int articles) {}

  /**
   * @param most articles in all folds together; a single fold may be larger
   */
  RecentFolds(int most) {
    this.most = most;
  }

  /** Takes the fold of a thread out; null where it is not kept. */
  ThreadFold take(String thread) {
    Held held = folds.remove(thread);
    if (held == null) {
      return null;
    }
    articles -= held.articles();
    return held.fold();
  }

  /** Keeps a fold that is not kept yet, and lets go of those that were not asked for longest. */
  void put(String thread, ThreadFold fold) {
    folds.put(thread, new Held(fold, fold.articles()));
    articles += fold.articles();
    Iterator<Held> eldest = folds.values().iterator();
    while (articles > most && folds.size() > 1) {
      articles -= eldest.next().articles();
      eldest.remove();
    }
  }
}
