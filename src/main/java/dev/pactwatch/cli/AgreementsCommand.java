package dev.pactwatch.cli;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AgreementText;
import dev.pactwatch.agreement.AsOf;
import dev.pactwatch.agreement.AsOfJson;
import dev.pactwatch.agreement.InForce;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.topology.RegistryTopic;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The registry of agreements. */
@Command(
    name = "agreements",
    description = {
      "The registry of agreements: what is known, since when, and from where.",
      "",
      "Reads config/agreements; only import talks to Kafka."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch agreements list",
      "  ./pactwatch agreements as-of 2026-03-18 --grantor openai --json",
      "  ./pactwatch agreements history microsoft-openai",
      "  ./pactwatch agreements import my-agreements.yaml"
    })
final class AgreementsCommand implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "agreements needs one of list, show, history, as-of, export, import");
  }

  @Command(name = "list", description = "One line for every agreement.")
  int list(@Mixin CommonOptions common, @Mixin Json format, @Mixin From from) {
    List<Agreement> all = from.registry(common).all();
    print(format.on ? lines(all) : AgreementText.list(all));
    return 0;
  }

  @Command(name = "show", description = "Everything known about one agreement.")
  int show(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Parameters(paramLabel = "ID") String id) {
    Agreement agreement =
        from.registry(common)
            .find(id)
            .orElseThrow(
                () -> new ConfigException("no agreement '" + id + "'; see agreements list"));
    print(format.on ? dev.pactwatch.json.Json.write(agreement) : AgreementText.show(agreement));
    return 0;
  }

  @Command(name = "history", description = "All revisions of one chain.")
  int history(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Parameters(paramLabel = "CHAIN") String chain) {
    List<Agreement> revisions = from.registry(common).history(chain);
    if (revisions.isEmpty()) {
      throw new ConfigException("no chain '" + chain + "'; see agreements list");
    }
    print(format.on ? lines(revisions) : AgreementText.history(revisions));
    return 0;
  }

  @Command(
      name = "as-of",
      description = "The terms in force on a day, each with its source and when it was checked.")
  int asOf(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Parameters(paramLabel = "DATE", description = "Such as 2026-03-18.") String date,
      @Option(names = "--grantor", paramLabel = "ID", description = "Who is bound.") String grantor,
      @Option(names = "--beneficiary", paramLabel = "ID", description = "Who enjoys the term.")
          String beneficiary,
      @Option(names = "--topic", paramLabel = "TOPIC", description = "Such as compute.")
          String topic,
      @Option(
              names = "--covering",
              description = "Also terms on a broader topic that covers the one asked for.")
          boolean covering) {
    LocalDate day;
    try {
      day = LocalDate.parse(date);
    } catch (DateTimeParseException e) {
      throw new ConfigException("'" + date + "' is no day such as 2026-03-18", e);
    }
    List<InForce> answers =
        from.registry(common).inForce(new AsOf(day, grantor, beneficiary, topic, covering));
    print(format.on ? AsOfJson.write(answers) : AgreementText.asOf(day, answers));
    return 0;
  }

  @Command(name = "export", description = "The registry as YAML that import reads.")
  int export(@Mixin CommonOptions common, @Mixin From from) {
    print(AgreementFiles.yaml(from.registry(common).all()));
    return 0;
  }

  @Command(
      name = "import",
      description = {
        "Writes agreements to the registry's topic: what is new or changed, all or nothing.",
        "A running pactwatch judges the events it has seen against them at once."
      })
  int importFile(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "FILE", description = "YAML file, or folder of them.") Path file) {
    Registry registry = AgreementFiles.load(file);
    try (Cluster cluster = Cluster.join(common.settings())) {
      cluster.prepareTopics();
      RegistryTopic.Imported imported = RegistryTopic.put(cluster, registry.all());
      print(imported.written() + " written, " + imported.unchanged() + " unchanged");
    }
    return 0;
  }

  private static String lines(List<Agreement> agreements) {
    return String.join(
        System.lineSeparator(), agreements.stream().map(dev.pactwatch.json.Json::write).toList());
  }

  private static void print(String text) {
    System.out.println(text.stripTrailing());
  }

  /** Machine-readable output. */
  static final class Json {
    @Option(names = "--json", description = "JSON in place of a table.")
    boolean on;
  }

  /** Which registry is asked. */
  static final class From {
    @Option(
        names = "--agreements",
        paramLabel = "FILE",
        description = "Another registry than the one of the configuration.")
    Path file;

    Registry registry(CommonOptions common) {
      Path config = common.settings().settings().configDir();
      return AgreementFiles.load(file == null ? config.resolve("agreements") : file)
          .with(TopicTree.load(config.resolve("topics.yaml")));
    }
  }
}
