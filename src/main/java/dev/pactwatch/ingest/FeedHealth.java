package dev.pactwatch.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How a feed has fared, over all its polls; a part of {@link FeedState}, so that it outlives the
 * process and every instance tells the same.
 *
 * @param polls answered or not
 * @param items always {@code published + known + } the sum of {@code rejected}
 * @param published new items and edits
 * @param edited those of {@code published} that are later versions
 * @param known items that had been published before
 * @param renumbered those of {@code known} and {@code edited} that came under another identifier
 * @param rejected items by reason
 * @param lags seconds from the claimed publication to the observation of the latest new items,
 *     oldest first, at most {@value #REMEMBERED_LAGS}
 * @param arrivals when something new came, oldest first, at most {@value #REMEMBERED_ARRIVALS}
 * @param identity weakest rung by which items of the latest document are known again: {@code guid},
 *     {@code link} or {@code content}; null for not known
 * @param troubles what is wrong now, and since when: {@code broken}, {@code gone}, {@code silent},
 *     {@code renumbered}
 * @param notices changes of {@code troubles}, oldest first, at most {@value #REMEMBERED_NOTICES}
 * @param fullText pages that were fetched for articles, by outcome; {@code ok} for those used
 */
public record FeedHealth(
    long polls,
    long items,
    long published,
    long edited,
    long known,
    long renumbered,
    Map<String, Long> rejected,
    List<Long> lags,
    List<Instant> arrivals,
    String identity,
    Map<String, Instant> troubles,
    List<Notice> notices,
    Map<String, Long> fullText) {

  static final int REMEMBERED_LAGS = 100;
  static final int REMEMBERED_ARRIVALS = 20;
  static final int REMEMBERED_NOTICES = 10;

  /** Before the first poll. */
  public static final FeedHealth NONE =
      new FeedHealth(
          0, 0, 0, 0, 0, 0, Map.of(), List.of(), List.of(), null, Map.of(), List.of(), Map.of());

  /**
   * What an operator is told, once for each change.
   *
   * @param what {@code broken}, {@code gone}, {@code silent}, {@code renumbered}
   * @param over true when the trouble has ended
   * @param text one line, safe for a log
   */
  public record Notice(Instant at, String what, boolean over, String text) {}

  public FeedHealth {
    rejected = sorted(rejected);
    lags = lags == null ? List.of() : List.copyOf(lags);
    arrivals = arrivals == null ? List.of() : List.copyOf(arrivals);
    troubles = sorted(troubles);
    notices = notices == null ? List.of() : List.copyOf(notices);
    fullText = sorted(fullText);
  }

  /** The same health is always written the same way. */
  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /** Seconds below which the given share of the remembered lags lies; empty without any. */
  public OptionalLong lag(int percent) {
    if (lags.isEmpty()) {
      return OptionalLong.empty();
    }
    long[] ordered = lags.stream().mapToLong(Long::longValue).sorted().toArray();
    int rank = (int) Math.ceil(percent / 100.0 * ordered.length);
    return OptionalLong.of(ordered[Math.max(0, rank - 1)]);
  }

  /** The median pause between two arrivals; null with fewer than four pauses to go by. */
  public Duration usualGap() {
    if (arrivals.size() < 5) {
      return null;
    }
    long[] gaps = new long[arrivals.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = Duration.between(arrivals.get(i), arrivals.get(i + 1)).toSeconds();
    }
    Arrays.sort(gaps);
    return Duration.ofSeconds(gaps[gaps.length / 2]);
  }

  /** The counts of both; nothing else of them can be summed up. */
  FeedHealth plus(FeedHealth other) {
    return new FeedHealth(
        polls + other.polls,
        items + other.items,
        published + other.published,
        edited + other.edited,
        known + other.known,
        renumbered + other.renumbered,
        sum(rejected, other.rejected),
        List.of(),
        List.of(),
        null,
        Map.of(),
        List.of(),
        sum(fullText, other.fullText));
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    Map<String, Long> sum = new TreeMap<>(one);
    other.forEach((name, n) -> sum.merge(name, n, Long::sum));
    return sum;
  }

  /** The same with other counts of pages. */
  FeedHealth withFullText(Map<String, Long> counts) {
    return new FeedHealth(
        polls,
        items,
        published,
        edited,
        known,
        renumbered,
        rejected,
        lags,
        arrivals,
        identity,
        troubles,
        notices,
        counts);
  }
}
