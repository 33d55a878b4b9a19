package dev.pactwatch.replay;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.topology.ProductRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What decides about articles: a lexicon, a registry of agreements, the tree of topics and the
 * words of retractions, as files. A replay keeps a copy, so that it goes on with what it began
 * with, and what was compared is what can be activated.
 */
public final class ReplaySet {

  static final String LEXICON = "lexicon";
  static final String AGREEMENTS = "agreements";
  static final String TOPICS = "topics.yaml";
  static final String RETRACTIONS = "retractions.yaml";

  /** Nobody writes a file of agreements or rules by hand that is larger. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int VERSION_DIGITS = 12;

  private final Path folder;

  private ReplaySet(Path folder) {
    this.folder = folder;
  }

  /**
   * Where the parts are taken from.
   *
   * @param lexicon folder
   * @param agreements file or folder
   * @param topics file
   * @param retractions file, which may be missing
   */
  public record Origin(Path lexicon, Path agreements, Path topics, Path retractions) {

    /** All of a configuration folder. */
    public static Origin of(Path config) {
      return new Origin(
          config.resolve(LEXICON),
          config.resolve(AGREEMENTS),
          config.resolve(TOPICS),
          config.resolve(RETRACTIONS));
    }

    /** The same, with what another folder has of the parts. */
    public Origin with(Path other) {
      Origin its = of(other);
      if (Stream.of(its.lexicon, its.agreements, its.topics, its.retractions)
          .noneMatch(Files::exists)) {
        throw new ConfigException(
            other + ": has none of lexicon/, agreements/ and topics.yaml to compare with");
      }
      return new Origin(
          Files.exists(its.lexicon) ? its.lexicon : lexicon,
          Files.exists(its.agreements) ? its.agreements : agreements,
          Files.exists(its.topics) ? its.topics : topics,
          Files.exists(its.retractions) ? its.retractions : retractions);
    }
  }

  /**
   * By what equal sets are known.
   *
   * @param lexicon version of the lexicon, which events and alerts carry
   * @param registry version of the registry
   * @param topics of the tree of topics and the words of retractions together
   */
  public record Versions(String lexicon, String registry, String topics) {}

  /**
   * A set, ready for use.
   *
   * @param folder it was read from
   */
  public record Loaded(Path folder, ProductRules rules, Registry registry, Versions versions) {}

  /**
   * Copies the parts.
   *
   * @param folder to be made
   */
  static ReplaySet copy(Origin origin, Path folder) {
    try {
      Files.createDirectories(folder);
      tree(origin.lexicon, folder.resolve(LEXICON));
      if (Files.isRegularFile(origin.agreements)) {
        Files.createDirectories(folder.resolve(AGREEMENTS));
        file(
            origin.agreements,
            folder.resolve(AGREEMENTS).resolve(origin.agreements.getFileName().toString()));
      } else {
        tree(origin.agreements, folder.resolve(AGREEMENTS));
      }
      file(origin.topics, folder.resolve(TOPICS));
      if (Files.exists(origin.retractions)) {
        file(origin.retractions, folder.resolve(RETRACTIONS));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ConfigException("what decides cannot be copied: " + e.getMessage(), e);
    }
    return new ReplaySet(folder);
  }

  /**
   * @throws ConfigException naming file, line and field of what is wrong
   */
  static void check(Origin origin, boolean touches) {
    var unused = ProductRules.load(origin.lexicon, origin.topics, touches);
    var unusedToo = AgreementFiles.load(origin.agreements);
  }

  /** A set that was copied before. */
  static ReplaySet at(Path folder) {
    return new ReplaySet(folder);
  }

  /**
   * @param touches whether an event that merely names a party matches
   * @throws ConfigException naming file, line and field of what is wrong
   */
  Loaded load(boolean touches) {
    ProductRules rules =
        ProductRules.load(folder.resolve(LEXICON), folder.resolve(TOPICS), touches);
    Registry registry = AgreementFiles.load(folder.resolve(AGREEMENTS));
    return new Loaded(
        folder,
        rules,
        registry,
        new Versions(rules.lexiconVersion(), registry.version(), topicsVersion()));
  }

  private String topicsVersion() {
    MessageDigest digest = LinesWriter.sha256();
    try {
      for (String name : List.of(TOPICS, RETRACTIONS)) {
        if (Files.exists(folder.resolve(name))) {
          digest.update(Files.readAllBytes(folder.resolve(name)));
        }
        digest.update((byte) 0);
      }
    } catch (IOException e) {
      throw new ConfigException(folder + ": cannot be read: " + e.getMessage(), e);
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
  }

  /**
   * Copies the regular files of a folder, hidden ones aside.
   *
   * @throws ConfigException when the folder does not exist, or holds what is too large
   */
  static void tree(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      throw new ConfigException(from + ": no such folder");
    }
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
        Path name = from.relativize(each);
        if (!name.getFileName().toString().startsWith(".")) {
          Path target = to.resolve(name.toString());
          Files.createDirectories(target.getParent());
          file(each, target);
        }
      }
    }
  }

  private static void file(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from)) {
      throw new ConfigException(from + ": no such file");
    }
    if (Files.size(from) > MAX_BYTES) {
      throw new ConfigException(from + ": larger than 64 MiB");
    }
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
