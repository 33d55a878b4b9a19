package dev.pactwatch.cli;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.replay.Comparison;
import dev.pactwatch.replay.ReplayInput;
import dev.pactwatch.replay.ReplayRun;
import dev.pactwatch.topology.ProductRules;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs old news through the product, apart from everything that is live. */
@Command(
    name = "replay",
    description = {
      "Reads feed files, folders or archives (zip, tar, gz, WARC), or items as JSON Lines, and runs"
          + " them through the same topology on a Kafka of their own: no live topic is written, nobody is"
          + " told.",
      "A feed that names an archive of its older items (RFC 5005) is read with it: a file with the"
          + " file beside it, an address with up to 240 documents, five seconds apart. Of a WARC,"
          + " feeds count and pages that name their day of publication.",
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch replay ~/old-feeds",
      "  ./pactwatch replay news.zip --from 2026-01-01 --alerts - --agreements mine.yaml",
      "  ./pactwatch replay news/ --compare other-config/",
      "  ./pactwatch replay https://example.org/feed CC-NEWS-20260101.warc.gz"
    })
final class ReplayCommand implements Callable<Integer> {

  private static final long PAUSE_MILLIS = 5_000;

  private static final Pattern SPEED = Pattern.compile("(\\d+(?:\\.\\d+)?)x");

  @Mixin CommonOptions common;

  @Parameters(
      paramLabel = "PATH|URL",
      arity = "1..*",
      description = "Files, folders, archives; addresses of feeds.")
  List<String> sources;

  @Option(
      names = "--speed",
      paramLabel = "max|60x",
      description = "max (default), or event time against wall time.")
  String speed = "max";

  @Option(names = "--from", paramLabel = "DATE", description = "First day.")
  LocalDate from;

  @Option(names = "--to", paramLabel = "DATE", description = "Last day.")
  LocalDate to;

  @Option(
      names = "--agreements",
      paramLabel = "FILE",
      description = "Another registry than the one of the configuration: file or folder.")
  Path agreements;

  @Option(
      names = "--lexicon",
      paramLabel = "DIR",
      description = "Another lexicon than the one of the configuration.")
  Path lexicon;

  @Option(
      names = "--alerts",
      paramLabel = "FILE|-",
      description = "Write every revision of every alert as JSON Lines.")
  String alerts;

