package dev.pactwatch.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every setting of the product, with its default. Sources, the strongest first: command line
 * options, system properties ({@code -Dpactwatch.detect.threads=2}), environment variables ({@code
 * PACTWATCH_DETECT_THREADS=2}), {@code application.properties} in the configuration folder.
 */
@ConfigMapping(prefix = "pactwatch")
public interface Settings {

  /** System property with the folder of the installation, set by the launcher. */
  String HOME = "pactwatch.home";

  /** Setting of the server: the address it listens on. */
  String HTTP_HOST = "quarkus.http.host";

  /** Setting of the server: who vouches for users, besides our own tokens. */
  String OIDC_SERVER = "quarkus.oidc.auth-server-url";

  /** Setting of the server: whether log lines are JSON, one object each. */
  String JSON_LOGS = "quarkus.log.console.json.enabled";

  /** Before every topic's name and the consumer groups; a replay has its own. */
  @WithDefault("pactwatch.")
  String topicPrefix();

  /** Holds the embedded Kafka's data and the topology's local state, which belong together. */
  @WithDefault("data")
  Path dataDir();

  /** Holds feeds, agreements, lexicon and subscriptions. */
  @WithDefault("config")
  Path configDir();

  /** Address under which readers reach this installation, for links in what is sent to them. */
  Optional<String> publicUrl();

  Http http();

  Access access();

  Topics topics();

  Embedded embedded();

  Detect detect();

  Ingest ingest();

  WebSub websub();

  @WithName("notify")
  Notify notifier();

  Mail mail();

  /** HTTP, incoming and outgoing. */
  interface Http {
    /** On 127.0.0.1; 0 takes any free one. */
    @WithDefault("8080")
    int port();

    /** Address of a page or mailbox, sent with the User-Agent, where publishers can complain. */
    Optional<String> contact();

    /** Hosts, addresses or networks that may be fetched although they are not public. */
    Optional<Set<String>> allowPrivate();

    /** Names under which requests may come besides localhost and addresses of this machine. */
    Optional<Set<String>> names();
  }

  /** Who may ask. */
  interface Access {
    /** How long a browser stays logged in. */
    @WithDefault("PT12H")
    Duration session();

    /** Roles of an OpenID Connect server that make a viewer. */
    @WithDefault("viewer")
    Set<String> oidcViewer();

    /** Roles of an OpenID Connect server that make an editor. */
    @WithDefault("editor")
    Set<String> oidcEditor();

    /** Roles of an OpenID Connect server that make an admin. */
    @WithDefault("admin")
    Set<String> oidcAdmin();
  }

  /** Settings of every topic. */
  interface Topics {
    /** Of every topic; cannot change once the topics exist. */
    @WithDefault("4")
    int partitions();

    /** Lowest acceptable number of replicas; 1 on the embedded broker, 3 on a cluster. */
    Optional<Short> replication();
  }

  /** The broker inside the process, when no {@code kafka.bootstrap.servers} is set. */
  interface Embedded {
    /** On 127.0.0.1; 0 takes any free one. */
    @WithDefault("19092")
    int port();
  }

  /** The topology. */
  interface Detect {
    /** Stream threads of this process. */
    @WithDefault("1")
    int threads();

    /** How far back a newly registered agreement meets events already seen. */
    @WithDefault("P90D")
    Duration retention();

    /** Whether an event that merely names a party of an agreement alerts. */
    @WithDefault("false")
    boolean touches();
  }

  /** The poller. */
  interface Ingest {
    /** Older items of a feed that is seen for the first time are historical and page nobody. */
    @WithDefault("P7D")
    Duration fresh();

    /** Feeds fetched at the same time. */
    @WithDefault("8")
    int workers();

    /** Least time between two requests to one registrable domain. */
    @WithDefault("PT5S")
    Duration spacing();

    /** Never polls a feed more often than this. */
    @WithDefault("PT10M")
    Duration minInterval();

    /** Domains under which independent sites live: limits hold there for each host alone. */
    Optional<Set<String>> hostsOnTheirOwn();

    /** How often a feed is polled of which nothing is known yet. */
    @WithDefault("PT1H")
    Duration baseInterval();

    /** Polls in a row that fail before a feed is told to be broken. */
    @WithDefault("5")
    int brokenAfter();

    /** So many of its usual pauses without anything new, and a feed is told to be silent. */
    @WithDefault("5")
    int silentGaps();

    /** No shorter time without anything new is told of. */
    @WithDefault("P3D")
    Duration silentAtLeast();

    /** Feeds with metrics of their own; the others are summed up. */
    @WithDefault("1000")
    int metricsFeeds();
  }

  /** Hubs that push, in place of polls. */
  interface WebSub {
    /** Address under which hubs reach this product; none lets nobody push. */
    Optional<String> callback();

    /** Secret of 32 characters or more, the same for all processes; needed with a callback. */
    Optional<String> key();
  }

