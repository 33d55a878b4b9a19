package dev.pactwatch.cli;

import dev.pactwatch.agreement.VersionConflict;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.admin.UnknownIdException;
import dev.pactwatch.notify.delivery.Catalogue;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * Entry point. Commands that need neither broker nor server run before anything of Quarkus starts.
 */
@QuarkusMain
@Command(
    name = "pactwatch",
    description = "Watches industry news for events that touch exclusivity agreements.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      ReplayCommand.class,
      TagCommand.class,
      FeedCommand.class,
      AgreementsCommand.class,
      AlertsCommand.class,
      SubscriptionsCommand.class,
      DeliveriesCommand.class,
      SilencesCommand.class,
      LexiconCommand.class,
      TopicsCommand.class,
      DlqCommand.class,
      TokenCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch run --demo            see alerts at once, without internet",
      "  ./pactwatch run                   watch the feeds of config/feeds.opml",
      "  ./pactwatch replay ~/old-feeds    what would old news have told me?",
      "  ./pactwatch agreements as-of 2026-03-18 --grantor openai",
      "",
      "Every command explains itself: ./pactwatch COMMAND --help"
    })
public final class Main implements Runnable {

  /** What a user wrote or asked for cannot be used. */
  static final int BAD_INPUT = 2;

  /** Something of ours, or of the machine, failed. */
  static final int FAILED = 1;

  /** Held, because a logger that nobody holds forgets its level. */
  private static final List<Logger> QUIET = new ArrayList<>();

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  /** Ends the process with the command's status. */
  public static void main(String[] args) {
    quietLibraries();
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.setOut(out);
    System.setErr(err);
    int status;
    try {
      status = execute(args);
    } catch (Throwable e) {
      // Such as a native library that does not load. Whatever it is, the threads that were started
      // must not keep the process alive.
      err.println("pactwatch: failed: " + e);
      status = FAILED;
    }
    out.flush();
    // Not all libraries end their threads.
    Runtime.getRuntime().halt(status);
  }

  static int execute(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setUsageHelpWidth(100);
    line.setParameterExceptionHandler(
        (e, ignored) -> {
          CommandLine failed = e.getCommandLine();
          failed
              .getErr()
              .println(
                  "pactwatch: "
                      + e.getMessage().lines().findFirst().orElse("unusable arguments")
                      + " (see ./"
                      + failed.getCommandSpec().qualifiedName()
                      + " --help)");
          return BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (e, failed, ignored) -> {
          if (e instanceof ConfigException) {
            e.getMessage().lines().forEach(text -> failed.getErr().println("pactwatch: " + text));
            return BAD_INPUT;
          }
          if (e instanceof UnknownIdException || e instanceof Catalogue.InFileException) {
            failed.getErr().println("pactwatch: " + Printable.of(e.getMessage()));
            return BAD_INPUT;
          }
          if (e instanceof VersionConflict || e instanceof Catalogue.ChangedException) {
            // The input was fine, and somebody was quicker.
            failed.getErr().println("pactwatch: " + e.getMessage());
            return FAILED;
          }
          if (e instanceof IOException && e.getMessage() != null) {
            failed.getErr().println("pactwatch: " + reason((IOException) e));
            return BAD_INPUT;
          }
          failed.getErr().println("pactwatch: failed: " + e);
          if (System.getenv("PACTWATCH_DEBUG") != null) {
            e.printStackTrace(failed.getErr());
          } else {
            failed.getErr().println("pactwatch: set PACTWATCH_DEBUG=1 to see where");
          }
          return FAILED;
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? e.getMessage() + ": no such file"
        : e.getMessage();
  }

  /** Before Quarkus configures logging, the libraries would explain themselves on the terminal. */
  private static void quietLibraries() {
    for (String name : List.of("", "kafka", "org.apache.kafka", "state.change.logger")) {
      Logger logger = Logger.getLogger(name);
      logger.setLevel(name.isEmpty() ? Level.WARNING : Level.OFF);
      QUIET.add(logger);
    }
  }
}
