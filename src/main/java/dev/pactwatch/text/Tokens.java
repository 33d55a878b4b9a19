package dev.pactwatch.text;

import java.util.Arrays;

/**
 * The tokens of one text, in arrays that are used again for the next text. Words, numbers and signs
 * are tokens; white space is none. Offsets are those of the source text, also where it holds HTML
 * character references. Not safe for use by several threads.
 */
public final class Tokens {

  /** More tokens than any sentence of news has. */
  static final int LONGEST_SENTENCE = 200;

  /** Starts with a capital letter. */
  public static final int CAPITAL = 1;

  /** Two or more letters, all capitals. */
  public static final int ALL_CAPITALS = 1 << 1;

  /** A capital after the first letter that is not all capitals: {@code aCme}, {@code AcMe}. */
  public static final int INNER_CAPITAL = 1 << 2;

  /** Holds letters. */
  public static final int WORD = 1 << 3;

  /** Starts with a digit. */
  public static final int NUMBER = 1 << 4;

  /** A sign. */
  public static final int SIGN = 1 << 5;

  /** No white space before it. */
  public static final int GLUED = 1 << 6;

  /** A line break before it. */
  public static final int NEW_LINE = 1 << 7;

  /** First of its sentence. */
  public static final int FIRST = 1 << 8;

  /** Letters and digits mixed. */
  public static final int HAS_DIGIT = 1 << 9;

  private char[] source = new char[512];
  private char[] folded = new char[512];
  private int[] map = new int[512];
  private boolean mapped;
  private int length;
  private String text = "";

  private int size;
  private int[] start = new int[128];
  private int[] end = new int[128];
  private int[] word = new int[128];
  private int[] flags = new int[128];

  private int sentences;
  private int[] sentence = new int[16];
  private long steps;

  /** Reads a text; what was read before is forgotten. A null text is empty. */
  public void read(String input, Vocabulary vocabulary) {
    text = input == null ? "" : input;
    size = 0;
    canonicalise();
    int at = 0;
    boolean glued = false;
    boolean line = false;
    while (at < length) {
      char c = folded[at];
      if (c <= ' ' || (c >= 0x80 && Character.isWhitespace(c))) {
        line |= c == '\n';
        glued = false;
        at++;
        continue;
      }
      int bits = (glued ? GLUED : 0) | (line || size == 0 ? NEW_LINE : 0);
      int type = Fold.type(c);
      int to = (type & Fold.LETTER) != 0 ? plainWord(at, bits, vocabulary) : -1;
      if (to < 0) {
        to =
            (type & Fold.LETTER) != 0
                ? wordEnd(at)
                : (type & Fold.DIGIT) != 0 ? numberEnd(at) : signEnd(at, c);
        add(at, to, bits, vocabulary);
      }
      glued = true;
      line = false;
      at = to;
    }
    steps += length + size;
  }

