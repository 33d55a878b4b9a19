package dev.pactwatch.topology;

import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.Cluster;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Takes changes of the registry's files, whoever made them, to the registry's topic while the
 * process runs. Looks at the files instead of waiting for the system to tell of them, which it does
 * not on every kind of disk; and waits until they have rested, as a version control system writes
 * them one by one. Files that cannot be used are reported, and what was published stays.
 */
public final class RegistryWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RegistryWatch.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final RegistryFolder folder;
  private final Consumer<String> say;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "registry-watch");

  private Registry published;
  private Registry seen;
  private String complaint;

  private RegistryWatch(Cluster cluster, RegistryFolder folder, Consumer<String> say) {
    this.cluster = cluster;
    this.folder = folder;
    this.say = say;
  }

  /**
   * @param publish whether to bring the topic in line with the files at once; otherwise only
   *     changes from now on are taken over, as by a process beside the one that owns the registry
   * @param say is told what changed, in one line each
   * @throws ConfigException when the files cannot be used at the start
   */
  public static RegistryWatch start(
      Cluster cluster, RegistryFolder folder, boolean publish, Consumer<String> say) {
    RegistryWatch watch = new RegistryWatch(cluster, folder, say);
    if (publish) {
      watch.publish(folder.registry());
    } else {
      watch.begin();
    }
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  /** A process beside the one that owns the registry runs without it as well. */
  private void begin() {
    try {
      published = folder.registry();
    } catch (ConfigException e) {
      complaint = e.getMessage();
      LOG.warnf("no agreements to watch: %s", complaint);
    }
  }

  private void run() {
    try {
      while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      Registry now = folder.registry();
      if (now != published && now == seen) {
        publish(now);
      }
      seen = now;
      complaint = null;
    } catch (ConfigException | KafkaException e) {
      // Once for each mistake, and not twice a second.
      if (!String.valueOf(e.getMessage()).equals(complaint)) {
        complaint = String.valueOf(e.getMessage());
        LOG.warnf("agreements stay as they were published: %s", complaint);
      }
    }
  }

  private void publish(Registry now) {
    RegistryTopic.Synced synced = RegistryTopic.sync(cluster, now, folder.hasFiles());
    published = now;
    say.accept(
        "Agreements: "
            + now.size()
            + (synced.written() == 0 ? "" : ", " + synced.written() + " new or changed")
            + (synced.erased() == 0 ? "" : ", " + synced.erased() + " erased"));
    if (synced.before().size() > 0 && synced.written() + synced.erased() > 0) {
      noteEdits(synced.before(), now);
    }
  }

  private void noteEdits(Registry before, Registry now) {
    try {
      var unused = folder.noteEdits(before, now, new Author("unknown", "file", null));
    } catch (ConfigException e) {
      LOG.warnf("edits of the registry's files are not in its audit trail: %s", e.getMessage());
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop.countDown();
    thread.join(STOP.toMillis());
  }
}
