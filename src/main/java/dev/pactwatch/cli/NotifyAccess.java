package dev.pactwatch.cli;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.config.Settings;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.MailSettings;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.Notifier;
import dev.pactwatch.notify.delivery.Rendering;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SecretBox;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.Secret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The notifier's database, subscriptions and channels, as the settings say. */
final class NotifyAccess implements AutoCloseable {

  private static final Logger LOG = System.getLogger(NotifyAccess.class.getName());

  /** Standard Webhooks advises 15 to 30 seconds. */
  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** Of a receiver's answer, of which the log keeps the beginning. */
  private static final int MAX_ANSWER = 1024 * 1024;

  private final Settings settings;
  private final NotifyDatabase database;
  private final SecretBox box;
  private final Catalogue catalogue;
  private final OutboundClient http;
  private final Channels channels;
  private final Rendering rendering;

  private NotifyAccess(Settings settings, KafkaClients kafka, Topics topics) {
    this.settings = settings;
    InstantSource clock = InstantSource.system();
    this.box =
        settings
            .notifier()
            .key()
            .filter(key -> !key.isBlank())
            .map(key -> new SecretBox(new Secret(key)))
            .orElseGet(() -> SecretBox.ofFile(settings.dataDir().resolve("notify").resolve("key")));
    this.database = NotifyDatabase.open(database(settings));
    Path config = settings.configDir();
    try {
      this.catalogue =
          new Catalogue(
              database,
              box,
              config.resolve("subscriptions.yaml"),
              knownIds(config),
              System::getenv,
              clock);
      this.http = new OutboundClient(outbound(settings));
      Templates templates = Templates.load(config.resolve("templates"));
      templates.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
      this.channels =
          new Channels(
              http,
              MailSettings.of(settings.mail()),
              null,
              kafka,
              topics,
              templates,
              System.out,
              clock);
      this.rendering =
          new Rendering(
              channels, box, settings.publicUrl().map(NotifyAccess::withoutSlash).orElse(null));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * @param kafka where subscribers' topics are
   */
  static NotifyAccess open(Settings settings, KafkaClients kafka, Topics topics) {
    return new NotifyAccess(settings, kafka, topics);
  }

  /**
   * Starts to notify.
   *
   * @param instance name under which this process comes back; null for none
   */
  Notifier notify(KafkaClients kafka, Topics topics, String instance) {
    Settings.Notify notify = settings.notifier();
    return Notifier.start(
        database,
        catalogue,
        rendering,
        kafka,
        topics,
        new Notifier.Options(instance, notify.workers(), notify.lease(), notify.retention()),
        InstantSource.system());
  }

  NotifyDatabase database() {
    return database;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public void close() {
    rendering.close();
    channels.close();
    http.close();
    database.close();
  }

  private static DatabaseSettings database(Settings settings) {
    Settings.Database given = settings.notifier().database();
    DatabaseSettings embedded = DatabaseSettings.embedded(settings.dataDir());
    return given
        .url()
        .filter(url -> !url.isBlank())
        .map(
            url ->
                new DatabaseSettings(
                    url,
                    given.user().orElse(null),
                    given.password().map(Secret::new).orElse(null),
                    embedded.connections()))
        .orElse(embedded);
  }

  private static OutboundSettings outbound(Settings settings) {
    OutboundSettings usual =
        OutboundSettings.defaults(
            Version.number(),
            null,
            List.copyOf(settings.notifier().allowPrivate().orElse(Set.of())));
    return new OutboundSettings(
        usual.version(),
        usual.contact(),
        usual.allowPrivate(),
        usual.ports(),
        usual.connect(),
        ATTEMPT,
        ATTEMPT,
        MAX_ANSWER,
        usual.maxRatio());
  }

  /** What may be named; what has no folder here is not checked. */
  private static Supplier<KnownIds> knownIds(Path config) {
    Path lexicon = config.resolve("lexicon");
    Path agreements = config.resolve("agreements");
    return () ->
        KnownIds.of(
            Files.isDirectory(lexicon)
                ? () ->
                    Lexicon.load(lexicon).organisations().all().stream()
                        .map(Organisation::id)
                        .collect(Collectors.toSet())
                : null,
            Files.isDirectory(agreements)
                ? () ->
                    new RegistryFolder(agreements, InstantSource.system())
                        .registry().all().stream()
                            .flatMap(NotifyAccess::names)
                            .collect(Collectors.toSet())
                : null);
  }

  private static Stream<String> names(Agreement agreement) {
    return Stream.of(agreement.id(), agreement.chain());
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
