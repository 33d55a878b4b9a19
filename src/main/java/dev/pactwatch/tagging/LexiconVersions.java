package dev.pactwatch.tagging;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.lexicon.Lexicon;
import java.io.IOException;
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
import java.util.List;

/**
 * The lexicons that were in use, beside the one that is: {@code lexicon-versions} in the
 * configuration folder holds each by its version, and {@code history.jsonl} who activated which
 * when. A lexicon is activated whole or not at all; running processes take it over as they take
 * over one that is edited.
 */
public final class LexiconVersions {

  /** Beside the folder of the lexicon in use. */
  public static final String FOLDER = "lexicon-versions";

  private static final String HISTORY = "history.jsonl";
  private static final String LOCK = "lock";

  private final Path lexicon;
  private final Path folder;
  private final LexiconCopies copies;
  private final InstantSource clock;

  /**
   * @param lexicon folder of the lexicon in use
   */
  public LexiconVersions(Path lexicon, InstantSource clock) {
    this.lexicon = lexicon;
    this.folder = lexicon.toAbsolutePath().resolveSibling(FOLDER);
    this.copies = new LexiconCopies(folder);
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
    return copies
        .find(version)
        .orElseThrow(
            () ->
                new ConfigException("no lexicon '" + version + "' is kept; see lexicon versions"));
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
          copies.keep(lexicon, before);
          swap(copies.keep(set, version));
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

  /** Two renames: between them there is no lexicon, and who looks just then keeps the old one. */
  private void swap(Path kept) throws IOException {
    Path place = lexicon.toAbsolutePath();
    Path next = place.resolveSibling(".lexicon.new");
    Path old = place.resolveSibling(".lexicon.old");
    LexiconCopies.delete(next);
    LexiconCopies.delete(old);
    LexiconCopies.copy(kept, next);
    Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    LexiconCopies.delete(old);
  }
}
