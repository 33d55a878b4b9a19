package dev.pactwatch.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.Yaml;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArticleMakerTest {

  private static final String ADDRESS = "https://feeds.example.com/all";
  private static final Instant OBSERVED = Instant.parse("2024-05-10T00:00:00Z");

  private static ArticleMaker.Made make(String items) {
    return make(items, PublisherFamilies.none());
  }

  private static ArticleMaker.Made make(String items, PublisherFamilies families) {
    ParsedFeed feed =
        FeedFormatsTest.feed(
            "<rss version='2.0'><channel><title>All of it</title><link>https://www.example.com/</link>"
                + "<language>en</language>"
                + items
                + "</channel></rss>");
    return new ArticleMaker(families).make(feed, ADDRESS, OBSERVED, false);
  }

  private static Article article(String fields) {
    return make("<item>" + fields + "</item>").articles().get(0);
  }

  @Test
  void an_item_becomes_an_article_with_its_canonical_link_and_publisher() {
    Article article =
        article(
            "<title>Port signs crane maker</title><link>http://m.example.com/a/?utm_source=rss</link>"
                + "<guid isPermaLink='false'>7</guid><description>Ten cranes.</description>"
                + "<pubDate>Wed, 08 May 2024 14:05:09 GMT</pubDate>");
    assertThat(article.uri()).startsWith("urn:pactwatch:article:").hasSize(22 + 64);
    assertThat(article.version()).isEqualTo(1);
    assertThat(article.headline()).isEqualTo("Port signs crane maker");
    assertThat(article.summary()).isEqualTo("Ten cranes.");
    assertThat(article.body()).isNull();
    assertThat(article.language()).isEqualTo("en");
    assertThat(article.link()).isEqualTo("http://example.com/a");
    assertThat(article.published()).isEqualTo("2024-05-08T14:05:09Z");
    assertThat(article.publishedClaimed()).isEqualTo("Wed, 08 May 2024 14:05:09 GMT");
    assertThat(article.observed()).isEqualTo(OBSERVED);
    assertThat(article.publisher())
        .isEqualTo(new Publisher("All of it", "example.com", "example.com"));
    assertThat(article.feed()).isEqualTo(ADDRESS);
    assertThat(article.guid()).isEqualTo("7");
    assertThat(article.contentHash())
        .isEqualTo(ArticleIdentity.contentHash("Port signs crane maker", "Ten cranes.", null));
    assertThat(article.historical()).isFalse();
  }

  @Test
  void a_date_in_the_future_is_clamped_and_the_claim_kept() {
    Article article = article("<title>t</title><pubDate>2031-01-01T00:00:00Z</pubDate>");
    assertThat(article.published()).isEqualTo(OBSERVED);
    assertThat(article.publishedClaimed()).isEqualTo("2031-01-01T00:00:00Z");
  }

  @Test
  void a_date_that_is_missing_unclear_or_the_epoch_gives_way_to_the_observation() {
    assertThat(article("<title>t</title>").published()).isEqualTo(OBSERVED);
    assertThat(article("<title>t</title>").publishedClaimed()).isNull();
    Article unclear = article("<title>t</title><pubDate>soon</pubDate>");
    assertThat(unclear.published()).isEqualTo(OBSERVED);
    assertThat(unclear.publishedClaimed()).isEqualTo("soon");
    assertThat(article("<title>t</title><pubDate>1970-01-01T00:00:00Z</pubDate>").published())
        .isEqualTo(OBSERVED);
  }

  @Test
  void the_date_of_the_last_change_stands_in_for_the_publication() {
    assertThat(
            article("<title>t</title><atom:updated>2024-05-01T00:00:00Z</atom:updated>")
                .published())
        .isEqualTo("2024-05-01T00:00:00Z");
  }

  @Test
  void without_a_title_the_first_words_are_the_headline() {
    Article article = article("<description>" + "Cranes arrive. ".repeat(40) + "</description>");
    assertThat(article.headline())
        .startsWith("Cranes arrive. Cranes")
        .endsWith("…")
        .hasSizeLessThan(121);
  }

  @Test
  void an_item_without_any_text_is_rejected_and_counted() {
    ArticleMaker.Made made =
        make("<item><guid>a</guid></item><item><guid>b</guid><title>t</title></item>");
    assertThat(made.articles()).hasSize(1);
    assertThat(made.rejected())
        .containsExactly(new RejectedItem(1, 1, "a", "it has neither a title nor a text"));
  }

  @Test
  void an_item_that_stands_twice_is_one_article() {
    ArticleMaker.Made made =
        make(
            "<item><guid>a</guid><title>newer</title></item><item><guid>b</guid><title>x</title></item>"
                + "<item><guid>b</guid><title>x</title></item>");
    assertThat(made.articles()).extracting(Article::headline).containsExactly("newer", "x");
    assertThat(made.rejected()).containsExactly(new RejectedItem(3, 1, "b", "it repeats item 2"));
  }

  @Test
  void a_guid_that_a_feed_gives_to_every_item_tells_nothing() {
    ArticleMaker.Made made =
        make(
            "<item><guid isPermaLink='false'>same</guid><title>x</title><link>https://example.com/1</link></item>"
                + "<item><guid isPermaLink='false'>same</guid><title>y</title><link>https://example.com/2</link></item>");
    assertThat(made.articles()).extracting(Article::uri).doesNotHaveDuplicates().hasSize(2);
    assertThat(made.weakest()).isEqualTo(ArticleIdentity.Rung.LINK);
  }

  @Test
  void an_aggregator_names_the_publisher_and_its_suffix_is_no_headline() {
    PublisherFamilies families =
        PublisherFamilies.of(
            Yaml.parse(
                "p.yaml",
                "families: [{id: dock, name: Dock Group, outlets: {paper.example.org: The Paper}}]"));
    Article article =
        make(
                "<item><title>Port signs crane maker - The Paper</title><link>https://example.com/read/1</link>"
                    + "<source url='https://paper.example.org'>The Paper</source></item>",
                families)
            .articles()
            .get(0);
    assertThat(article.headline()).isEqualTo("Port signs crane maker");
    assertThat(article.publisher()).isEqualTo(new Publisher("The Paper", "example.org", "dock"));
  }

  @Test
  void a_feed_of_links_to_other_sites_does_not_lend_them_its_name() {
    Article article = article("<title>t</title><link>https://www.elsewhere.co.uk/x</link>");
    assertThat(article.publisher())
        .isEqualTo(new Publisher("elsewhere.co.uk", "elsewhere.co.uk", "elsewhere.co.uk"));
  }

  @Test
  void a_feed_read_twice_gives_the_same_articles() {
    String items = "<item><title>t</title><description>d</description></item>";
    assertThat(make(items)).isEqualTo(make(items));
  }
}