  /**
   * Finds the sentences. One that runs on and on is cut, since grammar looks at every pair of words
   * in a sentence: a text without a full stop must not cost more than its length.
   *
   * @param abbreviation by word id: true where a full stop after the word ends no sentence
   */
  public void split(boolean[] abbreviation) {
    sentences = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0
          || (flags[i] & NEW_LINE) != 0
          || i - sentence[sentences - 1] >= LONGEST_SENTENCE
          || endsBefore(i, abbreviation)) {
        if (sentences + 1 >= sentence.length) {
          sentence = Arrays.copyOf(sentence, sentence.length * 2);
        }
        sentence[sentences++] = i;
        flags[i] |= FIRST;
      }
    }
    sentence[sentences] = size;
  }

  private boolean endsBefore(int i, boolean[] abbreviation) {
    if ((flags[i - 1] & (SIGN | FIRST)) == (SIGN | FIRST)) {
      return false;
    }
    int last = i - 1;
    while (last > 0 && closes(folded[start[last]]) && (flags[last] & SIGN) != 0) {
      last--;
    }
    char stop = folded[start[last]];
    if ((flags[last] & SIGN) == 0 || (stop != '.' && stop != '!' && stop != '?')) {
      return false;
    }
    boolean capital = (flags[i] & (CAPITAL | NUMBER)) != 0 || opens(folded[start[i]]);
    if (!capital || ((flags[i] & GLUED) != 0 && last == i - 1 && (flags[i] & CAPITAL) == 0)) {
      return false;
    }
    if (closes(folded[start[i]]) && (flags[i] & GLUED) != 0) {
      return false;
    }
    int before = last - 1;
    return stop != '.'
        || before < 0
        || (flags[last] & GLUED) == 0
        || (!(word[before] >= 0 && abbreviation[word[before]])
            && !(end[before] - start[before] == 1 && (flags[before] & CAPITAL) != 0));
  }

  private static boolean closes(char c) {
    return c == '"' || c == '\'' || c == ')' || c == ']';
  }

  private static boolean opens(char c) {
    return c == '"' || c == '\'' || c == '(' || c == '[';
  }

  /** The source text. */
  public String text() {
    return text;
  }

  /** How many tokens. */
  public int size() {
    return size;
  }

  /** How many sentences {@link #split} found. */
  public int sentences() {
    return sentences;
  }

  /** First token of a sentence; the number after the last gives the end of the last. */
  public int sentence(int number) {
    return sentence[number];
  }

  /** Id in the vocabulary, or -1. */
  public int word(int token) {
    return word[token];
  }

  /** See the constants. */
  public int flags(int token) {
    return flags[token];
  }

  /** True where the token has any of these flags. */
  public boolean is(int token, int anyOf) {
    return (flags[token] & anyOf) != 0;
  }

  /** Offset of a token's first character in the source text. */
  public int start(int token) {
    return mapped ? map[start[token]] : start[token];
  }

  /** Offset after a token's last character in the source text. */
  public int end(int token) {
    return mapped ? map[end[token]] : end[token];
  }

  /** The source text from one token to before another. */
  public String text(int from, int to) {
    return from >= to ? "" : text.substring(start(from), end(to - 1));
  }

  /** The folded text of one token. */
  public String folded(int token) {
    return new String(folded, start[token], end[token] - start[token]);
  }

  /** The folded first character of a token. */
  public char first(int token) {
    return folded[start[token]];
  }

  /** The folded last character of a token. */
  public char last(int token) {
    return folded[end[token] - 1];
  }

  /** Length of a token in characters. */
  public int length(int token) {
    return end[token] - start[token];
  }

  /** A character of a token, folded. */
  public char charAt(int token, int index) {
    return folded[start[token] + index];
  }

  /** Characters and tokens passed since this object was made; for tests of linear time. */
  public long steps() {
    return steps;
  }

  /** Adds a word of letters and digits alone, and tells where it ends; -1 for any other word. */
  private int plainWord(int from, int bits, Vocabulary vocabulary) {
    long hash = Vocabulary.SEED;
    int capitals = 0;
    int digits = 0;
    int at = from;
    int n = length;
    char[] written = source;
    char[] compared = folded;
    while (at < n) {
      int type = Fold.type(written[at]);
      if (type == 0) {
        break;
      }
      capitals += type >> 2;
      digits += (type >> 1) & 1;
      hash = (hash ^ compared[at]) * Vocabulary.PRIME;
      at++;
    }
    if (at < n && (compared[at] == '.' || compared[at] == '&' || compared[at] == '\'')) {
      return -1;
    }
    room();
    int letters = at - from - digits;
    boolean capital = (Fold.type(written[from]) & Fold.UPPER) != 0;
    bits |= WORD | (capital ? CAPITAL : 0) | (digits > 0 ? HAS_DIGIT : 0);
    if (capitals == letters && letters > 1) {
      bits |= ALL_CAPITALS;
    } else if (capitals > (capital ? 1 : 0)) {
      bits |= INNER_CAPITAL;
    }
    start[size] = from;
    end[size] = at;
    word[size] = vocabulary.find(compared, from, at, hash);
    flags[size++] = bits;
    return at;
  }

  private void room() {
    if (size == start.length) {
      int more = size * 2;
      start = Arrays.copyOf(start, more);
      end = Arrays.copyOf(end, more);
      word = Arrays.copyOf(word, more);
      flags = Arrays.copyOf(flags, more);
    }
  }

  private void add(int from, int to, int bits, Vocabulary vocabulary) {
    room();
    char c = folded[from];
    int kind = Character.isLetter(c) ? WORD : isDigit(c) ? NUMBER : SIGN;
    start[size] = from;
    end[size] = to;
    if (kind == WORD) {
      bits |= shape(from, to);
    }
    int compared = to;
    if (kind == WORD && to - from > 2 && folded[to - 1] == '.') {
      compared--;
    }
    word[size] =
        kind == NUMBER && to - from > 4
            ? -1
            : vocabulary.find(folded, from, compared, Vocabulary.hash(folded, from, compared));
    flags[size++] = bits | kind;
  }

  private int shape(int from, int to) {
    int capitals = 0;
    int letters = 0;
    int digits = 0;
    for (int i = from; i < to; i++) {
      char c = source[i];
      if (c >= 'a' && c <= 'z') {
        letters++;
      } else if (c >= 'A' && c <= 'Z') {
        letters++;
        capitals++;
      } else if (isDigit(c)) {
        digits++;
      } else if (Character.isUpperCase(c)) {
        letters++;
        capitals++;
      } else if (Character.isLetter(c)) {
        letters++;
      }
    }
    boolean capital = Character.isUpperCase(source[from]);
    int bits = capital ? CAPITAL : 0;
    if (digits > 0) {
      bits |= HAS_DIGIT;
    }
    if (capitals == letters && letters > 1) {
      bits |= ALL_CAPITALS;
    } else if (capitals > (capital ? 1 : 0)) {
      bits |= INNER_CAPITAL;
    }
    return bits;
  }

  /** Letters and digits with {@code &}, {@code .} and apostrophe between letters. */
  private int wordEnd(int from) {
    int at = from;
    while (at < length) {
      char c = folded[at];
      if (Character.isLetterOrDigit(c)) {
        at++;
        continue;
      }
      int run = letters(at + 1);
      if (run == 0) {
        break;
      }
      if (c == '&' && at - from <= 3 && run <= 3) {
        at++;
      } else if (c == '\'' && !(run == 1 && folded[at + 1] == 's')) {
        at++;
      } else if (c == '.' && joinsByDot(from, at, run)) {
        at++;
      } else {
        break;
      }
    }
    boolean initials = at - from >= 3 && folded[at - 2] == '.';
    return initials && at < length && folded[at] == '.' ? at + 1 : at;
  }

  /** {@code U.S}, {@code acme.com}, {@code acme.ai}; not two sentences without a space. */
  private boolean joinsByDot(int from, int dot, int run) {
    if (run > 4) {
      return false;
    }
    boolean initial = dot - from == 1 || folded[dot - 2] == '.';
    if (initial) {
      return run == 1 || !Character.isUpperCase(source[dot + 1]) || dot - from == 1;
    }
    boolean lower = !Character.isUpperCase(source[dot + 1]);
    boolean allCapitals = run == 2 && Character.isUpperCase(source[dot + 2]);
    return lower || allCapitals;
  }

  private int letters(int from) {
    int at = from;
    while (at < length && at - from <= 5 && Character.isLetter(folded[at])) {
      at++;
    }
    return at - from;
  }

  private int numberEnd(int from) {
    int at = from;
    while (at < length) {
      char c = folded[at];
      boolean separator =
          (c == '.' || c == ',') && at + 1 < length && isDigit(folded[at + 1]) && at > from;
      if (!isDigit(c) && !separator) {
        break;
      }
      at++;
    }
    return at;
  }

  private int signEnd(int from, char c) {
    if (c == '\'' && from + 1 < length && folded[from + 1] == 's' && from > 0) {
      boolean ends = from + 2 == length || !Character.isLetterOrDigit(folded[from + 2]);
      if (ends && Character.isLetterOrDigit(folded[from - 1])) {
        return from + 2;
      }
    }
    boolean pair =
        Character.isHighSurrogate(c)
            && from + 1 < length
            && Character.isLowSurrogate(folded[from + 1]);
    return pair ? from + 2 : from + 1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Copies the text, resolving character references that feeds often leave in. */
  private void canonicalise() {
    int n = text.length();
    if (n + 1 > source.length) {
      int more = Math.max(n + 1, source.length * 2);
      source = new char[more];
      folded = new char[more];
      map = new int[more];
    }
    text.getChars(0, n, source, 0);
    mapped = text.indexOf('&') >= 0 && text.indexOf(';') >= 0;
    length = mapped ? resolve(n) : n;
    for (int i = 0; i < length; i++) {
      folded[i] = Fold.of(source[i]);
    }
  }

  private int resolve(int n) {
    int out = 0;
    int at = 0;
    while (at < n) {
      char c = source[at];
      int width = 1;
      if (c == '&') {
        int stop = at + 1;
        while (stop < n && stop - at < 9 && source[stop] != ';' && source[stop] != '&') {
          stop++;
        }
        if (stop < n && source[stop] == ';') {
          int resolved = Entities.resolve(source, at + 1, stop);
          if (resolved >= 0) {
            c = (char) resolved;
            width = stop + 1 - at;
          }
        }
      }
      map[out] = at;
      source[out++] = c;
      at += width;
    }
    map[out] = n;
    return out;
  }
}
