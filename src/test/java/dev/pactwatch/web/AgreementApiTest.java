package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.json.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry over real HTTP, on a folder of its own. */
@QuarkusTest
@TestProfile(AgreementApiTest.OwnFolder.class)
class AgreementApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path CONFIG = folder();
  private static final Path FILE = CONFIG.resolve("agreements/lab.yaml");

  private static final String FIRST =
      """
      # ours
      agreements:
        - id: lab-1
          title: The lab buys from one cloud
          chain: {id: lab, rev: '1'}
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus}
          effective_from: '2024-01-01'
          status: in-force   # we think
          checked_to: '2025-01-01'
          confidence: high
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

  private static Path folder() {
    // Quarkus loads this class twice, once for the profile: both must name the same folder.
    return Path.of("target", "agreement-api-test").toAbsolutePath();
  }

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
  }

  @Test
  void listsShowsAndTellsOfADay() throws Exception {
    JsonNode list = json(get("/api/agreements"));
    HttpResponse<String> one = get("/api/agreements/lab-1");
    JsonNode day = json(get("/api/agreements/as-of?date=2024-05-01&grantor=lab&topic=compute"));

    assertThat(list.path("total").asInt()).isEqualTo(1);
    assertThat(json(get("/api/agreements?party=elsewhere")).path("total").asInt()).isZero();
    assertThat(Json.read(one.body(), Agreement.class))
        .isEqualTo(AgreementFiles.parse("t", FIRST).all().get(0));
    assertThat(etag(one)).matches("\"[0-9a-f]{16}\"");
    assertThat(day).hasSize(1);
    assertThat(day.path(0).path("agreement").asText()).isEqualTo("lab-1");
    assertThat(json(get("/api/agreements/as-of?date=2024-05-01&topic=training&covering=true")))
        .hasSize(1);
    assertThat(json(get("/api/agreements/as-of?date=2023-12-31"))).isEmpty();
    assertThat(json(get("/api/agreements/lab/history")).path("revisions")).hasSize(1);
    assertThat(get("/api/agreements/export").body())
        .isEqualTo(AgreementFiles.yaml(AgreementFiles.parse("t", FIRST).all()));
  }

  @Test
  void whoHasItAlreadyIsToldSo() throws Exception {
    String tag = etag(get("/api/agreements/lab-1"));

    HttpResponse<String> again =
        send(request("/api/agreements/lab-1").header("If-None-Match", tag));

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void aRevisionNeedsTheVersionThatItRevises() throws Exception {
    HttpResponse<String> read = get("/api/agreements/lab-1");
    String body = retitled(read.body(), "Two clouds");

    HttpResponse<String> without = put("lab-1", body);
    HttpResponse<String> stale = put("lab-1", body, "If-Match", "\"0123456789abcdef\"");
    HttpResponse<String> weak = put("lab-1", body, "If-Match", "W/" + etag(read));
    HttpResponse<String> right = put("lab-1", body, "If-Match", etag(read));
    HttpResponse<String> again = put("lab-1", body, "If-Match", etag(read));

    assertProblem(without, 428);
    assertProblem(stale, 412);
    assertThat(json(stale).path("version").asText()).isEqualTo(etag(read).replace("\"", ""));
    assertProblem(weak, 412);
    assertThat(right.statusCode()).as(right.body()).isEqualTo(200);
    assertThat(etag(right)).isNotEqualTo(etag(read)).isEqualTo(etag(get("/api/agreements/lab-1")));
    assertProblem(again, 412);
    assertThat(Files.readString(FILE))
        .isEqualTo(FIRST.replace("title: The lab buys from one cloud", "title: Two clouds"));
  }

  @Test
  void anotherRevisionOfTheChainIsCreatedOnceAndChangesTheVersionOfTheFirst() throws Exception {
    HttpResponse<String> read = get("/api/agreements/lab-1");
    String body = read.body().replace("\"id\":\"lab-1\"", "\"id\":\"lab-2\"");

    HttpResponse<String> created = put("lab-2", body, "If-None-Match", "*");
    HttpResponse<String> again = put("lab-2", body, "If-None-Match", "*");
    HttpResponse<String> nowhere = put("lab-3", body.replace("lab-2", "lab-3"), "If-Match", "*");

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("location").orElseThrow())
        .endsWith("/api/agreements/lab-2");
    assertProblem(again, 412);
    assertProblem(nowhere, 412);
    assertThat(etag(get("/api/agreements/lab-1")))
        .isEqualTo(etag(created))
        .isNotEqualTo(etag(read));
    assertThat(json(get("/api/agreements/lab-2/history")).path("revisions")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "exclusive|exklusive|terms[0].kind|'exklusive' is unknown",
        "\"grantor\":\"lab\"|\"grantor\":\"z\"|terms[0].grantor|'z' is none of the agreement's parties",
        "2024-01-01|soon|effectiveFrom|must be a date such as",
        "\"title\"|\"titel\"|titel|unknown field",
        "lab-1|lab-9|id|the body must be the one agreement 'lab-1'",
      })
  void aProblemNamesTheField(String right, String wrong, String field, String detail)
      throws Exception {
    HttpResponse<String> read = get("/api/agreements/lab-1");
    assertThat(read.body()).contains(right);

    HttpResponse<String> answer =
        put("lab-1", read.body().replace(right, wrong), "If-Match", etag(read));

    assertProblem(answer, 400);
    assertThat(json(answer).path("field").asText()).isEqualTo(field);
    assertThat(json(answer).path("detail").asText()).startsWith(detail);
    assertThat(Files.readString(FILE)).isEqualTo(FIRST);
  }

  @Test
  void anEndIsARevisionWithASource() throws Exception {
    String tag = etag(get("/api/agreements/lab-1"));
    String path = "/api/agreements/lab-1/end";
    String body =
        "{\"on\": \"2025-06-30\", \"source\": \"https://c.example/end\", \"why\": \"so\"}";

    HttpResponse<String> without = post(path, body);
    HttpResponse<String> bad = post(path, body.replace("https", "gopher"), "If-Match", tag);
    HttpResponse<String> ended = post(path, body, "If-Match", tag);
    HttpResponse<String> twice = post(path, body, "If-Match", etag(ended));

    assertProblem(without, 428);
    assertProblem(bad, 400);
    assertThat(json(bad).path("field").asText()).isEqualTo("source");
    assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
    assertThat(json(ended).path("effectiveTo").asText()).isEqualTo("2025-06-30");
    assertProblem(twice, 409);
    assertThat(Files.readString(FILE)).startsWith("# ours\n").contains("status: ended");
    assertThat(json(get("/api/agreements/as-of?date=2025-06-30"))).isEmpty();
    assertThat(json(get("/api/agreements/as-of?date=2025-06-29"))).hasSize(1);
  }

  @Test
  void theTrailTellsOfEveryChangeAlsoOfWhatWasErased() throws Exception {
    HttpResponse<String> read = get("/api/agreements/lab-1");
    HttpResponse<String> changed =
        send(
            request("/api/agreements/lab-1?why=a%20typo")
                .header("Content-Type", "application/json")
                .header("If-Match", etag(read))
                .PUT(BodyPublishers.ofString(retitled(read.body(), "Two clouds"))));
    HttpResponse<String> without = send(request("/api/agreements/lab-1").DELETE());
    HttpResponse<String> erased =
        send(request("/api/agreements/lab-1").header("If-Match", etag(changed)).DELETE());

    assertProblem(without, 428);
    assertThat(erased.statusCode()).isEqualTo(204);
    assertProblem(get("/api/agreements/lab-1"), 404);
    JsonNode entries = json(get("/api/agreements/lab-1/audit")).path("entries");
    assertThat(entries.findValuesAsText("action")).containsExactly("revised", "erased");
    assertThat(entries.path(0).path("by").asText()).isEqualTo("local");
    assertThat(entries.path(0).path("via").asText()).isEqualTo("api");
    assertThat(entries.path(0).path("why").asText()).isEqualTo("a typo");
    assertThat(entries.path(0).path("changes").path(0).path("field").asText()).isEqualTo("title");
    assertThat(json(get("/api/agreements/audit")).path("entries")).hasSize(2);
    assertThat(Files.readAllLines(FILE.resolveSibling(AuditTrail.FILE))).hasSize(2);
    assertProblem(get("/api/agreements/never-there/audit"), 404);
  }

  @Test
  void aFileIsImportedWholeOrNotAtAll() throws Exception {
    String tag = etag(get("/api/agreements"));
    String more = FIRST.replace("lab", "works").replace("# ours", "# theirs");
    String path = "/api/agreements/import?name=works.yaml";

    HttpResponse<String> without = yaml(path, more, null);
    HttpResponse<String> dry = yaml(path + "&dry-run=true", more, tag);
    HttpResponse<String> broken = yaml(path, more.replace("in-force", "fine"), tag);
    HttpResponse<String> done = yaml(path, more, tag);
    HttpResponse<String> stale = yaml(path, more, tag);

    assertProblem(without, 428);
    assertThat(json(dry).path("created").asInt()).isEqualTo(1);
    assertProblem(broken, 400);
    assertThat(json(broken).path("line").asInt()).isEqualTo(12);
    assertThat(json(broken).path("field").asText()).isEqualTo("agreements[0].status");
    assertThat(json(done).path("created").asInt()).isEqualTo(1);
    assertThat(Files.readString(FILE.resolveSibling("works.yaml"))).isEqualTo(more);
    assertProblem(stale, 412);
    assertThat(etag(done)).isEqualTo(etag(get("/api/agreements")));
  }

  @Test
  void aRequestThatAForeignPageCouldMakeIsRefused() throws Exception {
    HttpResponse<String> plain =
        send(
            request("/api/agreements/import")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(FIRST)));
    HttpResponse<String> asked =
        send(
            request("/api/agreements/lab-1")
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "PUT")
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(plain.statusCode()).isEqualTo(415);
    assertThat(asked.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(Files.readString(FILE)).isEqualTo(FIRST);
  }

  @Test
  void whatCannotBeUsedIsToldAsAProblem() throws Exception {
    assertProblem(get("/api/agreements/nope"), 404);
    assertProblem(get("/api/agreements/nope/history"), 404);
    HttpResponse<String> date = get("/api/agreements/as-of?date=soon");
    assertProblem(date, 400);
    assertThat(json(date).path("field").asText()).isEqualTo("date");
    assertProblem(put("export", "{}", "If-None-Match", "*"), 400);
    Files.writeString(FILE, "agreements:\n  - id: [");
    assertProblem(get("/api/agreements"), 503);
  }

  private static void assertProblem(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(response).path("status").asInt()).isEqualTo(status);
    assertThat(json(response).path("detail").asText()).isNotBlank();
  }

  private static String retitled(String agreement, String title) throws IOException {
    ObjectNode node = (ObjectNode) Json.mapper().readTree(agreement);
    return node.put("title", title).toString();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return Json.mapper().readTree(response.body());
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpResponse<String> put(String id, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/api/agreements/" + id)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpResponse<String> yaml(String path, String body, String tag)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/yaml")
            .POST(BodyPublishers.ofString(body));
    return send(tag == null ? request : request.header("If-Match", tag));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path.substring(1)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
