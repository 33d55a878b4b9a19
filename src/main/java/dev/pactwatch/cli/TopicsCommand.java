package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Rights;
import dev.pactwatch.kafka.TopicAdmin;
import dev.pactwatch.kafka.TopicAdmin.Standing;
import dev.pactwatch.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The topics as they are declared, and as they are. */
@Command(
    name = "topics",
    description = "The topics that pactwatch writes and reads, on a cluster or on its own Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch topics list",
      "  ./pactwatch topics describe alerts.v1",
      "  ./pactwatch topics describe --acls User:pactwatch-detect --role detect",
      "  ./pactwatch topics check",
      "  ./pactwatch topics create",
      "",
      "Every command explains itself: ./pactwatch topics COMMAND --help"
    })
final class TopicsCommand implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "topics needs one of list, describe, check, create");
  }

  /** What check and create say as JSON. */
  private record Checked(int topics, List<String> created, List<String> differences) {}

  /** What describe says of who may do what. */
  private record Allowed(String principal, List<String> acls, String quota) {}

  @Command(
      name = "list",
      description = "One line for every topic: how much it holds, and whether it is as declared.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch topics list --json | jq -r 'select(.differs) | .name'")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    try (Cluster cluster = Cluster.join(common.settings());
        Admin admin = cluster.clients().admin()) {
      for (Standing topic : TopicAdmin.standings(admin, cluster.topics().all())) {
        System.out.println(format.on ? Json.write(topic) : line(topic));
      }
    }
    return 0;
  }

  @Command(
      name = "describe",
      description = {
        "A topic as it is declared and as it is; without a name, all of them.",
        "",
        "With --acls, what a cluster with access control has to allow to a principal, as commands"
            + " of Kafka's own tools, and a quota. Nothing is changed, and no cluster is asked."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch topics describe alerts.v1 --json",
        "  ./pactwatch topics describe --acls User:press-room --role reader",
        "  ./pactwatch topics describe --acls User:pactwatch"
      })
  int describe(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--acls",
              paramLabel = "PRINCIPAL",
              description = "Whom to allow, such as User:pactwatch-detect.")
          String principal,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description =
                  "One of ingest, detect, notify, web, operator, reader; several, or all but reader"
                      + " where none is named.")
          List<Rights.Role> roles,
      @Parameters(paramLabel = "TOPIC", arity = "0..1", description = "With or without the prefix.")
          String name) {
    if (principal != null) {
      return allow(common, format, principal, roles);
    }
    if (roles != null) {
      throw new ConfigException("--role: goes with --acls");
    }
    try (Cluster cluster = Cluster.join(common.settings());
        Admin admin = cluster.clients().admin()) {
      List<TopicSpec> specs =
          cluster.topics().all().stream()
              .filter(
                  topic ->
                      name == null
                          || topic.name().equals(name)
                          || topic.name().equals(cluster.topics().prefix() + name))
              .toList();
      if (specs.isEmpty()) {
        throw new ConfigException("no topic '" + name + "' is declared; see topics list");
      }
      for (Standing topic : TopicAdmin.standings(admin, specs)) {
        if (format.on) {
          System.out.println(Json.write(topic));
          continue;
        }
        System.out.println(line(topic));
        System.out.println("  partitions " + topic.partitions());
        System.out.println("  replicas at least " + topic.replication());
        new TreeMap<>(topic.config())
            .forEach((setting, value) -> System.out.println("  " + setting + " " + value));
      }
    }
    return 0;
  }

  private static int allow(
      CommonOptions common,
      AgreementsCommand.Json format,
      String principal,
      List<Rights.Role> named) {
    if (!principal.matches("[A-Za-z]+:[^'\\s]+")) {
      throw new ConfigException("--acls: must be a principal such as User:pactwatch-detect");
    }
    List<Rights.Role> roles = named;
    if (roles == null) {
      roles = new ArrayList<>(List.of(Rights.Role.values()));
      roles.remove(Rights.Role.READER);
    }
    var loaded = common.settings();
    var topics = Cluster.declared(loaded);
    String servers = loaded.bootstrapServers().orElse("SERVERS");
    List<AclBinding> bindings =
        roles.stream()
            .flatMap(role -> Rights.of(topics, role, principal).stream())
            .distinct()
            .toList();
    List<String> acls = Rights.commands(bindings, servers);
    String quota =
        Rights.quota(
            roles.contains(Rights.Role.READER) ? Rights.Role.READER : roles.get(0),
            principal,
            servers);
    if (format.on) {
      System.out.println(Json.write(new Allowed(principal, acls, quota)));
    } else {
      acls.forEach(System.out::println);
      System.out.println(quota);
    }
    return 0;
  }

  @Command(
      name = "check",
      description = "Ends with status 1 when a topic is missing or differs, and says how.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch topics check && ./pactwatch run --roles detect")
  int check(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    try (Cluster cluster = Cluster.join(common.settings());
        Admin admin = cluster.clients().admin()) {
      return tell(
          format,
          cluster.topics().all().size(),
          List.of(),
          TopicAdmin.differences(admin, cluster.topics().all()));
    }
  }

  @Command(
      name = "create",
      description = {
        "Makes the topics that are missing, as they are declared.",
        "",
        "One that is there and differs is told of and left as it is, with status 1."
      },
      footerHeading = "%nExample:%n",
      footer = "  KAFKA_BOOTSTRAP_SERVERS=broker:9092 ./pactwatch topics create")
  int create(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    try (Cluster cluster = Cluster.join(common.settings());
        Admin admin = cluster.clients().admin()) {
      List<TopicSpec> specs = cluster.topics().all();
      List<String> missing =
          TopicAdmin.standings(admin, specs).stream()
              .filter(topic -> !topic.present())
              .map(Standing::name)
              .toList();
      TopicAdmin.create(admin, specs);
      return tell(format, specs.size(), missing, TopicAdmin.differences(admin, specs));
    }
  }

  private static int tell(
      AgreementsCommand.Json format, int topics, List<String> created, List<String> differences) {
    if (format.on) {
      System.out.println(Json.write(new Checked(topics, created, differences)));
    } else {
      created.forEach(name -> System.out.println("created " + name));
      differences.forEach(System.out::println);
      if (differences.isEmpty()) {
        System.out.println(topics + " topics are as they are declared");
      }
    }
    return differences.isEmpty() ? 0 : Main.FAILED;
  }

  private static String line(Standing topic) {
    Map<String, String> config = topic.config();
    String kept = config.getOrDefault("retention.ms", "-1");
    return String.format(
        Locale.ROOT,
        "%-34s  %-8s  %-9s  %12s  %s",
        topic.name(),
        config.get("cleanup.policy"),
        kept.equals("-1") ? "for ever" : Long.parseLong(kept) / 86_400_000 + " days",
        topic.present() ? topic.positions() + " written" : "",
        topic.differs() == null ? "as declared" : topic.differs());
  }
}
