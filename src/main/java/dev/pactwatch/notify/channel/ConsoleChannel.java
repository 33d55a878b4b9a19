package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Outcome.Trace;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One block of plain text per alert. */
final class ConsoleChannel implements Channel {

  private final PrintStream out;
  private final AlertText text;

  ConsoleChannel(PrintStream out, AlertText text) {
    this.out = out;
    this.text = text;
  }

  @Override
  public Message render(Notification notification) {
    StringBuilder lines = new StringBuilder();
    if (notification.note() != null) {
      lines.append(Clean.line(notification.note())).append("\n\n");
    }
    for (Item item : notification.items()) {
      lines.append(text.block(item.alert()));
    }
    return new Message(
        notification.id(),
        "text/plain; charset=utf-8",
        Map.of(),
        lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Outcome send(Message message, Attempt attempt) {
    // One print, so that blocks of several threads do not mix.
    out.print(new String(message.body(), StandardCharsets.UTF_8));
    out.flush();
    return new Outcome.Delivered(Trace.NONE);
  }
}
