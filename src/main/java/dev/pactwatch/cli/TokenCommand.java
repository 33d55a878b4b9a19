package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.web.access.AccessFile;
import dev.pactwatch.web.access.AccessRole;
import dev.pactwatch.web.access.AccessToken;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tokens of those who may ask the page and the API. */
@Command(
    name = "token",
    description = {
      "The tokens of those who may use the page and the API. Without any, everybody on this machine"
          + " may do everything, and others are not served.",
      "",
      "They are kept, as digests, in config/access.yaml, which you may edit as well. A running"
          + " pactwatch takes up every change within seconds."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch token add alice --role admin",
      "  ./pactwatch token add dashboard --role viewer --expires P90D",
      "  ./pactwatch token list",
      "  ./pactwatch token remove dashboard --why \"moved\"",
      "  curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8080/api/alerts",
      "",
      "Every command explains itself: ./pactwatch token COMMAND --help"
    })
final class TokenCommand implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "token needs one of add, list, remove");
  }

  @Command(
      name = "add",
      description = {
        "Makes a token and prints it, this once: it is kept as a digest and cannot be had again.",
        "",
        "NAME is on record for what is done with it. A viewer reads; an editor also changes feeds,"
            + " agreements and subscriptions, silences, acknowledges and has deliveries repeated;"
            + " an admin also sees audit trails and handles tokens and secrets."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch token add alice --role editor",
        "  ./pactwatch token add ci --role viewer --expires P90D",
        "  TOKEN=$(./pactwatch token add ci --role viewer)"
      })
  int add(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "One of viewer, editor, admin.")
          AccessRole role,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              description = "After a period such as P90D or P1Y (default: never).")
          String expires,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the record of changes.")
          String why,
      @Parameters(paramLabel = "NAME") String name) {
    AccessFile file = file(common);
    Instant until = expires == null ? null : end(expires);
    String secret = file.add(name, role, until, user(), why);
    if (format.on) {
      System.out.println(Json.write(new Added(name, role.label(), until, secret)));
    } else {
      System.out.println(secret);
      System.err.println(
          Printable.of(
              "added "
                  + name
                  + " ("
                  + role.label()
                  + ") to "
                  + file.file()
                  + "; the token is shown this once"));
    }
    return 0;
  }

  private record Added(String name, String role, Instant expires, String token) {}

  @Command(
      name = "list",
      description = "The tokens, without what would let anybody in.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch token list --json | jq -r 'select(.expired) | .name'")
  int list(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    Instant now = Instant.now();
    List<AccessToken> tokens = file(common).read();
    for (AccessToken token : tokens) {
      boolean expired = token.expires() != null && !now.isBefore(token.expires());
      System.out.println(
          format.on
              ? Json.write(
                  new Listed(
                      token.name(),
                      token.role().label(),
                      token.created(),
                      token.expires(),
                      expired))
              : String.format(
                  Locale.ROOT,
                  "%-24s  %-6s  %s  %s",
                  token.name(),
                  token.role().label(),
                  token.created() == null ? "made at an unknown time" : "made " + token.created(),
                  token.expires() == null
                      ? "never expires"
                      : (expired ? "EXPIRED " : "expires ") + token.expires()));
    }
    if (tokens.isEmpty() && !format.on) {
      System.out.println("No tokens: everybody on this machine may do everything.");
    }
    return 0;
  }

  private record Listed(
      String name, String role, Instant created, Instant expires, boolean expired) {}

  @Command(
      name = "remove",
      description = {
        "Takes a token out. Whoever uses it, also in a browser, is shut out within seconds."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch token remove ci --why \"it was in a log\"")
  int remove(
      @Mixin CommonOptions common,
      @Option(names = "--why", paramLabel = "TEXT", description = "For the record of changes.")
          String why,
      @Parameters(paramLabel = "NAME") String name) {
    AccessFile file = file(common);
    AccessToken removed = file.remove(name, user(), why);
    System.out.println(
        Printable.of(
            "removed " + removed.name() + " (" + removed.role().label() + ") from " + file.file()));
    return 0;
  }

  private static Instant end(String expires) {
    try {
      Period period = Period.parse(expires);
      Instant end = Instant.now().atZone(ZoneOffset.UTC).plus(period).toInstant();
      if (period.isNegative() || period.isZero()) {
        throw new ConfigException("--expires: '" + expires + "' is over already");
      }
      return end;
    } catch (DateTimeException e) {
      throw new ConfigException("--expires: '" + expires + "' is no period such as P90D", e);
    }
  }

  private static AccessFile file(CommonOptions common) {
    return new AccessFile(
        common.settings().settings().configDir().resolve(AccessFile.NAME), InstantSource.system());
  }

  private static String user() {
    return System.getProperty("user.name", "unknown");
  }
}
