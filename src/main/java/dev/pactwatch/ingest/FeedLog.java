package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where articles go, and where the state of feeds is kept with them. Instances that use the same
 * log share the feeds among them: each feed belongs to one instance at a time.
 */
public interface FeedLog extends AutoCloseable {

  /** Who polls; told by {@link #attend}, on the thread that called it, what to poll. */
  interface Owner {

    /**
     * Feeds are this instance's from now on, and nobody else writes about them any more.
     *
     * @param states by address; a feed without one has never been asked
     */
    void took(Map<String, FeedState> states);

    /**
     * Feeds are about to go to another instance. Returns once nothing about them is under way, or
     * cut off.
     *
     * @param leaving holds for the addresses of these feeds
     */
    void leave(Predicate<String> leaving);

    /** A hub said something about a feed that is this instance's. */
    void pushed(PushMessage message);
  }

  /** Begins to take part. Also the way back after {@link Lost}. */
  void open() throws Lost;

  /**
   * Keeps this instance's part alive and tells what comes and goes. To be called several times a
   * second, by one thread; takes a moment.
   *
   * @return true while it is settled what is this instance's, which may be nothing
   */
  boolean attend(Owner owner) throws Lost;

  /** Whether the feed is this instance's to poll. */
  boolean owns(String feed);

  /**
   * Writes the articles and the feed's new state: all of it or nothing.
   *
   * @return false when nothing was written since the feed is no longer this instance's
   * @throws Lost when it failed, or when it cannot be told whether it succeeded; {@link #open}
   *     tells
   */
  boolean commit(List<Article> articles, FeedState state) throws Lost;

  /** Gives up what is this instance's, so that others can take it at once. */
  @Override
  void close();

  /** The log cannot be written until it is opened again. */
  final class Lost extends Exception {

    private static final long serialVersionUID = 1L;

    public Lost(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
