package dev.pactwatch.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementFilesTest {

  private static final String GOOD =
      """
      agreements:
        - id: a-b
          title: A buys from B alone
          parties:
            - entity: a
              name: A Corp
              role: grantor
            - entity: b
              name: "B: the cloud"
              role: beneficiary
          terms:
            - kind: exclusive
              topic: compute
              grantor: a
              beneficiary: b
              carve_outs: [training]
              until: 2026-12
          effective_from: 2025-01-21
          effective_from_precision: month
          carve_outs:
            - 'a small one: "test"'
          status: in-force
          checked_to: 2025
          confidence: high
          notes: "two\\nlines"
      """;

  @TempDir Path directory;

  @Test
  void theBundledRegistryLoadsWhole() {
    Registry registry = AgreementFiles.load(Path.of("config/agreements"));
    assertThat(registry.size()).isEqualTo(46);
    Agreement api = registry.find("msft-openai-r4-2025-10").orElseThrow();
    assertThat(api.chain()).isEqualTo("microsoft-openai");
    assertThat(api.facts().amounts()).contains("250 bn");
    assertThat(api.terms().get(0).carveOuts()).containsExactly("national-security-api");
    assertThat(api.bestSource().publisher()).isEqualTo("Microsoft (official blog)");
    assertThat(registry.find("disney-openai-sora-2025").orElseThrow().terms().get(0).until())
        .hasToString("2026-12");
    assertThat(registry.find("asml-zeiss-smt").orElseThrow().facts().mutual()).isTrue();
    assertThat(registry.find("apple-openai-chatgpt-2024").orElseThrow().facts().disputed())
        .isTrue();
  }

  @Test
  void aRecordWithoutChainIsAChainOfItsOwn() {
    Agreement agreement = AgreementFiles.parse("t", GOOD).find("a-b").orElseThrow();
    assertThat(agreement.chain()).isEqualTo("a-b");
    assertThat(agreement.revision()).isEqualTo("1");
  }

  @Test
  void precisionNarrowsWhatADateSays() {
    Agreement agreement = AgreementFiles.parse("t", GOOD).find("a-b").orElseThrow();
    assertThat(agreement.effectiveFrom()).hasToString("2025-01");
  }

  @Test
  void whatIsWrittenReadsBackAsTheSame() {
    Registry bundled = AgreementFiles.load(Path.of("config/agreements"));
    Path file = directory.resolve("out.yaml");
    AgreementFiles.write(file, bundled.all());
    assertThat(AgreementFiles.load(file).all()).isEqualTo(bundled.all());
    Registry small = AgreementFiles.parse("t", GOOD);
    assertThat(AgreementFiles.parse("u", AgreementFiles.yaml(small.all())).all())
        .isEqualTo(small.all());
    assertThat(AgreementFiles.parse("v", AgreementFiles.yaml(List.of())).all()).isEmpty();
  }

  @Test
  void puttingARecordLeavesTheRestOfTheFileAlone() {
    String commented =
        "# mine\nmeta:\n  title: x\n"
            + GOOD
            + "  # the next\n"
            + GOOD.substring(GOOD.indexOf("  - id")).replace("a-b", "c-d")
            + "# the end\nas_of_checks: []\n";
    Agreement next = AgreementFiles.parse("t", commented).find("c-d").orElseThrow();
    Agreement first = AgreementFiles.parse("t", GOOD).find("a-b").orElseThrow();

    String edited =
        AgreementEdit.put(
            "t",
            commented,
            List.of(renamed(first, "a-b", "Another title"), renamed(first, "e-f", "A new one")));

    assertThat(edited)
        .startsWith(
            "# mine\nmeta:\n  title: x\nagreements:\n  - id: a-b\n    title: Another title\n")
        .contains("  # the next\n" + GOOD.substring(GOOD.indexOf("  - id")).replace("a-b", "c-d"))
        .endsWith("# the end\nas_of_checks: []\n");
    Registry registry = AgreementFiles.parse("t", edited);
    assertThat(registry.all()).extracting(Agreement::id).containsExactly("a-b", "c-d", "e-f");
    assertThat(registry.find("a-b")).hasValue(renamed(first, "a-b", "Another title"));
    assertThat(registry.find("c-d")).hasValue(next);
  }

  @Test
  void withinAChangedRecordTheFieldsThatDidNotChangeKeepTheirLinesAndComments() {
    String commented =
        GOOD.replace(
                "    status: in-force", "    # asked them by mail\n    status:   in-force # so")
            .replace("    parties:", "\n# who\n    parties:")
            .replace("checked_to: 2025", "checked_to: '2025'  # a year");
    Agreement there = AgreementFiles.parse("t", commented).find("a-b").orElseThrow();

    String edited =
        AgreementEdit.put(
            "t",
            commented,
            List.of(
                there.ended(
                    PartialDate.parse("2025-06-30"),
                    new Source("Over", null, null, "https://b.example/over", null, null),
                    LocalDate.of(2025, 7, 1))));

    assertThat(edited)
        .isEqualTo(
            commented
                .replace(
                    "    carve_outs:\n      - 'a small",
                    "    effective_to: \"2025-06-30\"\n    effective_to_precision: day\n"
                        + "    carve_outs:\n      - 'a small")
                .replace("status:   in-force # so", "status: ended")
                .replace(
                    "    confidence: high",
                    "    sources:\n      - title: Over\n        url: \"https://b.example/over\"\n"
                        + "    confidence: high"));
  }

  @Test
  void aRecordThatCannotBeEditedByFieldIsWrittenAnew() {
    String flow =
        "agreements:\n  - {id: x, title: t, parties: [{entity: a, role: grantor}, {entity: b, role:"
            + " beneficiary}], terms: [{kind: sole, topic: compute, grantor: a, beneficiary: b}],"
            + " status: in-force, confidence: high} # one line\n";
    Agreement there = AgreementFiles.parse("t", flow).find("x").orElseThrow();

    String edited = AgreementEdit.put("t", flow, List.of(renamed(there, "x", "another")));

    assertThat(AgreementFiles.parse("t", edited).all())
        .containsExactly(renamed(there, "x", "another"));
  }

  @Test
  void aFileOfJsonOnOneLineIsRefusedAndSaidWhy() {
    Agreement there = AgreementFiles.parse("t", GOOD).find("a-b").orElseThrow();
    String json = "{\"agreements\": [" + Json.write(there) + "]}";

    assertThatThrownBy(() -> AgreementEdit.put("t", json, List.of(renamed(there, "c", "d"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("t:1: agreements[0]: cannot be edited as it is written");
  }

  @Test
  void anErasedRecordLeavesTheOthers() {
    String two =
        GOOD + "  # the next\n" + GOOD.substring(GOOD.indexOf("  - id")).replace("a-b", "c");

    String one = AgreementEdit.remove("t", two, "a-b");
    String none = AgreementEdit.remove("t", one, "c");

    assertThat(one).isEqualTo("agreements:\n" + two.substring(two.indexOf("  # the next")));
    assertThat(none).isEqualTo("agreements: []\n  # the next\n");
    assertThat(
            AgreementFiles.parse(
                    "t", AgreementEdit.put("t", none, AgreementFiles.parse("t", GOOD).all()))
                .all())
        .isEqualTo(AgreementFiles.parse("t", GOOD).all());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chips",
        "cloud",
        "distribution-and-search",
        "media-and-telecom",
        "microsoft-openai"
      })
  void everyBundledRecordCanBePutBackAsItIsAndEditedByField(String name) throws IOException {
    String text = Files.readString(Path.of("config/agreements", name + ".yaml"));
    Registry before = AgreementFiles.parse(name, text);
    assertThat(AgreementEdit.put(name, text, before.all())).isEqualTo(text);
    for (Agreement agreement : before.all()) {
      String edited =
          AgreementEdit.put(
              name, text, List.of(renamed(agreement, agreement.id(), "Another title")));
      assertThat(edited.lines().filter(line -> line.contains("Another title")).count()).isOne();
      assertThat(edited.length()).isBetween(text.length() - 150, text.length() + 20);
    }
  }

  @Test
  void theFormOfTheTopicAndOfTheApiIsReadAsWell() {
    for (Agreement agreement : AgreementFiles.load(Path.of("config/agreements")).all()) {
      assertThat(AgreementFiles.read("json", Json.write(agreement)).all())
          .containsExactly(agreement);
    }
    assertThat(
            AgreementFiles.read(
                    "json", "[" + Json.write(AgreementFiles.parse("t", GOOD).all().get(0)) + "]")
                .all())
        .isEqualTo(AgreementFiles.parse("t", GOOD).all());
  }

  @Test
  void aFieldInBothFormsIsAnError() {
    assertThatThrownBy(
            () ->
                AgreementFiles.parse(
                    "t", GOOD.replace("checked_to: 2025", "checked_to: 2025\n    checkedTo: 2024")))
        .hasMessage("t:24: agreements[0].checkedTo: stands twice: as checked_to too");
  }

  private static Agreement renamed(Agreement a, String id, String title) {
    return new Agreement(
        id,
        title,
        a.chain(),
        a.revision(),
        a.parties(),
        a.terms(),
        a.effectiveFrom(),
        a.effectiveTo(),
        a.supersededBy(),
        a.status(),
        a.checkedTo(),
        a.confidence(),
        a.carveOuts(),
        a.sources(),
        a.notes(),
        a.facts());
  }

  @Test
  void recordsSurviveJson() throws IOException {
    for (Agreement agreement : AgreementFiles.load(Path.of("config/agreements")).all()) {
      assertThat(Json.read(Json.bytes(agreement), Agreement.class)).isEqualTo(agreement);
    }
  }

  @Test
  void theOtherPartsOfARegistryFileAreLeftAlone() {
    String whole =
        "meta:\n  title: x\nentities: []\n"
            + GOOD
            + "baseline_without_exclusivity:\n  - id: z\ncandidates_not_loaded: []\nas_of_checks: []\n";
    assertThat(AgreementFiles.parse("t", whole).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: exclusive|kind: exklusive|t:12: agreements[0].terms[0].kind: 'exklusive' is unknown",
        "grantor: a|grantor: z|t:14: agreements[0].terms[0].grantor: 'z' is none of the agreement's parties",
        "status: in-force|status: fine|t:22: agreements[0].status: 'fine' is unknown; one of in-force",
        "effective_from: 2025-01-21|effective_from: soon|t:18: agreements[0].effective_from: must be a date",
        "title: A buys|titel: A buys|t:3: agreements[0].titel: unknown field",
        "effective_from_precision: month|effective_to: 2024|t:19: agreements[0].effective_to: lies before",
        "checked_to: 2025|checked_to: 2025-13|t:23: agreements[0].checked_to: must be a date",
        "confidence: high|confidence: sure|t:24: agreements[0].confidence: 'sure' is unknown",
        "id: a-b|id: a b|t:2: agreements[0].id: must be an id without blanks",
      })
  void everyErrorNamesFileLineAndField(String right, String wrong, String message) {
    assertThat(GOOD).contains(right);
    assertThatThrownBy(() -> AgreementFiles.parse("t", GOOD.replace(right, wrong)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void oneIdInTwoFilesNamesBoth() throws IOException {
    Files.writeString(directory.resolve("1.yaml"), GOOD);
    Files.writeString(directory.resolve("2.yaml"), GOOD);
    assertThatThrownBy(() -> AgreementFiles.load(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("2.yaml:2: agreements[0].id: 'a-b' stands already in ")
        .hasMessageEndingWith("1.yaml:2");
  }

  @Test
  void aMissingFileIsOneClearLine() {
    assertThatThrownBy(() -> AgreementFiles.load(directory.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.yaml: cannot be read: no such file");
  }
}
