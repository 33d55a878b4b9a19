package dev.pactwatch;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Leaves out what nobody sees. Where Quarkus does not start, its log manager takes everything, and
 * Kafka Streams writes every record that it touches into lines that are thrown away: more than half
 * of what a test of the topology costs.
 */
public final class QuietLogs implements LauncherSessionListener {

  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger ROOT = Logger.getLogger("");

  /** For processes that tests start. */
  public static void on() {
    ROOT.setLevel(Level.INFO);
  }

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    on();
  }
}
