package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Folds characters for comparison: lower case, accents off, one kind of quote, dash and space. One
 * character becomes exactly one, so offsets stay those of the source.
 */
public final class Fold {

  /** A letter. */
  static final int LETTER = 1;

  /** A digit from 0 to 9. */
  static final int DIGIT = 2;

  /** A capital letter. */
  static final int UPPER = 4;

  /**
   * The letters from U+00C0 on without their accents, where there is one in ASCII; a table, since
   * the normaliser of the JDK takes longer to load than all the rest of a lexicon.
   */
  private static final String BASE =
      "aaaaaa?ceeeeiiii?nooooo??uuuuy??aaaaaa?ceeeeiiii?nooooo??uuuuy?y"
          + "aaaaaaccccccccdd??eeeeeeeeeegggggggghh??iiiiiiiii???jjkk?llllll?"
          + "???nnnnnn???oooooo??rrrrrrsssssssstttt??uuuuuuuuuuuuwwyyyzzzzzz?"
          + "????????????????????????????????oo?????????????uu???????????????"
          + "?????????????aaiioouuuuuuuuuu?aaaa????ggkkoooo??j???gg??nnaa????"
          + "aaaaeeeeiiiioooorrrruuuusstt??hh??????aaeeooooooooyy????????????"
          + "????????????????";

  private static final int BASE_FROM = 0xC0;

  /** After this one no character folds to ASCII. */
  private static final char LAST_SIGN = '\u3000';

  private static final char[] LATIN = new char[0x250];
  private static final byte[] TYPES = new byte[0x250];
  private static final byte[] ASCII = new byte[0x10000];
  private static final char[] FOLDED = new char[0x10000];

  static {
    for (char c = 0; c < LATIN.length; c++) {
      char base = c < BASE_FROM ? '?' : BASE.charAt(c - BASE_FROM);
      LATIN[c] = base == '?' ? Character.toLowerCase(c) : base;
    }
    for (char c = 0; c < TYPES.length; c++) {
      int type = Character.isLetter(c) ? LETTER : 0;
      type |= c >= '0' && c <= '9' ? DIGIT : 0;
      type |= Character.isUpperCase(c) ? UPPER : 0;
      TYPES[c] = (byte) type;
    }
    LATIN['\u00A0'] = ' ';
    LATIN['\u00AD'] = '-';
    LATIN['\u00B4'] = '\'';
    LATIN['`'] = '\'';
    LATIN['\u00AB'] = '"';
    LATIN['\u00BB'] = '"';
    LATIN['\u0131'] = 'i';
    LATIN['\u00F8'] = 'o';
    LATIN['\u00D8'] = 'o';
    LATIN['\u0142'] = 'l';
    LATIN['\u0141'] = 'l';
    for (int c = 0; c < FOLDED.length; c++) {
      FOLDED[c] = c < LATIN.length ? LATIN[c] : rare((char) c);
    }
    Arrays.fill(ASCII, (byte) -1);
    for (char c = 0; c <= LAST_SIGN; c++) {
      ASCII[c] = plain(c);
    }
  }

  private Fold() {}

  /** The folded form of one character. */
  public static char of(char c) {
    return FOLDED[c];
  }

  /** {@link #LETTER}, {@link #DIGIT} and {@link #UPPER} of a source character, combined. */
  static int type(char c) {
    if (c < TYPES.length) {
      return TYPES[c];
    }
    return (Character.isLetter(c) ? LETTER : 0) | (Character.isUpperCase(c) ? UPPER : 0);
  }

  /**
   * The ASCII character that stands for a source character where tokens are told apart: folded, but
   * a capital stays one. -1 where there is none, or only one of another type.
   */
  static byte ascii(char c) {
    return ASCII[c];
  }

  private static byte plain(char c) {
    char folded = of(c);
    int type = type(c);
    if (folded >= 0x80 || type(folded) != (type & ~UPPER)) {
      return -1;
    }
    return (byte) ((type & UPPER) != 0 ? folded - 0x20 : folded);
  }

  /** The folded form of a text, of the same length. */
  public static String of(String text) {
    char[] folded = new char[text.length()];
    for (int i = 0; i < folded.length; i++) {
      folded[i] = of(text.charAt(i));
    }
    return new String(folded);
  }

  private static char rare(char c) {
    return switch (c) {
      case '\u2018', '\u2019', '\u201A', '\u201B', '\u02BC', '\u2032' -> '\'';
      case '\u201C', '\u201D', '\u201E', '\u201F', '\u2033' -> '"';
      case '\u2010', '\u2011' -> '-';
      case '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '\u2014';
      case '\u2007', '\u2009', '\u200A', '\u202F', '\u2002', '\u2003', '\u3000' -> ' ';
      default -> Character.toLowerCase(c);
    };
  }
}
