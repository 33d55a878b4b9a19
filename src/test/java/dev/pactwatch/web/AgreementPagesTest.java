package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.alert.SampleAlerts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of the registry over real HTTP, on a folder of its own, without a broker. */
@QuarkusTest
@TestProfile(AgreementPagesTest.OwnFolder.class)
class AgreementPagesTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path CONFIG = Path.of("target", "agreement-pages-test").toAbsolutePath();
  private static final Path FILE = CONFIG.resolve("agreements/lab.yaml");

  private static final String FIRST =
      """
      # ours
      agreements:
        - id: lab-1
          title: The lab buys from <b>one</b> cloud
          chain: {id: lab, rev: '1'}
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus, scope: all of it}
          effective_from: '2024-01-01'
          effective_to: '2025-06'
          status: superseded   # we think
          checked_to: '2025-05-01'
          confidence: high
          sources:
            - {title: A page, publisher: Somebody, url: 'javascript:alert(1)'}
        - id: lab-2
          title: The lab may look around
          chain: {id: lab, rev: '2'}
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: preferred, topic: compute, grantor: lab, beneficiary: cumulus}
          effective_from: '2025-06'
          status: in-force
          confidence: medium
      """;

  /** Nothing of the project's own registry is touched. */
  public static class OwnFolder implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("pactwatch.config-dir", CONFIG.toString());
    }
  }

  @TestHTTPResource("/")
  URL root;

  @Inject AlertLog log;

  @BeforeEach
  void fill() {
    try {
      Files.createDirectories(FILE.getParent());
      try (var old = Files.list(FILE.getParent())) {
        for (Path file : old.toList()) {
          Files.delete(file);
        }
      }
      Files.writeString(FILE, FIRST);
      Files.writeString(
          CONFIG.resolve("topics.yaml"), Files.readString(Path.of("config/topics.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    log.store().reset("topic");
  }

  @Test
  void theListShowsTheTermsThatHoldOnADay() throws Exception {
    Document then = page("/agreements?on=2024-05-01");
    Document later = page("/agreements?on=2026-05-01");
    Document between = page("/agreements?on=2025-06-15");

    assertThat(then.select(".pact h2").eachText())
        .containsExactly("The lab buys from <b>one</b> cloud");
    assertThat(then.select(".pact .terms li").text())
        .contains("exclusive compute capacity: The Lab is bound to Cumulus")
        .contains("in force");
    assertThat(later.select(".pact h2").eachText()).containsExactly("The lab may look around");
    assertThat(between.select(".pact .standing").eachText())
        .containsExactly("possibly in force", "possibly in force");
    assertThat(then.select(".summary").text())
        .isEqualTo("1 term of 1 agreement in force on 1 May 2024.");
  }

  @Test
  void theListIsSearchedAndFiltered() throws Exception {
    assertThat(titles("/agreements?state=all")).isEqualTo(2);
    assertThat(titles("/agreements?state=all&q=LOOK+around")).isEqualTo(1);
    assertThat(titles("/agreements?state=all&q=c%C3%BAmulus")).isEqualTo(2);
    assertThat(titles("/agreements?state=all&q=nowhere")).isZero();
    assertThat(titles("/agreements?state=all&kind=exclusive")).isEqualTo(1);
    assertThat(titles("/agreements?state=all&topic=cloud")).isEqualTo(2);
    assertThat(titles("/agreements?state=all&topic=ai-chips")).isZero();
    assertThat(titles("/agreements?state=all&organisation=cumulus")).isEqualTo(2);
    assertThat(titles("/agreements?state=all&organisation=elsewhere")).isZero();
    assertThat(titles("/agreements?state=ended&on=2026-01-01")).isEqualTo(1);
    assertThat(get("/agreements?on=soon").statusCode()).isEqualTo(400);
  }

  @Test
  void onePageTellsDatesAsExactlyAsTheyAreKnownAndWhatARevisionChanged() throws Exception {
    Document page = page("/agreements/lab-2");

    assertThat(page.select(".known").text())
        .contains("The Lab grantor")
        .contains("From Jun 2025 (the day is not known)")
        .contains("To No end is known")
        .contains("Checked to Never");
    assertThat(page.select(".revisions > li").first().select(".changes").text())
        .contains("exclusive, compute capacity: The Lab is bound to Cumulus")
        .contains("preferred, compute capacity: The Lab is bound to Cumulus")
        .contains("high")
        .contains("medium");
    assertThat(page.select("figure.timeline svg title").eachText()).isNotEmpty();
    assertThat(get("/agreements/lab").headers().firstValue("location").orElseThrow())
        .endsWith("/agreements/lab-2");
  }

  @Test
  void whatTheRegistrySaysIsShownAsText() throws Exception {
    Document page = page("/agreements/lab-1");

    assertThat(page.select("h1").text()).isEqualTo("The lab buys from <b>one</b> cloud");
    assertThat(page.select("h1 b, b")).isEmpty();
    assertThat(page.select("a[href^=javascript]")).isEmpty();
    assertThat(page.select(".sources").text()).contains("A page").contains("Somebody");
    assertThat(page.select("[style], script:not([src]), [onclick]")).isEmpty();
  }

  @Test
  void alertsOfTheChainStandOnThePage() throws Exception {
    String chain = SampleAlerts.dispute().agreement().chain();
    Files.writeString(FILE, FIRST.replace("id: lab,", "id: " + chain + ","));
    log.add(0, 0, SampleAlerts.dispute());

    Document page = page("/agreements/lab-1");

    assertThat(page.select("section .lines a").eachAttr("href"))
        .containsExactly("/alerts/" + SampleAlerts.dispute().id());
    assertThat(page.select("section .lines").text()).contains("critical dispute");
  }

  @Test
  void aChangeIsLookedAtBeforeItIsKept() throws Exception {
    Document form = page("/agreements/lab-2/edit");
    String document = form.select("textarea").val().replace("look around", "look elsewhere");
    String version = form.select("input[name=version]").val();

    HttpResponse<String> tried =
        post(
            "/agreements/lab-2/edit",
            Map.of("document", document, "version", version, "act", "preview", "why", ""));
    String before = Files.readString(FILE);
    HttpResponse<String> saved =
        post(
            "/agreements/lab-2/edit",
            Map.of("document", document, "version", version, "act", "save", "why", "a slip"));

    assertThat(tried.statusCode()).isEqualTo(200);
    Document shown = Jsoup.parse(tried.body());
    assertThat(shown.select(".preview .changes").text())
        .contains("title")
        .contains("The lab may look around")
        .contains("The lab may look elsewhere");
    assertThat(shown.select(".preview [role=status]").text()).contains("no broker");
    assertThat(shown.select("textarea").val()).isEqualTo(document);
    assertThat(before).isEqualTo(FIRST);
    assertThat(saved.statusCode()).isEqualTo(303);
    assertThat(saved.headers().firstValue("location").orElseThrow()).endsWith("/agreements/lab-2");
    assertThat(Files.readString(FILE)).contains("# ours").contains("The lab may look elsewhere");
    assertThat(AuditTrail.read(FILE.resolveSibling(AuditTrail.FILE)).entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.by()).isEqualTo("local");
              assertThat(entry.via()).isEqualTo("page");
              assertThat(entry.why()).isEqualTo("a slip");
            });
    assertThat(page("/agreements/lab-2/audit").select(".revisions").text())
        .contains("revised lab-2")
        .contains("by local (page)")
        .contains("a slip");
  }

  @Test
  void whoeverWritesOnAnOldVersionIsRefusedAndLosesNothing() throws Exception {
    Document form = page("/agreements/lab-2/edit");
    String document = form.select("textarea").val().replace("look around", "look elsewhere");
    String version = form.select("input[name=version]").val();
    Files.writeString(FILE, FIRST.replace("confidence: medium", "confidence: low"));

    for (String act : new String[] {"preview", "save"}) {
      HttpResponse<String> refused =
          post(
              "/agreements/lab-2/edit",
              Map.of("document", document, "version", version, "act", act, "why", ""));

      assertThat(refused.statusCode()).isEqualTo(412);
      Document shown = Jsoup.parse(refused.body());
      assertThat(shown.select("[role=alert]").text()).contains("Somebody changed it");
      assertThat(shown.select("textarea").val()).isEqualTo(document);
      assertThat(shown.select("input[name=version]").val()).isEqualTo(version);
    }
    assertThat(Files.readString(FILE)).contains("confidence: low").contains("look around");
  }

  @Test
  void aDocumentThatCannotBeUsedIsShownAgainWithItsLineAndField() throws Exception {
    Document form = page("/agreements/lab-2/edit");
    String document = form.select("textarea").val().replace("kind: preferred", "kind: preffered");

    HttpResponse<String> refused =
        post(
            "/agreements/lab-2/edit",
            Map.of(
                "document",
                document,
                "version",
                form.select("input[name=version]").val(),
                "act",
                "save",
                "why",
                ""));

    assertThat(refused.statusCode()).isEqualTo(422);
    Document shown = Jsoup.parse(refused.body());
    assertThat(shown.select("[role=alert]").text())
        .contains("terms[0].kind")
        .contains("'preffered' is unknown");
    assertThat(shown.select(".wrong").text()).contains("kind: preffered");
    assertThat(Files.readString(FILE)).isEqualTo(FIRST);
  }

  @Test
  void anEndIsTriedAndThenRecorded() throws Exception {
    Document form = page("/agreements/lab-2/end");
    String version = form.select("input[name=version]").val();
    Map<String, String> end =
        Map.of(
            "on",
            "2026-02",
            "source",
            "https://lab.example/1",
            "version",
            version,
            "act",
            "preview");

    HttpResponse<String> tried = post("/agreements/lab-2/end", end);
    HttpResponse<String> wrong =
        post("/agreements/lab-2/end", Map.of("on", "soon", "source", "x", "version", version));
    String before = Files.readString(FILE);
    HttpResponse<String> saved =
        post(
            "/agreements/lab-2/end",
            Map.of(
                "on",
                "2026-02",
                "source",
                "https://lab.example/1",
                "version",
                version,
                "act",
                "save"));

    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    assertThat(Jsoup.parse(tried.body()).select(".preview .changes").text())
        .contains("effectiveTo")
        .contains("2026-02");
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(before).isEqualTo(FIRST);
    assertThat(saved.statusCode()).isEqualTo(303);
    assertThat(page("/agreements/lab-2").select(".known").text()).contains("To Feb 2026");
    assertThat(post("/agreements/lab-2/end", end).statusCode()).isEqualTo(412);
  }

  @Test
  void aPastedTextAddsAgreementsOrNothing() throws Exception {
    Document form = page("/agreements/import");
    String version = form.select("input[name=version]").val();
    String document = form.select("textarea").val();

    HttpResponse<String> tried =
        post("/agreements/import", Map.of("document", document, "version", version));
    HttpResponse<String> broken =
        post(
            "/agreements/import",
            Map.of("document", document + "  - id: x\n", "version", version, "act", "save"));
    boolean untouched = titles("/agreements?state=all") == 2;
    HttpResponse<String> saved =
        post("/agreements/import", Map.of("document", document, "version", version, "act", "save"));

    assertThat(Jsoup.parse(tried.body()).select(".preview h4").text())
        .isEqualTo("lab-cumulus-1 created");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(untouched).isTrue();
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
    assertThat(titles("/agreements?state=all")).isEqualTo(3);
  }

  @Test
  void aFileIsTakenInPlaceOfTheText() throws Exception {
    String version = page("/agreements/import").select("input[name=version]").val();
    String boundary = "xXx";
    String body =
        part(boundary, "version", version)
            + part(boundary, "document", "ignored: true")
            + "--xXx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../up.yaml\"\r\n"
            + "Content-Type: application/yaml\r\n\r\n"
            + FIRST.replace("lab-", "up-").replace("id: lab,", "id: up,")
            + "\r\n"
            + part(boundary, "act", "save")
            + "--xXx--\r\n";

    HttpResponse<String> saved =
        CLIENT.send(
            HttpRequest.newBuilder(at("/agreements/import"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
    assertThat(FILE.resolveSibling("up.yaml")).exists();
    assertThat(titles("/agreements?state=all")).isEqualTo(4);
  }

  private static String part(String boundary, String name, String value) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  private int titles(String path) throws Exception {
    return page(path).select(".pact").size();
  }

  private Document page(String path) throws Exception {
    return Jsoup.parse(get(path).body());
  }

  private URI at(String path) {
    return URI.create(root + path.substring(1));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(at(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    String body =
        form.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return CLIENT.send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
