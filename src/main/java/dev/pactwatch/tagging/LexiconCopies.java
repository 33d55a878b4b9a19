package dev.pactwatch.tagging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lexicons as they were, each in a folder that has its version as its name. */
public final class LexiconCopies {

  private static final Pattern VERSION = Pattern.compile("[0-9a-f]{12}");

  private final Path folder;

  /**
   * @param folder is made when the first copy is
   */
  public LexiconCopies(Path folder) {
    this.folder = folder;
  }

  /** The folder of a version; empty when it is not kept. */
  public Optional<Path> find(String version) {
    return VERSION.matcher(version).matches() && Files.isDirectory(folder.resolve(version))
        ? Optional.of(folder.resolve(version))
        : Optional.empty();
  }

  /**
   * Keeps a lexicon, whole or not at all; one that is kept already stays as it is.
   *
   * @param lexicon its folder
   * @return the copy
   */
  public Path keep(Path lexicon, String version) throws IOException {
    Path kept = folder.resolve(version);
    if (!Files.exists(kept)) {
      Files.createDirectories(folder);
      Path draft = folder.resolve(version + ".new");
      delete(draft);
      copy(lexicon, draft);
      Files.move(draft, kept, StandardCopyOption.ATOMIC_MOVE);
    }
    return kept;
  }

  /** Deletes all but the newest. */
  public void keepNewest(int most) throws IOException {
    List<Path> kept;
    try (Stream<Path> all = Files.list(folder)) {
      kept =
          all.filter(each -> VERSION.matcher(each.getFileName().toString()).matches())
              .sorted(Comparator.comparing(LexiconCopies::age).reversed())
              .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path old : kept.subList(Math.min(most, kept.size()), kept.size())) {
      delete(old);
    }
  }

  private static long age(Path path) {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copy(Path from, Path to) throws IOException {
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

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
