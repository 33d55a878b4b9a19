package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.notify.AlertText;
import java.util.List;

/** A way in for any text to everything that shows a headline to somebody. */
public final class EscapingFuzz {

  private static final ChatMessages MESSAGES = new ChatMessages(Templates.shipped());
  private static final List<String> USUAL = usual();

  private EscapingFuzz() {}

  /**
   * @throws AssertionError when the text does something somewhere
   */
  public static void check(String text) {
    try {
      Notification notification = Samples.alert(SampleAlerts.hostile("a1", text));
      HostileTextTest.checkSlack(MESSAGES, notification);
      HostileTextTest.checkTeams(MESSAGES, notification);
      HostileTextTest.checkDiscord(MESSAGES, notification);
      HostileTextTest.checkMail(notification, USUAL);
      HostileTextTest.checkFeed(text);
      assertThat(AlertText.line(notification.items().get(0).alert()))
          .doesNotContain("\n", "\u001b");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> usual() {
    try {
      return HostileTextTest.usualHeaders();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
