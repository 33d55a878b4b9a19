package dev.pactwatch.ingest;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The feeds of a file that is edited while they are polled. Each question looks whether the file is
 * another one, and takes it over once it has rested from one question to the next; a file that
 * cannot be used is a {@link ConfigException} for as long as it stands there, with the list as it
 * was kept by whoever asked.
 */
public final class FeedListWatch implements Supplier<List<FeedEntry>> {

  private static final Logger LOG = System.getLogger(FeedListWatch.class.getName());

  private final Path file;
  private List<FeedEntry> feeds;
  private List<Object> taken;
  private List<Object> seen;
  private ConfigException refused;

  /**
   * @throws ConfigException when the file cannot be used at the start
   */
  public FeedListWatch(Path file) {
    this.file = file;
    this.taken = stamp();
    this.seen = taken;
    this.feeds = FeedList.read(file).feeds();
  }

  @Override
  public synchronized List<FeedEntry> get() {
    List<Object> now = stamp();
    boolean rested = now.equals(seen);
    seen = now;
    if (rested && !now.equals(taken)) {
      taken = now;
      look();
    }
    if (refused != null) {
      throw refused;
    }
    return feeds;
  }

  /** Whether the user of this feed asks for full texts, as of the list that is in use. */
  public synchronized boolean wantsFullText(String url) {
    return feeds.stream().anyMatch(feed -> feed.fullText() && feed.url().equals(url));
  }

  private void look() {
    try {
      List<FeedEntry> next = List.copyOf(FeedList.read(file).feeds());
      refused = null;
      if (!next.equals(feeds)) {
        LOG.log(
            Level.INFO,
            "feed list taken over"
                + LogText.pair("feeds", next.size())
                + LogText.pair("added", missing(next, feeds))
                + LogText.pair("removed", missing(feeds, next)));
      }
      feeds = next;
    } catch (ConfigException e) {
      refused = e;
    }
  }

  private static int missing(List<FeedEntry> from, List<FeedEntry> others) {
    Set<String> urls = new HashSet<>();
    others.forEach(feed -> urls.add(feed.url()));
    return (int) from.stream().filter(feed -> !urls.contains(feed.url())).count();
  }

  /** Size, time and file; empty where there is none. */
  private List<Object> stamp() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = now.fileKey();
      return List.of(now.size(), now.lastModifiedTime(), key == null ? "" : key);
    } catch (IOException e) {
      return List.of();
    }
  }
}
