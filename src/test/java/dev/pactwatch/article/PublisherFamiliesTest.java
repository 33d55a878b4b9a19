package dev.pactwatch.article;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PublisherFamiliesTest {

  private static PublisherFamilies of(String yaml) {
    return PublisherFamilies.of(Yaml.parse("publishers.yaml", yaml));
  }

  @Test
  void the_file_that_is_shipped_is_valid_and_joins_outlets_of_one_owner() {
    PublisherFamilies families = PublisherFamilies.read(Path.of("config/publishers.yaml"));
    Publisher one = families.publisher("www.theverge.com", "x");
    assertThat(one).isEqualTo(new Publisher("The Verge", "theverge.com", "vox-media"));
    assertThat(families.publisher("nymag.com", null).family()).isEqualTo(one.family());
    assertThat(families.publisher("asia.nikkei.com", null).family())
        .isEqualTo(families.publisher("www.ft.com", null).family());
  }

  @Test
  void the_longest_domain_that_fits_wins() {
    PublisherFamilies families =
        of(
            """
            families:
              - id: one
                name: One
                outlets:
                  example.com: Main
              - id: two
                name: Two
                outlets:
                  news.example.com: News
            """);
    assertThat(families.publisher("a.news.example.com", null))
        .isEqualTo(new Publisher("News", "example.com", "two"));
    assertThat(families.publisher("sport.example.com", null))
        .isEqualTo(new Publisher("Main", "example.com", "one"));
  }

  @Test
  void an_outlet_that_is_not_listed_is_its_own_family() {
    assertThat(PublisherFamilies.none().publisher("www.example.co.uk", "A Name"))
        .isEqualTo(new Publisher("A Name", "example.co.uk", "example.co.uk"));
    assertThat(PublisherFamilies.none().publisher("example.org", null).name())
        .isEqualTo("example.org");
  }

  @Test
  void mistakes_are_named_with_their_place() {
    assertThatThrownBy(
            () ->
                of(
                    """
                    families:
                      - id: one
                        name: One
                        outlets:
                          example.com: A
                      - id: two
                        name: Two
                        outlets:
                          example.com: B
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "publishers.yaml:9: families[1].outlets.example.com: 'example.com' already stands in line 5");
    assertThatThrownBy(() -> of("families: [{id: One, name: x, outlets: {}}]"))
        .hasMessageContaining("small letters");
    assertThatThrownBy(() -> of("families: [{id: a, name: x, outlets: {Example.com: y}}]"))
        .hasMessageContaining("no domain in small letters");
    assertThatThrownBy(() -> of("families: [{id: a, name: x}]")).hasMessageContaining("outlets");
    assertThatThrownBy(() -> of("family: []")).hasMessageContaining("unknown field");
    assertThatThrownBy(() -> of("{}")).hasMessageContaining("lacks 'families'");
  }
}
