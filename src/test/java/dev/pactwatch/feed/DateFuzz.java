package dev.pactwatch.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

/** A way in for any text to the reader of dates. */
public final class DateFuzz {

  private static final Instant EARLIEST = Instant.parse("1869-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-02T00:00:00Z");

  private DateFuzz() {}

  /** Whether the text was understood. */
  public static boolean check(String text) {
    Instant read = FeedDates.parse(text);
    if (read == null) {
      return false;
    }
    assertThat(read).isBetween(EARLIEST, LATEST);
    assertThat(FeedDates.parse(read.toString())).as("read again").isEqualTo(read);
    return true;
  }
}
