package dev.pactwatch.web.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts logins that failed, by address. Nobody guesses a token; this keeps a program that tries
 * from filling the log.
 */
final class FailureLimit {

  private static final int MOST_ADDRESSES = 10_000;

  private record Count(Instant since, int failures) {}

  private final int failures;
  private final Duration within;
  private final InstantSource clock;

  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  FailureLimit(int failures, Duration within, InstantSource clock) {
    this.failures = failures;
    this.within = within;
    this.clock = clock;
  }

  /** Whether this address has to wait. */
  synchronized boolean reached(String address) {
    Count count = counts.get(network(address));
    return count != null && count.failures() >= failures && lasts(count);
  }

  synchronized void failed(String address) {
    counts.compute(
        network(address),
        (key, count) ->
            count == null || !lasts(count)
                ? new Count(clock.instant(), 1)
                : new Count(count.since(), count.failures() + 1));
  }

  Duration within() {
    return within;
  }

  private boolean lasts(Count count) {
    return clock.instant().isBefore(count.since().plus(within));
  }

  /** Of IPv6 one customer has a whole /64: the first four groups stand for all of it. */
  private static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      // An address in digits is not looked up.
      byte[] bytes = java.net.InetAddress.getByName(address).getAddress();
      return bytes.length == 16 ? java.util.HexFormat.of().formatHex(bytes, 0, 8) : address;
    } catch (java.net.UnknownHostException e) {
      return address;
    }
  }
}
