package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.notify.channel.Notification.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  @TempDir Path folder;

  @Test
  void theShippedOnesStandTheTrialThatThoseOfUsersStand() throws Exception {
    for (Part part : Part.values()) {
      String name = part.file(null);
      Files.write(
          folder.resolve(name),
          TemplatesTest.class.getResourceAsStream("/notify-templates/" + name).readAllBytes());
    }

    assertThat(Templates.load(folder).problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyShippedOneWritesSomethingForEveryKind(Kind kind) {
    Templates templates = Templates.shipped();
    TemplateCheck.notifications().stream()
        .filter(notification -> notification.kind() == kind)
        .forEach(
            notification -> {
              for (Part part : Part.values()) {
                if (!part.single()) {
                  assertThat(templates.message(part, notification, 9)).as("%s", part).isNotBlank();
                }
                for (Notification.Item item : notification.items()) {
                  assertThat(templates.one(part, notification, item)).as("%s", part).isNotBlank();
                }
              }
            });
  }

  @Test
  void aTemplateOfTheFolderTakesThePlaceOfTheShippedOne() throws IOException {
    write("ntfy.txt", "Look: {alert.title ?: 'nothing'}\r\n");

    Templates templates = Templates.load(folder);

    assertThat(templates.problems()).isEmpty();
    assertThat(ntfy(templates, Kind.ALERT)).startsWith("Look: Borealis Cloud threatens");
  }

  @Test
  void aVariantOfTheKindComesBeforeOneOfTheEventTypeAndBothBeforeTheRest() throws IOException {
    write("ntfy.litigation.txt", "a suit");
    write("ntfy.reminder.txt", "a reminder");

    Templates templates = Templates.load(folder);

    assertThat(templates.problems()).isEmpty();
    assertThat(ntfy(templates, Kind.ALERT)).isEqualTo("a suit");
    assertThat(ntfy(templates, Kind.REMINDER)).isEqualTo("a reminder");
    assertThat(templates.message(Part.NTFY_TEXT, Samples.alert(SampleAlerts.conflict()), 9))
        .startsWith("Lumen Labs makes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{alert.title|1|unterminated",
        "one\\n{#if alert}\\nthree|3|unterminated section [if]",
        "one\\ntwo {message.nothing}|2|Key \"nothing\" not found",
        "{alrt.title ?: ''}\\n{alrt}|2|Key \"alrt\" not found",
        "{#if message.kind == 'digest'}\\n{alert.titel}\\n{/if}|2|titel",
        "{alert.title}|1|title",
        "{message.subscription.class}|1|Property \"class\" not found",
        "{message.subscription.raw}|1|Property \"raw\" not found",
        "{message.subscription.safe}|1|Property \"safe\" not found",
        "{message.subscription.getBytes}|1|Property \"getBytes\" not found",
        "{inject:settings}|1|No namespace resolver",
        "{str:eval('x')}|1|No namespace resolver",
        "{#eval message.note /}|1|no section helper found",
        "{#include secret /}|1|no section helper found",
      })
  void oneThatCannotBeUsedIsNamedWithItsLineAndTheShippedOneStays(
      String text, int line, String complaint) throws IOException {
    write("ntfy.txt", text.replace("\\n", "\n"));

    Templates templates = Templates.load(folder);

    assertThat(templates.problems())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("ntfy.txt") + ":" + line + ": ")
        .contains(complaint)
        .doesNotContain("\n");
    assertThat(ntfy(templates, Kind.ALERT)).startsWith("Borealis Cloud threatens");
  }

  @Test
  void whatIsNoTemplateIsNamed() throws IOException {
    write("slack.html", "x");
    write("email.txt~", "x");
    write("README.md", "x");
    Files.write(folder.resolve("ntfy.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
    write("email.txt", "x".repeat(70_000));

    assertThat(Templates.load(folder).problems())
        .containsExactly(
            folder.resolve("email.txt") + ":1: is larger than 65536 bytes",
            folder.resolve("ntfy.txt") + ":1: is not UTF-8",
            folder.resolve("slack.html") + ":1: is no template's name; see README.md there");
  }

  @Test
  void aFolderThatIsNotThereIsNoProblem() {
    assertThat(Templates.load(folder.resolve("nothing")).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{alert.title}", "{alerts.0.title}", "{#let t=alert.title}{t}{/let}"})
  void noTemplateCanPrintAValueAsItIs(String text) throws IOException {
    write("email.html", "{#if alert}" + text + "<a id={alert.title}>{/if}");

    Templates templates = Templates.load(folder);

    assertThat(templates.problems()).isEmpty();
    assertThat(
            templates.message(
                Part.EMAIL_HTML,
                Samples.alert(SampleAlerts.hostile("x", "<b onclick=\"x\"> '{alert.id}'")),
                9))
        .isEqualTo(
            "&lt;b onclick&#61;&#34;x&#34;&gt; &#39;{alert.id}&#39;"
                + "<a id=&lt;b onclick&#61;&#34;x&#34;&gt; &#39;{alert.id}&#39;>");
  }

  /** The page that users read names what there is. */
  @Test
  void theListOfValuesIsComplete() throws IOException {
    String page = Files.readString(Path.of("config/templates/README.md"));
    Notification notification = Samples.of(Kind.GROUP, "n", SampleAlerts.dispute());
    Map<String, Object> data = TemplateData.message(notification, 9);
    for (Part part : Part.values()) {
      assertThat(page).contains("`" + part.file(null) + "`");
    }
    for (Object name : ((Map<?, ?>) data.get("message")).keySet()) {
      assertThat(page).contains("`message." + name + "`");
    }
    for (Object name : ((Map<?, ?>) data.get("alert")).keySet()) {
      assertThat(page).containsPattern("`" + Pattern.quote(String.valueOf(name)) + "`");
    }
  }

  private static String ntfy(Templates templates, Kind kind) {
    return templates.message(Part.NTFY_TEXT, Samples.of(kind, null, SampleAlerts.dispute()), 9);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
  }
}
