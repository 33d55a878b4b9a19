package dev.pactwatch.web;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.json.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feeds over real HTTP, on a folder of its own, without a poller. */
@QuarkusTest
@TestProfile(FeedApiTest.OwnFolder.class)
class FeedApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path CONFIG = Path.of("target", "feed-api-test").toAbsolutePath();
  private static final Path FILE = CONFIG.resolve("feeds.opml");

  private static final String LIST =
      """
      <opml version="2.0"><body>
        <!-- ours -->
        <outline text="A &lt;b&gt;" xmlUrl="https://a.example/feed" category="press"/>
      </body></opml>
      """;

  private static final String FEED =
      "<rss version='2.0'><channel><title>Found &lt;it&gt;</title><link>https://x.example/</link>"
          + "<item><title>One</title><guid>1</guid></item></channel></rss>";

  /** Nothing of the project's own list is touched. */
  public static class OwnFolder implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "pactwatch.config-dir", CONFIG.toString(), "pactwatch.http.allow-private", "127.0.0.1");
    }
  }

  @TestHTTPResource("/")
  URL root;

  private RawServer site;

  @BeforeEach
  void fill() throws IOException {
    Files.createDirectories(CONFIG);
    Files.deleteIfExists(CONFIG.resolve(FeedListFile.AUDIT));
    Files.writeString(FILE, LIST);
    site =
        new RawServer(
            (request, out) -> {
              switch (request.path()) {
                case "/feed", "/other" -> respond(out, "200 OK", "", FEED);
                case "/one" ->
                    respond(
                        out,
                        "200 OK",
                        "Content-Type: text/html\r\n",
                        "<link rel=alternate type='application/rss+xml' href='/feed'>");
                case "/two" ->
                    respond(
                        out,
                        "200 OK",
                        "Content-Type: text/html\r\n",
                        "<link rel=alternate type='application/rss+xml' href='/feed'>"
                            + "<link rel=alternate type='application/atom+xml' href='other'>");
                default -> respond(out, "404 Not Found", "", "");
              }
            });
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void listsFeedsWithHowTheyFareAndShowsOne() throws Exception {
    HttpResponse<String> list = send(request("/api/feeds"));
    String id = FeedEntry.id("https://a.example/feed");

    JsonNode body = Json.mapper().readTree(list.body());
    assertThat(list.headers().firstValue("ETag"))
        .hasValue('"' + body.path("version").asText() + '"');
    assertThat(body.path("total").asInt()).isEqualTo(1);
    assertThat(body.at("/feeds/0/id").asText()).isEqualTo(id);
    assertThat(body.at("/feeds/0/title").asText()).isEqualTo("A <b>");
    assertThat(body.at("/feeds/0/status/0").asText()).isEqualTo("new");
    JsonNode one = Json.mapper().readTree(send(request("/api/feeds/" + id)).body());
    assertThat(one).isEqualTo(body.at("/feeds/0"));
    assertThat(send(request("/api/feeds?status=broken")).body()).contains("\"total\":0");
    assertThat(send(request("/api/feeds/export")).body()).isEqualTo(LIST);
  }

  @Test
  void aFeedIsAddedByItsPageAndRemovedAgain() throws Exception {
    HttpResponse<String> added =
        post("{\"url\":\"" + site.url("/one") + "\",\"category\":\"court\",\"why\":\"so\"}", "*");

    String id = FeedEntry.id(site.url("/feed"));
    assertThat(added.statusCode()).isEqualTo(201);
    assertThat(added.headers().firstValue("Location")).hasValue(root + "api/feeds/" + id);
    assertThat(Json.mapper().readTree(added.body()).path("title").asText()).isEqualTo("Found <it>");
    assertThat(Files.readString(FILE))
        .contains(
            "text=\"Found &lt;it&gt;\"",
            "xmlUrl=\"" + site.url("/feed") + "\"",
            "category=\"court\"",
            "<!-- ours -->");

    String tag = added.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> late = delete(id, "\"0123456789abcdef\"");
    HttpResponse<String> removed = delete(id, tag);

    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(Json.mapper().readTree(late.body()).path("version").asText())
        .isEqualTo(tag.replace("\"", ""));
    assertThat(removed.statusCode()).isEqualTo(204);
    assertThat(Files.readString(FILE)).isEqualTo(LIST);
    assertThat(Files.readAllLines(CONFIG.resolve(FeedListFile.AUDIT)))
        .hasSize(2)
        .first()
        .asString()
        .contains("\"action\":\"added\"", "\"via\":\"api\"", "\"why\":\"so\"");
    assertThat(delete(id, "*").statusCode()).isEqualTo(404);
  }

  @Test
  void aPageWithTwoFeedsIsAnsweredWithTheChoices() throws Exception {
    HttpResponse<String> answer = post("{\"url\":\"" + site.url("/two") + "\"}", "*");

    assertThat(answer.statusCode()).isEqualTo(300);
    assertThat(Json.mapper().readTree(answer.body()).path("choices").findValuesAsText("url"))
        .containsExactly(site.url("/feed"), site.url("/other"));
    assertThat(Files.readString(FILE)).isEqualTo(LIST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"url\":\"http://A.example/feed/\"}|409|Watched already",
        "{\"url\":\"http://192.168.1.1/\"}|422|No feed found",
        "{\"title\":\"x\"}|400|Unusable feed",
        "{\"url\":\"https://b.example/\",\"colour\":1}|400|Unusable feed",
        "{\"url\":\"https://b.example/\",\"fullText\":\"maybe\"}|400|Unusable feed",
      })
  void whatCannotBeAddedIsAProblemWithAReason(String body, int status, String title)
      throws Exception {
    HttpResponse<String> answer = post(body, "*");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(Json.mapper().readTree(answer.body()).path("title").asText()).isEqualTo(title);
    assertThat(Files.readString(FILE)).isEqualTo(LIST);
  }

  @Test
  void whoDoesNotSayWhatItIsAChangeOfChangesNothing() throws Exception {
    String id = FeedEntry.id("https://a.example/feed");
    HttpResponse<String> added = post("{\"url\":\"" + site.url("/feed") + "\"}", null);
    HttpResponse<String> removed = send(request("/api/feeds/" + id).DELETE());

    assertThat(added.statusCode()).isEqualTo(428);
    assertThat(removed.statusCode()).isEqualTo(428);
    assertThat(delete(id, "W/\"weak\"").statusCode()).isEqualTo(412);
    assertThat(Files.readString(FILE)).isEqualTo(LIST);
  }

  @Test
  void aListThatCannotBeUsedIsNamedWithItsLine() throws Exception {
    Files.writeString(FILE, "<opml>\n<body><outline");

    HttpResponse<String> answer = send(request("/api/feeds"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("feeds.opml:2: is no well-formed XML");
  }

  @Test
  void metricsOfFeedsAreServedWithTheOthers() throws Exception {
    HttpResponse<String> metrics = send(request("/q/metrics"));

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains("# TYPE jvm_memory_used_bytes gauge")
        .contains("# TYPE pactwatch_feed_polls");
  }

  private HttpResponse<String> post(String body, String ifMatch)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/api/feeds")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return send(ifMatch == null ? request : request.header("If-Match", ifMatch));
  }

  private HttpResponse<String> delete(String id, String ifMatch)
      throws IOException, InterruptedException {
    return send(request("/api/feeds/" + id).header("If-Match", ifMatch).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path.substring(1)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
