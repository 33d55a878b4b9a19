package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stand-ins that the tests of this room share. */
final class Doubles {

  static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  private Doubles() {}

  /** A clock that moves when it is told to. */
  static final class Clock implements InstantSource {
    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @Override
    public Instant instant() {
      return now.get();
    }

    void forward(Duration by) {
      now.updateAndGet(instant -> instant.plus(by));
    }
  }

  /**
   * Reads lines of {@code guid|headline} after a first line {@code <feed>}, and counts how often it
   * was asked. A headline {@code -} makes the item a rejected one.
   */
  static final class LineReader implements FeedReader {
    final AtomicInteger reads = new AtomicInteger();
    volatile FeedHints hints = FeedHints.NONE;

    @Override
    public Reading read(byte[] body, String contentType, String feed, Instant observed) {
      reads.incrementAndGet();
      List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty() || !lines.get(0).equals("<feed>")) {
        return new Unreadable("no feed\r\n\u001b[31m");
      }
      List<Article> articles = new ArrayList<>();
      Map<String, Integer> rejected = new HashMap<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] parts = line.split("\\|", 2);
        if (parts[1].equals("-")) {
          rejected.merge("no-title", 1, Integer::sum);
        } else if (parts[1].equals("crash")) {
          throw new StackOverflowError();
        } else {
          articles.add(article(feed, parts[0], parts[1], observed));
        }
      }
      return new Items(articles, rejected, hints, null);
    }
  }

  static Article article(String feed, String guid, String headline, Instant observed) {
    return new Article(
        feed + "#" + guid,
        1,
        headline,
        null,
        null,
        "en",
        null,
        observed,
        null,
        observed,
        new Publisher("Test", "example.org", "example.org"),
        feed,
        guid,
        Integer.toHexString(headline.hashCode()),
        false,
        null);
  }

  static String feed(String... lines) {
    return "<feed>\n" + String.join("\n", lines);
  }

  /** A log in memory that survives its pollers, as Kafka does, and can be told to fail. */
  static final class MemoryLog implements FeedLog {
    final List<Article> articles = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> states = new HashMap<>();
    final AtomicInteger opened = new AtomicInteger();
    volatile int failNext;
    volatile boolean failAfterWriting;
    private boolean open;
    private boolean told;

    @Override
    public synchronized void open() {
      opened.incrementAndGet();
      open = true;
      told = false;
    }

    @Override
    public boolean attend(Owner owner) throws Lost {
      Map<String, FeedState> read = new HashMap<>();
      synchronized (this) {
        if (told) {
          return true;
        }
        told = true;
        for (Map.Entry<String, byte[]> entry : states.entrySet()) {
          try {
            read.put(entry.getKey(), Json.read(entry.getValue(), FeedState.class));
          } catch (IOException e) {
            throw new Lost("unreadable", e);
          }
        }
      }
      owner.took(read);
      return true;
    }

    @Override
    public synchronized boolean owns(String feed) {
      return open && told;
    }

    @Override
    public synchronized boolean commit(List<Article> items, FeedState state) throws Lost {
      if (!open) {
        throw new Lost("not open", null);
      }
      if (failNext > 0 && !failAfterWriting) {
        failNext--;
        open = false;
        throw new Lost("told to fail", null);
      }
      articles.addAll(items);
      states.put(state.feed(), Json.bytes(state));
      if (failNext > 0) {
        failNext--;
        open = false;
        throw new Lost("answer lost", null);
      }
      return true;
    }

    @Override
    public synchronized void close() {
      open = false;
    }
  }
}
