package dev.pactwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.replay.ReplaySources.Offsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplaySourcesTest {

  @Test
  void tellsPathsAddressesAndTopicsApart() {
    ReplaySources sources =
        ReplaySources.of(
            List.of(
                "old/feeds",
                "https://paper.example/feed",
                "topic:articles.v1",
                "topic:articles.v1?offsets=0:100-200,1:-50,2:7-"));

    assertThat(sources.paths()).containsExactly(Path.of("old/feeds"));
    assertThat(sources.addresses()).containsExactly("https://paper.example/feed");
    assertThat(sources.topics())
        .containsExactly(
            new ReplaySources.TopicRange("articles.v1", Map.of()),
            new ReplaySources.TopicRange(
                "articles.v1",
                Map.of(
                    0, new Offsets(100, 200),
                    1, new Offsets(0, 50),
                    2, new Offsets(7, Long.MAX_VALUE))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topic:",
        "topic:articles.v1?from=1",
        "topic:articles.v1?offsets=",
        "topic:articles.v1?offsets=5-7",
        "topic:articles.v1?offsets=0:7-5",
        "topic:articles.v1?offsets=0:1-5,0:7-9",
      })
  void aRangeThatCannotBeReadIsNamed(String source) {
    assertThatThrownBy(() -> ReplaySources.of(List.of(source)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(source + ": ");
  }
}
