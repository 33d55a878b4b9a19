package dev.pactwatch.feed;

/** The texts of a feed and of an item that may be written as HTML. */
public enum TextField {
  TITLE,
  /** A feed's description too. */
  SUMMARY,
  CONTENT
}
