package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.PackagedApp;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.web.StreamReader.Event;
import dev.pactwatch.web.StreamReader.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live stream of two packaged servers over one Kafka, while they are killed and stopped. */
@Timeout(240)
class LiveStreamIT {

  private static final long SEED = 20261123;
  private static final Topics TOPICS =
      new Topics(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, (short) 1);
  private static final int CLIENTS = 32;

  /** Each step of the producer waits for so many reconnects. */
  private static final int PER_STEP = 4;

  private static final int ALERTS = 40;
  private static final long BOUND = TimeUnit.SECONDS.toNanos(120);

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Semaphore reconnected = new Semaphore(0);
  private final AtomicInteger reconnects = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final List<String> committed = new ArrayList<>();
  private final int[] revisions = new int[ALERTS];
  private final int[] ports = new int[2];

  private volatile int total = Integer.MAX_VALUE;
  private Cluster cluster;

  /** Commits at once. */
  private KafkaProducer<String, byte[]> prompt;

  /** Commits late, or not at all: what others commit meanwhile lies behind it. */
  private KafkaProducer<String, byte[]> late;

  private List<String> open = List.of();
  private int openFor;
  private int written;

  @BeforeEach
  void start() {
    cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS);
    cluster.prepareTopics();
    prompt = cluster.clients().transactionalProducer("prompt");
    prompt.initTransactions();
    late = cluster.clients().transactionalProducer("late");
    late.initTransactions();
  }

  @AfterEach
  void stop() {
    prompt.close();
    late.close();
    cluster.close();
  }

  @Test
  void aThousandReconnectsAcrossServersThatDieAndReturnMissNothingAndRepeatNothing()
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<PackagedApp> apps = new ArrayList<>(List.of(launch(0), launch(0)));
    try {
      for (int i = 0; i < 2; i++) {
        ports[i] = apps.get(i).awaitReady().port();
      }
      List<Future<List<String>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Follower follower = new Follower(new Random(SEED + i));
        follower.begin();
        clients.add(threads.submit(follower::follow));
      }

      steps(70);
      // Sessions are short: these two say for certain that a stream is broken off, and how.
      try (StreamReader events = StreamReader.open(Kind.EVENTS, ports[0], null);
          StreamReader socket = StreamReader.open(Kind.SOCKET, ports[0], null)) {
        events.next();
        socket.next();
        apps.get(0).kill();
        assertBrokenOff(events);
        assertBrokenOff(socket);
        assertThat(socket.closeCode()).isZero();
      }
      steps(25);
      apps.set(0, launch(ports[0]));
      steps(25);
      apps.get(0).awaitReady();
      steps(50);
      try (StreamReader watcher = StreamReader.open(Kind.SOCKET, ports[1], null)) {
        assertThat(apps.get(1).stop()).as(apps.get(1).err()).isIn(0, 130, 143);
        assertBrokenOff(watcher);
        assertThat(watcher.closeCode()).isEqualTo(SocketWire.GOING_AWAY);
      }
      steps(25);
      apps.set(1, launch(ports[1]));
      apps.get(1).awaitReady();
      steps(70);
      closeLate(true);
      total = committed.size();

      assertThat(committed).doesNotHaveDuplicates().hasSizeGreaterThan(400);
      for (Future<List<String>> client : clients) {
        assertThat(client.get())
            .as("every revision once")
            .containsExactlyInAnyOrderElementsOf(committed);
      }
      assertThat(reconnects.get()).isGreaterThanOrEqualTo(1_000);
      System.getLogger("test")
          .log(
              System.Logger.Level.INFO,
              "{0} reconnects, {1} broken off, {2} revisions",
              reconnects,
              broken,
              total);
    } finally {
      threads.shutdownNow();
      for (PackagedApp app : apps) {
        app.close();
      }
    }
  }

  private static void assertBrokenOff(StreamReader reader) {
    assertThatThrownBy(
            () -> {
              while (true) {
                reader.next();
              }
            })
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
  }

  // ---- clients

  /** A client that reconnects for ever, now here, now there. */
  private final class Follower {

    private final Random random;
    private final List<String> seen = new ArrayList<>();
    private String place;
    private int server;

    Follower(Random random) {
      this.random = random;
    }

    /** Takes its place before there is anything to miss. */
    void begin() throws IOException {
      try (StreamReader reader = open()) {
        place = reader.next().id();
      }
    }

    List<String> follow() throws IOException {
      long until = System.nanoTime() + BOUND;
      while (seen.size() < total) {
        // Often before the first alert, often after having caught up.
        session(random.nextInt(random.nextBoolean() ? 3 : 40));
        assertThat(System.nanoTime())
            .as("%d of %d after the time is up", seen.size(), total)
            .isLessThan(until);
      }
      // Whatever was to come a second time would come now, at either server.
      session(20);
      session(20);
      return seen;
    }

    /**
     * @param patience alerts until it breaks off; a heartbeat counts for ten
     */
    private void session(int patience) throws IOException {
      Kind kind = random.nextBoolean() ? Kind.EVENTS : Kind.SOCKET;
      try (StreamReader reader = open(kind)) {
        reconnects.incrementAndGet();
        reconnected.release();
        try {
          int left = patience;
          do {
            left -= take(reader.next()) ? 1 : 10;
          } while (left > 0);
        } catch (SocketTimeoutException e) {
          // Heartbeats come all the time: one that falls silent was not broken off.
          throw e;
        } catch (IOException e) {
          broken.incrementAndGet();
        }
      }
    }

    private boolean take(Event event) {
      assertThat(event.event()).as("%s", event).isIn("alert", "heartbeat");
      if (event.isAlert()) {
        seen.add(event.data().path("id").asText() + "@" + event.data().path("revision").asInt());
      }
      place = event.id();
      return event.isAlert();
    }

    private StreamReader open() throws IOException {
      return open(random.nextBoolean() ? Kind.EVENTS : Kind.SOCKET);
    }

    /** At the other server than last time, or where there is one. */
    private StreamReader open(Kind kind) throws IOException {
      long until = System.nanoTime() + BOUND;
      while (true) {
        server = 1 - server;
        try {
          StreamReader reader = StreamReader.open(kind, ports[server], place);
          assertThat(reader.status()).isEqualTo(kind == Kind.EVENTS ? 200 : 101);
          return reader;
        } catch (IOException e) {
          // A server that dies between the connection and its answer breaks off, too.
          if (!(e instanceof ConnectException)) {
            broken.incrementAndGet();
          }
          if (System.nanoTime() > until) {
            throw e;
          }
        }
      }
    }
  }

  // ---- servers and alerts

  private PackagedApp launch(int port) throws IOException {
    Path data = Files.createTempDirectory(folder, "data");
    return PackagedApp.start(
        folder,
        data,
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Dkafka.bootstrap.servers=" + cluster.clients().bootstrapServers(),
            "-Dpactwatch.topics.replication=1",
            "-Dpactwatch.stream.heartbeat-millis=100"),
        "run",
        "--roles",
        "web",
        "--port",
        String.valueOf(port),
        "--data",
        data.toString(),
        "--config",
        Path.of("config").toAbsolutePath().toString());
  }

  /** Writes alerts as fast as clients reconnect. */
  private void steps(int count) throws Exception {
    reconnected.drainPermits();
    for (int i = 0; i < count; i++) {
      assertThat(reconnected.tryAcquire(PER_STEP, 60, TimeUnit.SECONDS))
          .as("clients reconnect")
          .isTrue();
      if (openFor > 0) {
        openFor--;
        if (openFor == 0) {
          closeLate(random.nextInt(3) > 0);
        }
      } else if (random.nextInt(4) == 0) {
        openLate();
      }
      List<Alert> alerts = new ArrayList<>();
      for (int k = random.nextInt(5); k >= 0; k--) {
        int which = random.nextInt(ALERTS);
        alerts.add(alert("alert-" + which, ++revisions[which]));
      }
      prompt.beginTransaction();
      write(prompt, alerts);
      prompt.commitTransaction();
      alerts.forEach(alert -> committed.add(key(alert)));
    }
  }

  private void openLate() throws Exception {
    List<Alert> alerts = new ArrayList<>();
    for (int k = random.nextInt(4); k >= 0; k--) {
      alerts.add(alert("late-" + ++written, 1));
    }
    late.beginTransaction();
    write(late, alerts);
    open = alerts.stream().map(LiveStreamIT::key).toList();
    openFor = 1 + random.nextInt(4);
  }

  private void closeLate(boolean commit) {
    if (open.isEmpty()) {
      return;
    }
    if (commit) {
      late.commitTransaction();
      committed.addAll(open);
    } else {
      late.abortTransaction();
    }
    open = List.of();
    openFor = 0;
  }

  private static Alert alert(String id, int revision) {
    return SampleAlerts.as(SampleAlerts.dispute(), id, revision, SampleAlerts.SEEN);
  }

  private static String key(Alert alert) {
    return alert.id() + "@" + alert.revision();
  }

  private static void write(KafkaProducer<String, byte[]> producer, List<Alert> alerts)
      throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (Alert alert : alerts) {
      sent.add(producer.send(new ProducerRecord<>(TOPICS.alerts(), alert.id(), Json.bytes(alert))));
    }
    producer.flush();
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
  }
}
