package dev.pactwatch.lexicon;

/** What a phrase of the lexicon means. */
public sealed interface Entry {

  /**
   * The phrase belongs to classes of words.
   *
   * @param classes bits of those that the grammar refers to
   * @param cues bits of those that conditions of rules refer to
   * @param themes bits of those that weights refer to
   */
  record Classed(long classes, long cues, long themes) implements Entry {}

  /**
   * The phrase names an organisation.
   *
   * @param classes bits that follow from its sectors, for the grammar
   * @param cues the same for conditions of rules
   * @param themes the same for weights
   */
  record Named(Organisation organisation, Alias alias, long classes, long cues, long themes)
      implements Entry {}

  /**
   * The phrase may report an event.
   *
   * @param forms see {@link Lexicon}
   */
  record Anchor(Rule rule, int forms) implements Entry {}

  /**
   * The phrase tells what is bought.
   *
   * @param rank the lower one wins; from {@link #GENERAL} on for words that only suggest it
   */
  record Topic(String topic, int rank) implements Entry {
    /** Above the rank of every topic that is said in so many words. */
    public static final int GENERAL = 1000;
  }
}
