package dev.pactwatch.cli;

import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedItem;
import dev.pactwatch.feed.FeedJson;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.Robots;
import dev.pactwatch.http.UrlGuard;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedList;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.ingest.FeedPoll;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.ingest.FeedStates;
import dev.pactwatch.ingest.FeedStatus;
import dev.pactwatch.ingest.IngestSettings;
import dev.pactwatch.ingest.ParsedFeedReader;
import dev.pactwatch.ingest.PollReport;
import dev.pactwatch.ingest.PollSchedule;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The feeds: read, looked for, listed, and how they fare. */
@Command(
    name = "feed",
    description = {
      "The feeds that are watched, how they fare, and how a feed is read.",
      "",
      "The list is config/feeds.opml, which you may edit as well. A running pactwatch takes up every"
          + " change within seconds."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch feed add https://www.paper.example/     # a page will do",
      "  ./pactwatch feed list",
      "  ./pactwatch feed health",
      "  ./pactwatch feed check https://www.paper.example/feed.xml",
      "  ./pactwatch feed import subscriptions.opml --dry-run",
      "",
      "Every command explains itself: ./pactwatch feed COMMAND --help"
    })
final class FeedCommand implements Runnable {

  private static final int MAX_BYTES = 10 * 1024 * 1024;

  /** Between requests to one site on behalf of somebody who waits. */
  private static final Duration PAUSE = Duration.ofMillis(500);

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
        "feed needs one of list, add, remove, check, health, import, export, parse");
  }

  @Command(
      name = "parse",
      description = {
        "Reads feeds from files or addresses and shows what is in them.",
        "Status 2 when one of them is no feed."
      })
  int parse(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "FILE|URL", arity = "1..*") List<String> sources)
      throws IOException {
    FeedParser parser = new FeedParser();
    int status = 0;
    try (Fetcher fetcher = new Fetcher(common)) {
      for (String source : sources) {
        FeedResult result =
            isAddress(source) ? fetcher.fetch(parser, source) : file(parser, source);
        if (format.on) {
          System.out.println(FeedJson.line(source, result));
        } else {
          show(source, result);
        }
        if (result instanceof FeedResult.Unreadable unreadable) {
          status = Main.BAD_INPUT;
          if (!format.on) {
            System.err.println(
                "pactwatch: " + Printable.of(source) + ": " + Printable.of(unreadable.reason()));
          }
        }
      }
    }
    return status;
  }

  @Command(
      name = "list",
      description = "The feeds of config/feeds.opml, in its order.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch feed list --json | jq -r .url")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    for (FeedEntry feed : listFile(common).read().list().feeds()) {
      System.out.println(
          format.on
              ? Json.write(Listed.of(feed))
              : Printable.of(
                  feed.id()
                      + "  "
                      + feed.url()
                      + "  "
                      + feed.title()
                      + (feed.category() == null ? "" : "  [" + feed.category() + "]")
                      + (feed.fullText() ? "  full text" : "")));
    }
    return 0;
  }

  /** A feed of the list as JSON. */
  private record Listed(
      String id,
      String url,
      String title,
      String site,
      String category,
      String comment,
      boolean fullText) {

    static Listed of(FeedEntry feed) {
      return new Listed(
          feed.id(),
          feed.url(),
          feed.title(),
          feed.site(),
          feed.category(),
          feed.comment(),
          feed.fullText());
    }
  }

  @Command(
      name = "add",
      description = {
        "Watches another feed. ADDRESS is that of the feed or of a page that has one.",
        "",
        "The feed is read first, and what it holds is shown. Where a page has several, they are"
            + " listed with status 2, for you to choose from."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch feed add www.paper.example",
        "  ./pactwatch feed add https://paper.example/feed.xml --folder Press --comment \"talks\"",
        "  ./pactwatch feed add https://paper.example/feed.xml --dry-run"
      })
  int add(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--title", paramLabel = "TEXT", description = "In place of the feed's own.")
          String title,
      @Option(names = "--category", paramLabel = "TEXT", description = "Such as press or court.")
          String category,
      @Option(
              names = "--folder",
              paramLabel = "NAME",
              description = "Of the list; made where there is none.")
          String folder,
      @Option(names = "--comment", paramLabel = "TEXT", description = "What it is watched for.")
          String comment,
      @Option(
              names = "--full-text",
              description = "Read an article's page where the feed gives only a line of it.")
          boolean fullText,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the record of changes.")
          String why,
      @Option(names = "--unread", description = "Add the address as it is, without asking it.")
          boolean unread,
      @Option(names = "--dry-run", description = "Show what is found, and add nothing.")
          boolean dryRun,
      @Parameters(paramLabel = "ADDRESS") String address)
      throws InterruptedException {
    FeedListFile file = listFile(common);
    FeedList list = file.read().list();
    // Before anything is asked: the answer is known.
    Optional<FeedEntry> twin = FeedListFile.twin(list, address);
    if (twin.isPresent()) {
      throw watched(twin.get());
    }
    FeedFinder.Candidate found =
        unread
            ? new FeedFinder.Candidate(
                checked(common, address), null, null, null, null, 0, null, List.of())
            : choose(common, address, format, list);
    if (found == null) {
      return Main.BAD_INPUT;
    }
    if (!unread && !format.on) {
      FeedText.candidate(found, Instant.now()).forEach(System.out::println);
    }
    FeedEntry feed =
        new FeedEntry(
            found.url(),
            title != null ? title : found.title() == null ? found.url() : found.title(),
            found.site(),
            category,
            comment,
            fullText);
    if (!dryRun) {
      try {
        String unused = file.add(feed, folder, author(why), null);
      } catch (FeedListFile.Duplicate e) {
        throw watched(e.listed());
      }
    }
    if (format.on) {
      System.out.println(Json.write(Listed.of(feed)));
    } else {
      System.out.println(
          dryRun
              ? "Nothing was written: this was a dry run."
              : Printable.of("added " + feed.id() + " to " + file.file())
                  + "; a running pactwatch polls it within seconds");
    }
    return 0;
  }

  private static ConfigException watched(FeedEntry feed) {
    return new ConfigException(
        Printable.of(feed.url() + ": is watched already, as " + feed.id() + " " + feed.title()));
  }

  /** The one feed of the address; null when there are several, which are shown then. */
  private static FeedFinder.Candidate choose(
      CommonOptions common, String address, AgreementsCommand.Json format, FeedList list)
      throws InterruptedException {
    FeedFinder.Found found;
    try (OutboundClient http = Polling.client(common.settings().settings())) {
      found = new FeedFinder(http, new Robots(http, InstantSource.system()), PAUSE).find(address);
    }
    if (found instanceof FeedFinder.Nothing nothing) {
      throw new ConfigException(Printable.of(address + ": " + nothing.why()));
    }
    List<FeedFinder.Candidate> feeds = ((FeedFinder.Feeds) found).feeds();
    if (feeds.size() == 1) {
      return feeds.get(0);
    }
    for (FeedFinder.Candidate feed : feeds) {
      if (format.on) {
        System.out.println(Json.write(feed));
      } else {
        FeedText.candidate(feed, Instant.now()).forEach(System.out::println);
        if (FeedListFile.twin(list, feed.url()).isPresent()) {
          System.out.println("  is watched already");
        }
      }
    }
    System.err.println(
        "pactwatch: "
            + Printable.of(address)
            + ": has "
            + feeds.size()
            + " feeds: name the one to add");
    return null;
  }

  /** An address that nobody asks is at least one that could be asked. */
  private static String checked(CommonOptions common, String address) {
    try (OutboundClient http = Polling.client(common.settings().settings())) {
      if (http.urls().check(address) instanceof UrlGuard.Bad bad) {
        throw new ConfigException(Printable.of(address) + ": " + bad.why());
      }
    }
    return address;
  }

  @Command(
      name = "remove",
      description = {
        "Watches a feed no longer. Its articles stay, and what is known of it: added again, it goes"
            + " on where it was."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch feed remove https://paper.example/feed.xml",
        "  ./pactwatch feed remove 3f9c2a01 --why \"only advertisements\""
      })
  int remove(
      @Mixin CommonOptions common,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the record of changes.")
          String why,
      @Parameters(
              paramLabel = "ADDRESS|ID",
              description = "As feed list shows them; the beginning of an id will do.")
          String name) {
    FeedListFile file = listFile(common);
    try {
      FeedEntry removed = file.remove(name, author(why), null);
      System.out.println(
          Printable.of(
              "removed " + removed.url() + " (" + removed.title() + ") from " + file.file()));
    } catch (FeedListFile.Unknown e) {
      throw new ConfigException(e.getMessage(), e);
    }
    return 0;
  }

  @Command(
      name = "import",
      description = {
        "Adds the feeds of an OPML file that are not watched yet, all or nothing, in folders of the"
            + " same name and with all that is written about them there."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch feed import subscriptions.opml --dry-run",
        "  ./pactwatch feed import - < subscriptions.opml"
      })
  int importFile(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the record of changes.")
          String why,
      @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
          boolean dryRun,
      @Parameters(paramLabel = "FILE", description = "OPML, or - for standard input.") String name)
      throws IOException {
    byte[] opml = name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(regular(name));
    FeedListFile file = listFile(common);
    FeedListFile.Imported imported =
        file.load(name.equals("-") ? "standard input" : name, opml, author(why), null, dryRun);
    for (FeedEntry feed : imported.added()) {
      System.out.println(
          format.on
              ? Json.write(Listed.of(feed))
              : Printable.of("added  " + feed.url() + "  " + feed.title()));
    }
    if (!format.on) {
      System.out.println(
          imported.added().size()
              + " added, "
              + imported.known().size()
              + " watched already"
              + (dryRun ? ". Nothing was written: this was a dry run." : ""));
    }
    return 0;
  }

  @Command(
      name = "export",
      description = "The list as it is, as OPML that import and other readers take.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch feed export > feeds-backup.opml")
  int export(@Mixin CommonOptions common) throws IOException {
    System.out.write(listFile(common).export());
    System.out.flush();
    return 0;
  }

  @Command(
      name = "check",
      description = {
        "Polls a feed once, as if for the first time, and explains when it would be asked again:"
            + " every source of that decision, and which one decides. Publishes nothing.",
        "",
        "Status 2 when it is no feed that can be read."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch feed check https://paper.example/feed.xml",
        "  ./pactwatch feed check saved.xml --json | jq .next"
      })
  int check(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "URL|FILE") String source)
      throws IOException {
    Settings settings = common.settings().settings();
    ParsedFeedReader reader =
        new ParsedFeedReader(
            new ArticleMaker(
                PublisherFamilies.read(settings.configDir().resolve("publishers.yaml"))),
            settings.ingest().fresh());
    IngestSettings ingest = Polling.settings(settings.ingest());
    FeedPoll.Result result;
    try (OutboundClient http = Polling.client(settings)) {
      FeedPoll polls =
          new FeedPoll(
              http, reader, new PollSchedule(ingest, new Random()), ingest, InstantSource.system());
      FeedState fresh = FeedState.fresh(source);
      result =
          isAddress(source)
              ? polls.poll(fresh)
              : polls.document(fresh, Files.readAllBytes(regular(source)));
    }
    if (format.on) {
      System.out.println(Json.write(result.report()));
    } else {
      FeedText.check(result, ingest, Instant.now()).forEach(System.out::println);
    }
    PollReport report = result.report();
    if (report.outcome() == PollReport.Outcome.READ) {
      return 0;
    }
    if (!format.on) {
      System.err.println(
          "pactwatch: "
              + Printable.of(source)
              + ": "
              + report.problem()
              + (report.detail() == null ? "" : ": " + Printable.of(report.detail())));
    }
    return Main.BAD_INPUT;
  }

  @Command(
      name = "health",
      description = {
        "How the feeds fare: last success, overlap between polls, lag from publication, what was"
            + " rejected, and when each is asked again and why.",
        "",
        "Of a running pactwatch, or of the data folder it left."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch feed health",
        "  ./pactwatch feed health 3f9c2a01",
        "  ./pactwatch feed health --json | jq 'select(.status != [\"well\"])'"
      })
  int health(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--all", description = "Also feeds that were watched earlier.") boolean all,
      @Parameters(
              paramLabel = "ADDRESS|ID",
              arity = "0..1",
              description = "Everything about one feed.")
          String name) {
    FeedList list = listFile(common).read().list();
    String wanted;
    try {
      wanted = name == null ? null : FeedListFile.find(list, name).url();
    } catch (FeedListFile.Unknown e) {
      throw new ConfigException(e.getMessage(), e);
    }
    List<FeedStatus> feeds =
        FeedStatus.of(list.feeds(), states(common)).stream()
            .filter(feed -> wanted == null ? feed.listed() || all : feed.feed().equals(wanted))
            .toList();
    Instant now = Instant.now();
    if (format.on) {
      feeds.forEach(feed -> System.out.println(Json.write(feed)));
    } else if (wanted != null) {
      FeedText.details(feeds.get(0), now).forEach(System.out::println);
    } else if (feeds.isEmpty()) {
      System.out.println("no feeds are watched; see feed add --help");
    } else {
      FeedText.table(feeds, now).forEach(System.out::println);
      for (FeedStatus feed : feeds) {
        feed.notices().stream()
            .filter(notice -> notice.at().equals(feed.troubles().get(notice.what())))
            .forEach(
                notice ->
                    System.out.println(
                        Printable.of(
                            "! " + feed.id() + " " + feed.title() + ": " + notice.text())));
      }
    }
    return 0;
  }

  private static Map<String, FeedState> states(CommonOptions common) {
    Settings.Loaded loaded = common.settings();
    boolean anywhere =
        loaded.bootstrapServers().isPresent()
            || Files.exists(loaded.settings().dataDir().resolve("kafka"));
    if (!anywhere) {
      return Map.of();
    }
    try (Cluster cluster = Cluster.join(loaded)) {
      cluster.prepareTopics();
      try (FeedStates states = new FeedStates(cluster.clients(), cluster.topics().feeds())) {
        return states.read();
      }
    }
  }

  private static FeedListFile listFile(CommonOptions common) {
    return new FeedListFile(
        common.settings().settings().configDir().resolve("feeds.opml"), InstantSource.system());
  }

  private static FeedListFile.Author author(String why) {
    return new FeedListFile.Author(System.getProperty("user.name", "unknown"), "command-line", why);
  }

  private static boolean isAddress(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  private static Path regular(String name) {
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(name + ": no such file");
    }
    return file;
  }

  private static FeedResult file(FeedParser parser, String name) throws IOException {
    try (InputStream in = Files.newInputStream(regular(name))) {
      // One byte more than allowed is enough to see that it is too large.
      return parser.parse(in.readNBytes(MAX_BYTES + 1), null, name);
    }
  }

  private static void show(String source, FeedResult result) {
    if (!(result instanceof FeedResult.Parsed parsed)) {
      return;
    }
    System.out.println(
        Printable.of(source)
            + ": "
            + parsed.feed().format()
            + ", "
            + Printable.of(String.valueOf(parsed.feed().title()))
            + ", "
            + parsed.feed().items().size()
            + " items");
    for (FeedItem item : parsed.feed().items()) {
      System.out.println(
          "  "
              + (item.published() == null ? "undated             " : item.published())
              + "  "
              + Printable.of(String.valueOf(item.title())));
    }
    parsed
        .rejected()
        .forEach(item -> System.out.println("  rejected: " + Printable.of(item.reason())));
    parsed.warnings().forEach(warning -> System.out.println("  note: " + Printable.of(warning)));
  }

  /** Fetches with the product's own client, made only when an address is asked for. */
  private static final class Fetcher implements AutoCloseable {

    private final CommonOptions common;
    private OutboundClient client;

    Fetcher(CommonOptions common) {
      this.common = common;
    }

    FeedResult fetch(FeedParser parser, String url) {
      if (client == null) {
        client = Polling.client(common.settings().settings());
      }
      OutboundResult result = client.send(OutboundRequest.get(url, Map.of()));
      if (result instanceof OutboundResult.Response response) {
        return response.status() == 200
            ? parser.parse(
                response.body(), response.header("content-type").orElse(null), response.url())
            : new FeedResult.Unreadable("the server answers " + response.status());
      }
      return new FeedResult.Unreadable(
          result instanceof OutboundResult.Refused refused
              ? refused.detail()
              : ((OutboundResult.Failed) result).detail());
    }

    @Override
    public void close() {
      if (client != null) {
        client.close();
      }
    }
  }
}
