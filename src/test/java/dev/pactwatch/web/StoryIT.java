package dev.pactwatch.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that tell the story of an alert, in a real browser on the demonstration's history. */
class StoryIT {

  private static final String HOSTILE =
      "<script>alert(1)</script> & \"><img src=x onerror=alert(1)> \u202Egnp.exe";
  private static final String SHOWN = HOSTILE.replace('\u202E', '\uFFFD');

  @RegisterExtension static final Console console = new Console();

  @Test
  void theFoundingDisputeIsToldFromItsWordsToItsAgreement() {
    Page page = console.open("/");
    Console.dispute(page).locator("h2 a").click();

    assertThat(page.locator("h1")).containsText("Microsoft against OpenAI and Amazon");
    tellsTheDispute(page);
    // The marks of the timeline lead to the other alerts of the agreement.
    Locator other = page.locator("svg a[href^='/alerts/']:not([aria-current])").last();
    String address = other.getAttribute("href");
    other.focus();
    page.keyboard().press("Enter");
    page.waitForURL(console.address(address));
    assertThat(page.locator("svg a[aria-current]")).hasCount(1);
  }

  @Test
  void theFoundingDisputeIsToldWithoutScript() {
    Page page = console.openWithoutScript("/");
    page.navigate(console.address(Console.dispute(page).locator("h2 a").getAttribute("href")));

    tellsTheDispute(page);
  }

  @Test
  void anAlertIsTakenOnAndGivenBackWithoutScript() {
    Page page = console.openWithoutScript(dispute());
    page.locator("input[name=note]").first().fill("Ours: <b>outside counsel</b> has it");
    page.locator("select[name=lasts]").first().selectOption("7d");
    page.locator("button[value=acknowledge]").click();

    assertThat(page.locator(".taken")).containsText("Taken on by local");
    assertThat(page.locator(".taken")).containsText("Ours: <b>outside counsel</b> has it");
    assertThat(page.locator(".taken")).containsText("until");
    page.locator("button[value=unacknowledge]").click();
    assertThat(page.locator("button[value=acknowledge]")).isVisible();
    assertThat(page.locator(".taken")).hasCount(0);
  }

  @Test
  void anAlertsAgreementIsSilencedFromItsPage() {
    Page page = console.openWithoutScript(dispute());
    page.locator("details summary").filter(Console.text("Silence")).click();
    page.locator("details input[name=note]").fill("known to the board");
    page.locator("button[value=silence-agreement]").click();

    page.navigate(console.address("/silences"));
    Locator row = page.locator("tbody tr").filter(Console.text("known to the board"));
    assertThat(row).containsText("agreement=\"microsoft-openai\"");
    row.locator("button").click();
    assertThat(page.locator("tbody tr").filter(Console.text("known to the board"))).hasCount(0);
  }

  @Test
  void whoWasToldAndWhyIsExplained() {
    Page page = console.openWithoutScript(dispute());
    page.locator("select[name=ask]").selectOption("console");
    page.locator("button").filter(Console.text("Explain")).click();

    assertThat(page.locator("#why")).containsText("console");
    assertThat(page.locator("#why li").first()).containsText("passes");
  }

  @Test
  void aFacetNarrowsAndTheSearchKeepsIt() {
    Page page = console.openWithoutScript("/");
    int all = page.locator("#alerts > article").count();
    Locator facet = page.locator(".facets a").filter(Console.text("Conflict"));
    int promised = Integer.parseInt(facet.locator(".number").textContent());
    facet.click();

    page.waitForURL(Pattern.compile("relation=conflict"));
    assertThat(page.locator("#alerts > article")).hasCount(promised);
    assertThat(promised).isBetween(1, all - 1);
    assertThat(page.locator("#alerts .relation").allTextContents()).containsOnly("conflict");
    page.locator("input[name=q]").fill("CÓREWEAVE openai");
    page.locator("form.filter button").click();
    page.waitForURL(Pattern.compile("q=.*relation=conflict|relation=conflict.*q="));
    assertThat(page.locator("#alerts h2").allTextContents())
        .isNotEmpty()
        .allSatisfy(title -> assertThat(title).contains("CoreWeave"));
    page.locator(".chosen a").filter(Console.text("CÓREWEAVE")).click();
    assertThat(page.locator("#alerts > article")).hasCount(promised);
    page.locator(".facets a[aria-current]").first().click();
    page.waitForURL(console.address("/"));
  }