  @Option(
      names = "--events",
      paramLabel = "FILE|-",
      description = "Write every tagged article that has events as JSON Lines.")
  String events;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = {
        "Run the same news again with what this folder has of lexicon/, agreements/ and topics.yaml,",
        "and show which alerts come, go and change. Status 1 when they differ."
      })
  Path compare;

  private final PrintStream err = System.err;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path config = common.settings().settings().configDir();
    Path data = common.settings().settings().dataDir();
    double times = speed();
    Setup setup = setup(config, agreements, lexicon);
    Setup other = compare == null ? null : otherSetup(config);
    ReplayInput input = read(config);
    input.refused().forEach((name, reason) -> err.println(Printable.of(name) + ": " + reason));
    if (input.articles().isEmpty() && !input.refused().isEmpty()) {
      throw new ConfigException("nothing to replay: no file could be read");
    }
    ReplayRun.Result result = run(setup, input, data, times);
    write(events, result.events().stream().filter(tagged -> !tagged.events().isEmpty()).toList());
    write(alerts, result.alerts());
    summary(input, result);
    if (other == null) {
      return 0;
    }
    ReplayRun.Result second = run(other, input, data, times);
    Comparison comparison = Comparison.of(result.alerts(), second.alerts());
    (("-".equals(alerts) || "-".equals(events)) ? err : System.out).print(comparison.text());
    return comparison.same() ? 0 : Main.FAILED;
  }

  private ReplayInput read(Path config) {
    Path publishers = config.resolve("publishers.yaml");
    PublisherFamilies families =
        Files.exists(publishers) ? PublisherFamilies.read(publishers) : PublisherFamilies.none();
    List<String> addresses = sources.stream().filter(ReplayCommand::isAddress).toList();
    List<Path> paths = sources.stream().filter(s -> !isAddress(s)).map(Path::of).toList();
    InstantSource clock = InstantSource.system();
    if (addresses.isEmpty()) {
      return ReplayInput.read(paths, families, from, to, clock);
    }
    Settings.Http http = common.settings().settings().http();
    try (OutboundClient client =
        new OutboundClient(
            OutboundSettings.defaults(
                Version.number(),
                http.contact().orElse(""),
                List.copyOf(http.allowPrivate().orElse(Set.of()))))) {
      return ReplayInput.read(
          paths,
          addresses,
          new ReplayInput.Web(client::send, ReplayCommand::pause),
          families,
          from,
          to,
          clock);
    }
  }

  private static boolean isAddress(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  /** What a publisher may expect of a reader that wants all of an archive. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ReplayRun.Result run(Setup setup, ReplayInput input, Path data, double times)
      throws IOException, InterruptedException {
    Files.createDirectories(data.resolve("replay"));
    Path folder = Files.createTempDirectory(data.resolve("replay"), "run-");
    Progress progress = new Progress(err, "articles", input.articles().size());
    try {
      return ReplayRun.run(
          input.articles(),
          setup.registry().all(),
          setup.rules(),
          new ReplayRun.Options(folder, times, progress::at));
    } finally {
      progress.end();
    }
  }

  private void summary(ReplayInput input, ReplayRun.Result result) {
    List<Alert> latest = Comparison.latest(result.alerts());
    input
        .rejectedItems()
        .forEach(
            (reason, count) -> err.println(count + " items rejected: " + Printable.of(reason)));
    long eventful = result.events().stream().filter(t -> !t.events().isEmpty()).count();
    long found = result.events().stream().mapToLong(t -> t.events().size()).sum();
    err.printf(
        Locale.ROOT,
        "%d files read, %d refused; %d articles, %d rejected items; %d events in %d articles;"
            + " %d alerts; %.1f s%n",
        input.files(),
        input.refused().size(),
        input.articles().size(),
        input.rejectedItems().values().stream().mapToInt(Integer::intValue).sum(),
        found,
        eventful,
        latest.size(),
        result.elapsed().toMillis() / 1e3);
    if (!"-".equals(alerts)) {
      latest.forEach(alert -> System.out.println(AlertText.line(alert)));
    }
  }

  private static void write(String target, List<?> records) throws IOException {
    if (target == null) {
      return;
    }
    if (target.equals("-")) {
      records.forEach(record -> System.out.println(Json.write(record)));
      return;
    }
    try (BufferedWriter out = Files.newBufferedWriter(Path.of(target), StandardCharsets.UTF_8)) {
      for (Object record : records) {
        out.write(Json.write(record));
        out.newLine();
      }
    }
  }

  private double speed() {
    if (speed.equals("max")) {
      return 0;
    }
    Matcher factor = SPEED.matcher(speed);
    if (!factor.matches() || Double.parseDouble(factor.group(1)) <= 0) {
      throw new ConfigException("--speed: '" + speed + "' is neither max nor such as 60x");
    }
    return Double.parseDouble(factor.group(1));
  }

  /** What decides. */
  private record Setup(ProductRules rules, Registry registry) {}

  private Setup setup(Path config, Path registry, Path words) {
    boolean touches = common.settings().settings().detect().touches();
    return new Setup(
        ProductRules.load(
            words == null ? config.resolve("lexicon") : words,
            config.resolve("topics.yaml"),
            touches),
        AgreementFiles.load(registry == null ? config.resolve("agreements") : registry));
  }

  private Setup otherSetup(Path config) {
    Path words = compare.resolve("lexicon");
    Path registry = compare.resolve("agreements");
    Path topics = compare.resolve("topics.yaml");
    if (!Files.exists(words) && !Files.exists(registry) && !Files.exists(topics)) {
      throw new ConfigException(
          compare + ": has none of lexicon/, agreements/ and topics.yaml to compare with");
    }
    Path ownWords = lexicon == null ? config.resolve("lexicon") : lexicon;
    Path ownRegistry = agreements == null ? config.resolve("agreements") : agreements;
    return new Setup(
        ProductRules.load(
            Files.exists(words) ? words : ownWords,
            Files.exists(topics) ? topics : config.resolve("topics.yaml"),
            common.settings().settings().detect().touches()),
        AgreementFiles.load(Files.exists(registry) ? registry : ownRegistry));
  }
}
