package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Publisher;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventCountsTest {

  private final EventCounts counts = new EventCounts();

  @Test
  void countsByMonthAndTypeAndWithWhom() {
    counts.add(article(1, "2026-01-31T23:59:59Z", event(Status.FILED, false, "lumen", "borealis")));
    counts.add(article(1, "2026-02-01T00:00:00Z", event(Status.AGREED, false, "lumen", "tide")));
    counts.add(article(1, "2026-02-03T00:00:00Z", event(Status.AGREED, false, "tide", "lumen")));

    EventCounts.Of lumen = counts.of("lumen");
    assertThat(lumen.total()).isEqualTo(3);
    assertThat(lumen.months())
        .containsExactly(
            Map.entry(YearMonth.of(2026, 1), Map.of(EventType.LITIGATION, 1)),
            Map.entry(YearMonth.of(2026, 2), Map.of(EventType.CLOUD_PARTNERSHIP, 2)));
    assertThat(lumen.with().get(EventType.CLOUD_PARTNERSHIP)).containsExactly(Map.entry("tide", 2));
    assertThat(lumen.with().get(EventType.LITIGATION)).containsExactly(Map.entry("borealis", 1));
    assertThat(counts.totals()).isEqualTo(Map.of("lumen", 3L, "borealis", 1L, "tide", 2L));
    assertThat(counts.of("nobody").total()).isZero();
  }

  @Test
  void whatAnArticleOnlyMentionsAndItsLaterVersionsAreNotCounted() {
    counts.add(article(1, "2026-01-01T00:00:00Z", event(Status.FILED, true, "lumen", "tide")));
    counts.add(article(2, "2026-01-01T00:00:00Z", event(Status.FILED, false, "lumen", "tide")));

    assertThat(counts.totals()).isEmpty();
  }

  private static TaggedArticle article(int version, String published, Event event) {
    return new TaggedArticle(
        "urn:x:1",
        version,
        "headline",
        null,
        new Publisher("Harbour Wire", "harbour.example", "harbour"),
        Instant.parse(published),
        Instant.parse(published),
        false,
        "lexicon",
        null,
        List.of(event));
  }

  private static Event event(Status status, boolean background, String... parties) {
    return new Event(
        status.type(),
        status,
        Stream.of(parties).map(id -> new Party(id, id, Role.PARTY, null, null)).toList(),
        null,
        null,
        null,
        null,
        background,
        1,
        List.of());
  }
}
