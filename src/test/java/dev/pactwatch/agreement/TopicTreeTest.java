package dev.pactwatch.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.agreement.TopicTree.Reach;
import dev.pactwatch.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicTreeTest {

  private static final TopicTree TOPICS = TopicTree.load(Path.of("config/topics.yaml"));

  @ParameterizedTest
  @CsvSource({
    // term, carved out, bought, reach
    "compute, , compute, COVERED",
    "compute, , training, COVERED",
    "compute, training, training, CARVED_OUT",
    "compute, training, compute, COVERED",
    "training, , compute, MAY_INCLUDE",
    "model-api, , agent-platform, MAY_INCLUDE",
    "agent-platform, , model-api, OUTSIDE",
    "model-api, , compute, OUTSIDE",
    "model-api, , cloud, MAY_INCLUDE",
    "model-api, , , UNKNOWN",
    // an article about an agent platform says so
    "agent-platform, , , OUTSIDE",
    "agent-platform, , cloud, OUTSIDE",
    "agent-platform, , agent-platform, COVERED",
    "sports-rights, , , OUTSIDE",
    "sports-rights, , compute, OUTSIDE",
    "model-api, , a-topic-of-a-newer-lexicon, UNKNOWN",
    "model-api, national-security-api, national-security-api, CARVED_OUT",
  })
  void aTermReachesWhatLiesUnderItLessItsCarveOuts(
      String topic, String carveOut, String bought, Reach reach) {
    Term term =
        new Term(
            TermKind.EXCLUSIVE,
            topic,
            "a",
            "b",
            null,
            carveOut == null ? List.of() : List.of(carveOut));
    assertThat(TOPICS.reach(term, bought)).isEqualTo(reach);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deals: a; topics:;   - id: a;     under: b|t:4: topics[0].under: 'b' is no topic",
        "deals: a; topics:;   - id: a;     under: a|t:4: topics[0].under: 'a' lies under itself",
        "deals: b; topics:;   - id: a|t:1: deals: 'b' is no topic",
        "deals: a; topics:;   - id: a;   - id: a|t:4: topics[1].id: stands twice",
        "deals: a; topics:;   - id: a;     may-include: [c]|t:4: topics[0].may-include: 'c' is no topic",
        "deals: a; topics:;   - id: a;     above: b|t:4: topics[0].above: unknown field",
      })
  void aTreeThatDoesNotHoldTogetherIsRefused(String text, String message) {
    assertThatThrownBy(() -> TopicTree.parse("t", text.replace("; ", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void theTreeCanBeShown() {
    assertThat(TOPICS.describe())
        .contains(
            "cloud: anything bought from a cloud\n  compute: compute capacity\n    training: ")
        .contains("(may include compute, model-api)");
  }
}
