package dev.pactwatch.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of agreements, feeds, the lexicon and the form of subscriptions, as people see them. */
class DeskIT {

  private static final String CHAIN = "microsoft-openai";

  @RegisterExtension static final Console console = new Console();

  @ParameterizedTest
  @CsvSource({
    "/agreements, agreements",
    "/agreements/msft-openai-r4a-2026-02, agreement",
    "/agreements/msft-openai-r4a-2026-02/edit, agreement-edit",
    "/agreements/import, agreements-import",
    "/lexicon?example=0, lexicon",
    "/feeds, feeds",
    "/feeds/import, feeds-import",
    "/subscriptions, subscriptions",
  })
  void aPageFitsTheScreenAndCanBeUsedByEverybody(String path, String name) {
    console.looksRight(path, name);
  }

  @Test
  void theSliderMovesTheDay() {
    Page page = console.open("/agreements");
    Locator slide = page.locator("#slide");
    assertThat(slide).isVisible();
    assertThat(page.locator(".summary")).containsText("in force today");

    page.locator("#on").fill("2024-06-01");
    page.locator("#on").dispatchEvent("change");
    slide.focus();
    slide.press("ArrowRight");

    assertThat(page.locator(".summary")).containsText("in force on 2 Jun 2024");
    assertThat(page.locator(".pact").filter(Console.text("OpenAI is bound to Microsoft")).first())
        .isVisible();
    assertThat(page).hasURL(Pattern.compile("on=2024-06-02"));
    page.reload();
    assertThat(page.locator(".summary")).containsText("in force on 2 Jun 2024");
  }

  @Test
  void withoutScriptTheDayIsAField() {
    Page page = console.openWithoutScript("/agreements");
    assertThat(page.locator("#slide")).isHidden();
    page.locator("#on").fill("2024-06-01");
    page.locator("select[name=organisation]").selectOption("openai");
    page.locator("form.agreements button").click();
    assertThat(page.locator(".summary")).containsText("in force on 1 Jun 2024");
    assertThat(page.locator(".pact").first()).containsText("OpenAI is bound to Microsoft");
  }

  @Test
  void aChangeShowsWhatBecomesOfAlertsBeforeItIsKept() {
    Page page = console.openWithoutScript("/agreements/" + CHAIN);
    page.locator("ol.revisions a").filter(Console.text("Revision 3")).click();
    assertThat(page.locator("h1")).isVisible();
    assertThat(page.locator("figure.timeline svg.canvas")).isVisible();
    assertThat(page.locator("section .lines li").first()).isVisible();
    page.locator("a").filter(Console.text("Edit")).click();
    Locator document = page.locator("textarea");
    document.fill(
        document
            .inputValue()
            .replace("kind: right-of-first-refusal", "kind: preferred")
            .replace("kind: exclusive", "kind: preferred"));
    page.locator("button[value=preview]").click();

    Locator preview = page.locator(".preview");
    assertThat(preview.locator("[role=status]"))
        .containsText(Pattern.compile("would be (revised|withdrawn)"));
    assertThat(preview.locator("h3").filter(Console.text("Would be withdrawn"))).isVisible();
    assertThat(preview.locator(".changes").filter(Console.text("preferred")).last()).isVisible();
    assertThat(preview.locator("li").filter(Console.text("conflict")).first()).isVisible();

    // What was not kept is not there.
    page.locator("a").filter(Console.text("Leave it")).click();
    assertThat(page.locator(".kind").filter(Console.text("right of first refusal"))).isVisible();
  }

  @Test
  void aDocumentThatCannotBeUsedIsShownAgainWithItsLine() {
    Page page = console.openWithoutScript("/agreements/import");
    page.locator("textarea")
        .fill("agreements:\n  - id: x-1\n    title: <script>alert(1)</script>\n    kynd: none\n");
    page.locator("button[value=save]").click();

    assertThat(page.locator("[role=alert]")).containsText("kynd");
    assertThat(page.locator(".wrong")).containsText("Line 4");
    assertThat(page.locator("textarea")).hasValue(Pattern.compile(".*<script>.*", Pattern.DOTALL));
    console.expectComplaint("422");
  }

  @Test
  void aPastedTextIsExplained() {
    Page page = console.openWithoutScript("/lexicon");
    page.locator("input[name=headline]")
        .fill("Acme sues Globex <img src=x onerror=alert(1)> over patents for $2 billion");
    page.locator("form.paste button").click();

    Locator event = page.locator("article.event");
    assertThat(event.locator("h3")).containsText("Litigation, filed");
    assertThat(event.locator("mark[data-field=parties]").first()).containsText("Acme party");
    assertThat(event.locator(".passage")).containsText("<img src=x onerror=alert(1)>");
    assertThat(page.locator("main img")).hasCount(0);
    assertThat(page.locator("#rules")).isVisible();
    assertThat(page.locator(".did code").filter(Console.text("sue")).first()).isVisible();
  }

  @Test
  void feedsTellHowTheyFareAndRefuseAnAddressThatIsNone() {
    Page page = console.openWithoutScript("/feeds");
    assertThat(page.locator(".summary")).containsText("feeds watched");
    assertThat(page.locator(".feed svg").first()).isVisible();
    page.locator(".feed h2 a").first().click();
    assertThat(page.locator("dl.known")).containsText("Address");

    page.navigate(page.url().replaceAll("/feeds/.*", "/feeds"));
    page.locator("input[name=url]").fill("http://127.0.0.1:9/");
    page.locator("button[value=find]").click();
    assertThat(page.locator("[role=alert]")).hasText("No feed is found there.");
    console.expectComplaint("422");
  }

  @Test
  void fieldsWriteTheDocumentOfASubscription() {
    Page page = console.openWithoutScript("/subscriptions");
    page.locator("input[name=id]").fill("counsel");
    page.locator("select[name=channel]").selectOption("kafka");
    page.locator("input[name=address]").fill("counsel");
    page.locator("select[name=severity]").selectOption("high");
    page.locator("input[value=dispute]").check();
    page.locator("form.builder button").click();

    Locator document = page.locator("textarea");
    assertThat(document).hasValue(Pattern.compile(".*\"channel\" : \"kafka\".*", Pattern.DOTALL));
    assertThat(document.inputValue()).contains("\"relations\" : [ \"dispute\" ]");
    page.locator("button[value=try]").click();
    assertThat(page.locator("#trial")).hasText("In the last 90 days");
  }
}
