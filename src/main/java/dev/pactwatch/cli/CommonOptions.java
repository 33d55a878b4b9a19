package dev.pactwatch.cli;

import dev.pactwatch.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that every command with settings has. */
final class CommonOptions {

  @Option(
      names = "--config",
      paramLabel = "DIR",
      description = "Folder with feeds, agreements, lexicon, subscriptions (default: config).")
  Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder for the embedded Kafka and local state (default: data).")
  Path data;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  /** All settings, with these options above every other source. */
  Settings.Loaded settings() {
    return settings(Map.of());
  }

  /**
   * @param more settings from a command's own options
   */
  Settings.Loaded settings(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    if (config != null) {
      options.put("pactwatch.config-dir", config.toString());
    }
    if (data != null) {
      options.put("pactwatch.data-dir", data.toString());
    }
    return Settings.load(options);
  }
}
