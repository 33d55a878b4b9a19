package dev.pactwatch.proof;

import dev.pactwatch.PackagedApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program with one role, as a process that comes back after it was killed. */
final class Instance implements AutoCloseable {

  private final String name;
  private final String role;
  private final Path folder;
  private final List<String> system = new ArrayList<>();
  private final Path config;
  private PackagedApp app;
  private Instant started = Instant.MAX;
  private Instant ready;

  /**
   * @param name which it gives to whom it asks or tells, as the contact of its operator
   * @param folder holds its data, which outlives the process
   * @param settings by name
   */
  Instance(String name, String role, Path folder, Path config, Map<String, String> settings) {
    this.name = name;
    this.role = role;
    this.folder = folder;
    this.config = config;
    system.add("-XX:TieredStopAtLevel=1");
    settings.forEach((setting, value) -> system.add("-D" + setting + "=" + value));
    system.add("-Dpactwatch.http.contact=" + name);
  }

  String name() {
    return name;
  }

  String role() {
    return role;
  }

  Path data() {
    return folder.resolve("data");
  }

  void start() throws IOException {
    java.nio.file.Files.createDirectories(folder);
    ready = null;
    started = Instant.now();
    app =
        PackagedApp.start(
            folder,
            data(),
            system,
            "run",
            "--roles",
            role,
            "--port",
            "0",
            "--data",
            data().toString(),
            "--config",
            config.toString());
  }

  /** When the process that runs now was started. */
  Instant started() {
    return started;
  }

  /** Since when the process that runs now says that it is ready; null while it does not. */
  Instant ready() {
    if (ready == null && app.readyNow()) {
      ready = Instant.now();
    }
    return ready;
  }

  boolean alive() {
    return app.alive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    app.kill();
  }

  /** SIGSTOP: it stands still, and its connections with it. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Asks it to end; returns its status. */
  int stop() throws InterruptedException {
    return app.stop();
  }

  String said() {
    return app.err();
  }

  /** A command that was run to its end. */
  record Once(int status, String said) {}

  /** Replays the log of articles, on a data folder of its own. */
  static Once once(Path folder, Path config, Map<String, String> settings)
      throws IOException, InterruptedException {
    java.nio.file.Files.createDirectories(folder);
    List<String> system = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
    settings.forEach((setting, value) -> system.add("-D" + setting + "=" + value));
    Path data = folder.resolve("data");
    try (PackagedApp app =
        PackagedApp.start(
            folder,
            data,
            system,
            "replay",
            "topic:articles.v1",
            "--data",
            data.toString(),
            "--config",
            config.toString())) {
      return new Once(app.status(), app.err() + app.out());
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(app.pid())).inheritIO().start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IllegalStateException("signal " + signal + " did not reach " + name);
    }
  }

  @Override
  public void close() throws InterruptedException {
    if (app != null) {
      app.close();
    }
  }
}
