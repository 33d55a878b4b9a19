package dev.pactwatch.cli;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.replay.Comparison;
import dev.pactwatch.replay.Refusals;
import dev.pactwatch.replay.ReplayManifest;
import dev.pactwatch.replay.ReplaySet;
import dev.pactwatch.replay.ReplaySources;
import dev.pactwatch.replay.ReplayStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs old news through the product, apart from everything that is live. */
@Command(
    name = "replay",
    description = {
      "Reads feed files, folders or archives (zip, tar, gz, WARC), items as JSON Lines, or articles"
          + " of a log in Kafka, and runs them through the same topology on a Kafka of their own:"
          + " no live topic is written, nobody is told.",
      "A feed that names an archive of its older items (RFC 5005) is read with it: a file with the"
          + " file beside it, an address with up to 240 documents, five seconds apart. Of a WARC,"
          + " feeds count and pages that name their day of publication.",
      "topic:articles.v1 is the log of this installation; topic:articles.v1?offsets=0:100-200,1:50-"
          + " a range of it by partition.",
      "What it gave stays under data/replay until it is removed. One that was interrupted is"
          + " resumed where it was.",
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch replay ~/old-feeds",
      "  ./pactwatch replay news.zip --from 2026-01-01 --alerts - --agreements mine.yaml",
      "  ./pactwatch replay news/ --compare other-config/",
      "  ./pactwatch replay topic:articles.v1 --last 2y --compare other-config/",
      "  ./pactwatch replay https://example.org/feed CC-NEWS-20260101.warc.gz",
      "  ./pactwatch replay list",
      "  ./pactwatch replay promote 20261123-155200",
      "  ./pactwatch replay show 20261123-155200"
    })
final class ReplayCommand implements Callable<Integer> {

