package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Finding;
import dev.pactwatch.config.Settings;
import dev.pactwatch.json.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is wrong with a set-up, and how to mend it. */
@Command(
    name = "doctor",
    description = {
      "Looks at the set-up and says in one line each what is wrong and how to mend it: Java, folders,"
          + " ports, the files of the configuration, Kafka and its topics, the database.",
      "",
      "Works beside a running pactwatch and without one, and changes nothing. Ends with status 1"
          + " when something is wrong. Run it as the user, and with the environment, that runs"
          + " pactwatch."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch doctor",
      "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 ./pactwatch doctor",
      "  ./pactwatch doctor --json | jq -r 'select(.mend) | .what'"
    })
final class DoctorCommand implements Callable<Integer> {

  @Mixin CommonOptions common;
  @Mixin AgreementsCommand.Json format;

  @Override
  public Integer call() {
    List<Finding> findings;
    try {
      Settings.Loaded loaded = common.settings();
      findings = Doctor.examine(loaded, Runtime.version().feature(), InstantSource.system());
    } catch (ConfigException e) {
      findings =
          List.of(
              Finding.wrong(
                  "settings",
                  e.getMessage().lines().findFirst().orElse(""),
                  "mend it where it was set: application.properties, environment or option"));
    }
    for (Finding one : findings) {
      System.out.print(format.on ? Json.write(one) + System.lineSeparator() : text(one));
    }
    long bad = findings.stream().filter(Finding::bad).count();
    if (!format.on) {
      System.out.println(
          bad == 0
              ? "Nothing is wrong."
              : bad == 1 ? "1 thing is wrong." : bad + " things are wrong.");
    }
    return bad == 0 ? 0 : Main.FAILED;
  }

  private static String text(Finding one) {
    String state = one.state().label();
    String line =
        String.format(
            Locale.ROOT,
            "%-8s %-19s %s%n",
            one.bad() ? state.toUpperCase(Locale.ROOT) : state,
            one.check(),
            Printable.of(one.what()));
    return one.mend() == null
        ? line
        : line + String.format(Locale.ROOT, "%-28s -> %s%n", "", one.mend());
  }
}
