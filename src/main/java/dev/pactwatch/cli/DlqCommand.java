package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.DeadLetters;
import dev.pactwatch.kafka.DeadLetters.Letter;
import dev.pactwatch.kafka.DeadLetters.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What could not be read or processed. */
@Command(
    name = "dlq",
    description = "Dead letters: records that could not be read or processed, and why.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch dlq list",
      "  ./pactwatch dlq show pactwatch.articles.v1.dlq/0/17",
      "  ./pactwatch dlq redrive --source articles.v1 --dry-run",
      "",
      "Every command explains itself: ./pactwatch dlq COMMAND --help"
    })
final class DlqCommand implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "dlq needs one of list, show, redrive");
  }

  /** Which letters. */
  static final class Which {
    @Option(
        names = "--source",
        paramLabel = "TOPIC",
        description = "Read from this topic, with or without the prefix.")
    String source;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Whose reason has this in it.")
    String reason;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Of news at or after 2026-03-18T09:30:00Z, or within the last PT2H or P7D.")
    String since;

    Predicate<Letter> test(String prefix) {
      Instant from = DeliveriesCommand.time("--since", since);
      return letter ->
          (source == null || letter.source() != null && named(letter.source().topic(), prefix))
              && (reason == null
                  || letter.reason() != null
                      && letter
                          .reason()
                          .toLowerCase(Locale.ROOT)
                          .contains(reason.toLowerCase(Locale.ROOT)))
              && (from == null || !letter.time().isBefore(from));
    }

    private boolean named(String topic, String prefix) {
      return topic.equals(source) || topic.equals(prefix + source);
    }
  }

  /**
   * A letter as JSON.
   *
   * @param size of the value in bytes
   * @param why it cannot be sent back; null when it can
   */
  private record Shown(
      String place,
      Instant time,
      Where source,
      String exception,
      String reason,
      String key,
      int size,
      boolean sentBack,
      String before,
      String why) {}

  private record Where(String topic, int partition, long offset) {}

  /**
   * The same with everything that was received.
   *
   * @param value as text; null where it is none, or nothing
   * @param base64 of a value that is no text
   */
  private record Whole(Shown letter, List<String> headers, String value, String base64) {}

  private record Sent(
      boolean dryRun, int total, Map<String, Integer> to, Map<String, Integer> left) {}

  @Command(
      name = "list",
      description = "One line for every letter that was not sent back yet.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch dlq list --source articles.v1 --reason \"is no Article\"",
        "  ./pactwatch dlq list --all --json | jq -r .reason | sort | uniq -c"
      })
  int list(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Mixin Which which,
      @Option(names = "--all", description = "Also those that were sent back.") boolean all) {
    try (Cluster cluster = Cluster.join(common.settings())) {
      DeadLetters letters = letters(cluster);
      Predicate<Letter> test = which.test(cluster.topics().prefix());
      List<Letter> found = letters.read(letter -> test.test(letter) && (all || !letter.sentBack()));
      for (Letter letter : found) {
        System.out.println(format.on ? Json.write(shown(letters, letter)) : line(letter));
      }
      if (found.isEmpty() && !format.on) {
        System.out.println("no dead letters");
      }
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "One letter with its headers and what was received.",
      footerHeading = "%nExample:%n",
      footer = "  ./pactwatch dlq show pactwatch.articles.v1.dlq/0/17")
  int show(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Parameters(paramLabel = "PLACE", description = "As list prints it.") String place) {
    Place wanted = Place.parse(place);
    try (Cluster cluster = Cluster.join(common.settings())) {
      DeadLetters letters = letters(cluster);
      List<Letter> found = letters.read(letter -> letter.place().equals(wanted));
      if (found.isEmpty()) {
        throw new ConfigException("no dead letter at '" + place + "'; see dlq list");
      }
      Letter letter = found.get(0);
      String text = text(letter.value());
      String base64 =
          letter.value() == null || text != null
              ? null
              : Base64.getEncoder().encodeToString(letter.value());
      List<String> headers = DeadLetters.lines(letter.headers());
      if (format.on) {
        System.out.println(Json.write(new Whole(shown(letters, letter), headers, text, base64)));
        return 0;
      }
      System.out.println(line(letter));
      headers.forEach(header -> System.out.println("  " + Printable.of(header)));
      System.out.println();
      if (text != null) {
        text.lines().map(Printable::of).forEach(System.out::println);
      } else {
        System.out.println(base64 == null ? "no value" : "base64: " + base64);
      }
    }
    return 0;
  }

  @Command(
      name = "redrive",
      description = {
        "Sends letters back to the topic they were read from, as they were received, each once and"
            + " all or none: when what refused them was mended.",
        "",
        "Says how many and where to; without --yes it sends nothing. A record that was sent back"
            + " has the header pactwatch-redriven. One that fails again is a letter of its own,"
            + " which needs --again."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./pactwatch dlq redrive --source articles.v1 --dry-run",
        "  ./pactwatch dlq redrive --reason \"is no Article\" --yes",
        "  ./pactwatch dlq redrive pactwatch.articles.v1.dlq/0/17 --yes"
      })
  int redrive(
      @Mixin CommonOptions common,
      @Mixin AgreementsCommand.Json format,
      @Mixin Which which,
      @Option(names = "--again", description = "Also those that were sent back before, in vain.")
          boolean again,
      @Option(names = "--dry-run", description = "Only say how many and where to.") boolean dryRun,
      @Option(names = "--yes", description = "Send them.") boolean yes,
      @Parameters(paramLabel = "PLACE", arity = "0..*", description = "These alone.")
          List<String> places) {
    if (yes && dryRun) {
      throw new ConfigException("redrive takes --yes or --dry-run, not both");
    }
    Set<Place> these = new HashSet<>();
    for (String place : places == null ? List.<String>of() : places) {
      these.add(Place.parse(place));
    }
    try (Cluster cluster = Cluster.join(common.settings())) {
      DeadLetters letters = letters(cluster);
      Predicate<Letter> test = which.test(cluster.topics().prefix());
      Predicate<Letter> wanted =
          letter -> test.test(letter) && (these.isEmpty() || these.contains(letter.place()));
      Predicate<Letter> sendable =
          letter -> wanted.test(letter) && (again || letter.before() == null);
      Map<String, Integer> left = new TreeMap<>();
      List<Letter> known = letters.read(wanted);
      for (Letter letter : known) {
        String why = letters.refusal(letter);
        if (why == null && !sendable.test(letter)) {
          why = "was sent back before and failed again; --again sends it";
        }
        if (why != null) {
          left.merge(why, 1, Integer::sum);
        }
      }
      Set<Place> missing = new HashSet<>(these);
      known.forEach(letter -> missing.remove(letter.place()));
      if (!missing.isEmpty()) {
        throw new ConfigException(
            "no dead letter at '" + missing.iterator().next() + "'; see dlq list");
      }
      List<Letter> sent =
          yes
              ? letters.redrive(sendable)
              : known.stream()
                  .filter(letter -> sendable.test(letter) && letters.refusal(letter) == null)
                  .toList();
      Map<String, Integer> to =
          sent.stream()
              .collect(
                  Collectors.toMap(
                      letter -> letter.source().topic(), letter -> 1, Integer::sum, TreeMap::new));
      tell(format, new Sent(!yes, sent.size(), to, left));
      if (!yes && !dryRun && !sent.isEmpty()) {
        System.err.println("pactwatch: nothing was sent; --yes sends them");
        return Main.BAD_INPUT;
      }
    }
    return 0;
  }

  private static void tell(AgreementsCommand.Json format, Sent sent) {
    if (format.on) {
      System.out.println(Json.write(sent));
      return;
    }
    sent.to()
        .forEach(
            (topic, count) ->
                System.out.println(
                    (sent.dryRun() ? "to be sent to " : "sent to ") + topic + ": " + count));
    sent.left().forEach((why, count) -> System.out.println("left: " + count + ", " + why));
    if (sent.total() == 0) {
      System.out.println("nothing to send");
    }
  }

  private static DeadLetters letters(Cluster cluster) {
    cluster.prepareTopics();
    return new DeadLetters(cluster);
  }

  private static Shown shown(DeadLetters letters, Letter letter) {
    Place source = letter.source();
    return new Shown(
        letter.place().toString(),
        letter.time(),
        source == null ? null : new Where(source.topic(), source.partition(), source.offset()),
        letter.exception(),
        letter.reason(),
        text(letter.key()),
        letter.value() == null ? 0 : letter.value().length,
        letter.sentBack(),
        letter.before(),
        letters.refusal(letter));
  }

  private static String line(Letter letter) {
    List<String> parts = new ArrayList<>();
    parts.add(letter.place().toString());
    parts.add(letter.time().toString());
    parts.add("from " + (letter.source() == null ? "somewhere" : letter.source().toString()));
    if (letter.sentBack()) {
      parts.add("sent back");
    }
    if (letter.before() != null) {
      parts.add("again");
    }
    parts.add(letter.reason() == null ? "no reason given" : letter.reason());
    return Printable.of(String.join("  ", parts));
  }

  /** Null for what is no UTF-8. */
  private static String text(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
