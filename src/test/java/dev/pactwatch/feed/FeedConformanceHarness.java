package dev.pactwatch.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Parses every file of a folder into JSON Lines for an outside checker. Not part of the build: run
 * with {@code -Dtest=FeedConformanceHarness -Dfeeds.folder=DIR -Dfeeds.out=FILE}.
 */
class FeedConformanceHarness {

  @Test
  @EnabledIfSystemProperty(named = "feeds.folder", matches = ".+")
  void every_file_gives_one_line() throws Exception {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(Path.of(System.getProperty("feeds.folder")))) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    FeedParser parser = new FeedParser();
    Path out = Path.of(System.getProperty("feeds.out", "target/parsed.jsonl"));
    try (BufferedWriter writer = Files.newBufferedWriter(out, UTF_8)) {
      for (Path file : files) {
        FeedResult result = parser.parse(Files.readAllBytes(file), null, file.toString());
        writer.write(FeedJson.line(file.toString(), result));
        writer.write('\n');
      }
    }
    assertThat(Files.readAllLines(out, UTF_8)).hasSameSizeAs(files);
  }
}
