package dev.pactwatch.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

  private final Vocabulary vocabulary = new Vocabulary();
  private final Tokens tokens = new Tokens();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Acme's $38bn deal|Acme 's $ 38 bn deal
          AT&T sues T-Mobile|AT&T sues T - Mobile
          Shop.com and the U.S. army|Shop.com and the U.S. army
          don't stop|don't stop
          costs 1,200.5 euros|costs 1,200.5 euros
          37signals left|37 signals left
          the numbers.The end|the numbers . The end
          """)
  void textFallsIntoWordsNumbersAndSigns(String text, String expected) {
    tokens.read(text, vocabulary);

    assertThat(String.join(" ", texts())).isEqualTo(expected);
  }

  @Test
  void offsetsAreThoseOfTheSourceWhereItHoldsCharacterReferences() {
    String text = "Acme&#x27;s plan &amp; Globex";
    tokens.read(text, vocabulary);

    assertThat(text.substring(tokens.start(0), tokens.end(1))).isEqualTo("Acme&#x27;s");
    assertThat(text.substring(tokens.start(3), tokens.end(3))).isEqualTo("&amp;");
  }

  @Test
  void wordsAreFoundWithoutCaseAndAccents() {
    int id = vocabulary.add("nestle");
    tokens.read("NESTLÉ", vocabulary);

    assertThat(tokens.word(0)).isEqualTo(id);
  }

  @Test
  void aSentenceThatNeverEndsIsCut() {
    tokens.read("word ".repeat(10_000), vocabulary);
    tokens.split(new boolean[vocabulary.size()]);

    assertThat(tokens.sentences()).isEqualTo(10_000 / Tokens.LONGEST_SENTENCE);
  }

  @Test
  void abbreviationsEndNoSentence() {
    int inc = vocabulary.add("inc");
    tokens.read("Acme Inc. Chief Jo sold it. \"Good,\" he said. It is over.", vocabulary);
    boolean[] abbreviation = new boolean[vocabulary.size()];
    abbreviation[inc] = true;
    tokens.split(abbreviation);

    assertThat(tokens.sentences()).isEqualTo(3);
  }

  @Test
  void everyTokenOfRandomTextLiesInItAndStepsGrowWithItsLengthOnly() {
    Random random = new Random(11);
    String letters = "aZ9 .'&-$€\u2019\u00A0\n;#x27é\uD83D\uDE00<>\u0000";
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(400);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      Tokens fresh = new Tokens();
      fresh.read(text.toString(), vocabulary);
      fresh.split(new boolean[vocabulary.size()]);

      int last = 0;
      for (int i = 0; i < fresh.size(); i++) {
        assertThat(fresh.start(i)).isGreaterThanOrEqualTo(last);
        assertThat(fresh.end(i)).isGreaterThan(fresh.start(i)).isLessThanOrEqualTo(length);
        last = fresh.end(i);
      }
      assertThat(fresh.steps()).isLessThanOrEqualTo(2L * length);
    }
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      texts.add(tokens.text(i, i + 1));
    }
    return texts;
  }
}
