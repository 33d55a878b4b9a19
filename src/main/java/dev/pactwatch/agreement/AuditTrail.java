package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.ChainedLines;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Who changed what in the registry, when and why: JSON Lines that are only ever added to. Every
 * line holds a digest of the one before.
 */
public final class AuditTrail {

  /** Its file, beside the files of the registry. */
  public static final String FILE = "audit.jsonl";

  private AuditTrail() {}

  /**
   * What a trail says.
   *
   * @param entries oldest first
   * @param broken numbers, from 1, of the lines before which something was taken out or changed
   */
  public record Trail(List<AuditEntry> entries, List<Integer> broken) {

    public Trail {
      entries = List.copyOf(entries);
      broken = List.copyOf(broken);
    }

    /** The entries about one agreement, or about all of one chain. */
    public List<AuditEntry> about(String id) {
      return entries.stream()
          .filter(entry -> entry.agreement().equals(id) || entry.chain().equals(id))
          .toList();
    }
  }

  /**
   * @param file that need not exist: no change was ever made through the program
   * @throws ConfigException naming the line that is no entry
   */
  public static Trail read(Path file) {
    if (!Files.exists(file)) {
      return new Trail(List.of(), List.of());
    }
    List<AuditEntry> entries = new ArrayList<>();
    List<Integer> broken = new ArrayList<>();
    String previous = null;
    int number = 0;
    for (String line : lines(file)) {
      number++;
      AuditEntry entry;
      try {
        entry = Json.read(line, AuditEntry.class);
      } catch (IOException e) {
        throw new ConfigException(file + ":" + number + ": is no entry of an audit trail", e);
      }
      if (!Objects.equals(entry.previous(), previous)) {
        broken.add(number);
      }
      previous = ChainedLines.digest(line);
      entries.add(entry);
    }
    return new Trail(entries, broken);
  }

  /**
   * Adds entries and waits until the disk has them.
   *
   * @param channel of the file, open for reading and writing, and locked
   */
  static void append(FileChannel channel, List<AuditEntry> entries) throws IOException {
    List<UnaryOperator<String>> lines = new ArrayList<>();
    for (AuditEntry entry : entries) {
      lines.add(previous -> Json.write(entry.after(previous)));
    }
    ChainedLines.append(channel, lines);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
