package dev.pactwatch.notify.delivery;

import dev.pactwatch.QuietLogs;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.store.DatabaseSettings;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.subscription.Secret;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A notifier in a process of its own, which can be killed. */
final class NotifierProcess {

  /** Under which it comes back. */
  private static final String INSTANCE = "one";

  /** So long that no answer is missed on a machine that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;

  /**
   * What such a process is given.
   *
   * @param database with user and password, as the database's tests use them
   */
  record Place(String bootstrap, Topics topics, DatabaseSettings database, Path file) {}

  private NotifierProcess(Process process) {
    this.process = process;
  }

  /**
   * @param ahead by how much its clock is ahead of time
   * @param log what it says is added there
   */
  static NotifierProcess start(Place place, Duration ahead, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(NotifierProcess.class.getName());
    command.add(place.bootstrap());
    command.add(place.topics().prefix());
    command.add(String.valueOf(place.topics().partitions()));
    command.add(place.database().url());
    command.add(place.database().user() == null ? "" : place.database().user());
    command.add(place.database().password() == null ? "" : place.database().password().reveal());
    command.add(place.file().toString());
    command.add(ahead.toString());
    try {
      return new NotifierProcess(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL: nothing of it runs any more, not even what would clean up. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end what it has begun. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
      throw new IllegalStateException("the notifier did not stop");
    }
  }

  /** Runs until its input ends, which it does also when the test is no more. */
  public static void main(String[] args) throws IOException {
    QuietLogs.on();
    DatabaseSettings settings =
        new DatabaseSettings(
            args[3],
            args[4].isEmpty() ? null : args[4],
            args[5].isEmpty() ? null : new Secret(args[5]),
            8);
    Duration ahead = Duration.parse(args[7]);
    Rig rig =
        new Rig(
            new KafkaClients(Map.of("bootstrap.servers", args[0])),
            new Topics(args[1], Integer.parseInt(args[2]), (short) 1),
            NotifyDatabase.open(settings),
            new File(args[6]).toPath(),
            () -> Instant.now().plus(ahead));
    try (rig;
        Rig.Instance one = rig.start(INSTANCE, Rig.WORKERS, PATIENCE)) {
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }
}
