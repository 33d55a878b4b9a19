package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Lexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LexiconVersionsTest {

  private static final Instant NOW = Instant.parse("2026-05-01T10:20:30Z");
  private static final String SHIPPED = Lexicon.load(Path.of("config", "lexicon")).version();

  @TempDir Path folder;

  private LexiconVersions versions;
  private Path lexicon;
  private Path other;

  @BeforeEach
  void makeTwoLexicons() throws IOException {
    lexicon = folder.resolve("config/lexicon");
    other = folder.resolve("other");
    copy(Path.of("config", "lexicon"), lexicon);
    copy(Path.of("config", "lexicon"), other);
    Files.writeString(
        other.resolve("places.yaml"), "# Looked at again.\n", StandardOpenOption.APPEND);
    versions = new LexiconVersions(lexicon, InstantSource.fixed(NOW));
  }

  @Test
  void whatIsActivatedIsInUseAndWhatWasInUseCanComeBack() throws IOException {
    String next = Lexicon.load(other).version();
    LexiconVersions.Activation there = versions.activate(other, "somebody", "replay 1");
    assertThat(there)
        .isEqualTo(new LexiconVersions.Activation(NOW, next, SHIPPED, "somebody", "replay 1"));
    assertThat(versions.current()).isEqualTo(next);
    assertThat(Files.readString(lexicon.resolve("places.yaml"))).endsWith("Looked at again.\n");

    LexiconVersions.Activation back =
        versions.activate(versions.kept(SHIPPED), "somebody", "version " + SHIPPED);

    assertThat(versions.current()).isEqualTo(SHIPPED);
    assertThat(versions.history()).isEqualTo(List.of(there, back));
    try (Stream<Path> left = Files.list(lexicon.getParent())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lexicon", "lexicon-versions");
    }
  }

  @Test
  void aLexiconWhoseExamplesFailChangesNothing() throws IOException {
    Path rules = other.resolve("litigation.yaml");
    Files.writeString(
        rules, Files.readString(rules).replaceFirst("yes:", "yes: [nothing at all]\n    maybe:"));

    assertThatThrownBy(() -> versions.activate(other, "somebody", "x"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(rules.toString());
    assertThat(versions.current()).isEqualTo(SHIPPED);
    assertThat(versions.history()).isEmpty();
    assertThat(folder.resolve("config/lexicon-versions")).doesNotExist();
  }

  @Test
  void theVersionInUseIsNotActivatedAgain() {
    LexiconVersions.Activation same = versions.activate(lexicon, "somebody", "x");

    assertThat(same.version()).isEqualTo(same.before());
    assertThat(versions.history()).isEmpty();
  }

  @Test
  void onlyAVersionThatIsKeptComesBack() {
    assertThatThrownBy(() -> versions.kept("0123456789ab")).hasMessageContaining("is kept");
    assertThatThrownBy(() -> versions.kept("../lexicon")).hasMessageContaining("is kept");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.sorted().toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }
}
