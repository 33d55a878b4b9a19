package dev.pactwatch.replay;

import dev.pactwatch.QuietLogs;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.article.Article;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.Detector;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An instance of the topology in a process of its own, which can be killed. */
final class DetectorProcess {

  /** Exit status after a stream thread died of an error. */
  private static final int DIED = 3;

  private final Process process;

  /**
   * What such a process is given.
   *
   * @param flawed whether it decides by more than its input
   * @param log what it says is added there
   */
  record Place(String bootstrap, Topics topics, boolean flawed, Path log) {}

  private DetectorProcess(Process process) {
    this.process = process;
  }

  /**
   * @param name under which it comes back
   * @param state folder of its stores
   */
  static DetectorProcess start(Place place, String name, Path state) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // Without it, what nobody reads is logged in all detail.
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DetectorProcess.class.getName());
    command.add(place.bootstrap());
    command.add(place.topics().prefix());
    command.add(String.valueOf(place.topics().partitions()));
    command.add(String.valueOf(place.flawed()));
    command.add(name);
    command.add(state.toString());
    return new DetectorProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
            .start());
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
      throw new IllegalStateException("the instance did not stop");
    }
  }

  /** The rules that the product ships with. */
  static Rules rules(boolean flawed) {
    Rules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    return flawed ? new Flawed(rules) : rules;
  }

  /** Runs until its input ends, which it does also when the test is no more. */
  public static void main(String[] args) throws IOException {
    QuietLogs.on();
    Topics topics = new Topics(args[1], Integer.parseInt(args[2]), (short) 1);
    try (Cluster cluster = Cluster.at(args[0], topics);
        Detector detector =
            Detector.start(
                cluster,
                rules(Boolean.parseBoolean(args[3])),
                new Detector.Options(Path.of(args[5]), 1, null, false, args[4], null),
                failure -> Runtime.getRuntime().halt(DIED))) {
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }

  /** Shows in what it finds when it found it. */
  private record Flawed(Rules rules) implements Rules {

    @Override
    public TaggedArticle tag(Article article, String lexicon) {
      TaggedArticle tagged = rules.tag(article, lexicon);
      return new TaggedArticle(
          tagged.uri(),
          tagged.version(),
          tagged.headline() + " " + System.nanoTime(),
          tagged.link(),
          tagged.publisher(),
          tagged.published(),
          tagged.observed(),
          tagged.historical(),
          tagged.lexicon(),
          tagged.fingerprint(),
          tagged.events());
    }

    @Override
    public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
      return rules.match(event, date, agreement);
    }

    @Override
    public Kinship kinship() {
      return rules.kinship();
    }
  }
}
