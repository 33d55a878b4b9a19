package dev.pactwatch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pactwatch.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  private static final String WIRE =
      "Lumen Labs has agreed to rent computing capacity from Tidewater for seven years, the two"
          + " companies said on Tuesday, in a contract that is worth 6.5 billion dollars. Lumen"
          + " will move the training of its next model there. Tidewater is to build three halls"
          + " for it near the coast, the first of which opens next spring.";

  private static final String OWN_REPORT =
      "Tidewater has landed the biggest customer of its history. For 6.5 billion dollars Lumen"
          + " Labs books capacity until the next decade, both confirmed on Tuesday. Analysts had"
          + " thought that Borealis would keep the business, which it has served alone so far.";

  private static double shared(String one, String other) {
    return Fingerprint.of(one).shared(Fingerprint.of(other));
  }

  @Test
  void theSameWordsAreWhollyShared() {
    assertThat(shared(WIRE, WIRE)).isEqualTo(1);
  }

  @Test
  void aCopyThatIsCutAndGivenAnotherHeadlineIsMostlyShared() {
    String cut = WIRE.substring(0, WIRE.indexOf(" Tidewater is to build"));
    Fingerprint copy = Fingerprint.of("Tidewater gets a big contract", "(Harbour Wire) - " + cut);
    assertThat(Fingerprint.of("Lumen turns to Tidewater", WIRE).shared(copy)).isGreaterThan(0.75);
  }

  @Test
  void twoReportsOfOneEventInTheirOwnWordsShareLittle() {
    assertThat(shared(WIRE, OWN_REPORT)).isLessThan(0.25);
  }

  @Test
  void neitherCaseNorPunctuationMakesADifference() {
    assertThat(shared(WIRE, WIRE.toUpperCase(Locale.ROOT).replace(",", " -").replace(". ", "; ")))
        .isEqualTo(1);
  }

  @Test
  void numbersThatDifferAreOtherWords() {
    String text = "the sum is 6.5 billion now";
    assertThat(Fingerprint.of(text).shingles())
        .as("6.5 is one word")
        .isEqualTo(Fingerprint.of("the sum is four billion now").shingles());
    assertThat(Fingerprint.of(text)).isNotEqualTo(Fingerprint.of(text.replace("6.5", "6.7")));
  }

  @Test
  void aSummaryThatIsTheBeginningOfTheBodyCountsOnce() {
    assertThat(Fingerprint.of(WIRE, WIRE)).isEqualTo(Fingerprint.of(WIRE));
  }

  @Test
  void ideographsAreWordsByThemselves() {
    String text = "微软考虑就五百亿美元的交易起诉亚马逊和合作伙伴";
    assertThat(Fingerprint.of(text).shingles()).isEqualTo(text.length() - 2);
    assertThat(shared(text, text.substring(4))).isGreaterThan(0.8);
  }

  @ParameterizedTest
  @CsvSource({"200, 200, 0.6", "200, 200, 0.2", "200, 50, 0.8", "40, 20, 0.5", "12, 12, 0.5"})
  void theShareIsEstimatedWithinATenthOfTheTruthOnAverage(int longer, int shorter, double truth) {
    Random random = new Random(1);
    double off = 0;
    int rounds = 200;
    for (int i = 0; i < rounds; i++) {
      List<String> one = words(random, longer);
      int common = (int) Math.round(truth * (shorter - 2)) + 2;
      List<String> other = new ArrayList<>(one.subList(0, common));
      other.addAll(words(random, shorter - common));
      off += Math.abs(truth - shared(String.join(" ", one), String.join(" ", other)));
    }
    assertThat(off / rounds).isCloseTo(0, within(0.1));
  }

  @Test
  void aLongTextSharesNothingByChanceWithAShortOne() {
    Random random = new Random(2);
    List<String> common = words(random, 400);
    for (int i = 0; i < 500; i++) {
      List<String> body = new ArrayList<>();
      for (int j = 0; j < 3_000; j++) {
        body.add(common.get(random.nextInt(common.size())));
      }
      Collections.shuffle(common, random);
      assertThat(shared(String.join(" ", body), String.join(" ", common.subList(0, 40))))
          .isLessThan(0.4);
    }
  }

  @Test
  void isTheSameAfterBeingWrittenAndRead() throws IOException {
    Fingerprint print = Fingerprint.of("Lumen turns to Tidewater", WIRE);
    String json = Json.write(print);
    assertThat(Json.read(json, Fingerprint.class)).isEqualTo(print);
    assertThat(Json.read(json, Fingerprint.class).shared(print)).isEqualTo(1);
    assertThat(json).hasSizeLessThan(350);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "no base64 !"})
  void refusesWhatIsNoFingerprint(String coded) {
    assertThatThrownBy(() -> Fingerprint.parse(coded)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingSharesNothing() {
    assertThat(Fingerprint.of((String) null).shared(Fingerprint.of("", null))).isZero();
    assertThat(Fingerprint.of("two words").shingles()).isZero();
  }

  private static List<String> words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(Integer.toString(random.nextInt(1_000_000), 36));
    }
    return words;
  }
}
