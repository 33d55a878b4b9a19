package dev.pactwatch.notify.delivery;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SecretBox;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.SubscriptionBench;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Measures the notifier as a whole, from the topic to receivers on this machine, with the database
 * and the broker that a user has who gives none.
 */
public final class DeliveryBench {

  private static final int ENDPOINTS = 100;
  private static final int GROUPS = 10;

  private static final int ALERTS_PER_SECOND = 10;

  private static final int DELETIONS = 5;

  /** The first seconds are those of a cold process. */
  private static final Duration WARM = Duration.ofSeconds(30);

  private static final int BROAD = 8;
  private static final int WORKERS = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String SECRET = "whsec_c2VjcmV0LW9mLXRoZS1iZW5jaC1vZi1kZWxpdmVyaWVz";

  /**
   * @param perSecond deliveries through topic, outbox and channel
   * @param barePerSecond the same bytes by a bare client
   */
  public record Rate(double perSecond, double barePerSecond) {}

  /**
   * @param wellMillis 99th percentile from the topic to 97 receivers while all 100 were well
   * @param disturbedMillis the same, for as long, while the other three were not
   */
  public record Result(Rate rate, double wellMillis, double disturbedMillis) {}

  private enum Mood {
    WELL,
    DRIPS,
    NEVER_ANSWERS,
    UNAVAILABLE
  }

  private final Map<String, Mood> moods = new ConcurrentHashMap<>();

  /** When messages first arrived, by key. */
  private final Map<String, Long> arrived = new ConcurrentHashMap<>();

  private final CountDownLatch closed = new CountDownLatch(1);

  private DeliveryBench() {}

  /**
   * @param watched how long receivers are watched, all well and then three not
   * @param deliveries that the rate is taken of
   */
  public static Result run(PrintStream out, Duration watched, int deliveries)
      throws IOException, InterruptedException {
    Rate rate = rate(out, deliveries);
    out.printf(
        Locale.ROOT,
        "%d receivers, %d alerts/s to %d of them each%n",
        ENDPOINTS,
        ALERTS_PER_SECOND,
        ENDPOINTS / GROUPS);
    // For as long and from an empty database each: a machine, and what it keeps, changes by itself.
    double well = p99(out, "all well", watched, Map.of());
    double ill =
        p99(
            out,
            "three of them ill",
            watched,
            Map.of("s0", Mood.DRIPS, "s1", Mood.NEVER_ANSWERS, "s2", Mood.UNAVAILABLE));
    out.printf(Locale.ROOT, "  %.2f times as long to the others%n", ill / well);
    return new Result(rate, well, ill);
  }

  /**
   * The rate alone; about half a minute.
   *
   * @param deliveries that it is taken of
   */
  public static Rate rate(PrintStream out, int deliveries)
      throws IOException, InterruptedException {
    DeliveryBench bench = new DeliveryBench();
    Rate rate =
        bench.on(
            (folder, kafka, url, threads) ->
                new Rate(
                    notifying(
                        folder.resolve("broad"),
                        kafka,
                        subscriptions(url, BROAD, 1),
                        producer -> bench.rate(producer, deliveries / BROAD)),
                    bench.bare(url, deliveries, threads)));
    out.printf(
        Locale.ROOT,
        "%,d signed webhooks, %d at a time, from the topic over the outbox%n"
            + "  notifier  %,10.0f deliveries/s%n"
            + "  bare      %,10.0f deliveries/s (yardstick: a plain HTTP client, same bytes and"
            + " receiver), notifier is %.0f %%%n",
        deliveries,
        WORKERS,
        rate.perSecond(),
        rate.barePerSecond(),
        100 * rate.perSecond() / rate.barePerSecond());
    return rate;
  }

  /** What is measured with a broker and receivers. */
  private interface Measurement<T> {
    T with(Path folder, KafkaClients kafka, String url, ExecutorService threads)
        throws IOException, InterruptedException;
  }

