package dev.pactwatch.replay;

import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Works on a replay: reads the news, passes it through the topology with each set, compares. Every
 * step that ended is noted, so that after an interruption the work goes on with the step that it
 * was in, and within a pass with the article.
 */
public final class ReplayJob {

  /** The news, between its reading and the end of the last pass. */
  static final String ARTICLES = "articles.jsonl";

  static final String COMPARISON = "comparison.json";

  private static final long NOTE_NANOS = 500_000_000;

  private final ReplayStore store;
  private final Means means;
  private final Consumer<ReplayProgress> listener;
  private final Path folder;
  private ReplayManifest manifest;

  /**
   * What a replay may need of the installation.
   *
   * @param web for addresses
   * @param log for ranges of topics
   * @param families who belongs to whom among publishers
   */
  public record Means(
      ReplayInput.Web web, ReplayInput.Log log, PublisherFamilies families, InstantSource clock) {}

  private ReplayJob(ReplayStore store, String id, Means means, Consumer<ReplayProgress> listener) {
    this.store = store;
    this.means = means;
    this.listener = listener;
    this.folder = store.folder(id);
    this.manifest = store.get(id).manifest();
  }

  /**
   * Begins or goes on. Does nothing to a replay that is done.
   *
   * @param listener told of the progress, some times a second, and at the end of each phase
   * @throws ConfigException when there is no replay of the id, somebody else works on it, or what
   *     it is to read cannot be read
   */
  public static ReplayManifest run(
      ReplayStore store, String id, Means means, Consumer<ReplayProgress> listener)
      throws IOException, InterruptedException {
    try (ReplayStore.Hold held = store.hold(id)) {
      return new ReplayJob(store, id, means, listener).run();
    }
  }

  private ReplayManifest run() throws IOException, InterruptedException {
    if (manifest.state() == ReplayManifest.State.DONE) {
      return manifest;
    }
    try {
      save(manifest.with(ReplayManifest.State.RUNNING, null, null));
      if (manifest.input() == null) {
        read();
      }
      if (manifest.first().pass() == null) {
        save(manifest.withFirst(pass("first", manifest.first())));
      }
      if (manifest.second() != null && manifest.second().pass() == null) {
        save(manifest.withSecond(pass("second", manifest.second())));
      }
      if (manifest.second() != null && manifest.differences() == null) {
        save(manifest.with(compare()));
      }
      Files.deleteIfExists(folder.resolve(ARTICLES));
      Files.deleteIfExists(folder.resolve(ReplayStore.PROGRESS));
      save(manifest.with(ReplayManifest.State.DONE, means.clock().instant(), null));
      return manifest;
    } catch (IOException | RuntimeException e) {
      save(
          manifest.with(
              ReplayManifest.State.FAILED,
              means.clock().instant(),
              e instanceof ConfigException ? e.getMessage() : String.valueOf(e)));
      throw e;
    }
  }

  private void read() throws IOException {
    Steps steps = new Steps("reading", 0);
    ReplayManifest.Asked asked = manifest.asked();
    ReplayInput input =
        ReplayInput.read(
            new ReplayInput.Request(
                ReplaySources.of(asked.sources()),
                means.web(),
                means.log(),
                means.families(),
                asked.from(),
                asked.to(),
                means.clock(),
                steps),
            folder.resolve(ARTICLES));
    steps.end();
    Refusals.write(folder, input);
    if (input.articles() == 0 && input.refusedCount() > 0) {
      throw new ConfigException("nothing to replay: no file could be read");
    }
    save(
        manifest.with(
            new ReplayManifest.Input(
                input.articles(),
                input.oldest(),
                input.newest(),
                input.sha256(),
                input.files(),
                input.refusedCount(),
                input.rejectedItems().values().stream().mapToInt(Integer::intValue).sum())));
  }

  private ReplayManifest.Side pass(String name, ReplayManifest.Side side)
      throws IOException, InterruptedException {
    long total = manifest.input().articles();
    Steps steps =
        new Steps(
            manifest.second() == null ? "replaying" : "replaying with the " + name + " set", total);
    ReplaySet.Loaded set = ReplaySet.at(folder.resolve(name)).load(manifest.asked().touches());
    ReplayManifest.Pass pass =
        ReplayRun.run(
            folder.resolve(ARTICLES),
            set,
            new ReplayRun.Options(
                folder.resolve("work-" + name),
                folder.resolve(name),
                total,
                manifest.asked().speed(),
                steps));
    steps.end();
    return new ReplayManifest.Side(side.name(), side.versions(), pass);
  }

  private ReplayManifest.Differences compare() throws IOException {
    Steps steps = new Steps("comparing", 0);
    boolean touches = manifest.asked().touches();
    Comparison comparison =
        Comparison.of(
            ReplaySet.at(folder.resolve("first")).load(touches),
            ReplaySet.at(folder.resolve("second")).load(touches));
    comparison.write(folder.resolve(COMPARISON));
    steps.end();
    return comparison.counts();
  }

  private void save(ReplayManifest next) {
    manifest = next;
    store.save(next);
  }

  /** Turns counts into progress, and notes it not more often than somebody could look. */
  private final class Steps implements LongConsumer {
    private final String phase;
    private final long total;
    private final long started = System.nanoTime();
    private long first = -1;
    private long done;
    private long noted = started - NOTE_NANOS;

    Steps(String phase, long total) {
      this.phase = phase;
      this.total = total;
      note(started);
    }

    @Override
    public void accept(long now) {
      // What was done before an interruption is no work of this time.
      first = first < 0 ? (total == 0 ? 0 : now) : first;
      done = now;
      long time = System.nanoTime();
      if (time - noted >= NOTE_NANOS) {
        note(time);
      }
    }

    void end() {
      note(System.nanoTime());
    }

    private void note(long time) {
      noted = time;
      double seconds = Math.max(1e-3, (time - started) / 1e9);
      double rate = Math.max(0, done - Math.max(0, first)) / seconds;
      Instant at = means.clock().instant();
      ReplayProgress progress =
          new ReplayProgress(
              phase,
              done,
              total,
              Math.round(rate * 10) / 10.0,
              total == 0 || rate == 0 ? 0 : Math.round((total - done) / rate),
              at);
      store.save(manifest.id(), progress);
      listener.accept(progress);
    }
  }
}
