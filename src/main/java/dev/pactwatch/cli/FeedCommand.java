package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.feed.FeedItem;
import dev.pactwatch.feed.FeedJson;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Feeds, read and listed. */
@Command(
    name = "feed",
    description = "Shows how a feed is read, and which feeds are watched.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch feed parse saved.xml",
      "  ./pactwatch feed parse --json feeds/*.xml > parsed.jsonl",
      "  ./pactwatch feed list"
    })
final class FeedCommand implements Runnable {

  private static final int MAX_BYTES = 10 * 1024 * 1024;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "feed needs one of parse, list");
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
            source.startsWith("http://") || source.startsWith("https://")
                ? fetcher.fetch(parser, source)
                : file(parser, source);
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

  @Command(name = "list", description = "The feeds of config/feeds.opml.")
  int list(@Mixin CommonOptions common) {
    FeedList feeds = FeedList.read(common.settings().settings().configDir().resolve("feeds.opml"));
    for (FeedEntry feed : feeds.feeds()) {
      System.out.println(
          Printable.of(
              feed.url()
                  + "  "
                  + feed.title()
                  + (feed.category() == null ? "" : "  [" + feed.category() + "]")));
    }
    return 0;
  }

  private static FeedResult file(FeedParser parser, String name) throws IOException {
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(name + ": no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
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
        Settings.Http http = common.settings().settings().http();
        client =
            new OutboundClient(
                OutboundSettings.defaults(
                    Version.number(),
                    http.contact().orElse(""),
                    List.copyOf(http.allowPrivate().orElse(Set.of()))));
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
