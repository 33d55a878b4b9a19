package dev.pactwatch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhrasesTest {

  private final Vocabulary vocabulary = new Vocabulary();
  private final Phrases phrases = new Phrases();
  private final Tokens tokens = new Tokens();

  @Test
  void everyPhraseThatStartsAtATokenIsReportedShorterOnesFirst() {
    add("red", 1);
    add("red hat", 2);
    add("red hat", 3);
    add("hat", 4);

    assertThat(hits("a red hat")).containsExactly("1-2:1", "1-3:3", "1-3:2", "2-3:4");
  }

  @Test
  void thousandsOfPhrasesStayApart() {
    for (int i = 0; i < 5_000; i++) {
      add("w" + (i % 70) + " x" + i, i);
    }

    assertThat(hits("w7 x77 w8 x77")).containsExactly("0-2:77");
  }

  @Test
  void aPhraseWithoutWordsIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> phrases.add(new int[0], 1));
  }

  private void add(String phrase, int number) {
    phrases.add(List.of(phrase.split(" ")).stream().mapToInt(vocabulary::add).toArray(), number);
  }

  private List<String> hits(String text) {
    tokens.read(text, vocabulary);
    List<String> hits = new ArrayList<>();
    phrases.find(tokens, (from, to, number) -> hits.add(from + "-" + to + ":" + number));
    return hits;
  }
}
