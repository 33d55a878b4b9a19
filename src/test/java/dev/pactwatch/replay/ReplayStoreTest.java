package dev.pactwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayStoreTest {

  private static final ReplayManifest.Asked ASKED =
      new ReplayManifest.Asked(List.of("old/feeds"), null, null, 0, false, null, "somebody");

  @TempDir Path folder;

  private ReplayStore store;
  private ReplaySet.Origin origin;

  @BeforeEach
  void makeASmallSet() throws IOException {
    store =
        new ReplayStore(
            folder.resolve("data"), InstantSource.fixed(Instant.parse("2026-05-01T10:20:30Z")));
    Path config = folder.resolve("config");
    Files.createDirectories(config.resolve("agreements"));
    ReplaySet.tree(Path.of("config", "lexicon"), config.resolve("lexicon"));
    Files.copy(Path.of("config", "topics.yaml"), config.resolve("topics.yaml"));
    Files.writeString(config.resolve("agreements").resolve("mine.yaml"), "agreements: []\n");
    origin = ReplaySet.Origin.of(config);
  }

  @Test
  void aReplayKeepsWhatItWasMadeOfWhateverBecomesOfTheFiles() throws IOException {
    String id = store.create(ASKED, origin, null);
    Files.delete(folder.resolve("config/agreements/mine.yaml"));

    assertThat(id).isEqualTo("20260501-102030");
    ReplayStore.Entry entry = store.get(id);
    assertThat(entry.state()).isEqualTo(ReplayManifest.State.NEW);
    assertThat(entry.manifest().asked()).isEqualTo(ASKED);
    assertThat(ReplaySet.at(store.folder(id).resolve("first")).load(false).versions())
        .isEqualTo(entry.manifest().first().versions());
  }

  @Test
  void aSetThatCannotBeUsedIsToldOfByItsOwnFileAndLeavesNothing() throws IOException {
    Path wrong = folder.resolve("config/agreements/mine.yaml");
    Files.writeString(wrong, "agreements:\n  - id: a\n");

    assertThatThrownBy(() -> store.create(ASKED, origin, null))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(wrong + ":");
    assertThat(store.list()).isEmpty();
    assertThat(folder.resolve("data/replay")).isEmptyDirectory();
  }

  @Test
  void replaysAreListedTheNewestFirstAndRemoved() {
    String first = store.create(ASKED, origin, null);
    String second = store.create(ASKED, origin, null);

    assertThat(store.list())
        .extracting(entry -> entry.manifest().id())
        .containsExactly(second, first);
    store.remove(first);
    assertThat(store.find(first)).isEmpty();
    assertThat(store.list()).hasSize(1);
  }

  @Test
  void whoeverWorksOnAReplayHoldsIt() {
    String id = store.create(ASKED, origin, null);
    store.save(store.get(id).manifest().with(ReplayManifest.State.RUNNING, null, null));
    assertThat(store.get(id).state()).isEqualTo(ReplayManifest.State.INTERRUPTED);

    try (ReplayStore.Hold held = store.hold(id)) {
      assertThat(held).isNotNull();
      assertThat(store.get(id).state()).isEqualTo(ReplayManifest.State.RUNNING);
      assertThatThrownBy(() -> store.remove(id))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("under way");
      assertThatThrownBy(() -> store.hold(id)).isInstanceOf(ConfigException.class);
    }
    store.remove(id);
  }

  @Test
  void noIdLeadsOutOfTheFolder() {
    assertThat(store.find("../config")).isEmpty();
    assertThatThrownBy(() -> store.remove("..")).hasMessageContaining("no replay '..'");
  }
}
