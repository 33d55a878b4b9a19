package dev.pactwatch.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Hop;
import dev.pactwatch.http.OutboundResult.Refused;
import dev.pactwatch.http.OutboundResult.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundClientTest {

  private static final OutboundSettings LOCAL =
      OutboundSettings.defaults("9.9", "https://example.org/bot", List.of("127.0.0.1"));
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private RawServer server(RawServer.Handler handler) {
    return kept(new RawServer(handler));
  }

  private OutboundClient client(OutboundSettings settings) {
    return kept(new OutboundClient(settings));
  }

  private <T extends AutoCloseable> T kept(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private static OutboundResult get(OutboundClient client, String url) {
    return client.send(OutboundRequest.get(url, Map.of()));
  }

  @Test
  void aRequestSaysWhoAsksAndCarriesNothingElse() {
    RawServer server =
        server((request, out) -> RawServer.respond(out, "200 OK", "Set-Cookie: a=b\r\n", "x"));
    OutboundClient client = client(LOCAL);

    get(client, server.url("/1"));
    get(client, server.url("/2"));

    RawServer.Request second = server.requests().get(1);
    assertThat(second.header("user-agent")).contains("Pactwatch/9.9 (+https://example.org/bot)");
    assertThat(second.header("host")).contains("127.0.0.1:" + server.port());
    assertThat(second.header("accept-encoding")).contains("gzip, deflate, br");
    assertThat(second.header("cookie")).isEmpty();
    assertThat(second.header("referer")).isEmpty();
    assertThat(second.header("cache-control")).isEmpty();
  }

  @Test
  void headersGoOutAndComeBackByteForByte() {
    String etag = "W/\"caf\u00e9  \u00ff;,x\"";
    RawServer server =
        server((request, out) -> RawServer.respond(out, "200 OK", "ETag: " + etag + "\r\n", ""));
    OutboundClient client = client(LOCAL);

    Response first = (Response) get(client, server.url("/"));
    client.send(
        OutboundRequest.get(
            server.url("/"), Map.of("If-None-Match", first.header("etag").orElseThrow())));

    assertThat(first.header("ETag")).contains(etag);
    assertThat(server.requests().get(1).header("if-none-match")).contains(etag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate", "raw-deflate", "br", "identity"})
  void packedBodiesAreUnpacked(String encoding) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    switch (encoding) {
      case "gzip", "x-gzip" -> write(new GZIPOutputStream(packed), "hello");
      case "deflate" -> write(new DeflaterOutputStream(packed), "hello");
      case "raw-deflate" -> write(new DeflaterOutputStream(packed, new Deflater(9, true)), "hello");
      case "br" -> packed.write(HexFormat.of().parseHex("0b028068656c6c6f03"));
      default -> packed.write("hello".getBytes(UTF_8));
    }
    String header = "Content-Encoding: " + encoding.replace("raw-", "") + "\r\n";
    RawServer server =
        server((request, out) -> RawServer.respond(out, "200 OK", header, packed.toByteArray()));

    Response response = (Response) get(client(LOCAL), server.url("/"));

    assertThat(new String(response.body(), UTF_8)).isEqualTo("hello");
    assertThat(response.received()).isEqualTo(packed.size());
  }

  private static void write(OutputStream out, String text) throws IOException {
    try (out) {
      out.write(text.getBytes(UTF_8));
    }
  }

  @Test
  void aBombIsRefusedLongBeforeItHasGoneOff() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 64; i++) {
        out.write(new byte[1024 * 1024]);
      }
    }
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(
                    out, "200 OK", "Content-Encoding: gzip\r\n", packed.toByteArray()));

    OutboundResult result = get(client(LOCAL), server.url("/"));

    assertThat(((Refused) result).reason()).isEqualTo(Refusal.BOMB);
  }

  @ParameterizedTest
  @CsvSource({"zstd, ENCODING", "'gzip, gzip', ENCODING", "compress, ENCODING"})
  void anEncodingThatWasNotAskedForIsRefused(String encoding, Refusal reason) {
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(out, "200 OK", "Content-Encoding: " + encoding + "\r\n", "abc"));

    assertThat(((Refused) get(client(LOCAL), server.url("/"))).reason()).isEqualTo(reason);
  }

  @Test
  void aDamagedArchiveIsAFailureOfTheServer() {
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(out, "200 OK", "Content-Encoding: gzip\r\n", "no archive"));

    assertThat(((Failed) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Failure.BROKEN_ENCODING);
  }

  @Test
  void aDeclaredLengthOverTheCapIsRefusedUnread() {
    RawServer server =
        server(
            (request, out) ->
                out.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n".getBytes(ISO_8859_1)));

    assertThat(((Refused) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Refusal.TOO_LARGE);
  }

  @Test
  void anEndlessBodyIsCutAtTheCap() {
    AtomicInteger chunks = new AtomicInteger();
    RawServer server =
        server(
            (request, out) -> {
              out.write(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
              byte[] chunk = new byte[65536];
              while (chunks.incrementAndGet() < 100_000) {
                out.write("10000\r\n".getBytes(ISO_8859_1));
                out.write(chunk);
                out.write("\r\n".getBytes(ISO_8859_1));
              }
            });

    assertThat(((Refused) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Refusal.TOO_LARGE);
    assertThat(chunks.get()).isLessThan(2_000);
  }

  @Test
  void aBodyShorterThanDeclaredIsABrokenAnswer() {
    RawServer server =
        server(
            (request, out) ->
                out.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".getBytes(ISO_8859_1)));

    assertThat(((Failed) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Failure.BROKEN_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void anAnswerThatIsNoHttpIsAValueToo(String bytes) {
    RawServer server = server((request, out) -> out.write(bytes.getBytes(ISO_8859_1)));

    assertThat(((Failed) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Failure.BROKEN_ANSWER);
  }

  @Test
  void headersWithoutEndAreABrokenAnswer() {
    RawServer server =
        server(
            (request, out) -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
              for (int i = 0; i < 100_000; i++) {
                out.write(("X-" + i + ": y\r\n").getBytes(ISO_8859_1));
              }
            });

    assertThat(((Failed) get(client(LOCAL), server.url("/"))).reason())
        .isEqualTo(Failure.BROKEN_ANSWER);
  }

  @Test
  void aSilentServerIsGivenUpAfterTheSilence() {
    RawServer server = server((request, out) -> TimeUnit.MINUTES.sleep(5));
    OutboundClient client =
        client(LOCAL.withDeadlines(SECOND, Duration.ofMillis(300), Duration.ofSeconds(20)));

    long start = System.nanoTime();
    OutboundResult result = get(client, server.url("/"));

    assertThat(((Failed) result).reason()).isEqualTo(Failure.SILENCE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "body"})
  void aServerThatDripsIsGivenUpAtTheDeadline(String part) {
    RawServer server =
        server(
            (request, out) -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
              if (part.equals("body")) {
                out.write("Content-Length: 100000\r\n\r\n".getBytes(ISO_8859_1));
              }
              for (int i = 0; i < 100_000; i++) {
                out.write('x');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(50);
              }
            });
    OutboundClient client =
        client(LOCAL.withDeadlines(SECOND, Duration.ofSeconds(5), Duration.ofMillis(700)));

    long start = System.nanoTime();
    OutboundResult result = get(client, server.url("/"));

    assertThat(((Failed) result).reason()).isEqualTo(Failure.DEADLINE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void redirectsAreFollowedAndReported() {
    RawServer server =
        server(
            (request, out) -> {
              switch (request.path()) {
                case "/a/old?x=1" ->
                    RawServer.respond(out, "301 Moved", "Location: ../b/new\r\n", "");
                case "/b/new" -> RawServer.respond(out, "302 Found", "Location: ?page=2\r\n", "");
                default -> RawServer.respond(out, "200 OK", "", request.path());
              }
            });

    Response response = (Response) get(client(LOCAL), server.url("/a/old?x=1"));

    assertThat(new String(response.body(), UTF_8)).isEqualTo("/b/new?page=2");
    assertThat(response.url()).isEqualTo(server.url("/b/new?page=2"));
    assertThat(response.hops())
        .containsExactly(
            new Hop(301, server.url("/a/old?x=1"), server.url("/b/new"), null),
            new Hop(302, server.url("/b/new"), server.url("/b/new?page=2"), null));
  }

  @Test
  void validatorsAreShownOnlyToTheAddressThatIssuedThem() {
    RawServer server =
        server(
            (request, out) -> {
              if (request.path().equals("/old")) {
                RawServer.respond(out, "302 Found", "Location: /new\r\n", "");
              } else {
                RawServer.respond(out, "200 OK", "", "");
              }
            });

    client(LOCAL)
        .send(
            OutboundRequest.get(server.url("/old"), Map.of("X-All", "1"))
                .with(new OutboundRequest.Only(server.url("/new"), Map.of("If-None-Match", "e"))));

    assertThat(server.requests().get(0).header("if-none-match")).isEmpty();
    assertThat(server.requests().get(0).header("x-all")).contains("1");
    assertThat(server.requests().get(1).header("if-none-match")).contains("e");
    assertThat(server.requests().get(1).header("x-all")).contains("1");
  }

  @Test
  void aThousandRedirectsCostSixRequests() {
    AtomicInteger count = new AtomicInteger();
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(
                    out, "302 Found", "Location: /" + count.incrementAndGet() + "\r\n", ""));

    OutboundResult result = get(client(LOCAL), server.url("/"));

    assertThat(((Refused) result).reason()).isEqualTo(Refusal.TOO_MANY_REDIRECTS);
    assertThat(server.requests()).hasSize(6);
  }

  @Test
  void aCircleOfRedirectsEndsAtItsSecondRound() {
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(
                    out,
                    "301 Moved",
                    "Location: " + (request.path().equals("/a") ? "/b" : "/a") + "\r\n",
                    ""));

    OutboundResult result = get(client(LOCAL), server.url("/a"));

    assertThat(((Refused) result).reason()).isEqualTo(Refusal.REDIRECT_LOOP);
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data, ADDRESS",
    "http://[::1]/, ADDRESS",
    "http://10.0.0.1/, ADDRESS",
    "//127.0.0.2/, ADDRESS",
    "http://2130706433/, SPELLING",
    "http://0x7f.1/, SPELLING",
    "http://a@127.0.0.1/, SPELLING",
    "file:///etc/passwd, SCHEME",
    "http://127.0.0.2:22/, PORT",
    "'', BAD_REDIRECT",
    "#top, BAD_REDIRECT"
  })
  void aRedirectMayNotLeadToWhereARequestMayNot(String target, Refusal reason) {
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(out, "302 Found", "Location: " + target + "\r\n", ""));

    OutboundResult result = get(client(LOCAL), server.url("/"));

    assertThat(((Refused) result).reason()).isEqualTo(reason);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aWebhookFollowsNoRedirectAndSendsItsBody() {
    RawServer server =
        server(
            (request, out) ->
                RawServer.respond(out, "307 Temporary", "Location: /elsewhere\r\n", ""));

    OutboundResult result =
        client(LOCAL)
            .send(
                OutboundRequest.post(
                    server.url("/"),
                    Map.of("Content-Type", "application/json"),
                    "{}".getBytes(UTF_8)));

    assertThat(((Response) result).status()).isEqualTo(307);
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).header("content-length")).contains("2");
    assertThat(server.requests().get(0).header("content-type")).contains("application/json");
  }

  @Test
  void aNameIsCheckedWhenItIsDialledAndNotOnlyBefore() {
    RawServer server = server((request, out) -> RawServer.respond(out, "200 OK", "", "inner"));
    AtomicInteger asked = new AtomicInteger();
    OutboundClient client =
        kept(
            new OutboundClient(
                new OutboundSettings(
                    "9.9",
                    "",
                    List.of(),
                    java.util.Set.of(server.port()),
                    SECOND,
                    SECOND,
                    Duration.ofSeconds(5),
                    1000,
                    100),
                null,
                host -> {
                  asked.incrementAndGet();
                  return new InetAddress[] {
                    InetAddress.getByName("8.8.8.8"), InetAddress.getByName("127.0.0.1")
                  };
                }));

    OutboundResult result = get(client, "http://rebound.example:" + server.port() + "/");

    assertThat(((Refused) result).reason()).isEqualTo(Refusal.ADDRESS);
    assertThat(asked).hasValue(1);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aResolverThatHangsCostsOneTimeout() {
    CountDownLatch never = new CountDownLatch(1);
    OutboundClient client =
        kept(
            new OutboundClient(
                LOCAL.withDeadlines(Duration.ofMillis(200), SECOND, Duration.ofSeconds(20)),
                null,
                host -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return new InetAddress[0];
                }));

    assertThat(((Failed) get(client, "http://slow.example/")).reason())
        .isEqualTo(Failure.UNKNOWN_HOST);
  }

  @Test
  void nobodyListeningIsAFailureToConnect() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }

    assertThat(((Failed) get(client(LOCAL), "http://127.0.0.1:" + port + "/")).reason())
        .isEqualTo(Failure.CONNECT);
  }

  @Test
  void closingEndsWhatIsRunning() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RawServer server =
        server(
            (request, out) -> {
              asked.countDown();
              TimeUnit.MINUTES.sleep(5);
            });
    OutboundClient client = client(LOCAL);
    CompletableFuture<OutboundResult> running =
        CompletableFuture.supplyAsync(() -> get(client, server.url("/")));
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(((Failed) running.get(10, TimeUnit.SECONDS)).reason()).isEqualTo(Failure.CANCELLED);
    assertThat(((Failed) get(client, server.url("/"))).reason()).isEqualTo(Failure.CANCELLED);
  }

  @Test
  void certificatesAreVerifiedAndHttpsNeverLeadsBackToHttp(@TempDir Path dir) throws Exception {
    KeyStore keys = selfSigned(dir);
    RawServer plain = server((request, out) -> RawServer.respond(out, "200 OK", "", "plain"));
    RawServer secure =
        kept(
            new RawServer(
                secureSocket(keys),
                (request, out) ->
                    RawServer.respond(
                        out,
                        request.path().equals("/down") ? "301 Moved" : "200 OK",
                        "Location: " + plain.url("/") + "\r\n",
                        "secret")));
    String base = "https://127.0.0.1:" + secure.port();
    OutboundClient trusting = kept(new OutboundClient(LOCAL, trusting(keys)));

    assertThat(((Failed) get(client(LOCAL), base + "/")).reason()).isEqualTo(Failure.TLS);
    assertThat(((Response) get(trusting, base + "/")).status()).isEqualTo(200);
    assertThat(((Refused) get(trusting, base + "/down")).reason()).isEqualTo(Refusal.DOWNGRADE);
    assertThat(plain.requests()).isEmpty();
  }

  @Test
  void aCertificateForAnotherHostIsRefusedThoughItsIssuerIsTrusted(@TempDir Path dir)
      throws Exception {
    KeyStore keys = selfSigned(dir);
    RawServer secure =
        kept(
            new RawServer(
                secureSocket(keys), (request, out) -> RawServer.respond(out, "200 OK", "", "")));
    OutboundClient client =
        kept(
            new OutboundClient(
                OutboundSettings.defaults("9.9", "", List.of("other.example")),
                trusting(keys),
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")}));

    assertThat(((Failed) get(client, "https://other.example:" + secure.port() + "/")).reason())
        .isEqualTo(Failure.TLS);
  }

  @Test
  void aRequestForHttpsAloneRefusesHttp() {
    OutboundResult result =
        client(LOCAL).send(OutboundRequest.get("http://127.0.0.1:1/", Map.of()).secureOnly());

    assertThat(((Refused) result).reason()).isEqualTo(Refusal.SCHEME);
  }

  private static KeyStore selfSigned(Path dir) throws Exception {
    Path file = dir.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=pactwatch-test",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static ServerSocket secureSocket(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("test", keys.getCertificate(keys.aliases().nextElement()));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
