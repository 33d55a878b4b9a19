package dev.pactwatch.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * How much of one text stands word for word in another, estimated from a few hundred bytes of each:
 * a one-permutation MinHash (Li, Owen and Zhang, 2012) over every three words in a row of the lead.
 * Each such shingle is hashed once; the hash names one of 128 bins and a value of 16 bits, and of
 * each bin the least value is kept.
 *
 * <p>News is written so that it can be cut from the end, and copies are; and beside a text of
 * thousands of words a sketch of this size cannot tell one shared phrase from a shared summary. So
 * only the first 200 words of each part are looked at.
 *
 * <p>Words are runs of letters and digits in small letters; a number keeps its point and commas, so
 * that 4 and 6.5 stay apart; an ideograph is a word by itself. Neither punctuation nor the case of
 * letters makes a difference.
 *
 * <p>This says who copied whom, and nothing else: two reports that share most of their words can
 * tell of opposite things.
 */
public final class Fingerprint {

  /** Words in a shingle. */
  static final int WORDS = 3;

  /** Words of each part that are looked at. */
  static final int LEAD = 200;

  /** Fewer shingles in common say nothing. */
  private static final int FEWEST = 4;

  /** A power of two. The error of an estimated share is at most 1 / (2 sqrt(BINS)), or 0.044. */
  private static final int BINS = 128;

  private static final int BIN_BITS = Integer.numberOfTrailingZeros(BINS);
  private static final int EMPTY = 0xFFFF;
  private static final int BYTES = Integer.BYTES + BINS * Short.BYTES;

  /** Of each ASCII letter and digit the small one, 0 for all else. */
  private static final byte[] ASCII = new byte[128];

  static {
    for (char c = 0; c < ASCII.length; c++) {
      ASCII[c] = (byte) (Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : 0);
    }
  }

  private final String coded;
  private final int shingles;
  private final char[] bins;

  private Fingerprint(String coded, int shingles, char[] bins) {
    this.coded = coded;
    this.shingles = shingles;
    this.bins = bins;
  }

  /**
   * The fingerprint of a text in several parts.
   *
   * @param parts such as headline and body; any may be null
   */
  public static Fingerprint of(String... parts) {
    Maker maker = new Maker();
    for (String part : parts) {
      if (part != null) {
        maker.read(part);
      }
    }
    int shingles = maker.distinct();
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(shingles);
    for (char bin : maker.bins) {
      bytes.putChar(bin);
    }
    String coded = Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
    return new Fingerprint(coded, shingles, maker.bins);
  }

  /**
   * Reads what {@link #coded} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  @JsonCreator
  public static Fingerprint parse(String coded) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(coded));
    if (bytes.remaining() != BYTES) {
      throw new IllegalArgumentException("is no fingerprint of " + BYTES + " bytes");
    }
    int shingles = bytes.getInt();
    char[] bins = new char[BINS];
    bytes.asCharBuffer().get(bins);
    return new Fingerprint(coded, shingles, bins);
  }

  /** Base64 of the number of shingles (4 bytes) and the bins (2 bytes each), big-endian. */
  @JsonValue
  public String coded() {
    return coded;
  }

  /** How many different three words in a row the lead has. */
  public int shingles() {
    return shingles;
  }

  /**
   * The share of the shorter text that stands in the longer one.
   *
   * @return from 0 to 1, an estimate; 0 where hardly anything is alike
   */
  public double shared(Fingerprint other) {
    int equal = 0;
    int filled = 0;
    for (int i = 0; i < BINS; i++) {
      if (bins[i] != EMPTY || other.bins[i] != EMPTY) {
        filled++;
        equal += bins[i] == other.bins[i] ? 1 : 0;
      }
    }
    int shorter = Math.min(shingles, other.shingles);
    if (shorter == 0 || equal < FEWEST) {
      return 0;
    }
    // Of the union of both, the intersection has this share (Jaccard); both sizes are known.
    double jaccard = (double) equal / filled;
    double both = jaccard / (1 + jaccard) * ((double) shingles + other.shingles);
    return Math.min(1, both / shorter);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint that && coded.equals(that.coded);
  }

  @Override
  public int hashCode() {
    return coded.hashCode();
  }

  @Override
  public String toString() {
    return coded;
  }

  /** Reads words into bins; parts are read one after the other, no shingle spans two. */
  private static final class Maker {
    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long PRIME = 0xBF58476D1CE4E5B9L;

    private final char[] bins = new char[BINS];

    /** The words before the one that is read. */
    private long previous;

    private long beforePrevious;
    private int words;

    /**
     * The shingles so far, each at the first free place from where its last bits point; 0: free.
     */
    private long[] seen = new long[1024];

    private int distinct;

    Maker() {
      Arrays.fill(bins, (char) EMPTY);
    }

    void read(String text) {
      words = 0;
      long word = 0;
      char[] chars = text.toCharArray();
      for (int i = 0; i < chars.length && words < LEAD; i++) {
        char c = chars[i];
        if (c < ASCII.length) {
          int small = ASCII[c];
          if (small != 0 || inNumber(chars, i, c)) {
            word = step(word, small != 0 ? small : c);
          } else {
            end(word);
            word = 0;
          }
          continue;
        }
        int point = Character.codePointAt(chars, i);
        i += Character.charCount(point) - 1;
        if (Character.isIdeographic(point)) {
          end(word);
          end(step(0, point));
          word = 0;
        } else if (Character.isLetterOrDigit(point)) {
          word = step(word, Character.toLowerCase(point));
        } else {
          end(word);
          word = 0;
        }
      }
      end(word);
    }

    private static boolean inNumber(char[] chars, int at, char c) {
      return (c == '.' || c == ',')
          && at > 0
          && at + 1 < chars.length
          && Character.isDigit(chars[at - 1])
          && Character.isDigit(chars[at + 1]);
    }

    /** One character more; never 0 for a word, whose first factor is odd. */
    private static long step(long word, int c) {
      return ((word == 0 ? SEED : word) ^ c) * PRIME;
    }

    private void end(long word) {
      if (word == 0 || words == LEAD) {
        return;
      }
      long hash =
          mix(word ^ Long.rotateLeft(previous * PRIME, 21) ^ Long.rotateLeft(beforePrevious, 42));
      beforePrevious = previous * SEED;
      previous = word;
      if (++words < WORDS || !isNew(hash)) {
        return;
      }
      int bin = (int) (hash >>> (Long.SIZE - BIN_BITS));
      // One value fewer than a char has, as the last one says that a bin is empty.
      char value = (char) Math.floorMod(hash >> 1, (long) EMPTY);
      bins[bin] = (char) Math.min(bins[bin], value);
    }

    /** A summary is often the beginning of the body: each shingle counts once. */
    int distinct() {
      return distinct;
    }

    private boolean isNew(long hash) {
      int slot = (int) hash & (seen.length - 1);
      while (seen[slot] != 0) {
        if (seen[slot] == hash) {
          return false;
        }
        slot = (slot + 1) & (seen.length - 1);
      }
      seen[slot] = hash;
      distinct++;
      if (2 * distinct > seen.length) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] old = seen;
      seen = new long[2 * old.length];
      for (long hash : old) {
        int slot = (int) hash & (seen.length - 1);
        while (hash != 0 && seen[slot] != 0) {
          slot = (slot + 1) & (seen.length - 1);
        }
        if (hash != 0) {
          seen[slot] = hash;
        }
      }
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long hash) {
      long z = hash + SEED;
      z = (z ^ (z >>> 30)) * PRIME;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }
  }
}
