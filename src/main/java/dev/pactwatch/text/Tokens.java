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

  /** Numbers of more characters have no id. */
  private static final int LONGEST_NUMBER = 4;

  /** In {@link #KINDS}: a token that starts so needs a closer look. */
  private static final int SPECIAL = 1 << 10;

  /** In {@link #KINDS}: ends a sentence, or stands between its end and the next one. */
  private static final int CLOSES = 1 << 11;

  /** What a character is: {@link #WORD}, {@link #CAPITAL}, {@link #SIGN} and the above. */
  private static final int[] KINDS = new int[0x100];

  /** By a number of characters plus eight: the bits of so many; none for less than one. */
  private static final long[] MASKS = new long[Eight.LENGTH + Vocabulary.PACKED + 1];

  static {
    for (int c = 0; c < KINDS.length; c++) {
      boolean wide = c >= 0x80;
      int kind = isLetter(c) ? WORD : isDigit(c) ? NUMBER : SIGN;
      kind |= wide || isDigit(c) || c == '\'' ? SPECIAL : 0;
      kind |= isLetter(c) && c < 'a' ? CAPITAL : 0;
      KINDS[c] = kind | (stops((char) c) || closes((char) c) ? CLOSES : 0);
    }
    for (int i = 0; i < MASKS.length; i++) {
      MASKS[i] = Eight.first(Math.max(0, i - Eight.LENGTH));
    }
  }

  private char[] source = new char[512];

  /** The source as {@link Fold#ascii} gives it. */
  private byte[] ascii = new byte[512 + Runs.AFTER];

  private final Runs runs = new Runs();

  private int[] map = new int[0];
  private char[] compared = new char[32];
  private boolean mapped;
  private int length;
  private String text = "";
  private Vocabulary vocabulary = new Vocabulary();

  private int size;
  private int[] start = new int[512];
  private int[] end = new int[512];
  private int[] word = new int[512];
  private int[] flags = new int[512];

  /** Two for each token, under which the vocabulary is asked when all are known; 0 for none. */
  private long[] keys = new long[2 * 512];

  private int[] scratch = new int[512];

  /** Tokens that stand first in a line, or behind a sign that may end a sentence. */
  private int[] openings = new int[512];

  private int opened;

  /** Of the token that is added next: before which character the one before it ends. */
  private int before;

  /** Of the token that is added next: {@link #NEW_LINE} where a line break is before it, or 0. */
  private int line;

  /** Of the token that is added next: {@link #CLOSES} where the one before it does, or 0. */
  private int closed;

  private int sentences;
  private int[] sentence = new int[16];
  private long steps;

  /** Reads a text; what was read before is forgotten. A null text is empty. */
  public void read(String input, Vocabulary words) {
    vocabulary = words;
    text = input == null ? "" : input;
    canonicalise();
    runs.read(ascii, length);
    room(length + 1);
    add();
    vocabulary.find(keys, word, size, ascii, start, end);
    steps += length + size;
  }

  /**
   * Makes tokens of the runs. Most of them are short words, with nothing joined to them, or signs:
   * what is different between those is told without a branch.
   */
  private void add() {
    int[] from = runs.from;
    int[] to = runs.to;
    size = 0;
    opened = 0;
    before = 0;
    line = NEW_LINE;
    closed = 0;
    int join = 0;
    int run = 0;
    while (run < runs.count) {
      while (join < runs.joins && runs.joined[join] < run) {
        join++;
      }
      run = plain(run, join < runs.joins ? runs.joined[join] : runs.count);
      if (run < runs.count) {
        int stop = special(from[run], to[run]);
        while (run < runs.count && from[run] < stop) {
          if (to[run] <= stop) {
            run++;
          } else {
            // the rest of a run: "150m" is a number and a word
            from[run] = stop;
            stop = special(stop, to[run]);
          }
        }
      }
    }
    if (size > 0) {
      flags[0] &= ~GLUED;
    }
  }

  /**
   * Adds tokens up to one that needs a closer look.
   *
   * @return the run of that token, or the limit
   */
  private int plain(int firstRun, int limit) {
    byte[] bytes = ascii;
    int[] from = runs.from;
    int[] to = runs.to;
    int[] starts = start;
    int[] ends = end;
    int[] bits = flags;
    long[] wanted = keys;
    int[] open = openings;
    int token = size;
    int opens = opened;
    int last = before;
    int opening = line | closed;
    int run = firstRun;
    for (; run < limit; run++) {
      int at = from[run];
      int stop = to[run];
      int kind = KINDS[bytes[at] & 0xFF];
      int n = stop - at;
      if ((kind & SPECIAL) != 0 || n > Vocabulary.PACKED) {
        break;
      }
      if (at - last > 1 || bytes[last] == '\n') {
        opening |= lineBreak(last, at);
      }
      long small = -(kind & WORD) >> 31 & Eight.SMALL;
      long shape = runs.shaped(at) & (1L << n) - 2;
      starts[token] = at;
      ends[token] = stop;
      wanted[2 * token] = (Eight.at(bytes, at) | small) & MASKS[Eight.LENGTH + n];
      wanted[2 * token + 1] = (Eight.at(bytes, at + Eight.LENGTH) | small) & MASKS[n];
      bits[token] =
          opening & NEW_LINE | GLUED & (at - last - 1) >> 31 | kind & (WORD | SIGN | CAPITAL);
      if (shape != 0) {
        bits[token] |= shape(at, stop);
      }
      open[opens] = token++;
      opens += -opening >>> 31;
      opening = kind & CLOSES;
      last = stop;
    }
    size = token;
    opened = opens;
    before = last;
    line = opening & NEW_LINE;
    closed = opening & CLOSES;
    return run;
  }

  /** {@link #NEW_LINE} if there is a line break between two places, or 0. */
  private int lineBreak(int from, int to) {
    for (int i = from; i < to; i++) {
      if (ascii[i] == '\n') {
        return NEW_LINE;
      }
    }
    return 0;
  }

  /** The hash of a long word. */
  private long hash(int from, int to) {
    long hash = 0;
    for (int at = from; at < to; at += Eight.LENGTH) {
      hash = Vocabulary.hash(hash, packed(at, to - at));
    }
    return hash;
  }

  /**
   * Adds what starts with a digit, an apostrophe or no ASCII character, is long, or is joined to
   * what follows; nothing for white space.
   *
   * @return where it ends
   */
  private int special(int from, int to) {
    int c = ascii[from];
    if (c < 0 && Character.isWhitespace(fold(from))) {
      return from + 1;
    }
    if (from - before > 1 || ascii[before] == '\n') {
      line |= lineBreak(before, from);
    }
    int bits = line | (from == before ? GLUED : 0);
    if ((line | closed) != 0) {
      openings[opened++] = size;
    }
    int stop;
    if (isDigit(c)) {
      stop = number(from, bits);
    } else if (isLetter(c) && !joins(to)) {
      stop = word(from, to, bits);
    } else {
      stop = other(from, bits);
    }
    char first = fold(from);
    closed = (flags[size - 1] & SIGN) != 0 && first < KINDS.length ? KINDS[first] & CLOSES : 0;
    line = 0;
    before = stop;
    return stop;
  }

  /** Adds a word of ASCII letters and digits. */
  private int word(int from, int to, int bits) {
    int n = to - from;
    int more = bits | WORD | shape(from, to);
    if (n > Vocabulary.PACKED) {
      return later(from, to, more, hash(from, to), Vocabulary.HASHED);
    }
    return later(from, to, more, packed(from, n), packed(from + Eight.LENGTH, n - Eight.LENGTH));
  }

  /** Letters and digits, eight of them or as many as there are. */
  private long packed(int from, int count) {
    return Eight.small(Eight.at(ascii, from)) & Eight.first(Math.max(0, count));
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
    return later(from, to, bits | NUMBER, Eight.at(bytes, from) & Eight.first(to - from), 0);
  }

  private int put(int from, int to, int bits, int id) {
    word[size] = id;
    return later(from, to, bits, 0, 0);
  }

  /** Adds a token whose word is looked up with all others. */
  private int later(int from, int to, int bits, long first, long second) {
    start[size] = from;
    end[size] = to;
    keys[2 * size] = first;
    keys[2 * size + 1] = second;
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
    for (int i = 0; i < opened; i++) {
      int token = openings[i];
      cut = cut(cut, token);
      if (token == cut || (flags[token] & NEW_LINE) != 0 || endsBefore(token, abbreviation)) {
        cut = begin(token);
      }
    }
    cut(cut, size);
    sentence[sentences] = size;
  }

  /** Begins sentences wherever one is too long before a token; returns where the next would be. */
  private int cut(int next, int before) {
    int cut = next;
    while (cut < before) {
      cut = begin(cut);
    }
    return cut;
  }

  /** Begins a sentence, and returns where it must be cut. */
  private int begin(int token) {
    if (sentences + 1 >= sentence.length) {
      sentence = Arrays.copyOf(sentence, sentence.length * 2);
    }
    sentence[sentences++] = token;
    flags[token] |= FIRST;
    return token + LONGEST_SENTENCE;
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
    if ((flags[last] & SIGN) == 0 || !stops(stop)) {
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

  private static boolean stops(char c) {
    return c == '.' || c == '!' || c == '?';
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
    int n = to - from;
    if (n <= Vocabulary.PACKED) {
      return vocabulary.find(packed(from, n), packed(from + Eight.LENGTH, n - Eight.LENGTH));
    }
    return vocabulary.find(hash(from, to), ascii, from, to);
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

  /** Makes room for so many tokens; what was read before is forgotten. */
  private void room(int tokens) {
    if (start.length < tokens) {
      int more = Math.max(tokens, start.length * 2);
      start = new int[more];
      end = new int[more];
      word = new int[more];
      flags = new int[more];
      keys = new long[2 * more];
      openings = new int[more];
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
      ascii = new byte[more + Runs.AFTER];
    }
    text.getChars(0, n, source, 0);
    mapped = text.indexOf('&') >= 0 && text.indexOf(';') >= 0;
    length = mapped ? resolve(n) : n;
    byte[] bytes = ascii;
    char[] chars = source;
    for (int i = 0; i < length; i++) {
      bytes[i] = Fold.ascii(chars[i]);
    }
    Arrays.fill(bytes, length, length + Runs.AFTER, (byte) 0);
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
