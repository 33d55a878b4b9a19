package dev.pactwatch.replay;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The replays of a data folder, each in a folder of its own below {@code replay}: what was asked,
 * the sets, the results. A replay that somebody works on is locked.
 */
public final class ReplayStore {

  static final String MANIFEST = "manifest.json";
  static final String PROGRESS = "progress.json";

  private static final String LOCK = "lock";
  private static final Pattern ID = Pattern.compile("\\d{8}-\\d{6}(?:-\\d{1,4})?");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path root;
  private final InstantSource clock;

  /**
   * @param data folder of the installation
   */
  public ReplayStore(Path data, InstantSource clock) {
    this.root = data.resolve("replay");
    this.clock = clock;
  }

  /**
   * A replay as it is now.
   *
   * @param state the manifest's, but {@link ReplayManifest.State#INTERRUPTED} for one that nobody
   *     works on any more
   * @param progress null where nobody works on it
   */
  public record Entry(
      ReplayManifest manifest, ReplayManifest.State state, ReplayProgress progress) {}

  /** Held by who works on a replay. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Makes a replay that can be run.
   *
   * @param first what decides
   * @param second what is compared with it; null for nothing
   * @return its id
   * @throws ConfigException naming file, line and field of what is wrong with a set; nothing is
   *     left then
   */
  public String create(
      ReplayManifest.Asked asked, ReplaySet.Origin first, ReplaySet.Origin second) {
    var unused = ReplaySources.of(asked.sources());
    Instant now = clock.instant();
    Path folder = freshFolder(now);
    try {
      ReplayManifest manifest =
          new ReplayManifest(
              folder.getFileName().toString(),
              ReplayManifest.State.NEW,
              now,
              null,
              asked,
              null,
              side(first, folder.resolve("first"), asked),
              second == null ? null : side(second, folder.resolve("second"), asked),
              null,
              null);
      write(folder, MANIFEST, manifest);
      return manifest.id();
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  private static ReplayManifest.Side side(
      ReplaySet.Origin origin, Path folder, ReplayManifest.Asked asked) {
    ReplaySet set = ReplaySet.copy(origin, folder);
    try {
      return new ReplayManifest.Side(name(origin), set.load(asked.touches()).versions(), null);
    } catch (ConfigException e) {
      // The copy will be gone: what is wrong is told of the file that can be mended.
      ReplaySet.check(origin, asked.touches());
      throw e;
    }
  }

  private static String name(ReplaySet.Origin origin) {
    Path lexicon = origin.lexicon().toAbsolutePath().normalize();
    Path agreements = origin.agreements().toAbsolutePath().normalize();
    return lexicon.resolveSibling("x").equals(agreements.resolveSibling("x"))
        ? lexicon.getParent().toString()
        : "lexicon " + lexicon + ", agreements " + agreements;
  }

  private Path freshFolder(Instant now) {
    try {
      Files.createDirectories(root);
      for (int number = 1; ; number++) {
        Path folder = root.resolve(STAMP.format(now) + (number == 1 ? "" : "-" + number));
        if (!Files.exists(folder)) {
          return Files.createDirectory(folder);
        }
      }
    } catch (IOException e) {
      throw new ConfigException(root + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** All replays, the newest first. */
  public List<Entry> list() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Entry> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
        if (ID.matcher(folder.getFileName().toString()).matches()
            && Files.exists(folder.resolve(MANIFEST))) {
          found.add(entry(folder));
        }
      }
    } catch (IOException e) {
      throw new ConfigException(root + ": cannot be read: " + e.getMessage(), e);
    }
    return found;
  }

  /** One of them; empty where there is none of the id. */
  public Optional<Entry> find(String id) {
    return ID.matcher(id).matches() && Files.exists(root.resolve(id).resolve(MANIFEST))
        ? Optional.of(entry(root.resolve(id)))
        : Optional.empty();
  }

  /**
   * @throws ConfigException when there is none of the id
   */
  public Entry get(String id) {
    return find(id)
        .orElseThrow(() -> new ConfigException("no replay '" + id + "'; see replay list"));
  }

  /**
   * Folder of one of the sets of a replay that is done: what was compared, as it was compared.
   *
   * @param second the second set, not the first one
   * @throws ConfigException when there is none of the id, it is not done, or it has no such set
   */
  public Path set(String id, boolean second) {
    Entry entry = get(id);
    if (entry.state() != ReplayManifest.State.DONE) {
      throw new ConfigException("replay " + id + " is " + entry.state().label() + ", not done");
    }
    if (second && entry.manifest().second() == null) {
      throw new ConfigException("replay " + id + " compared nothing: it has no second set");
    }
    return folder(id).resolve(second ? "second" : "first");
  }

  /** Folder of a replay that is there. */
  public Path folder(String id) {
    return root.resolve(get(id).manifest().id());
  }

  /**
   * Removes a replay and all that it gave.
   *
   * @throws ConfigException when there is none of the id, or somebody works on it
   */
  public void remove(String id) {
    Path folder = folder(id);
    try (Hold held = hold(id)) {
      delete(folder);
    }
  }

  /**
   * @throws ConfigException when somebody else works on it
   */
  Hold hold(String id) {
    Hold held = tryHold(folder(id));
    if (held == null) {
      throw new ConfigException("replay " + id + " is under way in another process");
    }
    return held;
  }

  void save(ReplayManifest manifest) {
    write(root.resolve(manifest.id()), MANIFEST, manifest);
  }

  void save(String id, ReplayProgress progress) {
    write(root.resolve(id), PROGRESS, progress);
  }

  private static Entry entry(Path folder) {
    try {
      ReplayManifest manifest =
          Json.read(Files.readString(folder.resolve(MANIFEST)), ReplayManifest.class);
      ReplayManifest.State state = manifest.state();
      ReplayProgress progress = null;
      if (state == ReplayManifest.State.RUNNING) {
        Hold free = tryHold(folder);
        if (free != null) {
          free.close();
          // It may have ended since the manifest was read.
          manifest = Json.read(Files.readString(folder.resolve(MANIFEST)), ReplayManifest.class);
          state =
              manifest.state() == ReplayManifest.State.RUNNING
                  ? ReplayManifest.State.INTERRUPTED
                  : manifest.state();
        } else {
          progress = progress(folder);
        }
      }
      return new Entry(manifest, state, progress);
    } catch (IOException e) {
      throw new ConfigException(
          folder.resolve(MANIFEST) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static ReplayProgress progress(Path folder) throws IOException {
    try {
      return Json.read(Files.readString(folder.resolve(PROGRESS)), ReplayProgress.class);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Hold tryHold(Path folder) {
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return () -> close(channel);
        }
      } catch (OverlappingFileLockException e) {
        // Another thread of this very process: held all the same.
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw new ConfigException(folder + ": cannot be locked: " + e.getMessage(), e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A reader sees the old file or the new one. */
  private static void write(Path folder, String name, Object value) {
    Path file = folder.resolve(name);
    Path draft = folder.resolve(name + ".new");
    try {
      Files.write(draft, Json.bytes(value));
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
