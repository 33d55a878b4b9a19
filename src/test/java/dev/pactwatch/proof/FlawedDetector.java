package dev.pactwatch.proof;

import dev.pactwatch.QuietLogs;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.topology.DetectTopology;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.StreamsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;

/**
 * The product's topology with one setting of its own: what it has done is committed now and then,
 * and what it wrote in between is there for everybody at once.
 */
final class FlawedDetector {

  private FlawedDetector() {}

  static Process start(String servers, Topics topics, Path state, Path log) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                FlawedDetector.class.getName(),
                servers,
                topics.prefix(),
                String.valueOf(topics.partitions()),
                state.toString()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Runs until its input ends, which it does also when the test is no more. */
  public static void main(String[] args) throws IOException {
    QuietLogs.on();
    Topics topics = new Topics(args[1], Integer.parseInt(args[2]), (short) 1);
    try (Cluster cluster = Cluster.at(args[0], topics)) {
      Properties properties =
          StreamsSettings.properties(
              StreamsSettings.of(
                  cluster, Path.of(args[3]), 1, "flawed", null, StreamsSettings.LIVE));
      properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
      // So long that a kill falls between the work and its commit.
      properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Duration.ofSeconds(20).toMillis());
      try (KafkaStreams streams =
          new KafkaStreams(
              DetectTopology.build(
                  topics,
                  ProductRules.load(
                      Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false),
                  new TopologyConfig(new StreamsConfig(properties)),
                  null,
                  false),
              properties)) {
        streams.start();
        while (System.in.read() >= 0) {
          continue;
        }
      }
    }
  }
}
