package dev.pactwatch.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.pactwatch.PackagedApp;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page of the packaged application in a real browser, as {@code run --demo} shows it. Leaves
 * pictures in {@code target/screenshots}.
 */
class PageIT {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final double PATIENCE = 90_000;

  @TempDir static Path folder;

  private static PackagedApp app;
  private static Playwright playwright;
  private static Browser browser;

  /** What a page must not do, collected over all contexts of a test. */
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> chromium = chromium();
    if (chromium.isEmpty() && System.getenv("CI") == null) {
      Assumptions.abort("no Chromium on this machine: set CHROMIUM to its path");
    }
    Path data = Files.createDirectory(folder.resolve("data"));
    app =
        PackagedApp.start(
                folder,
                data.resolve("demo"),
                List.of(),
                "run",
                "--demo",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--data",
                data.toString())
            .awaitReady();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(
                        chromium.orElseThrow(
                            () -> new AssertionError("CI must have a Chromium to show the page")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    // Everything that the history leads to is there before anybody counts.
    try (BrowserContext context = browser.newContext()) {
      Page page = context.newPage();
      page.navigate(address("/"));
      assertThat(dispute(page)).isVisible(patiently());
      assertThat(page.locator("#alerts .relation").filter(text("ending")).first())
          .isVisible(patiently());
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (playwright != null) {
      playwright.close();
    }
    if (app != null) {
      app.close();
    }
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(complaints).isEmpty();
  }

  @Test
  void anAlertAppearsWithoutReloading() throws Exception {
    try (BrowserContext context = context(new Browser.NewContextOptions())) {
      Page page = open(context, "/");
      assertThat(page.locator("#live")).hasAttribute("data-state", "live");
      page.evaluate("window.sameDocument = true");
      Locator card = page.locator("article.card[data-id='appears-live']");
      assertThat(card).hasCount(0);

      publish(
          SampleAlerts.as(
              SampleAlerts.dispute(), "appears-live", 1, Instant.parse("2026-05-02T08:00:00Z")));

      assertThat(card).isVisible(patiently());
      assertThat(card.locator("h2")).containsText("Borealis Cloud threatens to sue Lumen Labs");
      assertThat(card.locator("blockquote mark").first()).isVisible();
      assertThat(page.locator("#alerts > article").first()).hasAttribute("data-id", "appears-live");
      assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    }
  }

  @Test
  void theFoundingDisputeIsShownWithItsWordsAndItsSource() {
    try (BrowserContext context = context(new Browser.NewContextOptions())) {
      showsTheFoundingDispute(open(context, "/"));
    }
  }

  @Test
  void withoutScriptThePageIsComplete() {
    try (BrowserContext scripted = context(new Browser.NewContextOptions());
        BrowserContext plain =
            context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      List<String> titles = open(scripted, "/").locator("#alerts h2").allTextContents();
      Page page = open(plain, "/");

      assertThat(titles).hasSizeGreaterThan(10);
      assertThat(page.locator("#alerts h2").allTextContents()).containsAll(titles);
      showsTheFoundingDispute(page);
      filters(page);
    }
  }

  @Test
  void filtersByRelationSeverityAndOrganisation() {
    try (BrowserContext context = context(new Browser.NewContextOptions())) {
      filters(open(context, "/"));
    }
  }

  @ParameterizedTest
  @CsvSource({"1200, LIGHT", "1200, DARK", "360, LIGHT", "360, DARK"})
  void fitsTheScreen(int width, ColorScheme scheme) {
    try (BrowserContext context =
        context(
            new Browser.NewContextOptions().setViewportSize(width, 1600).setColorScheme(scheme))) {
      Page page = open(context, "/");

      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(
                  SCREENSHOTS.resolve(
                      "alerts-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));

      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
      assertThat(page.locator(".card").first()).isVisible();
    }
  }

  @Test
  void aSubscriptionIsTriedKeptTestedAndTakenOutWithoutScript() {
    try (BrowserContext context =
        context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      Page page = open(context, "/");
      page.locator("nav.rooms a").filter(text("Subscriptions")).click();
      page.locator("textarea")
          .fill(
              "{\"id\": \"browser\", \"channel\": \"feed\", \"historical\": true, \"key\":"
                  + " {\"value\": \"0123456789abcdef0123456789abcdef\"}}");
      page.locator("button[value='try']").click();
      assertThat(page.locator("#trial")).hasText("In the last 90 days");

      page.locator("button[value='save']").click();
      assertThat(page.locator("h1")).hasText("browser");
      assertThat(page.locator("textarea"))
          .hasValue(Pattern.compile(".*\\(hidden\\).*", Pattern.DOTALL));
      page.locator("button[value='test']").click();
      assertThat(page.locator("[role=status]")).hasText("The test is delivered.");
      page.navigate(address("/deliveries?subscription=browser"));
      page.locator(".sheet a").filter(text("browser-t-")).first().click();
      assertThat(page.locator(".state").first()).hasText("delivered");

      page.navigate(address("/subscriptions/browser"));
      page.locator("button[value='pause']").click();
      assertThat(page.locator(".state").first()).hasText("paused");
      page.locator("button[value='remove']").click();
      assertThat(page.locator(".sheet tbody")).not().containsText("browser");

      page.locator("textarea").fill("{\"id\": \"browser\", \"channel\": \"pigeon\"}");
      page.locator("button[value='save']").click();
      assertThat(page.locator("[role=alert]")).containsText("channel");
      // The browser tells of the answer's status, as of every one from 400 on.
      complaints.removeIf(complaint -> complaint.contains("422"));
    }
  }

  @Test
  void aSilenceShowsWhatItMeetsAndIsEnded() {
    try (BrowserContext context = context(new Browser.NewContextOptions())) {
      Page page = open(context, "/silences");
      page.locator("input[name='matchers']").fill("relation=dispute");
      page.locator("input[name='comment']").fill("<script>alert(1)</script> known");
      page.locator("button[value='try']").click();
      assertThat(page.locator("main ul li").filter(text("Microsoft against")).first()).isVisible();
      page.locator("button[value='save']").click();
      assertThat(page.locator("tbody")).containsText("<script>alert(1)</script> known");
      assertThat(page.locator("tbody .state")).hasText("active");
      page.locator("tbody button").click();
      assertThat(page.locator("main")).containsText("Nothing is silenced.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "subscriptions, 1200, LIGHT", "subscriptions, 360, DARK", "subscriptions/console, 1200, DARK",
    "subscriptions/console, 360, LIGHT", "deliveries, 1200, LIGHT", "deliveries, 360, DARK",
    "silences, 1200, DARK", "silences, 360, LIGHT"
  })
  void pagesOfTheNotifierFitTheScreen(String path, int width, ColorScheme scheme) {
    try (BrowserContext context =
        context(
            new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme))) {
      Page page = open(context, "/" + path);
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(
                  SCREENSHOTS.resolve(
                      path.replace('/', '-')
                          + "-"
                          + width
                          + "-"
                          + scheme.name().toLowerCase(Locale.ROOT)
                          + ".png")));
      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
      assertThat(page.locator("h1")).isVisible();
    }
  }

  private static void showsTheFoundingDispute(Page page) {
    Locator card = dispute(page);
    assertThat(card).isVisible();
    assertThat(card.locator(".relation")).hasText("dispute");
    for (String party : List.of("Microsoft", "OpenAI", "Amazon")) {
      assertThat(card.locator(".parties li").filter(text(party)).first()).isVisible();
    }
    // The quoted words, those that prove something marked within their sentence.
    Locator quote = card.locator("blockquote").first();
    assertThat(quote).containsText(Pattern.compile("sue|suing|court|lawsuit|legal action"));
    assertThat(quote.locator("mark").first()).isVisible();
    assertThat(quote.locator("mark").allTextContents())
        .allSatisfy(words -> assertThat(words).isNotBlank());
    assertThat(card.locator("[data-f=agreement]")).containsText("msft-openai");
    Locator source = card.locator("[data-f=source] a");
    assertThat(source).hasAttribute("href", Pattern.compile("^https://"));
    assertThat(source).not().hasText("");
    assertThat(card.locator(".articles a").first())
        .hasAttribute("href", Pattern.compile("^https://[a-z]+\\.example/"));
  }

  private static void filters(Page page) {
    int all = page.locator("#alerts > article").count();
    page.locator("select[name=relation]").selectOption("conflict");
    page.locator("form.filter button").click();
    page.waitForURL(Pattern.compile("relation=conflict"));
    int conflicts = page.locator("#alerts > article").count();
    assertThat(conflicts).isBetween(1, all - 1);
    assertThat(page.locator("#alerts .relation").allTextContents()).containsOnly("conflict");
    page.locator("input[name=organisation]").fill("coreweave");
    page.locator("form.filter button").click();
    page.waitForURL(Pattern.compile("organisation=coreweave"));
    assertThat(page.locator("#alerts > article").count()).isBetween(1, conflicts - 1);
    assertThat(page.locator("#alerts h2").allTextContents())
        .allSatisfy(title -> assertThat(title).contains("CoreWeave"));
    page.locator("a.clear").click();
    page.waitForURL(address("/"));
    page.locator("select[name=severity]").selectOption("critical");
    page.locator("form.filter button").click();
    page.waitForURL(Pattern.compile("severity=critical"));
    assertThat(page.locator("#alerts .severity").allTextContents()).containsOnly("critical");
  }

  /** The alert that the product was founded on. */
  private static Locator dispute(Page page) {
    return page.locator("article.card")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.locator("h2").filter(text("Microsoft against OpenAI and Amazon"))));
  }

  private BrowserContext context(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.addInitScript(
        "document.addEventListener('securitypolicyviolation', event =>"
            + " console.error('policy violated: ' + event.violatedDirective));");
    context.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            complaints.add(message.type() + ": " + message.text());
          }
        });
    context.onWebError(error -> complaints.add("thrown: " + error.error()));
    context.onRequest(
        request -> {
          if (!"127.0.0.1".equals(URI.create(request.url()).getHost())) {
            complaints.add("asks elsewhere: " + request.url());
          }
        });
    return context;
  }

  private static Page open(BrowserContext context, String path) {
    Page page = context.newPage();
    page.navigate(address(path));
    return page;
  }

  private static String address(String path) {
    return "http://127.0.0.1:" + app.port() + path;
  }

  private static void publish(Alert alert) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaClients(Map.of("bootstrap.servers", app.bootstrapServers()))
            .transactionalProducer("page-it")) {
      producer.initTransactions();
      producer.beginTransaction();
      producer
          .send(
              new ProducerRecord<>(
                  new Topics("pactwatch.", 1, (short) 1).alerts(),
                  alert.id(),
                  Json.write(alert).getBytes(StandardCharsets.UTF_8)))
          .get();
      producer.commitTransaction();
    }
  }

  private static Optional<Path> chromium() {
    return Stream.of(
            System.getenv("CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .filter(path -> path != null && Files.isExecutable(Path.of(path)))
        .map(Path::of)
        .findFirst();
  }

  private static Locator.FilterOptions text(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private static LocatorAssertions.IsVisibleOptions patiently() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE);
  }
}
