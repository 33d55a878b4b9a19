package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import java.util.List;
import java.util.Map;

/** Where articles go, and where the state of feeds is kept with them. */
public interface FeedLog extends AutoCloseable {

  /**
   * Takes over from whoever wrote before, settles what they left unfinished, and reads the state of
   * all feeds, by address. Also the way back after {@link Lost}.
   */
  Map<String, FeedState> open() throws Lost;

  /**
   * Writes the articles and the feed's new state: all of it or nothing.
   *
   * @throws Lost when it failed, or when it cannot be told whether it succeeded; {@link #open}
   *     tells
   */
  void commit(List<Article> articles, FeedState state) throws Lost;

  @Override
  void close();

  /** The log cannot be written until it is opened again. */
  final class Lost extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean fenced;

    public Lost(String message, boolean fenced, Throwable cause) {
      super(message, cause);
      this.fenced = fenced;
    }

    /** True when another instance has taken over, as far as can be told. */
    public boolean fenced() {
      return fenced;
    }
  }
}