  @Test
  void whatCameSinceTheLastVisitIsUnreadUntilItIsRead() throws Exception {
    Page page = console.open("/?q=unread-sample");
    assertThat(page.locator("#live")).hasAttribute("data-state", "live");
    assertThat(page.locator("#fresh")).isHidden();
    Alert first = titled("unread-sample", 1, "2026-05-03T08:00:00Z");
    console.publish(first);

    Locator card = page.locator("article.card[data-id='unread-sample']");
    assertThat(card.locator(".unread")).isVisible();
    assertThat(page).hasTitle(Pattern.compile("^\\(1\\) "));
    page.locator("#read").click();
    assertThat(card.locator(".unread")).isHidden();
    page.reload();
    assertThat(card).isVisible();
    assertThat(card.locator(".unread")).isHidden();

    console.publish(titled("unread-sample", 2, "2026-05-03T09:00:00Z"));
    assertThat(card).hasAttribute("data-revision", "2");
    assertThat(card.locator(".unread")).isVisible();
  }

  @Test
  void whatDoesNotPassTheFilterStaysAwayWhileThePageIsLive() throws Exception {
    Page page = console.open("/?relation=conflict&q=filter-sample");
    assertThat(page.locator("#live")).hasAttribute("data-state", "live");

    console.publish(titled("other-sample", 1, "2026-05-03T10:00:00Z"));
    console.publish(named(SampleAlerts.conflict(), "filter-sample", 1, "2026-05-03T10:01:00Z"));

    assertThat(page.locator("article.card[data-id='filter-sample']")).isVisible();
    assertThat(page.locator("#alerts > article")).hasCount(1);
    assertThat(page.locator("#total")).hasText("1");
  }

  @Test
  void anAlertIsOnAnOpenPageSoonAfterItsCommit() throws Exception {
    Page page = console.open("/?q=soon-sample");
    assertThat(page.locator("#live")).hasAttribute("data-state", "live");
    long best = Long.MAX_VALUE;
    for (int i = 1; i <= 5; i++) {
      String id = "soon-sample-" + i;
      Alert alert = named(SampleAlerts.dispute(), id, 1, "2026-05-04T08:00:0" + i + "Z");
      console.publish(alert);
      long committed = System.nanoTime();
      page.waitForSelector("article.card[data-id='" + id + "']");
      best = Math.min(best, Duration.ofNanos(System.nanoTime() - committed).toMillis());
    }

    System.out.printf("an alert is on an open page %d ms after its commit%n", best);
    assertThat(page.locator("#alerts > article")).hasCount(5);
  }

  @Test
  void anOrganisationShowsWhatNewsAndAgreementsSayOfIt() {
    Page page = console.openWithoutScript("/organisations");
    page.locator("input[name=q]").fill("msft");
    page.locator("form.filter button").click();
    page.locator("tbody a").filter(Console.text("Microsoft")).first().click();

    assertThat(page.locator("h1")).hasText("Microsoft");
    assertThat(page.locator("figure.months figcaption")).containsText("reports a month");
    assertThat(page.locator("figure.months rect.series").first()).isVisible();
    assertThat(page.locator("figure.months table tbody tr").first()).containsText("20");
    assertThat(page.locator("section[aria-labelledby=alerts-of] li a").first())
        .hasAttribute("href", Pattern.compile("^/alerts/"));
    assertThat(
            page.locator("section[aria-labelledby=agreements-of] li")
                .filter(Console.text("OpenAI"))
                .first())
        .isVisible();
    Locator against = page.locator("section[aria-labelledby=suits] li a").first();
    assertThat(against).hasAttribute("href", Pattern.compile("^/organisations/"));
    page.locator("section[aria-labelledby=deals] li a").filter(Console.text("OpenAI")).click();
    assertThat(page.locator("h1")).hasText("OpenAI");
  }

  @Test
  void theSystemPageFollowsTheNewsThroughItsStages() {
    Page page = console.openWithoutScript("/system");
    assertThat(page.locator(".pipeline li").filter(Console.text("articles.v1")))
        .containsText(Pattern.compile("\\d+ held"));
    assertThat(page.locator(".pipeline li[data-kind=stage] .name").allTextContents())
        .containsExactly("ingest", "tag", "match", "notify");
    assertThat(page.locator(".pipeline li").filter(Console.text("events are found")))
        .containsText(Pattern.compile("up to date|behind"));
    assertThat(page.locator("section[aria-labelledby=dead] tbody tr").first()).containsText(".dlq");
    assertThat(page.locator("section[aria-labelledby=outbox]")).containsText("console");
    assertThat(page.locator("section[aria-labelledby=links] a").first())
        .hasAttribute("href", "/q/health");
  }

