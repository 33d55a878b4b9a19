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

  /** By word id plus one: the node of the phrases that start with it, 0 for none. */
  private int[] roots = new int[1 << 11];

  /**
   * By word id plus one, one bit for each word that can come after it in a phrase, by the last six
   * bits of that word's id plus one; all bits where the word is a phrase by itself. Most words that
   * start a phrase do not go on with it, and this tells so without a search.
   */
  private long[] followers = new long[1 << 11];

  /** Node and following word, and to which node they lead; 0 for an empty slot. */
  private long[] keys = new long[1 << 12];

  private int[] nodes = new int[1 << 12];
  private int edges;

  /** By node: the last added of the phrases that end there, 0 for none. */
  private int[] last = new int[1 << 11];

  /**
   * By node, one bit for each word that leads on from it, by the last six bits of that word's id
   * plus one: what does not go on is told without a search.
   */
  private long[] next = new long[1 << 11];

  private int nodeCount = 1;

  /** The number of a phrase and, in the upper half, the one added before it for the same words. */
  private long[] phrases = new long[1 << 11];

  private int phraseCount = 1;

  /**
   * @throws IllegalArgumentException for a phrase without words or longer than {@link #LONGEST}
   */
  public void add(int[] words, int number) {
    if (words.length == 0 || words.length > LONGEST) {
      throw new IllegalArgumentException("has " + words.length + " words");
    }
    int root = words[0] + 1;
    if (root >= roots.length) {
      int more = Math.max(root + 1, roots.length * 2);
      roots = Arrays.copyOf(roots, more);
      followers = Arrays.copyOf(followers, more);
    }
    if (roots[root] == 0) {
      roots[root] = newNode();
    }
    followers[root] |= words.length == 1 ? -1L : 1L << (words[1] + 1);
    int node = roots[root];
    for (int i = 1; i < words.length; i++) {
      node = link(node, words[i]);
    }
    if (phraseCount == phrases.length) {
      phrases = Arrays.copyOf(phrases, phraseCount * 2);
    }
    phrases[phraseCount] = ((long) last[node] << 32) | (number & 0xFFFFFFFFL);
    last[node] = phraseCount++;
  }

  /** Reports the phrases in a text by the token where they start, shorter ones first. */
  public void find(Tokens tokens, Hits hits) {
    int[] starts = tokens.scratch();
    int n = tokens.size();
    int count = 0;
    int following = n == 0 ? 0 : tokens.word(0) + 1;
    for (int i = 0; i < n; i++) {
      int word = following;
      following = i + 1 < n ? tokens.word(i + 1) + 1 : 0;
      // counted without a branch: no processor guesses which words start a phrase
      starts[count] = i;
      count += word < followers.length ? (int) (followers[word] >>> following & 1) : 0;
    }
    for (int i = 0; i < count; i++) {
      at(tokens, starts[i], hits);
    }
  }

  private void at(Tokens tokens, int token, Hits hits) {
    int node = roots[tokens.word(token) + 1];
    int position = token + 1;
    while (node != 0) {
      int phrase = last[node];
      while (phrase != 0) {
        hits.hit(token, position, (int) phrases[phrase]);
        phrase = (int) (phrases[phrase] >>> 32);
      }
      int word = position < tokens.size() ? tokens.word(position) : -1;
      boolean leads = word >= 0 && (next[node] >>> (word + 1) & 1) != 0;
      node = leads ? nodes[slot(node, word)] : 0;
      position++;
    }
  }

  private int newNode() {
    if (nodeCount == last.length) {
      last = Arrays.copyOf(last, nodeCount * 2);
      next = Arrays.copyOf(next, nodeCount * 2);
    }
    return nodeCount++;
  }

  /** Where a word leads from a node, which is made if there is none. */
  private int link(int node, int word) {
    int slot = slot(node, word);
    if (keys[slot] == 0) {
      if (edges * 4 >= keys.length) {
        grow();
        slot = slot(node, word);
      }
      keys[slot] = key(node, word);
      next[node] |= 1L << (word + 1);
      nodes[slot] = newNode();
      edges++;
    }
    return nodes[slot];
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNodes = nodes;
    keys = new long[oldKeys.length * 2];
    nodes = new int[oldNodes.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot((int) (oldKeys[i] >>> 32), (int) oldKeys[i]);
        keys[slot] = oldKeys[i];
        nodes[slot] = oldNodes[i];
      }
    }
  }

  /** Never 0, since nodes are numbered from 1. */
  private static long key(int node, int word) {
    return ((long) node << 32) | word;
  }

  /** Where a node and a word are or would be. */
  private int slot(int node, int word) {
    long key = key(node, word);
    int mask = keys.length - 1;
    int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 40) & mask;
    while (keys[slot] != key && keys[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
