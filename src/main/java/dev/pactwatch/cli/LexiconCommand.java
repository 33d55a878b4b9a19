package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.tagging.Explanation;
import dev.pactwatch.tagging.LexiconCheck;
import dev.pactwatch.tagging.LexiconVersions;
import dev.pactwatch.tagging.TagJson;
import dev.pactwatch.tagging.Tagger;
import dev.pactwatch.tagging.WeightFit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What keeps the rules alive. */
@Command(
    name = "lexicon",
    description = "Checks the rules of config/lexicon, and explains what they do to a text.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch lexicon check",
      "  ./pactwatch lexicon explain \"Acme sues Apple over patents\"",
      "  ./pactwatch lexicon near-misses items.jsonl"
    })
final class LexiconCommand implements Runnable {

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
        "lexicon needs one of check, explain, near-misses, fit, versions, activate");
  }

  @Command(
      name = "check",
      description =
          "Loads the lexicon and runs every rule's own examples. Status 2 when one fails.")
  int check(@Mixin CommonOptions common, @Mixin From from) {
    Lexicon lexicon = Lexicon.load(from.folder(common));
    List<LexiconCheck.Failure> failures = LexiconCheck.run(new Tagger(lexicon));
    failures.forEach(failure -> System.out.println(failure.message()));
    System.out.println(
        lexicon.organisations().size()
            + " organisations, "
            + lexicon.rules().size()
            + " rules, version "
            + lexicon.version()
            + ": "
            + (failures.isEmpty() ? "all examples hold" : failures.size() + " examples fail"));
    return failures.isEmpty() ? 0 : Main.BAD_INPUT;
  }

  @Command(
      name = "explain",
      description = "Which rules fire on a text and on which words, and which almost do.")
  int explain(
      @Mixin CommonOptions common,
      @Mixin From from,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "TEXT", arity = "1..*") List<String> words) {
    Explanation found = Explanation.of(from.tagger(common), String.join(" ", words));
    if (format.on) {
      System.out.println(Json.write(found));
      return 0;
    }
    found.events().forEach(event -> print("event   ", Json.write(event)));
    found
        .fired()
        .forEach(
            fired ->
                print(
                    fired.counted() ? "fired   " : "negated ",
                    fired.rule() + " on '" + fired.words() + "', " + fired.parties()));
    found.weighed().forEach(LexiconCommand::weighed);
    misses(found);
    if (found.fired().isEmpty() && found.almost().isEmpty()) {
      print("nothing ", "no rule has an anchor in this text");
    }
    return 0;
  }

  @Command(
      name = "near-misses",
      description = {
        "For each item: rules that almost fired and why not, and capitalised names beside a"
            + " trigger",
        "that are in no list."
      })
  int nearMisses(
      @Mixin CommonOptions common,
      @Mixin From from,
      @Parameters(paramLabel = "FILE", description = "JSON Lines, as tag reads them.") Path file)
      throws IOException {
    Explanation.Explainer explainer = new Explanation.Explainer(from.tagger(common));
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        TagJson.Item item;
        try {
          item = TagJson.read(line);
        } catch (IllegalArgumentException e) {
          throw new ConfigException(file + ":" + number + ": " + e.getMessage(), e);
        }
        boolean named = false;
        for (String text : new String[] {item.title(), item.description(), item.body()}) {
          Explanation found = explainer.explain(text == null ? "" : text);
          if (!found.almost().isEmpty() || !found.unlisted().isEmpty()) {
            if (!named) {
              System.out.println(Printable.of(item.id() + "  " + item.title()));
              named = true;
            }
            misses(found);
          }
        }
      }
    }
    return 0;
  }

  @Command(
      name = "fit",
      description = {
        "Fits the weights of weights.yaml to labelled items and prints them, with the precision"
            + " and",
        "recall that weights fitted to four fifths of the items reach on the last fifth.",
        "Each line holds an item as tag reads it, and its events."
      })
  int fit(
      @Mixin CommonOptions common,
      @Mixin From from,
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "Labelled items, JSON Lines.")
          List<Path> files)
      throws IOException {
    List<WeightFit.Item> items = new ArrayList<>();
    for (Path file : files) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        try {
          if (!line.isBlank()) {
            items.add(TagJson.labelled(line));
          }
        } catch (IllegalArgumentException e) {
          throw new ConfigException(file + ":" + number + ": " + e.getMessage(), e);
        }
      }
    }
    System.out.println("weights:");
    for (WeightFit.Fitted fitted : new WeightFit(from.tagger(common)).fit(items)) {
      System.out.print(fitted.yaml());
      System.err.printf(
          Locale.ROOT,
          "%s: %d weighed, %d right; on items left out: precision %.3f, recall %.3f%n",
          fitted.type().label(),
          fitted.examples(),
          fitted.right(),
          fitted.precision(),
          fitted.recall());
    }
    return 0;
  }

  @Command(
      name = "versions",
      description = "Which lexicons were activated when, by whom and from where; the oldest first.")
  int versions(@Mixin CommonOptions common, @Mixin AgreementsCommand.Json format) {
    LexiconVersions versions = kept(common);
    for (LexiconVersions.Activation each : versions.history()) {
      System.out.println(
          format.on
              ? Json.write(each)
              : Printable.of(
                  each.at().truncatedTo(ChronoUnit.SECONDS)
                      + "  "
                      + each.version()
                      + "  instead of "
                      + each.before()
                      + ", by "
                      + each.by()
                      + " from "
                      + each.from()));
    }
    if (!format.on) {
      System.out.println("in use: " + versions.current());
    }
    return 0;
  }

  @Command(
      name = "activate",
      description = {
        "Puts another lexicon, or a version that was in use before, in the place of the one in use,"
            + " which is kept. All of its examples must hold. A running pactwatch takes it over"
            + " within seconds."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch lexicon activate my-lexicon/",
        "  ./pactwatch lexicon activate 0123456789ab"
      })
  int activate(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "DIR|VERSION", description = "A folder, or a version that is kept.")
          String what) {
    LexiconVersions versions = kept(common);
    boolean folder = Files.isDirectory(Path.of(what));
    LexiconVersions.Activation done =
        versions.activate(
            folder ? Path.of(what) : versions.kept(what),
            System.getProperty("user.name"),
            folder ? what : "version " + what);
    System.out.println(ReplayPromotion.line(done));
    return 0;
  }

  private static LexiconVersions kept(CommonOptions common) {
    return new LexiconVersions(
        common.settings().settings().configDir().resolve("lexicon"), InstantSource.system());
  }

  /** The heaviest terms first. */
  private static void weighed(Explanation.Weighed event) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s of %s: %+.2f, %s:",
            event.type().label(),
            event.parties(),
            event.sum(),
            event.sum() > 0 ? "kept" : "dropped"));
    event.terms().entrySet().stream()
        .sorted(Comparator.comparingDouble(each -> -Math.abs(each.getValue())))
        .limit(8)
        .forEach(
            each ->
                text.append(
                    String.format(Locale.ROOT, " %+.2f %s", each.getValue(), each.getKey())));
    print("weighed ", text.toString());
  }

  private static void misses(Explanation found) {
    found
        .almost()
        .forEach(
            miss ->
                print("almost  ", miss.rule() + " on '" + miss.words() + "': " + miss.reason()));
    found.unlisted().forEach(name -> print("unlisted", name));
  }

  private static void print(String label, String text) {
    System.out.println("  " + label + "  " + Printable.of(text));
  }

  /** Which lexicon. */
  static final class From {
    @Option(
        names = "--lexicon",
        paramLabel = "DIR",
        description = "Another lexicon than the one of the configuration.")
    Path folder;

    /** Also of a lexicon whose examples fail: that is what is to be looked into. */
    Tagger tagger(CommonOptions common) {
      return new Tagger(Lexicon.load(folder(common)));
    }

    Path folder(CommonOptions common) {
      return folder == null ? common.settings().settings().configDir().resolve("lexicon") : folder;
    }
  }
}
