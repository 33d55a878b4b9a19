package dev.pactwatch.http;

import java.util.Map;
import java.util.Set;

/**
 * A request to be made.
 *
 * @param method {@code GET}, {@code HEAD} or {@code POST}
 * @param url as the user or feed wrote it
 * @param headers sent on every hop, except that {@code Authorization} stays with the first origin
 * @param only headers that are sent to one URL alone: validators mean something only to the address
 *     that issued them; may be null
 * @param body sent as it is; null for none
 * @param maxRedirects how many redirects to follow; with 0 the redirect itself is the response.
 *     Only GET and HEAD are ever redirected
 * @param schemes allowed on every hop, out of {@code http} and {@code https}
 * @param holds whether a redirect that asks for time ({@code Retry-After}) is the response, rather
 *     than followed at once
 * @param answer bytes of the answer's body to read: what exceeds them is left unread, and the
 *     status counts although the body broke off; 0 for a whole body within the client's limits
 */
public record OutboundRequest(
    String method,
    String url,
    Map<String, String> headers,
    Only only,
    byte[] body,
    int maxRedirects,
    Set<String> schemes,
    boolean holds,
    int answer) {

  public static final int MAX_REDIRECTS = 5;

  /** Headers for one URL. */
  public record Only(String url, Map<String, String> headers) {
    public Only {
      headers = Map.copyOf(headers);
    }
  }

  public OutboundRequest {
    headers = Map.copyOf(headers);
    schemes = Set.copyOf(schemes);
    if (!Set.of("GET", "HEAD", "POST").contains(method)) {
      throw new IllegalArgumentException("no method for this client: " + method);
    }
    if (maxRedirects < 0 || maxRedirects > MAX_REDIRECTS) {
      throw new IllegalArgumentException("redirects must be 0 to " + MAX_REDIRECTS);
    }
  }

  /** Follows up to five redirects. */
  public static OutboundRequest get(String url, Map<String, String> headers) {
    return new OutboundRequest(
        "GET", url, headers, null, null, MAX_REDIRECTS, Set.of("http", "https"), false, 0);
  }

  /** Follows no redirect: what a webhook needs. */
  public static OutboundRequest post(String url, Map<String, String> headers, byte[] body) {
    return new OutboundRequest(
        "POST", url, headers, null, body, 0, Set.of("http", "https"), false, 0);
  }

  /** The same, with headers that only {@code only.url()} gets to see. */
  public OutboundRequest with(Only only) {
    return new OutboundRequest(
        method, url, headers, only, body, maxRedirects, schemes, holds, answer);
  }

  /** The same, over https alone. */
  public OutboundRequest secureOnly() {
    return new OutboundRequest(
        method, url, headers, only, body, maxRedirects, Set.of("https"), holds, answer);
  }

  /** The same, stopping at a redirect that asks for time. */
  public OutboundRequest holding() {
    return new OutboundRequest(
        method, url, headers, only, body, maxRedirects, schemes, true, answer);
  }

  /** The same, where only the status and the beginning of the answer matter. */
  public OutboundRequest reading(int bytes) {
    return new OutboundRequest(
        method, url, headers, only, body, maxRedirects, schemes, holds, bytes);
  }
}
