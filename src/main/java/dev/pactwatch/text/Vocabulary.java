package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Numbers the words of a lexicon. A word is found by a hash of its folded characters and then
 * compared character by character, so crafted text cannot pass for a word.
 *
 * <p>Not safe for use by several threads while words are added; safe for reading afterwards.
 */
public final class Vocabulary {

  private static final long ID = (1L << 24) - 1;
  private static final long HASH = ~ID;
  static final long SEED = 0xcbf29ce484222325L;
  static final long PRIME = 0x9E3779B97F4A7C15L;

  /** Upper 40 bits of the hash and, below them, the id plus one; 0 for an empty slot. */
  private long[] table = new long[1 << 12];

  private char[][] words = new char[1 << 11][];
  private int size;

  /** How many words there are; ids run from 0. */
  public int size() {
    return size;
  }

  /** The folded text of a word. */
  public String word(int id) {
    return new String(words[id]);
  }

  /** The id of an already folded word, numbered now if it is new. */
  public int add(String folded) {
    char[] chars = folded.toCharArray();
    long hash = hash(chars, 0, chars.length);
    int found = find(chars, 0, chars.length, hash);
    if (found >= 0) {
      return found;
    }
    if (size * 4 >= table.length) {
      grow();
    }
    if (size >= ID - 1) {
      throw new IllegalStateException("more than " + (ID - 1) + " words");
    }
    if (size == words.length) {
      words = Arrays.copyOf(words, size * 2);
    }
    words[size] = chars;
    put(hash, size);
    return size++;
  }

  /** The id of an already folded word, or -1. */
  public int find(String folded) {
    char[] chars = folded.toCharArray();
    return find(chars, 0, chars.length, hash(chars, 0, chars.length));
  }

  /** The id of the folded characters in this range, or -1. */
  int find(char[] chars, int from, int to, long hash) {
    long[] slots = table;
    int mask = slots.length - 1;
    int slot = slot(hash, mask);
    long entry = slots[slot];
    while (entry != 0) {
      if (((entry ^ hash) & HASH) == 0) {
        int id = (int) (entry & ID) - 1;
        char[] word = words[id];
        if (same(word, chars, from, to)) {
          return id;
        }
      }
      slot = (slot + 1) & mask;
      entry = slots[slot];
    }
    return -1;
  }

  /** Plain loop: words are too short for the vectorised comparison to pay. */
  private static boolean same(char[] word, char[] chars, int from, int to) {
    if (word.length != to - from) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (word[i] != chars[from + i]) {
        return false;
      }
    }
    return true;
  }

  static long hash(char[] chars, int from, int to) {
    long hash = SEED;
    for (int i = from; i < to; i++) {
      hash = (hash ^ chars[i]) * PRIME;
    }
    return hash;
  }

  private static int slot(long hash, int mask) {
    return (int) (hash >>> 40) & mask;
  }

  private void grow() {
    table = new long[table.length * 2];
    for (int id = 0; id < size; id++) {
      put(hash(words[id], 0, words[id].length), id);
    }
  }

  private void put(long hash, int id) {
    int mask = table.length - 1;
    int slot = slot(hash, mask);
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = (hash & HASH) | (id + 1);
  }
}
