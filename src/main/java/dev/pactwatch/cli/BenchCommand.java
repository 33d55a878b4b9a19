package dev.pactwatch.cli;

import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.feed.FeedBench;
import dev.pactwatch.ingest.PollingBench;
import dev.pactwatch.matching.MatchBench;
import dev.pactwatch.notify.delivery.DeliveryBench;
import dev.pactwatch.notify.subscription.SubscriptionBench;
import dev.pactwatch.replay.ReplayBench;
import dev.pactwatch.replay.ReplaySet;
import dev.pactwatch.replay.StreamBench;
import dev.pactwatch.tagging.TagBench;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks. */
@Command(
    name = "bench",
    description = {
      "Measures parts of the program on generated data, each beside a yardstick in the same run.",
      "",
      "Rates are per second of processor time of one thread, after a warm-up, so that what else"
          + " runs on the machine counts little."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch bench all",
      "  ./pactwatch bench tag",
      "  ./pactwatch bench match",
      "  ./pactwatch bench feeds --files saved-feeds/",
      "  ./pactwatch bench polling --feeds 3000 --days 30",
      "  ./pactwatch bench notify",
      "  ./pactwatch bench replay --articles 100000"
    })
final class BenchCommand implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "bench needs one of all, tag, match, feeds, polling, notify, replay");
  }

  @Command(
      name = "all",
      description = {
        "Measures every stage and prints one table: our rate, the rate of the yardstick in the same"
            + " run, the share, the memory; then how long an article takes to become an alert at a"
            + " fixed load.",
        "Less than ten minutes, in which the machine should have nothing else to do. The other"
            + " commands measure longer and tell more."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch bench all")
  int all(@Mixin CommonOptions common) throws Exception {
    Settings settings = common.settings().settings();
    PrintStream out = System.out;
    PrintStream progress = System.err;
    new BenchTable(
            ReplaySet.Origin.of(settings.configDir()),
            settings.dataDir().resolve("bench"),
            progress)
        .measure()
        .print(out);
    return 0;
  }

  @Command(
      name = "tag",
      description = {
        "Finds events in generated articles of 2 kB, beside splitting them into words only; in"
            + " real ones as well where a file with some is given.",
        "About half a minute, and as much again for real ones."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch bench tag --lexicon my-config/lexicon")
  int tag(
      @Mixin CommonOptions common,
      @Option(
              names = "--lexicon",
              paramLabel = "DIR",
              description = "Another lexicon than the one of the configuration.")
          Path lexicon,
      @Option(
              names = "--bodies",
              paramLabel = "FILE",
              description = "JSON Lines with id, title and body, to be measured too.")
          Path bodies) {
    Path folder =
        lexicon == null ? common.settings().settings().configDir().resolve("lexicon") : lexicon;
    PrintStream out = System.out;
    var unused = TagBench.run(out, folder, bodies);
    return 0;
  }

  @Command(
      name = "match",
      description = {
        "Judges generated events against 100,000 generated agreements of 200,000 organisations,"
            + " beside plain look-ups in a hash map and a plain scan of all agreements; tells the"
            + " time to start and the heap that it takes.",
        "About twenty seconds."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch bench match")
  int match(@Mixin CommonOptions common) {
    Path topics = common.settings().settings().configDir().resolve("topics.yaml");
    PrintStream out = System.out;
    var unused = MatchBench.run(TopicTree.load(topics), MatchBench.AGREEMENTS, out);
    return 0;
  }

  @Command(
      name = "feeds",
      description = {
        "Reads generated feeds of several formats and sizes, from bytes to articles, beside a bare"
            + " StAX pass over the same bytes; saved ones as well where a folder of them is given.",
        "About a minute."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch bench feeds --files saved-feeds/")
  int feeds(
      @Mixin CommonOptions common,
      @Option(
              names = "--files",
              paramLabel = "DIR",
              description = "Folder of feeds to measure too.")
          Path files) {
    PrintStream out = System.out;
    var unused = FeedBench.run(out, files);
    return 0;
  }

  @Command(
      name = "polling",
      description = {
        "Polls a simulated web on a virtual clock with the product's own schedule and manners:"
            + " steady, bursty, dead, undated, slow, failing, lying, moving and other feeds. Prints"
            + " what was missed, how many requests it took beside a poll every full hour, and which"
            + " rules of politeness were broken; then the heap that the state of 10,000 feeds takes"
            + " (a gigabyte of heap is enough).",
        "Transport and documents are made up within the process, and nothing is parsed.",
        "Two to three minutes for a month of 3,000 feeds."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch bench polling --feeds 500 --days 30")
  int polling(
      @Mixin CommonOptions common,
      @Option(names = "--feeds", paramLabel = "N", description = "Feeds; 3000 unless told.")
          Integer feeds,
      @Option(names = "--days", paramLabel = "N", description = "Days; 30 unless told.")
          Integer days) {
    if ((feeds != null && feeds < 1) || (days != null && days < 1)) {
      throw new ConfigException("--feeds and --days: must be at least 1");
    }
    PrintStream out = System.out;
    PollingBench.Result result =
        PollingBench.run(
            out, feeds == null ? 3_000 : feeds, Duration.ofDays(days == null ? 30 : days), 10_000);
    return result.broken().isEmpty() && result.total().stoodInTwo() == 0 ? 0 : Main.FAILED;
  }

  @Command(
      name = "notify",
      description = {
        "Finds which of 100,000 generated subscriptions want generated alerts, beside asking every"
            + " subscription; tells how many want one on average, how long the index takes to build"
            + " and how much heap.",
        "Then sends signed webhooks from a topic over the outbox to receivers of this machine,"
            + " beside a bare HTTP client that sends the same bytes.",
        "Then has 100 receivers, first all well and then, in a notifier of its own, one that answers"
            + " a byte a second, one that never answers and one that says 503: how long alerts take"
            + " to reach the others.",
        "About three minutes."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  ./pactwatch bench notify", "  ./pactwatch bench notify --seconds 600"})
  int notifier(
      @Mixin CommonOptions common,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              description =
                  "How long the receivers are watched while all are well, and again while three are"
                      + " ill. 30 unless told.")
          Integer seconds)
      throws Exception {
    if (seconds != null && seconds < 1) {
      throw new ConfigException("--seconds: must be at least 1");
    }
    PrintStream out = System.out;
    var unused = SubscriptionBench.run(SubscriptionBench.SUBSCRIPTIONS, out);
    var unusedToo =
        DeliveryBench.run(out, Duration.ofSeconds(seconds == null ? 30 : seconds), 20_000);
    return 0;
  }

  @Command(
      name = "replay",
      description = {
        "Runs generated articles of 2 kB, with the rules and agreements of the configuration,"
            + " through the topology of a replay on a Kafka of its own; beside a bare topology that"
            + " only copies the same records on the same Kafka. Tells both rates, and the memory"
            + " after a tenth and at the end.",
        "A million takes 3 GB of disk and some minutes; 100,000 tell little, as they are over"
            + " before the code is warm."
      },
      footerHeading = "%nExample:%n",
      footer = "  PACTWATCH_HEAP=256m ./pactwatch bench replay --articles 100000")
  int replay(
      @Mixin CommonOptions common,
      @Option(
              names = "--articles",
              paramLabel = "N",
              description = "How many; 1,000,000 unless told.")
          Integer articles,
      @Option(
              names = "--events",
              paramLabel = "N",
              description =
                  "Of a hundred articles, so many tell of one or two events; 10 unless told. In"
                      + " feeds of news and of the trade press fewer than one in a hundred does.")
          Integer events)
      throws Exception {
    if (articles != null && articles < 100) {
      throw new ConfigException("--articles: must be at least 100");
    }
    if (events != null && (events < 0 || events > 100)) {
      throw new ConfigException("--events: must be from 0 to 100");
    }
    Settings settings = common.settings().settings();
    PrintStream out = System.out;
    var unused =
        ReplayBench.run(
            out,
            ReplaySet.Origin.of(settings.configDir()),
            settings.dataDir().resolve("replay"),
            articles == null ? 1_000_000 : articles,
            events == null ? StreamBench.EVENTS : events);
    return 0;
  }
}
