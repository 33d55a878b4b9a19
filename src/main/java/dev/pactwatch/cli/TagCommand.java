package dev.pactwatch.cli;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.tagging.TagJson;
import dev.pactwatch.tagging.Tagger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tags items without Kafka. */
@Command(
    name = "tag",
    description = {
      "Finds the events of news items: JSON Lines in, the same ids with their events out.",
      "",
      "Each line holds id, title, and where there is one description or body, and date."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./pactwatch tag items.jsonl > events.jsonl",
      "  echo '{\"id\":1,\"title\":\"Acme sues Apple over patents\"}' | ./pactwatch tag"
    })
final class TagCommand implements Callable<Integer> {

  @Mixin CommonOptions common;

  @Option(
      names = "--lexicon",
      paramLabel = "DIR",
      description = "Another lexicon than the one of the configuration.")
  Path lexicon;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "JSON Lines; - or none is stdin.")
  String file = "-";

  @Override
  public Integer call() throws IOException {
    Path folder =
        lexicon == null ? common.settings().settings().configDir().resolve("lexicon") : lexicon;
    PrintStream out = System.out;
    try (BufferedReader lines = open()) {
      Tagger tagger = Tagger.load(folder);
      String line;
      int number = 0;
      while ((line = lines.readLine()) != null) {
        number++;
        if (!line.isBlank()) {
          out.println(tagged(tagger, line, number));
        }
      }
    }
    return 0;
  }

  private String tagged(Tagger tagger, String line, int number) {
    try {
      TagJson.Item item = TagJson.read(line);
      return TagJson.write(
          item.id(), tagger.tag(item.title(), item.description(), item.body(), item.date()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name() + ":" + number + ": " + e.getMessage(), e);
    }
  }

  private BufferedReader open() throws IOException {
    InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private String name() {
    return file.equals("-") ? "stdin" : file;
  }
}
