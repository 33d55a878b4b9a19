package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Numbers the words of a lexicon. A word of up to eight ASCII characters is its own key: the
 * characters, packed into a number. Any other word is found by a hash and then compared character
 * by character, so crafted text cannot pass for a word.
 *
 * <p>Not safe for use by several threads while words are added; safe for reading afterwards.
 */
public final class Vocabulary {

  /** Longest word that is its own key. */
  static final int PACKED = 8;

  /** Set in the key of a word that must be compared; no ASCII character reaches this bit. */
  private static final long HASHED = Long.MIN_VALUE;

  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** From where on bits of a hash go into the table. */
  private static final int TAG = 8;

  /** Most slots for each word, as a power of two. */
  private static final int SPARSE = 2;

  /**
   * By the first bits of a word's hash, one more than its id and, above that, other bits of the
   * hash; 0 for an empty slot. Most words of a text that no lexicon knows are told by this alone,
   * and it is small enough to stay near the processor.
   */
  private int[] table = new int[1 << 11];

  private int shift = 64 - 11;

  /** The bits of an entry of the table that hold the id. */
  private int mask = (1 << 10) - 1;

  /** By id. */
  private long[] keys = new long[1 << 9];

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
    if (size == words.length) {
      words = Arrays.copyOf(words, size * 2);
      keys = Arrays.copyOf(keys, size * 2);
    }
    words[size] = folded;
    keys[size] = key(chars, chars.length);
    put(size);
    return size++;
  }

  /** The id of an already folded word, or -1. */
  public int find(String folded) {
    return find(folded.toCharArray(), folded.length());
  }

  /** The id of the first characters of this array, or -1. */
  int find(char[] folded, int length) {
    long key = key(folded, length);
    if (key > 0) {
      return find(key);
    }
    long hash = key * PRIME;
    for (int slot = slot(hash); table[slot] != 0; slot = next(slot)) {
      int id = id(table[slot], hash);
      if (id >= 0 && keys[id] == key && same(words[id], folded, length)) {
        return id;
      }
    }
    return -1;
  }

  /** The id of a word that is its own key, or -1. */
  int find(long packed) {
    int[] all = table;
    long hash = packed * PRIME;
    int slot = slot(hash);
    while (true) {
      int entry = all[slot];
      if (entry == 0) {
        return -1;
      }
      int id = id(entry, hash);
      if (id >= 0 && keys[id] == packed) {
        return id;
      }
      slot = next(slot);
    }
  }

  /**
   * The id of an ASCII word that is too long to be its own key, or -1.
   *
   * @param key made with {@link #hash} of its packed parts and {@link #key(long)}
   * @param text letters in any case and digits
   */
  int find(long key, byte[] text, int from, int to) {
    long hash = key * PRIME;
    for (int slot = slot(hash); table[slot] != 0; slot = next(slot)) {
      int id = id(table[slot], hash);
      if (id >= 0 && keys[id] == key && same(words[id], text, from, to)) {
        return id;
      }
    }
    return -1;
  }

  /**
   * Finds many words. The table is read for all of them before anything is compared, so that the
   * processor waits for the memory once and not for each word.
   *
   * @param wanted keys as in the two methods above; 0 for none
   * @param found set to the id or -1 where a key is wanted, left as it is elsewhere
   * @param from where each word starts in the text, and before which character it ends
   */
  void find(long[] wanted, int[] found, int count, byte[] text, int[] from, int[] to) {
    int[] all = table;
    for (int i = 0; i < count; i++) {
      long key = wanted[i];
      if (key != 0) {
        found[i] = all[slot(key * PRIME)];
      }
    }
    for (int i = 0; i < count; i++) {
      long key = wanted[i];
      if (key != 0) {
        int entry = found[i];
        if (entry == 0) {
          found[i] = -1;
        } else {
          int id = id(entry, key * PRIME);
          boolean hit = key > 0 && id >= 0 && keys[id] == key;
          found[i] = hit ? id : key > 0 ? find(key) : find(key, text, from[i], to[i]);
        }
      }
    }
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

  /** The key for a hash. */
  static long key(long hash) {
    return hash | HASHED;
  }

  private static long key(char[] word, int length) {
    long hash = 0;
    long packed = 0;
    for (int i = 0; i < length; i++) {
      if (word[i] == 0 || word[i] >= 0x80) {
        return wide(word, length);
      }
      if (i > 0 && i % PACKED == 0) {
        hash = i == PACKED ? packed : hash(hash, packed);
        packed = 0;
      }
      packed |= (long) word[i] << (i % PACKED * 8);
    }
    return length == 0 ? HASHED : length <= PACKED ? packed : key(hash(hash, packed));
  }

  private static long wide(char[] word, int length) {
    long hash = length;
    for (int i = 0; i < length; i++) {
      hash = hash(hash, word[i]);
    }
    return key(hash);
  }

  private int slot(long hash) {
    return (int) (hash >>> shift);
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }

  /** The id in an entry of the table, or -1 where it is that of a word with another hash. */
  private int id(int entry, long hash) {
    return ((entry ^ (int) (hash >>> TAG)) & ~mask) == 0 ? (entry & mask) - 1 : -1;
  }

  private void grow() {
    table = new int[table.length * 2];
    mask = (table.length >> 1) - 1;
    shift--;
    for (int id = 0; id < size; id++) {
      put(id);
    }
  }

  private void put(int id) {
    long hash = keys[id] * PRIME;
    int slot = slot(hash);
    while (table[slot] != 0) {
      slot = next(slot);
    }
    table[slot] = ((int) (hash >>> TAG) & ~mask) | (id + 1);
  }
}
