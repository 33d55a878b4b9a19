package dev.pactwatch.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.pactwatch.alert.SampleAlerts;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page of the packaged application in a real browser, as {@code run --demo} shows it. Leaves
 * pictures in {@code target/screenshots}.
 */
class PageIT {

  @RegisterExtension static final Console console = new Console();

  @Test
  void anAlertAppearsWithoutReloading() throws Exception {
    Page page = console.open("/");
    assertThat(page.locator("#live")).hasAttribute("data-state", "live");
    page.evaluate("window.sameDocument = true");
    Locator card = page.locator("article.card[data-id='appears-live']");
    assertThat(card).hasCount(0);

    console.publish(
        SampleAlerts.as(
            SampleAlerts.dispute(), "appears-live", 1, Instant.parse("2026-05-02T08:00:00Z")));

    assertThat(card).isVisible(Console.patiently());
    assertThat(card.locator("h2")).containsText("Borealis Cloud threatens to sue Lumen Labs");
    assertThat(card.locator("blockquote mark").first()).isVisible();
    assertThat(page.locator("#alerts > article").first()).hasAttribute("data-id", "appears-live");
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
  }

  @Test
  void theFoundingDisputeIsShownWithItsWordsAndItsSource() {
    showsTheFoundingDispute(console.open("/"));
  }

  @Test
  void withoutScriptThePageIsComplete() {
    List<String> titles = console.open("/").locator("#alerts h2").allTextContents();
    Page page = console.openWithoutScript("/");

    assertThat(titles).hasSizeGreaterThan(10);
    assertThat(page.locator("#alerts h2").allTextContents()).containsAll(titles);
    showsTheFoundingDispute(page);
    filters(page);
  }

  @Test
  void filtersByRelationSeverityAndOrganisation() {
    filters(console.open("/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/subscriptions", "/subscriptions/console", "/deliveries", "/silences"})
  void fitsTheScreenInBothThemesAndIsAccessible(String path) {
    console.looksRight(path, path.equals("/") ? "alerts" : path.substring(1).replace('/', '-'));
  }

  @Test
  void aSubscriptionIsTriedKeptTestedAndTakenOutWithoutScript() {
    Page page = console.openWithoutScript("/");
    page.locator("nav.rooms a").filter(Console.text("Subscriptions")).click();
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
    page.navigate(console.address("/deliveries?subscription=browser"));
    page.locator(".sheet a").filter(Console.text("browser-t-")).first().click();
    assertThat(page.locator(".state").first()).hasText("delivered");

    page.navigate(console.address("/subscriptions/browser"));
    page.locator("button[value='pause']").click();
    assertThat(page.locator(".state").first()).hasText("paused");
    page.locator("button[value='remove']").click();
    assertThat(page.locator(".sheet tbody")).not().containsText("browser");

    page.locator("textarea").fill("{\"id\": \"browser\", \"channel\": \"pigeon\"}");
    page.locator("button[value='save']").click();
    assertThat(page.locator("[role=alert]")).containsText("channel");
    // The browser tells of the answer's status, as of every one from 400 on.
    console.expectComplaint("422");
  }

  @Test
  void aSilenceShowsWhatItMeetsAndIsEnded() {
    Page page = console.open("/silences");
    page.locator("input[name='matchers']").fill("relation=dispute");
    page.locator("input[name='comment']").fill("<script>alert(1)</script> known");
    page.locator("button[value='try']").click();
    assertThat(page.locator("main ul li").filter(Console.text("Microsoft against")).first())
        .isVisible();
    page.locator("button[value='save']").click();
    assertThat(page.locator("tbody")).containsText("<script>alert(1)</script> known");
    assertThat(page.locator("tbody .state")).hasText("active");
    page.locator("tbody button").click();
    assertThat(page.locator("main")).containsText("Nothing is silenced.");
  }

  private static void showsTheFoundingDispute(Page page) {
    Locator card = Console.dispute(page);
    assertThat(card).isVisible();
    assertThat(card.locator(".relation")).hasText("dispute");
    for (String party : List.of("Microsoft", "OpenAI", "Amazon")) {
      assertThat(card.locator(".parties li").filter(Console.text(party)).first()).isVisible();
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
    facet(page, "Conflict");
    page.waitForURL(Pattern.compile("relation=conflict"));
    int conflicts = page.locator("#alerts > article").count();
    assertThat(conflicts).isBetween(1, all - 1);
    assertThat(page.locator("#alerts .relation").allTextContents()).containsOnly("conflict");
    facet(page, "CoreWeave");
    page.waitForURL(Pattern.compile("organisation=coreweave"));
    assertThat(page.locator("#alerts > article").count()).isBetween(1, conflicts - 1);
    assertThat(page.locator("#alerts h2").allTextContents())
        .allSatisfy(title -> assertThat(title).contains("CoreWeave"));
    page.locator("a.clear").click();
    page.waitForURL(console.address("/"));
    facet(page, "Critical");
    page.waitForURL(Pattern.compile("severity=critical"));
    assertThat(page.locator("#alerts .severity").allTextContents()).containsOnly("critical");
  }

  private static void facet(Page page, String label) {
    page.locator(".facets a").filter(Console.text(label)).first().click();
  }
}
