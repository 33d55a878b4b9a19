package dev.pactwatch.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParsedFeedReaderTest {

  private final FeedReader reader =
      new ParsedFeedReader(new ArticleMaker(PublisherFamilies.none()), Duration.ofDays(30));

  private FeedReader.Reading read(String body) {
    return reader.read(
        body.getBytes(UTF_8), "application/rss+xml", "https://example.org/feed", Doubles.START);
  }

  @Test
  void itemsBecomeArticlesAndRejectionsAreCountedByReason() {
    FeedReader.Items items =
        (FeedReader.Items)
            read(
                """
                <rss version="2.0"><channel><title>T</title><link>https://example.org/</link>
                <ttl>45</ttl><skipHours><hour>3</hour></skipHours>
                <skipDays><day>Sunday</day></skipDays>
                <item><guid>a</guid><title>One</title><link>https://example.org/1</link></item>
                <item><guid>b</guid></item>
                <item><guid>a</guid><title>One</title><link>https://example.org/1</link></item>
                </channel></rss>
                """);

    assertThat(items.articles())
        .extracting(Article::headline, Article::feed, Article::observed)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("One", "https://example.org/feed", Doubles.START));
    assertThat(items.rejected())
        .isEqualTo(Map.of("it has neither a title nor a text", 1, "it repeats item N", 1));
    assertThat(items.hints())
        .isEqualTo(new FeedHints(45, 0, Set.of(3), Set.of(DayOfWeek.SUNDAY), null, null));
  }

  @Test
  void whatIsNoFeedIsUnreadable() {
    assertThat(read("<svg/>")).isInstanceOf(FeedReader.Unreadable.class);
  }
}
