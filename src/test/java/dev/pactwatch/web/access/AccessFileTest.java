package dev.pactwatch.web.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.ChainedLines;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFileTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String HASH = "0123456789abcdef".repeat(4);

  @TempDir Path folder;

  private Path path;
  private AccessFile file;

  @BeforeEach
  void open() {
    path = folder.resolve(AccessFile.NAME);
    file = new AccessFile(path, InstantSource.fixed(NOW));
  }

  @Test
  void aTokenIsKeptAsItsDigestAlone() throws IOException {
    String secret = file.add("alice", AccessRole.ADMIN, NOW.plusSeconds(60), "root", null);

    assertThat(secret).matches("pw_[A-Za-z0-9_-]{43}");
    assertThat(file.read())
        .containsExactly(
            new AccessToken(
                "alice", AccessRole.ADMIN, AccessToken.hash(secret), NOW, NOW.plusSeconds(60)));
    assertThat(Files.readString(path)).doesNotContain(secret.substring(3));
    assertThat(Files.readString(folder.resolve(AccessFile.AUDIT)))
        .doesNotContain(secret.substring(3))
        .doesNotContain(AccessToken.hash(secret));
    assertThat(file.add("bob", AccessRole.VIEWER, null, "root", null)).isNotEqualTo(secret);
  }

  @Test
  void theDigestIsTheSha256OfTheToken() {
    // echo -n pw_... | sha256sum
    assertThat(AccessToken.hash("pw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
        .isEqualTo("94be94501b3ce2b6e0fec6028d508deeb9a00988846ba4792b780deeb8965fff");
  }

  @Test
  void whatIsWrittenIsForItsOwnerAlone() throws IOException {
    Files.writeString(path, "# open to all\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));

    String unused = file.add("alice", AccessRole.ADMIN, null, "root", null);

    for (String name : List.of(AccessFile.NAME, AccessFile.AUDIT)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void aChangeKeepsCommentsAndOtherEntries() throws IOException {
    String before =
        """
        # ours
        tokens:   # who may
            # for the wall
            - {name: wall, role: viewer, hash: %1$s}

            - role: editor
              name: "ci"   # the build
              hash: %1$s
              # of last year
              created: 2025-01-01T00:00:00Z
        # the end
        """
            .formatted(HASH);
    Files.writeString(path, before);

    String secret = file.add("alice", AccessRole.ADMIN, null, "root", "new here");

    assertThat(Files.readString(path))
        .isEqualTo(
            before.replace(
                "# the end",
                """
                    - name: "alice"
                      role: admin
                      hash: "%s"
                      created: 2026-11-23T10:00:00Z
                # the end"""
                    .formatted(AccessToken.hash(secret))));
    assertThat(file.remove("alice", "root", null).name()).isEqualTo("alice");
    assertThat(Files.readString(path)).isEqualTo(before);
    AccessToken ci = file.remove("ci", "root", null);
    assertThat(ci.role()).isEqualTo(AccessRole.EDITOR);
    assertThat(Files.readString(path))
        .isEqualTo(before.substring(0, before.indexOf("    - role")) + "# the end\n");
    AccessToken wall = file.remove("wall", "root", null);
    assertThat(wall.role()).isEqualTo(AccessRole.VIEWER);
    assertThat(file.read()).isEmpty();
    assertThat(Files.readString(path)).contains("# ours", "# for the wall", "# the end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing but words",
        "tokens:",
        "tokens: []  # none",
        "tokens: null",
        "# a\ntokens: # b\n# c",
      })
  void anEmptyFileTakesATokenAndLosesIt(String text) throws IOException {
    Files.writeString(path, text);
    assertThat(file.read()).isEmpty();

    String secret = file.add("alice", AccessRole.EDITOR, null, "root", null);

    AccessToken alice =
        new AccessToken("alice", AccessRole.EDITOR, AccessToken.hash(secret), NOW, null);
    assertThat(file.read()).containsExactly(alice);
    assertThat(file.remove("alice", "root", null)).isEqualTo(alice);
    assertThat(file.read()).isEmpty();
    for (String comment : List.of("# nothing but words", "# none", "# a", "# b", "# c")) {
      assertThat(Files.readString(path).contains(comment)).isEqualTo(text.contains(comment));
    }
  }

  @Test
  void theTrailTellsOfEveryChangeAndIsAChain() throws IOException {
    String unused = file.add("alice", AccessRole.ADMIN, null, "root", "first");
    AccessToken gone = file.remove("alice", "carol", "gone");

    assertThat(gone.name()).isEqualTo("alice");
    List<String> lines = Files.readAllLines(folder.resolve(AccessFile.AUDIT));
    assertThat(lines).hasSize(2);
    AccessFile.Change first = Json.read(lines.get(0), AccessFile.Change.class);
    AccessFile.Change second = Json.read(lines.get(1), AccessFile.Change.class);
    assertThat(first)
        .isEqualTo(
            new AccessFile.Change(
                NOW, "added", "alice", "admin", null, "root", "command-line", "first", null));
    assertThat(second.action()).isEqualTo("removed");
    assertThat(second.by()).isEqualTo("carol");
    assertThat(second.why()).isEqualTo("gone");
    assertThat(second.previous()).isEqualTo(ChainedLines.digest(lines.get(0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- name: a b          |:2: tokens[0].name: must be up to 64",
        "- name: .a           |:2: tokens[0].name: must be up to 64",
        "- role: viewer       |:2: tokens[0]: lacks 'name'",
        "- {name: a, role: boss, hash: HASH}|:2: tokens[0].role: 'boss' is unknown; one of viewer",
        "- {name: a, role: admin}|:2: tokens[0]: lacks 'hash'",
        "- {name: a, role: admin, hash: pw_abc}|:2: tokens[0].hash: must be 64 hexadecimal",
        "- {name: a, role: admin, hash: HASH, expires: soon}|:2: tokens[0].expires: must be a",
        "- {name: a, role: admin, hash: HASH, token: x}|:2: tokens[0].token: unknown field",
        "- {name: a, role: admin, hash: HASH}\\n- {name: a, role: admin, hash: HASH}"
            + "|:3: tokens[1].name: 'a' stands twice",
        "a                    |:1: tokens: must be a list",
      })
  void aMistakeIsNamedWithItsPlace(String entries, String complaint) throws IOException {
    Files.writeString(
        path,
        entries.startsWith("-")
            ? "tokens:\n" + entries.replace("HASH", HASH).replace("\\n", "\n") + "\n"
            : "tokens: " + entries + "\n");

    assertThatThrownBy(file::read)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(path + complaint);
  }

  @Test
  void aTokenThatSomebodyPastedIsNotRepeated() throws IOException {
    Files.writeString(path, "tokens:\n  - {name: a, role: admin, hash: pw_verysecret}\n");

    assertThatThrownBy(file::read).message().doesNotContain("verysecret");
  }

  @Test
  void aFileThatCannotBeChangedLineByLineIsLeftAlone() throws IOException {
    String text =
        """
        tokens: [{name: a, role: admin, hash: %1$s}, {name: b, role: admin, hash: %1$s}]
        """
            .formatted(HASH);
    Files.writeString(path, text);

    assertThatThrownBy(() -> file.add("c", AccessRole.VIEWER, null, "root", null))
        .hasMessageContaining("edit it by hand");
    assertThatThrownBy(() -> file.remove("a", "root", null))
        .hasMessageContaining("edit it by hand");

    assertThat(Files.readString(path)).isEqualTo(text);
    assertThat(Files.readString(folder.resolve(AccessFile.AUDIT))).isEmpty();
  }

  @Test
  void aNameIsGivenOnce() {
    String unused = file.add("alice", AccessRole.VIEWER, null, "root", null);

    assertThatThrownBy(() -> file.add("alice", AccessRole.ADMIN, null, "root", null))
        .hasMessageContaining("has a token 'alice' already");
    assertThatThrownBy(() -> file.add("a\nb", AccessRole.ADMIN, null, "root", null))
        .hasMessageContaining("a token's name is up to 64");
    assertThatThrownBy(() -> file.remove("bob", "root", null))
        .hasMessage("no token 'bob'; see token list");
    assertThat(file.read()).hasSize(1);
  }

  @Test
  void theFileThatShipsHoldsNobodyAndTakesAToken() throws IOException {
    Files.copy(Path.of("config", AccessFile.NAME), path);
    assertThat(file.read()).isEmpty();

    String unused = file.add("alice", AccessRole.ADMIN, null, "root", null);

    assertThat(file.read()).hasSize(1);
  }

  @Test
  void anEditIsTakenUpOnceItRestsAndAMistakeChangesNothing() throws IOException {
    String alice = file.add("alice", AccessRole.ADMIN, null, "root", null);
    AccessWatch watch = new AccessWatch(file);
    String bob = file.add("bob", AccessRole.VIEWER, null, "root", null);

    watch.look();
    assertThat(watch.tokens())
        .extracting(AccessToken::hash)
        .containsExactly(AccessToken.hash(alice));
    watch.look();
    assertThat(watch.tokens())
        .extracting(AccessToken::hash)
        .containsExactly(AccessToken.hash(alice), AccessToken.hash(bob));

    Files.writeString(path, "tokens: nonsense\n");
    watch.look();
    watch.look();
    assertThat(watch.tokens()).hasSize(2);

    Files.delete(path);
    watch.look();
    watch.look();
    assertThat(watch.tokens()).isEmpty();
  }
}
