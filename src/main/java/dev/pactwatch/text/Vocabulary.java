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

  /** Keys of the words; 0, which is no word's key, for an empty slot. */
  private long[] keys = new long[1 << 11];

  private int[] ids = new int[1 << 11];
  private int shift = 64 - 11;
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
    if (size * 4 >= keys.length) {
      grow();
    }
    if (size == words.length) {
      words = Arrays.copyOf(words, size * 2);
    }
    words[size] = folded;
    put(key(chars, chars.length), size);
    return size++;
  }

  /** The id of an already folded word, or -1. */
  public int find(String folded) {
    return find(folded.toCharArray(), folded.length());
  }

  /** The id of the first characters of this array, or -1. */
  int find(char[] folded, int length) {
    long key = key(folded, length);
    for (int slot = slot(key); keys[slot] != 0; slot = next(slot)) {
      if (keys[slot] == key) {
        int id = ids[slot];
        if (key > 0 || same(words[id], folded, length)) {
          return id;
        }
      }
    }
    return -1;
  }

  /** The id of a word that is its own key, or -1. */
  int find(long packed) {
    long[] all = keys;
    int slot = slot(packed);
    while (true) {
      long key = all[slot];
      if (key == packed) {
        return ids[slot];
      }
      if (key == 0) {
        return -1;
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
    for (int slot = slot(key); keys[slot] != 0; slot = next(slot)) {
      if (keys[slot] == key && same(words[ids[slot]], text, from, to)) {
        return ids[slot];
      }
    }
    return -1;
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

  private int slot(long key) {
    return (int) (key * PRIME >>> shift);
  }

  private int next(int slot) {
    return (slot + 1) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldIds = ids;
    keys = new long[oldKeys.length * 2];
    ids = new int[keys.length];
    shift--;
    for (int slot = 0; slot < oldKeys.length; slot++) {
      if (oldKeys[slot] != 0) {
        put(oldKeys[slot], oldIds[slot]);
      }
    }
  }

  private void put(long key, int id) {
    int slot = slot(key);
    while (keys[slot] != 0) {
      slot = next(slot);
    }
    keys[slot] = key;
    ids[slot] = id;
  }
}
