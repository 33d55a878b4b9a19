package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page that explains a text, with the project's own lexicon. */
@QuarkusTest
class LexiconPagesTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TestHTTPResource("/")
  URL root;

  @Test
  void everySpanThatProvesAFieldIsMarkedAndNamed() throws Exception {
    Document page = Jsoup.parse(explain("Acme sues Globex over patents for $2 billion", "").body());

    Element event = page.selectFirst("article.event");
    assertThat(event.selectFirst("h3").text()).startsWith("Litigation, filed");
    assertThat(event.select("mark[data-field=parties]").eachText())
        .containsExactly("Acme party", "Globex party");
    assertThat(event.select("mark[data-field=type]").text()).contains("sues");
    assertThat(page.select(".legend li").eachText()).contains("type", "parties");
    assertThat(event.select("tbody tr").eachText())
        .anySatisfy(row -> assertThat(row).contains("plaintiff").contains("Acme"));
    assertThat(page.select(".did code").eachText()).contains("sue");
    assertThat(page.select(".did").text()).contains("kept");
  }

  @Test
  void aTextWithoutEventsSaysWhyNot() throws Exception {
    Document page = Jsoup.parse(explain("Acme pursues Globex clients", "").body());

    assertThat(page.select("article.event")).isEmpty();
    assertThat(page.text()).contains("No event is found");
    assertThat(page.select("details[open] .did li")).isNotEmpty();
  }

  @Test
  void aPastedTextIsShownAsText() throws Exception {
    String hostile = "Acme sues Globex <script>alert(1)</script> \u202Eover patents";

    Document page = Jsoup.parse(explain(hostile, "<img src=x onerror=alert(1)>").body());

    assertThat(page.select("main script, img")).isEmpty();
    assertThat(page.selectFirst(".passage").text())
        .contains("<script>alert(1)</script>")
        .contains("\uFFFDover")
        .doesNotContain("\u202E");
    assertThat(page.select("input[name=headline]").val()).contains("<script>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2"})
  void everyExampleThatPromisesAnEventHasOne(String number) throws Exception {
    Document page = Jsoup.parse(get("/lexicon?example=" + number).body());

    assertThat(page.select("article.event")).isNotEmpty();
    assertThat(page.select("textarea").val()).isNotBlank();
  }

  @Test
  void whatIsTooLongOrEmptyIsRefused() throws Exception {
    assertThat(explain("", " ").statusCode()).isEqualTo(422);
    assertThat(explain("x", "word ".repeat(4_001)).statusCode()).isEqualTo(422);
    assertThat(explain("x", "word ".repeat(3_999)).statusCode()).isEqualTo(200);
    assertThat(get("/lexicon").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(root + path.substring(1))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> explain(String headline, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(root + "lexicon"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "headline="
                        + URLEncoder.encode(headline, StandardCharsets.UTF_8)
                        + "&body="
                        + URLEncoder.encode(body, StandardCharsets.UTF_8)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
