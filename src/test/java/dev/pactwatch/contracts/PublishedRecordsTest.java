package dev.pactwatch.contracts;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.IngestSettings;
import dev.pactwatch.ingest.KafkaFeedLog;
import dev.pactwatch.ingest.ParsedFeedReader;
import dev.pactwatch.ingest.Poller;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.Lag;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.LexiconTopic;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RegistryTopic;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundled history from the feeds' server to the alerts, over a real broker; then every record
 * of every topic is read by the CloudEvents SDK and held against its schema.
 */
@Timeout(240)
class PublishedRecordsTest {

  private static final Topics TOPICS = new Topics("t.", 2, (short) 1);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-05-01T00:00:00Z"));

  private static final Map<String, Contract> CONTRACTS =
      Map.of(
          TOPICS.articles(), Contract.ARTICLE,
          TOPICS.events(), Contract.EVENT,
          TOPICS.agreements(), Contract.AGREEMENT,
          TOPICS.alerts(), Contract.ALERT,
          TOPICS.alertState(), Contract.ALERT,
          TOPICS.feeds(), Contract.FEED,
          TOPICS.lexicon(), Contract.LEXICON);

  @TempDir static Path folder;

  private static Cluster cluster;
  private static final Map<String, List<ConsumerRecord<String, byte[]>>> RECORDS = new HashMap<>();

