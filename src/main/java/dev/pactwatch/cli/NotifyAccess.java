package dev.pactwatch.cli;

import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.MailSettings;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.Notifier;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.delivery.Rendering;
import dev.pactwatch.notify.policy.NotifyFile;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The notifier's database, subscriptions and channels, put together from settings. What commands
 * change here a running notifier picks up, in this process or another.
 */
final class NotifyAccess implements AutoCloseable {

  private static final Logger LOG = System.getLogger(NotifyAccess.class.getName());

  /** Below the data folder. */
  private static final String FOLDER = "notify";

  private static final int CONNECTIONS = 8;

  /** Standard Webhooks advises 15 to 30 seconds. */
  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** Of a receiver's answer, of which the log keeps the beginning. */
  private static final int MAX_ANSWER = 1024 * 1024;

  private final Settings settings;
  private final KafkaClients kafka;
  private final NotifyDatabase database;
  private final SecretBox box;
  private final Catalogue catalogue;
  private final NotifyAdmin admin;
  private final ReaderLinks links;
  private OutboundClient http;
  private Channels channels;
  private Rendering rendering;

  private NotifyAccess(
      Settings settings, Path data, KafkaClients kafka, NotifyDatabase database, boolean sends) {
    this.settings = settings;
    this.kafka = kafka;
    this.database = database;
    this.box =
        settings
            .notifier()
            .key()
            .filter(key -> !key.isBlank())
            .map(key -> new SecretBox(new Secret(key)))
            .orElseGet(() -> SecretBox.ofFile(data.resolve(FOLDER).resolve("key")));
    Path file = settings.configDir().resolve("subscriptions.yaml");
    Supplier<KnownIds> known = () -> known(settings.configDir());
    InstantSource clock = InstantSource.system();
    this.catalogue =
        sends
            ? new Catalogue(database, box, file, known, System::getenv, clock)
            : Catalogue.lookingOn(database, box, file, known, System::getenv, clock);
    String page = settings.publicUrl().map(NotifyAccess::address).orElse(null);
    this.links = new ReaderLinks(page, box);
    this.admin = new NotifyAdmin(database, catalogue, this::channels, box, page, clock);
  }

  /**
   * For commands: no broker is asked for anything.
   *
   * @throws ConfigException when database, key or {@code subscriptions.yaml} cannot be used
   */
  static NotifyAccess open(Settings.Loaded loaded) {
    Map<String, String> kafka = new HashMap<>(loaded.kafka());
    kafka.putIfAbsent("bootstrap.servers", "127.0.0.1:" + loaded.settings().embedded().port());
    Path data = loaded.settings().dataDir();
    Path demo = data.resolve(Cluster.DEMO);
    // As other commands do: a demonstration is meant where nothing else ever ran.
    boolean inDemo = !Files.exists(data.resolve(FOLDER)) && Files.exists(demo.resolve(FOLDER));
    return open(loaded, inDemo ? demo : data, new KafkaClients(kafka), false);
  }

  /**
   * For a process with a part of the notifier.
   *
   * @param kafka where topics of subscribers are
   * @param sends whether it needs the secrets of all subscriptions, or only looks on
   * @throws ConfigException when database, key or {@code subscriptions.yaml} cannot be used
   */
  static NotifyAccess open(Settings.Loaded loaded, KafkaClients kafka, boolean sends) {
    return open(loaded, loaded.settings().dataDir(), kafka, sends);
  }

  private static NotifyAccess open(
      Settings.Loaded loaded, Path data, KafkaClients kafka, boolean sends) {
    NotifyDatabase database = NotifyDatabase.open(database(loaded.settings(), data));
    try {
      return new NotifyAccess(loaded.settings(), data, kafka, database, sends);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Reads the file of subscriptions as a notifier would, secrets included, without starting one.
   *
   * @return how many there are
   * @throws ConfigException when it cannot be used
   */
  static int checkFile(Settings.Loaded loaded) {
    Path config = loaded.settings().configDir();
    NotifyFile file =
        NotifyFile.read(
            config.resolve("subscriptions.yaml"),
            System::getenv,
            known(config),
            NotifyFile.Elsewhere.NOTHING,
            warning -> LOG.log(Level.DEBUG, warning));
    return file.subscriptions().size();
  }

  /**
   * Asks a database that is not ours whether it is there.
   *
   * @throws ConfigException when it is not
   */
  static void checkDatabase(Settings.Loaded loaded) {
    NotifyDatabase.reach(database(loaded.settings(), loaded.settings().dataDir()));
  }

  NotifyAdmin admin() {
    return admin;
  }

  NotifyDatabase database() {
    return database;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  SecretBox box() {
    return box;
  }

  /**
   * Starts to notify.
   *
   * @param topics those that {@code kafka} was opened with
   * @param instance name under which this process comes back; null for none
   */
  Notifier notifier(Topics topics, String instance) {
    Settings.Notify notify = settings.notifier();
    rendering = new Rendering(channels(), links);
    return Notifier.start(
        database,
        catalogue,
        rendering,
        kafka,
        topics,
        new Notifier.Options(instance, notify.workers(), notify.lease(), notify.retention()),
        InstantSource.system());
  }

  /** Opened at the first question. */
  synchronized Channels channels() {
    if (channels == null) {
      http = new OutboundClient(outbound(settings));
      Templates templates = Templates.load(settings.configDir().resolve("templates"));
      templates.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
      channels =
          new Channels(
              http,
              MailSettings.of(settings.mail()),
              null,
              kafka,
              new Topics(
                  settings.topicPrefix(),
                  settings.topics().partitions(),
                  settings.topics().replication().orElse((short) 1)),
              templates,
              System.out,
              InstantSource.system());
    }
    return channels;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (rendering != null) {
        rendering.close();
      }
      if (channels != null) {
        channels.close();
        http.close();
      }
    }
    database.close();
  }

  /** Who runs the command, as the audit names them. */
  static String user() {
    return System.getProperty("user.name", "unknown");
  }

  private static DatabaseSettings database(Settings settings, Path data) {
    Settings.Database database = settings.notifier().database();
    Optional<String> url = database.url().filter(text -> !text.isBlank());
    if (url.isEmpty()) {
      return DatabaseSettings.embedded(data);
    }
    if (!url.get().matches("jdbc:(postgresql|h2):.+")) {
      throw new ConfigException(
          "setting pactwatch.notify.database.url: must begin with jdbc:postgresql: or jdbc:h2:");
    }
    return new DatabaseSettings(
        url.get(),
        database.user().orElse(null),
        database.password().map(Secret::new).orElse(null),
        CONNECTIONS);
  }

  private static OutboundSettings outbound(Settings settings) {
    OutboundSettings usual =
        OutboundSettings.defaults(
            Version.number(),
            settings.http().contact().orElse(""),
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

  private static String address(String url) {
    if (!url.matches("https?://[^\\s?#]+")) {
      throw new ConfigException(
          "setting pactwatch.public-url: must be an address such as https://pactwatch.example.org");
    }
    return url;
  }

  /** What may be named; what has no folder here is not checked. */
  private static KnownIds known(Path config) {
    Path lexicon = config.resolve("lexicon");
    Path agreements = config.resolve("agreements");
    return KnownIds.of(
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
                        .flatMap(one -> Stream.of(one.id(), one.chain()))
                        .collect(Collectors.toSet())
            : null);
  }
}
