package dev.pactwatch.feed;

/** What a feed may cost. Everything here is checked before Rome sees a byte. */
final class Limits {

  static final int BODY_BYTES = 10 * 1024 * 1024;
  static final int DEPTH = 64;
  static final int ATTRIBUTES = 128;
  static final int ELEMENTS = 300_000;

  /** Twice the largest feed seen that is no archive. */
  static final int ITEMS = 2_000;

  static final int NAME_CHARS = 256;

  /** Characters kept of each plain text. */
  static final int TITLE_CHARS = 1_024;

  static final int LINK_CHARS = 2_048;
  static final int AUTHOR_CHARS = 256;
  static final int SUMMARY_CHARS = 16_384;
  static final int CONTENT_CHARS = 131_072;

  /**
   * Characters of mark-up read for one plain text, since parsing HTML costs more than keeping it.
   */
  static final int MARKUP_CHARS = 1_048_576;

  static final int DATE_CHARS = 64;
  static final int WARNINGS = 20;

  private Limits() {}
}
