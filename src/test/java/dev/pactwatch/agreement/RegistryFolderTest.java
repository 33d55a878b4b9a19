package dev.pactwatch.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.agreement.AuditEntry.FieldChange;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFolderTest {

  private static final Author ANNA = new Author("anna", "command-line", "the blog says so");
  private static final Instant NOW = Instant.parse("2025-07-01T12:00:00Z");

  private static final String FIRST =
      """
      # ours
      agreements:
        - id: lab-1
          title: The lab buys from one cloud   # the only one
          chain: {id: lab, rev: '1'}
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus}
          effective_from: '2024-01-01'
          status: in-force
          checked_to: '2025-01-01'
          confidence: high
      """;

  @TempDir Path folder;
  private RegistryFolder registry;

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(folder.resolve("lab.yaml"), FIRST);
    registry = new RegistryFolder(folder, InstantSource.fixed(NOW));
  }

  private static Agreement revision(String id, String title) {
    return AgreementFiles.read(
            "t",
            FIRST
                .replace("id: lab-1", "id: " + id)
                .replace("The lab buys from one cloud", title)
                .replace("rev: '1'", "rev: '" + id + "'"))
        .all()
        .get(0);
  }

  @Test
  void aNewRevisionGoesBehindItsChainAndLeavesALineInTheTrail() throws IOException {
    String before = registry.registry().version("lab");

    registry.put(List.of(revision("lab-2", "More")), ANNA, Condition.ABSENT, "x");

    assertThat(Files.readString(folder.resolve("lab.yaml"))).startsWith(FIRST);
    assertThat(registry.registry().history("lab")).hasSize(2);
    assertThat(registry.audit().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.at()).isEqualTo(NOW);
              assertThat(entry.by()).isEqualTo("anna");
              assertThat(entry.via()).isEqualTo("command-line");
              assertThat(entry.why()).isEqualTo("the blog says so");
              assertThat(entry.action()).isEqualTo("created");
              assertThat(entry.agreement()).isEqualTo("lab-2");
              assertThat(entry.file()).isEqualTo("lab.yaml");
              assertThat(entry.versionBefore()).isEqualTo(before);
              assertThat(entry.versionAfter()).isEqualTo(registry.registry().version("lab"));
              assertThat(entry.changes())
                  .contains(new FieldChange("title", null, Json.mapper().valueToTree("More")));
            });
  }

  @Test
  void anAgreementOfANewChainGoesIntoAFileOfItsOwn() throws IOException {
    Agreement other = AgreementFiles.read("t", FIRST.replace("lab", "works")).all().get(0);

    registry.put(List.of(other), ANNA, Condition.ABSENT, RegistryFolder.NEW_FILE);

    assertThat(Files.readString(folder.resolve("registered.yaml")))
        .startsWith("# Agreements registered by command or over the API.")
        .contains("agreements:\n  - id: works-1\n");
    assertThat(registry.registry().size()).isEqualTo(2);
  }

  @Test
  void endingSetsTheEndTheSourceAndTheDayOfLooking() throws IOException {
    registry.end(
        "lab-1",
        PartialDate.parse("2025-06-30"),
        new Source("Over", null, null, "https://cumulus.example/over", null, null),
        ANNA,
        Condition.NONE);

    Agreement ended = registry.registry().find("lab-1").orElseThrow();
    assertThat(ended.effectiveTo()).hasToString("2025-06-30");
    assertThat(ended.status()).isEqualTo("ended");
    assertThat(ended.checkedTo()).hasToString("2025-07-01");
    assertThat(ended.sources()).extracting(Source::title).containsExactly("Over");
    assertThat(Files.readString(folder.resolve("lab.yaml")))
        .startsWith("# ours\n")
        .contains("title: The lab buys from one cloud   # the only one\n");
    AuditEntry entry = registry.audit().entries().get(0);
    assertThat(entry.action()).isEqualTo("ended");
    assertThat(entry.changes())
        .extracting(change -> change.field() + ": " + change.from() + " -> " + change.to())
        .containsExactly(
            "effectiveTo: null -> \"2025-06-30\"",
            "status: \"in-force\" -> \"ended\"",
            "checkedTo: \"2025-01-01\" -> \"2025-07-01\"",
            "sources[0]: null -> {\"title\":\"Over\",\"url\":\"https://cumulus.example/over\"}");
  }

  @Test
  void anEndThatIsAnnouncedLeavesTheAgreementInForceUntilThen() {
    registry.end(
        "lab-1",
        PartialDate.parse("2025-12"),
        new Source("To end", null, null, "https://cumulus.example/end", null, null),
        ANNA,
        Condition.NONE);

    assertThat(registry.registry().find("lab-1").orElseThrow().status()).isEqualTo("in-force");
  }

  @Test
  void whatEndedOrHadNotBegunCannotEnd() {
    Source source = new Source("Over", null, null, "https://cumulus.example/over", null, null);
    assertThatThrownBy(
            () -> registry.end("lab-1", PartialDate.parse("2023"), source, ANNA, Condition.NONE))
        .hasMessage("'lab-1' cannot end on 2023: it began 2024-01-01");
    registry.end("lab-1", PartialDate.parse("2025"), source, ANNA, Condition.NONE);
    assertThatThrownBy(
            () -> registry.end("lab-1", PartialDate.parse("2025"), source, ANNA, Condition.NONE))
        .hasMessageStartingWith("'lab-1' has an end already, 2025");
    assertThatThrownBy(
            () -> registry.end("lab-9", PartialDate.parse("2025"), source, ANNA, Condition.NONE))
        .isInstanceOf(UnknownAgreement.class);
  }

  @Test
  void anErasedRecordStaysInTheTrailAlone() {
    Agreement there = registry.registry().find("lab-1").orElseThrow();

    registry.erase("lab-1", ANNA, Condition.NONE);

    assertThat(registry.registry().all()).isEmpty();
    AuditEntry entry = registry.audit().entries().get(0);
    assertThat(entry.action()).isEqualTo("erased");
    assertThat(entry.versionAfter()).isEqualTo(Registry.NO_VERSION);
    assertThat(entry.changes())
        .contains(new FieldChange("title", Json.mapper().valueToTree(there.title()), null));
  }

  @Test
  void aVersionThatIsNoLongerThereRefusesTheChangeAndChangesNothing() throws IOException {
    String seen = registry.registry().version("lab");
    registry.put(List.of(revision("lab-1", "Somebody else's")), ANNA, Condition.NONE, "x");
    String there = registry.registry().version("lab");
    String text = Files.readString(folder.resolve("lab.yaml"));

    assertThatThrownBy(
            () ->
                registry.put(
                    List.of(revision("lab-1", "Mine")), ANNA, Condition.chainAt(seen), "x"))
        .isInstanceOf(VersionConflict.class)
        .hasMessage(
            "chain 'lab' is at version "
                + there
                + ", not "
                + seen
                + ": somebody changed it meanwhile; read it again");

    assertThat(Files.readString(folder.resolve("lab.yaml"))).isEqualTo(text);
    assertThat(registry.audit().entries()).hasSize(1);
    registry.put(List.of(revision("lab-1", "Mine")), ANNA, Condition.chainAt(there), "x");
    assertThat(registry.registry().find("lab-1").orElseThrow().title()).isEqualTo("Mine");
  }

  @Test
  void ofManyWhoChangeWhatTheySawExactlyOneSucceeds() throws Exception {
    String seen = registry.registry().version("lab");
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String title = "By writer " + i;
      attempts.add(
          pool.submit(
              () -> {
                try {
                  // One of its own each, as several processes would have.
                  new RegistryFolder(folder, InstantSource.fixed(NOW))
                      .put(List.of(revision("lab-1", title)), ANNA, Condition.chainAt(seen), "x");
                  return true;
                } catch (VersionConflict e) {
                  return false;
                }
              }));
    }
    int won = 0;
    for (Future<Boolean> attempt : attempts) {
      won += attempt.get() ? 1 : 0;
    }
    pool.shutdown();
    assertThat(won).isOne();
    assertThat(registry.audit().entries()).hasSize(1);
  }

  @Test
  void whatStandsThereAlreadyIsNoChange() {
    assertThat(registry.put(registry.registry().all(), ANNA, Condition.NONE, "x").entries())
        .isEmpty();
    assertThat(registry.audit().entries()).isEmpty();
  }

  @Test
  void anImportOfNewAgreementsKeepsTheFileAsItIs() throws IOException {
    String text = FIRST.replace("lab", "works").replace("# ours", "# theirs, with comments");

    registry.load(
        List.of(new RegistryFolder.Named("/elsewhere/works file.yml", text)),
        ANNA,
        Condition.NONE,
        false);

    assertThat(Files.readString(folder.resolve("works-file.yaml"))).isEqualTo(text);
    assertThat(registry.registry().size()).isEqualTo(2);
  }

  @Test
  void anImportReplacesWhatIsThereAndADryRunNothing() throws IOException {
    String text =
        FIRST.replace("one cloud", "two clouds")
            + FIRST.substring(FIRST.indexOf("  - id")).replace("lab", "works");
    List<RegistryFolder.Named> texts = List.of(new RegistryFolder.Named("more.json", text));

    List<AuditEntry> would = registry.load(texts, ANNA, Condition.NONE, true).entries();
    assertThat(registry.registry().size()).isEqualTo(1);
    assertThat(Files.exists(folder.resolve(AuditTrail.FILE))).isFalse();
    List<AuditEntry> did = registry.load(texts, ANNA, Condition.NONE, false).entries();

    assertThat(would).isEqualTo(did);
    assertThat(did).extracting(AuditEntry::action).containsExactly("revised", "created");
    assertThat(Files.readString(folder.resolve("lab.yaml")))
        .isEqualTo(
            FIRST.replace(
                "title: The lab buys from one cloud   # the only one",
                "title: The lab buys from two clouds"));
    assertThat(folder.resolve("more.yaml")).exists();
  }

  @Test
  void itBecomesAnotherRegistryWithWhatDiffersAndWithoutWhatThatDoesNotHave() throws IOException {
    registry.put(List.of(revision("lab-2", "More")), ANNA, Condition.ABSENT, "x");
    Registry other =
        Registry.of(List.of(revision("lab-1", "Less"), revision("lab-3", "Something else")));

    RegistryFolder.Written dry = registry.become(other, ANNA, true);
    assertThat(registry.registry().history("lab")).hasSize(2);
    RegistryFolder.Written done = registry.become(other, ANNA, false);

    assertThat(done.entries()).hasSize(dry.entries().size()).isNotEmpty();
    assertThat(registry.registry().version()).isEqualTo(other.version());
    assertThat(registry.audit().entries()).last().extracting(AuditEntry::by).isEqualTo("anna");
    assertThat(registry.become(other, ANNA, false).entries()).isEmpty();
  }

  @Test
  void aMistakeInOneOfSeveralTextsImportsNone() throws IOException {
    List<RegistryFolder.Named> texts =
        List.of(
            new RegistryFolder.Named("good.yaml", FIRST.replace("lab", "works")),
            new RegistryFolder.Named("bad.yaml", FIRST.replace("exclusive", "exklusive")));

    assertThatThrownBy(() -> registry.load(texts, ANNA, Condition.NONE, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("bad.yaml:10: agreements[0].terms[0].kind: 'exklusive'");

    assertThat(registry.registry().size()).isEqualTo(1);
    assertThat(registry.audit().entries()).isEmpty();
  }

  @Test
  void anEditByHandIsNoticedOnceAndOneOfTheProgramIsNot() throws IOException {
    Author unknown = new Author("unknown", "file", null);
    Registry known = registry.registry();
    registry.put(List.of(revision("lab-1", "By command")), ANNA, Condition.NONE, "x");
    assertThat(registry.noteEdits(known, registry.registry(), unknown)).isEmpty();
    Registry published = registry.registry();
    Path file = folder.resolve("lab.yaml");
    Files.writeString(file, Files.readString(file).replace("By command", "By hand, quietly"));

    assertThat(registry.noteEdits(published, registry.registry(), unknown))
        .singleElement()
        .satisfies(entry -> assertThat(entry.by()).isEqualTo("unknown"))
        .extracting(entry -> entry.changes().get(0).to().asText())
        .isEqualTo("By hand, quietly");
    assertThat(registry.noteEdits(published, registry.registry(), unknown)).isEmpty();
    assertThat(registry.audit().entries()).hasSize(2);
  }

  @Test
  void aLineTakenOutOfTheTrailShows() throws IOException {
    for (int i = 0; i < 3; i++) {
      registry.put(List.of(revision("lab-1", "Title " + i)), ANNA, Condition.NONE, "x");
    }
    assertThat(registry.audit().broken()).isEmpty();
    Path trail = folder.resolve(AuditTrail.FILE);
    List<String> lines = new ArrayList<>(Files.readAllLines(trail));
    lines.remove(1);
    Files.write(trail, lines);

    assertThat(registry.audit().broken()).containsExactly(2);
  }

  @Test
  void theVersionIsOfWhatIsSaidAndNotOfHowItIsWritten() throws IOException {
    String version = registry.registry().version("lab");
    Path file = folder.resolve("lab.yaml");
    Files.writeString(file, AgreementFiles.yaml(registry.registry().all()));
    assertThat(registry.registry().version("lab")).isEqualTo(version).matches("[0-9a-f]{16}");
    assertThat(registry.registry().version("nothing")).isEqualTo("none");
  }

  @Test
  void aNameCannotLeadOutOfTheFolder() {
    assertThat(RegistryDraft.yamlName("../../etc/passwd")).isEqualTo("passwd.yaml");
    assertThat(RegistryDraft.yamlName("..")).isEqualTo("imported.yaml");
    assertThat(RegistryDraft.yamlName("my list.json")).isEqualTo("my-list.yaml");
  }
}
