package dev.pactwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.SampleAlerts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleChannelTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void writesOneReadableBlock() {
    assertThat(new AlertText(72, false).block(SampleAlerts.dispute()))
        .isEqualTo(
            """
            CRITICAL dispute (opened)
              Borealis Cloud threatens to sue Lumen Labs over its deal with
              Tidewater
              event      litigation, threatened: Borealis Cloud (plaintiff), Lumen
                         Labs (defendant), Tidewater (defendant)
              why        Borealis Cloud, the beneficiary of an exclusive term,
                         stands against Lumen Labs, its grantor.
              why        The term was in force when last checked, on 2026-02-28.
              agreement  borealis-lumen-2, exclusive for compute, source: Borealis
                         and Lumen extend their partnership, checked to 2026-02-28
              source     https://example.com/news/partnership
              words      "Borealis Cloud is weighing legal action against Lumen Labs
                         over its $6.5 billion deal with Tidewater."
              article    Harbour Wire, 2026-03-18 09:30 UTC https://news.example/1
              article    The Ledger, 2026-03-18 10:00 UTC https://news.example/2
              seen       2 publishers, 2026-03-18 09:30 UTC to 2026-03-18 10:00 UTC
              alert      a1b2c3 revision 1

            """);
  }

  @Test
  void letsNothingFromTheNewsReachTheTerminal() {
    String hostile =
        "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Ewords\u200B\r\nCRITICAL forged\b\uD800";

    channel(80).deliver(new Delivery("console", SampleAlerts.hostile("h", hostile), null));

    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text.chars().filter(c -> (c < ' ' && c != '\n') || c >= 0x7f)).isEmpty();
    assertThat(text).contains("<U+001B>[2J").contains("<U+202E>words<U+200B>");
    assertThat(text.lines().filter(line -> line.startsWith("CRITICAL"))).isEmpty();
  }

  @Test
  void staysWithinTheTerminalWithWideCharactersToo() {
    String wide = "独占契約".repeat(20) + " " + "x".repeat(200) + " e\u0301".repeat(30);

    channel(60).deliver(new Delivery("console", SampleAlerts.hostile("h", wide), null));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(TerminalText.width(line)).isLessThanOrEqualTo(60));
  }

  @Test
  void coloursOnlyTheHeadAndOnlyWhenAsked() {
    assertThat(new AlertText(80, true).block(SampleAlerts.dispute()))
        .startsWith("\u001b[1;31mCRITICAL dispute (opened)\u001b[0m\n")
        .matches("(?s)[^\u001b]*\u001b[^\u001b]*\u001b[^\u001b]*");
    assertThat(new AlertText(80, false).block(SampleAlerts.dispute())).doesNotContain("\u001b");
  }

  private ConsoleChannel channel(int columns) {
    return new ConsoleChannel(
        new PrintStream(out, true, StandardCharsets.UTF_8), new AlertText(columns, false));
  }
}
