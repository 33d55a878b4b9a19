package dev.pactwatch.cli;

import dev.pactwatch.config.Settings;
import dev.pactwatch.replay.ReplayStore;
import dev.pactwatch.replay.RunningReplays;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Replays that the server's pages ask for, each in a process of its own: it has its own memory, and
 * what becomes of it is no matter of the server. Those that are under way when the server stops are
 * interrupted, and can be resumed.
 */
final class ReplayProcess implements RunningReplays.Launcher, AutoCloseable {

  private static final long STOP_SECONDS = 5;

  private final Settings.Loaded loaded;
  private final ReplayStore store;
  private final List<Process> started = new ArrayList<>();

  ReplayProcess(Settings.Loaded loaded, ReplayStore store) {
    this.loaded = loaded;
    this.store = store;
  }

  @Override
  public synchronized void launch(String id) throws IOException {
    started.removeIf(process -> !process.isAlive());
    File log = store.folder(id).resolve("log.txt").toFile();
    started.add(
        new ProcessBuilder(command(id))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start());
  }

  private List<String> command(String id) {
    Settings settings = loaded.settings();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    String home = System.getProperty(Settings.HOME);
    if (home != null) {
      command.add("-D" + Settings.HOME + "=" + home);
    }
    command.add("-Dpactwatch.topic-prefix=" + settings.topicPrefix());
    String program = System.getProperty("java.class.path");
    if (program.endsWith(".jar") && !program.contains(File.pathSeparator)) {
      command.addAll(List.of("-jar", program));
    } else {
      command.addAll(List.of("-cp", program, Main.class.getName()));
    }
    command.addAll(
        List.of(
            "replay",
            "resume",
            id,
            "--config",
            settings.configDir().toString(),
            "--data",
            settings.dataDir().toString()));
    return command;
  }

  @Override
  public synchronized void close() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
    }
    for (Process process : started) {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
