package dev.pactwatch.topology;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.tagging.LexiconCopies;
import dev.pactwatch.tagging.LexiconVersions;
import dev.pactwatch.tagging.Tagger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The lexicons that this process can tag with: the one of its configuration folder, and those that
 * other parts of the stream still use or use already.
 */
final class Lexicons {

  private static final Logger LOG = Logger.getLogger(Lexicons.class);

  /** Compiled ones beside the own: a stream has an old one and a new one while it changes. */
  private static final int MOST_LOADED = 2;

  private static final int MOST_COPIES = 20;
  private static final long LOOK_MILLIS = 250;

  private final Path folder;
  private final LexiconCopies activated;
  private final LexiconCopies copies;
  private final Duration patience;
  private final Map<String, Tagger> loaded = new LinkedHashMap<>();
  private volatile Tagger own;

  /**
   * @param folder of the own lexicon
   * @param copies where lexicons that were the own are kept; null to keep none
   * @param patience how long to wait for one that is in use elsewhere: folders of several machines
   *     do not change at the same moment
   */
  Lexicons(Path folder, Tagger own, Path copies, Duration patience) {
    this.folder = folder;
    this.activated =
        new LexiconCopies(folder.toAbsolutePath().resolveSibling(LexiconVersions.FOLDER));
    this.copies = copies == null ? null : new LexiconCopies(copies);
    this.patience = patience;
    this.own = own;
    keep(own);
  }

  /** The lexicon of the configuration folder. */
  Tagger own() {
    return own;
  }

  /** The configuration folder has another one now. */
  synchronized void own(Tagger next) {
    remember(own);
    own = next;
    keep(next);
    notifyAll();
  }

  /**
   * Waits for it where it has to.
   *
   * @throws MissingLexiconException when it is nowhere to be found
   */
  Tagger of(String version) {
    Tagger mine = own;
    return version.equals(mine.lexicon().version()) ? mine : other(version);
  }

  private synchronized Tagger other(String version) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<Tagger> found = find(version);
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new MissingLexiconException(
            "lexicon "
                + version
                + " is in use, and this process does not have it: give it the same "
                + folder
                + ", or a copy of it as "
                + folder.resolveSibling(LexiconVersions.FOLDER).resolve(version));
      }
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MissingLexiconException("stopped while lexicon " + version + " was waited for");
      }
    }
  }

  private Optional<Tagger> find(String version) {
    if (version.equals(own.lexicon().version())) {
      return Optional.of(own);
    }
    Tagger known = loaded.get(version);
    if (known == null) {
      known = load(version).orElse(null);
      if (known != null) {
        remember(known);
      }
    }
    return Optional.ofNullable(known);
  }

  private Optional<Tagger> load(String version) {
    List<Path> places = new ArrayList<>();
    activated.find(version).ifPresent(places::add);
    if (copies != null) {
      copies.find(version).ifPresent(places::add);
    }
    places.add(folder);
    for (Path place : places) {
      try {
        if (Lexicon.load(place).version().equals(version)) {
          return Optional.of(Tagger.load(place));
        }
      } catch (ConfigException e) {
        LOG.debugf("%s is not lexicon %s: %s", place, version, e.getMessage());
      }
    }
    return Optional.empty();
  }

  private void remember(Tagger tagger) {
    loaded.put(tagger.lexicon().version(), tagger);
    if (loaded.size() > MOST_LOADED) {
      loaded.remove(loaded.keySet().iterator().next());
    }
  }

  private void keep(Tagger tagger) {
    if (copies == null) {
      return;
    }
    try {
      var unused = copies.keep(folder, tagger.lexicon().version());
      copies.keepNewest(MOST_COPIES);
    } catch (IOException e) {
      LOG.warnf("lexicon %s is not kept: %s", tagger.lexicon().version(), e.getMessage());
    }
  }
}
