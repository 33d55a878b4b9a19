package dev.pactwatch.topology;

/**
 * The lexicon that is in use in the stream is not to be had here. No fault of the article that was
 * to be tagged: whoever lacks the lexicon must not go on.
 */
final class MissingLexiconException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MissingLexiconException(String message) {
    super(message);
  }
}
