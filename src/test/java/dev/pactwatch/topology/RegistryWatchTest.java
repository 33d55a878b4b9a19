package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.Condition;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files to the topic, over a real broker. */
class RegistryWatchTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-07-01T12:00:00Z"));
  private static final Author ANNA = new Author("anna", "api", null);

  private static final String FIRST =
      """
      agreements:
        - id: lab-1
          title: The lab buys from one cloud
          parties:
            - {entity: lab, role: grantor}
            - {entity: cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus}
          status: in-force
          confidence: high
      """;

  @TempDir Path folder;
  private Path files;
  private Cluster cluster;
  private RegistryFolder registry;
  private final List<String> said = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    files = Files.createDirectories(folder.resolve("agreements"));
    Files.writeString(files.resolve("lab.yaml"), FIRST);
    registry = new RegistryFolder(files, CLOCK);
    cluster = Cluster.isolated(folder.resolve("kafka"), new Topics("test.", 2, (short) 1));
    cluster.prepareTopics();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void changesOfTheFilesReachTheTopicWithoutARestart() throws Exception {
    try (RegistryWatch watch = watch(true)) {
      assertThat(watch).isNotNull();
      eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1"));
      assertThat(registry.audit().entries()).as("the first reading changes nothing").isEmpty();

      Agreement other = AgreementFiles.read("t", FIRST.replace("lab", "works")).all().get(0);
      registry.put(List.of(other), ANNA, Condition.ABSENT, "more.yaml");
      eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1", "works-1"));

      Files.writeString(files.resolve("lab.yaml"), FIRST.replace("one cloud", "two clouds"));
      eventually(
          () -> assertThat(topic().get("lab-1").title()).isEqualTo("The lab buys from two clouds"));

      registry.erase("works-1", ANNA, Condition.NONE);
      eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1"));
      eventually(
          () ->
              assertThat(registry.audit().entries())
                  .extracting(entry -> entry.by() + " " + entry.action() + " " + entry.agreement())
                  .containsExactly(
                      "anna created works-1", "unknown revised lab-1", "anna erased works-1"));
    }
    assertThat(said.get(0)).isEqualTo("Agreements: 1, 1 new or changed");
  }

  @Test
  void aFileThatCannotBeUsedLeavesWhatWasPublished() throws Exception {
    try (RegistryWatch watch = watch(true)) {
      assertThat(watch).isNotNull();
      Files.writeString(files.resolve("lab.yaml"), "agreements:\n  - id: [");
      Agreement other = AgreementFiles.read("t", FIRST.replace("lab", "works")).all().get(0);
      Files.writeString(files.resolve("more.yaml"), AgreementFiles.yaml(List.of(other)));
      Awaitility.await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(topic()).containsOnlyKeys("lab-1"));
      Files.writeString(files.resolve("lab.yaml"), FIRST);
      eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1", "works-1"));
    }
  }

  @Test
  void whatIsTakenOutWhileNobodyWatchesIsErasedAtTheStart() throws Exception {
    watch(true).close();
    Files.writeString(files.resolve("lab.yaml"), FIRST.replace("lab-1", "lab-2"));
    watch(true).close();

    eventually(() -> assertThat(topic()).containsOnlyKeys("lab-2"));
    assertThat(registry.audit().entries())
        .extracting(AuditEntry::action)
        .containsExactlyInAnyOrder("erased", "created");
  }

  @Test
  void aFolderWithoutFilesErasesNothing() throws Exception {
    watch(true).close();
    Files.delete(files.resolve("lab.yaml"));
    watch(true).close();

    eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1"));
    assertThat(said).last().isEqualTo("Agreements: 0");
  }

  @Test
  void whatOthersWroteToTheTopicStays() throws Exception {
    RegistryTopic.put(cluster, AgreementFiles.parse("t", FIRST.replace("lab", "works")).all());
    watch(true).close();

    eventually(() -> assertThat(topic()).containsOnlyKeys("lab-1", "works-1"));
    assertThat(registry.audit().entries()).isEmpty();
  }

  @Test
  void processesThatStartAtTheSameMomentDoNotShutEachOtherOut() throws Exception {
    int processes = 6;
    CyclicBarrier together = new CyclicBarrier(processes);
    ExecutorService starting = Executors.newFixedThreadPool(processes);
    try {
      List<Future<RegistryWatch>> started = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        started.add(
            starting.submit(
                () -> {
                  together.await();
                  return watch(true);
                }));
      }
      for (Future<RegistryWatch> watch : started) {
        watch.get(60, TimeUnit.SECONDS).close();
      }
    } finally {
      starting.shutdownNow();
    }

    assertThat(topic()).containsOnlyKeys("lab-1");
    assertThat(said).filteredOn(line -> line.contains("new or changed")).hasSize(1);
  }

  @Test
  void aProcessBesideTheOwnerTakesOverNothingButChanges() throws Exception {
    try (RegistryWatch watch = watch(false)) {
      assertThat(watch).isNotNull();
      assertThat(topic()).isEmpty();
      Agreement other = AgreementFiles.read("t", FIRST.replace("lab", "works")).all().get(0);
      registry.put(List.of(other), ANNA, Condition.ABSENT, "more.yaml");
      eventually(() -> assertThat(topic()).containsKeys("works-1"));
    }
  }

  private RegistryWatch watch(boolean publish) {
    return RegistryWatch.start(cluster, new RegistryFolder(files, CLOCK), publish, said::add);
  }

  private Map<String, Agreement> topic() {
    Map<String, Agreement> latest = new TreeMap<>();
    TopicReader.readAll(
        cluster.clients(),
        cluster.topics().agreements(),
        record -> {
          try {
            if (record.value() == null) {
              latest.remove(record.key());
            } else {
              latest.put(record.key(), Json.read(record.value(), Agreement.class));
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    return latest;
  }

  private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
  }
}
