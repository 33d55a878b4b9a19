package dev.pactwatch.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Finding;
import dev.pactwatch.config.Settings;
import dev.pactwatch.ingest.FeedLog;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.ingest.KafkaFeedLog;
import dev.pactwatch.ingest.PushMessage;
import dev.pactwatch.json.Json;
import dev.pactwatch.replay.DemoFeeds;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.InternalTopics;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RegistryTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of client against a broker with TLS, SASL and access control, each role with the
 * rights that are suggested for it and no others.
 */
@Timeout(300)
class SecuredClusterTest {

  private static final Topics TOPICS = new Topics("pactwatch.", 2, (short) 1);

  @TempDir static Path folder;

  private static SecuredBroker broker;

  @BeforeAll
  static void startAndAllow() throws Exception {
    List<String> users = new ArrayList<>(List.of("stranger"));
    for (Rights.Role role : Rights.Role.values()) {
      users.add(role.label());
    }
    broker = SecuredBroker.start(folder, users);
    try (Admin admin = new KafkaClients(broker.client(SecuredBroker.ADMIN)).admin()) {
      for (Rights.Role role : Rights.Role.values()) {
        admin.createAcls(Rights.of(TOPICS, role, "User:" + role.label())).all().get();
      }
    }
    as(Rights.Role.OPERATOR).prepareTopics();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Cluster as(Rights.Role role) {
    Map<String, String> options = new HashMap<>();
    broker.client(role.label()).forEach((name, value) -> options.put("kafka." + name, value));
    options.put("pactwatch.topics.partitions", "2");
    options.put("pactwatch.topics.replication", "1");
    options.put("pactwatch.config-dir", folder.resolve("none").toString());
    // As every command and every role finds its cluster.
    return Cluster.own(Settings.load(options));
  }

  @Test
  void who_has_no_password_or_a_wrong_one_is_refused() {
    Map<String, String> wrong = broker.client("reader", "guess");
    try (Admin admin = new KafkaClients(wrong).admin()) {
      assertThatThrownBy(() -> TopicAdmin.differences(admin, TOPICS.all()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("Kafka refuses: ")
          .hasMessageContaining("Authentication failed");
    }
    Map<String, String> without = new HashMap<>(broker.client("reader"));
    without.put("security.protocol", "SSL");
    without.put("request.timeout.ms", "3000");
    without.put("default.api.timeout.ms", "6000");
    try (Admin admin = new KafkaClients(without).admin()) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void a_broker_whose_certificate_nobody_vouches_for_is_not_talked_to() {
    Map<String, String> trusting = new HashMap<>(broker.client("reader"));
    trusting.remove("ssl.truststore.location");
    trusting.remove("ssl.truststore.type");
    try (Admin admin = new KafkaClients(trusting).admin()) {
      assertThatThrownBy(() -> TopicAdmin.differences(admin, TOPICS.all()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("SSL");
    }
  }

  @Test
  void every_role_does_its_work_with_the_rights_that_are_suggested_for_it() throws Exception {
    // ingest
    List<Article> articles = DemoFeeds.articles(Instant.parse("2026-05-01T00:00:00Z"));
    Cluster ingest = as(Rights.Role.INGEST);
    ingest.prepareTopics();
    commit(ingest, articles);

    // detect
    List<String> failures = new ArrayList<>();
    Cluster detect = as(Rights.Role.DETECT);
    detect.prepareTopics();
    RegistryTopic.sync(detect, AgreementFiles.load(Path.of("config", "agreements")), false);
    ProductRules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    try (KafkaProducer<String, byte[]> stranger =
        new KafkaClients(broker.client(SecuredBroker.ADMIN)).producer()) {
      stranger
          .send(
              new ProducerRecord<>(
                  TOPICS.articles(), "bad", "not json".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    try (Detector detector =
        Detector.start(
            detect,
            rules,
            new Detector.Options(folder.resolve("state"), 1, null, true, null, null),
            failure -> failures.add(failure.toString()))) {
      Cluster operator = as(Rights.Role.OPERATOR);
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(500))
          .until(
              () ->
                  !failures.isEmpty()
                      || count(operator, TOPICS.alerts()) > 10
                          && new DeadLetters(operator).read(letter -> true).size() == 1);
      assertThat(failures).isEmpty();
      assertThat(detector.ready()).isTrue();
    }

    // operator
    Cluster operator = as(Rights.Role.OPERATOR);
    assertThat(new DeadLetters(operator).redrive(letter -> true)).hasSize(1);
    try (Admin admin = operator.clients().admin()) {
      assertThat(TopicAdmin.standings(admin, TOPICS.all()))
          .allMatch(topic -> topic.present() && topic.differs() == null);
    }

    // notify
    Cluster notify = as(Rights.Role.NOTIFY);
    notify.prepareTopics();
    assertThat(readInGroup(notify.clients(), "pactwatch.notify")).isPositive();
    try (Admin admin = notify.clients().admin();
        KafkaProducer<String, byte[]> producer = notify.clients().producer()) {
      TopicSpec desk = TOPICS.subscriber("desk");
      TopicAdmin.create(admin, List.of(desk));
      producer.send(new ProducerRecord<>(desk.name(), "k", new byte[0])).get();
      producer
          .send(new ProducerRecord<>(TOPICS.deadLetters(TOPICS.alerts()), "k", new byte[0]))
          .get();
    }

    // web
    Cluster web = as(Rights.Role.WEB);
    web.prepareTopics();
    assertThat(count(web, TOPICS.alerts())).isPositive();
    assertThat(count(web, TOPICS.feeds())).isEqualTo(1);
    try (KafkaProducer<String, byte[]> producer = web.clients().producer()) {
      producer.send(new ProducerRecord<>(TOPICS.pushes(), "k", new byte[0])).get();
    }

    // reader
    Cluster reader = as(Rights.Role.READER);
    assertThat(readInGroup(reader.clients(), "reader-desk")).isPositive();
    assertThat(count(reader, TOPICS.articles())).isGreaterThanOrEqualTo(articles.size());
  }

  @Test
  void what_a_role_may_see_is_enough_to_check_the_cluster_at_its_start() {
    for (Rights.Role role : Rights.Role.values()) {
      if (role != Rights.Role.READER) {
        try (Admin admin = as(role).clients().admin()) {
          assertThat(check(admin)).as(role.label()).noneMatch(Finding::bad);
        }
      }
    }
  }

  @Test
  void a_check_with_a_wrong_password_says_that_it_is_refused() {
    try (Admin admin = new KafkaClients(broker.client("ingest", "guess")).admin()) {
      assertThat(check(admin))
          .singleElement()
          .satisfies(one -> assertThat(one.state()).isEqualTo(Finding.State.FATAL))
          .satisfies(one -> assertThat(one.what()).contains("refuses", "Authentication failed"));
    }
  }

  private static List<Finding> check(Admin admin) {
    return ClusterCheck.of(
        admin, TOPICS, InternalTopics.of(TOPICS), "here", InstantSource.system());
  }

  @Test
  void a_reader_cannot_write_and_a_stranger_cannot_read() {
    try (KafkaProducer<String, byte[]> producer = as(Rights.Role.READER).clients().producer()) {
      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>(TOPICS.alerts(), "k", new byte[0])).get())
          .hasCauseInstanceOf(AuthorizationException.class);
    }
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaClients(broker.client("stranger")).reader()) {
      assertThatThrownBy(() -> consumer.partitionsFor(TOPICS.alerts()))
          .isInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void a_command_of_its_own_takes_its_credentials_from_the_environment() throws Exception {
    assertThat(check(broker.client("operator")))
        .isEqualTo("0 " + TOPICS.all().size() + " topics are as they are declared");
    assertThat(check(broker.client("operator", "guess")))
        .startsWith("2 pactwatch: Kafka refuses: ")
        .contains("Authentication failed");
  }

  private static String check(Map<String, String> client) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpactwatch.topics.partitions=2",
                "-Dpactwatch.topics.replication=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.pactwatch.cli.Main",
                "topics",
                "check")
            .redirectErrorStream(true);
    client.forEach(
        (name, value) ->
            command
                .environment()
                .put("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    Process process = command.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + said.strip();
  }

  private static void commit(Cluster cluster, List<Article> articles) throws Exception {
    String feed = "https://news.example/feed";
    FeedState state = FeedState.fresh(feed);
    try (KafkaFeedLog log = new KafkaFeedLog(cluster.clients(), TOPICS)) {
      log.open();
      FeedLog.Owner owner =
          new FeedLog.Owner() {
            @Override
            public void took(Map<String, FeedState> states) {}

            @Override
            public void leave(Predicate<String> leaving) {}

            @Override
            public void pushed(PushMessage message) {}
          };
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(() -> log.attend(owner) && log.owns(feed));
      assertThat(log.commit(articles, polled(state))).isTrue();
    }
  }

  /** The same after a poll, as the log asks when that was. */
  private static FeedState polled(FeedState state) throws IOException {
    ObjectNode tree = Json.mapper().valueToTree(state);
    tree.put("lastPoll", "2026-05-01T00:00:00Z");
    return Json.read(tree.toString(), FeedState.class);
  }

  private static long count(Cluster cluster, String topic) {
    List<String> keys = new ArrayList<>();
    TopicReader.readAll(cluster.clients(), topic, record -> keys.add(record.key()));
    return keys.size();
  }

  private static long readInGroup(KafkaClients clients, String group) {
    try (KafkaConsumer<String, byte[]> consumer = clients.consumer(group, Map.of())) {
      consumer.subscribe(List.of(TOPICS.alerts()));
      List<String> keys = new ArrayList<>();
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(300)).forEach(record -> keys.add(record.key()));
                return !keys.isEmpty();
              });
      consumer.commitSync();
      return keys.size();
    }
  }
}
