package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static dev.pactwatch.ingest.Doubles.feed;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.http.LoopbackClients;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of bad server at once, among good ones. */
@Timeout(150)
class HostileServersTest {

  private static final int GOOD = 12;
  private static final int OF_EACH = 5;
  private static final int MAX_BYTES = 1024 * 1024;
  private static final Duration INTERVAL = Duration.ofSeconds(3);

  private static final List<String> BAD =
      List.of(
          "drip",
          "drip-head",
          "silent",
          "endless",
          "chunked",
          "bomb",
          "lying",
          "loop",
          "chain",
          "inward",
          "file",
          "garbage",
          "crash");

  /** Ways to write addresses of this machine and of networks behind it. */
  private static final List<String> INNER =
      List.of(
          "127.0.0.2",
          "127.1",
          "2130706433",
          "0x7f000001",
          "0177.0.0.1",
          "0.0.0.0",
          "[::1]",
          "[::]",
          "[::ffff:127.0.0.1]",
          "[::127.0.0.1]",
          "[64:ff9b::7f00:1]",
          "[2002:7f00:1::]",
          "[fe80::1]",
          "[fc00::1]",
          "10.0.0.1",
          "172.16.0.1",
          "192.168.0.1",
          "169.254.169.254",
          "100.64.0.1",
          "192.0.0.192",
          "198.18.0.1",
          "224.0.0.1",
          "240.0.0.1",
          "255.255.255.255",
          "rebound.test",
          "localhost",
          "127.0.0.1.",
          "user@good0.test",
          "good0.test\\@10.0.0.1");

  private final Map<String, List<Long>> visits = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
  private final Doubles.MemoryLog log = new Doubles.MemoryLog();

  private static byte[] bomb() {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] zeros = new byte[1024 * 1024];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static final byte[] BOMB = bomb();

  private void serve(RawServer.Request request, OutputStream out)
      throws IOException, InterruptedException {
    String host = request.header("host").orElseThrow().replaceFirst(":\\d+$", "");
    visits.computeIfAbsent(host, name -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
    switch (host.replaceFirst("\\d*\\.test$", "")) {
      case "drip" -> {
        out.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".getBytes(ISO_8859_1));
        drip(out);
      }
      case "drip-head" -> drip(out);
      case "silent" -> TimeUnit.MINUTES.sleep(5);
      case "endless" -> {
        out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        flood(host, out, new byte[8192]);
      }
      case "chunked" -> {
        out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
        flood(host, out, ("1000\r\n" + " ".repeat(4096) + "\r\n").getBytes(ISO_8859_1));
      }
      case "bomb" -> respond(out, "200 OK", "Content-Encoding: gzip\r\n", BOMB);
      case "lying" ->
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n".getBytes(ISO_8859_1));
      case "loop" -> respond(out, "302 Found", "Location: " + request.path() + "\r\n", "");
      case "chain" -> respond(out, "302 Found", "Location: " + request.path() + "x\r\n", "");
      case "inward" -> respond(out, "302 Found", "Location: http://169.254.169.254/\r\n", "");
      case "file" -> respond(out, "302 Found", "Location: file:///etc/passwd\r\n", "");
      case "garbage" -> out.write("\u0000\u0001\u0002 no http".getBytes(ISO_8859_1));
      case "crash" -> respond(out, "200 OK", "", feed("1|crash"));
      default -> respond(out, "200 OK", "", feed(System.nanoTime() + "|news", "1|old"));
    }
  }

  private static void drip(OutputStream out) throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      out.write('H');
      out.flush();
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  private void flood(String host, OutputStream out, byte[] block) throws IOException {
    AtomicLong bytes = sent.computeIfAbsent(host, name -> new AtomicLong());
    bytes.set(0);
    while (true) {
      out.write(block);
      bytes.addAndGet(block.length);
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void goodFeedsArePolledOnTimeWhateverTheOthersDoAndNothingInsideIsReached() {
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < GOOD; i++) {
      hosts.add("good" + i + ".test");
    }
    for (int i = 0; i < OF_EACH; i++) {
      for (String bad : BAD) {
        hosts.add(bad + i + ".test");
      }
    }
    OutboundSettings limits =
        new OutboundSettings(
            "0",
            "",
            List.of(),
            Set.of(80),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            MAX_BYTES,
            100);
    long before = usedHeap();
    try (RawServer server = new RawServer(this::serve);
        OutboundClient http = LoopbackClients.of(limits, hosts)) {
      List<FeedEntry> list = new ArrayList<>();
      List<String> inner = new ArrayList<>();
      for (String host : hosts) {
        list.add(entry("http://" + host + ":" + server.port() + "/"));
      }
      for (String host : INNER) {
        inner.add("http://" + host + "/");
        inner.add("http://" + host + ":" + server.port() + "/");
      }
      inner.forEach(url -> list.add(entry(url)));
      IngestSettings settings =
          IngestSettings.defaults().withPauses(INTERVAL, INTERVAL, Duration.ZERO);
      Poller poller =
          Poller.create(
              () -> list, http, new Doubles.LineReader(), log, settings, Clock.systemUTC());
      poller.start();
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> poller.counters().snapshot().size() == list.size());

      long from = System.nanoTime();
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> System.nanoTime() - from > INTERVAL.multipliedBy(7).toNanos());
      long until = System.nanoTime();
      Map<String, IngestCounters.Feed> counted = poller.counters().snapshot();
      Map<String, FeedState> states = poller.states();
      assertThat(poller.status()).isEqualTo(Poller.Status.RUNNING);
      poller.stop(Duration.ofSeconds(2));

      for (int i = 0; i < GOOD; i++) {
        assertThat(longestGap("good" + i + ".test", from, until))
            .as("good" + i)
            .isLessThan(INTERVAL.multipliedBy(2));
      }
      for (String host : hosts.subList(GOOD, hosts.size())) {
        String url = "http://" + host + ":" + server.port() + "/";
        assertThat(counted.get(url).outcomes().keySet()).as(host).containsExactly("failed");
        assertThat(states.get(url).failures()).as(host).isPositive();
      }
      for (String url : inner) {
        assertThat(counted.get(url).problems().keySet())
            .as(url)
            .allMatch(problem -> problem.startsWith("refused-"));
      }
      assertThat(visits.keySet()).isEqualTo(Set.copyOf(hosts));
      // What lies in the buffers of two sockets comes on top of what was read.
      sent.forEach(
          (host, bytes) -> assertThat(bytes.get()).as(host).isLessThan(MAX_BYTES + 8_000_000L));
      assertThat(usedHeap() - before).isLessThan(32L * 1024 * 1024);
    }
  }

  private static FeedEntry entry(String url) {
    return new FeedEntry(url, url, null, null, null);
  }

  private Duration longestGap(String host, long from, long until) {
    long last = from;
    long longest = 0;
    for (long visit : visits.get(host)) {
      if (visit > from && visit < until) {
        longest = Math.max(longest, visit - last);
        last = visit;
      }
    }
    return Duration.ofNanos(Math.max(longest, until - last));
  }
}