  /** The notifier. */
  interface Notify {
    /** Hosts, addresses or networks to which webhooks may go although they are not public. */
    Optional<Set<String>> allowPrivate();

    Database database();

    /**
     * Encrypts stored subscriptions and makes the links that end them: 32 characters or more, the
     * same for all processes. Without one there is one in a file of the data folder.
     */
    Optional<String> key();

    /** Deliveries at the same time. */
    @WithDefault("64")
    int workers();

    /** After so long another process takes over what one has begun to send and not ended. */
    @WithDefault("PT60S")
    Duration lease();

    /** How long what was sent, and every attempt, is kept. */
    @WithDefault("P90D")
    Duration retention();
  }

  /** Where the notifier keeps what it owes. */
  interface Database {
    /** JDBC, of PostgreSQL or H2; without one H2 in the data folder. */
    Optional<String> url();

    Optional<String> user();

    Optional<String> password();
  }

  /** The server that takes mail for subscribers. */
  interface Mail {
    /** Name or address; without one there is no mail. */
    Optional<String> host();

    @WithDefault("587")
    int port();

    /** Address of the sender, with a name if one likes; needed with a host. */
    Optional<String> from();

    /** For a login, which needs {@link #security} or a server on this machine. */
    Optional<String> user();

    Optional<String> password();

    /** {@code starttls}, {@code tls} or {@code none}. */
    @WithDefault("starttls")
    String security();

    /** To connect, and for each answer of the server. */
    @WithDefault("PT30S")
    Duration timeout();
  }

  /**
   * The settings together with those of others.
   *
   * @param kafka client properties, without their prefix
   * @param server what is set of the HTTP server's own settings, by full name
   */
  record Loaded(Settings settings, Map<String, String> kafka, Map<String, String> server) {

    /** Address of a cluster, when one is given. */
    public Optional<String> bootstrapServers() {
      return Optional.ofNullable(kafka.get("bootstrap.servers")).filter(s -> !s.isBlank());
    }
  }

  /**
   * Reads all sources.
   *
   * @param options of the command line, by full setting name
   * @throws ConfigException naming the setting that cannot be used
   */
  static Loaded load(Map<String, String> options) {
    Map<String, String> overrides = new HashMap<>(options);
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addSystemSources()
            .withSources(new PropertiesConfigSource(overrides, "command line", 500))
            .withValidateUnknown(false)
            .withMapping(Settings.class);
    String home = System.getProperty(HOME);
    if (home != null) {
      // Started from another folder, the product still finds what it was installed with.
      builder.withSources(
          new PropertiesConfigSource(
              Map.of(
                  "pactwatch.config-dir", Path.of(home, "config").toString(),
                  "pactwatch.data-dir", Path.of(home, "data").toString()),
              "installation",
              50));
    }
    Path directory = configDirectory(overrides);
    Path file = directory.resolve("application.properties");
    if (Files.exists(file)) {
      try {
        builder.withSources(new PropertiesConfigSource(file.toUri().toURL(), 260));
      } catch (IOException e) {
        throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
    try {
      SmallRyeConfig config = builder.build();
      Settings settings = config.getConfigMapping(Settings.class);
      Map<String, String> kafka =
          StreamSupport.stream(config.getPropertyNames().spliterator(), false)
              .filter(name -> name.startsWith("kafka."))
              .collect(
                  Collectors.toMap(
                      name -> name.substring("kafka.".length()),
                      name -> config.getOptionalValue(name, String.class).orElse(""),
                      (a, b) -> a));
      config
          .getOptionalValue("kafka.bootstrap.servers", String.class)
          .ifPresent(servers -> kafka.put("bootstrap.servers", servers));
      return new Loaded(settings, Map.copyOf(kafka), server(config));
    } catch (ConfigValidationException e) {
      throw new ConfigException("setting " + e.getProblem(0).getMessage().strip(), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("a setting cannot be used: " + e.getMessage(), e);
    }
  }

  /** The server itself reads the environment, but not the file of a folder that is not below it. */
  private static Map<String, String> server(SmallRyeConfig config) {
    Map<String, String> server = new HashMap<>();
    Stream<String> names =
        Stream.concat(
            Stream.of(HTTP_HOST, OIDC_SERVER, JSON_LOGS),
            StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith("quarkus.")));
    names.forEach(
        name ->
            config
                .getOptionalValue(name, String.class)
                .ifPresent(value -> server.put(name, value)));
    return Map.copyOf(server);
  }

  private static Path configDirectory(Map<String, String> options) {
    String name = options.get("pactwatch.config-dir");
    if (name == null) {
      name = System.getProperty("pactwatch.config-dir");
    }
    if (name == null) {
      name = System.getenv("PACTWATCH_CONFIG_DIR");
    }
    if (name == null && System.getProperty(HOME) != null) {
      return Path.of(System.getProperty(HOME), "config");
    }
    return Path.of(name == null ? "config" : name);
  }
}
