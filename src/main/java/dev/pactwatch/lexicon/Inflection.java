package dev.pactwatch.lexicon;

import java.util.HashMap;
import java.util.Map;

/** The forms of English verbs and nouns; irregular ones come from the lexicon. */
final class Inflection {

  /** Forms of an anchor, to be combined. */
  static final int BASE = 1;

  static final int THIRD = 1 << 1;
  static final int PAST = 1 << 2;
  static final int PARTICIPLE = 1 << 3;
  static final int ING = 1 << 4;
  static final int NOUN = 1 << 5;

  private final Map<String, String[]> irregular;

  /**
   * @param irregular past and participle by base form
   */
  Inflection(Map<String, String[]> irregular) {
    this.irregular = irregular;
  }

  /** The forms of a verb whose first word is inflected, with what each form can be. */
  Map<String, Integer> verb(String phrase) {
    int space = phrase.indexOf(' ');
    String base = space < 0 ? phrase : phrase.substring(0, space);
    String rest = space < 0 ? "" : phrase.substring(space);
    String[] pasts = irregular.get(base);
    Map<String, Integer> forms = new HashMap<>();
    forms.merge(base + rest, BASE, (a, b) -> a | b);
    forms.merge(third(base) + rest, THIRD, (a, b) -> a | b);
    forms.merge((pasts == null ? past(base) : pasts[0]) + rest, PAST, (a, b) -> a | b);
    forms.merge((pasts == null ? past(base) : pasts[1]) + rest, PARTICIPLE, (a, b) -> a | b);
    forms.merge(ing(base) + rest, ING, (a, b) -> a | b);
    if (pasts != null && pasts.length > 2) {
      forms.merge(pasts[2] + rest, PAST | PARTICIPLE, (a, b) -> a | b);
    }
    return forms;
  }

  /** Singular and plural of a noun whose last word is inflected. */
  Map<String, Integer> noun(String phrase) {
    Map<String, Integer> forms = new HashMap<>();
    forms.put(phrase, NOUN);
    forms.put(third(phrase), NOUN);
    return forms;
  }

  private static String third(String base) {
    char last = base.charAt(base.length() - 1);
    if (base.endsWith("s")
        || base.endsWith("x")
        || base.endsWith("z")
        || base.endsWith("ch")
        || base.endsWith("sh")
        || base.equals("go")
        || base.equals("veto")
        || base.equals("forgo")) {
      return base + "es";
    }
    if (last == 'y' && consonant(base, base.length() - 2)) {
      return base.substring(0, base.length() - 1) + "ies";
    }
    return base + "s";
  }

  private static String past(String base) {
    char last = base.charAt(base.length() - 1);
    if (last == 'e') {
      return base + "d";
    }
    if (last == 'y' && consonant(base, base.length() - 2)) {
      return base.substring(0, base.length() - 1) + "ied";
    }
    return doubled(base) + "ed";
  }

  private static String ing(String base) {
    if (base.endsWith("ie")) {
      return base.substring(0, base.length() - 2) + "ying";
    }
    if (base.endsWith("e") && !base.endsWith("ee") && base.length() > 2) {
      return base.substring(0, base.length() - 1) + "ing";
    }
    return doubled(base) + "ing";
  }

  /** One vowel before the last consonant in a word of one syllable: drop, dropped. */
  private static String doubled(String base) {
    int n = base.length();
    if (n < 3 || !consonant(base, n - 1) || consonant(base, n - 2) || !consonant(base, n - 3)) {
      return base;
    }
    char last = base.charAt(n - 1);
    if (last == 'w' || last == 'x' || last == 'y') {
      return base;
    }
    int vowels = 0;
    for (int i = 0; i < n; i++) {
      vowels += consonant(base, i) ? 0 : 1;
    }
    return vowels == 1 ? base + last : base;
  }

  private static boolean consonant(String word, int at) {
    return at >= 0 && "aeiou".indexOf(word.charAt(at)) < 0;
  }
}
