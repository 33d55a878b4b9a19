package dev.pactwatch.notify.delivery;

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
import dev.pactwatch.notify.subscription.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A notifier as the product runs it, on a broker and a database that are given. */
final class Rig implements AutoCloseable {

  /** Messages that one instance has on their way at the same time. */
  static final int WORKERS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** A webhook's secret for the environment {@code SECRET}. */
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final KafkaClients kafka;
  private final Topics topics;
  private final Path file;
  private final InstantSource clock;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final NotifyDatabase database;

  /** One process's part. */
  final class Instance implements AutoCloseable {
    private final OutboundClient http;
    private final Channels channels;
    private final Rendering rendering;
    final Catalogue catalogue;
    final Notifier notifier;

    Instance(String name, int workers, Duration patience) {
      SecretBox box = new SecretBox(new Secret("a key of more than thirty-two characters"));
      catalogue =
          new Catalogue(
              database,
              box,
              file,
              () -> KnownIds.UNCHECKED,
              variable -> variable.equals("SECRET") ? SECRET : null,
              clock);
      OutboundSettings outbound =
          OutboundSettings.defaults("test", null, List.of("127.0.0.1"))
              .withDeadlines(patience, patience, patience);
      http = new OutboundClient(outbound);
      channels =
          new Channels(
              http,
              Optional.empty(),
              null,
              kafka,
              topics,
              Templates.shipped(),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              clock);
      rendering = new Rendering(channels, new ReaderLinks("https://pactwatch.example", box));
      notifier =
          Notifier.start(
              database,
              catalogue,
              rendering,
              kafka,
              topics,
              new Notifier.Options(name, workers, LEASE, Duration.ofDays(90)),
              clock);
    }

    @Override
    public void close() {
      notifier.close();
      rendering.close();
      channels.close();
      http.close();
    }
  }

  /**
   * @param subscriptions text of the file
   */
  Rig(
      EmbeddedBroker broker,
      DatabaseSettings settings,
      Path folder,
      InstantSource clock,
      String subscriptions)
      throws IOException {
    this(
        new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers())),
        freshTopics(),
        NotifyDatabase.open(settings),
        file(folder, subscriptions),
        clock);
    try (Admin admin = kafka.admin()) {
      TopicAdmin.create(admin, topics.all());
    }
  }

  /** On what is there already. */
  Rig(KafkaClients kafka, Topics topics, NotifyDatabase database, Path file, InstantSource clock) {
    this.kafka = kafka;
    this.topics = topics;
    this.database = database;
    this.file = file;
    this.clock = clock;
  }

  /** Topics that no other test has, yet to be made. */
  static Topics freshTopics() {
    return new Topics("t" + NUMBER.incrementAndGet() + ".", 2, (short) 1);
  }

  /** The file of subscriptions in this folder. */
  static Path file(Path folder, String subscriptions) throws IOException {
    return Files.writeString(folder.resolve("subscriptions.yaml"), subscriptions);
  }

  Instance start(String name) {
    return start(name, WORKERS, PATIENCE);
  }

  /**
   * @param patience how long a receiver is waited for
   */
  Instance start(String name, int workers, Duration patience) {
    return new Instance(name, workers, patience);
  }

  /** Writes the file anew. */
  void subscriptions(String text) throws IOException {
    Files.writeString(file, text);
  }

  String console() {
    return out.toString(StandardCharsets.UTF_8);
  }

  KafkaClients kafka() {
    return kafka;
  }

  Topics topics() {
    return topics;
  }

  /** Adds to the topic, and returns once they stand there. */
  void publish(Alert... alerts) {
    try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
      for (Alert alert : alerts) {
        var unused =
            producer.send(new ProducerRecord<>(topics.alerts(), alert.id(), Json.bytes(alert)));
      }
      producer.flush();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
