package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the product. */
@Command(
    name = "run",
    description = {
      "Watches the feeds and tells of alerts, until it is stopped.",
      "",
      "Without KAFKA_BOOTSTRAP_SERVERS it brings its own Kafka, with its data under data/kafka."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch run --demo",
      "  ./pactwatch run --port 9000 --data /var/lib/pactwatch",
      "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 ./pactwatch run --roles detect"
    })
final class RunCommand implements Callable<Integer> {

  @Mixin CommonOptions common;

  @Option(
      names = "--demo",
      description =
          "Feed it a bundled history, a retelling of public facts, on a data folder of its own"
              + " that starts empty each time.")
  boolean demo;

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Of ${COMPLETION-CANDIDATES}, separated by commas (default: all).")
  Set<Role> roles = EnumSet.allOf(Role.class);

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "HTTP port on 127.0.0.1 (default: 8080).")
  Integer port;

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      description = "Port of the embedded Kafka on 127.0.0.1 (default: 19092; 0 takes a free one).")
  Integer kafkaPort;

  @Override
  public Integer call() {
    Map<String, String> options = new HashMap<>();
    if (port != null) {
      options.put("pactwatch.http.port", port.toString());
    }
    if (kafkaPort != null) {
      options.put("pactwatch.embedded.port", kafkaPort.toString());
    }
    Settings.Loaded settings = common.settings(options);
    if (demo) {
      if (settings.bootstrapServers().isPresent()) {
        throw new ConfigException(
            "--demo brings its own Kafka: unset KAFKA_BOOTSTRAP_SERVERS to run it");
      }
      options.put("pactwatch.data-dir", DemoHistory.freshFolder(settings.settings()).toString());
      settings = Settings.load(withFolders(options));
    }
    return new Application(settings, roles, demo).run();
  }

  private Map<String, String> withFolders(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    if (common.config != null) {
      all.put("pactwatch.config-dir", common.config.toString());
    }
    return all;
  }
}
