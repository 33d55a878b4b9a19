package dev.pactwatch.proof;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.ArticleRecords;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.proof.Ledger.Row;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.DetectTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything that a run needs: publishers, brokers, the packaged program twice in each of its
 * roles, receivers; and who watches both ends.
 */
final class Stage implements AutoCloseable {

  static final List<String> ROLES = List.of("detect", "ingest", "notify");

  private static final Set<String> SUBSCRIPTIONS = Set.of("desk", "archive");
  private static final int PUBLISHERS = 6;
  private static final int EACH = 2;
  private static final int BROKERS = 3;
  private static final String KEY = "a key of more than thirty-two characters";

  private final Topics topics = new Topics(Topics.DEFAULT_PREFIX, 4, (short) 3);
  private final Path folder;
  private final Press press;
  private final Sink sink;
  private final World world;
  private final BrokerCluster cluster;
  private final KafkaClients clients;
  private final Model model;
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Set<String> poison = Collections.synchronizedSet(new TreeSet<>());
  private final Set<String> aborted = Collections.synchronizedSet(new TreeSet<>());
  private final List<Instant> opened = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch quiet = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> watchers = new ArrayList<>();
  private final AtomicReference<Throwable> broken = new AtomicReference<>();

  /**
   * @param folder yet to be made
   * @param database of the notifiers
   * @param pause between two items of a publisher
   */
  Stage(Path folder, long seed, DatabaseSettings database, Duration pause) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder);
    press = new Press(seed);
    sink = new Sink();
    world =
        World.make(
            folder.resolve("config"), PUBLISHERS, press.port(), sink.address(), SUBSCRIPTIONS);
    press.open(world.sites());
    cluster = new BrokerCluster(folder.resolve("brokers"), BROKERS);
    clients = new KafkaClients(Map.of("bootstrap.servers", cluster.directServers()));
    TopicAdmin.createAndCheck(cluster.admin(), topics);
    for (String role : ROLES) {
      for (int i = 1; i <= EACH; i++) {
        String name = role + "-" + i;
        Instance instance =
            new Instance(name, role, folder.resolve(name), world.config(), settings(database));
        instances.put(name, instance);
        instance.start();
      }
    }
    model = new Model(world.rules(), world.agreed());
    watch("press", () -> write(pause));
    watch("articles", () -> follow(topics.articles(), this::seen));
    watch("alerts", () -> follow(topics.alerts(), record -> opened.add(Instant.now())));
    watch("markers", this::mark);
  }

  private Map<String, String> settings(DatabaseSettings database) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.bootstrap.servers", cluster.servers());
    settings.put("jdk.net.hosts.file", world.hosts().toAbsolutePath().toString());
    settings.put("pactwatch.http.allow-private", String.join(",", world.sites()));
    settings.put("pactwatch.ingest.min-interval", "PT1S");
    settings.put("pactwatch.ingest.base-interval", "PT1S");
    settings.put("pactwatch.ingest.spacing", "PT0S");
    settings.put("pactwatch.notify.allow-private", "127.0.0.1");
    settings.put("pactwatch.notify.key", KEY);
    settings.put("pactwatch.notify.lease", "PT15S");
    settings.put("pactwatch.notify.database.url", database.url());
    if (database.user() != null) {
      settings.put("pactwatch.notify.database.user", database.user());
      settings.put("pactwatch.notify.database.password", database.password().reveal());
    }
    return settings;
  }

  BrokerCluster cluster() {
    return cluster;
  }

  Topics topics() {
    return topics;
  }

  Model model() {
    return model;
  }

  List<Instance> instances(String role) {
    return instances.values().stream().filter(one -> one.role().equals(role)).toList();
  }

  List<Instance> instances() {
    return List.copyOf(instances.values());
  }

  /** How many alert revisions were seen. */
  int revisions() {
    return opened.size();
  }

  /** How many messages were taken by receivers. */
  int taken() {
    return sink.taken();
  }

  /** When something that the test itself needs has failed. */
  void check() {
    if (broken.get() != null) {
      throw new IllegalStateException("the test's own part failed", broken.get());
    }
  }

  // ---- both ends

  private void watch(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Exception | Error e) {
                broken.compareAndSet(null, e);
              }
            },
            "watch-" + name);
    thread.setDaemon(true);
    watchers.add(thread);
    thread.start();
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private void write(Duration pause) throws InterruptedException {
    while (!quiet.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      press.write();
    }
  }

  private void follow(String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = clients.reader()) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < topics.partitions(); i++) {
        partitions.add(new TopicPartition(topic, i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (end.getCount() > 0) {
        consumer.poll(Duration.ofMillis(100)).forEach(each);
      }
    }
  }

  private void seen(ConsumerRecord<String, byte[]> record) {
    Article article = read(record.value(), Article.class);
    if (article != null) {
      press.published(article.feed(), article.guid(), article.version());
    }
  }

  private static <T> T read(byte[] value, Class<T> type) {
    try {
      return Json.read(value, type);
    } catch (IOException e) {
      return null;
    }
  }

  /** Puts in what must never be read, and what cannot be. */
  private void mark() throws Exception {
    KafkaProducer<String, byte[]> aborting = null;
    try (KafkaProducer<String, byte[]> poisoning = clients.producer()) {
      for (int i = 0; !quiet.await(2, TimeUnit.SECONDS); i++) {
        String key = "poison-" + i;
        poison.add(key);
        poisoning
            .send(
                new ProducerRecord<>(
                    topics.articles(), key, "{\"uri\": 7".getBytes(StandardCharsets.UTF_8)))
            .get();
        try {
          if (aborting == null) {
            aborting = clients.transactionalProducer("the-test-aborts");
            aborting.initTransactions();
          }
          Article marker = marker("aborted-" + i);
          aborted.add(marker.uri());
          aborting.beginTransaction();
          var unused = aborting.send(ArticleRecords.of(topics, marker, "/test"));
          aborting.flush();
          aborting.abortTransaction();
        } catch (KafkaException e) {
          // Whatever became of it, it was not committed; the next one begins anew.
          if (aborting != null) {
            aborting.close(Duration.ZERO);
          }
          aborting = null;
        }
      }
    } finally {
      if (aborting != null) {
        aborting.close(Duration.ZERO);
      }
    }
  }

  private static Article marker(String uri) {
    Instant now = Instant.now();
    return new Article(
        uri,
        1,
        World.LABS.get(0) + " signs $1 billion cloud computing deal with " + World.CLOUDS.get(1),
        null,
        null,
        "en",
        null,
        now,
        null,
        now,
        new Publisher("Nobody", "nobody.example", "nobody"),
        "nobody",
        uri,
        uri,
        false,
        null);
  }

  // ---- who is at work

  /** Whether the process runs, is ready, and has done some of its work since it was started. */
  boolean atWork(Instance instance) {
    Instant ready = instance.ready();
    if (ready == null || !instance.alive()) {
      return false;
    }
    return switch (instance.role()) {
      case "ingest" -> press.lastAsked(instance.name()).isAfter(ready);
      case "notify" -> sink.lastHeard(instance.name()).isAfter(ready);
      default -> detects(instance);
    };
  }

  private final Map<String, Map<TopicPartition, Long>> positions = new LinkedHashMap<>();

  /** It has partitions, and what is committed of these has moved since it was asked for first. */
  private boolean detects(Instance instance) {
    try {
      String member = member(instance);
      Set<TopicPartition> assigned = new LinkedHashSet<>();
      for (MemberDescription one :
          cluster
              .admin()
              .describeConsumerGroups(List.of(topics.applicationId()))
              .all()
              .get(5, TimeUnit.SECONDS)
              .get(topics.applicationId())
              .members()) {
        if (one.clientId().contains(member)) {
          assigned.addAll(one.assignment().topicPartitions());
        }
      }
      Map<TopicPartition, OffsetAndMetadata> committed =
          cluster
              .admin()
              .listConsumerGroupOffsets(topics.applicationId())
              .partitionsToOffsetAndMetadata()
              .get(5, TimeUnit.SECONDS);
      Map<TopicPartition, Long> now = new LinkedHashMap<>();
      for (TopicPartition partition : assigned) {
        OffsetAndMetadata position = committed.get(partition);
        now.put(partition, position == null ? 0 : position.offset());
      }
      Map<TopicPartition, Long> before =
          positions.computeIfAbsent(instance.name() + instance.started(), n -> now);
      return now.entrySet().stream()
          .anyMatch(
              one -> before.containsKey(one.getKey()) && before.get(one.getKey()) < one.getValue());
    } catch (ExecutionException | java.util.concurrent.TimeoutException | IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What Streams calls the process by, also after it came back. */
  private String member(Instance instance) throws IOException {
    Path file =
        instance
            .data()
            .resolve("streams")
            .resolve(topics.applicationId())
            .resolve("kafka-streams-process-metadata");
    return Json.mapper().readTree(Files.readString(file)).get("processId").asText();
  }

  // ---- the end

  /** The publishers write nothing more. */
  void quiet() {
    quiet.countDown();
  }

  /** What is still under way, in words; empty when there is nothing. */
  String underWay() {
    try {
      int pending = press.pending();
      List<String> sources = DetectTopology.sources(topics);
      long detect =
          Lag.none(clients, cluster.admin(), topics.applicationId(), sources)
              ? 0
              : Lag.of(cluster.admin(), topics.applicationId(), sources);
      long notify = Lag.of(cluster.admin(), topics.prefix() + "notify", List.of(topics.alerts()));
      int owed = opened.size() * SUBSCRIPTIONS.size() - sink.taken();
      return pending == 0 && detect == 0 && notify == 0 && owed == 0
          ? ""
          : "unpublished %d, unread by detect %d, by notify %d, untold %d"
              .formatted(pending, detect, notify, owed);
    } catch (ExecutionException e) {
      return e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Ends the programs; returns what they had to say who did not end as they should. */
  List<String> stop() throws InterruptedException {
    List<String> failed = new ArrayList<>();
    for (Instance instance : instances.values()) {
      if (!instance.alive()) {
        failed.add(instance.name() + " had ended by itself: " + instance.said());
      } else if (!Set.of(0, 130, 143).contains(instance.stop())) {
        failed.add(instance.name() + " did not stop: " + instance.said());
      }
    }
    end.countDown();
    for (Thread watcher : watchers) {
      watcher.join(TimeUnit.SECONDS.toMillis(30));
    }
    check();
    return failed;
  }

  /** Replays the log of articles beside what is live; returns what it said when it failed. */
  String replay() throws Exception {
    Instance.Once replay =
        Instance.once(
            folder.resolve("replay"), world.config(), settings(DatabaseSettings.embedded(folder)));
    return replay.status() == 0 ? "" : replay.said();
  }

  /** Ends of all live topics, and how far each group has come. */
  List<String> positions() throws Exception {
    List<String> lines = new ArrayList<>();
    Set<String> names = new TreeSet<>(cluster.admin().listTopics().names().get());
    names.removeIf(name -> !name.startsWith(topics.prefix()));
    Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
    for (TopicDescription topic :
        cluster.admin().describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(
              one ->
                  asked.put(
                      new TopicPartition(topic.name(), one.partition()), OffsetSpec.latest()));
    }
    cluster
        .admin()
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, at) -> lines.add(partition + " ends at " + at.offset()));
    for (GroupListing group : cluster.admin().listGroups().all().get()) {
      cluster
          .admin()
          .listConsumerGroupOffsets(group.groupId())
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, at) ->
                  lines.add(group.groupId() + " has read " + partition + " to " + at.offset()));
    }
    Collections.sort(lines);
    return lines;
  }

  /** What the run left at both ends, as a reader of committed records sees it. */
  Ledger ledger(
      List<Ledger.Fault> faults, Duration recovery, List<String> before, List<String> after) {
    List<Row<Article>> articles = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    TopicReader.readAll(
        clients,
        topics.articles(),
        record -> {
          Article article = read(record.value(), Article.class);
          if (article == null) {
            unreadable.add(record.key());
          } else {
            articles.add(row(record, article));
          }
        });
    List<String> letters = new ArrayList<>();
    Stream.of(
            topics.deadLetters(topics.articles()),
            topics.deadLetters(topics.agreements()),
            topics.deadLetters(topics.applicationId()))
        .forEach(topic -> TopicReader.readAll(clients, topic, record -> letters.add(record.key())));
    return new Ledger(
        press.served(),
        poison,
        aborted,
        articles,
        rows(topics.events(), TaggedArticle.class),
        rows(topics.alerts(), Alert.class),
        rows(topics.alertState(), Alert.class),
        unreadable,
        letters,
        SUBSCRIPTIONS,
        sink.deliveries(),
        faults,
        List.copyOf(opened),
        recovery,
        before,
        after);
  }

  private <T> List<Row<T>> rows(String topic, Class<T> type) {
    List<Row<T>> rows = new ArrayList<>();
    TopicReader.readAll(
        clients,
        topic,
        record -> {
          try {
            rows.add(row(record, Json.read(record.value(), type)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return rows;
  }

  private static <T> Row<T> row(ConsumerRecord<String, byte[]> record, T value) {
    return new Row<>(record.partition(), record.offset(), record.key(), value);
  }

  @Override
  public void close() throws Exception {
    quiet();
    end.countDown();
    for (Instance instance : instances.values()) {
      instance.close();
    }
    for (Thread watcher : watchers) {
      watcher.interrupt();
    }
    cluster.close();
    sink.close();
    press.close();
  }
}
