package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Numbers the words of a lexicon. A word is found by a hash of its folded characters and then
 * compared character by character, so crafted text cannot pass for a word.
 *
 * <p>Not safe for use by several threads while words are added; safe for reading afterwards.
 */
public final class Vocabulary {

  private static final long SEED = 0xcbf29ce484222325L;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private long[] hashes = new long[1 << 12];
  private int[] ids = new int[1 << 12];
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
    if (size * 2 >= ids.length) {
      grow();
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
    int mask = ids.length - 1;
    int slot = slot(hash, mask);
    while (ids[slot] != 0) {
      if (hashes[slot] == hash) {
        char[] word = words[ids[slot] - 1];
        if (Arrays.equals(word, 0, word.length, chars, from, to)) {
          return ids[slot] - 1;
        }
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  static long hash(char[] chars, int from, int to) {
    long hash = SEED;
    for (int i = from; i < to; i++) {
      hash = (hash ^ chars[i]) * PRIME;
    }
    return hash;
  }

  private static int slot(long hash, int mask) {
    return (int) (hash >>> 32) & mask;
  }

  private void grow() {
    hashes = new long[hashes.length * 2];
    ids = new int[ids.length * 2];
    for (int id = 0; id < size; id++) {
      put(hash(words[id], 0, words[id].length), id);
    }
  }

  private void put(long hash, int id) {
    int mask = ids.length - 1;
    int slot = slot(hash, mask);
    while (ids[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    hashes[slot] = hash;
    ids[slot] = id + 1;
  }
}
