package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PageTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final AtomicLong OFFSETS = new AtomicLong();

  @Inject AlertLog log;

  @TestHTTPResource("/")
  URL root;

  @BeforeEach
  void empty() {
    log.store().reset("topic");
  }

  @Test
  void showsWhatAnAlertSaysWithoutScript() throws Exception {
    add(SampleAlerts.dispute());

    Document page = page("/");

    Element card = page.selectFirst("#alerts article.card");
    assertThat(card.attr("data-severity")).isEqualTo("critical");
    assertThat(card.selectFirst("h2").text()).isEqualTo(SampleAlerts.dispute().title());
    assertThat(card.selectFirst(".why").text()).startsWith("Borealis Cloud, the beneficiary");
    assertThat(card.select("mark").eachText())
        .containsExactly("Borealis Cloud", "weighing legal action", "$6.5 billion");
    assertThat(card.selectFirst("blockquote").ownText()).contains("is against Lumen Labs");
    assertThat(card.select(".parties li").eachText())
        .containsExactly("Borealis Cloud plaintiff", "Lumen Labs defendant", "Tidewater defendant");
    assertThat(card.text())
        .contains("litigation, threatened")
        .contains("USD 6.5 billion")
        .contains("exclusive, compute")
        .contains("checked to 2026-02-28")
        .contains("2 independent publishers")
        .contains("18 Mar 2026, 10:00 UTC");
    assertThat(card.select(".articles a").eachAttr("href"))
        .containsExactly("https://news.example/2", "https://news.example/1");
    assertThat(card.select("a[href^=http]"))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(link.attr("rel")).isEqualTo("noopener noreferrer nofollow"));
    assertThat(card.selectFirst("h2 a").attr("href")).isEqualTo("/alerts/a1b2c3");
    assertThat(card.select(".parties a").eachAttr("href"))
        .containsExactly(
            "/organisations/borealis", "/organisations/lumen", "/organisations/tidewater");
    assertThat(card.select(".path li").eachText())
        .containsExactly("threatened", "filed", "ruled", "settled");
    assertThat(card.selectFirst(".path li[aria-current]").text()).isEqualTo("threatened");
  }

  @Test
  void putsTheNewestEventFirst() throws Exception {
    add(SampleAlerts.dispute());
    add(SampleAlerts.conflict());
    add(SampleAlerts.as(SampleAlerts.conflict(), "z9", 1, SampleAlerts.SEEN.plusSeconds(90_000)));

    assertThat(page("/").select("#alerts article.card").eachAttr("data-id"))
        .containsExactly("z9", "a1b2c3", "d4e5f6");
  }

  @Test
  void filtersByRelationSeverityAndOrganisation() throws Exception {
    add(SampleAlerts.dispute());
    add(SampleAlerts.conflict());

    assertThat(page("/?relation=conflict").select("#alerts article.card").eachAttr("data-id"))
        .containsExactly("d4e5f6");
    assertThat(page("/?severity=critical").select("#alerts article.card").eachAttr("data-id"))
        .containsExactly("a1b2c3");
    assertThat(page("/?organisation=borealis").select("#alerts article.card")).hasSize(2);
    assertThat(page("/?organisation=nobody").select("#notice").text())
        .isEqualTo("No alert passes this filter 2 alerts do without it.");
    assertThat(page("/?relation=conflict").select(".facets a[aria-current]").text())
        .isEqualTo("Conflict 1");
    assertThat(page("/?relation=conflict").select("form input[type=hidden]").eachAttr("value"))
        .containsExactly("conflict");
    assertThat(page("/?agreement=borealis-lumen&status=agreed&q=atlas").select("#alerts .card"))
        .hasSize(1);
    assertThat(page("/?period=1d").select("#alerts article.card")).isEmpty();
  }

  @Test
  void saysWhyThereIsNothingToShow() throws Exception {
    assertThat(page("/").select("#notice h2").text()).isEqualTo("Not connected");
  }

  @Test
  void namesAParameterThatCannotBeUsed() throws Exception {
    HttpResponse<String> page = get("/?severity=<script>");

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(page.body()).text())
        .contains("severity must be one of low, medium, high, critical");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "\" autofocus onfocus=\"alert(1)",
        "javascript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "java\tscript:alert(1)",
        " data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "//evil.example/x",
        "https://user:secret@evil.example/",
        "file:///etc/passwd",
        "</title></style></template><script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a href=javascript:alert(1)>x</a>",
        "{alert(1)}{#include evil /}{page.assets}",
        "-->]]><script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "\u202Egnp.exe\u0000\u001b[31m"
      })
  void showsHostileTextAsText(String text) throws Exception {
    add(SampleAlerts.hostile("h1", text));

    HttpResponse<String> response = get("/");
    Document page = Jsoup.parse(response.body());

    assertThat(page.select("script").eachAttr("src"))
        .hasSize(1)
        .allMatch(s -> s.startsWith("/assets/"));
    assertThat(page.select("style, img, iframe, object, embed, base, math, [style], [srcdoc]"))
        .isEmpty();
    for (Element element : page.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        assertThat(attribute.getKey()).as(element.tagName()).doesNotStartWith("on");
      }
    }
    assertThat(page.select("main a, main form").eachAttr("href"))
        .allMatch(
            href -> href.startsWith("https://") || href.startsWith("/") || href.equals("#facets"));
    assertThat(page.select("main a").eachAttr("href")).noneMatch(href -> href.contains("@"));
    assertThat(page.select("#alerts article.card")).hasSize(1);
    // What a browser would show is what the feed said, markup and all.
    assertThat(page.selectFirst("#alerts article.card h2").wholeText().strip())
        .isEqualTo(text.replaceAll("[\u0000\u001b\u202E]", "\uFFFD").strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "</title></style><svg/onload=alert(1)>",
        "{alert(1)}{#include evil /}{page.frame}",
        "\u202Egnp.exe\u0000\u001b[31m"
      })
  void showsHostileTextAsTextOnThePageOfAnAlert(String text) throws Exception {
    add(SampleAlerts.hostile("h1", text));

    Document page = page("/alerts/h1");

    assertThat(page.select("script, style, img, iframe, object, base, [style]")).isEmpty();
    for (Element element : page.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        assertThat(attribute.getKey()).as(element.tagName()).doesNotStartWith("on");
      }
    }
    assertThat(page.select("main a, main form").eachAttr("href"))
        .allMatch(
            href -> href.startsWith("https://") || href.startsWith("/") || href.startsWith("#"));
    assertThat(page.selectFirst("h1").wholeText().strip())
        .isEqualTo(text.replaceAll("[\u0000\u001b\u202E]", "\uFFFD").strip());
    assertThat(page.selectFirst("blockquote mark").wholeText())
        .isEqualTo(text.replaceAll("[\u0000\u001b\u202E]", "\uFFFD"));
  }

  @Test
  void thePageOfAnAlertTellsItFromItsWordsToItsRevisions() throws Exception {
    add(SampleAlerts.as(SampleAlerts.conflict(), "d4e5f6", 1, SampleAlerts.SEEN.minusSeconds(9)));
    add(SampleAlerts.conflict());

    Document page = page("/alerts/d4e5f6");

    assertThat(page.selectFirst("h1").text()).isEqualTo(SampleAlerts.conflict().title());
    assertThat(page.select("blockquote mark").eachText()).containsExactly("sole");
    assertThat(page.select(".clause").text())
        .containsIgnoringCase("lumen is bound to borealis")
        .contains("Exclusive term: keeps others out while it is in force")
        .contains("training and serving")
        .contains("The registry no longer has this revision")
        .contains("28 Feb 2026");
    assertThat(page.select(".revisions > li").eachAttr("value")).containsExactly("2", "1");
    assertThat(page.select(".bonds .legend li").eachText())
        .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
        .containsExactly(
            "lumen is bound to borealis: exclusive term, compute",
            "Tidewater supplies lumen: agreed, Atlas agents");
    assertThat(get("/alerts/nobody").statusCode()).isEqualTo(404);
  }

  @Test
  void pagesOfOrganisationsKnowThoseOfAlerts() throws Exception {
    add(SampleAlerts.dispute());

    assertThat(page("/organisations").select("tbody th a").eachAttr("href"))
        .contains("/organisations/tidewater");
    Document page = page("/organisations/tidewater");
    assertThat(page.select("section[aria-labelledby=alerts-of] a").eachAttr("href"))
        .containsExactly("/alerts/a1b2c3");
    assertThat(get("/organisations/no-one").statusCode()).isEqualTo(404);
  }

  @Test
  void theSystemPageAnswersWithoutABroker() throws Exception {
    assertThat(page("/system").select(".problem").text())
        .isEqualTo("This process has no broker to look at.");
  }

  @Test
  void tenThousandAlertsAreShownCountedAndSearchedAtOnce() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      add(
          SampleAlerts.as(
              i % 3 == 0 ? SampleAlerts.conflict() : SampleAlerts.dispute(),
              "many-" + i,
              1,
              SampleAlerts.SEEN.plusSeconds(i)));
    }
    for (String path : List.of("/", "/?relation=conflict", "/?q=tidewater+legal")) {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 8; i++) {
        long before = System.nanoTime();
        assertThat(get(path).statusCode()).isEqualTo(200);
        best = Math.min(best, System.nanoTime() - before);
      }
      System.out.printf("10,000 alerts, %s: %d ms%n", path, best / 1_000_000);
    }
    Document page = page("/");

    assertThat(page.select("#total").text()).isEqualTo("10000");
    assertThat(page.select("#alerts article.card")).hasSize(50);
    assertThat(page.selectFirst(".older a").attr("href")).isEqualTo("/?limit=100");
    assertThat(page.select(".facets a").eachText()).contains("Conflict 3334", "Dispute 6666");
  }

  @Test
  void handsTheScriptTheSameWordsAndLinks() throws Exception {
    add(SampleAlerts.hostile("h1", "javascript:alert(1)"));
    add(SampleAlerts.dispute());

    HttpResponse<String> cards = get("/page/alerts?id=h1&id=a1b2c3&id=unknown");

    assertThat(cards.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    List<?> read = Json.mapper().readValue(cards.body(), List.class);
    assertThat(read).hasSize(2);
    assertThat(cards.body())
        .doesNotContain("\"link\":\"javascript")
        .doesNotContain("\"sourceLink\":\"javascript")
        .contains("\"link\":\"https://news.example/1\"");
    assertThat(get("/page/alerts?id=h1&id=a1b2c3&relation=dispute").body())
        .contains("a1b2c3")
        .doesNotContain("\"h1\"");
  }

  /** The page in many colours, to be looked at: {@code target/page/index.html}. */
  @Test
  void leavesAPageToLookAt() throws Exception {
    add(SampleAlerts.dispute());
    add(SampleAlerts.conflict());
    add(
        SampleAlerts.hostile(
            "h1", "<b onclick='alert(1)'>Bold</b> & \u05e9\u05dc\u05d5\u05dd words"));
    add(
        SampleAlerts.historical(
            SampleAlerts.as(SampleAlerts.conflict(), "z9", 1, SampleAlerts.SEEN)));

    Path folder = Path.of("target", "page");
    Files.createDirectories(folder.resolve("assets"));
    Files.writeString(folder.resolve("index.html"), get("/").body());
    Files.writeString(folder.resolve("empty.html"), get("/?organisation=nobody").body());
    for (String asset : List.of("console.css", "console.js", "icon.svg")) {
      HttpResponse<String> response = get("/assets/" + asset);
      assertThat(response.statusCode()).as(asset).isEqualTo(200);
      Files.writeString(folder.resolve("assets").resolve(asset), response.body());
    }
  }

  @Test
  void isFencedInByHeaders() throws Exception {
    for (String path : List.of("/", "/api/alerts", "/assets/console.js", "/nowhere")) {
      HttpResponse<String> response = get(path);
      String policy = response.headers().firstValue("content-security-policy").orElseThrow();
      assertThat(policy)
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .contains("require-trusted-types-for 'script'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
      assertThat(response.headers().firstValue("referrer-policy")).contains("same-origin");
    }
  }

  @Test
  void packagesTheAssetsThatThePageNames() throws Exception {
    Document page = page("/");

    assertThat(get(page.selectFirst("link[rel=stylesheet]").attr("href")).statusCode())
        .isEqualTo(200);
    assertThat(get(page.selectFirst("link[rel=icon]").attr("href")).statusCode()).isEqualTo(200);
    HttpResponse<String> script = get(page.selectFirst("script").attr("src"));
    assertThat(script.statusCode()).isEqualTo(200);
    assertThat(script.body())
        .doesNotContain("innerHTML")
        .doesNotContain("insertAdjacentHTML")
        .doesNotContain("document.write")
        .doesNotContain("eval(");
  }

  @Test
  void givesTheScriptACardWithEveryPlaceThatTheServersCardHas() throws Exception {
    add(SampleAlerts.dispute());

    Document page = page("/");

    List<String> served =
        page.select("#alerts article.card").first().select("[data-f]").eachAttr("data-f");
    List<String> blank =
        Jsoup.parseBodyFragment(page.selectFirst("template").html())
            .select("[data-f]")
            .eachAttr("data-f");
    assertThat(blank).containsExactlyElementsOf(served);
  }

  private void add(Alert alert) {
    log.add(0, OFFSETS.getAndIncrement(), alert);
  }

  private Document page(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    return Jsoup.parse(response.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create(root + path.substring(1).replace("<", "%3C").replace(">", "%3E"));
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
