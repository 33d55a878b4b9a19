package dev.pactwatch.notify;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Posts to a receiver. Follows no redirect. Nothing the receiver does is an exception. */
interface HttpSender {

  /** What came of a request. */
  sealed interface Result {}

  /**
   * An answer of any status.
   *
   * @param headers names in lower case
   */
  record Answer(int status, Map<String, List<String>> headers) implements Result {

    /** First value of a header. */
    Optional<String> header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }
  }

  /** Asked, but no answer came in time. */
  record TimedOut(String detail) implements Result {}

  /** Not asked by rule, or not reached. */
  record Unreachable(String detail) implements Result {}

  /**
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  Result post(URI url, Map<String, String> headers, byte[] body) throws InterruptedException;
}
