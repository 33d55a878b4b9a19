package dev.pactwatch.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** One Kafka broker, a controller as well, in a process of its own that can be killed. */
final class BrokerProcess {

  private final Path settings;
  private final Path log;
  private Process process;

  /**
   * @param settings file with the broker's properties
   * @param log what it says is added there
   */
  BrokerProcess(Path settings, Path log) {
    this.settings = settings;
    this.log = log;
  }

  /** Makes the folder of the log one of a new cluster. */
  static void format(Properties properties, String cluster) {
    String folder = properties.getProperty("log.dirs");
    try {
      Files.createDirectories(Path.of(folder));
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setSupportedFeatures(List.of(Feature.PRODUCTION_FEATURES.toArray(Feature[]::new)))
          .setClusterId(cluster)
          .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
          .setDirectories(List.of(folder))
          .setMetadataLogDirectory(folder)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("cannot be formatted: " + folder, e);
    }
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Runs until its input ends, which it does also when the test is no more. */
  public static void main(String[] args) throws IOException {
    Logger.getLogger("").setLevel(Level.SEVERE);
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(text);
    }
    new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM).startup();
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(0);
  }
}
