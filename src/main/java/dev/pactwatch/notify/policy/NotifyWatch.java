package dev.pactwatch.notify.policy;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The notifier's file while it is edited. Each question looks whether it is another one, and takes
 * it over once it has rested from one question to the next. One that cannot be used is refused, and
 * the last good one stays in force; {@link #problem} says what is wrong.
 */
public final class NotifyWatch {

  private static final Logger LOG = System.getLogger(NotifyWatch.class.getName());

  private final Path file;
  private final Function<Path, NotifyFile> reader;
  private NotifyFile inForce;
  private List<Object> taken;
  private List<Object> seen;
  private ConfigException refused;

  /**
   * @param reader see {@link NotifyFile#read}
   * @throws ConfigException when the file cannot be used at the start
   */
  public NotifyWatch(Path file, Function<Path, NotifyFile> reader) {
    this.file = file;
    this.reader = reader;
    this.taken = stamp();
    this.seen = taken;
    this.inForce = reader.apply(file);
  }

  /** What is in force. */
  public synchronized NotifyFile get() {
    List<Object> now = stamp();
    boolean rested = now.equals(seen);
    seen = now;
    if (rested && !now.equals(taken)) {
      taken = now;
      look();
    }
    return inForce;
  }

  /** Why the file as it stands is not in force; empty when it is. */
  public synchronized Optional<ConfigException> problem() {
    return Optional.ofNullable(refused);
  }

  private void look() {
    try {
      NotifyFile next = reader.apply(file);
      refused = null;
      if (!next.equals(inForce)) {
        LOG.log(
            Level.INFO, "subscriptions taken over subscriptions=" + next.subscriptions().size());
      }
      inForce = next;
    } catch (ConfigException e) {
      refused = e;
      LOG.log(Level.ERROR, "subscriptions stay as they were: " + e.getMessage());
    }
  }

  /** Size, time and file; empty where there is none. */
  private List<Object> stamp() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = now.fileKey();
      return List.of(now.size(), now.lastModifiedTime(), key == null ? "" : key);
    } catch (IOException e) {
      return List.of();
    }
  }
}
