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
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The packaged application as {@code run --demo} shows it, and a real browser in front of it: one
 * of each for all classes of tests that register this.
 *
 * <pre>{@code
 * @RegisterExtension static final Console console = new Console();
 * }</pre>
 *
 * Whatever a page complains about (errors and warnings of its script, violations of its policy,
 * requests to elsewhere) fails the test that opened it. Contexts are closed after each test.
 */
final class Console implements BeforeAllCallback, AfterEachCallback {

  /** Pictures of pages: what a test leaves for people to look at. */
  static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static final double PATIENCE = 90_000;
  private static final int WIDE = 1200;
  private static final int NARROW = 360;

  /** Findings that keep somebody from using a page; lesser ones are matters of taste. */
  private static final String AXE =
      """
      async () => {
        const found = await axe.run(document, {resultTypes: ['violations']});
        return found.violations
          .filter(one => one.impact === 'serious' || one.impact === 'critical')
          .map(one => one.id + ' (' + one.impact + '): ' + one.help + ' at '
            + one.nodes.slice(0, 5).map(node => node.target.join(' ')).join(', '));
      }\
      """;

  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final List<String> expected = new ArrayList<>();
  private Running running;

  /** What is started once, and ends with the last class of tests. */
  private static final class Running implements ExtensionContext.Store.CloseableResource {

    private final Path folder;
    private final PackagedApp app;
    private final Playwright playwright;
    private final Browser browser;
    private final String axe;

    private Running(Path chromium) {
      try {
        folder = Files.createTempDirectory("console");
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
        try (InputStream script = Console.class.getResourceAsStream("/axe.min.js")) {
          axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(chromium)
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

    private String address(String path) {
      return "http://127.0.0.1:" + app.port() + path;
    }

    @Override
    public void close() throws Exception {
      playwright.close();
      app.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Optional<Path> chromium = chromium();
    if (chromium.isEmpty() && System.getenv("CI") == null) {
      Assumptions.abort("no Chromium on this machine: set CHROMIUM to its path");
    }
    Path browser =
        chromium.orElseThrow(() -> new AssertionError("CI must have a Chromium to show the page"));
    running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(Console.class))
            .getOrComputeIfAbsent("running", unused -> new Running(browser), Running.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
    List<String> unexpected =
        complaints.stream().filter(one -> expected.stream().noneMatch(one::contains)).toList();
    complaints.clear();
    expected.clear();
    assertThat(unexpected).as("what the pages complained about").isEmpty();
  }

  /** A window of a browser that has no memory of others. */
  BrowserContext context(Browser.NewContextOptions options) {
    BrowserContext context = running.browser.newContext(options);
    contexts.add(context);
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

  /** The page in a window of its own. */
  Page open(String path) {
    return open(context(new Browser.NewContextOptions()), path);
  }

  /** The page in a window of its own that runs no script. */
  Page openWithoutScript(String path) {
    return open(context(new Browser.NewContextOptions().setJavaScriptEnabled(false)), path);
  }

  Page open(BrowserContext context, String path) {
    Page page = context.newPage();
    page.navigate(address(path));
    return page;
  }

  String address(String path) {
    return running.address(path);
  }

  PackagedApp app() {
    return running.app;
  }

  /** The demonstration's data folder. */
  Path data() {
    return running.folder.resolve("data").resolve("demo");
  }

  /**
   * The pages of this test may complain about this; the browser does about every answer from 400
   * on, for one.
   */
  void expectComplaint(String part) {
    expected.add(part);
  }

  /**
   * Opens the page wide and narrow, light and dark, each time: nothing stands beyond the screen's
   * edge, axe finds nothing serious, and a picture {@code NAME-WIDTH-THEME.png} is left in {@link
   * #SCREENSHOTS}.
   */
  void looksRight(String path, String name) {
    for (int width : List.of(WIDE, NARROW)) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        BrowserContext context =
            context(
                new Browser.NewContextOptions()
                    .setViewportSize(width, 900)
                    .setColorScheme(scheme)
                    .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
        Page page = open(context, path);
        assertThat(page.locator("h1").first()).isVisible();
        String shown = name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
        page.screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(SCREENSHOTS.resolve(shown + ".png")));
        fits(page, shown);
        isAccessible(page, shown);
        context.close();
        contexts.remove(context);
      }
    }
  }

  /** Nothing stands beyond the right edge of the screen. */
  void fits(Page page, String name) {
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .as("width of %s", name)
        .isEqualTo(page.viewportSize().width);
  }

  /** axe finds nothing serious or critical on the page as it stands. */
  @SuppressWarnings("unchecked")
  void isAccessible(Page page, String name) {
    page.evaluate(running.axe);
    assertThat((List<String>) page.evaluate(AXE)).as("axe on %s", name).isEmpty();
  }

  /** Commits one revision of an alert, as the topology does. */
  void publish(Alert alert) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaClients(Map.of("bootstrap.servers", running.app.bootstrapServers()))
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

  /** The card of the alert that the product was founded on. */
  static Locator dispute(Page page) {
    return page.locator("article.card")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.locator("h2").filter(text("Microsoft against OpenAI and Amazon"))));
  }

  static Locator.FilterOptions text(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  /** Long enough for what a busy machine takes. */
  static LocatorAssertions.IsVisibleOptions patiently() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE);
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
}
