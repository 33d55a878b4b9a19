package dev.pactwatch.cli;

import java.io.PrintStream;
import java.util.Locale;

/** How far long work is, on a terminal; silent where nobody looks. */
final class Progress {

  private static final long EVERY_NANOS = 200_000_000;

  private final PrintStream err;
  private final String what;
  private final long of;
  private final boolean shown = System.console() != null;
  private final long started = System.nanoTime();
  private long last;

  Progress(PrintStream err, String what, long of) {
    this.err = err;
    this.what = what;
    this.of = of;
  }

  void at(long done) {
    long now = System.nanoTime();
    if (!shown || (now - last < EVERY_NANOS && done < of)) {
      return;
    }
    last = now;
    double seconds = Math.max(1e-3, (now - started) / 1e9);
    double rate = done / seconds;
    err.printf(
        Locale.ROOT,
        "\r%d of %d %s, %.0f/s, %.0f s left   ",
        done,
        of,
        what,
        rate,
        rate > 0 ? (of - done) / rate : 0);
    err.flush();
  }

  void end() {
    if (shown) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
