package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.ingest.FeedState.Keys;
import dev.pactwatch.ingest.FeedState.Seen;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the items of a document among those seen before, also where the feed calls them by other
 * identifiers now.
 *
 * <p>One item that keeps its words and its link, or its words and its date, is the same item
 * whatever its identifier. More is believed when many change at once: where at least three items
 * that vanished come back by their link or their title, more of them than came back under their own
 * identifier, and at least as many as are altogether new, the feed has renumbered, and a link or a
 * title is enough.
 */
final class KnownItems {

  /** Below this, a title says too little to tell an item by. */
  private static final int TELLING_TITLE = 12;

  private static final int MASS = 3;
  private static final String DISPLACED = "displaced:";

  private final Map<String, Seen> byUri = new LinkedHashMap<>();
  private final Map<String, Seen> renumbered = new HashMap<>();
  private final boolean mass;

  KnownItems(List<Seen> before, List<Article> articles) {
    before.forEach(seen -> byUri.put(seen.uri(), seen));
    Set<String> present = new HashSet<>();
    for (Article article : articles) {
      Seen seen = byUri.get(article.uri());
      if (seen != null) {
        present.add(seen.published());
      }
    }
    Map<String, Seen> certain = match(before, articles, present, false);
    Map<String, Seen> likely = match(before, articles, present, true);
    long unknown = articles.stream().filter(one -> !byUri.containsKey(one.uri())).count();
    mass =
        likely.size() >= MASS
            && likely.size() > present.size()
            // A document that is new as a whole, as after an outage, has titles that come every
            // day.
            && 2L * likely.size() >= unknown;
    renumbered.putAll(mass ? likely : certain);
  }

  private Map<String, Seen> match(
      List<Seen> before, List<Article> articles, Set<String> present, boolean likely) {
    Map<String, Seen> byKey = new HashMap<>();
    for (Seen seen : before) {
      if (!present.contains(seen.published()) && seen.keys() != null) {
        for (String key : keys(seen.contentHash(), seen.keys(), likely)) {
          // The newest of those that share a key.
          byKey.putIfAbsent(key, seen);
        }
      }
    }
    Map<String, Seen> found = new HashMap<>();
    Set<String> taken = new HashSet<>(present);
    for (Article article : articles) {
      if (byUri.containsKey(article.uri())) {
        continue;
      }
      for (String key : keys(article.contentHash(), keysOf(article), likely)) {
        Seen seen = byKey.get(key);
        if (seen != null && taken.add(seen.published())) {
          found.put(article.uri(), seen);
          break;
        }
      }
    }
    return found;
  }

  private static List<String> keys(String contentHash, Keys keys, boolean likely) {
    Set<String> all = new LinkedHashSet<>();
    if (keys.link() != null) {
      all.add("link+words " + keys.link() + ' ' + contentHash);
    } else if (keys.date() != null) {
      all.add("date+words " + keys.date() + ' ' + contentHash);
    }
    if (likely && keys.link() != null) {
      all.add("link " + keys.link());
    }
    if (likely && keys.title() != null) {
      all.add("title " + keys.title());
    }
    return List.copyOf(all);
  }

  /** What the item was when it was last seen; null for one that is new. */
  Seen find(Article article) {
    Seen seen = byUri.get(article.uri());
    return seen == null ? renumbered.get(article.uri()) : seen;
  }

  /** Whether the item comes under another identifier than when it was last seen. */
  boolean isRenumbered(Article article) {
    return renumbered.containsKey(article.uri());
  }

  /** Whether the feed has changed its identifiers throughout. */
  boolean mass() {
    return mass;
  }

  /**
   * Whether an identifier now stands for something else: another title, link and date. An edit
   * leaves at least one of them.
   */
  static boolean isAnother(Seen seen, Article article) {
    Keys now = keysOf(article);
    Keys then = seen.keys();
    return then != null
        && differ(then.link(), now.link())
        && differ(then.title(), now.title())
        && differ(then.date(), now.date());
  }

  /**
   * How an item is remembered whose identifier stands for another one now. No uri of an article has
   * this form.
   */
  Seen displaced(Seen seen) {
    return new Seen(
        DISPLACED + seen.keys().link(),
        seen.contentHash(),
        seen.version(),
        seen.keys(),
        seen.published());
  }

  /** The same item, where it was displaced earlier and is back; otherwise null. */
  Seen findDisplaced(Article article) {
    return byUri.get(DISPLACED + keysOf(article).link());
  }

  /**
   * What an item with other words differs in from what was last seen of it, as {@link
   * Article#changed} names it.
   */
  static List<String> changed(Seen seen, Article article) {
    Keys then = seen.keys();
    if (then == null) {
      return List.of();
    }
    Keys now = keysOf(article);
    boolean headline = !Objects.equals(then.title(), now.title());
    boolean text = then.text() == null ? !headline : !then.text().equals(now.text());
    List<String> changed = new ArrayList<>();
    // The words differ: where it is not the text, it is letters' case or a title too short to tell.
    if (headline || !text) {
      changed.add("headline");
    }
    if (text) {
      changed.add("text");
    }
    if (!Objects.equals(then.link(), now.link())) {
      changed.add("link");
    }
    if (!Objects.equals(then.date(), now.date())) {
      changed.add("published");
    }
    return changed;
  }

  private static boolean differ(String then, String now) {
    return then != null && now != null && !Objects.equals(then, now);
  }

  /** By what the item could be told, were its identifier to change. */
  static Keys keysOf(Article article) {
    String title = article.headline().strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    return new Keys(
        article.link() == null ? null : digest(article.link()),
        title.length() < TELLING_TITLE ? null : digest(title),
        article.publishedClaimed() == null ? null : digest(article.publishedClaimed()),
        digest(article.summary() + "\n" + article.body()));
  }

  /** 64 bits: enough among the few hundred items of one feed. */
  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
