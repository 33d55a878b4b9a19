package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaChannelTest {

  private static final Attempt FIRST = new Attempt(1, false);
  private static final Topics TOPICS = new Topics("test.", 2, (short) 1);

  private static EmbeddedBroker broker;
  private static KafkaClients clients;
  private static SubscriberTopics shared;

  @BeforeAll
  static void start(@TempDir Path folder) {
    broker = EmbeddedBroker.start(folder, 0);
    clients = new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers()));
    shared = new SubscriberTopics(clients, TOPICS);
  }

  @AfterAll
  static void stop() {
    shared.close();
    broker.close();
  }

  @Test
  void aPlainConsumerReadsTheAlertAsItStandsInTheLog() throws Exception {
    assertThat(send("newsdesk", Samples.alert(SampleAlerts.dispute()), FIRST))
        .isInstanceOf(Outcome.Delivered.class);

    ConsumerRecord<String, byte[]> record = plainly("test.subscriber.newsdesk", 1).get(0);
    assertThat(record.key()).isEqualTo("a1b2c3");
    assertThat(record.value()).isEqualTo(Json.bytes(SampleAlerts.dispute()));
    assertThat(headers(record))
        .isEqualTo(
            Map.of(
                "ce_specversion", "1.0",
                "ce_type", "dev.pactwatch.alert.v1",
                "ce_id", "a1b2c3.1",
                "ce_source", "/pactwatch/notify",
                "ce_subject", "a1b2c3",
                "ce_time", "2026-03-18T10:00:00Z",
                "ce_dataschema", "urn:pactwatch:schema:alert.v1",
                "content-type", "application/json",
                "webhook-id", "msg_0123456789abcdef"));
    assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
  }

  @Test
  void theTopicKeepsForNinetyDaysFromArrival() throws Exception {
    send("kept", Samples.alert(SampleAlerts.dispute()), FIRST);

    try (Admin admin = clients.admin()) {
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "test.subscriber.kept");
      var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      assertThat(config.get("retention.ms").value()).isEqualTo("7776000000");
      assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
    }
  }

  @Test
  void everyAlertOfAGroupIsARecordAndARepeatHasTheSameKeys() throws Exception {
    Notification group =
        Samples.of(Kind.GROUP, "Two.", SampleAlerts.dispute(), SampleAlerts.conflict());
    send("group", group, FIRST);
    send("group", group, new Attempt(2, true));

    List<ConsumerRecord<String, byte[]>> records = read("test.subscriber.group");
    assertThat(records).hasSize(4);
    Map<String, List<String>> ids = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      assertThat(record.value())
          .isEqualTo(
              Json.bytes(
                  record.key().equals("a1b2c3")
                      ? SampleAlerts.dispute()
                      : SampleAlerts.conflict()));
      ids.computeIfAbsent(record.key(), key -> new ArrayList<>())
          .add(headers(record).get("webhook-id"));
    }
    assertThat(ids)
        .isEqualTo(
            Map.of(
                "a1b2c3", List.of("msg_0123456789abcdef-0", "msg_0123456789abcdef-0"),
                "d4e5f6", List.of("msg_0123456789abcdef-1", "msg_0123456789abcdef-1")));
    assertThat(records.stream().filter(r -> headers(r).containsKey("webhook-attempt-kind")))
        .hasSize(2);
  }

  @Test
  void whatIsNoAlertCannotBeTakenForOne() throws Exception {
    send("other", Samples.of(Kind.NOTICE, "It fails."), FIRST);
    send("other", Samples.of(Kind.TEST, "A test.", SampleAlerts.dispute()), FIRST);

    List<ConsumerRecord<String, byte[]>> records = read("test.subscriber.other");
    assertThat(records)
        .extracting(record -> headers(record).get("ce_type"))
        .containsExactlyInAnyOrder("dev.pactwatch.delivery.failed.v1", "dev.pactwatch.test.v1");
    // A test holds an alert, and a notice nothing that has a schema.
    assertThat(records)
        .extracting(record -> headers(record).get("ce_dataschema"))
        .containsExactlyInAnyOrder(null, "urn:pactwatch:schema:alert.v1");
    assertThat(records)
        .anySatisfy(
            record ->
                assertThat(new String(record.value(), StandardCharsets.UTF_8))
                    .contains("\"note\":\"It fails.\""));
  }

  @Test
  void aTopicThatIsThereAlreadyIsUsedAsItIs() throws Exception {
    try (Admin admin = clients.admin()) {
      admin
          .createTopics(
              List.of(
                  new org.apache.kafka.clients.admin.NewTopic("test.subscriber.own", 1, (short) 1)))
          .all()
          .get();
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(send("own", Samples.alert(SampleAlerts.dispute()), FIRST))
                    .isInstanceOf(Outcome.Delivered.class));
  }

  @Test
  void aRecordThatIsTooLargeIsRefusedAndTheNextOneIsTaken() throws Exception {
    Notification large =
        new Notification(
            "msg_large",
            "newsdesk",
            Kind.ALERT,
            List.of(new Notification.Item(SampleAlerts.dispute(), new byte[2_000_000])),
            null,
            Samples.MADE,
            Samples.LINKS);

    Outcome outcome = send("large", large, FIRST);

    assertThat(((Outcome.Refused) outcome).reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(send("large", Samples.alert(SampleAlerts.dispute()), FIRST))
        .isInstanceOf(Outcome.Delivered.class);
  }

  @Test
  void aStoppedThreadSendsNothing() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> send("stopped", Samples.alert(SampleAlerts.dispute()), FIRST))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aNameThatIsNoTopicsIsRefused() {
    for (String name : List.of("", "a b", "a/b", "a".repeat(250), "\u00e9")) {
      assertThatThrownBy(() -> new KafkaChannel(new Target.KafkaTopic(name), shared))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Outcome send(String name, Notification notification, Attempt attempt)
      throws InterruptedException {
    KafkaChannel channel = new KafkaChannel(new Target.KafkaTopic(name), shared);
    return channel.send(channel.render(notification), attempt);
  }

  /** As somebody reads it who knows nothing but the topic's name. */
  private static List<ConsumerRecord<String, byte[]>> plainly(String topic, int count) {
    Properties config = new Properties();
    config.put("bootstrap.servers", broker.bootstrapServers());
    config.put("group.id", "a-subscriber");
    config.put("auto.offset.reset", "earliest");
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      Awaitility.await()
          .untilAsserted(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
                assertThat(found).hasSize(count);
              });
    }
    return found;
  }

  private static List<ConsumerRecord<String, byte[]>> read(String topic) {
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    TopicReader.readAll(clients, topic, found::add);
    return found;
  }

  private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }
}
