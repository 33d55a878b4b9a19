package dev.pactwatch.cli;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.replay.ReplayManifest;
import dev.pactwatch.tagging.LexiconVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** Takes a set that was replayed into the configuration. */
final class ReplayPromotion {

  private ReplayPromotion() {}

  /**
   * @param config folder that is changed
   * @param set folder of the set
   * @param side what is known of it
   * @param from for the trails
   */
  static void run(Path config, Path set, ReplayManifest.Side side, String from, boolean dryRun) {
    String who = System.getProperty("user.name");
    LexiconVersions versions =
        new LexiconVersions(config.resolve("lexicon"), InstantSource.system());
    RegistryFolder registry =
        new RegistryFolder(config.resolve("agreements"), InstantSource.system());
    Author author = new Author(who, "command-line", "promoted from " + from);
    // What cannot be used is refused before anything is changed.
    RegistryFolder.Written agreements =
        registry.become(AgreementFiles.load(set.resolve("agreements")), author, true);
    if (dryRun) {
      String before = versions.current();
      System.out.println(
          side.versions().lexicon().equals(before)
              ? "lexicon " + before + " stays in use"
              : "lexicon "
                  + side.versions().lexicon()
                  + " would come into use, instead of "
                  + before);
    } else {
      System.out.println(line(versions.activate(set.resolve("lexicon"), who, from)));
      agreements = registry.become(AgreementFiles.load(set.resolve("agreements")), author, false);
    }
    for (AuditEntry entry : agreements.entries()) {
      System.out.println(
          Printable.of(
              (dryRun ? "would be " : "") + entry.action() + ": agreement " + entry.agreement()));
    }
    if (agreements.entries().isEmpty()) {
      System.out.println("agreements stay as they are");
    }
    for (String name : new String[] {"topics.yaml", "retractions.yaml"}) {
      if (differs(config.resolve(name), set.resolve(name))) {
        System.out.println(
            name
                + " differs and is left to you: copy "
                + set.resolve(name)
                + " to "
                + config
                + " and restart");
      }
    }
  }

  /** What an activation did. */
  static String line(LexiconVersions.Activation done) {
    return done.version().equals(done.before())
        ? "lexicon " + done.version() + " is in use already"
        : "lexicon "
            + done.version()
            + " is in use, instead of "
            + done.before()
            + " (back: lexicon activate "
            + done.before()
            + ")";
  }

  private static boolean differs(Path one, Path other) {
    try {
      return Files.exists(other) && (!Files.exists(one) || Files.mismatch(one, other) >= 0);
    } catch (IOException e) {
      throw new ConfigException(one + ": cannot be compared: " + e.getMessage(), e);
    }
  }
}
