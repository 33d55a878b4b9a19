package dev.pactwatch.feed;

import java.time.Instant;

/**
 * A date of a feed, as understood and as written. Both null where there is none.
 *
 * @param instant null where the text cannot be understood
 */
record Claimed(Instant instant, String written) {

  private static final Claimed NONE = new Claimed(null, null);

  /** The first of these elements whose date can be understood; else the first that has a text. */
  static Claimed of(Fields fields, String... keys) {
    String unclear = null;
    for (String key : keys) {
      for (XmlNode node : fields.all(key)) {
        String text = node.text();
        Instant instant = FeedDates.parse(text);
        if (instant != null) {
          return new Claimed(instant, kept(text));
        }
        if (unclear == null && !text.isBlank()) {
          unclear = kept(text);
        }
      }
    }
    return unclear == null ? NONE : new Claimed(null, unclear);
  }

  static Claimed of(String text) {
    return text == null || text.isBlank() ? NONE : new Claimed(FeedDates.parse(text), kept(text));
  }

  private static String kept(String text) {
    String stripped = text.strip();
    return stripped.length() > Limits.DATE_CHARS
        ? PlainText.cut(stripped, Limits.DATE_CHARS)
        : stripped;
  }
}
