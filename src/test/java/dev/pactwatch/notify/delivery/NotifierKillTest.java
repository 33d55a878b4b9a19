package dev.pactwatch.notify.delivery;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.notify.store.Databases;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A notifier that is killed again and again while alerts come in. How often is {@code
 * -Dpactwatch.kills}: a few in every build, hundreds by hand.
 */
class NotifierKillTest {

  private static final Logger LOG = System.getLogger(NotifierKillTest.class.getName());

  private static final int KILLS = Integer.getInteger("pactwatch.kills", 4);
  private static final long SEED = Long.getLong("pactwatch.seed", 41L);

  /** As {@link Rig} runs it. */
  private static final int MOST_IN_FLIGHT = Rig.WORKERS;

  /** Each revision at once; the second fails now and then, the third takes its time. */
  private static final List<String> AT_ONCE = List.of("desk", "moody", "slow");

  private static final String GROUPED = "grouped";
  private static final String DIGEST = "digest";

  private static final int MOST_REVISIONS = 4;
  private static final int BURST = 12;

  /** Enough for a queue at any time, and no more than a slow machine gets through in the end. */
  private static final int MOST_OWED = 1_000;

  /** A notifier that works dies after up to so many messages. */
  private static final int MESSAGES_PER_LIFE = 150;

  private static EmbeddedBroker broker;

  /** A message as it came in at a receiver. */
  private record Arrival(
      String subscription, String id, String body, boolean taken, int life, long order) {}

  private final List<Arrival> arrivals = new ArrayList<>();

  private int takenAtOnce;

  /** How often the notifier was started so far. */
  private final AtomicInteger life = new AtomicInteger();

  private final Random random = new Random(SEED);

  @TempDir Path folder;

  @BeforeAll
  static void broker(@TempDir Path data) {
    broker = EmbeddedBroker.start(data, 0);
  }

