package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Numbers the words of a lexicon. A word of up to sixteen ASCII characters is its own key: the
 * characters, packed into two numbers. Any other word is found by a hash and then compared
 * character by character, so crafted text cannot pass for a word.
 *
 * <p>Not safe for use by several threads while words are added; safe for reading afterwards.
 */
public final class Vocabulary {

  /** Longest word that is its own key. */
  static final int PACKED = 2 * Eight.LENGTH;

  /** The second key of a word whose first is a hash; no ASCII character reaches this bit. */
  static final long HASHED = Long.MIN_VALUE;

  private static final long PRIME = 0x9E3779B97F4A7C15L;
  private static final long OTHER_PRIME = 0xC2B2AE3D27D4EB4FL;

  /** Most slots for each word, as a power of two. */
  private static final int SPARSE = 2;

  /** By the first bits of the hash of a word's keys, one more than its id; 0 for an empty slot. */
  private int[] table = new int[1 << 11];

  private int shift = 64 - 11;

  /** The two keys of each word by its id plus one; zeros for no word. */
  private long[] keys = new long[1 << 10];

  private String[] words = new String[1 << 9];
  private int size;

  /** How many words there are; ids run from 0. */
  public int size() {
    return size;
  }

  /** The folded text of a word. */
  public String word(int id) {
    return words[id];
  }

  /** The id of an already folded word, numbered now if it is new. */
  public int add(String folded) {
    char[] chars = folded.toCharArray();
    int found = find(chars, chars.length);
    if (found >= 0) {
      return found;
    }
    if (size + 1 >= table.length >> SPARSE) {
      grow();
    }
    if (size + 1 == words.length) {
      words = Arrays.copyOf(words, words.length * 2);
      keys = Arrays.copyOf(keys, keys.length * 2);
    }
    words[size] = folded;
    keys[2 * size + 2] = first(chars, chars.length);
    keys[2 * size + 3] = second(chars, chars.length);
    put(size);
    return size++;
  }

  /** The id of an already folded word, or -1. */
  public int find(String folded) {
    return find(folded.toCharArray(), folded.length());
  }

  /** The id of the first characters of this array, or -1. */
  int find(char[] folded, int length) {
    long first = first(folded, length);
    long second = second(folded, length);
    if (second != HASHED) {
      return find(first, second);
    }
    for (int slot = slot(first, HASHED); table[slot] != 0; slot = next(slot)) {
      int id = table[slot] - 1;
      if (is(id, first, HASHED) && same(words[id], folded, length)) {
        return id;
      }
    }
    return -1;
  }

  /** The id of a word that is its own key, or -1. */
  int find(long first, long second) {
    for (int slot = slot(first, second); table[slot] != 0; slot = next(slot)) {
      if (is(table[slot] - 1, first, second)) {
        return table[slot] - 1;
      }
    }
    return -1;
  }

  /**
   * The id of an ASCII word that is too long to be its own key, or -1.
   *
   * @param hash made with {@link #hash} of its packed parts
   * @param text letters in any case and digits
   */
  int find(long hash, byte[] text, int from, int to) {
    for (int slot = slot(hash, HASHED); table[slot] != 0; slot = next(slot)) {
      int id = table[slot] - 1;
      if (is(id, hash, HASHED) && same(words[id], text, from, to)) {
        return id;
      }
    }
    return -1;
  }

  /**
   * Finds many words. The table is read for all of them before anything is compared, so that the
   * processor waits for the memory once and not for each word.
   *
   * @param wanted two keys for each word, as in the two methods above; 0 for none
   * @param found set to the id or -1 where a key is wanted, left as it is elsewhere
   * @param from where each word starts in the text, and before which character it ends
   */
  void find(long[] wanted, int[] found, int count, byte[] text, int[] from, int[] to) {
    int[] all = table;
    long[] known = keys;
    for (int i = 0; i < count; i++) {
      if ((wanted[2 * i] | wanted[2 * i + 1]) != 0) {
        found[i] = all[slot(wanted[2 * i], wanted[2 * i + 1])];
      }
    }
    for (int i = 0; i < count; i++) {
      long first = wanted[2 * i];
      long second = wanted[2 * i + 1];
      if ((first | second) != 0) {
        int entry = found[i];
        long differs = (known[2 * entry] ^ first) | (known[2 * entry + 1] ^ second);
        int missed = (int) ((differs | -differs) >> 63);
        found[i] = (entry - 1) | missed;
        // seldom: in the slot is another word, or what is wanted is too long to be its own key
        if ((entry & missed) != 0 || second < 0) {
          found[i] = second < 0 ? find(first, text, from[i], to[i]) : find(first, second);
        }
      }
    }
  }

  private boolean is(int id, long first, long second) {
    return keys[2 * id + 2] == first && keys[2 * id + 3] == second;
  }

  private static boolean same(String word, char[] folded, int length) {
    if (word.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (word.charAt(i) != folded[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(String word, byte[] text, int from, int to) {
    if (word.length() != to - from) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      // the bit that makes a letter small is set in every digit as well
      if (word.charAt(i) != (text[from + i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** Goes on with a hash over the next eight characters, packed. */
  static long hash(long hash, long packed) {
    return Long.rotateLeft(hash * PRIME, 31) ^ packed;
  }

  /** True for a word that is its own key. */
  private static boolean packs(char[] word, int length) {
    for (int i = 0; i < length; i++) {
      if (word[i] == 0 || word[i] >= 0x80) {
        return false;
      }
    }
    return length > 0 && length <= PACKED;
  }

  private static long second(char[] word, int length) {
    return packs(word, length) ? packed(word, Eight.LENGTH, length) : HASHED;
  }

  private static long first(char[] word, int length) {
    if (packs(word, length)) {
      return packed(word, 0, length);
    }
    long hash = 0;
    for (int i = 0; i < length; i += Eight.LENGTH) {
      hash = hash(hash, packed(word, i, length));
    }
    return hash;
  }

  /** The next eight characters; of others than ASCII something that depends on them. */
  private static long packed(char[] word, int from, int length) {
    long packed = 0;
    for (int i = from; i < Math.min(length, from + Eight.LENGTH); i++) {
      packed ^= (long) word[i] << 8 * (i - from);
    }
    return packed;
  }

  private int slot(long first, long second) {
    return (int) ((first * PRIME + second * OTHER_PRIME) * PRIME >>> shift);
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }

  private void grow() {
    table = new int[table.length * 2];
    shift--;
    for (int id = 0; id < size; id++) {
      put(id);
    }
  }

  private void put(int id) {
    int slot = slot(keys[2 * id + 2], keys[2 * id + 3]);
    while (table[slot] != 0) {
      slot = next(slot);
    }
    table[slot] = id + 1;
  }
}
