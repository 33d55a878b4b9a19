package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.DeliveryAdmin;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What was sent to subscribers, or is owed. */
@Command(
    name = "deliveries",
    description = "What was sent to subscribers or is owed, with every attempt.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch deliveries list --state dead",
      "  ./pactwatch deliveries show desk-3f9c2a01-r1",
      "  ./pactwatch deliveries retry desk-3f9c2a01-r1",
      "  ./pactwatch deliveries retry --dead --subscription desk",
      "",
      "Every command explains itself: ./pactwatch deliveries COMMAND --help"
    })
final class DeliveriesCommand implements Runnable {

  private static final int MOST = 1_000;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "deliveries needs one of list, show, retry");
  }

  /** Which messages. */
  static final class Which {
    @Option(names = "--subscription", paramLabel = "ID", description = "Of this one.")
    String subscription;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "One of pending, delivered, dead, superseded.")
    MessageState state;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Made at or after 2026-03-18T09:30:00Z, or within the last PT2H or P7D.")
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Made before.")
    String until;
  }

  @Command(
      name = "list",
      description = "One line for every message, newest first.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch deliveries list --subscription desk --since P1D",
        "  ./pactwatch deliveries list --state dead --json | jq -r .id"
      })
  int list(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Mixin Which which,
      @Option(names = "--alert", paramLabel = "ID", description = "About this one.") String alert,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "At most (default: 50).")
          int limit,
      @Option(
              names = "--before",
              paramLabel = "N",
              description = "The next page, as the end of the last one names it.")
          Long before) {
    if (limit < 1 || limit > MOST) {
      throw new ConfigException("--limit: must lie between 1 and " + MOST);
    }
    DeliveryAdmin.Listing listing;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      listing =
          access
              .admin()
              .deliveries()
              .list(
                  new MessageTable.Wanted(
                      which.subscription,
                      alert == null ? null : access.admin().alerts().id(alert),
                      which.state,
                      time("--since", which.since),
                      time("--until", which.until),
                      before,
                      limit));
    }
    for (DeliveryAdmin.Shown one : listing.deliveries()) {
      System.out.println(format.on ? Json.write(one) : line(one));
    }
    if (listing.deliveries().isEmpty() && !format.on) {
      System.out.println("no deliveries");
    }
    if (listing.next() != null) {
      System.err.println("older ones: --before " + listing.next());
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "One message: what it says, and every attempt to send it.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch deliveries show desk-3f9c2a01-r1 --json | jq '.log[].answer'")
  int show(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id) {
    DeliveryAdmin.Details details;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      details = access.admin().deliveries().show(id);
    }
    if (format.on) {
      System.out.println(Json.write(details));
      return 0;
    }
    say(line(details.delivery()));
    details.log().forEach(attempt -> say("  " + line(attempt)));
    say("");
    details.body().lines().forEach(DeliveriesCommand::say);
    return 0;
  }

  @Command(
      name = "retry",
      description = {
        "Sends a message again, with the key and the bytes it had, so that a receiver that has it"
            + " knows it: one by its id, what is dead with --dead, or a time with --since.",
        "",
        "A time may be 30 days long. A pactwatch with the role notify sends them, as fast as each"
            + " subscription lets it."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch deliveries retry desk-3f9c2a01-r1",
        "  ./pactwatch deliveries retry --dead",
        "  ./pactwatch deliveries retry --subscription desk --state delivered --since PT2H"
      })
  int retry(
      @Mixin CommonOptions common,
      @Mixin Which which,
      @Option(names = "--dead", description = "Everything that was given up.") boolean dead,
      @Parameters(paramLabel = "ID", arity = "0..1") String id) {
    boolean range = dead || which.since != null;
    if ((id != null) == range) {
      throw new ConfigException("retry needs an ID, or --dead, or --since");
    }
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      DeliveryAdmin deliveries = access.admin().deliveries();
      if (id != null) {
        DeliveryAdmin.Shown one = deliveries.retry(id, NotifyAccess.user());
        System.out.println(Printable.of("to be sent again: " + one.id()));
        return 0;
      }
      int count =
          deliveries.retry(
              new DeliveryAdmin.Range(
                  which.subscription,
                  dead ? MessageState.DEAD : which.state,
                  time("--since", which.since),
                  time("--until", which.until)),
              NotifyAccess.user());
      System.out.println("to be sent again: " + count);
    }
    return 0;
  }

  /** A moment, or so long ago; null for none. */
  static Instant time(String option, String text) {
    if (text == null) {
      return null;
    }
    try {
      return text.startsWith("P")
          ? Instant.now().minus(Duration.parse(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ConfigException(
          option + ": '" + text + "' is no time such as 2026-03-18T09:30:00Z, PT2H or P7D", e);
    }
  }

  static String line(DeliveryAdmin.Shown one) {
    return Printable.of(
        String.format(
            Locale.ROOT,
            "%s  %-10s  %-8s  %-20s  %s%s%s",
            one.made(),
            one.state().label(),
            one.kind(),
            one.subscription(),
            one.id(),
            one.attempts() == 0 ? "" : "  attempts " + one.attempts(),
            one.problem() == null ? "" : "  " + one.problem()));
  }

  static String line(AttemptTable.Row attempt) {
    return Printable.of(
        String.format(
            Locale.ROOT,
            "%s  attempt %d%s  %s%s%s  %d ms%s%s",
            attempt.started(),
            attempt.number(),
            attempt.manual() ? " (by hand)" : "",
            attempt.outcome(),
            attempt.status() == null ? "" : " " + attempt.status(),
            attempt.reason() == null ? "" : ", " + attempt.reason(),
            attempt.millis(),
            attempt.detail() == null ? "" : "  " + attempt.detail(),
            attempt.next() == null ? "" : "  next at " + attempt.next()));
  }

  private static void say(String line) {
    System.out.println(Printable.of(line));
  }
}
