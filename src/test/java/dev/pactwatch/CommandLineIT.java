package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged commands: one clear line and status 2 for what cannot be used. */
class CommandLineIT {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "frobnicate            | Unmatched argument at index 0: 'frobnicate'",
        "run --roles cook      | Invalid value for option '--roles'",
        "agreements show nope  | no agreement 'nope'; see agreements list",
        "agreements as-of soon | 'soon' is no day such as 2026-03-18",
        "agreements put none.yaml | none.yaml: no such file",
        "agreements end nope --on 2026 --source https://x.example/ | no agreement 'nope'; see",
        "agreements end nope --on soon --source https://x.example/ | --on: must be a date such as",
        "agreements erase nope | no agreement 'nope'; see agreements list",
        "tag missing.jsonl     | missing.jsonl: no such file",
        "feed parse missing.xml| missing.xml: no such file",
        "feed check missing.xml| missing.xml: no such file",
        "feed import none.opml | none.opml: no such file",
        "feed remove nope      | no feed 'nope' is watched; see feed list",
        "feed health nope      | no feed 'nope' is watched; see feed list",
        "feed add ftp://x.example/ --unread | must start with http:// or https://",
        "replay missing        | missing: no such file or folder",
        "replay . --speed fast | --speed: 'fast' is neither max nor such as 60x",
      })
  void saysInOneLineWhatCannotBeUsed(String arguments, String reason) throws Exception {
    PackagedApp app = run(arguments.strip().split(" +"));

    assertThat(app.status()).isEqualTo(2);
    assertThat(app.err().lines())
        .singleElement()
        .asString()
        .startsWith("pactwatch: ")
        .contains(reason);
    assertThat(app.out()).isEmpty();
  }

  @Test
  void anAgreementIsPutRevisedAndEndedAndTheTrailTellsOfIt() throws Exception {
    Path registry = Files.createDirectories(folder.resolve("registry"));
    String record =
        "{id: lab-1, title: One cloud, parties: [{entity: lab, role: grantor}, {entity: c, role:"
            + " beneficiary}], terms: [{kind: sole, topic: compute, grantor: lab, beneficiary:"
            + " c}], status: in-force, confidence: high}";
    Path file = Files.writeString(folder.resolve("mine.yaml"), record);
    String where = registry.toString();

    PackagedApp put = agreements(where, 0, "put", file.toString(), "--json", "--why", "so");
    String version = json(put.out()).path("versionAfter").asText();
    Files.writeString(file, record.replace("One cloud", "One cloud alone"));
    PackagedApp late = agreements(where, 1, "put", file.toString(), "--if-version", "0123");
    PackagedApp revised = agreements(where, 0, "put", file.toString(), "--if-version", version);
    PackagedApp ended =
        agreements(
            where, 0, "end", "lab-1", "--on", "2025-11", "--source", "https://c.example/end");
    PackagedApp trail = agreements(where, 0, "history", "lab-1", "--audit", "--json");

    assertThat(late.err()).startsWith("pactwatch: chain 'lab-1' is at version " + version);
    assertThat(revised.out()).startsWith("revised lab-1 in registered.yaml; chain lab-1 is at");
    assertThat(ended.out()).startsWith("ended lab-1 in registered.yaml");
    assertThat(trail.out().lines().map(line -> json(line).path("action").asText()))
        .containsExactly("created", "revised", "ended");
    assertThat(json(trail.out().lines().findFirst().orElseThrow()).path("why").asText())
        .isEqualTo("so");
  }

  @Test
  void feedsAreImportedShownExportedAndRemoved() throws Exception {
    String config = Files.createDirectories(folder.resolve("own")).toString();
    Path opml =
        Files.writeString(
            folder.resolve("mine.opml"),
            "<opml version='2.0'><body>\n<outline text='Press'><!-- why -->\n<outline text='A'"
                + " xmlUrl='https://a.example/feed' x='1'/></outline>\n"
                + "<outline text='B \u001b[31m' xmlUrl='https://b.example/feed'/></body></opml>"
                    .replace("\u001b", "\u202e"));

    PackagedApp imported = ended("feed", "import", opml.toString(), "--config", config);
    PackagedApp again = ended("feed", "import", opml.toString(), "--config", config);
    PackagedApp health = ended("feed", "health", "--config", config);
    PackagedApp twice = ended("feed", "add", "http://www.a.example/feed/", "--config", config);
    PackagedApp removed = ended("feed", "remove", "https://b.example/feed", "--config", config);
    PackagedApp exported = ended("feed", "export", "--config", config);

    assertThat(imported.out().lines()).last().isEqualTo("2 added, 0 watched already");
    assertThat(again.out()).startsWith("0 added, 2 watched already");
    assertThat(health.out().lines()).hasSize(3).first().asString().startsWith("ID ");
    assertThat(health.out()).contains("B ?[31m").doesNotContain("\u202e");
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.err()).contains("https://a.example/feed: is watched already, as ");
    assertThat(removed.out()).startsWith("removed https://b.example/feed (B ?[31m) from ");
    assertThat(exported.out())
        .contains("<!-- why -->", "xmlUrl='https://a.example/feed' x='1'/>")
        .doesNotContain("b.example");
  }

  @Test
  void aTakenPortStopsTheStartBeforeAnythingElse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      PackagedApp app =
          run("run", "--port", String.valueOf(taken.getLocalPort()), "--kafka-port", "0");

      assertThat(app.status()).isEqualTo(2);
      assertThat(app.err())
          .isEqualToIgnoringNewLines(
              "pactwatch: port "
                  + taken.getLocalPort()
                  + " on 127.0.0.1 is taken; choose another with --port");
    }
  }

  @Test
  void aTakenKafkaPortStopsTheStartAndTheProcess() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      PackagedApp app =
          run("run", "--port", "0", "--kafka-port", String.valueOf(taken.getLocalPort()));

      assertThat(app.status()).isEqualTo(2);
      assertThat(app.err()).contains("--kafka-port").hasLineCount(1);
    }
  }

  @Test
  void aBrokenRegistryIsNamedByFileLineAndField() throws Exception {
    Path broken = folder.resolve("broken.yaml");
    Files.writeString(broken, "agreements:\n  - id: one\n    terms:\n      - kind: exklusive\n");

    PackagedApp app = run("agreements", "list", "--agreements", broken.toString());

    assertThat(app.status()).isEqualTo(2);
    assertThat(app.err()).contains("broken.yaml:").hasLineCount(1);
  }

  @Test
  void feedsThatAreNoneAreMarkedAndTheRestIsRead() throws Exception {
    Path html =
        Files.writeString(
            folder.resolve("page.html"), "<!doctype html><html><body>Hi</body></html>");
    Path deep =
        Files.writeString(folder.resolve("deep.xml"), "<rss>" + "<a>".repeat(100_000) + "</rss>");
    Path cut =
        Files.writeString(
            folder.resolve("cut.xml"),
            "<rss version=\"2.0\"><channel><title>T</title><item><title>First</title></item>"
                + "<item><title>Sec");
    Path good =
        Files.writeString(
            folder.resolve("good.xml"),
            "<rss version=\"2.0\"><channel><title>T</title><item><title>A</title></item></channel></rss>");
    Path huge = folder.resolve("huge.xml");
    try (OutputStream out = Files.newOutputStream(huge)) {
      out.write(
          "<rss version=\"2.0\"><channel><title>T</title><description>"
              .getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 20];
      java.util.Arrays.fill(block, (byte) 'x');
      for (int i = 0; i < 100; i++) {
        out.write(block);
      }
    }

    PackagedApp app =
        run(
            "feed",
            "parse",
            "--json",
            html.toString(),
            deep.toString(),
            cut.toString(),
            good.toString(),
            huge.toString());

    assertThat(app.status()).isEqualTo(2);
    List<JsonNode> lines = app.out().lines().map(CommandLineIT::json).toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0).get("error").asText()).isEqualTo("an HTML page, not a feed");
    assertThat(lines.get(1).get("error").asText()).contains("nested deeper than");
    assertThat(lines.get(2).get("items")).hasSize(1);
    assertThat(lines.get(3).get("items")).hasSize(1);
    assertThat(lines.get(4).get("error").asText()).isEqualTo("larger than 10 MiB");
  }

  @Test
  void theFoundingStoryIsADisputeAndAConflictWithTheirEvidence() throws Exception {
    List<JsonNode> alerts = replayFoundingStory(0);

    JsonNode dispute = only(alerts, "dispute");
    assertThat(dispute.at("/event/status").asText()).isEqualTo("threatened");
    assertThat(dispute.at("/agreement/term/beneficiary").asText()).isEqualTo("microsoft");
    assertThat(dispute.at("/agreement/term/grantor").asText()).isEqualTo("openai");
    JsonNode conflict = only(alerts, "conflict");
    assertThat(conflict.at("/event/counterparties/0").asText()).isEqualTo("amazon-aws");
    for (JsonNode alert : List.of(dispute, conflict)) {
      assertThat(alert.at("/agreement/chain").asText()).isEqualTo("microsoft-openai");
      assertThat(alert.at("/agreement/source/url").asText()).startsWith("https://");
      assertThat(alert.get("evidence")).isNotEmpty();
      assertThat(alert.get("articles")).isNotEmpty();
    }
  }

  @Test
  void theSameStoryAfterTheEndOfTheExclusivityIsNoConflict() throws Exception {
    assertThat(replayFoundingStory(70))
        .noneMatch(alert -> alert.get("relation").asText().equals("conflict"));
  }

  private static JsonNode only(List<JsonNode> alerts, String relation) {
    List<String> ids =
        alerts.stream()
            .filter(alert -> alert.get("relation").asText().equals(relation))
            .map(alert -> alert.get("id").asText())
            .distinct()
            .toList();
    assertThat(ids).as(relation).hasSize(1);
    return alerts.stream()
        .filter(alert -> alert.get("id").asText().equals(ids.get(0)))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** The two articles that retell the story, as a feed would bring them, some days later. */
  private List<JsonNode> replayFoundingStory(int daysLater) throws Exception {
    StringBuilder feed =
        new StringBuilder("<rss version=\"2.0\"><channel><title>Retold</title>")
            .append("<link>https://retold.example/</link><description>d</description>");
    for (String line : Files.readAllLines(Path.of("src/test/resources/eval/articles.jsonl"))) {
      JsonNode item = json(line);
      String id = item.get("id").asText();
      if (id.equals("b001") || id.equals("b002")) {
        feed.append("<item><guid isPermaLink=\"false\">")
            .append(id)
            .append("</guid><title>")
            .append(escaped(item.get("title").asText()))
            .append("</title><link>https://retold.example/")
            .append(id)
            .append("</link><pubDate>")
            .append(
                java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    java.time.LocalDate.parse(item.get("date").asText())
                        .plusDays(daysLater)
                        .atStartOfDay(java.time.ZoneOffset.UTC)))
            .append("</pubDate><description>")
            .append(escaped(item.get("body").asText()))
            .append("</description></item>");
      }
    }
    Path file = folder.resolve("story.xml");
    Files.writeString(file, feed.append("</channel></rss>"));
    PackagedApp app =
        run(
            "replay",
            file.toString(),
            "--alerts",
            "-",
            "--data",
            folder.resolve("data").toString());
    assertThat(app.status()).as(app.err()).isZero();
    return app.out().lines().map(CommandLineIT::json).toList();
  }

  /** One command after the other: each has ended, with this status, when it is returned. */
  private PackagedApp agreements(String registry, int status, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("agreements"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--agreements", registry));
    PackagedApp app = run(all.toArray(String[]::new));
    assertThat(app.status()).as(app.err()).isEqualTo(status);
    return app;
  }

  /** Each of these reads what the one before has written. */
  private PackagedApp ended(String... arguments) throws Exception {
    PackagedApp app = run(arguments);
    app.status();
    return app;
  }

  private PackagedApp run(String... arguments) throws IOException {
    return PackagedApp.start(
        folder,
        folder.resolve("data"),
        List.of("-Dpactwatch.data-dir=" + folder.resolve("data")),
        arguments);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static JsonNode json(String line) {
    try {
      return Json.mapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
