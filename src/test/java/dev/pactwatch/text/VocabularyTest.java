package dev.pactwatch.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {

  private final Vocabulary vocabulary = new Vocabulary();

  @Test
  void everyWordHasItsOwnIdAndNoOtherTextHasOne() {
    Random random = new Random(5);
    Set<String> words = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      words.add(random(random, "ab\u4e2d7-\u0000"));
    }
    List<String> added = new ArrayList<>(words);
    for (int i = 0; i < added.size(); i++) {
      assertThat(vocabulary.add(added.get(i))).isEqualTo(i);
    }

    for (int i = 0; i < added.size(); i++) {
      assertThat(vocabulary.find(added.get(i))).isEqualTo(i);
      assertThat(vocabulary.word(i)).isEqualTo(added.get(i));
      String other = random(random, "ab\u4e2d7-\u0000");
      assertThat(vocabulary.find(other) >= 0).isEqualTo(words.contains(other));
    }
  }

  @Test
  void wordsInATextAreFoundAsTheSameCharactersAloneAre() {
    Random random = new Random(6);
    for (int i = 0; i < 3_000; i++) {
      vocabulary.add(Fold.of(random(random, "abcA\u00e9\u4e2d7")));
    }
    Tokens tokens = new Tokens();
    int known = 0;
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        text.append(random(random, "abcA\u00e9\u4e2d7")).append(" .'-".charAt(random.nextInt(4)));
      }
      tokens.read(text.toString(), vocabulary);
      for (int i = 0; i < tokens.size(); i++) {
        if (tokens.is(i, Tokens.WORD) && tokens.last(i) != '.') {
          assertThat(tokens.word(i)).isEqualTo(vocabulary.find(tokens.folded(i)));
          known += tokens.word(i) >= 0 ? 1 : 0;
        }
      }
    }

    assertThat(known).isGreaterThan(500);
  }

  private static String random(Random random, String letters) {
    StringBuilder word = new StringBuilder();
    int length = 1 + random.nextInt(random.nextInt(20) + 1);
    for (int i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }
}
