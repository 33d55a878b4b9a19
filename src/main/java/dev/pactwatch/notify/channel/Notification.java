package dev.pactwatch.notify.channel;

import dev.pactwatch.alert.Alert;
import java.time.Instant;
import java.util.List;

/**
 * What is to be told in one message.
 *
 * @param id the idempotency key: letters, digits, {@code -} and {@code _}
 * @param subscription id of the one that is told
 * @param items what it is about, in the order in which it is told; none in a {@link Kind#NOTICE}
 * @param note one sentence that opens a message of another kind than {@link Kind#ALERT}; may be
 *     null
 * @param made when the notification was made; the same at every attempt
 * @param links where a reader goes on; see {@link Links}
 */
public record Notification(
    String id,
    String subscription,
    Kind kind,
    List<Item> items,
    String note,
    Instant made,
    Links links) {

  public Notification {
    items = List.copyOf(items);
  }

  /** What kind of message it is. */
  public enum Kind {
    /** One revision of one alert. */
    ALERT,
    /** Alerts of one group. */
    GROUP,
    /** Everything since the last digest. */
    DIGEST,
    /** An alert that is still open and not acknowledged is told again, or told to the next one. */
    REMINDER,
    /** About the deliveries of another subscription. */
    NOTICE,
    /** Somebody tries the subscription; says so. */
    TEST
  }

  /**
   * One alert in a message.
   *
   * @param json the record's value as it stands in the topic, for channels that pass it on
   */
  public record Item(Alert alert, byte[] json) {}

  /**
   * Addresses on the page of this installation; each null when no public address is set.
   *
   * @param page such as {@code https://pactwatch.example.org}; an alert's own page is below {@code
   *     /alerts/ID}
   * @param unsubscribe ends the subscription: GET shows, POST acts, no login
   */
  public record Links(String page, String unsubscribe) {}
}
