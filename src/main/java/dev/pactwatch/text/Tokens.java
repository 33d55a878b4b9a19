package dev.pactwatch.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  /** Numbers of more characters have no id. */
  private static final int LONGEST_NUMBER = 4;

  /** Eight characters at once, the first in the lowest bits. */
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The highest bit of each of eight characters. */
  private static final long HIGH = 0x8080808080808080L;

  /** The bit that makes a letter small; digits have it too. */
  private static final long SMALL = 0x2020202020202020L;

  /** Zeros after the text, so that reading eight characters never runs over the end. */
  private static final int AFTER = 16;

  private char[] source = new char[512];

  /** The source as {@link Fold#ascii} gives it. */
  private byte[] ascii = new byte[512 + AFTER];

  private int[] map = new int[0];
  private char[] compared = new char[32];
  private boolean mapped;
  private int length;
  private String text = "";
  private Vocabulary vocabulary = new Vocabulary();

  private int size;
  private int[] start = new int[128];
  private int[] end = new int[128];
  private int[] word = new int[128];
  private int[] flags = new int[128];

  /** Under which the vocabulary is asked for a token when all are known; 0 for none. */
  private long[] keys = new long[128];

  private int[] scratch = new int[128];

  private int sentences;
  private int[] sentence = new int[16];
  private long steps;

  /** Reads a text; what was read before is forgotten. A null text is empty. */
  public void read(String input, Vocabulary words) {
    vocabulary = words;
    text = input == null ? "" : input;
    size = 0;
    canonicalise();
    byte[] bytes = ascii;
    int n = length;
    int at = 0;
    int bits = NEW_LINE;
    while (at < n) {
      int c = bytes[at];
      if (c >= 0 ? c <= ' ' : Character.isWhitespace(fold(at))) {
        bits = (bits & NEW_LINE) | (c == '\n' ? NEW_LINE : 0);
        at++;
        continue;
      }
      room();
      if (isLetter(c)) {
        at = word(at, bits);
      } else if (isDigit(c)) {
        at = number(at, bits);
      } else if (c > 0 && c != '\'') {
        at = later(at, at + 1, bits | SIGN, c);
      } else {
        at = other(at, bits);
      }
      bits = GLUED;
    }
    vocabulary.find(keys, word, size, bytes, start, end);
    steps += length + size;
  }

  /**
   * Adds a word that starts with an ASCII letter, looking at eight characters in one step. In the
   * numbers here the highest bit of a byte tells whether that character is a letter, a digit, a
   * capital.
   */
  private int word(int from, int bits) {
    long eight = (long) EIGHT.get(ascii, from);
    long letters = letters(eight);
    long digits = digits(eight);
    int step = run(letters | digits);
    if (step == Vocabulary.PACKED) {
      return longWord(from, bits);
    }
    int to = from + step;
    if (ascii[to] != ' ' && joins(to)) {
      return other(from, bits);
    }
    long inside = (1L << 8 * step) - 1;
    long capitals = letters & ~(eight << 2) & inside;
    if ((capitals | (digits & inside)) != 0) {
      bits |= shape(letters & inside, digits & inside, capitals);
    }
    return later(from, to, bits | WORD, (eight | SMALL) & inside);
  }

  private int longWord(int from, int bits) {
    long hash = 0;
    long shaped = 0;
    int to = from;
    int step;
    do {
      long eight = (long) EIGHT.get(ascii, to);
      long letters = letters(eight);
      long digits = digits(eight);
      step = run(letters | digits);
      if (step > 0) {
        long inside = -1L >>> (64 - 8 * step);
        shaped |= ((letters & ~(eight << 2)) | digits) & inside;
        long packed = (eight | SMALL) & inside;
        hash = to == from ? packed : Vocabulary.hash(hash, packed);
      }
      to += step;
    } while (step == Vocabulary.PACKED);
    if (joins(to)) {
      return other(from, bits);
    }
    if (shaped != 0) {
      bits |= shape(from, to);
    }
    long key = to - from == Vocabulary.PACKED ? hash : Vocabulary.key(hash);
    return later(from, to, bits | WORD, key);
  }

  private static int shape(long letters, long digits, long capitals) {
    int bits = (capitals & 0x80) != 0 ? CAPITAL : 0;
    if (digits != 0) {
      bits |= HAS_DIGIT;
    }
    if (capitals == letters && (letters & (letters - 1)) != 0) {
      return bits | ALL_CAPITALS;
    }
    return capitals >>> 8 != 0 ? bits | INNER_CAPITAL : bits;
  }

  private static long letters(long eight) {
    long folded = (eight & ~HIGH) | SMALL;
    return within(folded, 'a', 'z') & ~eight;
  }

  private static long digits(long eight) {
    return within(eight & ~HIGH, '0', '9') & ~eight;
  }

  /** The highest bit of each byte that lies between two characters; for bytes below 0x80. */
  private static long within(long eight, char first, char last) {
    long ones = HIGH >>> 7;
    return (eight + ones * (0x80 - first)) & ~(eight + ones * (0x7F - last)) & HIGH;
  }

  /** How many of the lowest bytes have their highest bit. */
  private static int run(long bytes) {
    return Long.numberOfTrailingZeros(~bytes & HIGH) >>> 3;
  }

  /** True where what follows a word may belong to it: {@code U.S}, {@code AT&T}, {@code don't}. */
  private boolean joins(int at) {
    int sign = ascii[at];
    if (sign != '.' && sign != '&' && sign != '\'') {
      return sign < 0;
    }
    int next = ascii[at + 1];
    if (!isLetter(next)) {
      return next < 0;
    }
    int after = ascii[at + 2];
    boolean possessive = sign == '\'' && (next | 0x20) == 's' && after >= 0 && !isLetter(after);
    return !possessive;
  }

  /** Adds a word or sign that needs more than a look at ASCII characters. */
  private int other(int from, int bits) {
    char c = fold(from);
    int to = (Fold.type(c) & Fold.LETTER) != 0 ? plainEnd(from) : signEnd(from, c);
    if (to < 0) {
      to = wordEnd(from);
    }
    boolean letter = Character.isLetter(c);
    if (letter) {
      bits |= shape(from, to);
    }
    int n = to - from - (letter && to - from > 2 && fold(to - 1) == '.' ? 1 : 0);
    if (compared.length < n) {
      compared = new char[n * 2];
    }
    for (int i = 0; i < n; i++) {
      compared[i] = fold(from + i);
    }
    return put(from, to, bits | (letter ? WORD : SIGN), vocabulary.find(compared, n));
  }

  private int number(int from, int bits) {
    byte[] bytes = ascii;
    int to = from + 1;
    while (isDigit(bytes[to])
        || ((bytes[to] == '.' || bytes[to] == ',') && isDigit(bytes[to + 1]))) {
      to++;
    }
    if (to - from > LONGEST_NUMBER) {
      return put(from, to, bits | NUMBER, -1);
    }
    long eight = (long) EIGHT.get(bytes, from);
    return later(from, to, bits | NUMBER, eight & (-1L >>> (64 - 8 * (to - from))));
  }

  private int put(int from, int to, int bits, int id) {
    word[size] = id;
    return later(from, to, bits, 0);
  }

  /** Adds a token whose word is looked up with all others. */
  private int later(int from, int to, int bits, long key) {
    start[size] = from;
    end[size] = to;
    keys[size] = key;
    flags[size++] = bits;
    return to;
  }

  private char fold(int at) {
    return Fold.of(source[at]);
  }

  /**
   * Finds the sentences. One that runs on and on is cut, since grammar looks at every pair of words
   * in a sentence: a text without a full stop must not cost more than its length.
   *
   * @param abbreviation by word id: true where a full stop after the word ends no sentence
   */
  public void split(boolean[] abbreviation) {
    sentences = 0;
    int cut = 0;
    for (int i = 0; i < size; i++) {
      if (i == cut
          || (flags[i] & NEW_LINE) != 0
          || ((flags[i - 1] & SIGN) != 0 && endsBefore(i, abbreviation))) {
        if (sentences + 1 >= sentence.length) {
          sentence = Arrays.copyOf(sentence, sentence.length * 2);
        }
        sentence[sentences++] = i;
        flags[i] |= FIRST;
        cut = i + LONGEST_SENTENCE;
      }
    }
    sentence[sentences] = size;
  }

  private boolean endsBefore(int i, boolean[] abbreviation) {
    if ((flags[i - 1] & (SIGN | FIRST)) == (SIGN | FIRST)) {
      return false;
    }
    int last = i - 1;
    while (last > 0 && closes(fold(start[last])) && (flags[last] & SIGN) != 0) {
      last--;
    }
    char stop = fold(start[last]);
    if ((flags[last] & SIGN) == 0 || (stop != '.' && stop != '!' && stop != '?')) {
      return false;
    }
    boolean capital = (flags[i] & (CAPITAL | NUMBER)) != 0 || opens(fold(start[i]));
    if (!capital || ((flags[i] & GLUED) != 0 && last == i - 1 && (flags[i] & CAPITAL) == 0)) {
      return false;
    }
    if (closes(fold(start[i])) && (flags[i] & GLUED) != 0) {
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
    String known = word[token] < 0 ? "" : vocabulary.word(word[token]);
    if (known.length() == length(token)) {
      return known;
    }
    char[] chars = new char[end[token] - start[token]];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = fold(start[token] + i);
    }
    return new String(chars);
  }

  /** The id of a token without its last characters, or -1. */
  public int find(int token, int dropped) {
    int from = start[token];
    int to = end[token] - dropped;
    if (to <= from) {
      return -1;
    }
    for (int i = from; i < to; i++) {
      if (ascii[i] < 0) {
        return vocabulary.find(folded(token).substring(0, to - from));
      }
    }
    long hash = 0;
    for (int at = from; at < to; at += Vocabulary.PACKED) {
      int step = Math.min(to - at, Vocabulary.PACKED);
      long packed = ((long) EIGHT.get(ascii, at) | SMALL) & (-1L >>> (64 - 8 * step));
      hash = at == from ? packed : Vocabulary.hash(hash, packed);
    }
    return to - from <= Vocabulary.PACKED
        ? vocabulary.find(hash)
        : vocabulary.find(Vocabulary.key(hash), ascii, from, to);
  }

  /** True where the folded text of a token is this. */
  public boolean is(int token, String folded) {
    int n = folded.length();
    if (length(token) != n) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (charAt(token, i) != folded.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The folded first character of a token. */
  public char first(int token) {
    return fold(start[token]);
  }

  /** The folded last character of a token. */
  public char last(int token) {
    return fold(end[token] - 1);
  }

  /** Length of a token in characters. */
  public int length(int token) {
    return end[token] - start[token];
  }

  /** A character of a token, folded. */
  public char charAt(int token, int index) {
    return fold(start[token] + index);
  }

  /** As long as there are tokens, for the use of those who look for phrases. */
  int[] scratch() {
    if (scratch.length < size) {
      scratch = new int[start.length];
    }
    return scratch;
  }

  /** Characters and tokens passed since this object was made; for tests of linear time. */
  public long steps() {
    return steps;
  }

  /** Where a word of letters and digits alone ends; -1 for any other word. */
  private int plainEnd(int from) {
    int at = from;
    while (at < length && Fold.type(source[at]) != 0) {
      at++;
    }
    char c = at < length ? fold(at) : ' ';
    return c == '.' || c == '&' || c == '\'' ? -1 : at;
  }

  private void room() {
    if (size == start.length) {
      int more = size * 2;
      start = Arrays.copyOf(start, more);
      end = Arrays.copyOf(end, more);
      word = Arrays.copyOf(word, more);
      flags = Arrays.copyOf(flags, more);
      keys = Arrays.copyOf(keys, more);
    }
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
      char c = fold(at);
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
      } else if (c == '\'' && !(run == 1 && fold(at + 1) == 's')) {
        at++;
      } else if (c == '.' && joinsByDot(from, at, run)) {
        at++;
      } else {
        break;
      }
    }
    boolean initials = at - from >= 3 && fold(at - 2) == '.';
    return initials && at < length && fold(at) == '.' ? at + 1 : at;
  }

  /** {@code U.S}, {@code acme.com}, {@code acme.ai}; not two sentences without a space. */
  private boolean joinsByDot(int from, int dot, int run) {
    if (run > 4) {
      return false;
    }
    boolean initial = dot - from == 1 || fold(dot - 2) == '.';
    if (initial) {
      return run == 1 || !Character.isUpperCase(source[dot + 1]) || dot - from == 1;
    }
    boolean lower = !Character.isUpperCase(source[dot + 1]);
    boolean allCapitals = run == 2 && Character.isUpperCase(source[dot + 2]);
    return lower || allCapitals;
  }

  private int letters(int from) {
    int at = from;
    while (at < length && at - from <= 5 && Character.isLetter(fold(at))) {
      at++;
    }
    return at - from;
  }

  private int signEnd(int from, char c) {
    if (c == '\'' && from + 1 < length && fold(from + 1) == 's' && from > 0) {
      boolean ends = from + 2 == length || !Character.isLetterOrDigit(fold(from + 2));
      if (ends && Character.isLetterOrDigit(fold(from - 1))) {
        return from + 2;
      }
    }
    boolean pair =
        Character.isHighSurrogate(c)
            && from + 1 < length
            && Character.isLowSurrogate(fold(from + 1));
    return pair ? from + 2 : from + 1;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int ascii) {
    return (ascii | 0x20) >= 'a' && (ascii | 0x20) <= 'z';
  }

  /** Copies the text, resolving character references that feeds often leave in. */
  private void canonicalise() {
    int n = text.length();
    if (n > source.length) {
      int more = Math.max(n, source.length * 2);
      source = new char[more];
      ascii = new byte[more + AFTER];
    }
    text.getChars(0, n, source, 0);
    mapped = text.indexOf('&') >= 0 && text.indexOf(';') >= 0;
    length = mapped ? resolve(n) : n;
    byte[] bytes = ascii;
    char[] chars = source;
    for (int i = 0; i < length; i++) {
      bytes[i] = Fold.ascii(chars[i]);
    }
    Arrays.fill(bytes, length, length + AFTER, (byte) 0);
  }

  private int resolve(int n) {
    if (map.length <= n) {
      map = new int[source.length + 1];
    }
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
