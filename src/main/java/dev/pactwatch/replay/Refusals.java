package dev.pactwatch.replay;

import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What of the sources was not taken, and why; {@code refusals.json} in a replay's folder.
 *
 * @param documents that were not read, the first thousand, with the reason
 * @param items that are no article, counted by reason
 */
public record Refusals(Map<String, String> documents, Map<String, Integer> items) {

  private static final String FILE = "refusals.json";

  static void write(Path folder, ReplayInput input) throws IOException {
    Files.write(
        folder.resolve(FILE), Json.bytes(new Refusals(input.refused(), input.rejectedItems())));
  }

  /**
   * @param folder of a replay whose sources were read
   */
  public static Refusals read(Path folder) throws IOException {
    return Json.read(Files.readAllBytes(folder.resolve(FILE)), Refusals.class);
  }
}
