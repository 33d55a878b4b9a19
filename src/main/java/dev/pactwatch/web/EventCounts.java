package dev.pactwatch.web;

import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often news reported events of an organisation, by month and type, and with whom. Numbers
 * alone are kept, so memory grows with organisations and months, not with news. Safe for many
 * threads.
 */
final class EventCounts {

  /** More counterparts of one organisation are not told apart. */
  private static final int MAX_COUNTERPARTS = 2_000;

  /**
   * @param months reports by type, in order of time
   * @param with reports by type and counterpart, the most frequent first
   */
  record Of(
      long total,
      SortedMap<YearMonth, Map<EventType, Integer>> months,
      Map<EventType, Map<String, Integer>> with) {}

  private static final class Tally {

    private long total;
    private final SortedMap<YearMonth, Map<EventType, Integer>> months = new TreeMap<>();
    private final Map<EventType, Map<String, Integer>> with = new EnumMap<>(EventType.class);
  }

  private final Map<String, Tally> tallies = new HashMap<>();

  /** Forgets everything. */
  synchronized void reset() {
    tallies.clear();
  }

  /**
   * Counts the events that an article reports, but not those it only mentions as history. Later
   * versions of an article are the same report.
   */
  synchronized void add(TaggedArticle article) {
    if (article.version() > 1) {
      return;
    }
    YearMonth month = YearMonth.from(article.published().atZone(ZoneOffset.UTC));
    for (Event event : article.events()) {
      if (event.background()) {
        continue;
      }
      List<String> parties =
          event.parties().stream()
              .map(Party::organisation)
              .filter(id -> id != null)
              .distinct()
              .toList();
      for (String one : parties) {
        Tally tally = tallies.computeIfAbsent(one, unused -> new Tally());
        tally.total++;
        tally
            .months
            .computeIfAbsent(month, unused -> new EnumMap<>(EventType.class))
            .merge(event.type(), 1, Integer::sum);
        Map<String, Integer> with =
            tally.with.computeIfAbsent(event.type(), unused -> new HashMap<>());
        for (String other : parties) {
          if (!other.equals(one) && (with.size() < MAX_COUNTERPARTS || with.containsKey(other))) {
            with.merge(other, 1, Integer::sum);
          }
        }
      }
    }
  }

  /** By organisation: how many reports name it. */
  synchronized Map<String, Long> totals() {
    return tallies.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().total));
  }

  /** What is known of one; zeros where nothing is. */
  synchronized Of of(String organisation) {
    Tally tally = tallies.getOrDefault(organisation, new Tally());
    SortedMap<YearMonth, Map<EventType, Integer>> months = new TreeMap<>();
    tally.months.forEach((month, counts) -> months.put(month, new EnumMap<>(counts)));
    Map<EventType, Map<String, Integer>> with = new EnumMap<>(EventType.class);
    tally.with.forEach((type, counts) -> with.put(type, mostFirst(counts)));
    return new Of(tally.total, months, with);
  }

  private static Map<String, Integer> mostFirst(Map<String, Integer> counts) {
    Map<String, Integer> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(one -> sorted.put(one.getKey(), one.getValue()));
    return sorted;
  }
}
