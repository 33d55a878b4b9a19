package dev.pactwatch.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What became of a request. Nothing that a remote side does is an exception. */
public sealed interface OutboundResult {

  /** The redirects that were followed before this came about, in order. */
  List<Hop> hops();

  /**
   * A redirect that was followed.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param retryAfter what the redirect asked for, as sent; null for nothing
   */
  record Hop(int status, String from, String to, String retryAfter) {
    public boolean permanent() {
      return status == 301 || status == 308;
    }
  }

  /**
   * An answer, of whatever status.
   *
   * @param url the address that answered, after redirects
   * @param headers names in lower case; values as sent, one char per byte
   * @param body unpacked; empty where there is none
   * @param received bytes of the body as they were sent
   * @param address that was dialled for it, such as {@code 192.0.2.1}; null where nothing was
   */
  record Response(
      int status,
      String url,
      Map<String, List<String>> headers,
      byte[] body,
      long received,
      List<Hop> hops,
      String address)
      implements OutboundResult {

    /** An answer that came over no network. */
    public Response(
        int status,
        String url,
        Map<String, List<String>> headers,
        byte[] body,
        long received,
        List<Hop> hops) {
      this(status, url, headers, body, received, hops, null);
    }

    /** First value of a header. */
    public Optional<String> header(String name) {
      List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
      return values == null ? Optional.empty() : Optional.of(values.get(0));
    }
  }

  /**
   * Not asked, or not accepted, by rule. Asking again gives the same until something changes.
   *
   * @param detail one phrase for people, without text from the remote side
   */
  record Refused(Refusal reason, String detail, List<Hop> hops) implements OutboundResult {}

  /**
   * Asked, but no whole answer came. Another attempt may succeed.
   *
   * @param detail one phrase for people, without text from the remote side
   * @param address that was dialled; null where it did not come to a connection
   */
  record Failed(Failure reason, String detail, List<Hop> hops, String address)
      implements OutboundResult {

    /** A failure without a connection. */
    public Failed(Failure reason, String detail, List<Hop> hops) {
      this(reason, detail, hops, null);
    }
  }
}
