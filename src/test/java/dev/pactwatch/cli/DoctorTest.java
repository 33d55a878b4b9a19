package dev.pactwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Finding;
import dev.pactwatch.config.Settings;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.InternalTopics;
import dev.pactwatch.topology.ProductRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Set-ups that are wrong, on a real broker: each is found, and said how to mend. */
@Timeout(240)
class DoctorTest {

  private static final int JAVA = Runtime.version().feature();

  @TempDir static Path folder;

  private static Cluster broker;
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Of this test alone, on the broker that all share. */
  private final String prefix = "t" + COUNT.incrementAndGet() + ".";

  private final Topics topics = new Topics(prefix, 4, (short) 1);
  private final Map<String, String> options = new HashMap<>();

  DoctorTest() throws IOException {
    options.put("kafka.bootstrap.servers", broker.clients().bootstrapServers());
    options.put("pactwatch.topic-prefix", prefix);
    options.put("pactwatch.topics.replication", "1");
    options.put("pactwatch.http.port", "0");
    options.put("pactwatch.config-dir", "config");
    options.put("pactwatch.data-dir", Files.createTempDirectory(folder, "data").toString());
  }

  @BeforeAll
  static void start() {
    broker = Cluster.isolated(folder.resolve("kafka"), new Topics("own.", 1, (short) 1));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private List<Finding> examine() {
    return Doctor.examine(Settings.load(options), JAVA, InstantSource.system());
  }

  private void refused(String why) {
    Settings.Loaded loaded = Settings.load(options);
    long began = System.nanoTime();
    try (Cluster cluster = Cluster.own(loaded)) {
      assertThatThrownBy(() -> Doctor.refuse(loaded, cluster))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(why);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  private void accepted() {
    Settings.Loaded loaded = Settings.load(options);
    try (Cluster cluster = Cluster.own(loaded)) {
      Doctor.refuse(loaded, cluster);
    }
  }

  private static Finding only(List<Finding> findings) {
    List<Finding> bad = findings.stream().filter(Finding::bad).toList();
    assertThat(bad).as("%s", findings).hasSize(1);
    assertThat(bad.get(0).mend()).isNotBlank().doesNotContain("\n");
    assertThat(bad.get(0).what()).doesNotContain("\n");
    return bad.get(0);
  }

  private void make() {
    try (Cluster cluster = Cluster.own(Settings.load(options))) {
      cluster.prepareTopics();
    }
  }

  private void readBy(String group, String topic) throws Exception {
    try (Admin admin = broker.clients().admin()) {
      admin
          .alterConsumerGroupOffsets(
              prefix + group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
          .all()
          .get();
    }
  }

  @Test
  void a_set_up_that_is_right_has_nothing_wrong() {
    assertThat(examine()).noneMatch(Finding::bad);
    accepted();
    make();
    assertThat(examine())
        .noneMatch(Finding::bad)
        .extracting(Finding::check)
        .contains(
            "java",
            "data-folder",
            "http-port",
            "lexicon",
            "agreements",
            "feeds",
            "subscriptions",
            "access",
            "client-settings",
            "broker",
            "transaction-version",
            "topics",
            "state",
            "auto-create",
            "clock");
    assertThat(examine())
        .filteredOn(one -> one.check().equals("clock"))
        .allMatch(one -> one.state() == Finding.State.OK);
    accepted();
  }

  @Test
  void a_broker_that_cannot_be_reached() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      options.put("kafka.bootstrap.servers", "127.0.0.1:" + silent.getLocalPort());
      assertThat(only(examine()).what())
          .contains("127.0.0.1:" + silent.getLocalPort(), "does not answer");
      refused("does not answer");
    }
  }

  @Test
  void an_address_that_is_none() {
    options.put("kafka.bootstrap.servers", "no-such-host.invalid:9092");
    assertThat(only(examine()).check()).isEqualTo("broker");
    refused("no-such-host.invalid");
  }

  @Test
  void a_topic_that_was_deleted_while_others_hold_records() throws Exception {
    make();
    try (KafkaProducer<String, byte[]> producer = broker.clients().producer()) {
      producer.send(new ProducerRecord<>(topics.articles(), "a", new byte[] {'{', '}'})).get();
    }
    try (Admin admin = broker.clients().admin()) {
      admin.deleteTopics(List.of(topics.alerts())).all().get();
    }
    await().until(() -> !examine().stream().filter(Finding::bad).toList().isEmpty());
    assertThat(only(examine()))
        .satisfies(one -> assertThat(one.state()).isEqualTo(Finding.State.FATAL))
        .satisfies(one -> assertThat(one.what()).contains(topics.alerts(), "deleted"));
    refused("deleted");
  }

  @Test
  void a_topic_that_is_missing_and_may_be_new() throws Exception {
    make();
    try (Admin admin = broker.clients().admin()) {
      admin.deleteTopics(List.of(topics.pushes())).all().get();
    }
    await().until(() -> !examine().stream().filter(Finding::bad).toList().isEmpty());
    assertThat(only(examine()).what()).contains(topics.pushes(), "missing");
    accepted();
  }

  @Test
  void fewer_copies_than_a_cluster_is_to_keep() {
    make();
    options.put("pactwatch.topics.replication", "3");
    List<Finding> findings = examine();
    assertThat(findings)
        .filteredOn(one -> one.check().equals("brokers"))
        .singleElement()
        .satisfies(one -> assertThat(one.what()).contains("1 broker cannot hold 3 copies"));
    assertThat(findings)
        .filteredOn(one -> one.check().equals("topics"))
        .allMatch(one -> one.state() == Finding.State.FATAL)
        .anyMatch(one -> one.what().contains("has 1 replicas, must have 3"));
    refused("cannot hold 3 copies");
  }

  @Test
  void another_number_of_partitions() {
    make();
    options.put("pactwatch.topics.partitions", "6");
    assertThat(examine())
        .filteredOn(Finding::bad)
        .isNotEmpty()
        .allMatch(one -> one.what().contains("has 4 partitions, must have 6"));
    refused("has 4 partitions, must have 6");
  }

  @ParameterizedTest
  @CsvSource({
    "isolation.level,read_uncommitted",
    "consumer.isolation.level,read_uncommitted",
    "acks,1",
    "enable.idempotence,false",
    "processing.guarantee,at_least_once",
    "group.id,mine"
  })
  void a_setting_of_clients_that_takes_a_promise_away(String name, String value) {
    options.put("kafka." + name, value);
    assertThat(only(examine()).what()).contains("kafka." + name + " is set to " + value);
    refused("kafka." + name);
  }

  @Test
  void a_setting_of_clients_that_says_what_holds_anyhow_is_nothing_wrong() {
    options.put("kafka.isolation.level", "read_committed");
    assertThat(examine()).noneMatch(Finding::bad);
  }

  @Test
  void transactions_that_may_be_torn() throws Exception {
    transactions((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
    try {
      assertThat(only(examine()).what()).contains("transactions have version 1");
      refused("transactions have version 1");
    } finally {
      transactions((short) 2, FeatureUpdate.UpgradeType.UPGRADE);
    }
  }

  private static void transactions(short version, FeatureUpdate.UpgradeType how) throws Exception {
    try (Admin admin = broker.clients().admin()) {
      admin
          .updateFeatures(
              Map.of("transaction.version", new FeatureUpdate(version, how)),
              new UpdateFeaturesOptions())
          .all()
          .get();
      await()
          .until(
              () ->
                  admin
                          .describeFeatures()
                          .featureMetadata()
                          .get()
                          .finalizedFeatures()
                          .get("transaction.version")
                          .maxVersionLevel()
                      == version);
    }
  }

  @Test
  void a_log_of_the_topologys_state_that_was_deleted() throws Exception {
    make();
    readBy("detect", topics.articles());
    assertThat(only(examine()))
        .satisfies(one -> assertThat(one.check()).isEqualTo("state"))
        .satisfies(one -> assertThat(one.what()).contains("changelog", "deleted"));
    refused("deleted");
  }

  @Test
  void a_log_of_state_that_has_another_name_since_an_upgrade_does_not_keep_it_from_starting()
      throws Exception {
    make();
    readBy("detect", topics.articles());
    try (Admin admin = broker.clients().admin()) {
      admin
          .createTopics(
              List.of(new NewTopic(topics.applicationId() + "-of-old-changelog", 1, (short) 1)))
          .all()
          .get();
    }
    await().until(() -> !only(examine()).state().equals(Finding.State.FATAL));
    assertThat(only(examine()).what()).contains("new in this release", "changelog");
    accepted();
  }

  @Test
  void the_topologys_own_topics_are_known_by_their_names() throws Exception {
    make();
    List<String> failures = new ArrayList<>();
    Set<String> made;
    try (Cluster cluster = Cluster.own(Settings.load(options));
        Detector detector =
            Detector.start(
                cluster,
                ProductRules.load(
                    Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false),
                new Detector.Options(folder.resolve("state-" + prefix), 1, null, true, null, null),
                failure -> failures.add(failure.toString()));
        Admin admin = cluster.clients().admin()) {
      await().atMost(Duration.ofSeconds(60)).until(detector::ready);
      made = admin.listTopics().names().get();
    }
    assertThat(failures).isEmpty();
    made.removeIf(name -> !name.startsWith(topics.applicationId() + "-"));
    assertThat(InternalTopics.of(topics)).isEqualTo(made).isNotEmpty();
  }

  @Test
  void retention_on_a_log_that_is_to_keep() throws Exception {
    make();
    try (Admin admin = broker.clients().admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topics.articles()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("retention.ms", "604800000"), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    await().until(() -> !examine().stream().filter(Finding::bad).toList().isEmpty());
    assertThat(only(examine()).what()).contains("retention.ms is 604800000, must be -1");
    refused("retention.ms is 604800000");
  }

  @Test
  void a_clock_that_is_wrong() {
    InstantSource late = () -> InstantSource.system().instant().plusSeconds(3_600);
    assertThat(only(Doctor.examine(Settings.load(options), JAVA, late)).what())
        .containsPattern("differ by 3[56]\\d\\d s");
  }

  @Test
  void a_java_that_is_too_old() {
    assertThat(only(Doctor.examine(Settings.load(options), 11, InstantSource.system())).what())
        .isEqualTo("Java 11 is too old");
  }

  @Test
  void a_data_folder_that_cannot_be_written() throws IOException {
    Path file = Files.writeString(folder.resolve("file-" + prefix), "");
    options.put("pactwatch.data-dir", file.resolve("data").toString());
    assertThat(only(examine()))
        .satisfies(one -> assertThat(one.check()).isEqualTo("data-folder"))
        .satisfies(one -> assertThat(one.what()).contains(file.toString()));
  }

  @Test
  void ports_that_others_have() throws IOException {
    try (ServerSocket page = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ServerSocket kafka = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      options.put("pactwatch.http.port", String.valueOf(page.getLocalPort()));
      assertThat(only(examine()).what()).contains("port " + page.getLocalPort(), "is taken");
      options.put("pactwatch.http.port", "0");
      options.remove("kafka.bootstrap.servers");
      options.put("pactwatch.embedded.port", String.valueOf(kafka.getLocalPort()));
      assertThat(only(examine()))
          .satisfies(one -> assertThat(one.check()).isEqualTo("kafka-port"))
          .satisfies(one -> assertThat(one.mend()).contains("--kafka-port"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lexicon,lexicon/words.yaml",
    "agreements,agreements/cloud.yaml",
    "feeds,feeds.opml",
    "subscriptions,subscriptions.yaml",
    "access,access.yaml",
    "other-files,publishers.yaml"
  })
  void a_file_that_cannot_be_used(String check, String name) throws IOException {
    Path copy = Files.createTempDirectory(folder, "config");
    Path original = Path.of("config");
    try (var tree = Files.walk(original)) {
      for (Path path : tree.toList()) {
        Path target = copy.resolve(original.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    assertThat(copy.resolve(name)).exists();
    Files.writeString(copy.resolve(name), "nonsense: [1, 2\n");
    options.put("pactwatch.config-dir", copy.toString());
    assertThat(examine())
        .filteredOn(Finding::bad)
        .isNotEmpty()
        .anySatisfy(
            one -> {
              assertThat(one.check()).isEqualTo(check);
              assertThat(one.what()).contains(Path.of(name).getFileName().toString());
              assertThat(one.mend()).isNotBlank();
            });
  }

  @Test
  void a_database_that_does_not_answer() {
    options.put("pactwatch.notify.database.url", "jdbc:postgresql://127.0.0.1:1/none");
    assertThat(only(examine()))
        .satisfies(one -> assertThat(one.check()).isEqualTo("database"))
        .satisfies(one -> assertThat(one.what()).contains("127.0.0.1:1"));
  }

  @Test
  void the_command_says_it_in_lines_or_as_json_and_by_its_status() throws IOException {
    options.forEach(System::setProperty);
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, UTF_8));
      assertThat(Main.execute("doctor")).isZero();
      assertThat(said.toString(UTF_8)).contains("ok       broker").endsWith("Nothing is wrong.\n");
      said.reset();
      System.setProperty("kafka.acks", "0");
      assertThat(Main.execute("doctor")).isEqualTo(Main.FAILED);
      assertThat(said.toString(UTF_8))
          .contains(
              "FATAL    client-settings     kafka.acks is set to 0", " -> take the setting out")
          .endsWith("1 thing is wrong.\n");
      said.reset();
      assertThat(Main.execute("doctor", "--json")).isEqualTo(Main.FAILED);
      List<JsonNode> lines = new ArrayList<>();
      for (String line : said.toString(UTF_8).lines().toList()) {
        lines.add(Json.mapper().readTree(line));
      }
      assertThat(lines)
          .hasSizeGreaterThan(8)
          .filteredOn(line -> line.path("state").asText().equals("fatal"))
          .singleElement()
          .satisfies(line -> assertThat(line.path("check").asText()).isEqualTo("client-settings"));
    } finally {
      System.setOut(out);
      options.keySet().forEach(System::clearProperty);
      System.clearProperty("kafka.acks");
    }
  }
}
