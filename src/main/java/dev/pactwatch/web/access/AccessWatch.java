package dev.pactwatch.web.access;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The tokens of a file that is edited while they are used. Each {@link #look} takes over a file
 * that is another one than before and has rested since the look before; one that cannot be used is
 * refused, and the tokens stay as they were.
 */
final class AccessWatch {

  private static final Logger LOG = System.getLogger(AccessWatch.class.getName());

  private final AccessFile file;
  private volatile List<AccessToken> tokens;
  private List<Object> taken;
  private List<Object> seen;

  /**
   * @throws ConfigException when the file cannot be used at the start
   */
  AccessWatch(AccessFile file) {
    this.file = file;
    this.taken = stamp();
    this.seen = taken;
    this.tokens = file.read();
  }

  List<AccessToken> tokens() {
    return tokens;
  }

  synchronized void look() {
    List<Object> now = stamp();
    boolean rested = now.equals(seen);
    seen = now;
    if (!rested || now.equals(taken)) {
      return;
    }
    taken = now;
    try {
      List<AccessToken> next = file.read();
      if (!next.equals(tokens)) {
        LOG.log(
            Level.INFO,
            "tokens taken over tokens="
                + next.size()
                + " added="
                + missing(next, tokens)
                + " removed="
                + missing(tokens, next));
      }
      tokens = next;
    } catch (ConfigException e) {
      LOG.log(Level.ERROR, "tokens stay as they were: " + e.getMessage());
    }
  }

  private static List<String> missing(List<AccessToken> from, List<AccessToken> others) {
    return from.stream().filter(token -> !others.contains(token)).map(AccessToken::name).toList();
  }

  /** Size, time and file; empty where there is none. */
  private List<Object> stamp() {
    Path path = file.file();
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      Object key = now.fileKey();
      return List.of(now.size(), now.lastModifiedTime(), key == null ? "" : key);
    } catch (IOException e) {
      return List.of();
    }
  }
}
