package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Phrases;
import dev.pactwatch.text.Tokens;
import java.time.LocalDate;
import java.util.Arrays;

/** One field of an article with everything the lexicon knows in it, in arrays that are reused. */
final class Passage implements Phrases.Hits {

  /** At a token: a rule's word stands there. */
  static final int SINGLE = 1;

  /** At a token: the word is a noun for some rule, or fixed. */
  static final int NOUN = 2;

  /** At a token: the word is a finite verb for some rule, or its base form. */
  static final int FINITE = 4;

  /** At a token: the word is a verb for some rule, in the third person: "leases". */
  static final int THIRD = 8;

  /** At a token: a verb of some rule starts there, maybe with more words: "takes to court". */
  static final int VERB = 16;

  private static final int FINITE_FORMS = Lexicon.BASE | Lexicon.THIRD | Lexicon.PAST;

  private static final Mention[] NONE = {};

  final String field;
  final Tokens tokens = new Tokens();
  long[] classes = new long[128];
  long[] cues = new long[128];
  private int themed;
  private int[] themedFrom = new int[8];
  private long[] themedBits = new long[8];
  int hits;
  int[] hitFrom = new int[64];
  int[] hitTo = new int[64];
  private int[] hitNumber = new int[64];

  /** Anchors, apart from the other hits. */
  int anchors;

  int[] anchorFrom = new int[32];
  int[] anchorTo = new int[32];

  /** Index among the anchors of the lexicon. */
  int[] anchor = new int[32];

  /** What the anchors that start at a token are: {@link #SINGLE} and the like, combined. */
  private byte[] anchorAt = new byte[128];

  /** Tokens that start with a capital letter. */
  int capitals;

  int[] capital = new int[128];

  /** Tokens that could be a sum. */
  int numbers;

  int[] number = new int[128];

  /** The mention that each token belongs to, in the sentences that were made. */
  Mention[] mentionAt = new Mention[128];

  private Sentence[] sentences = new Sentence[16];

  /** Of the sentence that is made just now. */
  private Mention[] found = new Mention[16];

  long all;
  long allCues;

  private Lexicon lexicon;

  Passage(String field) {
    this.field = field;
  }

  void read(String text, Lexicon from) {
    lexicon = from;
    hits = 0;
    anchors = 0;
    themed = 0;
    all = 0;
    allCues = 0;
    tokens.read(text, from.vocabulary());
    tokens.split(from.abbreviations());
    int n = tokens.size();
    if (classes.length < n) {
      classes = new long[Math.max(n, classes.length * 2)];
      cues = new long[classes.length];
      mentionAt = new Mention[classes.length];
      anchorAt = new byte[classes.length];
      capital = new int[classes.length];
      number = new int[classes.length];
    }
    Arrays.fill(anchorAt, 0, n, (byte) 0);
    Arrays.fill(mentionAt, 0, n, null);
    Arrays.fill(sentences, null);
    if (sentences.length < tokens.sentences()) {
      sentences = new Sentence[tokens.sentences() * 2];
    }
    capitals = 0;
    numbers = 0;
    int half = from.half();
    for (int i = 0; i < n; i++) {
      int word = tokens.word(i);
      // counted without a branch: no processor guesses where a name or a number stands
      capital[capitals] = i;
      capitals += tokens.flags(i) & Tokens.CAPITAL;
      number[numbers] = i;
      numbers += word == half || tokens.is(i, Tokens.NUMBER | Tokens.HAS_DIGIT) ? 1 : 0;
      classes[i] = from.classes(word);
      cues[i] = from.cues(word);
      all |= classes[i];
      allCues |= cues[i];
    }
    from.phrases().find(tokens, this);
  }

  /** A sentence with the names in it: the same object whenever it is asked for. */
  Sentence sentence(int number, Classes grammar, References references, LocalDate day) {
    if (sentences[number] == null) {
      sentences[number] = new Sentence(this, number, lexicon, grammar, references, day);
    }
    return sentences[number];
  }

  /** A sentence if it was made already, else null. */
  Sentence made(int number) {
    return sentences[number];
  }

  /** Keeps a mention of a sentence that is being made. */
  int found(int number, Mention mention) {
    if (number == found.length) {
      found = Arrays.copyOf(found, number * 2);
    }
    found[number] = mention;
    return number + 1;
  }