  private <T> T on(Measurement<T> measurement) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("pactwatch-bench");
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.setExecutor(threads);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
      KafkaClients kafka = new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
      return measurement.with(folder, kafka, url, threads);
    } finally {
      closed.countDown();
      server.stop(0);
      threads.shutdownNow();
      delete(folder);
    }
  }

  private static double p99(PrintStream out, String name, Duration watched, Map<String, Mood> moods)
      throws IOException, InterruptedException {
    DeliveryBench bench = new DeliveryBench();
    double[] millis =
        bench.on(
            (folder, kafka, url, threads) ->
                notifying(
                    folder.resolve("many"),
                    kafka,
                    subscriptions(url, ENDPOINTS, GROUPS),
                    producer -> bench.watch(producer, watched, moods)));
    double p99 = p99(millis);
    out.printf(
        Locale.ROOT,
        "  %-18s %,4d s  p99 %,8.1f ms from topic to receiver, %.1f in the first half and %.1f in"
            + " the second%n",
        name,
        watched.toSeconds(),
        p99,
        p99(Arrays.copyOfRange(millis, 0, millis.length / 2)),
        p99(Arrays.copyOfRange(millis, millis.length / 2, millis.length)));
    return p99;
  }

  /** How long every alert took to those who are well, in order. */
  private double[] watch(Publisher publisher, Duration watched, Map<String, Mood> ill)
      throws InterruptedException {
    millis(publisher, "warm", WARM);
    moods.putAll(ill);
    double[] millis = millis(publisher, "watched", watched);
    moods.clear();
    closed.countDown();
    return millis;
  }

  /** Work that is given a way to publish. */
  private interface Work<T> {
    T with(Publisher publisher) throws InterruptedException;
  }

  /** Puts an alert into the topic. */
  private interface Publisher {
    void publish(Alert alert);
  }

  private static <T> T notifying(
      Path folder, KafkaClients kafka, String subscriptions, Work<T> work)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path file = folder.resolve("subscriptions.yaml");
    Files.writeString(file, subscriptions);
    Topics topics = new Topics(folder.getFileName() + ".", 4, (short) 1);
    try (Admin admin = kafka.admin()) {
      TopicAdmin.create(admin, topics.all());
    }
    InstantSource clock = InstantSource.system();
    SecretBox box = SecretBox.ofFile(folder.resolve("key"));
    OutboundClient http =
        new OutboundClient(OutboundSettings.defaults("bench", null, List.of("127.0.0.1")));
    try (NotifyDatabase database = NotifyDatabase.open(DatabaseSettings.embedded(folder));
        Channels channels =
            new Channels(
                http,
                Optional.empty(),
                null,
                kafka,
                topics,
                Templates.shipped(),
                System.out,
                clock);
        Rendering rendering = new Rendering(channels, new ReaderLinks(null, box));
        Notifier notifier =
            Notifier.start(
                database,
                new Catalogue(database, box, file, () -> KnownIds.UNCHECKED, name -> SECRET, clock),
                rendering,
                kafka,
                topics,
                new Notifier.Options("bench", WORKERS, Duration.ofMinutes(1), Duration.ofDays(90)),
                clock);
        KafkaProducer<String, byte[]> producer = kafka.producer()) {
      while (!notifier.status().joined()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      return work.with(
          alert -> {
            var unused =
                producer.send(new ProducerRecord<>(topics.alerts(), alert.id(), Json.bytes(alert)));
          });
    } finally {
      http.close();
    }
  }

  /**
   * @param groups of receivers; each alert is wanted by those of one
   */
  private static String subscriptions(String url, int receivers, int groups) {
    StringBuilder text = new StringBuilder("subscriptions:\n");
    for (int i = 0; i < receivers; i++) {
      text.append("  - id: s" + i + "\n    channel: webhook\n    url: " + url + "s" + i + "\n");
      text.append("    secrets: [{env: SECRET}]\n    organisations: g" + i % groups + "\n");
    }
    return text.toString();
  }

  /** Deliveries per second, of so many alerts that every receiver wants. */
  private double rate(Publisher publisher, int alerts) throws InterruptedException {
    for (int i = 0; i < alerts / 10; i++) {
      publisher.publish(SubscriptionBench.sample("warm-" + i, "g0"));
    }
    await(alerts / 10 * BROAD);
    arrived.clear();
    long start = System.nanoTime();
    for (int i = 0; i < alerts; i++) {
      publisher.publish(SubscriptionBench.sample("a-" + i, "g0"));
    }
    await(alerts * BROAD);
    return alerts * BROAD * 1e9 / (System.nanoTime() - start);
  }

  /** Milliseconds from the topic to the receivers that are well. */
  private double[] millis(Publisher publisher, String name, Duration watched)
      throws InterruptedException {
    Set<String> ill = Set.of("s0", "s1", "s2");
    Map<String, Long> published = new ConcurrentHashMap<>();
    int alerts = (int) watched.toSeconds() * ALERTS_PER_SECOND;
    for (int i = 0; i < alerts; i++) {
      String id = name + "-" + i;
      published.put(id, System.nanoTime());
      publisher.publish(SubscriptionBench.sample(id, "g" + i % GROUPS));
      TimeUnit.MILLISECONDS.sleep(1_000 / ALERTS_PER_SECOND);
    }
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < alerts; i++) {
      for (int one = i % GROUPS; one < ENDPOINTS; one += GROUPS) {
        if (!ill.contains("s" + one)) {
          keys.add(name + "-" + i + "-r1-s" + one);
        }
      }
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!arrived.keySet().containsAll(keys)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not everything has arrived");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return keys.stream()
        .mapToDouble(
            key -> (arrived.get(key) - published.get(key.substring(0, key.indexOf("-r1-")))) / 1e6)
        .toArray();
  }

  private static double p99(double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
  }

  private void await(int messages) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (arrived.size() < messages) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "only " + arrived.size() + " of " + messages + " messages have arrived");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** As many requests at a time as the notifier makes, and as large. */
  private double bare(String url, int requests, ExecutorService threads)
      throws InterruptedException {
    byte[] body = Json.bytes(SubscriptionBench.sample("a-1", "g0"));
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "bare"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    double best = 0;
    for (int round = 0; round < 2; round++) {
      AtomicInteger left = new AtomicInteger(requests);
      long start = System.nanoTime();
      Callable<Void> sender =
          () -> {
            while (left.getAndDecrement() > 0) {
              var unused = client.send(request, HttpResponse.BodyHandlers.discarding());
            }
            return null;
          };
      var unused = threads.invokeAll(Stream.generate(() -> sender).limit(WORKERS).toList());
      best = Math.max(best, requests * 1e9 / (System.nanoTime() - start));
    }
    return best;
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = exchange.getRequestHeaders().getFirst("webhook-id");
      exchange.getRequestBody().readAllBytes();
      if (key != null) {
        arrived.putIfAbsent(key, System.nanoTime());
      }
      switch (moods.getOrDefault(exchange.getRequestURI().getPath().substring(1), Mood.WELL)) {
        case WELL -> exchange.sendResponseHeaders(204, -1);
        case UNAVAILABLE -> exchange.sendResponseHeaders(503, -1);
        case NEVER_ANSWERS -> {
          var unused = closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        case DRIPS -> {
          exchange.sendResponseHeaders(200, 1_000);
          try (OutputStream body = exchange.getResponseBody()) {
            while (!closed.await(1, TimeUnit.SECONDS)) {
              body.write('.');
              body.flush();
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What has just been closed may still write a last file. */
  private static void delete(Path folder) throws IOException {
    for (int left = DELETIONS; left > 0; left--) {
      try {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        return;
      } catch (IOException e) {
        if (left == 1) {
          throw e;
        }
      }
    }
  }
}
