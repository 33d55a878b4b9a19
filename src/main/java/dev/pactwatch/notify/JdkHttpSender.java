package dev.pactwatch.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Posts with the JDK's client. That client resolves names on its own, so an address check before it
 * could be outwitted by a name that changes its mind; hence it asks only literal loopback addresses
 * and the hosts that the operator lists.
 */
final class JdkHttpSender implements HttpSender {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Set<String> hosts;
  private final Duration total;

  /**
   * @param hosts in lower case, allowed besides literal loopback addresses
   * @param total for the whole exchange
   */
  JdkHttpSender(Set<String> hosts, Duration total) {
    this.hosts = Set.copyOf(hosts);
    this.total = total;
  }

  @Override
  public Result post(URI url, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (!Loopback.isLiteral(host) && !hosts.contains(host)) {
      return new Unreachable(
          "host " + host + " is not listed in pactwatch.notify.hosts and is not asked");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(total)
            .header("user-agent", "Pactwatch")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      HttpResponse<Void> response =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding());
      return new Answer(response.statusCode(), response.headers().map());
    } catch (HttpTimeoutException e) {
      return new TimedOut("no answer within " + total.toSeconds() + " s");
    } catch (IOException e) {
      return new Unreachable("not reached: " + e.getClass().getSimpleName());
    }
  }
}
