package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.lexicon.Lexicon;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private final Lexicon lexicon = Lexicon.load(Path.of("config", "lexicon"));

  @Test
  void theRuleThatFiredIsNamedWithItsWordsAndParties() {
    Explanation explanation =
        Explanation.of(new Tagger(lexicon), "Zibbo sues Quandle over patents");

    assertThat(explanation.fired())
        .anySatisfy(
            fired -> {
              assertThat(fired.rule()).isEqualTo("sue");
              assertThat(fired.words()).isEqualTo("sues");
              assertThat(fired.parties())
                  .containsExactlyInAnyOrder("plaintiff: Zibbo", "defendant: Quandle");
            });
    assertThat(explanation.unlisted()).containsExactly("Zibbo", "Quandle");
  }

  @Test
  void aRuleThatAlmostFiredSaysWhichConditionFailed() {
    Explanation explanation = Explanation.of(new Tagger(lexicon), "Zibbo drops plan for new plant");

    assertThat(explanation.events()).isEmpty();
    assertThat(explanation.almost())
        .contains(new Explanation.Almost("drop-suit", "drops", "condition 'with' does not hold"));
  }
}
