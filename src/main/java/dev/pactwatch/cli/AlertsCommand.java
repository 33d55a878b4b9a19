package dev.pactwatch.cli;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertExplanation;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.admin.AlertAdmin;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.topology.Explainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The alerts that were written. */
@Command(
    name = "alerts",
    description = "The alerts of a running pactwatch, or of the data folder it left.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch alerts list",
      "  ./pactwatch alerts show 3f9c2a01 --revisions",
      "  ./pactwatch alerts explain 3f9c2a01",
      "  ./pactwatch alerts tail --json | jq .title",
      "  ./pactwatch alerts ack 3f9c2a01 --note \"I call them\""
    })
final class AlertsCommand implements Runnable {

  private static final Duration POLL = Duration.ofMillis(500);

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "alerts needs one of list, show, explain, tail, ack, unack");
  }

  @Command(name = "list", description = "The latest revision of every alert, newest first.")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    try (Cluster cluster = Cluster.join(common.settings())) {
      cluster.prepareTopics();
      List<Alert> alerts =
          latest(cluster).values().stream()
              .sorted(Comparator.comparing(Alert::lastSeen).reversed().thenComparing(Alert::id))
              .toList();
      alerts.forEach(
          alert -> System.out.println(format.on ? Json.write(alert) : AlertText.line(alert)));
      if (alerts.isEmpty() && !format.on) {
        System.out.println("no alerts yet");
      }
    }
    return 0;
  }

  @Command(name = "show", description = "One alert with its reasons, evidence and articles.")
  int show(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--revisions",
              description = "Every revision that was written, oldest first, a line each.")
          boolean revisions,
      @Parameters(paramLabel = "ID", description = "The id, or how it begins.") String id) {
    Alert alert = find(common, id);
    if (revisions) {
      revisions(common, alert.id())
          .forEach(
              revision ->
                  System.out.println(
                      format.on ? Json.write(revision) : AlertText.revisionLine(revision)));
      return 0;
    }
    AlertText text = AlertText.forStandardOutput();
    System.out.println(format.on ? Json.write(alert) : text.block(alert));
    return 0;
  }

  @Command(
      name = "explain",
      description = {
        "Why an alert was raised, and the nearest relation that does not hold.",
        "",
        "The event is weighed against the registry as it stands now, by the day of the report that"
            + " speaks for the alert."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch alerts explain 3f9c2a01",
        "  ./pactwatch alerts explain 3f9c2a01 --json | jq .nearest.why"
      })
  int explain(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Mixin AgreementsCommand.From from,
      @Parameters(paramLabel = "ID", description = "The id, or how it begins.") String id) {
    Alert alert = find(common, id);
    Path config = common.settings().settings().configDir();
    AlertExplanation explanation =
        Explainer.load(config.resolve("lexicon"), config.resolve("topics.yaml"))
            .explain(alert, from.registry(common));
    if (format.on) {
      System.out.println(Json.write(explanation));
    } else {
      explanation.text().lines().map(Printable::of).forEach(System.out::println);
    }
    return 0;
  }

  private static Alert find(CommonOptions common, String id) {
    try (Cluster cluster = Cluster.join(common.settings())) {
      cluster.prepareTopics();
      List<Alert> found =
          latest(cluster).values().stream().filter(alert -> alert.id().startsWith(id)).toList();
      if (found.size() != 1) {
        throw new ConfigException(
            found.isEmpty()
                ? "no alert '" + id + "'; see alerts list"
                : found.size() + " alerts begin with '" + id + "'; write more of it");
      }
      return found.get(0);
    }
  }

  private static List<Alert> revisions(CommonOptions common, String id) {
    List<Alert> revisions = new ArrayList<>();
    try (Cluster cluster = Cluster.join(common.settings())) {
      TopicReader.readAll(
          cluster.clients(),
          cluster.topics().alerts(),
          record -> {
            if (id.equals(record.key())) {
              read(record).ifPresent(revisions::add);
            }
          });
    }
    return revisions;
  }

  @Command(name = "tail", description = "Every revision as it is written, until it is stopped.")
  int tail(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--from-start", description = "Begin with the first revision.")
          boolean fromStart) {
    try (Cluster cluster = Cluster.join(common.settings())) {
      cluster.prepareTopics();
      String topic = cluster.topics().alerts();
      AlertText text = AlertText.forStandardOutput();
      try (KafkaConsumer<String, byte[]> consumer = cluster.clients().reader()) {
        List<TopicPartition> partitions =
            consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        if (fromStart) {
          consumer.seekToBeginning(partitions);
        } else {
          consumer.seekToEnd(partitions);
        }
        // Ends with the process: a reader without a group leaves nothing behind.
        while (!System.out.checkError()) {
          for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            read(record)
                .ifPresent(
                    alert -> System.out.println(format.on ? Json.write(alert) : text.block(alert)));
          }
        }
      }
    }
    return 0;
  }

  @Command(
      name = "ack",
      description = {
        "Takes an alert on: it no longer escalates, and updates of it are not told to anybody until"
            + " it moves on in status, is withdrawn, or the time is over.",
        "",
        "Of the alerts that the notifier has read; ID may be how it begins."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch alerts ack 3f9c2a01 --note \"I call them\"",
        "  ./pactwatch alerts ack 3f9c2a01 --for PT4H"
      })
  int ack(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--note", paramLabel = "TEXT", description = "For those who look.")
          String note,
      @Option(
              names = "--for",
              paramLabel = "TIME",
              description = "Ends by itself after a time such as PT4H.")
          Duration span,
      @Parameters(paramLabel = "ID") String id) {
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      AlertAdmin alerts = access.admin().alerts();
      Acknowledgement made =
          alerts.acknowledge(
              alerts.id(id),
              NotifyAccess.user(),
              note,
              span == null ? null : Instant.now().plus(span));
      System.out.println(
          format.on
              ? Json.write(made)
              : Printable.of(
                  made.alertId()
                      + " is taken on by "
                      + made.by()
                      + (made.until() == null ? "" : " until " + made.until())));
    }
    return 0;
  }

  @Command(
      name = "unack",
      description = "Gives an alert back: what of it was held back is told.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch alerts unack 3f9c2a01")
  int unack(@Mixin CommonOptions common, @Parameters(paramLabel = "ID") String id) {
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      AlertAdmin alerts = access.admin().alerts();
      String alert = alerts.id(id);
      System.out.println(
          Printable.of(
              alert
                  + (alerts.unacknowledge(alert, NotifyAccess.user())
                      ? " is given back"
                      : " was taken on by nobody")));
    }
    return 0;
  }

  private static Map<String, Alert> latest(Cluster cluster) {
    Map<String, Alert> latest = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().alertState(),
        record -> {
          if (record.value() == null) {
            latest.remove(record.key());
          } else {
            read(record).ifPresent(alert -> latest.put(record.key(), alert));
          }
        });
    return latest;
  }

  private static Optional<Alert> read(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.value() != null) {
        return Optional.of(ContractJson.read(Contract.ALERT, Alert.class, record.value()));
      }
    } catch (IOException e) {
      // Its message quotes the record; where it stands is enough to find it.
    }
    System.err.println(
        Printable.of(
            "left out: "
                + new DeadLetters.Place(record.topic(), record.partition(), record.offset())
                + " is no alert"));
    return Optional.empty();
  }
}
