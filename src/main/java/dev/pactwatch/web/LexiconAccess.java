package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.tagging.Tagger;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.RunningDetector;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The lexicon of the configuration folder, for who wants to try it. */
@ApplicationScoped
public class LexiconAccess {

  private final RunningDetector detector;
  private final Path folder;
  private TreeMap<Path, List<Object>> stamps;
  private Tagger tagger;

  LexiconAccess(
      RunningDetector detector,
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path config) {
    this.detector = detector;
    this.folder = config.resolve("lexicon");
  }

  /**
   * That of the topology, which takes up changes by itself, where it runs in this process: a
   * lexicon takes much room. Elsewhere read at the first question, and again when a file was
   * written since; also when the examples of its rules fail, for that is what is to be looked into.
   *
   * @throws ConfigException naming file, line and field of what is wrong
   */
  synchronized Tagger tagger() {
    Optional<ProductRules> running = detector.rules();
    if (running.isPresent()) {
      return running.get().tagger();
    }
    TreeMap<Path, List<Object>> now = stamps();
    if (tagger == null || !now.equals(stamps)) {
      tagger = new Tagger(Lexicon.load(folder));
      stamps = now;
    }
    return tagger;
  }

  private TreeMap<Path, List<Object>> stamps() {
    TreeMap<Path, List<Object>> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        found.put(file, List.of(is.size(), is.lastModifiedTime()));
      }
    } catch (IOException e) {
      throw new ConfigException(folder + ": cannot be read: " + e.getMessage(), e);
    }
    return found;
  }
}
