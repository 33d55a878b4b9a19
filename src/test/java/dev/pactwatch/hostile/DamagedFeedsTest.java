package dev.pactwatch.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.CanonicalLink;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of feeds that are broken, lie or attack: each gives articles or one clear reason, and
 * costs no more than the parser's own limits allow. {@code -Ddamage.feeds=100000} for more, {@code
 * -Ddamage.seed} for others.
 */
class DamagedFeedsTest {

  private static final int FEEDS = Integer.getInteger("damage.feeds", 3_000);
  private static final long SEED = Long.getLong("damage.seed", 20261123L);
  private static final Instant OBSERVED = Instant.parse("2026-05-01T00:00:00Z");

  /** What one feed may take in memory: this, and so much more for each byte of it. */
  private static final long BYTES = 64L << 20;

  private static final long BYTES_PER_BYTE = 400;

  private static final class Tally {
    private int feeds;
    private int parsed;
    private int articles;
  }

  @Test
  // Nothing is measured by it: it only ends what hangs.
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void every_damaged_feed_gives_articles_or_a_reason_within_bounds() throws Exception {
    DamagedFeeds damaged = new DamagedFeeds(SEED);
    FeedParser parser = new FeedParser();
    ArticleMaker maker =
        new ArticleMaker(PublisherFamilies.of(Yaml.parse("none.yaml", "families: []")));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<DamagedFeeds.Kind, Tally> tallies = new EnumMap<>(DamagedFeeds.Kind.class);
    long longest = 0;
    for (int i = 0; i < FEEDS; i++) {
      DamagedFeeds.Damaged one = damaged.next();
      String name = "feed " + i + " of seed " + SEED + " (" + one.kind() + ")";
      long before = threads.getCurrentThreadAllocatedBytes();
      long cpu = threads.getCurrentThreadCpuTime();
      FeedResult result;
      int articles = 0;
      try {
        result = parser.parse(one.body(), one.contentType(), "https://news.example/feed");
        if (result instanceof FeedResult.Parsed parsed) {
          ArticleMaker.Made made =
              maker.make(parsed.feed(), "https://news.example/feed", OBSERVED, false);
          made.articles().forEach(article -> assertBounded(name, article));
          assertThat(made.articles().size() + made.rejected().size())
              .as(name)
              .isEqualTo(parsed.feed().items().size());
          articles = made.articles().size();
        }
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(name + " was " + keep(i, one.body()), e);
      }
      longest = Math.max(longest, threads.getCurrentThreadCpuTime() - cpu);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).as(name).isLessThan(BYTES + BYTES_PER_BYTE * one.body().length);
      assertThat(result).as(name).isNotNull();
      Tally tally = tallies.computeIfAbsent(one.kind(), kind -> new Tally());
      tally.feeds++;
      if (result instanceof FeedResult.Unreadable unreadable) {
        assertThat(unreadable.reason()).as(name).isNotBlank().doesNotContain("\n", "\r");
        assertThat(unreadable.reason().length()).as(name).isLessThan(400);
      } else {
        tally.parsed++;
        tally.articles += articles;
      }
    }
    report(tallies, longest);
    int parsed = tallies.values().stream().mapToInt(tally -> tally.parsed).sum();
    assertThat(tallies).hasSameSizeAs(DamagedFeeds.Kind.values());
    // What is refused at the door tries nothing behind it.
    assertThat(parsed).as("feeds that could be read").isGreaterThan(FEEDS * 3 / 10);
    assertThat(tallies.values()).allMatch(tally -> tally.articles > 0);
  }

  @Test
  void all_that_is_damaged_is_good_before() {
    FeedParser parser = new FeedParser();
    assertThat(DamagedFeeds.good())
        .hasSizeGreaterThan(15)
        .allSatisfy(
            feed -> {
              FeedResult result =
                  parser.parse(feed.getBytes(java.nio.charset.StandardCharsets.UTF_8), null, null);
              assertThat(result).isInstanceOf(FeedResult.Parsed.class);
              assertThat(((FeedResult.Parsed) result).feed().items()).isNotEmpty();
            });
  }

  @Test
  void the_same_seed_makes_the_same_feeds() {
    DamagedFeeds one = new DamagedFeeds(7);
    DamagedFeeds other = new DamagedFeeds(7);
    for (int i = 0; i < 100; i++) {
      assertThat(Arrays.equals(one.next().body(), other.next().body())).isTrue();
    }
  }

  private static void assertBounded(String name, Article article) {
    assertThat(article.uri()).as(name).isNotBlank();
    assertThat(article.headline()).as(name).isNotBlank();
    assertThat(article.headline().length()).as(name).isLessThanOrEqualTo(1_024);
    assertThat(length(article.summary())).as(name).isLessThanOrEqualTo(16_385);
    assertThat(length(article.body())).as(name).isLessThanOrEqualTo(131_073);
    assertThat(length(article.link())).as(name).isLessThanOrEqualTo(3 * 2_048);
    assertThat(article.published()).as(name).isBeforeOrEqualTo(OBSERVED);
    if (article.link() != null) {
      assertThat(article.link()).as(name).matches("(?s)https?://.*");
      assertThat(CanonicalLink.of(article.link())).as(name).isEqualTo(article.link());
    }
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** Where the feed was put that could not be coped with. */
  private static Path keep(int number, byte[] body) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "damaged-feeds"));
    return Files.write(folder.resolve(SEED + "-" + number), body);
  }

  private static void report(Map<DamagedFeeds.Kind, Tally> tallies, long longest)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d feeds of seed %d; the longest took %d ms of processor time%n"
            .formatted(FEEDS, SEED, longest / 1_000_000));
    tallies.forEach(
        (kind, tally) ->
            text.append(
                "%-20s %7d feeds %7d read %9d articles%n"
                    .formatted(kind, tally.feeds, tally.parsed, tally.articles)));
    Files.writeString(Path.of("target", "damaged-feeds.txt"), text);
  }
}
