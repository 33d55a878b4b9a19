package dev.pactwatch.cli;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.admin.SilenceAdmin;
import dev.pactwatch.notify.policy.Silence;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What keeps alerts from being told for a time. */
@Command(
    name = "silences",
    description = "What keeps alerts from being told for a time, to every subscriber.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch silences add 'severity=\"low\"' --lasts 2h --comment \"drill\"",
      "  ./pactwatch silences list",
      "  ./pactwatch silences expire s-0123456789abcdef",
      "",
      "Every command explains itself: ./pactwatch silences COMMAND --help"
    })
final class SilencesCommand implements Runnable {

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
        spec.commandLine(), "silences needs one of list, add, expire");
  }

  @Command(
      name = "list",
      description = "The silences that are not over, newest first.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch silences list --all --json | jq -r .comment")
  int list(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--all", description = "Also those that are over.") boolean all) {
    Set<Silence.State> states =
        all ? Set.of() : EnumSet.complementOf(EnumSet.of(Silence.State.EXPIRED));
    List<SilenceAdmin.Shown> silences;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      silences = access.admin().silences().list(states, MOST);
    }
    for (SilenceAdmin.Shown one : silences) {
      System.out.println(format.on ? Json.write(one) : line(one));
    }
    if (silences.isEmpty() && !format.on) {
      System.out.println("no silences");
    }
    return 0;
  }

  @Command(
      name = "add",
      description = {
        "Keeps alerts from being told that meet all of the conditions, written as Alertmanager has"
            + " them: label=\"value\", !=, =~ and !~ with regular expressions.",
        "",
        "Labels: alert, agreement, relation, event-type, status, severity, certainty, change,"
            + " organisation, counterparty, publisher."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch silences add 'agreement=\"my-agreement\"' --lasts 2d --comment \"known\"",
        "  ./pactwatch silences add 'severity=~\"low|medium\"' --lasts 8h --comment c --dry-run",
        "  ./pactwatch silences add 'publisher=\"Wire\"' --until-idle 3d --comment c --at-end drop"
      })
  int add(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(names = "--lasts", paramLabel = "TIME", description = "Such as 2h or 3d.")
          String lasts,
      @Option(
              names = "--starts",
              paramLabel = "TIME",
              description = "2026-03-18T09:30:00Z (default: now).")
          String starts,
      @Option(names = "--ends", paramLabel = "TIME", description = "In place of --lasts.")
          String ends,
      @Option(
              names = "--until-idle",
              paramLabel = "TIME",
              description = "Ends when nothing has matched for so long.")
          String idle,
      @Option(
              names = "--during",
              paramLabel = "NAME",
              description = "Only in this time interval of subscriptions.yaml.")
          List<String> during,
      @Option(
              names = "--at-end",
              paramLabel = "WHAT",
              description = "send what is still open then (the default), or drop it.")
          String atEnd,
      @Option(
              names = "--comment",
              required = true,
              paramLabel = "TEXT",
              description = "Why, for those who wonder.")
          String comment,
      @Option(
              names = "--dry-run",
              description = "Only show which of the open alerts the conditions meet.")
          boolean dryRun,
      @Parameters(paramLabel = "CONDITIONS") String matchers) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("matchers", matchers);
    put(document, "lasts", lasts);
    put(document, "starts-at", starts);
    put(document, "ends-at", ends);
    put(document, "expire-after-idle", idle);
    put(document, "during", during);
    put(document, "at-end", atEnd);
    document.put("comment", comment);
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      SilenceAdmin silences = access.admin().silences();
      String json = Json.write(document);
      if (dryRun) {
        preview(format, silences.preview(json));
        return 0;
      }
      SilenceAdmin.Shown made = silences.add(json, NotifyAccess.user(), null);
      System.out.println(format.on ? Json.write(made) : line(made));
    } catch (ConfigException e) {
      // The document is ours; its lines mean nothing to who wrote options.
      throw new ConfigException(
          e.place()
              .map(place -> (place.field().isEmpty() ? "" : place.field() + ": ") + place.problem())
              .orElse(e.getMessage()),
          e);
    }
    return 0;
  }

  private static void preview(AgreementsCommand.Json format, SilenceAdmin.Matching matching) {
    for (Alert alert : matching.alerts()) {
      System.out.println(format.on ? Json.write(alert) : AlertText.line(alert));
    }
    if (!format.on) {
      System.out.println(matching.total() + " open alerts match");
    }
  }

  @Command(
      name = "expire",
      description = "Ends a silence now; what it held back is told if it is still open.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch silences expire s-0123456789abcdef")
  int expire(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "ID") String id) {
    SilenceAdmin.Shown ended;
    try (NotifyAccess access = NotifyAccess.open(common.settings())) {
      ended = access.admin().silences().expire(id, NotifyAccess.user());
    }
    System.out.println(format.on ? Json.write(ended) : line(ended));
    return 0;
  }

  private static void put(Map<String, Object> document, String field, Object value) {
    if (value != null) {
      document.put(field, value);
    }
  }

  private static String line(SilenceAdmin.Shown one) {
    return Printable.of(
        String.format(
            Locale.ROOT,
            "%s  %-8s  %s%s  %s: %s",
            one.id(),
            one.state().label(),
            one.matchers(),
            one.next() == null ? "" : "  until " + one.next(),
            one.createdBy(),
            one.comment()));
  }
}
