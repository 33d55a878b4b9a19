package dev.pactwatch.topology;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.tagging.Tagger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Activates a lexicon that is edited while the monitor runs. One that cannot be used, or whose
 * examples do not hold, is refused with file, line and reason, and the old one stays in use.
 */
public final class LexiconWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LexiconWatch.class);
  private static final long EVERY_SECONDS = 2;

  private final Path directory;
  private final ProductRules rules;
  private final Consumer<String> activate;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lexicon-watch");
            thread.setDaemon(true);
            return thread;
          });
  private TreeMap<Path, List<Object>> seen;

  LexiconWatch(Path directory, ProductRules rules, Consumer<String> activate) {
    this.directory = directory;
    this.rules = rules;
    this.activate = activate;
    this.seen = stamps();
  }

  /**
   * Looks every two seconds until it is closed.
   *
   * @param activate is given the version of a lexicon that the rules have from now on
   */
  public static LexiconWatch start(Path directory, ProductRules rules, Consumer<String> activate) {
    LexiconWatch watch = new LexiconWatch(directory, rules, activate);
    var unused =
        watch.timer.scheduleWithFixedDelay(
            watch::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    return watch;
  }

  /** Loads the lexicon where a file changed since the last look. */
  void look() {
    TreeMap<Path, List<Object>> now = stamps();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      Tagger next = Tagger.load(directory);
      String before = rules.lexiconVersion();
      String version = next.lexicon().version();
      rules.use(next);
      activate.accept(version);
      LOG.infof("Lexicon %s in use, was %s", version, before);
    } catch (ConfigException e) {
      LOG.errorf(
          "The changed lexicon is refused, %s stays in use: %s",
          rules.lexiconVersion(), e.getMessage());
    } catch (KafkaException e) {
      seen = new TreeMap<>();
      LOG.warnf("The changed lexicon cannot be activated yet: %s", e.getMessage());
    }
  }

  /** Size and time of change of every file; empty while the folder cannot be read. */
  private TreeMap<Path, List<Object>> stamps() {
    TreeMap<Path, List<Object>> stamps = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory, 4)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        stamps.put(file, List.of(attributes.size(), attributes.lastModifiedTime()));
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.warnf("%s cannot be read: %s", directory, e.getMessage());
    }
    return stamps;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
