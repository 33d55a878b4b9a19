package dev.pactwatch.text;

import java.util.Arrays;

/**
 * A trie over word ids: finds every phrase that starts at a token, in time linear in the longest
 * phrase. Phrases carry numbers of their owner's choice; several may share the same words.
 *
 * <p>Not safe for use by several threads while phrases are added; safe for reading afterwards.
 */
public final class Phrases {

  /** Longest phrase in tokens; longer ones are refused so that matching stays linear. */
  public static final int LONGEST = 16;

  /** Told of each phrase that was found. */
  @FunctionalInterface
  public interface Hits {
    /**
     * @param from first token
     * @param to after the last token
     * @param number what {@link Phrases#add} was given
     */
    void hit(int from, int to, int number);
  }

  private int[] roots = new int[1 << 11];
  private long[] keys = new long[1 << 12];
  private int[] nodes = new int[1 << 12];
  private int edges;
  private int nodeCount = 1;
  private int[] first = new int[1 << 11];
  private int[] next = new int[1 << 11];
  private int[] numbers = new int[1 << 11];
  private int entries = 1;

  /**
   * @throws IllegalArgumentException for a phrase without words or longer than {@link #LONGEST}
   */
  public void add(int[] words, int number) {
    if (words.length == 0 || words.length > LONGEST) {
      throw new IllegalArgumentException("has " + words.length + " words");
    }
    if (words[0] >= roots.length) {
      roots = Arrays.copyOf(roots, Math.max(words[0] + 1, roots.length * 2));
    }
    int node = roots[words[0]];
    if (node == 0) {
      node = roots[words[0]] = newNode();
    }
    for (int i = 1; i < words.length; i++) {
      int child = child(node, words[i]);
      if (child == 0) {
        child = newNode();
        link(node, words[i], child);
      }
      node = child;
    }
    if (entries == next.length) {
      next = Arrays.copyOf(next, entries * 2);
      numbers = Arrays.copyOf(numbers, entries * 2);
    }
    numbers[entries] = number;
    next[entries] = first[node];
    first[node] = entries++;
  }

  /** Reports the phrases that start at this token, shorter ones first. */
  public void at(Tokens tokens, int token, Hits hits) {
    int word = tokens.word(token);
    int node = word < 0 || word >= roots.length ? 0 : roots[word];
    int position = token;
    while (node != 0) {
      position++;
      for (int entry = first[node]; entry != 0; entry = next[entry]) {
        hits.hit(token, position, numbers[entry]);
      }
      if (position == tokens.size()) {
        return;
      }
      int following = tokens.word(position);
      node = following < 0 ? 0 : child(node, following);
    }
  }

  private int newNode() {
    if (nodeCount == first.length) {
      first = Arrays.copyOf(first, nodeCount * 2);
    }
    return nodeCount++;
  }

  private int child(int node, int word) {
    long key = ((long) node << 32) | word;
    int mask = nodes.length - 1;
    int slot = slot(key, mask);
    while (nodes[slot] != 0) {
      if (keys[slot] == key) {
        return nodes[slot];
      }
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  private void link(int node, int word, int child) {
    if (edges * 2 >= nodes.length) {
      long[] oldKeys = keys;
      int[] oldNodes = nodes;
      keys = new long[oldKeys.length * 2];
      nodes = new int[oldNodes.length * 2];
      for (int i = 0; i < oldNodes.length; i++) {
        if (oldNodes[i] != 0) {
          put(oldKeys[i], oldNodes[i]);
        }
      }
    }
    put(((long) node << 32) | word, child);
    edges++;
  }

  private void put(long key, int child) {
    int mask = nodes.length - 1;
    int slot = slot(key, mask);
    while (nodes[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    nodes[slot] = child;
  }

  private static int slot(long key, int mask) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & mask;
  }
}
