package dev.pactwatch.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class FoldTest {

  @Test
  void latinLettersLoseTheAccentsThatUnicodeTakesApart() {
    for (char c = 0xC0; c < 0x250; c++) {
      char base = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD).charAt(0);
      if (base < 0x80) {
        assertThat(Fold.of(c)).as("U+%04X", (int) c).isEqualTo(Character.toLowerCase(base));
      }
    }
  }

  @Test
  void theAsciiCharacterOfACharacterIsWhatItFoldsToAndKeepsItsCase() {
    for (int i = 0; i <= Character.MAX_VALUE; i++) {
      char c = (char) i;
      byte ascii = Fold.ascii(c);
      if (ascii >= 0) {
        assertThat(Fold.of((char) ascii)).as("U+%04X", i).isEqualTo(Fold.of(c));
        assertThat(Fold.type((char) ascii)).as("U+%04X", i).isEqualTo(Fold.type(c));
      } else {
        assertThat(Fold.of(c) >= 0x80 || Fold.type(Fold.of(c)) != (Fold.type(c) & ~Fold.UPPER))
            .as("U+%04X", i)
            .isTrue();
      }
    }
  }
}
