package dev.pactwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.ProductRules;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real broker. */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopicsAndDeadLettersTest {

  private static final Topics TOPICS = new Topics("pactwatch.", 4, (short) 1);
  private static final String SERVERS = "kafka.bootstrap.servers";
  private static final String REPLICAS = "pactwatch.topics.replication";

  @TempDir static Path folder;

  private static Cluster cluster;

  /** What a command printed, and how it ended. */
  private record Said(int status, String out, String err) {

    List<JsonNode> json() {
      return out.lines()
          .map(
              line -> {
                try {
                  return Json.mapper().readTree(line);
                } catch (java.io.IOException e) {
                  throw new AssertionError(line, e);
                }
              })
          .toList();
    }
  }

  @BeforeAll
  static void start() {
    cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS);
    System.setProperty(SERVERS, cluster.clients().bootstrapServers());
    System.setProperty(REPLICAS, "1");
  }

  @AfterAll
  static void stop() {
    System.clearProperty(SERVERS);
    System.clearProperty(REPLICAS);
    cluster.close();
  }

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @AfterEach
  void giveBack() {
    System.setOut(out);
    System.setErr(err);
  }

  private Said run(String... args) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, UTF_8));
    System.setErr(new PrintStream(complained, true, UTF_8));
    try {
      return new Said(Main.execute(args), said.toString(UTF_8), complained.toString(UTF_8));
    } finally {
      giveBack();
    }
  }

  @Test
  @Order(1)
  void missing_topics_are_told_of_and_made() {
    Said before = run("topics", "check");
    assertThat(before.status()).isEqualTo(Main.FAILED);
    assertThat(before.out()).contains("topic pactwatch.alerts.v1 is missing");

    Said made = run("topics", "create");
    assertThat(made.status()).isZero();
    assertThat(made.out())
        .contains("created pactwatch.alerts.v1")
        .contains(TOPICS.all().size() + " topics are as they are declared");

    assertThat(run("topics", "check").status()).isZero();
    assertThat(run("topics", "create", "--json").json().get(0).path("created")).isEmpty();
  }

  @Test
  @Order(2)
  void a_topic_that_differs_is_told_of_by_name_and_left_as_it_is() throws Exception {
    try (Admin admin = cluster.clients().admin()) {
      retention(admin, "1000");
      Said said = run("topics", "create");
      assertThat(said.status()).isEqualTo(Main.FAILED);
      assertThat(said.out())
          .contains("topic pactwatch.events.v1: retention.ms is 1000, must be -1");
      assertThat(run("topics", "list", "--json").json())
          .filteredOn(topic -> topic.has("differs"))
          .extracting(topic -> topic.path("name").asText())
          .containsExactly("pactwatch.events.v1");
      retention(admin, "-1");
    }
    assertThat(run("topics", "list").out().lines()).hasSize(TOPICS.all().size());
  }

  private static void retention(Admin admin, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.events()),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("retention.ms", value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    await()
        .until(
            () ->
                admin
                    .describeConfigs(
                        List.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.events())))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get("retention.ms")
                    .value()
                    .equals(value));
  }

  @Test
  @Order(2)
  void a_topic_is_described_by_its_name_with_or_without_the_prefix() {
    assertThat(run("topics", "describe", "alert-state.v1").out())
        .startsWith("pactwatch.alert-state.v1")
        .contains("cleanup.policy compact");
    assertThat(run("topics", "describe", "pactwatch.alert-state.v1", "--json").json()).hasSize(1);
    Said unknown = run("topics", "describe", "gossip.v1");
    assertThat(unknown.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(unknown.err()).contains("no topic 'gossip.v1' is declared");
  }

  @Test
  @Order(2)
  void what_a_role_has_to_be_allowed_is_printed_as_commands() {
    Said said = run("topics", "describe", "--acls", "User:press", "--role", "reader");

    assertThat(said.status()).isZero();
    assertThat(said.out())
        .contains(
            "--add --allow-principal 'User:press' --operation Read --operation Describe --topic"
                + " 'pactwatch.alerts.v1'")
        .contains("--operation Read --group 'press-' --resource-pattern-type prefixed")
        .contains("kafka-configs.sh")
        .doesNotContain("Write");
    assertThat(run("topics", "describe", "--acls", "press").status()).isEqualTo(Main.BAD_INPUT);
  }

  // ---- dead letters

  @Test
  @Order(3)
  void letters_are_listed_shown_and_sent_back_once() throws Exception {
    send("not json", "first");
    send("{\"uri\":\"x\"", "second");
    detectUntil(2);

    List<JsonNode> listed = run("dlq", "list", "--json").json();
    assertThat(listed).hasSize(2);
    assertThat(listed.get(0).at("/source/topic").asText()).isEqualTo("pactwatch.articles.v1");
    assertThat(listed).allMatch(one -> one.path("reason").asText().contains("is no Article"));
    assertThat(run("dlq", "list", "--source", "agreements.v1").out()).contains("no dead letters");
    assertThat(run("dlq", "list", "--reason", "IS NO article", "--json").json()).hasSize(2);

    String place = place(listed, "first");
    Said shown = run("dlq", "show", place);
    assertThat(shown.out())
        .contains("not json")
        .contains("__streams.errors.topic: pactwatch.articles.v1")
        .contains("note: kept");

    Said dry = run("dlq", "redrive", place, "--dry-run");
    assertThat(dry.status()).isZero();
    assertThat(dry.out()).contains("to be sent to pactwatch.articles.v1: 1");
    Said unsure = run("dlq", "redrive", place);
    assertThat(unsure.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(unsure.err()).contains("--yes");
    assertThat(articles()).hasSize(2);

    Said sent = run("dlq", "redrive", place, "--yes");
    assertThat(sent.status()).isZero();
    assertThat(sent.out()).contains("sent to pactwatch.articles.v1: 1");
    List<ConsumerRecord<String, byte[]>> articles = articles();
    assertThat(articles).hasSize(3);
    ConsumerRecord<String, byte[]> back =
        articles.stream()
            .filter(one -> one.headers().lastHeader(DeadLetters.REDRIVEN) != null)
            .findFirst()
            .orElseThrow();
    assertThat(new String(back.value(), UTF_8)).isEqualTo("not json");
    assertThat(back.key()).isEqualTo("first");
    assertThat(back.timestamp()).isEqualTo(1_700_000_000_000L);
    assertThat(new String(back.headers().lastHeader(DeadLetters.REDRIVEN).value(), UTF_8))
        .isEqualTo(place);
    assertThat(back.headers()).extracting(header -> header.key()).containsOnlyOnce("note");
    assertThat(back.headers())
        .extracting(header -> header.key())
        .noneMatch(key -> key.startsWith("__streams.errors."));

    Said twice = run("dlq", "redrive", place, "--yes");
    assertThat(twice.out()).contains("left: 1, was sent back already");
    assertThat(articles()).hasSize(3);
    assertThat(run("dlq", "list", "--json").json()).hasSize(1);
    assertThat(run("dlq", "list", "--all", "--json").json()).hasSize(2);
  }

  @Test
  @Order(4)
  void what_fails_again_is_a_letter_that_is_not_sent_back_without_being_asked_for()
      throws Exception {
    detectUntil(3);

    List<JsonNode> again =
        run("dlq", "list", "--json").json().stream().filter(one -> one.has("before")).toList();
    assertThat(again).hasSize(1);
    String place = again.get(0).path("place").asText();
    assertThat(run("dlq", "redrive", place, "--yes").out()).contains("failed again");
    assertThat(articles()).hasSize(3);

    assertThat(run("dlq", "redrive", place, "--again", "--yes").out())
        .contains("sent to pactwatch.articles.v1: 1");
    assertThat(articles()).hasSize(4);
  }

  @Test
  @Order(5)
  void a_place_where_no_letter_is_and_a_text_that_is_no_place_are_refused() {
    assertThat(run("dlq", "show", "pactwatch.articles.v1.dlq/0/999").err())
        .contains("no dead letter at");
    assertThat(run("dlq", "redrive", "somewhere", "--yes").err()).contains("is no place");
    assertThat(run("dlq", "redrive", "pactwatch.articles.v1.dlq/0/999", "--yes").status())
        .isEqualTo(Main.BAD_INPUT);
  }

  private static String place(List<JsonNode> letters, String key) {
    return letters.stream()
        .filter(one -> one.path("key").asText().equals(key))
        .findFirst()
        .orElseThrow()
        .path("place")
        .asText();
  }

  private static void send(String value, String key) throws Exception {
    try (KafkaProducer<String, byte[]> producer = cluster.clients().producer()) {
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(
              TOPICS.articles(), null, 1_700_000_000_000L, key, value.getBytes(UTF_8));
      record.headers().add("note", "kept".getBytes(UTF_8));
      producer.send(record).get();
    }
  }

  private static List<ConsumerRecord<String, byte[]>> articles() {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    TopicReader.readAll(cluster.clients(), TOPICS.articles(), records::add);
    return records;
  }

  /** Runs the topology until so many letters are there, sent back or not. */
  private static void detectUntil(int letters) throws Exception {
    ProductRules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    try (Detector detector =
        Detector.start(
            cluster,
            rules,
            new Detector.Options(folder.resolve("state"), 1, null, true, null, null),
            failure -> {})) {
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(300))
          .until(
              () ->
                  detector.alive()
                      && new DeadLetters(cluster).read(letter -> true).size() == letters);
    }
  }
}
