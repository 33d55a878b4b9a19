package dev.pactwatch.cli;

import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.article.Retractions;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Finding;
import dev.pactwatch.config.Settings;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.ClusterCheck;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.notify.channel.Templates;
import dev.pactwatch.tagging.LexiconCheck;
import dev.pactwatch.tagging.Tagger;
import dev.pactwatch.topology.InternalTopics;
import dev.pactwatch.web.access.AccessFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at a set-up as a whole. Changes nothing but for a file in the data folder, which it takes
 * out again.
 */
final class Doctor {

  /** Oldest Java that the program runs on. */
  private static final int JAVA = 17;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Beside the cluster's own findings, the id that stands for it. */
  private static final String KAFKA = "broker";

  private final Settings.Loaded loaded;
  private final Path config;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Settings.Loaded loaded, InstantSource clock) {
    this.loaded = loaded;
    this.config = loaded.settings().configDir();
    this.clock = clock;
  }

  /**
   * Everything that can be looked at, in the order in which it is needed.
   *
   * @param java feature number of the running Java
   */
  static List<Finding> examine(Settings.Loaded loaded, int java, InstantSource clock) {
    Doctor doctor = new Doctor(loaded, clock);
    doctor.java(java);
    boolean writable = doctor.dataFolder();
    doctor.ports();
    doctor.files();
    doctor.findings.addAll(ClusterCheck.clients(loaded.kafka()));
    if (writable) {
      doctor.kafka();
      doctor.database();
    }
    return List.copyOf(doctor.findings);
  }

  /**
   * The part of it that a start has to wait for: whether running on this cluster would lose or
   * repeat news.
   *
   * @throws ConfigException naming each thing that is wrong, and how to mend it
   */
  static void refuse(Settings.Loaded loaded, Cluster cluster) {
    List<Finding> all = new ArrayList<>(ClusterCheck.clients(loaded.kafka()));
    all.addAll(cluster(cluster, InstantSource.system()));
    List<String> fatal =
        all.stream()
            .filter(one -> one.state() == Finding.State.FATAL)
            .map(one -> one.what() + " (" + one.mend() + ")")
            .toList();
    if (!fatal.isEmpty()) {
      throw new ConfigException(String.join(System.lineSeparator(), fatal));
    }
  }

  private void java(int feature) {
    findings.add(
        feature >= JAVA
            ? Finding.ok("java", "Java " + feature)
            : Finding.wrong(
                "java",
                "Java " + feature + " is too old",
                "install a JDK, " + JAVA + " or newer, and set JAVA_HOME to it"));
  }

  private boolean dataFolder() {
    Path data = loaded.settings().dataDir().toAbsolutePath();
    String mend =
        "give the user that runs pactwatch the right to write there, or choose another --data";
    try {
      Path there = data;
      while (!Files.exists(there)) {
        there = there.getParent();
      }
      if (!Files.isDirectory(there)) {
        findings.add(Finding.wrong("data-folder", there + " is no folder", mend));
        return false;
      }
      Files.delete(Files.createTempFile(there, "doctor", ".tmp"));
      findings.add(
          Finding.ok(
              "data-folder", data + (there.equals(data) ? " can be written" : " can be made")));
      return true;
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              "data-folder", data + " cannot be written: " + e.getClass().getSimpleName(), mend));
      return false;
    }
  }

  private void ports() {
    port("http-port", loaded.settings().http().port(), "--port");
    if (loaded.bootstrapServers().isEmpty() && !running()) {
      port("kafka-port", loaded.settings().embedded().port(), "--kafka-port");
    }
  }

  private boolean running() {
    return Cluster.running(loaded.settings().dataDir());
  }

  private void port(String check, int port, String option) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      findings.add(Finding.ok(check, "port " + port + " is free"));
    } catch (IOException e) {
      findings.add(
          check.equals("http-port") && answersAsUs(port)
              ? Finding.ok(check, "port " + port + " is that of a running pactwatch")
              : Finding.wrong(
                  check,
                  "port " + port + " on 127.0.0.1 is taken by another program",
                  "stop that program, or choose another port with " + option));
    }
  }

  private static boolean answersAsUs(int port) {
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/live"))
                      .timeout(PATIENCE)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return answer.body().contains("\"web alert log reader\"");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // ---- what users edit

  private void files() {
    Path lexicon = config.resolve("lexicon");
    file("lexicon", () -> lexicon(lexicon), "./pactwatch lexicon check tells more");
    file(
        "agreements",
        () -> {
          int n = new RegistryFolder(config.resolve("agreements"), clock).registry().size();
          return n + " agreements";
        },
        "mend the file at that line; ./pactwatch agreements list reads them again");
    file(
        "feeds",
        () ->
            new FeedListFile(config.resolve("feeds.opml"), clock).read().list().feeds().size()
                + " feeds",
        "mend the file at that line; ./pactwatch feed list reads it again");
    file(
        "subscriptions",
        () -> NotifyAccess.checkFile(loaded) + " subscriptions",
        "mend the file at that line; ./pactwatch subscriptions list reads it again");
    file(
        "access",
        () -> new AccessFile(config.resolve(AccessFile.NAME), clock).read().size() + " tokens",
        "mend the file at that line; ./pactwatch token list reads it again");
    file(
        "other-files",
        () -> {
          PublisherFamilies.read(config.resolve("publishers.yaml"));
          Retractions.load(config.resolve("retractions.yaml"));
          List<String> problems = Templates.load(config.resolve("templates")).problems();
          if (!problems.isEmpty()) {
            throw new ConfigException(problems.get(0));
          }
          return "publishers, retractions and templates can be read";
        },
        "mend the file at that line");
  }

  private static String lexicon(Path folder) {
    Lexicon lexicon = Lexicon.load(folder);
    List<LexiconCheck.Failure> failures = LexiconCheck.run(new Tagger(lexicon));
    if (!failures.isEmpty()) {
      throw new ConfigException(failures.get(0).message());
    }
    return lexicon.rules().size()
        + " rules, "
        + lexicon.organisations().size()
        + " organisations, version "
        + lexicon.version();
  }

  private void file(String check, Supplier<String> reads, String mend) {
    try {
      findings.add(Finding.ok(check, reads.get()));
    } catch (ConfigException e) {
      findings.add(Finding.wrong(check, e.getMessage().lines().findFirst().orElse(""), mend));
    }
  }

  // ---- what it runs on

  private void kafka() {
    Path data = loaded.settings().dataDir();
    if (loaded.bootstrapServers().isEmpty() && !Cluster.exists(data)) {
      findings.add(Finding.ok(KAFKA, "the embedded Kafka is made by the first start"));
      return;
    }
    try (Cluster cluster = Cluster.join(loaded)) {
      findings.addAll(cluster(cluster, clock));
    } catch (ConfigException e) {
      findings.add(
          Finding.wrong(KAFKA, e.getMessage(), "stop what holds it, or choose another --data"));
    }
  }

  private static List<Finding> cluster(Cluster cluster, InstantSource clock) {
    Admin admin;
    try {
      admin = cluster.clients().admin();
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      return List.of(
          Finding.fatal(
              KAFKA,
              "no client can be made for Kafka at "
                  + cluster.clients().bootstrapServers()
                  + ": "
                  + reason.getMessage(),
              "set KAFKA_BOOTSTRAP_SERVERS and the other kafka.* settings right"));
    }
    try {
      return ClusterCheck.of(
          admin,
          cluster.topics(),
          InternalTopics.of(cluster.topics()),
          cluster.clients().bootstrapServers(),
          clock);
    } finally {
      // What is not answered by now is not waited for.
      admin.close(Duration.ofMillis(500));
    }
  }

  private void database() {
    if (loaded.settings().notifier().database().url().filter(url -> !url.isBlank()).isEmpty()) {
      return;
    }
    try {
      NotifyAccess.checkDatabase(loaded);
      findings.add(Finding.ok("database", "the notifier's database answers"));
    } catch (ConfigException e) {
      findings.add(
          Finding.wrong(
              "database",
              e.getMessage(),
              "start it, or set pactwatch.notify.database.url, .user and .password right"));
    }
  }
}
