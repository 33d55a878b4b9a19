package dev.pactwatch.article;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArticleIdentityTest {

  private static final String FEED = "https://www.example.com/feed";
  private static final String HASH = ArticleIdentity.contentHash("h", "s", null);

  private static String uri(String feed, String guid, String link) {
    return ArticleIdentity.of(feed, guid, link, HASH).uri();
  }

  @Test
  void the_ladder_goes_from_guid_to_link_to_content() {
    assertThat(ArticleIdentity.of(FEED, "7", "https://example.com/a", HASH).rung())
        .isEqualTo(ArticleIdentity.Rung.GUID);
    assertThat(ArticleIdentity.of(FEED, " ", "https://example.com/a", HASH).rung())
        .isEqualTo(ArticleIdentity.Rung.LINK);
    assertThat(ArticleIdentity.of(FEED, null, null, HASH).rung())
        .isEqualTo(ArticleIdentity.Rung.CONTENT);
  }

  @Test
  void the_uri_is_a_urn_that_does_not_change_between_releases() {
    assertThat(uri(FEED, "7", null))
        .isEqualTo(
            "urn:pactwatch:article:e46130f32490ce6fb2e2d9054aab80795c1f8662b00f3276470b065bb4ce5f68");
  }

  @Test
  void a_guid_is_known_in_every_feed_of_one_host_and_in_no_other() {
    assertThat(uri("https://www.example.com/sport", "7", null)).isEqualTo(uri(FEED, "7", null));
    assertThat(uri("https://other.example.net/feed", "7", null)).isNotEqualTo(uri(FEED, "7", null));
  }

  @Test
  void a_guid_that_is_an_address_is_the_same_as_the_link() {
    assertThat(uri(FEED, "http://www.example.com/a/?utm_source=x", null))
        .isEqualTo(uri(FEED, null, "https://example.com/a"));
  }

  @Test
  void an_address_of_the_feeds_own_site_counts_on_all_of_its_hosts() {
    assertThat(uri("https://feeds.example.com/x", null, "https://www.example.com/a"))
        .isEqualTo(uri(FEED, null, "https://www.example.com/a"));
  }

  @Test
  void a_strangers_feed_cannot_write_a_new_version_of_an_article() {
    assertThat(uri("https://stranger.example.net/feed", "https://www.example.com/a", null))
        .isNotEqualTo(uri(FEED, "https://www.example.com/a", null));
  }

  @Test
  void a_file_has_no_host_and_its_name_scopes_its_guids() {
    assertThat(uri("a.xml", "7", null)).isNotEqualTo(uri("b.xml", "7", null));
    assertThat(uri("a.xml", null, "https://example.com/a"))
        .isEqualTo(uri(FEED, null, "https://example.com/a"));
  }

  @Test
  void the_content_hash_tells_where_one_text_ends_and_the_next_begins() {
    assertThat(ArticleIdentity.contentHash("ab", "c", null))
        .isNotEqualTo(ArticleIdentity.contentHash("a", "bc", null))
        .hasSize(64);
    assertThat(ArticleIdentity.contentHash("a", null, null))
        .isEqualTo(ArticleIdentity.contentHash("a", "", ""));
  }
}
