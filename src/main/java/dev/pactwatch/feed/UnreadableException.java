package dev.pactwatch.feed;

/** Ends a parse from deep inside; never leaves the package. The message is the reason shown. */
final class UnreadableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableException(String reason) {
    super(reason, null, false, false);
  }
}
