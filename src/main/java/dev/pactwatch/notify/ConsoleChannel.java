package dev.pactwatch.notify;

import java.io.PrintStream;

/** One block of plain text per alert. */
final class ConsoleChannel implements Channel {

  private final PrintStream out;
  private final AlertText text;

  ConsoleChannel(PrintStream out, AlertText text) {
    this.out = out;
    this.text = text;
  }

  @Override
  public Outcome deliver(Delivery delivery) {
    // One print, so that blocks of several threads do not mix.
    out.print(text.block(delivery.alert()));
    out.flush();
    return new Outcome.Delivered();
  }
}
