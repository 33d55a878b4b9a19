package dev.pactwatch.lexicon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LexiconTest {

  private static final String ENTRIES =
      """
      # a comment
      organisations:
        - {id: acme, name: Acme, ticker: ACM, sectors: [cloud], aliases: [Acme Corp, {text: Ajax, as: former, to: 2021-10-28}]}
        - {id: acme-cloud, name: "Acme: Cloud", kind: unit, parent: acme} # since 2020

      """;

  @TempDir Path directory;

  @BeforeEach
  void writeOrganisations() throws IOException {
    Files.writeString(directory.resolve("names.yaml"), ENTRIES);
  }

  @Test
  void organisationsAreFoundByIdNameAliasAndTicker() {
    Organisations organisations = Lexicon.load(directory).organisations();

    assertThat(organisations.size()).isEqualTo(2);
    assertThat(organisations.find("acme").orElseThrow().name()).isEqualTo("Acme");
    assertThat(organisations.byName("ACME corp").orElseThrow().id()).isEqualTo("acme");
    assertThat(organisations.byTicker("ACM").orElseThrow().id()).isEqualTo("acme");
    assertThat(organisations.name("nobody")).isEqualTo("nobody");
  }

  @Test
  void aUnitBelongsToTheGroupOfItsParent() {
    Organisations organisations = Lexicon.load(directory).organisations();

    assertThat(organisations.group("acme-cloud")).isEqualTo("acme");
    assertThat(organisations.group("acme")).isEqualTo("acme");
    assertThat(organisations.group("nobody")).isEqualTo("nobody");
  }

  @Test
  void aFormerNameHoldsUntilItsDay() {
    Alias former =
        Lexicon.load(directory).organisations().find("acme").orElseThrow().aliases().get(2);

    assertThat(former.holds(LocalDate.of(2021, 10, 27))).isTrue();
    assertThat(former.holds(LocalDate.of(2021, 10, 28))).isFalse();
  }

  @Test
  void theVersionFollowsTheContentAndNotTheLineEnds() throws IOException {
    String version = Lexicon.load(directory).version();
    Files.writeString(directory.resolve("names.yaml"), ENTRIES.replace("\n", "\r\n"));

    assertThat(Lexicon.load(directory).version()).isEqualTo(version);
    Files.writeString(directory.resolve("names.yaml"), ENTRIES.replace("Acme Corp", "Acme Co"));
    assertThat(Lexicon.load(directory).version()).isNotEqualTo(version);
  }

  @Test
  void aBadEntryIsRefusedWithFileAndLine() throws IOException {
    assertRefused(
        ENTRIES + "  - {id: acme, name: Again}\n", "names.yaml:6: id: 'acme' stands twice");
    assertRefused(ENTRIES + "  - {id: x, nmae: X}\n", "names.yaml:6: 'nmae' is unknown");
    assertRefused(
        ENTRIES + "  - {id: x, name: X, aliases: [{text: Y, as: pet}]}\n",
        "names.yaml:6: aliases: as: 'pet'");
    assertRefused(ENTRIES + "  - {id: x, name: X\n", "names.yaml:6: the entry does not end");
    assertRefused(ENTRIES + "  - {id: x, name: X, parent: nobody}\n", "parent 'nobody' is unknown");
  }

  @Test
  void aBadRuleIsRefusedWithFileAndLine() throws IOException {
    assertRuleRefused(
        "  - {id: a, event: litigation, anchor: [~sue]}\n",
        "rules.yaml:2: rules[0]: rule 'a' lacks an example");
    assertRuleRefused(
        "  - {id: a, event: litigation, anchor: [~sue], near: [nothing], yes: [a], no: [b]}\n",
        "rules.yaml:2: rules[0].near: 'nothing' is no class of words");
    assertRuleRefused("  - {id: a, evnt: litigation}\n", "rules.yaml:2: rules[0].evnt");
  }

  @Test
  void aDirectoryWithoutFilesIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> Lexicon.load(empty))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("holds no *.yaml file");
  }

  private void assertRefused(String text, String message) throws IOException {
    Files.writeString(directory.resolve("names.yaml"), text);
    assertThatThrownBy(() -> Lexicon.load(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  private void assertRuleRefused(String rule, String message) throws IOException {
    Files.writeString(directory.resolve("rules.yaml"), "rules:\n" + rule);
    assertThatThrownBy(() -> Lexicon.load(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
