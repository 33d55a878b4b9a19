package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.tagging.Tagger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LexiconWatchTest {

  private static final String RULES =
      """
      rules:
        - id: hale
          event: litigation
          status: filed
          anchor: [~hale]
          slots: {subject: plaintiff, object: defendant}
          yes: [Acme hales Globex into court]
          no: [%s]
      """;

  @TempDir Path directory;
  private ProductRules rules;
  private final List<String> activated = new ArrayList<>();
  private LexiconWatch watch;

  @BeforeEach
  void start() throws IOException {
    Path source = Path.of("config", "lexicon");
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    rules = ProductRules.load(directory, Path.of("config", "topics.yaml"), false);
    watch = new LexiconWatch(directory, rules, activated::add);
  }

  @Test
  void aChangedLexiconTagsFromTheNextArticleOn() throws IOException {
    String before = rules.lexiconVersion();
    assertThat(events("Zibbo Inc hales Quandle Corp")).isZero();
    Files.writeString(directory.resolve("own.yaml"), RULES.formatted("Acme exhales"));
    watch.look();
    assertThat(rules.lexiconVersion()).isNotEqualTo(before);
    assertThat(events("Zibbo Inc hales Quandle Corp")).isOne();
    assertThat(activated).containsExactly(rules.lexiconVersion());
  }

  @Test
  void aBrokenLexiconIsRefusedAndTheOldOneStays() throws IOException {
    String before = rules.lexiconVersion();
    Files.writeString(directory.resolve("own.yaml"), "rules: [{id: broken");
    watch.look();
    assertThat(rules.lexiconVersion()).isEqualTo(before);
    assertThat(events("Zibbo Inc sues Quandle Corp")).isOne();
    assertThat(activated).isEmpty();
  }

  @Test
  void aLexiconWhoseExampleDoesNotHoldIsRefusedWithItsPlace() throws IOException {
    String before = rules.lexiconVersion();
    Path own = directory.resolve("own.yaml");
    Files.writeString(own, RULES.formatted("Acme hales Globex"));
    watch.look();
    assertThat(rules.lexiconVersion()).isEqualTo(before);
    assertThatThrownBy(() -> Tagger.load(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(own + ":2")
        .hasMessageContaining("'hale' fires on: Acme hales Globex");
  }

  private int events(String headline) {
    return rules.tag(article(headline), null).events().size();
  }

  private static Article article(String headline) {
    Instant day = Instant.parse("2025-06-01T00:00:00Z");
    return new Article(
        "urn:test",
        1,
        headline,
        null,
        null,
        null,
        null,
        day,
        null,
        day,
        null,
        null,
        null,
        "",
        false,
        null);
  }
}
