package dev.pactwatch.replay;

import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A feed and, one after the other, the archives that it names as holding its older items (RFC 5005:
 * {@code prev-archive}, or {@code next} for a paged feed; {@code next_url} of JSON Feed).
 */
final class FeedHistory {

  /** Twenty years of monthly archives. */
  static final int DOCUMENTS = 240;

  private FeedHistory() {}

  /**
   * Hands out the documents, the newest first, and what stopped the reading.
   *
   * @param http makes a request
   * @param pause called between two requests
   */
  static void read(
      String address,
      Function<OutboundRequest, OutboundResult> http,
      Runnable pause,
      ReplaySource.Visitor visitor) {
    FeedParser parser = new FeedParser();
    Set<String> asked = new HashSet<>();
    String next = address;
    while (next != null && asked.add(next)) {
      if (asked.size() > DOCUMENTS) {
        visitor.refused(next, "more than " + DOCUMENTS + " documents of one feed");
        return;
      }
      if (asked.size() > 1) {
        pause.run();
      }
      OutboundResult result = http.apply(OutboundRequest.get(next, Map.of()));
      if (!(result instanceof OutboundResult.Response response) || response.status() != 200) {
        visitor.refused(next, reason(result));
        return;
      }
      String type = response.header("content-type").orElse(null);
      visitor.capture(next, response.url(), type, response.body());
      next =
          parser.parse(response.body(), type, response.url()) instanceof FeedResult.Parsed parsed
                  && isWeb(parsed.feed().older())
              ? parsed.feed().older()
              : null;
    }
  }

  private static boolean isWeb(String address) {
    return address != null && (address.startsWith("http://") || address.startsWith("https://"));
  }

  private static String reason(OutboundResult result) {
    if (result instanceof OutboundResult.Response response) {
      return "the server answers " + response.status();
    }
    return result instanceof OutboundResult.Refused refused
        ? refused.detail()
        : ((OutboundResult.Failed) result).detail();
  }
}
