package dev.pactwatch.http;

import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Hop;
import dev.pactwatch.http.OutboundResult.Refused;
import dev.pactwatch.http.OutboundResult.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes requests to addresses that others chose. Every hop is checked as a spelling before anything
 * is resolved and as an address at the moment of connecting; redirects are followed here and not by
 * the library; time and size are bounded; certificates are verified; no cookies, no referrer, no
 * proxy from the environment, no retry. Safe for use by many threads; a call blocks.
 */
public final class OutboundClient implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final OutboundSettings settings;
  private final UrlGuard urls;
  private final CheckingResolver resolver;
  private final CloseableHttpClient http;
  private final BodyReader bodies;
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor deadlines;
  private volatile boolean closed;

  /** Trusts what the Java runtime trusts. */
  public OutboundClient(OutboundSettings settings) {
    this(settings, null, InetAddress::getAllByName);
  }

  /**
   * @param trust certificates to trust in place of the runtime's, for a company's own authority;
   *     null for the runtime's
   */
  public OutboundClient(OutboundSettings settings, SSLContext trust) {
    this(settings, trust, InetAddress::getAllByName);
  }

  OutboundClient(OutboundSettings settings, SSLContext trust, CheckingResolver.Names names) {
    this.settings = settings;
    AddressGuard addresses = AddressGuard.allowing(settings.allowPrivate());
    this.urls = new UrlGuard(addresses, settings.ports());
    this.resolver = new CheckingResolver(addresses, names, settings.connect());
    this.bodies = new BodyReader(settings.maxBytes(), settings.maxRatio());
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "http-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.http = client(settings, trust, resolver);
  }

  private static CloseableHttpClient client(
      OutboundSettings settings, SSLContext trust, CheckingResolver resolver) {
    Timeout connect = timeout(settings.connect());
    Timeout silence = timeout(settings.silence());
    PoolingHttpClientConnectionManager connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver)
            .setMaxConnTotal(512)
            .setMaxConnPerRoute(512)
            .setTlsSocketStrategy(
                trust == null
                    ? DefaultClientTlsStrategy.createDefault()
                    : new DefaultClientTlsStrategy(trust))
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setSocketTimeout(silence)
                    .build())
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom()
                            .setMaxLineLength(16 * 1024)
                            .setMaxHeaderCount(200)
                            .build())
                    // One char per byte, both ways: an ETag is opaque bytes and goes back as such.
                    .charCodingConfig(
                        CharCodingConfig.custom().setCharset(StandardCharsets.ISO_8859_1).build())
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        // A feed is asked again in ten minutes at the earliest: nothing to keep open, and every
        // request is checked by the address it dials.
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(connect)
                .setResponseTimeout(silence)
                .setProtocolUpgradeEnabled(false)
                .setAuthenticationEnabled(false)
                .build())
        .setUserAgent(settings.userAgent())
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAutomaticRetries()
        .disableAuthCaching()
        .build();
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.ofMilliseconds(duration.toMillis());
  }

  /** Which URLs this client would ask, for checking what users enter. Asks no name server. */
  public UrlGuard urls() {
    return urls;
  }

  /** Makes the request and follows its redirects. Blocks up to the total deadline. */
  public OutboundResult send(OutboundRequest request) {
    Exchange exchange = new Exchange(request.url());
    ScheduledFuture<?> deadline;
    synchronized (this) {
      if (closed) {
        return new Failed(Failure.CANCELLED, "the client is closed", List.of());
      }
      running.add(exchange);
      deadline =
          deadlines.schedule(
              () -> exchange.stop(Failure.DEADLINE),
              settings.total().toMillis(),
              TimeUnit.MILLISECONDS);
    }
    try {
      return exchange(request, exchange);
    } finally {
      deadline.cancel(false);
      running.remove(exchange);
    }
  }

  /** Ends all running requests at once; each of them fails as cancelled. */
  public void cancelAll() {
    running.forEach(exchange -> exchange.stop(Failure.CANCELLED));
  }

  /** Ends the running requests to these addresses; each of them fails as cancelled. */
  public void cancel(Set<String> urls) {
    running.stream()
        .filter(exchange -> urls.contains(exchange.url))
        .forEach(exchange -> exchange.stop(Failure.CANCELLED));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    cancelAll();
    deadlines.shutdownNow();
    http.close(CloseMode.IMMEDIATE);
    resolver.close();
  }

  private OutboundResult exchange(OutboundRequest request, Exchange exchange) {
    List<Hop> hops = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String url = request.url();
    UrlGuard.Good first = null;
    UrlGuard.Good previous = null;
    while (true) {
      UrlGuard.Checked checked = urls.check(url);
      if (checked instanceof UrlGuard.Bad bad) {
        return new Refused(
            bad.refusal(), (hops.isEmpty() ? "the address " : "the redirect ") + bad.why(), hops);
      }
      UrlGuard.Good good = (UrlGuard.Good) checked;
      if (previous != null && previous.secure() && !good.secure()) {
        return new Refused(Refusal.DOWNGRADE, "redirects from https to http", hops);
      }
      if (!request.schemes().contains(good.uri().getScheme())) {
        return new Refused(Refusal.SCHEME, "must be https", hops);
      }
      String address = good.uri().toString();
      if (!seen.add(address)) {
        return new Refused(Refusal.REDIRECT_LOOP, "redirects in a circle", hops);
      }
      first = first == null ? good : first;
      OutboundResult result = once(request, url, good, first, exchange, List.copyOf(hops));
      if (!(result instanceof Response response)
          || !REDIRECTS.contains(response.status())
          || request.method().equals("POST")
          || request.maxRedirects() == 0
          || (request.holds() && response.header("retry-after").isPresent())) {
        return result;
      }
      String target = target(good.uri(), response.header("location").orElse(""));
      if (target == null) {
        return new Refused(Refusal.BAD_REDIRECT, "redirects to nowhere", hops);
      }
      if (hops.size() == request.maxRedirects()) {
        return new Refused(
            Refusal.TOO_MANY_REDIRECTS,
            "redirects more than " + request.maxRedirects() + " times",
            hops);
      }
      hops.add(
          new Hop(response.status(), address, target, response.header("retry-after").orElse(null)));
      previous = good;
      url = target;
    }
  }

  /** Null when there is no target. Its spelling is judged by the guard, like any other. */
  private static String target(URI base, String location) {
    String wanted = location.strip();
    int fragment = wanted.indexOf('#');
    wanted = fragment < 0 ? wanted : wanted.substring(0, fragment);
    if (wanted.isEmpty()) {
      return null;
    }
    // java.net.URI follows the older standard here and would drop the last path segment.
    if (wanted.startsWith("?")) {
      return base.getScheme() + "://" + base.getRawAuthority() + base.getRawPath() + wanted;
    }
    try {
      return base.resolve(wanted).toString();
    } catch (IllegalArgumentException e) {
      return wanted.contains("://") ? wanted : null;
    }
  }

  private OutboundResult once(
      OutboundRequest request,
      String url,
      UrlGuard.Good good,
      UrlGuard.Good first,
      Exchange exchange,
      List<Hop> hops) {
    HttpUriRequestBase message = new HttpUriRequestBase(request.method(), good.uri());
    message.setHeader("Accept-Encoding", request.answer() == 0 ? "gzip, deflate, br" : "identity");
    boolean sameOrigin = good.origin().equals(first.origin());
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (sameOrigin || !name.equalsIgnoreCase("authorization")) {
                message.setHeader(name, value);
              }
            });
    OutboundRequest.Only only = request.only();
    if (only != null && (only.url().equals(url) || only.url().equals(good.uri().toString()))) {
      only.headers().forEach(message::setHeader);
    }
    if (request.body() != null) {
      message.setEntity(new ByteArrayEntity(request.body(), null));
    }
    if (!exchange.begin(message)) {
      return exchange.stopped(hops);
    }
    URI uri = good.uri();
    HttpHost host = new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort());
    HttpClientContext context = HttpClientContext.create();
    try {
      ClassicHttpResponse response = http.executeOpen(host, message, context);
      try {
        return read(response, good, hops, request, address(context));
      } finally {
        // Cancelled before it is closed: closing alone would read the rest of the body, however
        // long it is.
        message.cancel();
        Closer.closeQuietly(response);
      }
    } catch (BodyReader.RefusedBody e) {
      return new Refused(e.refusal(), "the body " + e.getMessage(), hops);
    } catch (CheckingResolver.RefusedAddress e) {
      return new Refused(Refusal.ADDRESS, e.getMessage(), hops);
    } catch (IOException e) {
      Failed failed = exchange.isStopped() ? exchange.stopped(hops) : failed(e, hops);
      return new Failed(failed.reason(), failed.detail(), hops, address(context));
    } catch (RuntimeException e) {
      // The library reports a connection that was cancelled under it in more than one way.
      if (exchange.isStopped()) {
        return exchange.stopped(hops);
      }
      return new Failed(Failure.IO, "failed: " + e.getClass().getSimpleName(), hops);
    }
  }

  /** Null as long as there is no connection. */
  private static String address(HttpClientContext context) {
    EndpointDetails endpoint = context.getEndpointDetails();
    return endpoint != null && endpoint.getRemoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : null;
  }

  private Response read(
      ClassicHttpResponse response,
      UrlGuard.Good good,
      List<Hop> hops,
      OutboundRequest request,
      String address)
      throws IOException {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      headers
          .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.getValue() == null ? "" : header.getValue());
    }
    byte[] body = new byte[0];
    long received = 0;
    boolean redirect = REDIRECTS.contains(response.getCode()) && request.maxRedirects() > 0;
    if (response.getEntity() != null && request.answer() > 0) {
      body = BodyReader.beginning(response.getEntity().getContent(), request.answer());
      received = body.length;
    } else if (response.getEntity() != null && !redirect) {
      if (response.getEntity().getContentLength() > settings.maxBytes()) {
        throw new BodyReader.RefusedBody(
            Refusal.TOO_LARGE, "is longer than " + settings.maxBytes() + " bytes");
      }
      Header encoding = response.getFirstHeader("Content-Encoding");
      // Not closed here, for the reason given where the message is cancelled.
      InputStream in = response.getEntity().getContent();
      BodyReader.Body read = bodies.read(in, encoding == null ? null : encoding.getValue());
      body = read.bytes();
      received = read.received();
    }
    return new Response(
        response.getCode(), good.uri().toString(), headers, body, received, hops, address);
  }

  private static Failed failed(IOException e, List<Hop> hops) {
    if (e instanceof UnknownHostException) {
      return new Failed(Failure.UNKNOWN_HOST, "the host name does not resolve", hops);
    }
    if (e instanceof SSLException) {
      return new Failed(Failure.TLS, "no trusted TLS connection", hops);
    }
    if (e instanceof ConnectTimeoutException
        || e instanceof ConnectException
        || e instanceof NoRouteToHostException) {
      return new Failed(Failure.CONNECT, "cannot connect", hops);
    }
    if (e instanceof SocketTimeoutException) {
      return new Failed(Failure.SILENCE, "the server fell silent", hops);
    }
    if (e instanceof BodyReader.BrokenEncoding) {
      return new Failed(Failure.BROKEN_ENCODING, "the packed body is damaged", hops);
    }
    if (e instanceof NoHttpResponseException
        || e instanceof ConnectionClosedException
        || e instanceof TruncatedChunkException
        || e instanceof MalformedChunkCodingException
        || e instanceof MessageConstraintException
        || e.getCause() instanceof HttpException) {
      return new Failed(Failure.BROKEN_ANSWER, "the answer is cut short or no HTTP", hops);
    }
    if (e instanceof InterruptedIOException) {
      return new Failed(Failure.CANCELLED, "was withdrawn", hops);
    }
    return new Failed(Failure.IO, "the connection broke", hops);
  }

  /** One request with its redirects, which can be stopped from outside. */
  private static final class Exchange {

    private final String url;
    private final AtomicReference<Failure> stopped = new AtomicReference<>();
    private volatile HttpUriRequestBase current;

    Exchange(String url) {
      this.url = url;
    }

    /** False when the exchange was stopped already. */
    boolean begin(HttpUriRequestBase message) {
      current = message;
      return stopped.get() == null;
    }

    void stop(Failure why) {
      stopped.compareAndSet(null, why);
      HttpUriRequestBase message = current;
      if (message != null) {
        message.cancel();
      }
    }

    boolean isStopped() {
      return stopped.get() != null;
    }

    Failed stopped(List<Hop> hops) {
      Failure why = stopped.get();
      return new Failed(
          why, why == Failure.DEADLINE ? "took longer than allowed" : "was withdrawn", hops);
    }
  }
}