  @Test
  void wordsFromOutsideStayWordsOnEveryPage() throws Exception {
    console.publish(SampleAlerts.hostile("hostile-sample", HOSTILE));
    Page page = console.open("/?q=onerror");
    Locator card = page.locator("article.card[data-id='hostile-sample']");
    assertThat(card).isVisible(Console.patiently());
    assertThat(card.locator("h2")).hasText(SHOWN);
    card.locator("h2 a").click();
    assertThat(page.locator("h1")).hasText(SHOWN);
    assertThat(page.locator("blockquote").first()).containsText(SHOWN);
    assertThat(page.locator(".clause")).containsText("gnp.exe");
    assertThat(page.locator("main img, main script")).hasCount(0);
    console.isAccessible(page, "the page of a hostile alert");
    page.navigate(console.address("/organisations?q=onerror"));
    assertThat(page.locator("tbody a").first()).hasText(SHOWN);
    assertThat(page.locator("main img, main script")).hasCount(0);
  }

  @Test
  void whatIsMissingIsSaid() {
    Page page = console.open("/alerts/nobody");
    assertThat(page.locator("body")).containsText("No alert has this id");
    page.navigate(console.address("/organisations/nobody"));
    assertThat(page.locator("body")).containsText("No organisation has this id");
    console.expectComplaint("404");
  }

  @Test
  void allPagesFitEveryScreenInBothThemesAndAreAccessible() {
    console.looksRight(dispute(), "alert");
    console.looksRight("/organisations", "organisations");
    console.looksRight("/organisations/microsoft", "organisation");
    console.looksRight("/system", "system");
    console.looksRight("/?relation=conflict&q=openai", "alerts-narrowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"img", "input"})
  void theCheckForAccessibilityFindsWhatHasNoName(String element) {
    Page page = console.open("/organisations");
    page.locator("main")
        .evaluate("(main, name) => main.append(document.createElement(name))", element);

    assertThatThrownBy(() -> console.isAccessible(page, "a page with a fault"))
        .isInstanceOf(AssertionError.class);
  }

  private static void tellsTheDispute(Page page) {
    assertThat(page.locator(".dossier > .path li[aria-current]")).isVisible();
    assertThat(page.locator("blockquote mark").first()).isVisible();
    assertThat(page.locator("blockquote footer a").first())
        .hasAttribute("href", Pattern.compile("^https://[a-z]+\\.example/"));
    Locator clause = page.locator(".clause");
    assertThat(clause).containsText("OpenAI is bound to Microsoft");
    assertThat(clause).containsText(Pattern.compile("from \\d+ \\w+ 20\\d\\d|from \\w+ 20\\d\\d"));
    assertThat(clause).containsText("Checked to");
    assertThat(clause.locator(".sources a").first())
        .hasAttribute("href", Pattern.compile("^https?://"));
    assertThat(page.locator("figure.timeline rect.bar").first()).isVisible();
    assertThat(page.locator("figure.timeline svg a[aria-current]")).hasCount(1);
    assertThat(page.locator("figure.timeline tbody tr").count()).isGreaterThan(3);
    for (String party : List.of("Microsoft", "OpenAI", "Amazon")) {
      assertThat(page.locator("figure.bonds svg text").filter(Console.text(party)).first())
          .isVisible();
    }
    assertThat(page.locator("figure.bonds .legend li").first())
        .containsText("OpenAI is bound to Microsoft");
    assertThat(page.locator("figure.bonds .legend")).containsText("Microsoft against");
    assertThat(page.locator(".reasons li").first()).not().hasText("");
    assertThat(page.locator(".revisions > li").first()).isVisible();
    assertThat(page.locator(".revisions .differences").first()).containsText("Report");
    assertThat(page.locator("section[aria-labelledby=told]")).containsText("console");
  }

  /** Address of the founding dispute's page. */
  private static String dispute() {
    return Console.dispute(console.openWithoutScript("/")).locator("h2 a").getAttribute("href");
  }

  private static Alert titled(String id, int revision, String at) {
    return named(SampleAlerts.dispute(), id, revision, at);
  }

  /** An alert whose product is its id, so that a search finds it alone. */
  private static Alert named(Alert like, String id, int revision, String at) {
    return SampleAlerts.about(SampleAlerts.as(like, id, revision, Instant.parse(at)), id);
  }
}
