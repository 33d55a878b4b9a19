package dev.pactwatch.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of replays in the packaged demonstration, as a person uses them. */
class ReplayPageIT {

  @RegisterExtension static final Console console = new Console();

  /** Two passes in a process of their own, on a machine that has other things to do. */
  private static final double PATIENCE = 300_000;

  private static final String SET = "without <b>SAP<i>";
  private static final String GONE = "sap-microsoft-2019";

  @BeforeAll
  static void offerNewsAndASet() throws IOException {
    Path offered = console.data().resolve("replay");
    Path agreements = offered.resolve("sets").resolve(SET).resolve("agreements");
    copy(Path.of("config", "agreements"), agreements);
    Path file = agreements.resolve("cloud.yaml");
    String text = Files.readString(file);
    int start = text.indexOf("  - id: " + GONE + "\n");
    int end = text.indexOf("\n  - id: ", start) + 1;
    Files.writeString(file, text.substring(0, start) + (end == 0 ? "" : text.substring(end)));
    copy(Path.of("src/main/resources/demo/feeds"), offered.resolve("sources").resolve("history"));
  }

  @Test
  void aReplayIsStartedWatchedReadSideBySideAndRemoved() {
    Page page = console.open("/replays");
    page.getByLabel("News").selectOption("history");
    page.getByLabel("Compare with").selectOption(SET);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replay").setExact(true))
        .click();

    assertThat(page).hasURL(Pattern.compile(".*/replays/\\d{8}-\\d{6}"));
    assertThat(page.locator("#progress .text")).isVisible();
    assertThat(page.locator("#differences")).isVisible(within());
    String path = page.url().substring(page.url().indexOf("/replays/"));
    assertThat(page.locator("#differences")).hasText("0 added, 1 removed, 0 changed");
    Locator removed = page.locator("section[aria-labelledby=removed] article");
    assertThat(removed).hasCount(1);
    assertThat(removed.locator("h3")).containsText("SAP and Microsoft");
    assertThat(removed.locator("li")).containsText("only the first registry has " + GONE);
    assertThat(page.locator(".sides")).containsText("Second set: " + SET);

    console.looksRight(path, "replay");
    console.looksRight("/replays", "replays");
    Page still = console.openWithoutScript(path);
    assertThat(still.locator("#differences")).hasText("0 added, 1 removed, 0 changed");

    still
        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove this replay"))
        .click();
    assertThat(still).hasURL(Pattern.compile(".*/replays$"));
    assertThat(still.locator("tbody a[href='" + path + "']")).hasCount(0);
  }

  @Test
  void aDayThatIsNoneIsSaidAndWhatWasChosenStays() {
    console.expectComplaint("422");
    console.expectComplaint("does not conform");
    Page page = console.open("/replays");
    page.getByLabel("Compare with").selectOption(SET);
    page.locator("input[name=from]").evaluate("field => { field.type = 'text'; }");
    page.locator("input[name=from]").fill("soon");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replay").setExact(true))
        .click();

    assertThat(page.locator(".problem")).hasText("From: 'soon' is no day such as 2026-03-18");
    assertThat(page.getByLabel("Compare with")).hasValue(SET);
  }

  private static LocatorAssertions.IsVisibleOptions within() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }
}
