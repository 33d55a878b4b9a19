package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.AlertAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import dev.pactwatch.notify.policy.DryRun;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who is told what, where and how. */
@Command(
    name = "subscriptions",
    description = {
      "Who is told what, where and how.",
      "",
      "Those of config/subscriptions.yaml are changed there; others are kept, encrypted, in the"
          + " notifier's database, which these commands open themselves. A running pactwatch takes"
          + " up every change at once."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch subscriptions list",
      "  ./pactwatch subscriptions put desk.yaml",
      "  ./pactwatch subscriptions test desk",
      "  ./pactwatch subscriptions explain desk 3f9c2a01",
      "  ./pactwatch subscriptions dry-run desk --days 7",
      "  ./pactwatch subscriptions resume desk --held latest",
      "",
      "Every command explains itself: ./pactwatch subscriptions COMMAND --help"
    })
final class SubscriptionsCommand implements Runnable {

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
        "subscriptions needs one of list, show, put, remove, pause, resume, test, explain, dry-run");
  }

  @Command(
      name = "list",
      description = "One line for every subscription, with how it fares.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch subscriptions list --json | jq -r 'select(.counts.dead > 0) | .id'")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    SubscriptionAdmin.Listing listing = with(common, subscriptions -> subscriptions.list());
    for (SubscriptionAdmin.Shown one : listing.subscriptions()) {
      System.out.println(format.on ? Json.write(one) : line(one));
    }
    if (listing.subscriptions().isEmpty() && !format.on) {
      System.out.println("no subscriptions");
    }
    for (String problem : listing.problems()) {
      System.err.println("pactwatch: " + Printable.of(problem));
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "One subscription as put reads it, secrets hidden, and how it fares.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions show desk",
        "  ./pactwatch subscriptions show desk --json | jq .subscription > desk.json"
      })
  int show(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id) {
    print(format, with(common, subscriptions -> subscriptions.show(id)));
    return 0;
  }

  @Command(
      name = "put",
      description = {
        "Makes a subscription, or changes it, from a file with one entry as in"
            + " config/subscriptions.yaml, in YAML or JSON.",
        "",
        "A secret is given as 'value: TEXT'. One that is shown as (hidden) stays as it is."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions put desk.yaml",
        "  ./pactwatch subscriptions show desk --json | jq '.subscription + {severity: \"high\"}' |"
            + " ./pactwatch subscriptions put -"
      })
  int put(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--if-version",
              paramLabel = "VERSION",
              description = "Only if it still has this version, as show tells it; 0 for a new one.")
          Long version,
      @Parameters(paramLabel = "FILE", description = "- for standard input.") String file)
      throws IOException {
    String document =
        file.equals(STDIN)
            ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
            : Files.readString(Path.of(file));
    print(
        format,
        with(common, subscriptions -> subscriptions.put(document, NotifyAccess.user(), version)));
    return 0;
  }

  @Command(
      name = "remove",
      description = "Takes a subscription out. What was sent stays on record.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch subscriptions remove desk")
  int remove(@Mixin CommonOptions common, @Parameters(paramLabel = "ID") String id) {
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      access.admin().subscriptions().remove(id, NotifyAccess.user(), null);
    }
    System.out.println(Printable.of("removed " + id));
    return 0;
  }

  @Command(
      name = "pause",
      description = "Holds back everything of a subscription from now on, also of one of the file.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch subscriptions pause desk --why \"their server moves\"")
  int pause(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--why", paramLabel = "TEXT", description = "Shown with the subscription.")
          String why,
      @Parameters(paramLabel = "ID") String id) {
    print(format, with(common, subscriptions -> subscriptions.pause(id, why, NotifyAccess.user())));
    return 0;
  }

  @Command(
      name = "resume",
      description = "Ends a pause, also one that pactwatch made because nothing got through.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions resume desk",
        "  ./pactwatch subscriptions resume desk --held latest"
      })
  int resume(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--held",
              paramLabel = "WHICH",
              defaultValue = "all",
              description =
                  "What becomes of what was held back: all is sent (the default), the latest"
                      + " revision of each alert, or none but withdrawals of what was told before.")
          SubscriptionAdmin.Held held,
      @Parameters(paramLabel = "ID") String id) {
    print(
        format, with(common, subscriptions -> subscriptions.resume(id, held, NotifyAccess.user())));
    return 0;
  }

  @Command(
      name = "test",
      description = {
        "Sends a message that says that it is a test, and tells what became of it.",
        "",
        "It is about the latest alert, or an invented one where there is none, and goes the way of"
            + " all messages: a pactwatch with the role notify has to run, and the subscription must"
            + " not be paused. Status 1 when it was not taken in time."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions test desk",
        "  ./pactwatch subscriptions test desk --alert 3f9c2a01 --wait PT60S"
      })
  int test(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--alert", paramLabel = "ID", description = "What it is about.") String alert,
      @Option(
              names = "--wait",
              paramLabel = "TIME",
              defaultValue = "PT15S",
              description = "How long to wait for an attempt (default: PT15S).")
          Duration wait,
      @Parameters(paramLabel = "ID") String id)
      throws InterruptedException {
    SubscriptionAdmin.Tested tested;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      SubscriptionAdmin subscriptions = access.admin().subscriptions();
      String about = alert == null ? null : access.admin().alerts().id(alert);
      tested = subscriptions.await(subscriptions.test(id, about, NotifyAccess.user()), wait);
    }
    boolean delivered = tested.state() == MessageState.DELIVERED;
    System.out.println(
        format.on
            ? Json.write(tested)
            : Printable.of(
                tested.message()
                    + " about "
                    + tested.alert()
                    + ": "
                    + (delivered
                        ? "delivered"
                        : tested.problem() != null
                            ? tested.state().label() + ", " + tested.problem()
                            : "nobody has sent it yet; it waits")));
    return delivered ? 0 : Main.FAILED;
  }

  @Command(
      name = "explain",
      description = "Why a subscription was told of an alert, or was not, and every attempt.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions explain desk 3f9c2a01",
        "  ./pactwatch subscriptions explain desk 3f9c2a01 --json | jq '.matched[].reason'"
      })
  int explain(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id,
      @Parameters(paramLabel = "ALERT", description = "Its id, or how it begins.") String alert) {
    AlertAdmin.Explained explained;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      explained = access.admin().alerts().explain(access.admin().alerts().id(alert), id);
    }
    if (format.on) {
      System.out.println(Json.write(explained));
    } else {
      explain(explained);
    }
    return 0;
  }

  private static void explain(AlertAdmin.Explained one) {
    one.now().text().forEach(SubscriptionsCommand::say);
    say("subscription: " + one.state().label());
    say("on record:");
    for (MatchTable.Row row : one.matched()) {
      say(
          "  r"
              + row.revision()
              + "  "
              + row.changed()
              + "  "
              + row.state().label()
              + (row.reason() == null ? "" : ": " + row.reason())
              + (row.ref() == null ? "" : " " + row.ref())
              + (row.message() == null ? "" : "  in " + row.message()));
    }
    if (one.matched().isEmpty()) {
      say("  nothing of it was ever matched");
    }
    for (AlertAdmin.Delivered delivered : one.deliveries()) {
      say("  " + DeliveriesCommand.line(delivered.delivery()));
      for (AttemptTable.Row attempt : delivered.log()) {
        say("    " + DeliveriesCommand.line(attempt));
      }
    }
  }

  @Command(
      name = "dry-run",
      description = {
        "What a subscription would have sent in the last days, had it been there: its times, groups,"
            + " silences and all. Nothing is sent or kept."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch subscriptions dry-run desk --days 7",
        "  ./pactwatch subscriptions dry-run desk --with desk.yaml --json | jq .sent"
      })
  int dryRun(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "90",
              description = "How far to look back (default: 90).")
          int days,
      @Option(
              names = "--with",
              paramLabel = "FILE",
              description = "A document, as put reads it, in the place of the stored one.")
          Path with,
      @Parameters(paramLabel = "ID") String id)
      throws IOException {
    String document = with == null ? null : Files.readString(with);
    DryRun.Result result = with(common, subscriptions -> subscriptions.dryRun(id, document, days));
    if (format.on) {
      System.out.println(Json.write(result));
      return 0;
    }
    for (DryRun.Planned planned : result.messages()) {
      say(
          planned.at()
              + "  "
              + planned.kind().label()
              + (planned.group() == null ? "" : " " + planned.group())
              + "  "
              + planned.alerts().stream()
                  .map(told -> told.alertId() + " r" + told.revision())
                  .collect(Collectors.joining(", ")));
    }
    say(
        "would have sent "
            + result.messages().size()
            + " messages: of "
            + result.matched()
            + " revisions that match, "
            + result.sent()
            + " told, "
            + result.pending()
            + " waiting"
            + result.suppressed().entrySet().stream()
                .map(entry -> ", " + entry.getValue() + " not: " + entry.getKey().label())
                .collect(Collectors.joining()));
    return 0;
  }

  // ---- shared

  private static <T> T with(CommonOptions common, Function<SubscriptionAdmin, T> ask) {
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      return ask.apply(access.admin().subscriptions());
    }
  }

  private static void print(AgreementsCommand.Json format, SubscriptionAdmin.Shown one) {
    if (format.on) {
      System.out.println(Json.write(one));
      return;
    }
    say(line(one));
    if (one.reason() != null) {
      say("  reason      " + one.reason());
    }
    if (one.failingSince() != null) {
      say("  failing     since " + one.failingSince());
    }
    if (one.pausedUntil() != null) {
      say("  rests       until " + one.pausedUntil());
    }
    say("  version     " + one.version());
    if (one.counts().byReason() != null && !one.counts().byReason().isEmpty()) {
      say("  not told    " + one.counts().byReason());
    }
    try {
      Json.mapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(one.subscription())
          .lines()
          .forEach(SubscriptionsCommand::say);
    } catch (IOException e) {
      throw new ConfigException("it cannot be shown", e);
    }
  }

  private static String line(SubscriptionAdmin.Shown one) {
    return Printable.of(
        String.format(
            Locale.ROOT,
            "%-24s  %-8s  %-4s  %-8s  %-28s  %d matched: %d sent, %d pending, %d not told, %d dead",
            one.id(),
            one.state().label(),
            one.origin().label(),
            one.subscription().get("channel").asText(),
            one.target(),
            one.counts().matched(),
            one.counts().sent(),
            one.counts().pending(),
            one.counts().suppressed(),
            one.counts().dead()));
  }

  private static void say(String line) {
    System.out.println(Printable.of(line));
  }
}