  /** The first mentions that were kept. */
  Mention[] found(int count) {
    return count == 0 ? NONE : Arrays.copyOf(found, count);
  }

  @Override
  public void hit(int from, int to, int number) {
    if (Lexicon.isClassed(number)) {
      Entry.Classed classed = lexicon.classed(number);
      mark(from, to, classed.classes(), classed.cues(), classed.themes());
      return;
    }
    if (Lexicon.isAnchor(number)) {
      anchor(from, to, number);
      return;
    }
    if (Lexicon.isMarking(number) && lexicon.entry(number) instanceof Entry.Named named) {
      mark(from, to, named.classes(), named.cues(), named.themes());
    }
    if (hits == hitFrom.length) {
      hitFrom = Arrays.copyOf(hitFrom, hits * 2);
      hitTo = Arrays.copyOf(hitTo, hits * 2);
      hitNumber = Arrays.copyOf(hitNumber, hits * 2);
    }
    hitFrom[hits] = from;
    hitTo[hits] = to;
    hitNumber[hits++] = number;
  }

  private void anchor(int from, int to, int number) {
    int forms = Lexicon.forms(number);
    int bits = forms == Lexicon.NOUN ? 0 : VERB;
    if (to == from + 1) {
      bits |= SINGLE | (forms == Lexicon.NOUN ? NOUN : 0);
      bits |= ((forms & FINITE_FORMS) != 0 ? FINITE : 0) | (forms == Lexicon.THIRD ? THIRD : 0);
    }
    anchorAt[from] |= (byte) bits;
    if (anchors == anchor.length) {
      anchorFrom = Arrays.copyOf(anchorFrom, anchors * 2);
      anchorTo = Arrays.copyOf(anchorTo, anchors * 2);
      anchor = Arrays.copyOf(anchor, anchors * 2);
    }
    anchorFrom[anchors] = from;
    anchorTo[anchors] = to;
    anchor[anchors++] = Lexicon.anchor(number);
  }

  /** What was hit, if no anchor. */
  Entry hitEntry(int hit) {
    return lexicon.entry(hitNumber[hit]);
  }

  /** {@link #SINGLE} and the like for the anchors that start at a token, combined. */
  int anchorAt(int token) {
    return anchorAt[token];
  }

  private void mark(int from, int to, long more, long moreCues, long moreThemes) {
    for (int i = from; i < to; i++) {
      classes[i] |= more;
      cues[i] |= moreCues;
    }
    all |= more;
    allCues |= moreCues;
    if (moreThemes != 0) {
      if (themed == themedFrom.length) {
        themedFrom = Arrays.copyOf(themedFrom, themed * 2);
        themedBits = Arrays.copyOf(themedBits, themed * 2);
      }
      themedFrom[themed] = from;
      themedBits[themed++] = moreThemes;
    }
  }

  boolean cue(int token, long anyOf) {
    return token >= 0 && token < tokens.size() && (cues[token] & anyOf) != 0;
  }

  /** Themes of the tokens from one to before another, together. */
  long themes(int from, int to) {
    long bits = 0;
    for (int i = Math.max(from, 0); i < to; i++) {
      bits |= lexicon.themes(tokens.word(i));
    }
    for (int i = 0; i < themed; i++) {
      bits |= themedFrom[i] >= from && themedFrom[i] < to ? themedBits[i] : 0;
    }
    return bits;
  }

  /** Cues of the tokens from one to before another, together. */
  long cues(int from, int to) {
    long bits = 0;
    for (int i = Math.max(from, 0); i < to; i++) {
      bits |= cues[i];
    }
    return bits;
  }

  /** Classes of the tokens from one to before another, together. */
  long classes(int from, int to) {
    long bits = 0;
    for (int i = Math.max(from, 0); i < to; i++) {
      bits |= classes[i];
    }
    return bits;
  }

  boolean is(int token, long anyOf) {
    return token >= 0 && token < tokens.size() && (classes[token] & anyOf) != 0;
  }

  /** First hit that starts at or after a token. */
  int firstHit(int token) {
    return first(hitFrom, hits, token);
  }

  /** First anchor that starts at or after a token. */
  int firstAnchor(int token) {
    return first(anchorFrom, anchors, token);
  }

  private static int first(int[] from, int size, int token) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (from[middle] < token) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