  @BeforeAll
  static void runTheBundledHistory() throws Exception {
    cluster = Cluster.isolated(folder.resolve("kafka"), TOPICS);
    cluster.prepareTopics();
    Registry registry = AgreementFiles.load(Path.of("config", "agreements"));
    RegistryTopic.sync(cluster, registry, false);
    ProductRules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    LexiconTopic.activate(cluster, rules.lexiconVersion(), CLOCK.instant());
    List<String> failures = new ArrayList<>();
    try (Detector detector =
        Detector.start(
            cluster,
            rules,
            new Detector.Options(folder.resolve("state"), 1, null, true, null, null),
            failure -> failures.add(failure.toString()))) {
      // An alert that a later agreement brings forth names no article: the agreements come first.
      idle(detector);
      poll();
      idle(detector);
    }
    assertThat(failures).isEmpty();
    // An agreement that no file has any longer is erased.
    RegistryTopic.sync(
        cluster, Registry.of(List.copyOf(registry.all()).subList(1, registry.size())), false);
    for (String topic : CONTRACTS.keySet()) {
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      TopicReader.readAll(cluster.clients(), topic, records::add);
      RECORDS.put(topic, records);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void poll() throws InterruptedException {
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  byte[] feed = demo(request.path());
                  if (feed == null) {
                    respond(out, "500 Internal Server Error", "", "broken");
                  } else {
                    respond(
                        out,
                        "200 OK",
                        "ETag: \"1\"\r\nCache-Control: max-age=900\r\n",
                        new String(feed, StandardCharsets.UTF_8));
                  }
                });
        OutboundClient http =
            new OutboundClient(OutboundSettings.defaults("0", "", List.of("127.0.0.1")))) {
      List<FeedEntry> feeds =
          Stream.of(
                  "harbour-wire.xml",
                  "stack-ledger.xml",
                  "docket-lantern.json",
                  "cloudbank-review.xml",
                  "missing.xml")
              .map(file -> new FeedEntry(server.url("/" + file), file, null, null, null))
              .toList();
      Poller poller =
          Poller.create(
              () -> feeds,
              http,
              new ParsedFeedReader(
                  new ArticleMaker(PublisherFamilies.none()), Duration.ofDays(3650)),
              new KafkaFeedLog(cluster.clients(), TOPICS),
              IngestSettings.defaults()
                  .withPauses(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ZERO),
              CLOCK);
      poller.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  poller.states().values().stream().filter(s -> s.lastPoll() != null).count() == 5);
      poller.stop(Duration.ofSeconds(5));
    }
  }

  private static byte[] demo(String path) throws IOException {
    try (InputStream in = PublishedRecordsTest.class.getResourceAsStream("/demo/feeds" + path)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private static void idle(Detector detector) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> detector.ready() && behind() == 0);
  }

  private static long behind() throws Exception {
    try (Admin admin = cluster.clients().admin()) {
      return Lag.of(admin, TOPICS.applicationId(), DetectTopology.sources(TOPICS));
    }
  }

  @Test
  void every_topic_has_records() {
    assertThat(RECORDS)
        .hasSameSizeAs(CONTRACTS)
        .allSatisfy((topic, records) -> assertThat(records).as(topic).isNotEmpty());
    assertThat(RECORDS.get(TOPICS.alerts())).hasSizeGreaterThan(5);
  }

  @Test
  void every_record_is_as_its_schema_says() throws IOException {
    for (Map.Entry<String, List<ConsumerRecord<String, byte[]>>> topic : RECORDS.entrySet()) {
      for (ConsumerRecord<String, byte[]> record : topic.getValue()) {
        if (record.value() != null) {
          JsonNode value = Json.mapper().readTree(record.value());
          assertThat(Schemas.problemsOfOurs(CONTRACTS.get(topic.getKey()), value))
              .as(topic.getKey() + " " + value)
              .isEmpty();
        }
      }
    }
  }

  @Test
  void the_cloud_events_sdk_reads_every_record() {
    RECORDS.forEach(
        (topic, records) -> {
          Contract contract = CONTRACTS.get(topic);
          Set<String> ids = new HashSet<>();
          for (ConsumerRecord<String, byte[]> record : records) {
            CloudEvent event = event(record);
            assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
            assertThat(event.getType()).isEqualTo(contract.type());
            assertThat(event.getSource().toString()).startsWith("/pactwatch/");
            assertThat(event.getSubject()).isEqualTo(record.key());
            assertThat(event.getTime()).isNotNull();
            assertThat(ids.add(event.getSource() + " " + event.getId())).as(event.getId()).isTrue();
            if (record.value() == null) {
              assertThat(event.getData()).isNull();
              assertThat(event.getDataSchema()).isNull();
              assertThat(event.getDataContentType()).isNull();
            } else {
              assertThat(event.getData().toBytes()).isEqualTo(record.value());
              assertThat(event.getDataContentType()).isEqualTo("application/json");
              assertThat(event.getDataSchema()).hasToString(contract.schema());
            }
          }
        });
  }

  @Test
  void a_record_that_erases_has_neither_data_nor_schema() {
    assertThat(RECORDS.get(TOPICS.agreements()))
        .filteredOn(record -> record.value() == null)
        .singleElement()
        .satisfies(record -> assertThat(event(record).getId()).endsWith(".erased"));
  }

  @Test
  void what_is_made_from_an_article_names_its_own_schema_and_no_other() {
    Set<String> names = new TreeSet<>();
    RECORDS
        .get(TOPICS.events())
        .forEach(record -> record.headers().forEach(header -> names.add(header.key())));

    assertThat(names)
        .containsExactly(
            "ce_dataschema",
            "ce_id",
            "ce_source",
            "ce_specversion",
            "ce_subject",
            "ce_time",
            "ce_type",
            "content-type");
  }

  @Test
  void an_alert_says_when_its_article_was_observed_and_nothing_of_traces_that_are_off() {
    assertThat(RECORDS.get(TOPICS.alerts()))
        .allSatisfy(
            record -> {
              Set<String> names = new TreeSet<>();
              record.headers().forEach(header -> names.add(header.key()));
              assertThat(names)
                  .containsExactly(
                      "ce_dataschema",
                      "ce_id",
                      "ce_observed",
                      "ce_source",
                      "ce_specversion",
                      "ce_subject",
                      "ce_time",
                      "ce_type",
                      "content-type");
              assertThat(event(record).getExtension("observed"))
                  .hasToString(CLOCK.instant().toString());
            });
  }

  private static CloudEvent event(ConsumerRecord<String, byte[]> record) {
    MessageReader reader = KafkaMessageFactory.createReader(record);
    return reader.toEvent();
  }
}
