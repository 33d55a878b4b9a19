package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * The alerts of the topic in memory, bounded: the latest revision of every alert, and the last
 * revisions of all with their places. Safe for many threads.
 */
final class AlertStore {

  /** Newest event first; of the same moment, the one read last first. */
  private static final Comparator<Entry> NEWEST_FIRST =
      Comparator.comparing((Entry entry) -> entry.alert().lastSeen())
          .thenComparing(Entry::sequence)
          .reversed();

  /**
   * A revision and its place.
   *
   * @param sequence counts what this process has read, from 1
   */
  record Entry(long sequence, int partition, long offset, Alert alert) {}

  /** Where a client goes on. */
  sealed interface Position {}

  /**
   * @param sequence of the last entry that need not be looked at
   */
  record From(Cursor cursor, long sequence) implements Position {}

  /**
   * The place asked for cannot be gone on from without a gap.
   *
   * @param now where to go on after reading the state anew
   */
  record Lost(String reason, From now) implements Position {}

  /** Older alerts are still being read: nobody knows yet what can be gone on from. */
  record Loading() implements Position {}

  /** What comes after a position. */
  sealed interface Next {}

  record Found(Alert alert, From then) implements Next {}

  record Nothing(From then) implements Next {}

  /**
   * The log no longer reaches back to the position, or was filled anew since: its cursor has to be
   * placed again.
   */
  record Behind() implements Next {}

  /**
   * @param alerts the newest revisions, newest first
   * @param total how many alerts pass the filter
   * @param known how many alerts there are
   */
  record Listing(Cursor cursor, List<Alert> alerts, int total, int known) {}

  private final int maxAlerts;

  /** The entry of a sequence number stands at that number modulo the length. */
  private final Entry[] ring;

  private int size;

  /** Least recently changed first. */
  private final Map<String, Entry> latest = new LinkedHashMap<>();

  /** Highest offset per partition that is no longer in the log, or never was. */
  private final Map<Integer, Long> forgotten = new HashMap<>();

  private long sequence;
  private Cursor cursor;
  private boolean loading;

  AlertStore(int maxRevisions, int maxAlerts) {
    this.ring = new Entry[maxRevisions];
    this.maxAlerts = maxAlerts;
    this.cursor = new Cursor("none", new TreeMap<>());
  }

  /** Forgets everything and places nobody until {@link #reset} or {@link #loaded} is called. */
  synchronized void load(String topic) {
    reset(topic);
    loading = true;
  }

  /** Everything that was there has been added. */
  synchronized void loaded() {
    loading = false;
  }

  /** Forgets everything and begins with another incarnation of the topic. */
  synchronized void reset(String topic) {
    Arrays.fill(ring, null);
    size = 0;
    // Whoever stood somewhere has to ask again: what lies between may be gone for good.
    sequence++;
    loading = false;
    latest.clear();
    forgotten.clear();
    cursor = new Cursor(topic, new TreeMap<>());
  }

  /** States that records before this offset cannot be read any more. */
  synchronized void begin(int partition, long firstOffset) {
    if (firstOffset > 0) {
      forgotten.merge(partition, firstOffset - 1, Math::max);
      cursor = cursor.with(partition, firstOffset - 1);
    }
  }

  synchronized void add(int partition, long offset, Alert alert) {
    Entry entry = new Entry(sequence + 1, partition, offset, alert);
    if (size == ring.length) {
      Entry gone = entry(entry.sequence() - size);
      forgotten.merge(gone.partition(), gone.offset(), Math::max);
    } else {
      size++;
    }
    sequence = entry.sequence();
    ring[slot(sequence)] = entry;
    cursor = cursor.with(partition, offset);
    Entry known = latest.get(alert.id());
    if (known == null || known.alert().revision() <= alert.revision()) {
      latest.remove(alert.id());
      latest.put(alert.id(), entry);
    }
    if (latest.size() > maxAlerts) {
      Iterator<String> oldest = latest.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** The place after everything read so far. */
  synchronized From now() {
    return new From(cursor, sequence);
  }

  /**
   * Where a client begins.
   *
   * @param since where it goes on; null or blank for now
   */
  synchronized Position place(String since) {
    if (loading) {
      return new Loading();
    }
    return since == null || since.isBlank() ? now() : after(since);
  }

  /** Where to go on after a place that this or another instance gave out. */
  synchronized Position after(String text) {
    Optional<Cursor> parsed = Cursor.parse(text);
    if (parsed.isEmpty()) {
      return new Lost("unreadable", now());
    }
    Cursor asked = parsed.get();
    if (!asked.topic().equals(cursor.topic())) {
      return new Lost("another-topic", now());
    }
    for (Map.Entry<Integer, Long> gone : forgotten.entrySet()) {
      if (!asked.covers(gone.getKey(), gone.getValue())) {
        return new Lost("too-old", now());
      }
    }
    return new From(asked, sequence - size);
  }

  /**
   * The next entry that the position's cursor does not cover; empty while there is none. Entries
   * that it does cover are passed over.
   */
  synchronized Next next(From position) {
    if (position.sequence() < sequence - size
        || !position.cursor().topic().equals(cursor.topic())) {
      return new Behind();
    }
    for (long at = position.sequence() + 1; at <= sequence; at++) {
      Entry entry = entry(at);
      if (!position.cursor().covers(entry.partition(), entry.offset())) {
        return new Found(
            entry.alert(), new From(position.cursor().with(entry.partition(), entry.offset()), at));
      }
    }
    return new Nothing(new From(position.cursor(), sequence));
  }

  /** The filter is asked once about every alert, while others go on reading and adding. */
  Listing list(Predicate<Alert> filter, int limit) {
    List<Entry> all;
    Cursor at;
    synchronized (this) {
      all = new ArrayList<>(latest.values());
      at = cursor;
    }
    int known = all.size();
    all.removeIf(entry -> !filter.test(entry.alert()));
    all.sort(NEWEST_FIRST);
    return new Listing(at, all.stream().limit(limit).map(Entry::alert).toList(), all.size(), known);
  }

  /** Latest revision. */
  synchronized Optional<Alert> latest(String id) {
    return Optional.ofNullable(latest.get(id)).map(Entry::alert);
  }

  /** The revisions that are still kept, oldest first. */
  synchronized List<Alert> revisions(String id) {
    return LongStream.rangeClosed(sequence - size + 1, sequence)
        .mapToObj(at -> entry(at).alert())
        .filter(alert -> alert.id().equals(id))
        .toList();
  }

  private Entry entry(long at) {
    return ring[slot(at)];
  }

  private int slot(long at) {
    return (int) (at % ring.length);
  }
}
