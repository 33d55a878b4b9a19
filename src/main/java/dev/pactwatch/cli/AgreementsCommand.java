package dev.pactwatch.cli;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AgreementText;
import dev.pactwatch.agreement.AsOf;
import dev.pactwatch.agreement.AsOfJson;
import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.Condition;
import dev.pactwatch.agreement.InForce;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.agreement.UnknownAgreement;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.topology.RegistryTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
      "It is kept in config/agreements, as files that you may edit as well. A running pactwatch"
          + " takes up every change within seconds; only publish talks to Kafka itself."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch agreements list",
      "  ./pactwatch agreements as-of 2026-03-18 --grantor openai --json",
      "  ./pactwatch agreements history microsoft-openai",
      "  ./pactwatch agreements put my-agreement.yaml --why \"signed yesterday\"",
      "  ./pactwatch agreements import my-agreements.yaml --dry-run",
      "",
      "Every command explains itself: ./pactwatch agreements COMMAND --help"
    })
final class AgreementsCommand implements Runnable {

  private static final String STDIN = "-";

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "agreements needs one of list, show, history, as-of, put, end, erase, import, export,"
            + " publish");
  }

  @Command(
      name = "list",
      description = "One line for every agreement.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch agreements list --json | jq .id")
  int list(@Mixin CommonOptions common, @Mixin Json format, @Mixin From from) {
    List<Agreement> all = from.registry(common).all();
    print(format, format.on ? lines(all) : AgreementText.list(all));
    return 0;
  }

  @Command(
      name = "show",
      description = "Everything known about one agreement.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch agreements show msft-openai-r4-2025-10",
        "  ./pactwatch agreements show msft-openai-r4-2025-10 --yaml > edit.yaml"
      })
  int show(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Option(names = "--yaml", description = "As put reads it.") boolean yaml,
      @Parameters(paramLabel = "ID") String id) {
    Registry registry = from.registry(common);
    Agreement agreement = registry.find(id).orElseThrow(() -> unknown(id));
    if (yaml) {
      print(AgreementFiles.yaml(List.of(agreement)));
    } else if (format.on) {
      print(format, dev.pactwatch.json.Json.write(agreement));
    } else {
      print(AgreementText.show(agreement));
      print("version     " + registry.version(agreement.chain()) + " of the chain");
    }
    return 0;
  }

  @Command(
      name = "history",
      description = {
        "All revisions of one chain, and with --audit who changed what in the registry, when and why.",
        "",
        "The audit trail is audit.jsonl beside the agreements. It tells of every change by command or"
            + " over the API, and of edits by hand once a running pactwatch has seen them."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch agreements history microsoft-openai",
        "  ./pactwatch agreements history msft-openai-r4-2025-10 --audit",
        "  ./pactwatch agreements history --audit --json | jq -r '[.at, .by, .agreement] | @tsv'"
      })
  int history(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Option(names = "--audit", description = "Changes of the registry in place of revisions.")
          boolean audit,
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              description = "Of a chain, or of an agreement in it; --audit needs none.")
          String id) {
    if (audit) {
      return audit(common, format, from, id);
    }
    if (id == null) {
      throw new ConfigException("history needs the id of a chain; see agreements list");
    }
    Registry registry = from.registry(common);
    List<Agreement> revisions = registry.historyOf(id);
    if (revisions.isEmpty()) {
      throw new ConfigException("no chain '" + id + "'; see agreements list");
    }
    print(format, format.on ? lines(revisions) : AgreementText.history(revisions));
    if (!format.on) {
      print("version " + registry.version(revisions.get(0).chain()));
    }
    return 0;
  }

  private static int audit(CommonOptions common, Json format, From from, String id) {
    AuditTrail.Trail trail = from.folder(common).audit();
    List<AuditEntry> entries = id == null ? trail.entries() : trail.about(id);
    if (id != null && entries.isEmpty() && from.registry(common).historyOf(id).isEmpty()) {
      throw new ConfigException("no chain or agreement '" + id + "'; see agreements list");
    }
    print(
        format,
        format.on
            ? String.join(
                System.lineSeparator(),
                entries.stream().map(dev.pactwatch.json.Json::write).toList())
            : AgreementText.audit(trail, entries));
    return 0;
  }

  @Command(
      name = "as-of",
      description = "The terms in force on a day, each with its source and when it was checked.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch agreements as-of 2026-03-18",
        "  ./pactwatch agreements as-of 2026-03-18 --grantor openai --topic model-api --json",
        "  ./pactwatch agreements as-of 2024-01-01 --topic training --covering"
      })
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
    print(format, format.on ? AsOfJson.write(answers) : AgreementText.asOf(day, answers));
    return 0;
  }

  @Command(
      name = "put",
      description = {
        "Creates agreements, or replaces those of the same id; all of them or none.",
        "",
        "FILE is YAML or JSON: one agreement, a list of them, or a file as in config/agreements. A"
            + " new revision goes behind its chain; what it does not concern keeps its lines,"
            + " comments and order.",
        "With --if-version nothing is replaced that somebody else changed since you read it."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch agreements put my-agreement.yaml",
        "  ./pactwatch agreements show lab-cumulus-2 --yaml > edit.yaml   # then edit it",
        "  ./pactwatch agreements put edit.yaml --if-version 5d1c08a2f0b3e977 --why \"typo\"",
        "  curl -s https://registry.example/lab.json | ./pactwatch agreements put -",
        "",
        "Ends with 1 when --if-version does not hold, with 2 when FILE cannot be used."
      })
  int put(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Mixin Change change,
      @Option(
              names = "--into",
              paramLabel = "NAME",
              description = "File for agreements whose chain is new (default: registered.yaml).")
          String into,
      @Parameters(paramLabel = "FILE", description = "YAML or JSON; - for standard input.")
          String file)
      throws IOException {
    RegistryFolder.Named text = read(file);
    List<Agreement> agreements = AgreementFiles.read(text.name(), text.text()).all();
    warnOfTopics(common, agreements);
    if (change.version != null
        && agreements.stream().map(Agreement::chain).distinct().count() > 1) {
      throw new ConfigException("--if-version: " + file + " holds agreements of several chains");
    }
    RegistryFolder folder = from.folder(common);
    report(
        format,
        folder.put(
            agreements,
            change.author(),
            change.condition(),
            into == null ? RegistryFolder.NEW_FILE : into),
        agreements.size());
    return 0;
  }

  @Command(
      name = "end",
      description = {
        "Records that an agreement ended, or will end: a revision of its record.",
        "",
        "Its terms hold up to the day before DATE. A month or a year says that the day is not known."
      },
      footerHeading = "%nExample:%n",
      footer = {
        "  ./pactwatch agreements end lab-cumulus-2 --on 2026-11-01 \\",
        "      --source https://cumulus.example/news/1 --title \"Cumulus and the lab part\""
      })
  int end(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Mixin Change change,
      @Option(
              names = "--on",
              required = true,
              paramLabel = "DATE",
              description = "First day without it: 2026-11-01, 2026-11 or 2026.")
          String on,
      @Option(
              names = "--source",
              required = true,
              paramLabel = "URL",
              description = "Where it says so.")
          String source,
      @Option(
              names = "--title",
              paramLabel = "TEXT",
              description = "Title of that source (default: End of ...).")
          String title,
      @Option(names = "--publisher", paramLabel = "NAME", description = "Who published it.")
          String publisher,
      @Parameters(
              paramLabel = "ID",
              description = "Of an agreement, or of a chain with one revision that has no end.")
          String id) {
    PartialDate day;
    try {
      day = PartialDate.parse(on);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--on: " + e.getMessage(), e);
    }
    RegistryFolder folder = from.folder(common);
    Agreement agreement = open(folder.registry(), id);
    Source says =
        new Source(
            title == null ? "End of: " + agreement.title() : title,
            publisher,
            null,
            address(source),
            null,
            null);
    report(format, folder.end(agreement.id(), day, says, change.author(), change.condition()), 1);
    return 0;
  }

  @Command(
      name = "erase",
      description = {
        "Takes a record out that should never have been there; alerts that rest on it are withdrawn.",
        "",
        "What the record said stays in the audit trail. For an agreement that ended, use end."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch agreements erase lab-cumulus-2 --why \"entered twice\"")
  int erase(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Mixin Change change,
      @Parameters(paramLabel = "ID") String id) {
    RegistryFolder folder = from.folder(common);
    if (folder.registry().find(id).isEmpty()) {
      throw unknown(id);
    }
    report(format, folder.erase(id, change.author(), change.condition()), 1);
    return 0;
  }

  @Command(
      name = "export",
      description = "The registry as YAML that import reads.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch agreements export > backup.yaml")
  int export(@Mixin CommonOptions common, @Mixin From from) {
    print(AgreementFiles.yaml(from.registry(common).all()));
    return 0;
  }

  @Command(
      name = "import",
      description = {
        "Takes over all agreements of files or folders: what is new or changed, all or nothing.",
        "",
        "A file with nothing but new agreements is copied as it is, with its comments; from others"
            + " the records are put one by one, each in the place of the one with its id.",
        "A running pactwatch judges the events it has seen against them within seconds."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch agreements import my-agreements.yaml --dry-run",
        "  ./pactwatch agreements import my-agreements.yaml --why \"from the 2026 review\""
      })
  int importFiles(
      @Mixin CommonOptions common,
      @Mixin Json format,
      @Mixin From from,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the audit trail.")
          String why,
      @Option(
              names = "--if-version",
              paramLabel = "VERSION",
              description = "Only if the registry as a whole has this version.")
          String version,
      @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
          boolean dryRun,
      @Parameters(
              paramLabel = "FILE",
              arity = "1..*",
              description = "YAML or JSON file, folder of them, or - for standard input.")
          List<String> files)
      throws IOException {
    List<RegistryFolder.Named> texts = new ArrayList<>();
    int agreements = 0;
    for (String file : files) {
      if (!file.equals(STDIN) && Files.isDirectory(Path.of(file))) {
        try (Stream<Path> entries = Files.list(Path.of(file))) {
          for (Path entry :
              entries.filter(e -> e.toString().matches(".*\\.ya?ml")).sorted().toList()) {
            texts.add(read(entry.toString()));
          }
        }
      } else {
        texts.add(read(file));
      }
    }
    for (RegistryFolder.Named text : texts) {
      List<Agreement> read = AgreementFiles.read(text.name(), text.text()).all();
      warnOfTopics(common, read);
      agreements += read.size();
    }
    RegistryFolder.Written written =
        from.folder(common)
            .load(
                texts,
                author(why),
                version == null ? Condition.NONE : Condition.registryAt(version),
                dryRun);
    report(format, written, agreements);
    if (dryRun && !format.on) {
      print("Nothing was written: this was a dry run.");
    }
    return 0;
  }

  @Command(
      name = "publish",
      description = {
        "Brings the registry's topic in Kafka in line with the files: once, and at once.",
        "",
        "A running pactwatch with the role detect or web does this by itself."
      },
      footerHeading = "%nExample:%n",
      footer = "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 ./pactwatch agreements publish")
  int publish(@Mixin CommonOptions common, @Mixin From from) {
    RegistryFolder folder = from.folder(common);
    Registry registry = folder.registry();
    try (Cluster cluster = Cluster.join(common.settings())) {
      cluster.prepareTopics();
      RegistryTopic.Synced synced = RegistryTopic.sync(cluster, registry, folder.hasFiles());
      print(
          synced.written()
              + " written, "
              + synced.erased()
              + " erased, "
              + synced.unchanged()
              + " unchanged");
    }
    return 0;
  }

  // ---- shared

  private static Agreement open(Registry registry, String id) {
    return registry
        .find(id)
        .orElseGet(
            () -> {
              List<Agreement> open =
                  registry.history(id).stream()
                      .filter(agreement -> agreement.effectiveTo() == null)
                      .toList();
              if (registry.history(id).isEmpty()) {
                throw unknown(id);
              }
              if (open.size() != 1) {
                throw new ConfigException(
                    open.isEmpty()
                        ? "every revision of '" + id + "' has an end already"
                        : "'"
                            + id
                            + "' has several revisions without an end; name one of "
                            + String.join(", ", open.stream().map(Agreement::id).toList()));
              }
              return open.get(0);
            });
  }

  private static String address(String url) {
    return Source.address(url)
        .orElseThrow(() -> new ConfigException("--source: '" + url + "' is no address of a page"));
  }

  private static RegistryFolder.Named read(String file) throws IOException {
    if (file.equals(STDIN)) {
      return new RegistryFolder.Named(
          "standard input", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    }
    try {
      return new RegistryFolder.Named(file, Files.readString(Path.of(file)));
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8 text", e);
    }
  }

  private static void warnOfTopics(CommonOptions common, List<Agreement> agreements) {
    Path file = common.settings().settings().configDir().resolve("topics.yaml");
    TopicTree topics = TopicTree.load(file);
    agreements.stream()
        .flatMap(agreement -> agreement.terms().stream())
        .flatMap(term -> Stream.concat(Stream.of(term.topic()), term.carveOuts().stream()))
        .filter(topic -> !topics.knows(topic))
        .distinct()
        .forEach(
            topic ->
                System.err.println(
                    "pactwatch: note: "
                        + file
                        + " has no topic '"
                        + Printable.of(topic)
                        + "'; it covers itself alone"));
  }

  private static void report(Json format, RegistryFolder.Written written, int agreements) {
    if (format.on) {
      written.entries().forEach(entry -> print(format, dev.pactwatch.json.Json.write(entry)));
      return;
    }
    for (AuditEntry entry : written.entries()) {
      print(
          entry.action()
              + " "
              + entry.agreement()
              + " in "
              + entry.file()
              + "; chain "
              + entry.chain()
              + " is at version "
              + entry.versionAfter());
    }
    int unchanged = agreements - written.entries().size();
    if (unchanged > 0) {
      print(unchanged + " unchanged");
    }
  }

  private static Author author(String why) {
    return new Author(System.getProperty("user.name", "unknown"), "command-line", why);
  }

  private static ConfigException unknown(String id) {
    return new ConfigException(new UnknownAgreement(id).getMessage() + "; see agreements list");
  }

  private static String lines(List<Agreement> agreements) {
    return String.join(
        System.lineSeparator(), agreements.stream().map(dev.pactwatch.json.Json::write).toList());
  }

  private static void print(Json format, String text) {
    if (format.on) {
      System.out.println(text.stripTrailing());
    } else {
      print(text);
    }
  }

  /** Records may come from others. */
  private static void print(String text) {
    text.stripTrailing().lines().map(Printable::of).forEach(System.out::println);
  }

  /** Machine-readable output. */
  static final class Json {
    @Option(names = "--json", description = "JSON in place of a table.")
    boolean on;
  }

  /** What a change is made with. */
  static final class Change {
    @Option(names = "--why", paramLabel = "TEXT", description = "For the audit trail.")
    String why;

    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description =
            "Only if the chain still has this version, as show and history tell it; none for a"
                + " chain that must be new.")
    String version;

    Author author() {
      return AgreementsCommand.author(why);
    }

    Condition condition() {
      return version == null ? Condition.NONE : Condition.chainAt(version);
    }
  }

  /** Which registry is asked. */
  static final class From {
    @Option(
        names = "--agreements",
        paramLabel = "FILE",
        description = "Another registry than the one of the configuration.")
    Path file;

    RegistryFolder folder(CommonOptions common) {
      Path config = common.settings().settings().configDir();
      return new RegistryFolder(
          file == null ? config.resolve("agreements") : file, InstantSource.system());
    }

    Registry registry(CommonOptions common) {
      Path config = common.settings().settings().configDir();
      return folder(common).registry().with(TopicTree.load(config.resolve("topics.yaml")));
    }
  }
}