  @AfterAll
  static void end() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void killed_at_any_moment_it_loses_nothing_and_repeats_only_what_was_in_flight(Databases kind)
      throws Exception {
    DatabaseSettings settings = kind.fresh(folder);
    KafkaClients kafka = new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
    Topics topics = Rig.freshTopics();
    try (Admin admin = kafka.admin()) {
      TopicAdmin.create(admin, topics.all());
    }
    Path log = folder.resolve("notifier.log");
    try (Receiver receiver = new Receiver();
        Publisher publisher = new Publisher(kafka, topics, new Random(SEED + 1), this::owed)) {
      receive(receiver);
      Path file = Rig.file(folder, subscriptions(receiver));
      var place = new NotifierProcess.Place(kafka.bootstrapServers(), topics, settings, file);

      publisher.start();
      for (int kill = 0; kill < KILLS; kill++) {
        liveAndDie(place, log);
      }
      publisher.stop();
      int lives = life.incrementAndGet();
      NotifierProcess last = NotifierProcess.start(place, Duration.ZERO, log);
      try {
        await()
            .atMost(Duration.ofMinutes(4))
            .until(() -> takenIds().containsAll(expectedIds(publisher.published)));
      } finally {
        last.stop();
      }

      life.incrementAndGet();
      // What the hour brings, without waiting for it.
      Duration ahead = Duration.ofHours(2);
      try (NotifyDatabase database = NotifyDatabase.open(settings);
          Rig rig = new Rig(kafka, topics, database, file, () -> Instant.now().plus(ahead));
          Rig.Instance one = rig.start("one")) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> !matched(database).containsKey(MatchState.PENDING));
        assertThat(one.notifier.status().problems()).isEmpty();
        assertDelivered(publisher.published, lives);
        assertAccounted(database, publisher.published);
      }
    }
  }

  /** One process from its start to its death at a moment that nobody chose. */
  private void liveAndDie(NotifierProcess.Place place, Path log) throws InterruptedException {
    int before = life.incrementAndGet();
    int seen = arrivals();
    NotifierProcess process = NotifierProcess.start(place, Duration.ZERO, log);
    try {
      // Every fourth while it starts, the others at work.
      if (random.nextInt(4) == 0) {
        pause(random.nextInt(2_000));
      } else {
        int enough = seen + 1 + random.nextInt(MESSAGES_PER_LIFE);
        await().atMost(Duration.ofMinutes(2)).until(() -> arrivals() >= enough);
        pause(random.nextInt(30));
      }
      assertThat(process.alive()).as("the notifier of life %d runs", before).isTrue();
    } finally {
      process.kill();
    }
  }

  /** The moment of a kill is what the test is about; nothing could be awaited in its place. */
  private static void pause(int millis) throws InterruptedException {
    var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private static String subscriptions(Receiver receiver) {
    StringBuilder text = new StringBuilder("subscriptions:\n");
    for (String name : AT_ONCE) {
      text.append(webhook(receiver, name));
    }
    text.append(webhook(receiver, GROUPED))
        .append("    timing: {group-by: [agreement], group-wait: 1s, group-interval: 1s}\n");
    text.append(webhook(receiver, DIGEST))
        .append("    timing: {digest: hourly, at: \"00:00\", time-zone: UTC}\n");
    return text.toString();
  }

  private static String webhook(Receiver receiver, String name) {
    return "  - id: "
        + name
        + "\n    channel: webhook\n    url: "
        + receiver.url(name)
        + "\n    secrets: [{env: SECRET}]\n    retries: [1s, 1s, 1s, 1s, 1s, 1s]\n";
  }

  private void receive(Receiver receiver) {
    Map<String, Integer> attempts = new HashMap<>();
    List<String> all = new ArrayList<>(AT_ONCE);
    all.addAll(List.of(GROUPED, DIGEST));
    for (String name : all) {
      receiver.answers(
          name,
          call -> {
            synchronized (arrivals) {
              // One in four fails once; never so often that it would be given up.
              boolean first = attempts.merge(name + call.id(), 1, Integer::sum) == 1;
              boolean fails =
                  name.equals("moody") && first && Math.floorMod(call.id().hashCode(), 4) == 0;
              takenAtOnce += !fails && AT_ONCE.contains(name) ? 1 : 0;
              arrivals.add(
                  new Arrival(name, call.id(), call.body(), !fails, life.get(), arrivals.size()));
              return new Receiver.Answer(
                  fails ? 503 : 204,
                  Map.of(),
                  Duration.ofMillis(name.equals("slow") ? 20 + arrivals.size() % 40 : 0));
            }
          });
    }
  }

  /** Messages at once of so many revisions that no receiver has taken yet; a few of these twice. */
  private int owed(int revisions) {
    synchronized (arrivals) {
      return revisions * AT_ONCE.size() - takenAtOnce;
    }
  }

  private int arrivals() {
    synchronized (arrivals) {
      return arrivals.size();
    }
  }

  private Set<String> takenIds() {
    Set<String> ids = new HashSet<>();
    synchronized (arrivals) {
      arrivals.stream().filter(Arrival::taken).forEach(one -> ids.add(one.id()));
    }
    return ids;
  }

  private static Set<String> expectedIds(List<Alert> published) {
    Set<String> ids = new HashSet<>();
    for (Alert alert : published) {
      AT_ONCE.forEach(name -> ids.add(id(alert.id(), alert.revision(), name)));
    }
    return ids;
  }

  private static String id(String alert, int revision, String subscription) {
    return alert + "-r" + revision + "-" + subscription;
  }

  private static Map<MatchState, Long> matched(NotifyDatabase database) {
    return counts(database, null);
  }

  private static Map<MatchState, Long> counts(NotifyDatabase database, String subscription) {
    return database.read(handle -> MatchTable.counts(handle, subscription));
  }

  private static Map<MessageState, Long> messages(NotifyDatabase database, String subscription) {
    return database.read(handle -> MessageTable.counts(handle, subscription));
  }

  /** What the receivers say. */
  private void assertDelivered(List<Alert> published, int lives) {
    List<Arrival> all;
    synchronized (arrivals) {
      all = List.copyOf(arrivals);
    }
    Map<String, String> bodies = new HashMap<>();
    Map<String, Arrival> taken = new HashMap<>();
    Map<Integer, Integer> repeats = new HashMap<>();
    for (Arrival one : all) {
      assertThat(bodies.merge(one.id(), one.body(), (was, is) -> was))
          .as("bytes of %s", one.id())
          .isEqualTo(one.body());
      Arrival before = taken.get(one.id());
      if (before != null) {
        assertThat(one.life())
            .as("repeat of %s, only after a kill", one.id())
            .isGreaterThan(before.life());
        repeats.merge(before.life(), 1, Integer::sum);
      }
      if (one.taken()) {
        taken.put(one.id(), one);
      }
    }
    // In flight are those that were sent and whose answer nobody could write down.
    assertThat(repeats.values())
        .as("repeats by kill: %s", repeats)
        .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(MOST_IN_FLIGHT));
    assertThat(repeats.keySet())
        .as("nothing is repeated after an orderly end")
        .allSatisfy(one -> assertThat(one).isLessThan(lives));

    Set<String> atOnce = new HashSet<>();
    Map<String, Long> first = new HashMap<>();
    Map<String, Long> firstTaken = new HashMap<>();
    for (Arrival one : all) {
      if (AT_ONCE.contains(one.subscription())) {
        atOnce.add(one.id());
      }
      first.putIfAbsent(one.id(), one.order());
      if (one.taken()) {
        firstTaken.putIfAbsent(one.id(), one.order());
      }
    }
    assertThat(atOnce).isEqualTo(expectedIds(published));
    for (Alert alert : published) {
      if (alert.revision() > 1) {
        for (String name : AT_ONCE) {
          assertThat(first.get(id(alert.id(), alert.revision(), name)))
              .as("%s revision %d at %s", alert.id(), alert.revision(), name)
              .isGreaterThan(firstTaken.get(id(alert.id(), alert.revision() - 1, name)));
        }
      }
    }
    LOG.log(
        Level.INFO,
        "kills={0} revisions={1} arrivals={2} repeats={3} most after one kill={4}",
        KILLS,
        published.size(),
        all.size(),
        repeats.values().stream().mapToInt(n -> n).sum(),
        repeats.values().stream().mapToInt(n -> n).max().orElse(0));
  }

  /** What the database says, beside what was published and what has arrived. */
  private void assertAccounted(NotifyDatabase database, List<Alert> published) {
    Set<String> arrived = takenIds();
    Map<String, Integer> latest = new HashMap<>();
    published.forEach(one -> latest.merge(one.id(), one.revision(), Math::max));
    int messages = 0;
    for (String name : AT_ONCE) {
      assertThat(counts(database, name))
          .as("rows of %s", name)
          .isEqualTo(Map.of(MatchState.SENT, (long) published.size()));
      assertThat(messages(database, name))
          .as("messages to %s", name)
          .isEqualTo(Map.of(MessageState.DELIVERED, (long) published.size()));
      messages += published.size();
    }
    for (String name : List.of(GROUPED, DIGEST)) {
      List<MatchTable.Row> rows =
          database.read(handle -> MatchTable.list(handle, null, name, null, Integer.MAX_VALUE));
      // After kills H2 has been seen to list one row twice, with the same number.
      assertThat(rows.stream().map(MatchTable.Row::seq).distinct())
          .as("rows of %s", name)
          .hasSameSizeAs(published);
      for (MatchTable.Row row : rows) {
        if (row.revision() == latest.get(row.alertId())) {
          assertThat(row.state()).as("%s", row).isEqualTo(MatchState.SENT);
        }
        if (row.state() == MatchState.SENT) {
          assertThat(arrived).contains(row.message());
        } else {
          assertThat(row.state()).as("%s", row).isEqualTo(MatchState.SUPPRESSED);
          assertThat(row.reason()).as("%s", row).isEqualTo(Reason.SUPERSEDED.label());
        }
      }
    }
    assertThat(arrived.stream().filter(id -> AT_ONCE.stream().anyMatch(n -> id.endsWith("-" + n))))
        .hasSize(messages);
  }

  /** Adds alerts and revisions of them to the topic until it is told to stop. */
  private static final class Publisher implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final Topics topics;
    private final Random random;
    private final IntUnaryOperator owed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "publisher");

    /** Complete once it has stopped. */
    final List<Alert> published = new ArrayList<>();

    /** The latest revision by number of the alert, of those that may get another. */
    private final List<Alert> open = new ArrayList<>();

    Publisher(KafkaClients kafka, Topics topics, Random random, IntUnaryOperator owed) {
      this.producer = kafka.producer();
      this.topics = topics;
      this.random = random;
      this.owed = owed;
    }

    void start() {
      thread.start();
    }

    void stop() throws InterruptedException {
      stop.countDown();
      thread.join();
    }

    private void run() {
      try {
        do {
          for (int i = 0; i < BURST && owed.applyAsInt(published.size()) < MOST_OWED; i++) {
            Alert next = next();
            published.add(next);
            var unused =
                producer.send(new ProducerRecord<>(topics.alerts(), next.id(), Json.bytes(next)));
          }
          producer.flush();
        } while (!stop.await(50 + random.nextInt(300), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Alert next() {
      if (open.isEmpty() || random.nextInt(3) == 0) {
        String group = "pact" + random.nextInt(5);
        Alert first = alert("a" + published.size()).agreement(group, group + "-1").build();
        open.add(first);
        return first;
      }
      int at = random.nextInt(open.size());
      Alert before = open.get(at);
      int revision = before.revision() + 1;
      Alert next =
          alert(before.id())
              .agreement(before.agreement().chain(), before.agreement().id())
              .revision(revision, revision % 2 == 0 ? Change.UPDATED : Change.ESCALATED)
              .build();
      if (revision == MOST_REVISIONS) {
        open.remove(at);
      } else {
        open.set(at, next);
      }
      return next;
    }

    @Override
    public void close() throws IOException {
      stop.countDown();
      thread.interrupt();
      producer.close();
    }
  }
}
