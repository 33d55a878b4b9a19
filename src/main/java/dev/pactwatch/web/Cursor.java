package dev.pactwatch.web;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A place in the alert log: the last offset seen of every partition. Written {@code
 * topic~0:17,3:4}, where {@code topic} identifies the topic's incarnation, so that a place in a
 * topic that was deleted and made anew is not mistaken for one in its successor.
 *
 * @param topic letters, digits, - and _
 * @param offsets last offset seen by partition; a partition that is missing has not been seen
 */
record Cursor(String topic, SortedMap<Integer, Long> offsets) {

  private static final int MAX_LENGTH = 4096;
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]{1,64}~(\\d{1,5}:\\d{1,18}(,\\d{1,5}:\\d{1,18})*)?");

  Cursor {
    offsets = new TreeMap<>(offsets);
  }

  /** Empty when the text is no cursor. */
  static Optional<Cursor> parse(String text) {
    if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    int tilde = text.indexOf('~');
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    String pairs = text.substring(tilde + 1);
    if (!pairs.isEmpty()) {
      for (String pair : pairs.split(",")) {
        int colon = pair.indexOf(':');
        int partition = Integer.parseInt(pair.substring(0, colon));
        if (offsets.put(partition, Long.parseLong(pair.substring(colon + 1))) != null) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Cursor(text.substring(0, tilde), offsets));
  }

  /** Whether the record lies at or before this place. */
  boolean covers(int partition, long offset) {
    Long seen = offsets.get(partition);
    return seen != null && offset <= seen;
  }

  /** The place after one more record. */
  Cursor with(int partition, long offset) {
    Map<Integer, Long> next = new TreeMap<>(offsets);
    next.merge(partition, offset, Math::max);
    return new Cursor(topic, new TreeMap<>(next));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(topic).append('~');
    String separator = "";
    for (Map.Entry<Integer, Long> entry : offsets.entrySet()) {
      text.append(separator).append(entry.getKey()).append(':').append(entry.getValue());
      separator = ",";
    }
    return text.toString();
  }
}