  private static final Pattern SPEED = Pattern.compile("(\\d+(?:\\.\\d+)?)x");

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Mixin CommonOptions common;

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..*",
      description = "Files, folders, archives; addresses of feeds; topic:articles.v1.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "The same as topic:NAME: articles of a log in Kafka.")
  String topic;

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
      names = "--last",
      paramLabel = "2y",
      description = "Instead of --from: so many years (y), months (m), weeks (w) or days (d) ago.")
  String last;

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
        "Run the same news again with what this folder has of lexicon/, agreements/ and"
            + " topics.yaml,",
        "and show which alerts come, go and change, and why. Status 1 when they differ."
      })
  Path compare;

  @Option(
      names = "--notify",
      paramLabel = "SUBSCRIPTION",
      description = "Tell this one subscription what was found; without it nobody is told.")
  String notified;

  @Option(names = "--json", description = "Print the replay, or the comparison, as JSON.")
  boolean json;

  private final PrintStream err = System.err;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(sources);
    if (topic != null) {
      all.add("topic:" + topic);
    }
    if (all.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "replay needs a source, or one of list, show, resume, promote, remove");
    }
    for (Path path : ReplaySources.of(all).paths()) {
      if (!Files.exists(path)) {
        throw new ConfigException(path + ": no such file or folder");
      }
    }
    Settings settings = common.settings().settings();
    ReplaySet.Origin own = ReplaySet.Origin.of(settings.configDir());
    ReplaySet.Origin first =
        new ReplaySet.Origin(
            lexicon == null ? own.lexicon() : lexicon,
            agreements == null ? own.agreements() : agreements,
            own.topics(),
            own.retractions());
    ReplayManifest.Asked asked =
        new ReplayManifest.Asked(
            all,
            first(),
            to,
            speed(),
            settings.detect().touches(),
            notified,
            System.getProperty("user.name"));
    ReplayWork work = new ReplayWork(common.settings(), err);
    work.checkNotified(notified);
    ReplayStore store = work.store();
    String id = store.create(asked, first, compare == null ? null : first.with(compare));
    err.println("Replay " + id + " in " + store.folder(id));
    return finish(work, work.run(id));
  }

  private int finish(ReplayWork work, ReplayManifest manifest) throws IOException {
    Path folder = work.store().folder(manifest.id());
    hand(folder.resolve("first").resolve("events.jsonl"), events);
    hand(folder.resolve("first").resolve("alerts.jsonl"), alerts);
    boolean taken = "-".equals(alerts) || "-".equals(events);
    Refusals refusals = Refusals.read(folder);
    refusals
        .documents()
        .forEach((name, reason) -> err.println(Printable.of(name) + ": " + Printable.of(reason)));
    refusals
        .items()
        .forEach(
            (reason, count) -> err.println(count + " items rejected: " + Printable.of(reason)));
    err.println(ReplayText.summary(manifest));
    return report(folder, manifest, taken ? err : System.out, json, !taken);
  }

  /**
   * @param listed whether the alerts are listed where nothing was compared
   * @return status 1 where a comparison found a difference
   */
  private static int report(
      Path folder, ReplayManifest manifest, PrintStream out, boolean json, boolean listed)
      throws IOException {
    if (manifest.differences() != null) {
      Comparison comparison = Comparison.read(folder);
      out.print(json ? Json.write(comparison) + System.lineSeparator() : comparison.text());
      return manifest.differences().none() ? 0 : Main.FAILED;
    }
    if (json) {
      out.println(Json.write(manifest));
    } else if (listed && manifest.first().pass() != null) {
      try (BufferedReader lines =
          Files.newBufferedReader(
              folder.resolve("first").resolve("latest.jsonl"), StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          out.println(AlertText.line(Json.read(line, Alert.class)));
        }
      }
    }
    return 0;
  }

  private static void hand(Path file, String target) throws IOException {
    if (target == null) {
      return;
    }
    if (target.equals("-")) {
      Files.copy(file, System.out);
    } else {
      Files.copy(file, Path.of(target), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Command(name = "list", description = "All replays of the data folder, the newest first.")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    List<ReplayStore.Entry> entries = store(common).list();
    entries.forEach(
        entry -> System.out.println(format.on ? Json.write(entry) : ReplayText.line(entry)));
    if (entries.isEmpty() && !format.on) {
      System.out.println("no replays");
    }
    return 0;
  }

  @Command(
      name = "show",
      description = {
        "One replay: what was asked, what it gave, how far it is, the stored comparison.",
        "Status 1 when a comparison found a difference."
      })
  int show(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id)
      throws IOException {
    ReplayStore store = store(common);
    ReplayStore.Entry entry = store.get(id);
    if (!format.on) {
      System.out.print(ReplayText.block(entry));
    } else if (entry.manifest().differences() == null) {
      System.out.println(Json.write(entry));
      return 0;
    }
    return report(store.folder(id), entry.manifest(), System.out, format.on, true);
  }

  @Command(
      name = "resume",
      description = "Goes on with a replay that was interrupted, or begins one that was only made.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch replay resume 20261123-155200")
  int resume(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id)
      throws IOException, InterruptedException {
    json = format.on;
    ReplayWork work = new ReplayWork(common.settings(), err);
    return finish(work, work.run(id));
  }

  @Command(
      name = "remove",
      description = "Removes replays and all that they gave.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch replay remove 20261123-155200")
  int remove(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids) {
    ReplayStore store = store(common);
    for (String id : ids) {
      store.remove(id);
      System.out.println("removed " + id);
    }
    return 0;
  }

  @Command(
      name = "promote",
      description = {
        "Activates a set that was replayed: its lexicon and its agreements take the place of those"
            + " of the configuration, which are kept. A running pactwatch takes them over within"
            + " seconds; every event and alert says which lexicon and which revision of an"
            + " agreement it is of.",
        "What the second set changed in topics.yaml or retractions.yaml is said, and left to you:"
            + " they are read at the start."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch replay promote 20261123-155200 --dry-run",
        "  ./pactwatch replay promote 20261123-155200"
      })
  int promote(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = "--set",
              paramLabel = "first|second",
              description = "Which set; the second one unless told, if there are two.")
          String which,
      @Option(names = "--dry-run", description = "Only say what would be done.") boolean dryRun) {
    ReplayStore store = store(common);
    ReplayManifest manifest = store.get(id).manifest();
    if (which != null && !which.equals("first") && !which.equals("second")) {
      throw new ConfigException("--set: '" + which + "' is neither first nor second");
    }
    boolean second = which == null ? manifest.second() != null : which.equals("second");
    ReplayPromotion.run(
        common.settings().settings().configDir(),
        store.set(id, second),
        second ? manifest.second() : manifest.first(),
        "replay " + id,
        dryRun);
    return 0;
  }

  private static ReplayStore store(CommonOptions common) {
    return new ReplayStore(common.settings().settings().dataDir(), InstantSource.system());
  }

  private LocalDate first() {
    if (last == null) {
      return from;
    }
    if (from != null) {
      throw new ConfigException("--from and --last: one of them is enough");
    }
    try {
      return LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC)
          .minus(Period.parse("P" + last.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException e) {
      throw new ConfigException("--last: '" + last + "' is none of such as 2y, 6m, 3w, 90d", e);
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
}
