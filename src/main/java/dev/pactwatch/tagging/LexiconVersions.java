package dev.pactwatch.tagging;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.lexicon.Lexicon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The lexicons that were in use, beside the one that is: {@code lexicon-versions} in the
 * configuration folder holds each by its version, and {@code history.jsonl} who activated which
 * when. A lexicon is activated whole or not at all; running processes take it over as they take
 * over one that is edited.
 */
public final class LexiconVersions {

  private static final String FOLDER = "lexicon-versions";
  private static final String HISTORY = "history.jsonl";
  private static final String LOCK = "lock";
  private static final Pattern VERSION = Pattern.compile("[0-9a-f]{12}");

  private final Path lexicon;
  private final Path folder;
  private final InstantSource clock;

  /**
   * @param lexicon folder of the lexicon in use
   */
  public LexiconVersions(Path lexicon, InstantSource clock) {
    this.lexicon = lexicon;
    this.folder = lexicon.toAbsolutePath().resolveSibling(FOLDER);
    this.clock = clock;
  }

  /**
   * One activation.
   *
   * @param version that came into use
   * @param before version that was in use until then
   * @param by who did it
   * @param from where it came from, such as a replay
   */
  public record Activation(Instant at, String version, String before, String by, String from) {}

  /** Every activation, the oldest first. */
  public List<Activation> history() {
    Path file = folder.resolve(HISTORY);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Activation> found = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        found.add(Json.read(line, Activation.class));
      }
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
    return found;
  }

  /** Version of the lexicon in use. */
  public String current() {
    return Lexicon.load(lexicon).version();
  }

  /**
   * Folder of a version that is kept.
   *
   * @throws ConfigException when it is not
   */
  public Path kept(String version) {
    if (!VERSION.matcher(version).matches() || !Files.isDirectory(folder.resolve(version))) {
      throw new ConfigException("no lexicon '" + version + "' is kept; see lexicon versions");
    }
    return folder.resolve(version);
  }

  /**
   * Puts another lexicon in the place of the one in use, which is kept.
   *
   * @param set folder of the other one, which stays as it is
   * @param from where it comes from, in words
   * @return what was done; where the same version is in use already, {@code version} and {@code
   *     before} are equal and nothing was
   * @throws ConfigException with file, line and reason when a file of it cannot be used or an
   *     example does not hold; nothing has changed then
   */
  public Activation activate(Path set, String by, String from) {
    String version = Tagger.load(set).lexicon().version();
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        String before = current();
        Activation activation = new Activation(clock.instant(), version, before, by, from);
        if (lock.isValid() && !version.equals(before)) {
          keep(lexicon, before);
          keep(set, version);
          swap(version);
          Files.writeString(
              folder.resolve(HISTORY),
              Json.write(activation) + "\n",
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
        }
        return activation;
      }
    } catch (IOException e) {
      throw new ConfigException(lexicon + ": cannot be replaced: " + e.getMessage(), e);
    }
  }

  private void keep(Path from, String version) throws IOException {
    if (!Files.exists(folder.resolve(version))) {
      Path draft = folder.resolve(version + ".new");
      delete(draft);
      copy(from, draft);
      Files.move(draft, folder.resolve(version), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Two renames: between them there is no lexicon, and who looks just then keeps the old one. */
  private void swap(String version) throws IOException {
    Path place = lexicon.toAbsolutePath();
    Path next = place.resolveSibling(".lexicon.new");
    Path old = place.resolveSibling(".lexicon.old");
    delete(next);
    delete(old);
    copy(folder.resolve(version), next);
    Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    delete(old);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.sorted().toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
